"""The shape of the small chart of lateness: where each point and label goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.overview import WeekCount

WIDTH, HEIGHT = 380, 150
LEFT, RIGHT, TOP, BOTTOM = 12, 20, 26, 24


@dataclass(frozen=True, slots=True)
class Point:
    """A week on the chart; `is_labelled` marks the figures worth reading at a glance."""

    week: WeekCount
    x: int
    y: int
    is_labelled: bool

    @property
    def label(self) -> int:
        """Where the figure stands, above its dot."""
        return self.y - 9


@dataclass(frozen=True, slots=True)
class Trend:
    """The chart, in a box `WIDTH` by `HEIGHT`."""

    points: list[Point]

    @property
    def box(self) -> str:
        return f"0 0 {WIDTH} {HEIGHT}"

    @property
    def line(self) -> str:
        """The points as SVG writes them."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)

    @property
    def ground(self) -> int:
        return HEIGHT - BOTTOM

    @property
    def foot(self) -> int:
        """Where the dates stand."""
        return HEIGHT - 6

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def first(self) -> Point:
        return self.points[0]

    @property
    def last(self) -> Point:
        return self.points[-1]

    @property
    def change(self) -> int:
        """By how many the overdue grew over the last four weeks; negative when they shrank."""
        before = self.points[-5] if len(self.points) > 4 else self.first
        return self.last.week.overdue - before.week.overdue

    @property
    def fall(self) -> int:
        return -self.change

    @property
    def is_quiet(self) -> bool:
        return not any(point.week.overdue for point in self.points)


def trend(weeks: Sequence[WeekCount]) -> Trend:
    """Lay out the weeks, oldest first; the highest one touches the top."""
    counts = [week.overdue for week in weeks]
    top = max(counts, default=0) or 1
    step = (WIDTH - LEFT - RIGHT) / max(1, len(weeks) - 1)
    # The first, the last and the worst week carry their figure.
    labelled = {0, len(weeks) - 1, counts.index(max(counts))} if counts else set()
    return Trend(
        [
            Point(
                week,
                x=round(LEFT + step * n),
                y=round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * week.overdue / top),
                is_labelled=n in labelled,
            )
            for n, week in enumerate(weeks)
        ]
    )
