"""Days that recur, from a rule such as "yearly 06-15, 12-01", and the periods they stand for.

The rules are those of `tasks.rules.recurring_phrases`. Dates are local.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

DAY = dt.timedelta(days=1)
WEEK = 7
LAST_DAY = 31
LEAP_YEAR = 2000  # which year does not matter for a day of every year, but 29/2 must pass
_EVERY_MONTH = range(1, 13)
_RULE = re.compile(
    r"weekly day (?P<weekday>[1-7])"
    r"|yearly (?P<dates>\d\d-\d\d(?:, \d\d-\d\d)*)"
    r"|monthly (?:day (?P<each>\d\d?)|last day)"
    r"|(?:day (?P<day>\d\d?)|last day) of month (?P<months>\d\d?(?:, \d\d?)*)"
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The days of a recurrence: a weekday (Monday is 1), or days of the year as month and day.

    A day that a month does not have is its last one.
    """

    weekday: int | None = None
    days: tuple[tuple[int, int], ...] = ()

    @classmethod
    def parse(cls, rule: str) -> Self:
        """Raises `ValueError` for a rule that says nothing, or an impossible day."""
        found = _RULE.fullmatch(rule)
        if found is None:
            raise ValueError(f"not a rule of recurrence: {rule!r}")
        if found["weekday"]:
            return cls(weekday=int(found["weekday"]))
        days = _days_of_year(found)
        for month, day in days:
            _day(LEAP_YEAR, month, day)
            if not 1 <= day <= LAST_DAY:
                raise ValueError(f"no month has a day {day}")
        return cls(days=tuple(sorted(days)))

    def between(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """Every day of the recurrence from `first` to `last`, both included."""
        return [day for day in self._around(first, last) if first <= day <= last]

    def next(self, since: dt.date) -> dt.date:
        """The first day of the recurrence that is not before `since`."""
        return self.between(since, since.replace(day=1) + 397 * DAY)[0]

    def eve(self) -> Schedule:
        """The recurrence a day earlier, for "trước ngày" read strictly."""
        if self.weekday is not None:
            return Schedule(weekday=(self.weekday - 2) % WEEK + 1)
        # The first of a month turns into the last day of the month before it.
        days = (
            (month, day - 1) if day > 1 else (month - 1 or 12, LAST_DAY) for month, day in self.days
        )
        return Schedule(days=tuple(sorted(days)))

    def __str__(self) -> str:
        """The rule in the shortest form that `parse` reads."""
        if self.weekday is not None:
            return f"weekly day {self.weekday}"
        named = {day for _month, day in self.days}
        if len(self.days) > 1 and len(named) == 1:
            (day,) = named
            on = "last day" if day == LAST_DAY else f"day {day:02}"
            months = [month for month, _day in self.days]
            if months == list(_EVERY_MONTH):
                return f"monthly {on}"
            return f"{on} of month {', '.join(map(str, months))}"
        days = (_day(LEAP_YEAR, month, day) for month, day in self.days)
        return "yearly " + ", ".join(f"{day:%m-%d}" for day in days)

    def _around(self, first: dt.date, last: dt.date) -> Iterator[dt.date]:
        if self.weekday is not None:
            day = first + (self.weekday - first.isoweekday()) % WEEK * DAY
            while day <= last:
                yield day
                day += WEEK * DAY
            return
        for year in range(first.year, last.year + 1):
            yield from dict.fromkeys(_day(year, month, day) for month, day in self.days)


def _days_of_year(found: re.Match[str]) -> list[tuple[int, int]]:
    if found["dates"]:
        return [(int(month), int(day)) for month, day in re.findall(r"(\d\d)-(\d\d)", found[0])]
    day = int(found["each"] or found["day"] or LAST_DAY)
    months = map(int, found["months"].split(",")) if found["months"] else _EVERY_MONTH
    return [(month, day) for month in months]


def _day(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, min(day, monthrange(year, month)[1]))


class Cycle(StrEnum):
    """How long the periods of a recurrence are; the values of `Recurrence` that repeat."""

    WEEK = "weekly"
    MONTH = "monthly"
    QUARTER = "quarterly"
    HALF = "half-yearly"
    YEAR = "yearly"


# Months of one period. A half-yearly duty reports on six months, then on the whole year.
_MONTHS = {Cycle.MONTH: 1, Cycle.QUARTER: 3, Cycle.HALF: 6, Cycle.YEAR: 12}

# Decree 09/2019/NĐ-CP, article 12: figures are closed on the 14th, and a period goes on from
# where the one before it ended.
_CLOSING_DAY = 14


@dataclass(frozen=True, slots=True)
class Period:
    """A week, month, quarter, half-year or year, by the days it has in the calendar."""

    cycle: Cycle
    first: dt.date
    last: dt.date

    @property
    def number(self) -> int:
        """Which one of its year, from 1."""
        if self.cycle is Cycle.WEEK:
            return self.last.isocalendar().week
        return (self.last.month - 1) // _MONTHS[self.cycle] + 1

    @property
    def year(self) -> int:
        return self.last.isocalendar().year if self.cycle is Cycle.WEEK else self.last.year

    def closed_on_the_fourteenth(self) -> tuple[dt.date, dt.date]:
        """The days whose figures count by Decree 09/2019/NĐ-CP; a week keeps its own."""
        if self.cycle is Cycle.WEEK:
            return self.first, self.last
        begin = (self.first - DAY).replace(day=_CLOSING_DAY + 1)
        return begin, self.last.replace(day=_CLOSING_DAY)


def period_due(cycle: Cycle, due_on: dt.date) -> Period:
    """The period that a report due on `due_on` is about: the one that ends nearest to that day.

    A yearly report due on 1 December is about that year, one due on 15 January about the year
    before. Of a half-yearly duty the report at the end of the year is about the whole year.
    """
    ends = (end for end in _ends(cycle, due_on))
    last = min(ends, key=lambda end: (abs(end - due_on), due_on - end))
    if cycle is Cycle.WEEK:
        return Period(cycle, last - 6 * DAY, last)
    if cycle is Cycle.HALF and last.month == 12:
        cycle = Cycle.YEAR
    return Period(cycle, _months_before(last, _MONTHS[cycle]), last)


def _ends(cycle: Cycle, around: dt.date) -> Iterator[dt.date]:
    """The last days of the periods around a day."""
    if cycle is Cycle.WEEK:
        sunday = around + (7 - around.isoweekday()) * DAY
        yield from (sunday - WEEK * DAY, sunday)
        return
    for year in (around.year - 1, around.year):
        for month in range(_MONTHS[cycle], 13, _MONTHS[cycle]):
            yield _day(year, month, LAST_DAY)


def _months_before(last: dt.date, months: int) -> dt.date:
    """The first day of the `months` months that end on `last`, the end of a month."""
    index = last.year * 12 + last.month - months
    return dt.date(index // 12, index % 12 + 1, 1)


def rule_for(cycle: Cycle, due_on: dt.date, given: str = "") -> str:
    """The rule by which `due_on` recurs: the `given` one or its eve where that fits, else its own.

    A person may have moved the date; then it repeats from where it was put.
    """
    schedules = [Schedule.parse(given)] if given else []
    schedules += [one.eve() for one in schedules]
    if cycle is Cycle.WEEK:
        schedules.append(Schedule(weekday=due_on.isoweekday()))
    else:
        step = _MONTHS[cycle]
        months = sorted((due_on.month - 1 + step * n) % 12 + 1 for n in range(12 // step))
        is_last = due_on.day == monthrange(due_on.year, due_on.month)[1] and len(months) > 1
        day = LAST_DAY if is_last else due_on.day
        schedules.append(Schedule(days=tuple((month, day) for month in months)))
    return str(next(one for one in schedules if one.between(due_on, due_on)))
