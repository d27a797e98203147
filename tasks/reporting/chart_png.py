"""The picture of a target as PNG, for Word files: what `chart_svg` draws, with numbers as labels.

Drawn point by point, so that no library and no font is needed and the bytes are always the same.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from tasks.reporting.charts import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    WIDTH,
    Chart,
    Frame,
    Place,
    value_labels,
    year_labels,
)

SCALE = 3  # dots for each unit of the picture
WHITE, BAND, BOUND, GREY, LINE = (
    b"\xff" * 3,
    b"\xdc\xec\xe2",
    b"\x2f\x6f\x4f",
    b"\x77" * 3,
    b"\x8a\x1c\x1c",
)
DASH, GAP = 18, 12  # dots
# Rows of five dots, the highest first.
_GLYPHS = {
    "0": "01110 10001 10011 10101 11001 10001 01110",
    "1": "00100 01100 00100 00100 00100 00100 01110",
    "2": "01110 10001 00001 00110 01000 10000 11111",
    "3": "11110 00001 00001 01110 00001 00001 11110",
    "4": "00010 00110 01010 10010 11111 00010 00010",
    "5": "11111 10000 11110 00001 00001 10001 01110",
    "6": "00110 01000 10000 11110 10001 10001 01110",
    "7": "11111 00001 00010 00100 01000 01000 01000",
    "8": "01110 10001 10001 01110 10001 10001 01110",
    "9": "01110 10001 10001 01111 00001 00010 01100",
    ".": "00000 00000 00000 00000 00000 01100 01100",
    ",": "00000 00000 00000 00000 01100 00100 01000",
    "-": "00000 00000 00000 11111 00000 00000 00000",
}
_GLYPH_WIDTH, _GLYPH_HEIGHT, _DOT = 6, 7, 4


def chart_png(chart: Chart) -> bytes:
    """The picture, `WIDTH` by `HEIGHT` times `SCALE` dots; `chart_words` says the same."""
    frame, canvas = Frame.of(chart), _Canvas()
    bounds = [Decimal(bound) for bound in (chart.low, chart.high) if bound is not None]
    left, right = frame.x(chart.start), frame.x(chart.end)
    low, high = frame.y(min(bounds)), frame.y(max(bounds))
    canvas.fill(left, high, right, low, BAND)
    for y in {low, high}:
        canvas.stroke((left, y), (right, y), BOUND, 4)
    floor = HEIGHT - BOTTOM
    canvas.stroke((LEFT, floor), (WIDTH - RIGHT, floor), GREY, 2)
    for x, year in year_labels(frame):
        canvas.write(x, floor + 7, year, centred=True)
    for y, shown in value_labels(chart, frame):
        canvas.write(LEFT - 6, y - 9, shown, centred=False)
    canvas.path(chart.pace, frame, GREY, 5, dashed=True)
    canvas.path(chart.points, frame, LINE, 7)
    for day, value in chart.points:
        canvas.dot(frame.x(day), frame.y(value), LINE)
    return canvas.png()


class _Canvas:
    """Rows of dots, three bytes each; places are those of the SVG."""

    def __init__(self) -> None:
        self.width, self.height = WIDTH * SCALE, HEIGHT * SCALE
        self.rows = [bytearray(WHITE * self.width) for _row in range(self.height)]

    def block(self, x: int, y: int, width: int, height: int, colour: bytes) -> None:
        begin, end = max(x, 0), min(x + width, self.width)
        for row in self.rows[max(y, 0) : max(y + height, 0)]:
            if begin < end:
                row[3 * begin : 3 * end] = colour * (end - begin)

    def fill(self, left: float, top: float, right: float, bottom: float, colour: bytes) -> None:
        x, y = round(left * SCALE), round(top * SCALE)
        self.block(x, y, round(right * SCALE) - x, round(bottom * SCALE) - y, colour)

    def stroke(
        self,
        first: tuple[float, float],
        last: tuple[float, float],
        colour: bytes,
        thick: int,
        *,
        dashed: bool = False,
    ) -> None:
        for number, (x, y) in enumerate(_dots(first, last)):
            if not dashed or number % (DASH + GAP) < DASH:
                self.block(x - thick // 2, y - thick // 2, thick, thick, colour)

    def path(
        self,
        places: Sequence[Place],
        frame: Frame,
        colour: bytes,
        thick: int,
        *,
        dashed: bool = False,
    ) -> None:
        dots = [(frame.x(day), frame.y(value)) for day, value in places]
        for first, last in pairwise(dots):
            self.stroke(first, last, colour, thick, dashed=dashed)

    def dot(self, x: float, y: float, colour: bytes) -> None:
        radius = 4 * SCALE
        for step in range(-radius, radius + 1):
            half = round((radius**2 - step**2) ** 0.5)
            self.block(round(x * SCALE) - half, round(y * SCALE) + step, 2 * half, 1, colour)

    def write(self, x: float, y: float, text: str, *, centred: bool) -> None:
        """A number below `x`, or to the left of it."""
        width = _GLYPH_WIDTH * _DOT * len(text)
        begin = round(x * SCALE) - (width // 2 if centred else width)
        for number, letter in enumerate(text):
            for row, dots in enumerate(_GLYPHS[letter].split()):
                for column, dot in enumerate(dots):
                    if dot == "1":
                        place = begin + (number * _GLYPH_WIDTH + column) * _DOT
                        self.block(place, round(y * SCALE) + row * _DOT, _DOT, _DOT, GREY)

    def png(self) -> bytes:
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        data = zlib.compress(b"".join(b"\0" + bytes(row) for row in self.rows), 9)
        parts = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_part(*one) for one in parts)


def _part(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


def _dots(first: tuple[float, float], last: tuple[float, float]) -> Iterator[tuple[int, int]]:
    """The dots of a straight line, one for each step of its longer side."""
    (x0, y0), (x1, y1) = ([round(part * SCALE) for part in place] for place in (first, last))
    steps = max(abs(x1 - x0), abs(y1 - y0), 1)
    for step in range(steps + 1):
        yield x0 + round((x1 - x0) * step / steps), y0 + round((y1 - y0) * step / steps)
