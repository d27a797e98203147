"""A unit writes its report, its leader approves it, the receiving unit accepts or returns it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from django.utils.translation import gettext_lazy as _

from tasks.models import WRITABLE, Report, Verb
from workflows.access import Actor, require
from workflows.actions.base import advance, attempt, locked_report, needed, record
from workflows.actions.deadlines import fulfil, reopen
from workflows.errors import ActionRefused, Overtaken
from workflows.flows import ReportFlow


@dataclass(frozen=True, slots=True)
class ReportTexts:
    results: str = ""
    difficulties: str = ""
    suggestions: str = ""
    next_steps: str = ""


def save_report(
    *, report: Report, actor: Actor, at: dt.datetime, revision: int, texts: ReportTexts
) -> Report:
    """Keep the text so far. `revision` is the one the form was made from: an older one is refused.

    Raises `Overtaken` when a colleague saved meanwhile, so that nobody overwrites unknowingly.
    """
    with locked_report(report) as fresh:
        require_writer(actor, fresh)
        if fresh.state not in WRITABLE:
            raise Overtaken(
                _("The report is “%(state)s” and cannot be edited now.")
                % {"state": fresh.get_state_display()}
            )
        if revision != fresh.revision:
            raise Overtaken(
                _("A colleague saved this report meanwhile. Compare with the saved text below.")
            )
        attempt(fresh.write)
        for name, text in asdict(texts).items():
            setattr(fresh, name, text)
        fresh.revision += 1
        fresh.save()
        record(Verb.REPORT_WRITTEN, actor=actor, at=at, plan=fresh.plan, report=fresh)
        return fresh


def present_report(*, report: Report, actor: Actor, at: dt.datetime) -> None:
    """The officer puts the report before the unit's leader."""
    with locked_report(report) as fresh:
        require_writer(actor, fresh)
        if not fresh.results.strip():
            raise ActionRefused(_("Write the results first: the report is still empty."))
        attempt(fresh.present)
        fresh.save()
        advance(ReportFlow.write, fresh, actor)
        record(Verb.REPORT_PRESENTED, actor=actor, at=at, plan=fresh.plan, report=fresh)


def send_back_report(*, report: Report, actor: Actor, at: dt.datetime, reason: str) -> None:
    """The unit's leader wants it rewritten before it leaves the house."""
    reason = needed(reason)
    with locked_report(report) as fresh:
        require_leader(actor, fresh)
        attempt(fresh.send_back)
        fresh.save()
        advance(ReportFlow.approve, fresh, actor)
        record(
            Verb.REPORT_SENT_BACK,
            actor=actor,
            at=at,
            plan=fresh.plan,
            report=fresh,
            words=reason,
        )


def submit_report(*, report: Report, actor: Actor, at: dt.datetime) -> None:
    """The unit's leader approves, and the report is handed in. Its clock stops.

    A unit that would receive its own report has accepted it with its leader's approval.
    """
    with locked_report(report) as fresh:
        require_leader(actor, fresh)
        attempt(fresh.submit)
        fresh.approved_by = actor.person
        fresh.submitted_at = at
        fresh.save()
        fulfil(fresh.deadlines.all(), at=at)
        advance(ReportFlow.approve, fresh, actor)
        record(Verb.REPORT_SUBMITTED, actor=actor, at=at, plan=fresh.plan, report=fresh)
        if fresh.reviewer_id == fresh.unit_id:
            _accept(fresh, actor, at)


def return_report(*, report: Report, actor: Actor, at: dt.datetime, reason: str) -> None:
    """The receiving unit sends it back with a reason; the same date applies again."""
    reason = needed(reason)
    with locked_report(report) as fresh:
        require_reviewer(actor, fresh)
        attempt(fresh.return_to_unit)
        fresh.save()
        reopen(fresh.deadlines.all(), reason=reason[:300], by=actor.person, at=at)
        advance(ReportFlow.review, fresh, actor)
        record(
            Verb.REPORT_RETURNED,
            actor=actor,
            at=at,
            plan=fresh.plan,
            report=fresh,
            words=reason,
        )


def accept_report(*, report: Report, actor: Actor, at: dt.datetime) -> None:
    with locked_report(report) as fresh:
        require_reviewer(actor, fresh)
        _accept(fresh, actor, at)


def _accept(report: Report, actor: Actor, at: dt.datetime) -> None:
    attempt(report.accept)
    report.save()
    advance(ReportFlow.review, report, actor)
    record(Verb.REPORT_ACCEPTED, actor=actor, at=at, plan=report.plan, report=report)


def require_writer(actor: Actor, report: Report) -> None:
    require(actor, "act_for_unit", unit=report.unit, right="write_report", on=report)


def require_leader(actor: Actor, report: Report) -> None:
    require(actor, "approve_for_unit", unit=report.unit, right="approve_report", on=report)


def require_reviewer(actor: Actor, report: Report) -> None:
    require(actor, "act_for_unit", unit=report.reviewer, right="accept_report", on=report)
