"""Proposals as they are listed: each with how its answer stands against the date for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from tasks.models import ENDED, Deadline, Proposal, ProposalState, Unit
from tasks.rules.calendar import WorkingCalendar
from tasks.rules.timeliness import Standing, Timeliness, standing


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposal, and the clock of its answer."""

    proposal: Proposal
    standing: Standing

    @property
    def is_late(self) -> bool:
        return self.standing.timeliness == Timeliness.OVERDUE

    @property
    def is_open(self) -> bool:
        return bool(self.proposal.state == ProposalState.OPEN)

    @property
    def is_ended(self) -> bool:
        return self.proposal.state in ENDED


def with_clock(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """With everything a line shows, and the date of the answer; `rows_of` reads it."""
    clock = Deadline.objects.filter(proposal=OuterRef("pk")).order_by("-pk")
    return proposals.annotate(
        answer_due_on=Subquery(clock.values("due_on")[:1]),
        answer_fulfilled_on=Subquery(clock.values("fulfilled_on")[:1]),
    ).select_related(
        "unit",
        "addressee",
        "report__period",
        "participation__item",
        "plan__document",
        "plan__focal_unit",
        "answered_by",
    )


def rows_of(
    proposals: Iterable[Proposal], *, today: dt.date, calendar: WorkingCalendar
) -> list[ProposalRow]:
    """Each with its standing on the local date `today`, from what `with_clock` brought along."""
    return [
        ProposalRow(
            proposal,
            standing(
                due_on=_due_on(proposal),
                fulfilled_on=getattr(proposal, "answer_fulfilled_on", None),
                paused=False,
                today=today,
                calendar=calendar,
            ),
        )
        for proposal in proposals
    ]


def _due_on(proposal: Proposal) -> dt.date | None:
    """The date counts while an answer is awaited or was given: not for what was withdrawn."""
    counts = proposal.state == ProposalState.OPEN or proposal.state in ENDED
    return getattr(proposal, "answer_due_on", None) if counts else None


def shown_to(unit: Unit | None) -> Q:
    """What is written in a report that is not handed in is nobody else's business yet."""
    return ~Q(state=ProposalState.WRITTEN) | Q(unit=unit)


def owed_by(unit: Unit) -> Q:
    """Proposals that the unit has to answer; those to a body outside are the focal unit's."""
    return Q(addressee=unit) | Q(addressee__isnull=True, plan__focal_unit=unit)


def urgent_first(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """What waits for an answer before what ended, the earliest date first."""
    waits = Q(state=ProposalState.OPEN)
    return proposals.alias(waits=waits).order_by(
        F("waits").desc(), F("answer_due_on").asc(nulls_last=True), "-raised_at", "pk"
    )
