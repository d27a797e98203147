"""What became of the reports of a duty, unit by period, as files that a spreadsheet opens."""

from __future__ import annotations

import csv
import io

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from tasks.duties import DutyTable
from tasks.reporting.overdue import BYTE_ORDER_MARK, safe_cell

_WIDTH = 22  # characters
_NAME_WIDTH = 40


def duty_csv(table: DutyTable) -> str:
    """The table as CSV with a heading, in the language that is active."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    csv.writer(text).writerows(_lines(table))
    return text.getvalue()


def duty_workbook(table: DutyTable) -> bytes:
    """The table as a workbook whose heading and units stay in sight."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _("Reports")
    for line in _lines(table):
        sheet.append(line)
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in (*sheet[1], *sheet[2]):
        cell.font = Font(bold=True)
    for column in range(1, len(table.periods) + 2):
        width = _NAME_WIDTH if column == 1 else _WIDTH
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "B3"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _lines(table: DutyTable) -> list[list[str | int]]:
    """Two lines of heading, the periods and their dates, then a line for each unit."""
    dates = [f"{period.due_on:%d/%m/%Y}" for period in table.periods]
    lines: list[list[str | int]] = [
        [_("Unit"), *(safe_cell(period.label) for period in table.periods)],
        [_("Due on"), *dates],
    ]
    for row in table.rows:
        words = [cell.words if cell else "" for cell in row.cells]
        lines.append([safe_cell(row.unit.name), *words])
    return lines
