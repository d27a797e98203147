"""The registry as CSV and as a typed workbook."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from tasks.models import Unit, UnitAlias
from tasks.plan_csv import BOM, harmless
from tasks.unit_files.columns import BETWEEN_ALIASES, COLUMNS, DATES

_WIDTHS = {"name": 48, "short_name": 24, "aliases": 40, "parent": 24, "code": 24, "email": 28}
_DATE_FORMAT = "dd/mm/yyyy"


def unit_values(units: Iterable[Unit]) -> Iterator[dict[str, Any]]:
    """The typed values of each unit by column; two queries. `parent` has to be at hand."""
    aliases: dict[int, list[str]] = defaultdict(list)
    general = UnitAlias.objects.filter(issuer__isnull=True).order_by("text")
    for pk, text in general.values_list("unit_id", "text"):
        aliases[pk].append(text)
    for unit in units:
        yield {
            "code": unit.code,
            "name": unit.name,
            "short_name": unit.short_name,
            "kind": unit.get_kind_display(),
            "parent": unit.parent.code if unit.parent else "",
            "email": unit.email,
            "may_issue": unit.may_issue,
            "valid_from": unit.valid_from,
            "valid_until": unit.valid_until,
            "aliases": f"{BETWEEN_ALIASES} ".join(aliases[unit.pk]),
        }


def units_csv(units: Iterable[Unit]) -> str:
    """One line for each unit, under headings in the reader's language; dates are ISO."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow([str(label) for label in COLUMNS.values()])
    for values in unit_values(units):
        table.writerow([harmless(_as_text(value)) for value in values.values()])
    return BOM + written.getvalue()


def units_xlsx(units: Iterable[Unit]) -> bytes:
    """A workbook with one sheet: texts as text, dates as dates, yes or no as such."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = str(_("Units"))
    sheet.append([str(label) for label in COLUMNS.values()])
    for values in unit_values(units):
        sheet.append(list(values.values()))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, name in enumerate(COLUMNS, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = _WIDTHS.get(name, 16)
        for cell in sheet[letter][1:]:
            _set_type(cell, name)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _set_type(cell: Any, name: str) -> None:
    if name in DATES:
        cell.number_format = _DATE_FORMAT
    elif isinstance(cell.value, str):
        # A name that begins with "=" stays a name.
        cell.data_type = "s"
        cell.number_format = "@"


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "x" if value else ""
    return str(value)
