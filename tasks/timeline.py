"""Where a bar begins and ends on a timeline. Pure: dates in, percentages of the width out.

Percentages are text with a point: a template would write a number the Vietnamese way, with a
comma, which SVG does not read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

DAY = dt.timedelta(days=1)
# More month names than this do not fit side by side.
MONTHS_SIDE_BY_SIDE = 14


@dataclass(frozen=True, slots=True)
class Span:
    """What one line shows: from the start to the original date, to the present one, and beyond.

    `late_until` is the last day counted as late: today for open work, the day it was done
    otherwise; None when it is not late. All days are included.
    """

    start_on: dt.date
    original_due_on: dt.date
    due_on: dt.date
    late_until: dt.date | None = None
    done_on: dt.date | None = None

    @property
    def last(self) -> dt.date:
        return max(filter(None, (self.original_due_on, self.due_on, self.late_until, self.done_on)))


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a piece of a bar begins, and how wide it is, as percentages of the width."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Bar:
    planned: Piece
    extended: Piece | None
    late: Piece | None
    done_x: str | None


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month. `is_named` is off where the names would run into each other."""

    day: dt.date
    x: str
    is_named: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole months from `first` to `last`, both included."""

    first: dt.date
    last: dt.date

    def x(self, day: dt.date) -> float:
        """Where the morning of `day` lies, 0 to 100, held inside the picture."""
        total = (self.last - self.first).days + 1
        return min(100.0, max(0.0, 100 * (day - self.first).days / total))

    def piece(self, first: dt.date, last: dt.date) -> Piece | None:
        """The days from `first` to `last`; None when there is none."""
        if last < first:
            return None
        start = self.x(first)
        return Piece(percentage(start), percentage(self.x(last + DAY) - start))

    def middle(self, day: dt.date) -> str | None:
        """Where noon of `day` lies; None outside the picture."""
        if not self.first <= day <= self.last:
            return None
        return percentage((self.x(day) + self.x(day + DAY)) / 2)

    def bar(self, span: Span) -> Bar:
        start = min(span.start_on, span.original_due_on)
        whole = self.piece(start, span.original_due_on)
        assert whole is not None
        return Bar(
            planned=whole,
            extended=self.piece(span.original_due_on + DAY, span.due_on),
            late=self.piece(span.due_on + DAY, span.late_until) if span.late_until else None,
            done_x=self.middle(span.done_on) if span.done_on else None,
        )

    @property
    def ticks(self) -> list[Tick]:
        months = [self.first]
        while (following := next_month(months[-1])) <= self.last:
            months.append(following)
        every = -(-len(months) // MONTHS_SIDE_BY_SIDE)
        return [
            Tick(month, percentage(self.x(month)), position % every == 0)
            for position, month in enumerate(months)
        ]


def scale_for(spans: Sequence[Span]) -> Scale | None:
    """The months that hold every span; None when there is nothing to show."""
    if not spans:
        return None
    first = min(min(span.start_on, span.original_due_on) for span in spans).replace(day=1)
    last = max(span.last for span in spans)
    return Scale(first, next_month(last) - DAY)


def next_month(day: dt.date) -> dt.date:
    """The first day of the month after `day`'s."""
    return (day.replace(day=1) + 31 * DAY).replace(day=1)


def percentage(value: float) -> str:
    return f"{value:.2f}%"
