"""A year on one page: which days are worked, which are not, and why. Pure."""

from __future__ import annotations

import datetime as dt
from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass

from tasks.rules.calendar import DAY, DayKind, WorkingCalendar, holiday_names


@dataclass(frozen=True, slots=True)
class YearDay:
    """One day; `name` is that of the holiday, or the decision that made it what it is."""

    day: dt.date
    kind: DayKind
    name: str
    is_outside: bool
    is_today: bool

    @property
    def is_special(self) -> bool:
        return self.kind not in (DayKind.WORKED, DayKind.WEEKEND)


@dataclass(frozen=True, slots=True)
class YearMonth:
    first: dt.date
    weeks: list[list[YearDay]]


@dataclass(frozen=True, slots=True)
class YearGrid:
    """`working_days` counts those of the whole year; `special` are the days to be read out."""

    year: int
    months: list[YearMonth]
    special: list[YearDay]
    working_days: int


def year_grid(
    year: int,
    *,
    calendar: WorkingCalendar,
    notes: Mapping[dt.date, str],
    today: dt.date,
    language: str,
) -> YearGrid:
    """Twelve months, weeks from Monday. `notes` are the decisions about single days."""
    names = {**holiday_names(year, language), **notes}

    def entry(day: dt.date, month: int) -> YearDay:
        return YearDay(
            day, calendar.kind(day), names.get(day, ""), day.month != month, day == today
        )

    months = [
        YearMonth(
            dt.date(year, month, 1),
            [
                [entry(day, month) for day in week]
                for week in Calendar().monthdatescalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]
    inside = [day for one in months for week in one.weeks for day in week if not day.is_outside]
    last = dt.date(year - 1, 12, 31)
    return YearGrid(
        year,
        months,
        [day for day in inside if day.is_special],
        calendar.count(last, last + DAY * len(inside)),
    )
