"""How far a target is: the pace it needs, and whether the figures keep it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tasks.rules.rollup import Rule

MONTHS_PER_YEAR = 12


class Standing(StrEnum):
    """Worst first."""

    BEHIND = "behind"
    NO_FIGURES = "no_figures"
    ON_PACE = "on_pace"
    REACHED = "reached"


@dataclass(frozen=True, slots=True)
class Aim:
    """What a target asks for from `start` to `end` (local dates): `low`, `high`, or both.

    `baseline` is the value before the phase; figures that add up are added to it. `rises` tells
    whether more is better; an upper bound alone is always a limit that should not be passed.
    """

    rule: Rule
    rises: bool
    start: dt.date
    end: dt.date
    low: Decimal | None
    high: Decimal | None
    baseline: Decimal | None = None

    @property
    def is_limit(self) -> bool:
        return self.low is None or (not self.rises and self.high is not None)

    @property
    def goal(self) -> Decimal:
        """The nearer bound: reaching it is enough."""
        bound = self.high if self.is_limit else self.low
        assert bound is not None
        return bound

    def meets(self, value: Decimal) -> bool:
        return value <= self.goal if self.is_limit else value >= self.goal


@dataclass(frozen=True, slots=True)
class Point:
    day: dt.date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a target stands after its last figure; amounts are in its unit of measure.

    `pace` is the way from the beginning to the goal, None where the beginning is not known or the
    value is no way but a level. `needed_per_year` and `needed_per_month` are what is still to be
    added; 0 when nothing is.
    """

    value: Decimal | None
    standing: Standing
    pace: tuple[Point, Point] | None = None
    pace_per_year: Decimal | None = None
    needed_per_year: Decimal | None = None
    needed_per_month: Decimal | None = None


def progress(aim: Aim, line: list[Point]) -> Progress:
    """How the target stands by its measured `line`, the values in order of their days.

    For figures that add up the line holds what came together since the beginning, the baseline
    not included.
    """
    pace = _pace(aim, line)
    per_year = _per_year(pace[1].value - pace[0].value, aim.start, aim.end) if pace else None
    if not line:
        return Progress(None, Standing.NO_FIGURES, pace, per_year)
    day, value = line[-1].day, line[-1].value + added_to(aim)
    needed = _needed(aim, value)
    return Progress(
        value=value,
        standing=_standing(aim, value, day, pace),
        pace=pace,
        pace_per_year=per_year,
        needed_per_year=_still(needed, day, aim.end, MONTHS_PER_YEAR),
        needed_per_month=_still(needed, day, aim.end, 1),
    )


def added_to(aim: Aim) -> Decimal:
    """What figures that add up are added to."""
    return aim.baseline if aim.rule is Rule.SUM and aim.baseline is not None else Decimal()


def expected(pace: tuple[Point, Point], day: dt.date) -> Decimal:
    """The value that the pace asks for at the end of `day`."""
    first, last = pace
    days = (last.day - first.day).days
    share = Decimal(min(max((day - first.day).days, 0), days)) / days if days else Decimal(1)
    return first.value + (last.value - first.value) * share


def months_between(start: dt.date, end: dt.date) -> Decimal:
    """How many months the days from `start` to `end` are, both included; parts by thirtieths."""
    after = end + dt.timedelta(days=1)
    months = (after.year - start.year) * MONTHS_PER_YEAR + after.month - start.month
    return Decimal(months) + Decimal(after.day - start.day) / 30


def _pace(aim: Aim, line: list[Point]) -> tuple[Point, Point] | None:
    if aim.rule is Rule.AVERAGE:  # kept, not approached
        return None
    eve = aim.start - dt.timedelta(days=1)
    begin = Point(eve, aim.baseline) if aim.baseline is not None else None
    if begin is None and aim.rule is Rule.SUM:
        begin = Point(eve, Decimal())
    if begin is None and line and line[0].day < aim.end:
        begin = line[0]
    return (begin, Point(aim.end, aim.goal)) if begin else None


def _standing(aim: Aim, value: Decimal, day: dt.date, pace: tuple[Point, Point] | None) -> Standing:
    # A limit on what adds up is kept only once nothing more can be added.
    open_limit = aim.is_limit and aim.rule is Rule.SUM and day < aim.end
    if aim.meets(value) and not open_limit:
        return Standing.REACHED
    if pace is None or day >= aim.end:
        return Standing.BEHIND
    wanted = expected(pace, day)
    if aim.is_limit:
        return Standing.ON_PACE if value <= wanted else Standing.BEHIND
    return Standing.ON_PACE if value >= wanted else Standing.BEHIND


def _needed(aim: Aim, value: Decimal) -> Decimal | None:
    """What is still to be added or taken off; None for what only has to keep a level."""
    if aim.rule is Rule.AVERAGE or (aim.is_limit and aim.rule is Rule.SUM):
        return None
    return Decimal() if aim.meets(value) else abs(aim.goal - value)


def _per_year(way: Decimal, start: dt.date, end: dt.date) -> Decimal:
    return way / months_between(start, end) * MONTHS_PER_YEAR


def _still(needed: Decimal | None, day: dt.date, end: dt.date, months: int) -> Decimal | None:
    """What is needed in each span of so many months; None when there is no time left."""
    if needed is None or day >= end:
        return None
    left = months_between(day + dt.timedelta(days=1), end)
    return needed / max(left / months, Decimal(1))
