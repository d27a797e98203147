"""What a plan page asks: the figures of plans, the rows of one plan, the way to its reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.db.models import Count, IntegerField, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tasks.models import (
    ANSWERS,
    Deadline,
    DeadlineKind,
    ItemState,
    Participation,
    ParticipationState,
    Plan,
    PlanItem,
    Report,
    ReportState,
    Role,
)
from tasks.rules.calendar import WorkingCalendar, local_date
from tasks.rules.names import fold
from tasks.rules.timeliness import Standing, Timeliness, standing

# Above this many items, folding every title in Python costs more than it helps.
FOLDED_SEARCH_LIMIT = 5000
OVER = (ParticipationState.REPLACED, ParticipationState.CANCELLED)
HANDED_IN = (ReportState.SUBMITTED, ReportState.ACCEPTED)


def standing_of(
    deadline: Deadline | None, *, today: dt.date, calendar: WorkingCalendar
) -> Standing:
    """How one deadline stands on the local date `today`; without one, "no deadline"."""
    return standing(
        due_on=deadline.due_on if deadline else None,
        fulfilled_on=deadline.fulfilled_on if deadline else None,
        paused=bool(deadline and deadline.paused_at),
        today=today,
        calendar=calendar,
    )


def _count_of(rows: QuerySet[PlanItem] | QuerySet[Deadline], what: str) -> Coalesce:
    counted = rows.order_by().values("plan").annotate(n=Count(what, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def with_figures(plans: QuerySet[Plan], *, today: dt.date) -> QuerySet[Plan]:
    """Plans with `item_count`, `done_count`, `overdue_count`, `late_reports` and `next_on`.

    `overdue_count` counts items, however many of their leads are late; cancelled items are left
    out. `next_on` is the next date, today included, on which something open is due.
    """
    items = PlanItem.objects.filter(plan=OuterRef("pk")).exclude(state=ItemState.CANCELLED)
    owed = Deadline.objects.open().filter(plan=OuterRef("pk"))
    late = Deadline.objects.overdue(today).filter(plan=OuterRef("pk"))
    aside = (DeadlineKind.ACKNOWLEDGEMENT, *ANSWERS)
    coming = owed.filter(due_on__gte=today).exclude(kind__in=aside)
    return plans.select_related("document", "issuer", "focal_unit").annotate(
        item_count=_count_of(items, "pk"),
        done_count=_count_of(items.filter(state=ItemState.COMPLETED), "pk"),
        overdue_count=_count_of(late.filter(kind=DeadlineKind.ITEM), "participation__item"),
        late_reports=_count_of(late.filter(report__isnull=False), "report"),
        next_on=Subquery(
            coming.order_by().values("plan").annotate(first=Min("due_on")).values("first")
        ),
    )


@dataclass(frozen=True, slots=True)
class Found:
    """The keys of the plans a search found, and of the items found: plan and item."""

    plans: set[int]
    items: list[tuple[int, int]]


def search(plans: QuerySet[Plan], words: str) -> Found:
    """Plans that hold all `words` in number and title, or in one item; accents and case aside."""
    needles = fold(words).split()
    items = PlanItem.objects.filter(plan__in=plans)
    if items.count() > FOLDED_SEARCH_LIMIT:
        for word in words.split():
            items = items.filter(Q(title__icontains=word) | Q(code__icontains=word))
            plans = plans.filter(Q(title__icontains=word) | Q(document__number__icontains=word))
        hits = list(items.values_list("plan_id", "pk"))
        named = set(plans.values_list("pk", flat=True))
    else:
        named = {
            pk
            for pk, *texts in plans.values_list("pk", "document__number", "title")
            if _holds(texts, needles)
        }
        hits = [
            (plan, pk)
            for plan, pk, *texts in items.values_list("plan_id", "pk", "code", "title")
            if _holds(texts, needles)
        ]
    return Found(named | {plan for plan, _item in hits}, hits)


def _holds(texts: Iterable[str], needles: Iterable[str]) -> bool:
    haystack = fold(" ".join(texts))
    return all(needle in haystack for needle in needles)


@dataclass(frozen=True)
class PartRow:
    """One unit's part with the date it answers for (leads only) and how it stands."""

    part: Participation
    deadline: Deadline | None
    standing: Standing

    @property
    def is_lead(self) -> bool:
        return self.part.role == Role.LEAD


