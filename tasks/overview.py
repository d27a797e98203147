"""What a supervisor asks of many plans at once.

Everything is counted in the database for one local date: nothing here loops over deadlines to
judge them. The classes are those of `tasks.rules.timeliness`, said again as SQL.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    FilteredRelation,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)

from tasks.models import (
    ANSWERS,
    GONE,
    Deadline,
    DeadlineKind,
    DeadlineVersion,
    Extension,
    ExtensionState,
    FollowUp,
    Obstacle,
    OverdueNotice,
    Participation,
    Role,
    Unit,
)
from tasks.rules.calendar import DAY, WorkingCalendar, local_instant
from tasks.rules.timeliness import DUE_SOON_WORKING_DAYS, Standing, Timeliness, standing

KINDS: dict[str, tuple[DeadlineKind, ...]] = {
    "item": (DeadlineKind.ITEM,),
    "acknowledgement": (DeadlineKind.ACKNOWLEDGEMENT,),
    "report": (DeadlineKind.REPORT, DeadlineKind.CONSOLIDATED),
    "answer": ANSWERS,
}

# How a supervisor sums up: "in progress within term" includes what is due soon.
CLASSES: dict[str, tuple[Timeliness, ...]] = {
    "overdue": (Timeliness.OVERDUE,),
    "in_term": (Timeliness.IN_TERM, Timeliness.DUE_SOON),
    "done_on_time": (Timeliness.DONE_ON_TIME,),
    "done_late": (Timeliness.DONE_LATE,),
    "no_deadline": (Timeliness.NO_DEADLINE,),
    "paused": (Timeliness.PAUSED,),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked at: some plans, perhaps one unit of them, on the local date `today`."""

    plans: Sequence[int]
    today: dt.date
    calendar: WorkingCalendar
    unit: int | None = None
    kind: str = ""

    def deadlines(self) -> QuerySet[Deadline]:
        found = Deadline.objects.filter(plan__in=self.plans)
        if self.unit is not None:
            found = found.filter(unit=self.unit)
        return found.filter(kind__in=KINDS[self.kind]) if self.kind else found

    def parts(self) -> QuerySet[Participation]:
        found = Participation.objects.filter(item__plan__in=self.plans)
        return found if self.unit is None else found.filter(unit=self.unit)


def timeliness_of(due_on: str, *, today: dt.date, calendar: WorkingCalendar) -> Case:
    """`standing(...).timeliness` as SQL; `due_on` is the path of the date, such as `due_on`."""
    path = due_on.removesuffix("due_on")
    # Eight working days on is the first date that is no longer "within seven".
    later = calendar.shift(today, DUE_SOON_WORKING_DAYS + 1)
    return Case(
        When(Q(**{f"{due_on}__isnull": True}), then=Value(Timeliness.NO_DEADLINE.value)),
        When(Q(**{f"{path}fulfilled_on__gt": F(due_on)}), then=Value(Timeliness.DONE_LATE.value)),
        When(
            Q(**{f"{path}fulfilled_on__isnull": False}),
            then=Value(Timeliness.DONE_ON_TIME.value),
        ),
        When(Q(**{f"{path}paused_at__isnull": False}), then=Value(Timeliness.PAUSED.value)),
        When(Q(**{f"{due_on}__lt": today}), then=Value(Timeliness.OVERDUE.value)),
        When(Q(**{f"{due_on}__lt": later}), then=Value(Timeliness.DUE_SOON.value)),
        default=Value(Timeliness.IN_TERM.value),
        output_field=CharField(),
    )


def lead_parts(scope: Scope) -> QuerySet[Any]:
    """Every lead's part that still counts, with its `timeliness`.

    A part has one date for life, moved by versions, so that the join does not repeat a part.
    """
    clock = FilteredRelation("deadlines", condition=Q(deadlines__kind=DeadlineKind.ITEM))
    judged = timeliness_of("clock__due_on", today=scope.today, calendar=scope.calendar)
    parts = scope.parts().filter(role=Role.LEAD).exclude(state__in=GONE)
    return parts.annotate(clock=clock).annotate(timeliness=judged)


