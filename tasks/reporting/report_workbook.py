"""The annex of a report as an Excel workbook: typed cells, a filter, totals as formulas.

The totals by section and by unit count the rows of the first sheet, so that they follow when
somebody corrects a row; nothing is counted twice by hand.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from tasks.reporting.content import COUNTED, AnnexRow, ReportContent, TotalRow
from tasks.reporting.docx_xml import clean
from tasks.reporting.overdue import safe_cell
from tasks.reporting.steady import FIRST_DAY, steady

_WIDTHS = (28, 10, 60, 32, 14, 12, 22, 26)  # characters
_SECTION, _CODE, _TITLE, _UNIT, _DUE, _PERCENT, _CLASS, _STANDING = range(1, 9)
_NAME_WIDTH, _COUNT_WIDTH = 48, 16
_LONGEST_SHEET = 31  # characters of its name
_BOLD = Font(bold=True)
_GREY = PatternFill("solid", fgColor="EDEBE6")
_TOP, _MIDDLE = (Alignment(wrap_text=True, vertical=place) for place in ("top", "center"))


def workbook(content: ReportContent) -> bytes:
    """Return the workbook of the report; the same content always gives the same bytes."""
    book, words = Workbook(), content.words
    items = book.worksheets[0]
    items.title = words.items_sheet
    _items(items, content)
    for title, name, column, rows in (
        (words.sections_sheet, words.section, _SECTION, content.by_section),
        (words.units_sheet, words.unit, _UNIT, content.by_unit),
    ):
        _totals(book.create_sheet(title), name, column, rows, content)
    if content.figures:
        _figures(book.create_sheet(words.figures[:_LONGEST_SHEET]), content)
    book.properties.title = content.subject
    book.properties.created = book.properties.modified = FIRST_DAY
    written = io.BytesIO()
    # `Workbook.save` would write the present moment into the properties.
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        ExcelWriter(book, package).save()
    return steady(written.getvalue())


def _items(sheet: Worksheet, content: ReportContent) -> None:
    words = content.words
    code, title, unit, due, percent, standing = words.annex_headings
    _heading(sheet, [words.section, code, title, unit, due, percent, words.class_name, standing])
    names = dict(zip(COUNTED, words.class_names, strict=True))
    for row in content.annex:
        sheet.append(_cells(row, names[row.counted]))
    last = len(content.annex) + 1
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for cells in sheet.iter_rows(min_row=2, max_row=last):
        cells[_DUE - 1].number_format = "dd/mm/yyyy"
        cells[_PERCENT - 1].number_format = "0%"
        for cell in cells:
            cell.alignment = _TOP
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_WIDTHS))}{last}"
    if content.annex:
        # SUBTOTAL counts only the rows that the filter shows.
        sheet.append([words.total, "", f"=SUBTOTAL(103,{_column(_TITLE, last)})", "", ""])
        sheet.cell(last + 1, _PERCENT, f"=SUBTOTAL(101,{_column(_PERCENT, last)})")
        sheet.cell(last + 1, _PERCENT).number_format = "0%"
        _bold(sheet, last + 1)


def _cells(row: AnnexRow, class_name: str) -> list[object]:
    return [
        _text(row.section),
        _text(row.code),
        _text(row.title),
        _text(row.unit),
        row.due_on,
        row.percent / 100,
        class_name,
        _text(row.standing),
    ]


def _totals(
    sheet: Worksheet, name: str, column: int, rows: Sequence[TotalRow], content: ReportContent
) -> None:
    """One line for each name in `column` of the items, counted there by formulas."""
    _heading(sheet, [name, content.words.total, *content.words.class_names])
    last, items = len(content.annex) + 1, quote_sheetname(content.words.items_sheet)
    names = f"{items}!{_column(column, last)}"
    classes = f"{items}!{_column(_CLASS, last)}"
    columns = [get_column_letter(number) for number in range(3, 3 + len(COUNTED))]
    for at, row in enumerate(rows, start=2):
        # Not COUNTIFS: it reads "*" and "?" in a title as wildcards, and no long title at all.
        counts = [f"=SUMPRODUCT(({names}=$A{at})*({classes}={one}$1))" for one in columns]
        sheet.append([_text(row.name), f"=SUM({columns[0]}{at}:{columns[-1]}{at})", *counts])
        sheet.cell(at, 1).alignment = _TOP
    end = len(rows) + 1
    if rows:
        sums = [f"=SUM({one}2:{one}{end})" for one in ("B", *columns)]
        sheet.append([content.words.total, *sums])
        _bold(sheet, end + 1)
    sheet.column_dimensions["A"].width = _NAME_WIDTH
    for one in ("B", *columns):
        sheet.column_dimensions[one].width = _COUNT_WIDTH
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{columns[-1]}{end}"


def _figures(sheet: Worksheet, content: ReportContent) -> None:
    """One row for each target, with what each unit gave."""
    _heading(sheet, content.words.figure_headings)
    for row, cells in zip(content.figures, content.figure_cells, strict=True):
        name, measure, _value, _so_far, wanted, units = map(_text, cells)
        numbers = [_number(row.value), _number(row.since_start)]
        sheet.append([name, measure, *numbers, wanted, units])
    sheet.column_dimensions["A"].width = _NAME_WIDTH
    for one in "BCDEF":
        sheet.column_dimensions[one].width = _COUNT_WIDTH
    sheet.freeze_panes = "B2"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _heading(sheet: Worksheet, names: Sequence[str]) -> None:
    sheet.append(list(names))
    for cell in sheet[1]:
        cell.font, cell.fill, cell.alignment = _BOLD, _GREY, _MIDDLE


def _bold(sheet: Worksheet, row: int) -> None:
    for cell in sheet[row]:
        cell.font = _BOLD


def _column(number: int, last: int) -> str:
    """The cells of a column of the items, its heading left out."""
    letter = get_column_letter(number)
    return f"${letter}$2:${letter}${last}"


def _text(text: str) -> str | int:
    return safe_cell(clean(text))