@dataclass(frozen=True)
class ItemRow:
    """An item with the parts that count, and the deadline that decides how it stands."""

    item: PlanItem
    parts: list[PartRow]

    @cached_property
    def leads(self) -> list[PartRow]:
        return [row for row in self.parts if row.is_lead]

    @cached_property
    def coordinating(self) -> list[PartRow]:
        return [row for row in self.parts if not row.is_lead]

    @cached_property
    def deciding(self) -> PartRow | None:
        """The lead that keeps the item waiting most, or was latest when all are done."""
        dated = [row for row in self.leads if row.deadline is not None]
        owing = [row for row in dated if row.standing.timeliness not in DONE]
        if owing:
            return min(owing, key=lambda row: row.standing.due_on or dt.date.max)
        return max(dated, key=lambda row: row.standing.days_late, default=None)

    @property
    def standing(self) -> Standing:
        if self.deciding is None or self.item.state == ItemState.CANCELLED:
            return Standing(Timeliness.NO_DEADLINE)
        return self.deciding.standing

    @property
    def deadline(self) -> Deadline | None:
        return self.deciding.deadline if self.deciding else None

    @property
    def claimed(self) -> Participation | None:
        """A part that was reported complete and still waits to be accepted."""
        claimed = ParticipationState.CLAIMED
        return next((row.part for row in self.leads if row.part.state == claimed), None)

    @property
    def is_overdue(self) -> bool:
        return self.standing.timeliness == Timeliness.OVERDUE

    @property
    def percent(self) -> int:
        """The mean of the leads' percentages."""
        return sum(row.part.percent for row in self.leads) // max(1, len(self.leads))


DONE = (Timeliness.DONE_ON_TIME, Timeliness.DONE_LATE)


def item_rows(plan: Plan, *, today: dt.date, calendar: WorkingCalendar) -> list[ItemRow]:
    """Every item of the plan in its order; a constant number of queries."""
    dates = Deadline.objects.filter(kind=DeadlineKind.ITEM).order_by("pk")
    # A part that a correction took out of a running item counts no more.
    withdrawn = Q(state=ParticipationState.CANCELLED) & ~Q(item__state=ItemState.CANCELLED)
    parts = (
        Participation.objects.exclude(Q(state=ParticipationState.REPLACED) | withdrawn)
        .select_related("unit")
        .prefetch_related(Prefetch("deadlines", queryset=dates, to_attr="item_dates"))
        .order_by("pk")
    )
    items = (
        PlanItem.objects.filter(plan=plan)
        .select_related("section")
        .prefetch_related(Prefetch("participations", queryset=parts, to_attr="live_parts"))
    )
    return [
        ItemRow(item, [_part_row(part, today, calendar) for part in item.live_parts])
        for item in items
    ]


def _part_row(part: Participation, today: dt.date, calendar: WorkingCalendar) -> PartRow:
    dates: list[Deadline] = part.item_dates
    # Called off without being done: nothing is expected under that date any more.
    standing_dates = [date for date in dates if date.fulfilled_on or date.closed_at is None]
    deadline = standing_dates[-1] if standing_dates else None
    return PartRow(part, deadline, standing_of(deadline, today=today, calendar=calendar))


@dataclass(frozen=True)
class Stage:
    """One date on the plan's way: which reports are due, which are in, which are missing."""

    due_on: dt.date
    is_consolidated: bool
    reports: list[Report]
    standing: Standing

    def _having(self, *states: ReportState) -> list[Report]:
        return [report for report in self.reports if report.state in states]

    @property
    def accepted(self) -> list[Report]:
        return self._having(ReportState.ACCEPTED)

    @property
    def submitted(self) -> list[Report]:
        return self._having(ReportState.SUBMITTED)

    @property
    def missing(self) -> list[Report]:
        return [report for report in self.reports if report.state not in HANDED_IN]

    @property
    def handed_in(self) -> int:
        return len(self.reports) - len(self.missing)

    @property
    def is_past(self) -> bool:
        return len(self.accepted) == len(self.reports)


def report_stages(
    reports: Iterable[Report], *, today: dt.date, calendar: WorkingCalendar
) -> list[Stage]:
    """Reports gathered by the date they are due, earliest first, consolidated ones apart."""

    def key(report: Report) -> tuple[dt.date, bool]:
        return report.period.due_on, report.is_consolidated

    return [
        Stage(due_on, consolidated, held, _stage_standing(held, due_on, today, calendar))
        for (due_on, consolidated), group in groupby(sorted(reports, key=key), key=key)
        for held in [list(group)]
    ]


def _stage_standing(
    reports: list[Report], due_on: dt.date, today: dt.date, calendar: WorkingCalendar
) -> Standing:
    moments = [r.submitted_at for r in reports if r.state in HANDED_IN and r.submitted_at]
    complete = len(moments) == len(reports)
    return standing(
        due_on=due_on,
        fulfilled_on=local_date(max(moments)) if moments and complete else None,
        paused=False,
        today=today,
        calendar=calendar,
    )


def plan_reports(plan: Plan) -> list[Report]:
    """The reports of the plan that are still expected or were handed in. One query."""
    return list(
        plan.reports.exclude(state=ReportState.CANCELLED).select_related(
            "unit", "reviewer", "period"
        )
    )


def has_open_work(rows: Iterable[ItemRow], reports: Iterable[Report]) -> bool:
    """Whether something keeps the plan from being closed."""
    finished = (ItemState.COMPLETED, ItemState.CANCELLED)
    return any(row.item.state not in finished for row in rows) or any(
        report.state != ReportState.ACCEPTED for report in reports
    )
