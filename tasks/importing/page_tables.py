"""Ruled tables of a page: cells from the lines around them, words into the cells."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pdfplumber.table import (
    cells_to_tables,
    edges_to_intersections,
    intersections_to_cells,
    merge_edges,
)

from tasks.importing.page import Edge, Page, TextLine, Word, rows_of

Box = tuple[float, float, float, float]  # x0, top, x1, bottom

_NEAR = 3.0  # points
_SHORTEST = 4.0
_OPEN = 3  # upright lines that end at one height, of a row that the page cuts
# A drawing has more lines than any table; pairing them would take too long.
_MOST_PAIRS = 3_000_000
_MOST_CROSSINGS = 40_000


@dataclass(slots=True)
class GridCell:
    """The words of a cell, and the rows that it covers, from `row` to before `end`."""

    row: int
    end: int
    column: int
    lines: list[TextLine]

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


@dataclass(slots=True)
class Grid:
    """A table: its box, the places of its columns, and its cells in reading order."""

    box: Box
    columns: list[float]
    rows: int
    cells: list[GridCell] = field(default_factory=list)
    by_row: dict[int, dict[int, GridCell]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def top(self) -> float:
        return self.box[1]

    @property
    def bottom(self) -> float:
        return self.box[3]

    def row(self, index: int) -> dict[int, GridCell]:
        """Return the cells that begin in a row, by column."""
        return self.by_row[index]

    def add(self, cell: GridCell) -> None:
        self.cells.append(cell)
        self.by_row[cell.row][cell.column] = cell


def find_grids(page: Page) -> list[Grid]:
    """Return the ruled tables of at least two columns with words in them, from the top down."""
    grids = [_grid(boxes, page) for boxes in _tables(page.edges)]
    kept = [grid for grid in grids if len(grid.columns) > 1 and any(c.lines for c in grid.cells)]
    return sorted(kept, key=lambda grid: grid.top)


def _tables(edges: list[Edge]) -> list[list[Box]]:
    long: list[Any] = merge_edges(
        edges, snap_x_tolerance=_NEAR, snap_y_tolerance=_NEAR,
        join_x_tolerance=_NEAR, join_y_tolerance=_NEAR,
    )  # fmt: skip
    long = [edge for edge in long if max(edge["width"], edge["height"]) >= _SHORTEST]
    upright = sum(edge["orientation"] == "v" for edge in long)
    if upright * (len(long) - upright) > _MOST_PAIRS:
        return []
    long.extend(_missing_ends(long))
    crossings = edges_to_intersections(long, _NEAR, _NEAR)
    if not crossings or len(crossings) > _MOST_CROSSINGS:
        return []
    return [list(boxes) for boxes in cells_to_tables(intersections_to_cells(crossings))]


def _missing_ends(edges: list[Edge]) -> Iterator[Edge]:
    """Yield the line that is not drawn where a page cuts a row: upright ones end side by side."""
    level = [edge for edge in edges if edge["orientation"] == "h"]
    for side in ("top", "bottom"):
        ends: dict[int, list[Edge]] = defaultdict(list)
        for edge in edges:
            if edge["orientation"] == "v":
                ends[round(edge[side] / _NEAR)].append(edge)
        for group in ends.values():
            line = _across(group, group[0][side])
            if len(group) >= _OPEN and not any(_lie_together(line, other) for other in level):
                yield line


def _across(upright: list[Edge], place: float) -> Edge:
    """Return a level line from the first to the last of *upright* lines."""
    left, right = (pick(edge["x0"] for edge in upright) for pick in (min, max))
    line = {**upright[0], "x0": left, "x1": right, "width": right - left, "height": 0.0}
    return line | {"top": place, "bottom": place, "orientation": "h"}


def _lie_together(one: Edge, other: Edge) -> bool:
    near: bool = abs(one["top"] - other["top"]) <= _NEAR
    return near and bool(one["x0"] < other["x1"] and one["x1"] > other["x0"])


def _grid(boxes: list[Box], page: Page) -> Grid:
    columns, rows = _places([box[0] for box in boxes]), _places([box[1] for box in boxes])
    outer = (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
    grid = Grid(outer, columns, len(rows))
    inside = sorted(
        (word for word in page.words if _within(word, outer)), key=lambda word: word.middle
    )
    middles = [word.middle for word in inside]
    for box in sorted(boxes, key=lambda box: (box[1], box[0])):
        beside = inside[bisect_left(middles, box[1]) : bisect_right(middles, box[3])]
        words = [word for word in beside if _within(word, box)]
        row = _place(box[1], rows)
        end = max(bisect_left(rows, box[3] - _NEAR), row + 1)
        grid.add(GridCell(row, end, _place(box[0], columns), _cell_lines(words, box, page)))
    return grid


def _places(values: list[float]) -> list[float]:
    """Return the distinct places of lines that may be drawn a little beside one another."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _NEAR:
            places.append(value)
    return places


def _place(value: float, places: list[float]) -> int:
    return max(bisect_left(places, value + 0.01) - 1, 0)


def _within(word: Word, box: Box) -> bool:
    return box[0] <= word.centre <= box[2] and box[1] <= word.middle <= box[3]


def _cell_lines(words: list[Word], box: Box, page: Page) -> list[TextLine]:
    rows = list(rows_of(words))
    if not rows:
        return []
    # What the words keep clear of the line on the left, they keep clear on the right.
    margin = max(min(row[0].x0 for row in rows) - box[0], 0.0)
    margin = min(margin, 8.0)
    return [TextLine(tuple(row), box[0] + margin, box[2] - margin, page.number) for row in rows]


def outside(page: Page, grids: list[Grid]) -> list[Word]:
    """Return the words of a page that stand in none of its tables."""
    return [word for word in page.words if not any(_within(word, grid.box) for grid in grids)]
