"""Tables that a page break cut in two are one table; a heading drawn again is no row."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from tasks.importing.blocks import Cell, Line

Row = list[Line]
_LABELS = 3  # a heading has at least as many filled cells
_LONGEST_CODE = 8


def join_tables(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield *lines* with the parts of a table joined and its repeated headings left out.

    Parts are joined where nothing but blank lines lies between them, and the second begins with
    the heading of the first, or has none and goes on in the same columns.
    """
    above: _Table | None = None
    blank: list[Line] = []
    for table, part in groupby(lines, key=lambda line: line.cell and line.cell.table):
        group = list(part)
        if table is None and above and not any(line.text.strip() for line in group):
            blank = group
            continue
        rows = [] if table is None else _rows(group)
        if above is None or not rows or not above.goes_on(rows):
            yield from blank
            above = _Table(rows) if rows else None
        blank = []
        yield from group if above is None else above.add(rows)
    yield from blank


class _Table:
    """A table under way: its heading, its columns and how many rows it has so far."""

    def __init__(self, rows: list[Row]) -> None:
        place = _place(rows[0][0])
        self.table, self.next = place.table, place.row
        self.heading = _texts(rows[0])
        self.labelled = sum(bool(text) for text in self.heading.values()) >= _LABELS
        self.columns = {_place(line).column for row in rows for line in row}
        self.begun = False

    def goes_on(self, rows: list[Row]) -> bool:
        if not self.labelled:
            return False
        first = _texts(rows[0])
        if first == self.heading:
            return True
        columns = {_place(line).column for row in rows for line in row}
        code = first.get(0, "").strip(" .)")
        return (
            columns == self.columns and len(code) <= _LONGEST_CODE and any(map(str.isdigit, code))
        )

    def add(self, rows: list[Row]) -> Iterator[Line]:
        for row in rows:
            if self.labelled and self.begun and _texts(row) == self.heading:
                continue
            self.begun = True
            yield from (replace(line, cell=self._moved(_place(line))) for line in row)
            self.next += 1

    def _moved(self, cell: Cell) -> Cell:
        return replace(cell, table=self.table, row=self.next)


def _rows(group: list[Line]) -> list[Row]:
    return [list(row) for _number, row in groupby(group, key=lambda line: _place(line).row)]


def _texts(row: Row) -> dict[int, str]:
    texts: dict[int, str] = {}
    for line in row:
        column = _place(line).column
        words = f"{texts.get(column, '')} {line.text}".casefold().split()
        texts[column] = " ".join(words)
    return texts


def _place(line: Line) -> Cell:
    if line.cell is None:
        raise ValueError(line.number)
    return line.cell
