"""Late, due soon, on time: derived from a deadline and a date, never stored.

The classes follow QĐ 42/2014/QĐ-TTg (done on time, done late, in progress within term, in
progress overdue) with the ones that practice adds. "Before 10/12" is due 10/12 and late from
11/12; a strict reading is a setting applied where the date is read, not here.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

from tasks.rules.calendar import WorkingCalendar

DUE_SOON_WORKING_DAYS = 7


class Timeliness(enum.StrEnum):
    NO_DEADLINE = "no_deadline"
    IN_TERM = "in_term"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Standing:
    """How something stands against its date.

    `days_late` counts calendar days past the due date (0 when not late); `working_days_left`
    counts working days until it, today excluded (0 on the day itself, None when over or undated).
    """

    timeliness: Timeliness
    due_on: dt.date | None = None
    days_late: int = 0
    working_days_left: int | None = None


def standing(
    *,
    due_on: dt.date | None,
    fulfilled_on: dt.date | None,
    paused: bool,
    today: dt.date,
    calendar: WorkingCalendar,
) -> Standing:
    """Judge one deadline on the local date `today`."""
    if due_on is None:
        return Standing(Timeliness.NO_DEADLINE)
    if fulfilled_on is not None:
        late = max(0, (fulfilled_on - due_on).days)
        done = Timeliness.DONE_LATE if late else Timeliness.DONE_ON_TIME
        return Standing(done, due_on, days_late=late)
    if paused:
        return Standing(Timeliness.PAUSED, due_on)
    if today > due_on:
        return Standing(Timeliness.OVERDUE, due_on, days_late=(today - due_on).days)
    left = calendar.count(today, due_on)
    kind = Timeliness.DUE_SOON if left <= DUE_SOON_WORKING_DAYS else Timeliness.IN_TERM
    return Standing(kind, due_on, working_days_left=left)


def working_day_before(how: Standing, calendar: WorkingCalendar) -> dt.date | None:
    """The last working day before a coming date that is a day of rest; the date itself stays."""
    ahead = how.timeliness in (Timeliness.IN_TERM, Timeliness.DUE_SOON)
    if how.due_on is None or not ahead or calendar.is_working(how.due_on):
        return None
    return calendar.shift(how.due_on, 0)
