"""What should be on the schedule, said a second time and as plainly as possible.

The auditor holds this against what the planner recorded. It shares no arithmetic with
`notifications.ladder` and asks the calendar only whether a day is worked, so that one mistake
cannot hide in both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from notifications.ladder import DayKind, Rung
from tasks.rules.calendar import LOCAL, WorkingCalendar

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ExpectedRung:
    """One rung of a ladder for one deadline. `alone` when no nearer rung speaks that day."""

    rung: Rung
    fire_at: dt.datetime
    alone: bool


def expected_rungs(
    rungs: Iterable[Rung], *, due_on: dt.date, set_at: dt.datetime, calendar: WorkingCalendar
) -> dict[str, ExpectedRung]:
    """Every rung by its key, for a date set at `set_at` (aware)."""
    late_from = max(due_on, set_at.astimezone(LOCAL).date())
    moments = {
        rung: dt.datetime.combine(
            _day(rung, late_from if rung.offset > 0 else due_on, calendar),
            rung.at_time,
            tzinfo=LOCAL,
        )
        for rung in rungs
    }
    return {
        rung.key: ExpectedRung(
            rung,
            moment,
            not any(
                other.date() == moment.date() and rung.offset < nearer.offset and other >= set_at
                for nearer, other in moments.items()
            ),
        )
        for rung, moment in moments.items()
    }


def _day(rung: Rung, day: dt.date, calendar: WorkingCalendar) -> dt.date:
    """Rest days never speak: before the date one moves back, after it one moves on."""
    step = _DAY if rung.offset > 0 else -_DAY
    if rung.day_kind is DayKind.CALENDAR:
        day += rung.offset * _DAY
        return day if calendar.is_working(day) else _worked(day, step, calendar)
    if rung.offset <= 0 and not calendar.is_working(day):
        day = _worked(day, step, calendar)
    for _each in range(abs(rung.offset)):
        day = _worked(day, step, calendar)
    return day


def _worked(day: dt.date, step: dt.timedelta, calendar: WorkingCalendar) -> dt.date:
    """The next worked day beyond `day` in the direction of `step`."""
    day += step
    while not calendar.is_working(day):
        day += step
    return day
