"""Fire: rungs whose moment has come become messages, once for each person and channel."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from notifications.batches import until_done
from notifications.book import rungs_by_step
from notifications.kinds import RungReason, RungState
from notifications.matters import Matters
from notifications.models import ScheduledRung
from notifications.repeats import Repeat, plan_repeats
from notifications.telling import DueRung, Firing, Speech, tell
from tasks.models import Deadline, OverdueNotice
from tasks.queries import working_calendar
from tasks.rules.calendar import WorkingCalendar, local_date


def fire_due(*, at: dt.datetime, batch: int = 10_000) -> int:
    """Turn the rungs due at `at` into messages. Returns how many deadlines spoke.

    Of several due rungs of one deadline only the latest fires; its message lists the others and
    reaches their people too. Suspended deadlines stay silent until they are resumed. Safe to
    repeat and to run twice at once.
    """
    if not anything_due(at):
        return 0
    _drop_outdated(at)
    return until_done(lambda: _fire_batch(at, batch))


def _due(at: dt.datetime) -> QuerySet[ScheduledRung]:
    return ScheduledRung.objects.filter(state=RungState.PLANNED, fire_at__lte=at)


def anything_due(at: dt.datetime) -> bool:
    """Whether the moment of a planned rung has come, by the first entry of the index of these.

    A planner that multiplies "planned" with "past" believes in many such rows where there are
    none, and then reads the whole table; so this is asked first.
    """
    planned = ScheduledRung.objects.filter(state=RungState.PLANNED)
    first = planned.order_by("fire_at", "deadline").values_list("fire_at", flat=True).first()
    return first is not None and first <= at


def unfired(at: dt.datetime) -> QuerySet[ScheduledRung]:
    """What is due and will be told; another sweep may be telling it just now."""
    return _due(at).filter(
        version=F("deadline__version"),
        step__isnull=False,
        deadline__closed_at__isnull=True,
        deadline__paused_at__isnull=True,
    )


def _drop_outdated(at: dt.datetime) -> None:
    """Rungs come due whose deadline is closed or moved, and repeats a leader took note of."""
    due = _due(at)
    due.filter(deadline__closed_at__isnull=False).update(
        state=RungState.SUPERSEDED, reason=RungReason.CLOSED
    )
    due.exclude(version=F("deadline__version")).update(
        state=RungState.SUPERSEDED, reason=RungReason.NEW_DATE
    )
    notices = OverdueNotice.objects.filter(
        deadline=OuterRef("deadline"), version=OuterRef("version")
    )
    due.filter(Exists(notices), occurrence__gt=0).update(
        state=RungState.SKIPPED, reason=RungReason.NOTED
    )


@transaction.atomic
def _fire_batch(at: dt.datetime, batch: int) -> int:
    calendar = working_calendar()
    claimed = _claim(at, batch)
    if not claimed:
        return 0
    matters = Matters.read(claimed)
    firings = _firings(matters, at)
    silent = tell(firings, matters, at=at, calendar=calendar)
    _note(silent, reason=RungReason.NOBODY)
    missed = {row.pk for firing in firings for row in firing.due[:-1]}
    _note(missed, state=RungState.SKIPPED, reason=RungReason.CAUGHT_UP)
    plan_repeats(_repeats(firings, at, calendar), calendar)
    return len(firings)


def _claim(at: dt.datetime, batch: int) -> set[int]:
    """Lock deadlines that have something to say, those that were due first before the others.

    The lock is on the deadline: all its due rungs are taken by one runner, and nobody closes or
    moves it before the messages are written. SQLite needs none: its writers queue up.
    """
    speaking = (
        unfired(at).order_by("fire_at", "deadline").values_list("deadline", flat=True)[:batch]
    )
    locked = (
        Deadline.objects.open()
        .filter(pk__among=set(speaking))
        .order_by("pk")
        .select_for_update(skip_locked=True, no_key=True)
    )
    return set(locked.values_list("pk", flat=True))


def _firings(matters: Matters, at: dt.datetime) -> list[Firing]:
    found = _due(at).filter(
        deadline__among={matter.pk for matter in matters.rows},
        version=F("deadline__version"),
        step__isnull=False,
    )
    rows: dict[int, list[DueRung]] = defaultdict(list)
    for row in found.order_by("fire_at", "occurrence", "pk").values_list(*DueRung._fields):
        rung = DueRung(*row)
        rows[rung.deadline].append(rung)
    speeches = _Speeches({rung.step for group in rows.values() for rung in group})
    return [
        Firing(matter, due, speeches[tuple([rung.step for rung in due])])
        for matter in matters.rows
        if (due := rows.get(matter.pk))
    ]


class _Speeches(dict[tuple[int, ...], Speech]):
    """What rungs say together, by their steps in the order of time. One query for them all."""

    def __init__(self, steps: set[int]) -> None:
        self._rungs = rungs_by_step(steps)

    def __missing__(self, steps: tuple[int, ...]) -> Speech:
        self[steps] = Speech.of(tuple(self._rungs[step] for step in steps))
        return self[steps]


def _note(rows: set[int], **what: str) -> None:
    if rows:
        ScheduledRung.objects.filter(pk__among=rows).update(**what)


def _repeats(firings: list[Firing], at: dt.datetime, calendar: WorkingCalendar) -> Iterator[Repeat]:
    """The next occurrences count from today, unless a leader has taken note of the delay.

    A rung that a later one caught up has spoken through it, and comes again like the other.
    """
    repeating = [
        (firing.matter, row, rung)
        for firing in firings
        if firing.speech.repeats
        for row, rung in firing.spoken()
        if rung.repeat_every and row.occurrence < rung.repeat_limit
    ]
    if not repeating:
        return
    noted = set(
        OverdueNotice.objects.filter(
            deadline__among={matter.pk for matter, _row, _rung in repeating}
        ).values_list("deadline", "version")
    )
    today = local_date(at)
    for matter, row, rung in repeating:
        if (matter.pk, matter.version) not in noted:
            moment = rung.fire_at(today, calendar, occurrence=1)
            yield Repeat(matter.pk, matter.version, rung, row.occurrence + 1, today, moment)