@dataclass(slots=True)
class UnitOverview:
    """How the lead parts of one unit stand."""

    unit: Unit
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.counts.total()

    def count(self, name: str) -> int:
        """The number in one of `CLASSES`."""
        return sum(self.counts[one] for one in CLASSES[name])

    @property
    def overdue(self) -> int:
        return self.count("overdue")

    @property
    def in_term(self) -> int:
        return self.count("in_term")

    @property
    def done_late(self) -> int:
        return self.count("done_late")

    @property
    def done(self) -> int:
        return self.count("done_on_time") + self.done_late

    @property
    def other(self) -> int:
        """Without a date, or suspended."""
        return self.count("no_deadline") + self.count("paused")

    @property
    def order(self) -> tuple[int, float, str]:
        """Worst first: the most overdue, then the larger share of overdue work."""
        return -self.overdue, -self.overdue / self.total, self.unit.name


def units_by_lateness(scope: Scope) -> list[UnitOverview]:
    """Every lead unit, worst first. Two queries."""
    rows = lead_parts(scope).values_list("unit", "timeliness").annotate(number=Count("pk"))
    counted: dict[int, Counter[str]] = {}
    for unit, timeliness, number in rows.order_by():
        counted.setdefault(unit, Counter())[timeliness] += number
    units = Unit.objects.in_bulk(counted)
    found = [UnitOverview(units[pk], counts) for pk, counts in counted.items()]
    return sorted(found, key=lambda row: row.order)


def class_totals(units: Iterable[UnitOverview]) -> dict[str, int]:
    """The number in each of `CLASSES`, and `due_soon`, over all the units."""
    total: Counter[str] = Counter()
    for row in units:
        total.update(row.counts)
    totals = {name: sum(total[one] for one in parts) for name, parts in CLASSES.items()}
    return {**totals, "due_soon": total[Timeliness.DUE_SOON]}


@dataclass(frozen=True, slots=True)
class PartRow:
    """One lead's part in a drilled-down class."""

    part: Participation
    standing: Standing


def parts_in_class(scope: Scope, name: str) -> QuerySet[Any]:
    """The lead parts of one of `CLASSES`, earliest date first; `part_rows` judges them."""
    dates = {about: F(f"clock__{about}") for about in ("due_on", "fulfilled_on", "paused_at")}
    parts: QuerySet[Any] = lead_parts(scope).filter(timeliness__in=CLASSES[name]).annotate(**dates)
    by_date = F("due_on").asc(nulls_last=True)
    return parts.select_related("unit", "item__plan__document").order_by(by_date, "pk")


def part_rows(parts: Iterable[Any], scope: Scope) -> list[PartRow]:
    """Each part with its standing, from the dates `parts_in_class` brought along."""
    return [
        PartRow(
            part,
            standing(
                due_on=part.due_on,
                fulfilled_on=part.fulfilled_on,
                paused=part.paused_at is not None,
                today=scope.today,
                calendar=scope.calendar,
            ),
        )
        for part in parts
    ]


@dataclass(frozen=True, slots=True)
class LateRow:
    """One overdue deadline, with what was already done about it."""

    deadline: Deadline
    standing: Standing
    follow_ups: list[FollowUp]
    notices: list[OverdueNotice]

    @property
    def subject(self) -> str:
        """The item's code (its words, where it has none) or the report's period."""
        part, report = self.deadline.participation, self.deadline.report
        if self.deadline.proposal is not None:
            return str(self.deadline.proposal)
        if part is not None:
            return part.item.code or part.item.title
        return str(report.period if report else "")

    @property
    def last_follow_up(self) -> FollowUp | None:
        return self.follow_ups[0] if self.follow_ups else None


def overdue_deadlines(scope: Scope) -> QuerySet[Deadline]:
    """Everything overdue, of whatever kind, the longest first; `late_rows` reads it."""
    return about_deadlines(scope.deadlines().filter(_is_overdue(scope.today))).order_by(
        "due_on", "plan", "unit__name", "pk"
    )


def overdue_by_kind(scope: Scope) -> dict[str, int]:
    """How many deadlines of each of `KINDS` are overdue, and of all of them under ""."""
    late = replace(scope, kind="").deadlines().filter(_is_overdue(scope.today))
    counted = dict(late.values_list("kind").annotate(number=Count("pk")).order_by())
    by_kind = {name: sum(counted.get(one, 0) for one in kinds) for name, kinds in KINDS.items()}
    return {"": sum(by_kind.values()), **by_kind}


def _is_overdue(today: dt.date) -> Q:
    return Q(closed_at__isnull=True, paused_at__isnull=True, due_on__lt=today)


