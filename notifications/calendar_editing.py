"""Changing the working calendar: which reminders would move first, then the change itself.

Only rungs that have not fired move. The change and its record are one transaction; the planner
projects the rungs anew, in batches, whoever wakes it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet

from notifications.book import lock_ladders, rungs_by_step
from notifications.kinds import RungReason, RungState
from notifications.ladder import fingerprint
from notifications.ladder_words import when_of
from notifications.models import LadderRung, ScheduledRung
from tasks.models import (
    CalendarChange,
    CalendarException,
    CalendarYear,
    Deadline,
    Person,
    Plan,
)
from tasks.queries import working_calendar
from tasks.rules.calendar import DAY, WorkingCalendar

# Days decided: worked, off, or (None) as the rule has it again.
Decision = Mapping[dt.date, bool | None]

SAMPLES = 5
PLANS_SHOWN = 12
# Longer than any row of days off that a rung could have to step over.
_REST = 20


class StaleCalendar(Exception):
    """Somebody changed the calendar after the preview."""


@dataclass(frozen=True, slots=True)
class Move:
    """Reminders that stand together and would move together."""

    key: str
    occurrence: int
    old: dt.datetime
    new: dt.datetime
    number: int

    @property
    def words(self) -> str:
        return when_of(self.key, self.occurrence)


@dataclass(slots=True)
class PlanMoves:
    """What would move in one plan."""

    plan: Plan | None = None
    number: int = 0
    samples: list[Move] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Moves:
    """What a decision would move. `at_once` of them would come due by moving."""

    total: int
    at_once: int
    plans: list[PlanMoves]
    more_plans: int
    # Open dates that fall on a day that would be off: they stay, their last reminder comes before.
    due_on_rest: int


def decided(calendar: WorkingCalendar, decision: Decision) -> WorkingCalendar:
    """The calendar as it would be."""
    days = {**calendar.exceptions, **decision}
    return WorkingCalendar({day: worked for day, worked in days.items() if worked is not None})


def moves(decision: Decision, *, at: dt.datetime) -> Moves:
    """Which reminders would move. Four queries, however many there are."""
    after = decided(working_calendar(), decision)
    found: dict[int, PlanMoves] = {}
    at_once = 0
    for plan, move in _moving(decision, after):
        of_plan = found.setdefault(plan, PlanMoves())
        of_plan.number += move.number
        of_plan.samples.append(move)
        at_once += move.number * (move.new <= at < move.old)
    most = sorted(found.items(), key=lambda entry: (-entry[1].number, entry[0]))
    plans = Plan.objects.select_related("document").in_bulk([pk for pk, _m in most[:PLANS_SHOWN]])
    for pk, of_plan in most[:PLANS_SHOWN]:
        of_plan.plan = plans[pk]
        of_plan.samples = sorted(of_plan.samples, key=lambda move: move.new)[:SAMPLES]
    return Moves(
        total=sum(of_plan.number for of_plan in found.values()),
        at_once=at_once,
        plans=[of_plan for _pk, of_plan in most[:PLANS_SHOWN]],
        more_plans=max(0, len(most) - PLANS_SHOWN),
        due_on_rest=_due_on_rest(decision, after),
    )


def _moving(decision: Decision, after: WorkingCalendar) -> Iterator[tuple[int, Move]]:
    """Groups of planned rungs whose moment would change, each with its plan."""
    rows = list(_grouped(_near(decision)))
    rungs = rungs_by_step({row[1] for row in rows})
    projected: dict[tuple[int, dt.date, bool], dt.datetime] = {}
    for plan, step, counts_from, occurrence, old, number in rows:
        group = step, counts_from, occurrence > 0
        if group not in projected:
            projected[group] = rungs[step].fire_at(counts_from, after, occurrence=occurrence)
        if projected[group] != old:
            yield plan, Move(rungs[step].key, occurrence, old, projected[group], number)


def _near(decision: Decision) -> QuerySet[ScheduledRung]:
    """The planned rungs that these days can concern at all."""
    furthest = LadderRung.objects.aggregate(
        before=Min("offset"), after=Max("offset"), every=Max("repeat_every")
    )
    span = DAY * (2 * max(abs(days or 0) for days in furthest.values()) + _REST)
    return _waiting().filter(fire_at__range=_around(decision, span))


def _around(decision: Decision, span: dt.timedelta) -> tuple[dt.datetime, dt.datetime]:
    first, last = min(decision) - span, max(decision) + span
    return (
        dt.datetime.combine(first, dt.time.min, tzinfo=dt.UTC),
        dt.datetime.combine(last, dt.time.max, tzinfo=dt.UTC),
    )


def _waiting() -> QuerySet[ScheduledRung]:
    return ScheduledRung.objects.filter(
        state=RungState.PLANNED,
        step__isnull=False,
        version=F("deadline__version"),
        deadline__closed_at__isnull=True,
    )


def _grouped(rungs: QuerySet[ScheduledRung]) -> QuerySet[ScheduledRung, tuple]:  # type: ignore[type-arg]
    columns = ("deadline__plan", "step", "counts_from", "occurrence", "fire_at")
    return rungs.order_by().values_list(*columns).annotate(number=Count("pk"))


def _due_on_rest(decision: Decision, after: WorkingCalendar) -> int:
    rest = [day for day in decision if not after.is_working(day)]
    return Deadline.objects.filter(closed_at__isnull=True, due_on__in=rest).count()


@transaction.atomic
def decide(
    decision: Decision, *, note: str, seen: str, by: Person, at: dt.datetime
) -> CalendarChange:
    """Enter the decision, or take days back, and leave its record.

    `seen` is the fingerprint of the calendar that was previewed. Raises `StaleCalendar` when it
    is another one by now. What fired stays and never fires again.
    """
    lock_ladders()
    before = working_calendar()
    if fingerprint(before) != seen:
        raise StaleCalendar
    moved = sum(move.number for _plan, move in _moving(decision, decided(before, decision)))
    _write(decision, note)
    change = CalendarChange.objects.create(
        at=at,
        by=by,
        note=note,
        before=_as_json({day: before.exceptions.get(day) for day in decision}),
        after=_as_json(decision),
        moved=moved,
        waiting=left_to_project(),
    )
    _reconsider_left_out(decision, at)
    return change


def _write(decision: Decision, note: str) -> None:
    for day, worked in decision.items():
        exceptions = CalendarException.objects.filter(day=day)
        if worked is None:
            exceptions.delete()
        else:
            exceptions.update_or_create(day=day, defaults={"is_working": worked, "note": note})


def _as_json(decision: Decision) -> dict[str, bool | None]:
    return {day.isoformat(): worked for day, worked in sorted(decision.items())}


def _reconsider_left_out(decision: Decision, at: dt.datetime) -> None:
    """A rung left out because a nearer one fell on its day may now have a day of its own."""
    first, last = _around(decision, DAY * 2 * _REST)
    left_out = ScheduledRung.objects.filter(
        state=RungState.SKIPPED,
        reason=RungReason.SAME_DAY,
        version=F("deadline__version"),
        fire_at__range=(max(first, at), last),
    )
    Deadline.objects.filter(pk__in=left_out.values("deadline"), closed_at__isnull=True).update(
        planned_version=0
    )


def left_to_project() -> int:
    """How many planned rungs still stand as an earlier calendar had them."""
    laid_on = fingerprint(working_calendar())
    elsewhere = Q(calendar__lt=laid_on) | Q(calendar__gt=laid_on)
    return ScheduledRung.objects.filter(elsewhere, state=RungState.PLANNED).count()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the rungs have followed the last change of the calendar."""

    change: CalendarChange
    left: int

    @property
    def done(self) -> int:
        return max(0, self.change.waiting - self.left)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.change.waiting if self.change.waiting else 100


def progress() -> Progress | None:
    """The last change and what is left of it; None before any. Three queries."""
    change = CalendarChange.objects.select_related("by").first()
    return Progress(change, left_to_project()) if change is not None else None


def verify_year(year: int, *, by: Person, at: dt.datetime) -> None:
    """Somebody compared the year with the decisions in force."""
    CalendarYear.objects.update_or_create(
        year=year, defaults={"verified_by": by, "verified_at": at}
    )


def open_dates_by_year() -> dict[int, int]:
    """How many open dates fall due in each year."""
    days = Deadline.objects.filter(closed_at__isnull=True).order_by().values_list("due_on__year")
    return dict(Counter(dict(days.annotate(number=Count("pk")))))


def days_of(decisions: Iterable[tuple[dt.date | None, bool]]) -> Decision:
    """A decision from what a form holds; empty fields say nothing."""
    return {day: worked for day, worked in decisions if day is not None}
