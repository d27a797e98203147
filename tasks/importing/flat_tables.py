"""Tables that lost their borders: cells parted by tabs or bars, or each on a line of its own.

Text copied from a page or from Word keeps the words of a table in reading order, but not its
rules, and often not its empty cells. Its labelled columns ("TT", "Nhiệm vụ", "Đơn vị chủ trì", …)
show where it begins, a number alone on its line (or at the head of a row of tabs) where each row
does.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from tasks.importing.blocks import MARKER, Cell, Line
from tasks.importing.columns import LONGEST_LABEL, WORK, column_role
from tasks.importing.role_lines import Role
from tasks.importing.unit_lists import starts_with_unit
from tasks.rules.timeframe import NO_CONTEXT, read_timeframe

_ORDINAL = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[IVX]{1,5}|[A-H]|[a-zđ])[.)]?")
_FEWEST_COLUMNS, _MOST_COLUMNS = 3, 12
_LONGEST_HEADING = 120  # characters of a label
_LONGEST_ROW, _LONGEST_CELL = 60, 12  # lines
_BAR = "|"
_END = re.compile(r"Nơi nhận|(?:PHỤ LỤC|Phụ lục|BIỂU)\b", re.IGNORECASE)
_UNITS = (Role.LEAD, Role.COORDINATING, Role.ASSIGNED)
_FITS, _FREE, _UNFIT, _SKIPPED = 3.0, 0.5, -3.0, -0.7
_SAME_CELL = (-0.4, -0.2)  # a second line in a cell; coordinating units are often several
_LATER = 0.01  # the first of two columns that suit as well


def restore_tables(lines: Sequence[Line]) -> list[Line]:
    """Return *lines* with the cells of tables without borders marked as such."""
    if any(line.text.strip() == _BAR for line in lines):
        lines = list(_without_bars(lines))
    tables = count(1 + max((line.cell.table for line in lines if line.cell), default=-1))
    restored: list[Line] = []
    at = 0
    while at < len(lines):
        found = _with_tabs(lines, at, tables) or _line_by_line(lines, at, tables)
        cells, after = found or ([lines[at]], at + 1)
        restored.extend(cells)
        at = after
    return restored


def _without_bars(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines of a page that ends each cell with a bar on a line of its own.

    Within a table of tasks, the lines of one cell become one line.
    """
    cell: list[Line] = []
    inside = False
    for line in lines:
        if line.text.strip() != _BAR:
            cell.append(line)
            continue
        begins = bool(cell) and column_role(cell[-1].text.strip()) is Role.CODE
        inside = begins or (inside and not _is_after_table(cell))
        yield from [_as_one(cell)] if inside and cell and not begins else cell
        cell = []
    yield from cell


def _is_after_table(cell: Sequence[Line]) -> bool:
    return len(cell) > _LONGEST_CELL or any(_ends_table(line.text.strip()) for line in cell)


def _as_one(cell: Sequence[Line]) -> Line:
    return replace(cell[0], text=" ".join(line.text.strip() for line in cell))


def _with_tabs(
    lines: Sequence[Line], at: int, tables: Iterator[int]
) -> tuple[list[Line], int] | None:
    """Return the cells of a table with tabs that begins at *at*, and the line after it."""
    width = lines[at].text.count("\t") + 1
    if lines[at].cell or width < _FEWEST_COLUMNS or not _is_header(lines[at].text.split("\t")):
        return None
    table, after = next(tables), at
    cells: list[Line] = []
    while after < len(lines) and "\t" in lines[after].text.strip():
        for column, text in enumerate(lines[after].text.split("\t", width - 1)):
            if text.strip():
                cells.append(replace(lines[after], text=text, cell=Cell(table, after - at, column)))
        after += 1
    return cells, after


def _is_header(labels: Sequence[str]) -> bool:
    roles = {column_role(label) for label in labels if label.strip()}
    return Role.TITLE in roles and bool(WORK & roles)


@dataclass(frozen=True, slots=True)
class _Header:
    """The labels of the columns, in order, and where the lines of the first row begin."""

    labels: tuple[Line, ...]
    roles: tuple[Role | None, ...]
    after: int


def _line_by_line(
    lines: Sequence[Line], at: int, tables: Iterator[int]
) -> tuple[list[Line], int] | None:
    """Return the cells of a table with a cell on each line, and the line after it."""
    header = _header(lines, at)
    if header is None:
        return None
    table, row, after = next(tables), 0, header.after
    cells = [_in(line, Cell(table, 0, column)) for column, line in enumerate(header.labels)]
    while after < len(lines) and _is_ordinal(lines[after]):
        row += 1
        end = _end_of_row(lines, after, len(header.labels))
        own = [line for line in lines[after + 1 : end] if line.text.strip()]
        if own:
            cells.append(_in(lines[after], Cell(table, row, 0)))
            cells.extend(_placed(own, header, table, row))
        after = end
    return (cells, after) if row else None


