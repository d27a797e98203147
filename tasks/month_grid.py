"""Month grids: which day lies in which week, what is due on it, and whether it is worked. Pure."""

from __future__ import annotations

import datetime as dt
from calendar import Calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tasks.rules.calendar import WorkingCalendar

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Day(Generic[E]):
    """`is_outside` marks the days of a neighbouring month that fill up a week."""

    day: dt.date
    is_outside: bool
    is_rest_day: bool
    is_today: bool
    entries: Sequence[E]


@dataclass(frozen=True, slots=True)
class Month(Generic[E]):
    """Weeks run from Monday to Sunday."""

    first: dt.date
    weeks: list[list[Day[E]]]


def month_grids(
    entries: Mapping[dt.date, Sequence[E]], *, today: dt.date, calendar: WorkingCalendar
) -> list[Month[E]]:
    """One grid for each month in which something is due; months without anything are left out."""
    months = sorted({day.replace(day=1) for day in entries})
    return [Month(first, list(_weeks(first, entries, today, calendar))) for first in months]


def _weeks(
    first: dt.date,
    entries: Mapping[dt.date, Sequence[E]],
    today: dt.date,
    calendar: WorkingCalendar,
) -> Iterable[list[Day[E]]]:
    for week in Calendar().monthdatescalendar(first.year, first.month):
        yield [
            Day(
                day=day,
                is_outside=(outside := day.month != first.month),
                is_rest_day=not calendar.is_working(day),
                is_today=day == today,
                entries=() if outside else entries.get(day, ()),
            )
            for day in week
        ]
