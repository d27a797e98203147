"""A page as readers of pictures see it: words and ruled lines with their places, in points.

`top` and `bottom` count downwards from the top of the page.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

# A ruled line as pdfplumber describes it: a mapping with x0, x1, top, bottom and orientation.
Edge = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class Page:
    """What is on one page; `number` counts from 1."""

    number: int
    width: float
    height: float
    words: list[Word]
    edges: list[Edge] = field(default_factory=list)


@dataclass(frozen=True)
class TextLine:
    """Words beside one another, within a column from `left` to `right`."""

    words: tuple[Word, ...]
    left: float
    right: float
    page: int = 0
    # In a heading of two columns each line stands for itself.
    apart: bool = False

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @cached_property
    def x0(self) -> float:
        return self.words[0].x0

    @cached_property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @cached_property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @cached_property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)

    @cached_property
    def height(self) -> float:
        heights = sorted(word.height for word in self.words)
        return heights[len(heights) // 2]

    @cached_property
    def space(self) -> float:
        """Return the usual blank between two words, within what fonts have."""
        gaps = sorted(after.x0 - before.x1 for before, after in pairwise(self.words))
        usual = gaps[len(gaps) // 2] if gaps else 0.25 * self.height
        return min(max(usual, 0.2 * self.height), 0.4 * self.height)


def rows_of(words: Iterable[Word]) -> Iterator[list[Word]]:
    """Yield the words that stand on one line, from the top down, each line from left to right."""
    row: list[Word] = []
    bottom = 0.0
    for word in sorted(words, key=lambda word: word.middle):
        if row and word.middle > bottom:
            yield sorted(row, key=lambda one: one.x0)
            row = []
        # A line reaches as far as the middles of its words: a low one may not draw in the next.
        reach = word.middle + word.height * 0.4
        bottom = min(bottom, reach) if row else reach
        row.append(word)
    if row:
        yield sorted(row, key=lambda one: one.x0)
