"""The list of what is overdue, as a file that a spreadsheet opens safely."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tasks.overview import LateRow
from tasks.rules.calendar import local_date

# Spreadsheets find the encoding by this mark.
BYTE_ORDER_MARK = "\ufeff"
# A cell that begins so would be run as a formula; an apostrophe makes it text.
FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: str | int) -> str | int:
    """The value as a cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_BEGINNINGS):
        return f"'{value}"
    return value


def overdue_csv(rows: Iterable[LateRow]) -> str:
    """The rows as CSV with a heading, in the language that is active."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(
        [
            _("Plan"),
            _("Kind"),
            _("Code"),
            _("What"),
            _("Unit"),
            _("Due on"),
            _("Days overdue"),
            _("Times followed up"),
            _("Last followed up on"),
            _("Noted by"),
        ]
    )
    writer.writerows([safe_cell(cell) for cell in _cells(row)] for row in rows)
    return text.getvalue()


def _cells(row: LateRow) -> list[str | int]:
    deadline = row.deadline
    part = deadline.participation
    about = deadline.proposal or (deadline.report.period if deadline.report else "")
    last = row.last_follow_up
    return [
        str(deadline.plan),
        str(deadline.get_kind_display()),
        part.item.code if part else "",
        part.item.title if part else str(about),
        deadline.unit.name,
        date_format(deadline.due_on, "SHORT_DATE_FORMAT"),
        row.standing.days_late,
        len(row.follow_ups),
        date_format(local_date(last.sent_at), "SHORT_DATE_FORMAT") if last else "",
        "; ".join(str(notice.taken_by) for notice in row.notices),
    ]
