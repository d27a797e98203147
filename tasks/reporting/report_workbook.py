"""The annex of a report as an Excel workbook: typed cells, a filter, totals as formulas."""

from __future__ import annotations

import io
from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tasks.reporting.overdue import safe_cell
from tasks.reporting.prefill import PLAN_LANGUAGE
from tasks.reporting.report_letter import AnnexLine, headings

_WIDTHS = (10, 60, 32, 14, 12, 26)  # characters
_DUE, _PERCENT = 4, 5


def annex_workbook(title: str, lines: Sequence[AnnexLine]) -> bytes:
    """Return the workbook in the language of the plan; the last row counts what is above it."""
    with translation.override(PLAN_LANGUAGE):
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.title = _("Items")
        _heading(sheet)
        for line in lines:
            sheet.append(_cells(line))
        _finish(sheet, len(lines))
        book.properties.title = title
        written = io.BytesIO()
        book.save(written)
        return written.getvalue()


def _heading(sheet: Worksheet) -> None:
    sheet.append(list(headings()))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="EDEBE6")
        cell.alignment = Alignment(wrap_text=True, vertical="center")


def _cells(line: AnnexLine) -> list[object]:
    return [
        safe_cell(line.code),
        safe_cell(line.title),
        safe_cell(line.unit),
        line.due_on,
        line.percent / 100,
        safe_cell(line.standing),
    ]


def _finish(sheet: Worksheet, count: int) -> None:
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row in sheet.iter_rows(min_row=2, max_row=count + 1):
        row[_DUE - 1].number_format = "dd/mm/yyyy"
        row[_PERCENT - 1].number_format = "0%"
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_WIDTHS))}{count + 1}"
    if count:
        _totals(sheet, count + 1)


def _totals(sheet: Worksheet, last: int) -> None:
    # SUBTOTAL counts only the rows that the filter shows.
    sheet.append(
        [
            _("Total"),
            f"=SUBTOTAL(103,B2:B{last})",
            "",
            "",
            f"=SUBTOTAL(101,E2:E{last})",
            "",
        ]
    )
    for cell in sheet[last + 1]:
        cell.font = Font(bold=True)
    sheet.cell(last + 1, _PERCENT).number_format = "0%"
