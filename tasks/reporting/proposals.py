"""The proposals and obstacles of a report, each with what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tasks.models import (
    ENDED,
    GONE,
    Deadline,
    Obstacle,
    Proposal,
    ProposalState,
    Report,
    ReportState,
)
from tasks.rules.calendar import local_date, local_instant
from tasks.words import sentence

# Nobody is asked yet, or nobody is any more.
_NOT_ASKED = (ProposalState.WRITTEN, ProposalState.WITHDRAWN)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """One proposal as a report lists it. Dates are local, in ISO form; "" where there is none."""

    pk: int
    report: int | None
    item: str
    proposer: str
    addressee: str
    words: str
    state: str
    raised_on: str
    due_on: str
    answer: str
    answered_on: str
    letter_number: str
    letter_date: str

    @property
    def outcome(self) -> str:
        """What became of it, in the language that is active."""
        return _outcome(self)


@dataclass(frozen=True, slots=True)
class ObstacleLine:
    """One difficulty as a report lists it: who was asked, and what was answered."""

    pk: int
    item: str
    unit: str
    words: str
    asked: str
    raised_on: str
    answer: str
    answered_on: str


def proposals_of(report: Report) -> list[ProposalLine]:
    """What a report lists as proposed, oldest first. One query.

    A unit's report lists its own proposals. The consolidated one lists those of the reports it is
    made from, what the lead units proposed on their items, and what earlier periods left open.
    """
    due_on = Deadline.objects.filter(proposal=OuterRef("pk")).order_by("-pk")
    found = (
        _of_consolidated(report)
        if report.is_consolidated
        else Proposal.objects.filter(
            Q(report=report)
            | Q(report=None, plan=report.plan_id, unit=report.unit_id) & _period(report)
        )
    )
    found = found.exclude(state=ProposalState.WITHDRAWN).annotate(
        answer_due_on=Subquery(due_on.values("due_on")[:1])
    )
    about = ("unit", "addressee", "participation__item")
    return [_line(one) for one in found.select_related(*about).order_by("raised_at", "pk")]


def _of_consolidated(report: Report) -> QuerySet[Proposal]:
    sources = report.sources.exclude(state=ReportState.CANCELLED)
    asked = Proposal.objects.filter(plan=report.plan_id).exclude(state__in=_NOT_ASKED)
    of_sources = Q(report__in=sources.values("pk"))
    on_items = Q(report=None) & _period(report)
    others = Proposal.objects.filter(of_sources).exclude(state__in=_NOT_ASKED)
    left_open = Q(state=ProposalState.OPEN)
    return others | asked.filter(on_items | left_open)


def _period(report: Report) -> Q:
    """Raised on the days that the figures of the report cover, as far as they are named."""
    # An empty condition would vanish in an "or", and hold for nothing.
    period, span = report.period, Q(raised_at__isnull=False)
    if period.data_from:
        span &= Q(raised_at__gte=local_instant(period.data_from))
    if period.data_to:
        span &= Q(raised_at__lt=local_instant(period.data_to + DAY))
    return span


def _line(one: Proposal) -> ProposalLine:
    ended = one.state in ENDED
    return ProposalLine(
        pk=one.pk,
        report=one.report_id,
        item=one.participation.item.code if one.participation else "",
        proposer=one.unit.name,
        addressee=one.addressed_to,
        words=one.words,
        state=one.state,
        raised_on=local_date(one.raised_at).isoformat(),
        due_on=_iso(getattr(one, "answer_due_on", None)),
        answer=one.answer,
        answered_on=_iso(local_date(one.answered_at) if ended and one.answered_at else None),
        letter_number=one.letter_number,
        letter_date=_iso(one.letter_date),
    )


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _shown(day: str) -> str:
    return date_format(dt.date.fromisoformat(day), "DATE_FORMAT")


def _outcome(line: ProposalLine) -> str:
    words = {
        "day": _shown(line.answered_on) if line.answered_on else "",
        "words": sentence(line.answer),
        "letter": line.letter_number,
    }
    if line.state == ProposalState.REFUSED:
        return _("Refused on %(day)s. Reason: %(words)s") % words
    if line.state == ProposalState.ANSWERED and line.letter_number:
        return _("Answered in letter %(letter)s, recorded on %(day)s: %(words)s") % words
    if line.state == ProposalState.ANSWERED:
        return _("Answered on %(day)s: %(words)s") % words
    if line.due_on and line.state == ProposalState.OPEN:
        return _("Not answered yet (due on %(due)s).") % {"due": _shown(line.due_on)}
    return ""


def obstacles_of(report: Report) -> list[ObstacleLine]:
    """The difficulties raised in the plan in the days of the report, oldest first, and older ones
    that still wait; of a unit's report only its own. One query.
    """
    found = Obstacle.objects.filter(participation__item__plan=report.plan_id)
    if not report.is_consolidated:
        found = found.filter(participation__unit=report.unit_id)
    waiting = Q(answered_at__isnull=True, proposal__isnull=True)
    found = found.filter(_period(report) | waiting).exclude(participation__state__in=GONE)
    about = ("participation__item__plan__focal_unit", "participation__unit", "passed_to")
    return [_difficulty(one) for one in found.select_related(*about).order_by("raised_at", "pk")]


def _difficulty(one: Obstacle) -> ObstacleLine:
    return ObstacleLine(
        pk=one.pk,
        item=one.participation.item.code,
        unit=one.participation.unit.name,
        words=one.words,
        asked=one.answering_unit.name,
        raised_on=local_date(one.raised_at).isoformat(),
        answer=one.answer,
        answered_on=_iso(local_date(one.answered_at) if one.answered_at else None),
    )


def proposal_text(lines: Iterable[ProposalLine], *, names_unit: bool) -> str:
    """The lines as the text of a section, one paragraph each, in the language that is active."""
    return "\n".join(_paragraph(line, names_unit) for line in lines)


def _paragraph(line: ProposalLine, names_unit: bool) -> str:
    words = {
        "unit": line.proposer,
        "addressee": line.addressee,
        "words": sentence(line.words),
        "outcome": line.outcome,
    }
    text = (
        _("- %(unit)s proposes to %(addressee)s: %(words)s %(outcome)s") % words
        if names_unit
        else _("- Proposed to %(addressee)s: %(words)s %(outcome)s") % words
    )
    return text.rstrip()
