"""Repeats: a rung that comes again is planned once more each time it has spoken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from notifications.bulk import DAY, MOMENT, NUMBER, TEXT, Given, insert_joined, stored
from notifications.ladder import Rung, fingerprint
from notifications.models import ScheduledRung
from tasks.rules.calendar import WorkingCalendar


class Repeat(NamedTuple):
    """The next occurrence of a rung. Its working days count from the local date `counts_from`."""

    deadline: int
    version: int
    rung: Rung
    occurrence: int
    counts_from: dt.date
    fire_at: dt.datetime


_COLUMNS = {
    "deadline_id": NUMBER,
    "version": NUMBER,
    "step_id": NUMBER,
    "rung": TEXT,
    "occurrence": NUMBER,
    "counts_from": DAY,
    "fire_at": MOMENT,
}


def plan_repeats(repeats: Iterable[Repeat], calendar: WorkingCalendar) -> None:
    """Put them on the schedule; the unique key drops what is there."""
    rows = [
        (
            one.deadline,
            one.version,
            one.rung.step_id,
            one.rung.key,
            one.occurrence,
            one.counts_from,
            stored(one.fire_at),
        )
        for one in repeats
    ]
    if rows:
        insert_joined(
            ScheduledRung,
            {name: name for name in _COLUMNS},
            "repeated WHERE true",
            [Given("repeated", _COLUMNS, rows)],
            {"calendar": fingerprint(calendar)},
        )
