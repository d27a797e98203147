"""Plan: every deadline gets its rungs laid out once for each version of its date.

A saved ladder asks for it again by setting `planned_version` back: what has not fired is then
superseded and laid anew, and what fired stays.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from notifications.batches import until_done
from notifications.book import Book, Page, ladder_kind, lock_ladders, rungs_by_step
from notifications.bulk import among, insert_new
from notifications.kinds import RungReason, RungState
from notifications.ladder import Step, fingerprint, lay_out, next_morning
from notifications.models import ScheduledRung
from tasks.models import Deadline, DeadlineVersion, OverdueNotice, Participation
from tasks.queries import working_calendar
from tasks.rules.calendar import WorkingCalendar, local_date


def plan_deadlines(*, at: dt.datetime, batch: int = 2000) -> int:
    """Lay out the rungs of every open deadline whose date or ladder is new. Returns how many.

    Rungs of an older date or ladder that have not fired are superseded. Safe to repeat and to run
    twice at once: rows are locked, keys are unique, and the mark is set only for the version laid
    out.
    """
    return until_done(lambda: _plan_batch(at, batch))


@transaction.atomic
def _plan_batch(at: dt.datetime, batch: int) -> int:
    if not _unplanned().exists():
        return 0
    lock_ladders()
    dated = _claimed(batch)
    schedule = _Schedule.read(dated, at)
    schedule.supersede()
    rows = chain.from_iterable(map(schedule.rows, dated))
    insert_new(ScheduledRung, _COLUMNS, rows, {"calendar": fingerprint(schedule.calendar)})
    _mark_planned(dated)
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


# One row of the schedule, as it is inserted.
_COLUMNS = (
    "deadline_id",
    "version",
    "step_id",
    "rung",
    "occurrence",
    "counts_from",
    "fire_at",
    "state",
    "reason",
)
_Cells = tuple[int | None, str, int, dt.date, dt.datetime, str, str]
_Row = tuple[int, int, int | None, str, int, dt.date, dt.datetime, str, str]


@dataclass(frozen=True, slots=True)
class _Schedule:
    """Some deadlines, the ladders they climb now, and what was laid out for them before."""

    at: dt.datetime
    book: Book
    calendar: WorkingCalendar
    # Deadlines laid out before, and those of them laid out with the date they have now.
    known: set[int]
    again: set[int]
    # The last time each repeating rung fired: occurrence and local date.
    fired: dict[tuple[int, str], tuple[int, dt.date]]
    # What deadlines of one plan have in common is worked out once.
    laid_out: dict[tuple[object, ...], list[_Cells]] = field(default_factory=dict)

    @classmethod
    def read(cls, dated: list[_Dated], at: dt.datetime) -> _Schedule:
        before = ScheduledRung.objects.filter(deadline__in=among(one.pk for one in dated))
        known = set(before.values_list("deadline", flat=True))
        same_date = ScheduledRung.objects.filter(
            deadline__in=among(known), version=F("deadline__version"), step__isnull=False
        )
        again = set(same_date.values_list("deadline", flat=True)) if known else set()
        fired = _last_fired(again) if again else {}
        book = Book(one.plan_id for one in dated)
        return cls(at, book, working_calendar(), known, again, fired)

    def supersede(self) -> None:
        """What is due already fires as it was laid out, so that no change can swallow it."""
        if not self.known:
            return
        planned = ScheduledRung.objects.filter(
            deadline__in=among(self.known), state__in=(RungState.PLANNED, RungState.SKIPPED)
        ).filter(Q(state=RungState.PLANNED) | Q(reason=RungReason.SAME_DAY))
        older = planned.filter(version__lt=F("deadline__version"), state=RungState.PLANNED)
        older.update(state=RungState.SUPERSEDED, reason=RungReason.NEW_DATE)
        coming = Q(fire_at__gt=self.at) | Q(step__isnull=True)
        planned.filter(coming, version=F("deadline__version")).update(
            state=RungState.SUPERSEDED, reason=RungReason.NEW_LADDER
        )

    def rows(self, one: _Dated) -> Iterator[_Row]:
        """The rungs as they now come; those that fired are dropped by the unique key."""
        page = self.book.page(ladder_kind(one.kind, one.role), one.plan_id)
        for step in self._steps(one, page):
            yield (one.pk, one.version, *step)
        if one.pk in self.again:
            yield from self._repeats(one, page)

    def _steps(self, one: _Dated, page: Page) -> list[_Cells]:
        again = one.pk in self.again
        key = (page.ladder.pk, one.due_on, one.set_at, again)
        if key not in self.laid_out:
            steps = lay_out(
                page.rungs,
                due_on=one.due_on,
                set_at=one.set_at,
                calendar=self.calendar,
                not_before=max(one.set_at, page.saved_at) if again else None,
            )
            self.laid_out[key] = list(map(_cells, steps))
        return self.laid_out[key]

    def _repeats(self, one: _Dated, page: Page) -> Iterator[_Row]:
        """What had begun to repeat goes on as the new ladder says."""
        for rung in page.rungs:
            occurrence, day = self.fired.get((one.pk, rung.key), (rung.repeat_limit, None))
            if day is None or not rung.repeat_every or occurrence >= rung.repeat_limit:
                continue
            moment = rung.fire_at(day, self.calendar, occurrence=occurrence + 1)
            if moment <= self.at:
                moment = next_morning(self.at, self.calendar)
            yield (
                one.pk, one.version, rung.step_id, rung.key, occurrence + 1,
                day, moment, RungState.PLANNED.value, "",
            )  # fmt: skip


def _cells(step: Step) -> _Cells:
    state, reason = (RungState.SKIPPED, step.skip.value) if step.skip else (RungState.PLANNED, "")
    rung = step.rung
    return (rung.step_id, rung.key, 0, step.counts_from, step.fire_at, state.value, reason)


def _last_fired(again: Iterable[int]) -> dict[tuple[int, str], tuple[int, dt.date]]:
    noted = set(
        OverdueNotice.objects.filter(
            deadline__in=again, version=F("deadline__version")
        ).values_list("deadline", flat=True)
    )
    fired = ScheduledRung.objects.filter(
        deadline__in=again, version=F("deadline__version"), state=RungState.FIRED
    ).order_by("occurrence")
    return {
        (deadline, rung): (occurrence, local_date(moment))
        for deadline, rung, occurrence, moment in fired.values_list(
            "deadline", "rung", "occurrence", "fired_at"
        )
        if moment is not None and deadline not in noted
    }


def _mark_planned(dated: list[_Dated]) -> None:
    by_version: dict[int, list[int]] = defaultdict(list)
    for one in dated:
        by_version[one.version].append(one.pk)
    for version, ids in by_version.items():
        Deadline.objects.filter(pk__in=among(ids), version=version).update(planned_version=version)


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
    ScheduledRung.objects.filter(pk__in=among(row.pk for row in rows)).update(calendar=laid_on)
    return len(rows)


def _project(rows: list[ScheduledRung], calendar: WorkingCalendar) -> None:
    """Move the rungs whose moment is another one: one statement for all that move together."""
    rungs = rungs_by_step(row.step_id for row in rows)
    moved: dict[dt.datetime, list[int]] = defaultdict(list)
    for row in rows:
        if row.step_id is None:
            continue
        rung = rungs[row.step_id]
        moment = rung.fire_at(row.counts_from, calendar, occurrence=row.occurrence)
        if moment != row.fire_at:
            moved[moment].append(row.pk)
    for moment, ids in moved.items():
        ScheduledRung.objects.filter(pk__in=among(ids)).update(fire_at=moment)


def _other_calendar(laid_on: str) -> str | None:
    """A calendar that planned rungs were laid out on, other than this one.

    It is the first or the last in their index; no index answers "not equal".
    """
    planned = ScheduledRung.objects.filter(state=RungState.PLANNED)
    calendars = planned.order_by("calendar").values_list("calendar", flat=True)
    ends = {*calendars[:1], *calendars.reverse()[:1]}
    return next(iter(ends - {laid_on}), None)
