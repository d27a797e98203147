"""A report on paper: handed in as a file, read by a job, received for its unit by a clerk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from tasks.models import (
    WRITABLE,
    Occasion,
    PaperReport,
    PaperState,
    Proposal,
    ProposalState,
    Report,
    ReportState,
    Verb,
)
from tasks.rules.calendar import local_date, local_instant
from workflows.access import Actor, require
from workflows.actions.base import attempt, locked_report, pass_over, record, refuse_closed
from workflows.actions.deadlines import fulfil
from workflows.actions.leases import WAKE_AGAIN, held, let_go, wait_anew
from workflows.actions.measurements import FigureInput, keep_figures
from workflows.actions.proposals import Addressee, raise_proposals_of, refuse_nobody
from workflows.actions.reading import digest_of
from workflows.actions.report_versions import keep_version
from workflows.actions.reports import keep_text
from workflows.errors import ActionRefused, NotAllowed, Overtaken
from workflows.flows import ReportFlow

RECEIVABLE = (*WRITABLE, ReportState.PRESENTED)


@dataclass(frozen=True, slots=True)
class ProposalInput:
    words: str
    addressee: Addressee


@dataclass(frozen=True, slots=True)
class PaperInput:
    """What the clerk confirmed. Dates are local; `texts` are by the key of the section."""

    issued_on: dt.date
    received_on: dt.date
    signer: str
    number: str = ""
    texts: Mapping[int, str] = field(default_factory=dict)
    figures: Sequence[FigureInput] = ()
    proposals: Sequence[ProposalInput] = ()


def require_receiver(actor: Actor, report: Report) -> None:
    """Whoever handles the mail of the owing or of the receiving unit. Raises `NotAllowed`."""
    own = actor.unit is not None and actor.unit == report.unit
    unit = report.unit if own else report.reviewer
    require(actor, "acknowledge_for_unit", unit=unit, right="view_plan", on=report.plan)


def may_receive(actor: Actor, report: Report) -> bool:
    """Whether the actor may receive the report on paper as it stands now."""
    if report.state not in RECEIVABLE or report.is_consolidated:
        return False
    try:
        require_receiver(actor, report)
    except NotAllowed:
        return False
    return True


@transaction.atomic
def hand_in_paper(
    *, report: Report, file: File[bytes], file_name: str, actor: Actor, at: dt.datetime
) -> PaperReport:
    """Keep the file of a paper report, to be read by a job. Nothing of it is looked at.

    Raises `NotAllowed`, `Overtaken` when the report was handed in meanwhile, or `ActionRefused`
    when the same file was handed in for this report or another one of the plan.
    """
    require_receiver(actor, report)
    _refuse_unreceivable(report)
    digest = digest_of(file)
    _refuse_same_file(report, digest)
    assert actor.unit is not None
    paper = PaperReport(
        report=report,
        unit=actor.unit,
        uploaded_by=actor.person,
        uploaded_at=at,
        file_name=file_name[-200:],
        digest=digest,
        leased_until=at + WAKE_AGAIN,
    )
    paper.file.save(file_name[-80:] or "bao-cao.txt", file, save=False)
    paper.save()
    return paper


def _refuse_unreceivable(report: Report) -> None:
    refuse_closed(report.plan)
    if report.is_consolidated:
        raise ActionRefused(_("A consolidated report is written here, not received on paper."))
    if report.state not in RECEIVABLE:
        raise Overtaken(
            _("The report is “%(state)s”: it need not be received any more.")
            % {"state": report.get_state_display()}
        )


def _refuse_same_file(report: Report, digest: str) -> None:
    same = PaperReport.objects.filter(digest=digest, report__plan=report.plan_id)
    found = same.exclude(state=PaperState.DISCARDED).select_related("report__unit").first()
    if found is not None:
        raise ActionRefused(
            _("This very file was handed in already, for %(unit)s on %(day)s: %(state)s.")
            % {
                "unit": found.report.unit.short_name,
                "day": date_format(local_date(found.uploaded_at), "SHORT_DATE_FORMAT"),
                "state": found.get_state_display(),
            }
        )


@transaction.atomic
def keep_paper_reading(paper: PaperReport, reading: dict[str, Any], *, at: dt.datetime) -> None:
    """Keep what was read, to be confirmed; nobody is told. Raises `LeaseLost`."""
    fresh = held(paper)
    fresh.text = str(reading["text"])
    fresh.reading = {name: value for name, value in reading.items() if name != "text"}
    fresh.open_review()
    let_go(fresh)
    fresh.save()


@transaction.atomic
def retry_paper(*, paper: PaperReport, actor: Actor, at: dt.datetime) -> None:
    """Have a paper read once more that could not be read."""
    fresh = _locked_paper(paper, actor, (PaperState.FAILED,))
    fresh.wait_again()
    wait_anew(fresh, at=at)
    fresh.save()


@transaction.atomic
def discard_paper(*, paper: PaperReport, actor: Actor) -> None:
    """Lay the paper aside; its file stays, the report is what it was."""
    states = (PaperState.WAITING, PaperState.FAILED, PaperState.REVIEWING)
    fresh = _locked_paper(paper, actor, states)
    fresh.discard()
    fresh.save()


def _locked_paper(paper: PaperReport, actor: Actor, states: Collection[str]) -> PaperReport:
    fresh = (
        PaperReport.objects.select_for_update(of=("self",))
        .select_related("report__plan", "report__unit", "report__reviewer")
        .get(pk=paper.pk)
    )
    require_receiver(actor, fresh.report)
    if fresh.state not in states:
        raise Overtaken(
            _("This paper is “%(state)s”. Look at its present state first.")
            % {"state": fresh.get_state_display()}
        )
    return fresh


def receive_paper(
    *, paper: PaperReport, actor: Actor, at: dt.datetime, given: PaperInput
) -> Report:
    """Take what was confirmed over into the report, which is handed in on the day it arrived.

    Its texts, figures and proposals come with it, all or nothing. Raises `NotAllowed`,
    `Overtaken`, and `ActionRefused` naming what cannot be.
    """
    with locked_report(paper.report) as fresh:
        held_paper = _locked_paper(paper, actor, (PaperState.REVIEWING,))
        _refuse_unreceivable(fresh)
        _refuse_days(given, local_date(at))
        _refuse_same_number(fresh, held_paper, given.number.strip())
        _write_texts(fresh, given.texts, actor, at)
        _write_proposals(fresh, given.proposals, actor, at)
        attempt(fresh.receive)
        fresh.approved_by = None
        fresh.submitted_at = _moment(given.received_on, at)
        fresh.save()
        figures = [replace(one, unit=fresh.unit, report=fresh) for one in given.figures]
        keep_figures(plan=fresh.plan, figures=figures, actor=actor, at=at)
        fulfil(fresh.deadlines.all(), at=at, on=given.received_on)
        pass_over((ReportFlow.write, ReportFlow.approve), fresh, actor)
        raise_proposals_of(fresh, actor=actor, at=at)
        _close_paper(held_paper, given, actor, at)
        keep_version(fresh, Occasion.SUBMITTED, actor=actor, at=at)
        record(
            Verb.REPORT_RECEIVED,
            actor=actor,
            at=at,
            plan=fresh.plan,
            report=fresh,
            words=_receipt(given),
            details={"paper": held_paper.pk, "received_on": given.received_on.isoformat()},
        )
        return fresh


def _moment(day: dt.date, at: dt.datetime) -> dt.datetime:
    return at if day == local_date(at) else local_instant(day, 17)


def _receipt(given: PaperInput) -> str:
    words = {
        "number": given.number.strip() or "–",
        "issued": date_format(given.issued_on, "SHORT_DATE_FORMAT"),
        "received": date_format(given.received_on, "SHORT_DATE_FORMAT"),
        "signer": given.signer.strip(),
    }
    told = _("Number %(number)s of %(issued)s, signed by %(signer)s, received on %(received)s.")
    return str(told) % words


def _refuse_days(given: PaperInput, today: dt.date) -> None:
    if given.received_on > today:
        raise ActionRefused(_("The paper cannot have arrived on a day that is still to come."))
    if given.received_on < given.issued_on:
        raise ActionRefused(_("The paper cannot have arrived before the day it is dated."))
    if not given.signer.strip():
        raise ActionRefused(_("Enter who signed the paper."))


def _refuse_same_number(report: Report, paper: PaperReport, number: str) -> None:
    if not number:
        return
    others = PaperReport.objects.filter(
        state=PaperState.RECEIVED, number__iexact=number, report__unit=report.unit_id
    ).exclude(pk=paper.pk)
    found = others.select_related("report__period").first()
    if found is not None:
        raise ActionRefused(
            _("Number %(number)s of this unit was received already, for %(period)s.")
            % {"number": number, "period": found.report.period}
        )


def _write_texts(report: Report, texts: Mapping[int, str], actor: Actor, at: dt.datetime) -> None:
    """Put the text of the paper into the sections; what stood there is kept as a version."""
    sections = list(report.sections.all())
    if not any(texts.get(section.pk, "").strip() for section in sections):
        raise ActionRefused(_("Put the text of the paper into at least one section."))
    if any(section.text.strip() for section in sections):
        keep_version(report, Occasion.REPLACED, actor=actor, at=at)
    for section in sections:
        keep_text(section, texts.get(section.pk, "").strip(), actor, at)


def _write_proposals(
    report: Report, proposals: Sequence[ProposalInput], actor: Actor, at: dt.datetime
) -> None:
    for one in proposals:
        refuse_nobody(one.addressee, report.unit)
        Proposal.objects.create(
            plan=report.plan,
            report=report,
            unit=report.unit,
            words=one.words.strip(),
            addressee=one.addressee.unit,
            addressee_name=one.addressee.written_name,
            state=ProposalState.WRITTEN,
            raised_by=actor.person,
            raised_at=at,
        )


def _close_paper(paper: PaperReport, given: PaperInput, actor: Actor, at: dt.datetime) -> None:
    paper.number, paper.issued_on = given.number.strip(), given.issued_on
    paper.signer, paper.received_on = given.signer.strip(), given.received_on
    paper.received_by, paper.received_at = actor.person, at
    paper.receive()
    paper.save()
