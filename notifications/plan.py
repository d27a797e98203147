"""Plan: every deadline gets its rungs laid out once for each version of its date.

A saved ladder asks for it again by setting `planned_version` back: what has not fired is then
superseded and laid anew, and what fired stays.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from notifications.batches import until_done
from notifications.book import Book, Page, ladder_kind, lock_ladders, rungs_by_step
from notifications.bulk import DAY, MOMENT, NUMBER, TEXT, Given, insert_joined, stored
from notifications.kinds import RungReason, RungState
from notifications.ladder import Step, fingerprint, lay_out, next_morning
from notifications.models import ScheduledRung
from notifications.repeats import Repeat, plan_repeats
from tasks.models import Deadline, DeadlineVersion, OverdueNotice, Participation
from tasks.queries import working_calendar
from tasks.rules.calendar import WorkingCalendar, local_date


def plan_deadlines(*, at: dt.datetime, batch: int = 10_000) -> int:
    """Lay out the rungs of every open deadline whose date or ladder is new. Returns how many.

    Rungs of an older date or ladder that have not fired are superseded. Safe to repeat and to run
    twice at once: rows are locked, keys are unique, and the mark is set only for the version laid
    out.
    """
    return until_done(lambda: _plan_batch(at, batch))


@transaction.atomic
def _plan_batch(at: dt.datetime, batch: int) -> int:
    # By the order of the index of these: unordered, a planner that guesses at two columns of one
    # row takes nearly all rows for unplanned, and reads the table to find the first.
    if _unplanned().order_by("pk").values_list("pk").first() is None:
        return 0
    lock_ladders()
    dated = _claimed(batch)
    if not dated:
        return 0
    schedule = _Schedule.read(dated, at)
    schedule.supersede()
    _insert(schedule, dated)
    plan_repeats(chain.from_iterable(map(schedule.repeats, dated)), schedule.calendar)
    Deadline.objects.filter(pk__among={one.pk for one in dated}).update(
        planned_version=F("version")
    )
    return len(dated)


def _unplanned() -> QuerySet[Deadline]:
    return Deadline.objects.filter(closed_at__isnull=True).exclude(planned_version=F("version"))


class _Dated(NamedTuple):
    """What of a deadline decides its rungs."""

    pk: int
    version: int
    due_on: dt.date
    kind: str
    plan_id: int
    role: str | None
    set_at: dt.datetime


def _claimed(batch: int) -> list[_Dated]:
    """Lock some deadlines. What belongs to them is asked for apart: nothing else is locked."""
    part = Participation.objects.filter(pk=OuterRef("participation"))
    set_at = DeadlineVersion.objects.filter(deadline=OuterRef("pk"), version=OuterRef("version"))
    rows = (
        _unplanned()
        .order_by("pk")
        .select_for_update(skip_locked=True, no_key=True)
        .values_list(
            "pk",
            "version",
            "due_on",
            "kind",
            "plan",
            Subquery(part.values("role")),
            Coalesce(Subquery(set_at.values("set_at")[:1]), "opened_at"),
        )
    )
    return [_Dated(*row) for row in rows[:batch]]


@dataclass(frozen=True, slots=True)
class _Schedule:
    """Some deadlines, the ladders they climb now, and what was laid out for them before."""

    at: dt.datetime
    book: Book
    calendar: WorkingCalendar
    # Deadlines laid out before, and those of them laid out with the date they have now.
    known: set[int]
    again: set[int]
    # The last time each rung spoke: occurrence and local date.
    spoken: dict[tuple[int, str], tuple[int, dt.date]]

    @classmethod
    def read(cls, dated: list[_Dated], at: dt.datetime) -> _Schedule:
        before = ScheduledRung.objects.filter(deadline__among={one.pk for one in dated})
        known = set(before.values_list("deadline", flat=True))
        same_date = ScheduledRung.objects.filter(
            deadline__among=known, version=F("deadline__version"), step__isnull=False
        )
        again = set(same_date.values_list("deadline", flat=True)) if known else set()
        spoken = _last_spoken(again) if again else {}
        book = Book(one.plan_id for one in dated)
        return cls(at, book, working_calendar(), known, again, spoken)

    def supersede(self) -> None:
        """What is due already fires as it was laid out, so that no change can swallow it."""
        if not self.known:
            return
        planned = ScheduledRung.objects.filter(
            deadline__among=self.known, state__in=(RungState.PLANNED, RungState.SKIPPED)
        ).filter(Q(state=RungState.PLANNED) | Q(reason=RungReason.SAME_DAY))
        older = planned.filter(version__lt=F("deadline__version"), state=RungState.PLANNED)
        older.update(state=RungState.SUPERSEDED, reason=RungReason.NEW_DATE)
        coming = Q(fire_at__gt=self.at) | Q(step__isnull=True)
        planned.filter(coming, version=F("deadline__version")).update(
            state=RungState.SUPERSEDED, reason=RungReason.NEW_LADDER
        )

    def common(self, one: _Dated) -> tuple[object, ...]:
        """Equal for deadlines whose steps are the same."""
        return (one.kind, one.role, one.plan_id, one.due_on, one.set_at, one.pk in self.again)

    def steps(self, one: _Dated) -> list[Step]:
        """The rungs as they now come."""
        page = self._page(one)
        return lay_out(
            page.rungs,
            due_on=one.due_on,
            set_at=one.set_at,
            calendar=self.calendar,
            not_before=max(one.set_at, page.saved_at) if one.pk in self.again else None,
        )

    def repeats(self, one: _Dated) -> Iterator[Repeat]:
        """What had begun to repeat goes on as the new ladder says."""
        if one.pk not in self.again:
            return
        for rung in self._page(one).rungs:
            occurrence, day = self.spoken.get((one.pk, rung.key), (rung.repeat_limit, None))
            if day is None or not rung.repeat_every or occurrence >= rung.repeat_limit:
                continue
            moment = rung.fire_at(day, self.calendar, occurrence=occurrence + 1)
            if moment <= self.at:
                moment = next_morning(self.at, self.calendar)
            yield Repeat(one.pk, one.version, rung, occurrence + 1, day, moment)

    def _page(self, one: _Dated) -> Page:
        return self.book.page(ladder_kind(one.kind, one.role), one.plan_id)


def _insert(schedule: _Schedule, dated: list[_Dated]) -> None:
    """What deadlines have in common is worked out once; the unique key drops what has fired."""
    numbers: dict[tuple[object, ...], int] = {}
    steps: list[tuple[object, ...]] = []
    lines = []
    for one in dated:
        common = schedule.common(one)
        if common not in numbers:
            numbers[common] = len(numbers)
            steps += [(numbers[common], *_cells(step)) for step in schedule.steps(one)]
        lines.append((one.pk, one.version, numbers[common]))
    insert_joined(
        ScheduledRung,
        {
            "deadline_id": "dated.deadline",
            "version": "dated.version",
            "step_id": "step.step",
            "rung": "step.rung",
            "counts_from": "step.counts_from",
            "fire_at": "step.fire_at",
            "state": "step.state",
            "reason": "step.reason",
        },
        "dated JOIN step ON step.number = dated.steps WHERE true",
        [Given("dated", _DATED, lines), Given("step", _STEP, steps)],
        {"calendar": fingerprint(schedule.calendar)},
    )


_DATED = {"deadline": NUMBER, "version": NUMBER, "steps": NUMBER}
_STEP = {
    "number": NUMBER,
    "step": NUMBER,
    "rung": TEXT,
    "counts_from": DAY,
    "fire_at": MOMENT,
    "state": TEXT,
    "reason": TEXT,
}


def _cells(step: Step) -> tuple[object, ...]:
    state, reason = (RungState.SKIPPED, step.skip) if step.skip else (RungState.PLANNED, "")
    rung = step.rung
    return (rung.step_id, rung.key, step.counts_from, stored(step.fire_at), state, reason)


def _last_spoken(again: Iterable[int]) -> dict[tuple[int, str], tuple[int, dt.date]]:
    """The last time each rung spoke, by itself or through a later one that caught it up."""
    noted = OverdueNotice.objects.filter(deadline__among=again, version=F("deadline__version"))
    rows = (
        ScheduledRung.objects.filter(deadline__among=again, version=F("deadline__version"))
        .filter(Q(state=RungState.FIRED) | Q(reason=RungReason.CAUGHT_UP))
        .exclude(deadline__in=noted.values("deadline"))
        .order_by("-fire_at", "-occurrence", "-pk")
    )
    found: dict[tuple[int, str], tuple[int, dt.date]] = {}
    spoke: dict[int, dt.date] = {}
    columns = ("deadline", "rung", "occurrence", "fired_at")
    for deadline, rung, occurrence, fired_at in rows.values_list(*columns):
        if fired_at is not None:
            spoke[deadline] = local_date(fired_at)
        if deadline in spoke:
            found.setdefault((deadline, rung), (occurrence, spoke[deadline]))
    return found


def replan_calendar(*, at: dt.datetime, batch: int = 500) -> int:
    """Project the planned rungs again that were laid out on another calendar than today's.

    Fired rungs stay. Returns how many rungs were looked at; nothing to do costs three queries.
    """
    return until_done(lambda: _replan_batch(batch))


@transaction.atomic
def _replan_batch(batch: int) -> int:
    calendar = working_calendar()
    laid_on = fingerprint(calendar)
    elsewhere = _other_calendar(laid_on)
    if elsewhere is None:
        return 0
    rows = list(
        ScheduledRung.objects.filter(calendar=elsewhere, state=RungState.PLANNED)
        .order_by("calendar")
        .select_for_update(skip_locked=True, of=("self",))[:batch]
    )
    if not rows:
        return 0
    _project(rows, calendar)
    ScheduledRung.objects.filter(pk__among={row.pk for row in rows}).update(calendar=laid_on)
    return len(rows)


def _project(rows: list[ScheduledRung], calendar: WorkingCalendar) -> None:
    """Move the rungs whose moment is another one: one statement for all that move together."""
    rungs = rungs_by_step(row.step_id for row in rows)
    moved: dict[dt.datetime, set[int]] = defaultdict(set)
    for row in rows:
        if row.step_id is None:
            continue
        rung = rungs[row.step_id]
        moment = rung.fire_at(row.counts_from, calendar, occurrence=row.occurrence)
        if moment != row.fire_at:
            moved[moment].add(row.pk)
    for moment, ids in moved.items():
        ScheduledRung.objects.filter(pk__among=ids).update(fire_at=moment)


def _other_calendar(laid_on: str) -> str | None:
    """A calendar that planned rungs were laid out on, other than this one.

    No index answers "not equal", but each of the two ways to differ.
    """
    planned = ScheduledRung.objects.filter(state=RungState.PLANNED).order_by("calendar")
    calendars = planned.values_list("calendar", flat=True)
    return (
        calendars.filter(calendar__lt=laid_on).first()
        or calendars.filter(calendar__gt=laid_on).first()
    )
