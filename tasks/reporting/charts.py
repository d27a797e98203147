"""A target drawn: its range as a band, the pace it needs, and the measured line.

`Chart` is plain data, so that a report that was handed in can keep its picture. Shapes and words
tell apart what colours do: the band is hatched at its bounds, the pace is dashed, the measured
line has dots.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tasks.indicators import TargetRow
from tasks.rules.numbers import number_text, show_number
from tasks.words import bounds_words

WIDTH, HEIGHT = 560, 220
LEFT, RIGHT, TOP, BOTTOM = 62, 16, 14, 30
# Room above the highest value, as a share of it.
HEADROOM = Decimal("1.1")

Place = tuple[str, str]  # a day in ISO form, a number


@dataclass(frozen=True, slots=True)
class Chart:
    """What the picture of one target shows; days in ISO form, numbers as plain text."""

    name: str
    measure: str
    start: str
    end: str
    low: str | None
    high: str | None
    points: tuple[Place, ...] = ()
    pace: tuple[Place, ...] = ()


def chart_of(row: TargetRow) -> Chart:
    target = row.target
    return Chart(
        name=target.indicator.name,
        measure=target.indicator.measure,
        start=target.start_on.isoformat(),
        end=target.end_on.isoformat(),
        low=_text(target.low),
        high=_text(target.high),
        points=tuple((one.day.isoformat(), number_text(one.value)) for one in row.points),
        pace=tuple(
            (one.day.isoformat(), number_text(one.value)) for one in row.progress.pace or ()
        ),
    )


def _text(number: Decimal | None) -> str | None:
    return None if number is None else number_text(number)


@dataclass(frozen=True, slots=True)
class Frame:
    """Days and values as places of the picture."""

    start: dt.date
    end: dt.date
    bottom: Decimal
    top: Decimal

    @classmethod
    def of(cls, chart: Chart) -> Frame:
        values = [Decimal(value) for _day, value in (*chart.points, *chart.pace)]
        values += [Decimal(bound) for bound in (chart.low, chart.high) if bound is not None]
        days = [dt.date.fromisoformat(day) for day, _value in (*chart.points, *chart.pace)]
        top = max([*values, Decimal()]) * HEADROOM or Decimal(1)
        return cls(
            start=min([dt.date.fromisoformat(chart.start), *days]),
            end=max([dt.date.fromisoformat(chart.end), *days]),
            bottom=min([*values, Decimal()]),
            top=top,
        )

    def x(self, day: str | dt.date) -> float:
        day = dt.date.fromisoformat(day) if isinstance(day, str) else day
        days = max((self.end - self.start).days, 1)
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - self.start).days / days, 1)

    def y(self, value: str | Decimal) -> float:
        share = (Decimal(value) - self.bottom) / (self.top - self.bottom)
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * float(share), 1)

    def years(self) -> list[int]:
        """The years whose first day lies in the picture, thinned out to what can be read."""
        years = range(self.start.year, self.end.year + 2)
        inside = [year for year in years if self.start <= dt.date(year, 1, 1) <= self.end]
        return inside[:: max(1, -(-len(inside) // 8))]


def chart_svg(chart: Chart) -> SafeString:
    """The picture, with its title and all its numbers as words for who cannot see it."""
    frame = Frame.of(chart)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="target-chart" role="img"'
        ' viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        "<title>{title}</title><desc>{desc}</desc>{axes}{band}{pace}{line}</svg>",
        width=WIDTH,
        height=HEIGHT,
        title=chart.name,
        desc=chart_words(chart),
        axes=_axes(chart, frame),
        band=_band(chart, frame),
        pace=_path("chart-pace", chart.pace, frame, dashes="6 4"),
        line=_line(chart, frame),
    )


def chart_words(chart: Chart) -> str:
    """All that the picture says, in one sentence or two."""
    wanted = _("Wanted by %(day)s: %(bounds)s %(measure)s.") % {
        "day": _day(chart.end),
        "bounds": bounds_words(_number(chart.low), _number(chart.high)),
        "measure": chart.measure,
    }
    if not chart.points:
        return f"{wanted} {_('Nothing was measured yet.')}"
    told = "; ".join(f"{_day(day)}: {_shown(value)}" for day, value in chart.points)
    return f"{wanted} " + _("Measured: %(values)s.") % {"values": told}


def _axes(chart: Chart, frame: Frame) -> SafeString:
    floor, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    years = format_html_join(
        "",
        '<line class="chart-tick" x1="{0}" y1="{1}" x2="{0}" y2="{2}" stroke="#888"/>'
        '<text class="chart-label" x="{0}" y="{3}" text-anchor="middle" font-size="12">{4}</text>',
        ((x, floor, floor + 5, floor + 19, year) for x, year in year_labels(frame)),
    )
    values = format_html_join(
        "",
        '<text class="chart-label" x="{}" y="{}" text-anchor="end" font-size="12">{}</text>',
        ((LEFT - 6, y, shown) for y, shown in value_labels(chart, frame)),
    )
    return format_html(
        '<line class="chart-axis" x1="{0}" y1="{1}" x2="{2}" y2="{1}" stroke="#888"/>{3}{4}',
        LEFT, floor, right, years, values,
    )  # fmt: skip


def year_labels(frame: Frame) -> list[tuple[float, str]]:
    """Where each year begins."""
    return [(frame.x(dt.date(year, 1, 1)), str(year)) for year in frame.years()]


def value_labels(chart: Chart, frame: Frame) -> list[tuple[float, str]]:
    """The floor and the bounds with their places, moved until none covers another."""
    bounds = [bound for bound in (chart.low, chart.high) if bound is not None]
    placed: list[tuple[float, str]] = []
    for value in sorted({*bounds, number_text(frame.bottom)}, key=Decimal):
        y = frame.y(value) + 4
        if placed:
            y = min(y, placed[-1][0] - 13)
        placed.append((y, _shown(value)))
    return placed


def _band(chart: Chart, frame: Frame) -> SafeString:
    """The range between both bounds; one bound alone is a line."""
    left, right = frame.x(chart.start), frame.x(chart.end)
    bounds = [Decimal(bound) for bound in (chart.low, chart.high) if bound is not None]
    low, high = frame.y(min(bounds)), frame.y(max(bounds))
    lines = format_html_join(
        "",
        '<line class="chart-bound" x1="{}" y1="{}" x2="{}" y2="{}" stroke="#2f6f4f"/>',
        ((left, y, right, y) for y in sorted({low, high})),
    )
    return format_html(
        '<rect class="chart-band" x="{}" y="{}" width="{}" height="{}" fill="#2f6f4f"'
        ' fill-opacity="0.18"/>{}',
        left, high, round(right - left, 1), round(low - high, 1), lines,
    )  # fmt: skip


def _path(name: str, places: Sequence[Place], frame: Frame, *, dashes: str = "none") -> SafeString:
    if not places:
        return SafeString()
    points = " ".join(f"{frame.x(day)},{frame.y(value)}" for day, value in places)
    return format_html(
        '<polyline class="{}" points="{}" fill="none" stroke="#555" stroke-width="2"'
        ' stroke-dasharray="{}"/>',
        name, points, dashes,
    )  # fmt: skip


def _line(chart: Chart, frame: Frame) -> SafeString:
    dots = format_html_join(
        "",
        '<circle class="chart-dot" cx="{}" cy="{}" r="4" fill="#8a1c1c"><title>{}</title></circle>',
        (
            (frame.x(day), frame.y(value), f"{_day(day)}: {_shown(value)}")
            for day, value in chart.points
        ),
    )
    return format_html("{}{}", _path("chart-line", chart.points, frame), dots)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _shown(value: str) -> str:
    return show_number(Decimal(value))


def _day(iso: str) -> str:
    day = dt.date.fromisoformat(iso)
    return f"{day.day}/{day.month}/{day.year}"