def about_deadlines(deadlines: QuerySet[Deadline]) -> QuerySet[Deadline]:
    """With everything a line about a deadline shows."""
    return deadlines.select_related(
        "unit",
        "plan__document",
        "participation__item",
        "report__period",
        "report__plan__document",
        "proposal",
    ).prefetch_related(
        Prefetch("follow_ups", FollowUp.objects.select_related("sent_by")),
        Prefetch("notices", OverdueNotice.objects.select_related("taken_by").order_by("taken_at")),
    )


def late_rows(deadlines: Iterable[Deadline], scope: Scope) -> list[LateRow]:
    return [
        LateRow(
            deadline,
            standing(
                due_on=deadline.due_on,
                fulfilled_on=deadline.fulfilled_on,
                paused=deadline.paused_at is not None,
                today=scope.today,
                calendar=scope.calendar,
            ),
            list(deadline.follow_ups.all()),
            [one for one in deadline.notices.all() if one.version == deadline.version],
        )
        for deadline in deadlines
    ]


def open_extensions(scope: Scope) -> QuerySet[Extension]:
    """Requests that wait for a decision, oldest first; `granted_before` counts earlier ones."""
    granted = Q(deadline__extensions__state=ExtensionState.GRANTED)
    return (
        Extension.objects.filter(
            state=ExtensionState.REQUESTED, deadline__in=scope.deadlines().values("pk")
        )
        .exclude(deadline__participation__state__in=GONE)
        .select_related("deadline__unit", "deadline__participation__item__plan__document")
        .annotate(granted_before=Count("deadline__extensions", filter=granted))
        .order_by("requested_at")
    )


def open_obstacles(scope: Scope) -> QuerySet[Obstacle]:
    """Difficulties without an answer, oldest first."""
    return (
        Obstacle.objects.filter(
            answered_at__isnull=True,
            proposal__isnull=True,
            participation__in=scope.parts().values("pk"),
        )
        .exclude(participation__state__in=GONE)
        .select_related("passed_to", "participation__unit", "participation__item__plan__document")
        .order_by("raised_at")
    )


@dataclass(frozen=True, slots=True)
class WeekCount:
    """How many deadlines were overdue on the local date `day`."""

    day: dt.date
    overdue: int


def lateness_by_week(scope: Scope, weeks: int = 12) -> list[WeekCount]:
    """The overdue deadlines at each of the last `weeks` week ends (Sundays), and today last.

    Each date counts with the version that was in force then. A deadline that was handed in and
    came back counts as open throughout: when it was closed is not kept.
    """
    last_sunday = scope.today - DAY * scope.today.isoweekday()
    days = [last_sunday - DAY * 7 * back for back in reversed(range(weeks - 1))] + [scope.today]
    spans = _spans(scope, since=days[0])
    return [WeekCount(day, sum(span.is_overdue(day) for span in spans)) for day in days]


@dataclass(frozen=True, slots=True)
class _Span:
    """A date, and from when until when (instants) it was in force and owed."""

    due_on: dt.date
    since: dt.datetime
    until: dt.datetime | None

    def is_overdue(self, day: dt.date) -> bool:
        night = local_instant(day + DAY)
        return self.due_on < day and self.since < night and (not self.until or self.until >= night)


def _spans(scope: Scope, *, since: dt.date) -> list[_Span]:
    """What could have been overdue at some time since `since`. One query."""
    still_owed = Q(closed_at__isnull=True) | Q(closed_at__gte=local_instant(since))
    wanted = scope.deadlines().filter(still_owed)
    # Extensions move a date on; only a correction of the plan may bring it forward.
    late = wanted.filter(Q(original_due_on__lt=scope.today) | Q(due_on__lt=scope.today))
    rows = (
        DeadlineVersion.objects.filter(deadline__in=late.values("pk"))
        .order_by("deadline", "version")
        .values_list("deadline", "due_on", "set_at", "deadline__closed_at", "deadline__paused_at")
    )
    spans: list[_Span] = []
    owner = None
    for deadline, due_on, set_at, closed_at, paused_at in rows:
        if deadline == owner:
            spans[-1] = _Span(spans[-1].due_on, spans[-1].since, set_at)
        ended = min((at for at in (closed_at, paused_at) if at), default=None)
        spans.append(_Span(due_on, set_at, ended))
        owner = deadline
    return spans
