"""The items of a plan as a table that spreadsheets open: CSV with a byte order mark."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from tasks.models import Participation
from tasks.plan_queries import ItemRow, PartRow
from tasks.words import standing_words

BOM = "\ufeff"
# A spreadsheet takes a cell that begins like this for a formula and would run it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """The text as a cell that no spreadsheet reads as a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def plan_csv(rows: Iterable[ItemRow], *, today: dt.date) -> str:
    """One line for each item, under a line of headings, in the reader's language."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(_headings())
    for row in rows:
        table.writerow([harmless(cell) for cell in _cells(row, today)])
    return BOM + written.getvalue()


def _headings() -> list[str]:
    return [
        _("Section"),
        _("Code"),
        _("What"),
        _("Lead"),
        _("Coordinating"),
        _("Starts on"),
        _("Due on, as issued"),
        _("Due on"),
        _("Time, in the plan's words"),
        _("Timeliness"),
        _("Progress (%)"),
        _("State"),
        _("Product"),
    ]


def _cells(row: ItemRow, today: dt.date) -> list[str]:
    item = row.item
    return [
        str(item.section or ""),
        item.code,
        item.title,
        _names(row.leads),
        _names(row.coordinating),
        _date(item.start_on),
        _date(item.due_on),
        _date(row.standing.due_on),
        item.timeframe_text,
        standing_words(row.standing, today),
        str(row.percent),
        item.get_state_display(),
        item.product,
    ]


def _names(rows: Iterable[PartRow]) -> str:
    parts: list[Participation] = [row.part for row in rows]
    return "; ".join(part.unit.name for part in parts)


def _date(day: dt.date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""
