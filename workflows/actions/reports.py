"""A unit writes its report, its leader approves it, the receiving unit accepts or returns it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tasks.models import (
    WRITABLE,
    Occasion,
    Report,
    ReportComment,
    ReportSection,
    SectionKind,
    Unit,
    Verb,
)
from tasks.reporting.prefill import PLAN_LANGUAGE
from workflows.access import Actor, require
from workflows.actions.base import advance, attempt, locked_report, needed, record
from workflows.actions.deadlines import fulfil, reopen
from workflows.actions.proposals import put_back_proposals_of, raise_proposals_of
from workflows.actions.report_versions import keep_version
from workflows.errors import ActionRefused, Overtaken
from workflows.flows import ReportFlow


def fingerprint(text: str) -> str:
    """A short mark by which a form says which text it began with."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class SectionText:
    """The text of one section, as a form has it.

    `revision` is the one the form was made from, `began_with` the fingerprint of the text that it
    showed first. A section that the writer did not touch goes along with the form: a colleague's
    later text stands against it.
    """

    section: int
    text: str
    revision: int
    began_with: str = ""

    @property
    def is_touched(self) -> bool:
        return self.began_with != fingerprint(self.text)


def texts_by_kind(report: Report, texts: Mapping[SectionKind, str]) -> list[SectionText]:
    """Return the texts for the report's first section of each kind, as it stands now."""
    first = {section.kind: section for section in reversed(report.sections.all())}
    return [SectionText(first[kind].pk, text, first[kind].revision) for kind, text in texts.items()]


def save_report(
    *, report: Report, actor: Actor, at: dt.datetime, texts: Sequence[SectionText]
) -> Report:
    """Keep what is new in these sections; the others stay as they are.

    Raises `Overtaken`, and keeps nothing, when a colleague saved one of the sections meanwhile
    that the writer touched, so that nobody overwrites unknowingly.
    """
    with locked_report(report) as fresh:
        require_writer(actor, fresh)
        require_open(fresh)
        if changes := _changes(fresh, texts):
            attempt(fresh.write)
            fresh.save()
            for section, text in changes:
                keep_text(section, text, actor, at)
            record(
                Verb.REPORT_WRITTEN,
                actor=actor,
                at=at,
                plan=fresh.plan,
                report=fresh,
                details={"sections": [section.title for section, _text in changes]},
            )
        return fresh


def _changes(report: Report, texts: Sequence[SectionText]) -> list[tuple[ReportSection, str]]:
    """What is new, by section; refuses when a colleague's text would be lost by it."""
    given = {one.section: one for one in texts}
    news = [
        (section, given[section.pk])
        for section in report.sections.filter(pk__in=given)
        if _is_news(section, given[section.pk])
    ]
    if overtaken := [section.title for section, one in news if is_overtaken(section, one)]:
        raise Overtaken(
            _("A colleague saved this meanwhile: %(sections)s. Compare with the text beside yours.")
            % {"sections": "; ".join(overtaken)}
        )
    return [(section, one.text) for section, one in news]


def is_overtaken(section: ReportSection, given: SectionText) -> bool:
    """Whether both the writer and, since the form was made, a colleague changed the section."""
    is_behind = given.revision != section.revision and given.text != section.text
    return is_behind and given.is_touched and given.began_with != fingerprint(section.text)


def _is_news(section: ReportSection, given: SectionText) -> bool:
    """An emptied section is news when it was never saved: it shall not be filled again."""
    if given.text == section.text:
        return given.is_touched and not section.revision
    return given.is_touched or given.revision == section.revision


def keep_text(section: ReportSection, text: str, actor: Actor, at: dt.datetime) -> None:
    section.text = text
    section.revision += 1
    section.written_by = actor.person
    section.written_at = at
    section.save()


def present_report(*, report: Report, actor: Actor, at: dt.datetime) -> None:
    """The officer puts the report before the unit's leader."""
    with locked_report(report) as fresh:
        require_writer(actor, fresh)
        if not any(section.text.strip() for section in fresh.sections.all()):
            raise ActionRefused(_("Write the report first: it is still empty."))
        attempt(fresh.present)
        fresh.save()
        advance(ReportFlow.write, fresh, actor)
        keep_version(fresh, Occasion.PRESENTED, actor=actor, at=at)
        record(Verb.REPORT_PRESENTED, actor=actor, at=at, plan=fresh.plan, report=fresh)


def send_back_report(*, report: Report, actor: Actor, at: dt.datetime, reason: str) -> None:
    """The unit's leader wants it rewritten before it leaves the house.

    Instead of a reason there may be comments at sections.
    """
    with locked_report(report) as fresh:
        require_leader(actor, fresh)
        reason = _reason(fresh, actor, reason)
        attempt(fresh.send_back)
        fresh.save()
        advance(ReportFlow.approve, fresh, actor)
        keep_version(fresh, Occasion.SENT_BACK, actor=actor, at=at)
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
        raise_proposals_of(fresh, actor=actor, at=at)
        keep_version(fresh, Occasion.SUBMITTED, actor=actor, at=at)
        record(Verb.REPORT_SUBMITTED, actor=actor, at=at, plan=fresh.plan, report=fresh)
        if fresh.reviewer_id == fresh.unit_id:
            _accept(fresh, actor, at)


def return_report(*, report: Report, actor: Actor, at: dt.datetime, reason: str) -> None:
    """The receiving unit sends it back with a reason or with comments at its sections.

    The same date applies again.
    """
    with locked_report(report) as fresh:
        require_reviewer(actor, fresh)
        reason = _reason(fresh, actor, reason)
        attempt(fresh.return_to_unit)
        fresh.save()
        reopen(fresh.deadlines.all(), reason=reason[:300], by=actor.person, at=at)
        put_back_proposals_of(fresh, at=at)
        advance(ReportFlow.review, fresh, actor)
        keep_version(fresh, Occasion.RETURNED, actor=actor, at=at)
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
    keep_version(report, Occasion.ACCEPTED, actor=actor, at=at)
    record(Verb.REPORT_ACCEPTED, actor=actor, at=at, plan=report.plan, report=report)


def open_comments(report: Report, unit: Unit | None) -> QuerySet[ReportComment]:
    """What this unit said about the report and nobody has settled yet."""
    return ReportComment.objects.unsettled().filter(section__report=report, unit=unit)


def _reason(report: Report, actor: Actor, words: str) -> str:
    """Why the report goes back: the words, or else a pointer to the comments."""
    count = open_comments(report, actor.unit).count()
    if not count:
        return needed(words)
    with translation.override(PLAN_LANGUAGE):
        return words.strip() or ngettext(
            "See the comment at the section.", "See the %(count)s comments at the sections.", count
        ) % {"count": count}


def require_open(report: Report) -> None:
    """Refuse once the report has left the desk of its writers."""
    if report.state not in WRITABLE:
        raise Overtaken(
            _("The report is “%(state)s” and cannot be edited now.")
            % {"state": report.get_state_display()}
        )


def require_writer(actor: Actor, report: Report) -> None:
    require(actor, "act_for_unit", unit=report.unit, right="write_report", on=report)


def require_leader(actor: Actor, report: Report) -> None:
    require(actor, "approve_for_unit", unit=report.unit, right="approve_report", on=report)


def require_reviewer(actor: Actor, report: Report) -> None:
    require(actor, "act_for_unit", unit=report.reviewer, right="accept_report", on=report)
