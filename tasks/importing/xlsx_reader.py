"""Excel workbooks and CSV files to lines: each visible sheet is a table."""

import csv
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from itertools import count
from typing import Any

import openpyxl
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet._reader import WorkSheetParser

from tasks.importing.blocks import Cell, Line
from tasks.importing.bounds import MAX_LINES, bounded
from tasks.importing.docx_package import MAX_UNPACKED, check_package
from tasks.importing.encodings import decode
from tasks.importing.errors import CorruptDocumentError, DocumentError, TooManyLinesError
from tasks.importing.progress import SHEETS, Report
from tasks.importing.table_joins import join_tables

Row = dict[int, str]

_MOST_MERGES = 20_000
_TABLE = 2  # filled cells in a row of a table; a row with fewer beside it is a line of text


def read_xlsx(
    data: bytes, filename: str, report: Report, max_unpacked: int = MAX_UNPACKED
) -> Iterator[Line]:
    """Yield the cells of the visible sheets; of a formula, the value that Excel last computed.

    Raises what `check_package` and `bounded` raise, or CorruptDocumentError.
    """
    check_package(data, filename, max_unpacked)
    try:
        workbook = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True)
        yield from join_tables(bounded(_sheets(workbook, filename, report), filename))
    except (MemoryError, DocumentError):
        raise
    except Exception as error:
        # openpyxl reports damage with whatever its parser or its own look-ups raise.
        raise CorruptDocumentError(filename=filename, part=type(error).__name__) from error


def read_csv(data: bytes, filename: str) -> Iterator[Line]:
    """Yield the cells of a CSV file, whose separator is the one that its first lines share."""
    text = decode(data, filename)
    sample = text[:8_000]
    separator = max(",;\t", key=sample.count)
    try:
        records = list(csv.reader(StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise CorruptDocumentError(filename=filename, part="csv") from error
    rows = {
        index: {column: value.strip() for column, value in enumerate(record) if value.strip()}
        for index, record in enumerate(records)
    }
    yield from join_tables(bounded(_lines(rows, count(), count(1)), filename))


def _sheets(workbook: Any, filename: str, report: Report) -> Iterator[Line]:
    tables, numbers = count(), count(1)
    sheets = workbook.worksheets
    budget = _Budget(filename)
    for index, sheet in enumerate(sheets):
        report.progress(index, len(sheets), SHEETS)
        if sheet.sheet_state != "visible":
            report.doubt("hidden_sheet", sheet=sheet.title)
            continue
        rows = _rows(sheet, budget)
        yield from _lines(rows, tables, numbers)
        yield Line("", next(numbers))
    report.progress(len(sheets), len(sheets), SHEETS)


@dataclass(slots=True)
class _Budget:
    """How many cells of a workbook may still be read."""

    filename: str
    left: int = MAX_LINES

    def take(self, cells: int) -> None:
        self.left -= cells
        if self.left < 0:
            raise TooManyLinesError(filename=self.filename, limit=MAX_LINES)


def _rows(sheet: Any, budget: _Budget) -> dict[int, Row]:
    """Return the filled cells by row and column; a merged cell counts for each row it covers.

    openpyxl's own iteration fills every gap up to the last cell; its parser yields what is there.
    """
    book = sheet.parent
    rows: dict[int, Row] = {}
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source, sheet._shared_strings, data_only=True, epoch=book.epoch,
            date_formats=book._date_formats, timedelta_formats=book._timedelta_formats,
        )  # fmt: skip
        for index, cells in parser.parse():
            budget.take(len(cells))
            texts = {cell["column"]: _text(cell["value"]) for cell in cells}
            filled = {column: text for column, text in texts.items() if text}
            if filled:
                rows[index] = filled
        merged = parser.merged_cells
    order = sorted(rows)
    for area in list(merged.mergeCell if merged else ())[:_MOST_MERGES]:
        _spread(rows, order, area.ref, budget)
    return rows


def _spread(rows: dict[int, Row], order: list[int], area: str, budget: _Budget) -> None:
    """Repeat the value of a merged cell in the rows below that hold anything."""
    column, first, _last_column, last = range_boundaries(area)
    if column is None or first is None or last is None:
        return
    value = rows.get(first, {}).get(column)
    if value is None or last == first:
        return
    covered = order[bisect_right(order, first) : bisect_right(order, last)]
    budget.take(len(covered))
    for index in covered:
        rows[index].setdefault(column, value)


def _lines(rows: dict[int, Row], tables: "count[int]", numbers: "count[int]") -> Iterator[Line]:
    """Yield rows as cells; rows of one cell before and after the table are lines of text."""
    table, begun = next(tables), False
    filled = [len(row) for _index, row in sorted(rows.items())]
    last = max((place for place, size in enumerate(filled) if size >= _TABLE), default=-1)
    for position, (index, row) in enumerate(sorted(rows.items())):
        begun = begun or _begins_table(filled, position)
        for column, text in sorted(row.items()):
            for piece in text.split("\n"):
                cell = Cell(table, index, column) if begun and position <= last else None
                yield Line(piece, next(numbers), cell)


def _begins_table(filled: list[int], position: int) -> bool:
    """Tell whether a table begins in a row: it and the row after it have three cells or more."""
    after = filled[position + 1 : position + 3]
    return filled[position] > _TABLE and any(size >= _TABLE for size in after)


def _text(value: object) -> str:
    """Return a cell as people write it: days as 5/1/2024, whole numbers without a point."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, datetime | date):
        return f"{value.day}/{value.month}/{value.year}"
    if isinstance(value, time | timedelta):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:g}"
    return re.sub(r"_x000[dD]_|\r\n?", "\n", str(value)).strip()
