"""Fire: rungs whose moment has come become messages, once for each person and channel."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from notifications.batches import until_done
from notifications.book import rungs_by_step
from notifications.bulk import among, insert_new
from notifications.kinds import RungReason, RungState
from notifications.ladder import fingerprint
from notifications.matters import Matters
from notifications.models import ScheduledRung
from notifications.telling import DueRung, Firing, Speech, tell
from tasks.models import Deadline, OverdueNotice
from tasks.queries import working_calendar
from tasks.rules.calendar import WorkingCalendar, local_date


def fire_due(*, at: dt.datetime, batch: int = 2000) -> int:
    """Turn the rungs due at `at` into messages. Returns how many deadlines spoke.

    Of several due rungs of one deadline only the latest fires; its message lists the others and
    reaches their people too. Suspended deadlines stay silent until they are resumed. Safe to
    repeat and to run twice at once.
    """
    _drop_outdated(at)
    return until_done(lambda: _fire_batch(at, batch))


def _due(at: dt.datetime) -> QuerySet[ScheduledRung]:
    return ScheduledRung.objects.filter(state=RungState.PLANNED, fire_at__lte=at)


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
    matters = Matters.read(claimed, today=local_date(at), calendar=calendar)
    firings = _firings(matters, at)
    _record(firings, tell(firings, matters, at), at)
    _plan_repeats(firings, at, calendar)
    return len(firings)


def _claim(at: dt.datetime, batch: int) -> list[int]:
    """Lock deadlines that have something to say, those that were due first before the others.

    The lock is on the deadline: all its due rungs are taken by one runner, and nobody closes or
    moves it before the messages are written. SQLite needs none: its writers queue up.
    """
    speaking = (
        unfired(at).order_by("fire_at", "deadline").values_list("deadline", flat=True)[:batch]
    )
    locked = (
        Deadline.objects.open()
        .filter(pk__in=among(set(speaking)))
        .order_by("pk")
        .select_for_update(skip_locked=True, no_key=True)
    )
    return list(locked.values_list("pk", flat=True))


def _firings(matters: Matters, at: dt.datetime) -> list[Firing]:
    due = _due(at).filter(
        deadline__in=among(matter.pk for matter in matters.rows), step__isnull=False
    )
    columns = ("pk", "deadline", "version", "step", "rung", "occurrence", "fire_at")
    rows: dict[tuple[int, int], list[DueRung]] = defaultdict(list)
    for row in due.order_by("fire_at", "occurrence", "pk").values_list(*columns):
        rung = DueRung(*row)
        rows[rung.deadline, rung.version].append(rung)
    speeches = _speeches(rows.values())
    return [
        Firing.of(matter, group, speeches[_said(group)])
        for matter in matters.rows
        if (group := rows.get((matter.pk, matter.version)))
    ]


def _said(due: list[DueRung]) -> tuple[int, ...]:
    """The rungs of one deadline: the latest, then those that were missed."""
    return (due[-1].step, *(row.step for row in due[:-1]))


def _speeches(groups: Iterable[list[DueRung]]) -> dict[tuple[int, ...], Speech]:
    said = {_said(group) for group in groups}
    rungs = rungs_by_step(step for steps in said for step in steps)
    return {steps: Speech.of(tuple(rungs[step] for step in steps)) for steps in said}


def _record(firings: list[Firing], told: set[int], at: dt.datetime) -> None:
    fired = {firing.row.pk for firing in firings}
    missed = [row.pk for firing in firings for row in firing.missed]
    rungs = ScheduledRung.objects
    rungs.filter(pk__in=among(fired)).update(state=RungState.FIRED, fired_at=at)
    if silent := fired - told:
        rungs.filter(pk__in=among(silent)).update(reason=RungReason.NOBODY)
    if missed:
        caught_up = {"state": RungState.SKIPPED, "reason": RungReason.CAUGHT_UP}
        rungs.filter(pk__in=among(missed)).update(**caught_up)


def _plan_repeats(firings: list[Firing], at: dt.datetime, calendar: WorkingCalendar) -> None:
    """The next occurrence counts from today, unless a leader has taken note of the delay."""
    repeating = [
        firing
        for firing in firings
        if firing.rung.repeat_every and firing.row.occurrence < firing.rung.repeat_limit
    ]
    if not repeating:
        return
    noted = set(
        OverdueNotice.objects.filter(
            deadline__in=among(firing.row.deadline for firing in repeating)
        ).values_list("deadline_id", "version")
    )
    today = local_date(at)
    names = ("deadline_id", "version", "step_id", "rung", "occurrence", "fire_at")
    rows = [
        (
            row.deadline, row.version, row.step, row.rung, row.occurrence + 1,
            firing.rung.fire_at(today, calendar, occurrence=1),
        )
        for firing in repeating
        if ((row := firing.row).deadline, row.version) not in noted
    ]  # fmt: skip
    same = {"counts_from": today, "calendar": fingerprint(calendar)}
    insert_new(ScheduledRung, names, rows, same)