def _header(lines: Sequence[Line], at: int) -> _Header | None:
    """Return the header that begins at *at* with the column of numbers, if there is one."""
    if lines[at].cell or column_role(lines[at].text.strip()) is not Role.CODE:
        return None
    labels: list[Line] = []
    after = at
    while after < len(lines) and not (lines[after].cell or _is_ordinal(lines[after])):
        text = lines[after].text.strip()
        if len(text) > _LONGEST_HEADING or len(labels) > _MOST_COLUMNS:
            return None
        if labels and text[:1].islower():
            labels[-1] = replace(labels[-1], text=f"{labels[-1].text.strip()} {text}")
        elif text:
            labels.append(lines[after])
        after += 1
    known = sum(column_role(line.text) is not None for line in labels)
    if known < _FEWEST_COLUMNS or not _is_header([line.text for line in labels]):
        return None
    return _Header(tuple(labels), tuple(column_role(line.text) for line in labels), after)


def _end_of_row(lines: Sequence[Line], at: int, width: int) -> int:
    """Return where the row that begins at *at* ends; the last row has no number after it."""
    limit = min(len(lines), at + _LONGEST_ROW)
    filled = 0
    full: int | None = None
    for place in range(at + 1, limit):
        line = lines[place]
        if line.cell or _is_ordinal(line):
            return place
        if _ends_table(line.text.strip()):
            return place if full is None else full
        filled += bool(line.text.strip())
        if filled == width - 1:
            full = place + 1
    return full if full is not None else limit


def _ends_table(text: str) -> bool:
    marker = MARKER.match(text)
    heading = (
        marker is not None and (marker["roman"] or marker["part"]) and marker.end() < len(text)
    )
    return bool(heading or _END.match(text))


def _is_ordinal(line: Line) -> bool:
    return line.cell is None and bool(_ORDINAL.fullmatch(line.text.strip()))


def _in(line: Line, cell: Cell) -> Line:
    return replace(line, cell=cell)


def _placed(own: Sequence[Line], header: _Header, table: int, row: int) -> Iterator[Line]:
    columns = _align([line.text.strip() for line in own], header.roles)
    for line, column in zip(own, columns, strict=True):
        yield _in(line, Cell(table, row, column))


def _align(texts: Sequence[str], roles: Sequence[Role | None]) -> list[int]:
    """Return the column of each text: in order, where it fits best; column 0 has the number.

    The table of best sums has a row for each text and a column for each role.
    """
    width = len(roles)
    if len(texts) == width - 1:
        return list(range(1, width))
    best: list[list[tuple[float, int]]] = []
    for text in texts:
        fits = [_fit(text, role) - _LATER * at for at, role in enumerate(roles)]
        best.append([_step(best, column, fits[column], roles[column]) for column in range(width)])
    column = max(range(1, width), key=lambda one: best[-1][one][0])
    columns: list[int] = []
    for sums in reversed(best):
        columns.append(column)
        column = sums[column][1]
    return columns[::-1]


def _step(
    best: Sequence[Sequence[tuple[float, int]]], column: int, fit: float, role: Role | None
) -> tuple[float, int]:
    """Return the best sum for a text in *column*, and the column of the text before it."""
    if column == 0:
        return float("-inf"), 0
    if not best:
        return fit + (0 if column == 1 else _SKIPPED * (column - 1)), 0
    ways = (
        (
            best[-1][before][0]
            + fit
            + (
                _SAME_CELL[role is Role.COORDINATING]
                if before == column
                else _SKIPPED * (column - before - 1)
            ),
            before,
        )
        for before in range(1, column + 1)
    )
    return max(ways)


def _fit(text: str, role: Role | None) -> float:
    """Return how well a text suits a column: units and times are told by their words."""
    is_time = len(text) <= LONGEST_LABEL and _is_time(text)
    if role is Role.TIME:
        return _FITS if is_time else _UNFIT
    if role in _UNITS:
        return _FITS if starts_with_unit(text) and not is_time else _UNFIT
    return _UNFIT if is_time else _FREE


def _is_time(text: str) -> bool:
    frame = read_timeframe(text, NO_CONTEXT)
    return bool(frame.due or frame.recurrence or "time_without_year" in frame.warnings)
