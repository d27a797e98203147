"""Figures as a workbook, and lines of a file checked cell by cell before anything is kept."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from tasks.models import Aggregation, Indicator, Measurement, Unit
from tasks.rules.names import fold
from tasks.rules.numbers import NotANumber, parse_number
from tasks.unit_files.columns import read_day
from tasks.unit_files.read import FileRefused, file_lines

MOST_LINES = 2_000
COLUMNS: dict[str, str | Promise] = {
    "unit": _("Code of the unit"),
    "indicator": _("Indicator"),
    "measure": _("Unit of measure"),
    "covers_from": _("Figures from"),
    "covers_to": _("Figures to"),
    "value": _("Value"),
    "weight": _("Weight: of how many"),
    "source": _("Source"),
}
REQUIRED = ("unit", "indicator", "covers_from", "covers_to", "value")
_WIDTHS = {"unit": 22, "indicator": 52, "source": 40}
_FORMATS = {"covers_from": "dd/mm/yyyy", "covers_to": "dd/mm/yyyy", "value": "#,##0.####"}


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong in one cell."""

    label: str
    message: str


@dataclass(slots=True)
class FigureLine:
    """A line of a file: its cells as they stand, what they mean, and what is wrong with them."""

    number: int
    cells: dict[str, str]
    flaws: list[Flaw] = field(default_factory=list)
    unit: Unit | None = None
    indicator: Indicator | None = None
    covers_from: dt.date | None = None
    covers_to: dt.date | None = None
    value: Decimal | None = None
    weight: Decimal | None = None
    known: Measurement | None = None

    def refuse(self, column: str, message: str) -> None:
        self.flaws.append(Flaw(str(COLUMNS[column]), message))

    @property
    def source(self) -> str:
        return self.cells.get("source", "")


def read_figures(data: bytes, file_name: str) -> list[dict[str, str]]:
    """The lines that have a value, by column, each with its number under "line".

    Raises `FileRefused`.
    """
    known = _by_heading()
    columns: list[str] = []
    rows: list[dict[str, str]] = []
    for number, cells in enumerate(file_lines(data, file_name), 1):
        if not columns:
            columns = [known.get(fold(cell), "") for cell in cells]
            missing = [str(COLUMNS[name]) for name in REQUIRED if name not in columns]
            if missing:
                message = _("These columns are missing: %(names)s.")
                raise FileRefused(message % {"names": ", ".join(missing)})
            continue
        row = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
        if row.get("value"):
            rows.append({**row, "line": str(number)})
        if len(rows) > MOST_LINES:
            raise FileRefused(_("The file has more than 2,000 figures. Split it."))
    if not rows:
        raise FileRefused(_("The file holds no value. Fill in the column “Value”."))
    return rows


def _by_heading() -> dict[str, str]:
    """The column of each heading, folded, in any of our languages."""
    found = {fold(name): name for name in COLUMNS}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {fold(str(label)): name for name, label in COLUMNS.items()}
    return found


def check_figures(
    rows: Iterable[dict[str, str]], units: Sequence[Unit], indicators: Sequence[Indicator]
) -> list[FigureLine]:
    """The lines with what they mean; `units` are those the reader may give figures of. One query.

    Writes nothing.
    """
    by_code = {unit.code.casefold(): unit for unit in units}
    by_name: dict[str, list[Indicator]] = {}
    for one in indicators:
        by_name.setdefault(one.folded_name, []).append(one)
    current = Measurement.objects.filter(indicator__in=indicators, unit__in=units)
    held = {_key(one): one for one in current.filter(replaced_at__isnull=True)}
    lines = [_line(row, by_code, by_name) for row in rows]
    seen: set[tuple[Any, ...]] = set()
    for line in lines:
        if not line.flaws:
            _check_span(line, held, seen)
    return lines


def _key(one: Measurement) -> tuple[Any, ...]:
    return one.indicator_id, one.unit_id, one.covers_from, one.covers_to


def _line(
    row: dict[str, str], by_code: dict[str, Unit], by_name: dict[str, list[Indicator]]
) -> FigureLine:
    line = FigureLine(int(row["line"]), {name: row.get(name, "") for name in COLUMNS})
    line.unit = by_code.get(row.get("unit", "").casefold())
    if line.unit is None:
        line.refuse("unit", _g("You give no figures of a unit with this code."))
    line.indicator = _indicator(line, by_name)
    for column in ("covers_from", "covers_to"):
        setattr(line, column, _day(line, column))
    line.value = _number(line, "value")
    if line.cells["weight"]:
        line.weight = _number(line, "weight")
    elif line.indicator and line.indicator.aggregation == Aggregation.WEIGHTED:
        line.refuse("weight", _g("A weighted average needs its weight: of how many."))
    return line


def _indicator(line: FigureLine, by_name: dict[str, list[Indicator]]) -> Indicator | None:
    named = by_name.get(fold(line.cells["indicator"]), [])
    measure = fold(line.cells["measure"])
    found = [one for one in named if not measure or fold(one.measure) == measure]
    if not found:
        line.refuse("indicator", _g("The plan has no target for an indicator of this name."))
    elif len(found) > 1:
        line.refuse("measure", _g("Several indicators have this name: write the unit of measure."))
    return found[0] if len(found) == 1 else None


def _day(line: FigureLine, column: str) -> dt.date | None:
    try:
        day = read_day(line.cells[column])
    except ValueError:
        line.refuse(column, _g("This is no date. Write it as 31/12/2023."))
        return None
    if day is None:
        line.refuse(column, _g("The date is missing."))
    return day


def _number(line: FigureLine, column: str) -> Decimal | None:
    try:
        return parse_number(line.cells[column])
    except NotANumber as refusal:
        line.refuse(column, str(refusal))
        return None


def _check_span(
    line: FigureLine, held: dict[tuple[Any, ...], Measurement], seen: set[tuple[Any, ...]]
) -> None:
    assert line.unit
    assert line.indicator
    assert line.covers_from
    assert line.covers_to
    key = (line.indicator.pk, line.unit.pk, line.covers_from, line.covers_to)
    if line.covers_to < line.covers_from:
        line.refuse("covers_to", _g("The last day of the figure is before its first day."))
    elif key in seen:
        line.refuse("value", _g("The file says this figure twice."))
    seen.add(key)
    line.known = held.get(key)
    if line.known is not None and line.known.value != line.value:
        message = _g("There is another figure for these days already. Correct it on its page.")
        line.refuse("value", message)


def figures_xlsx(figures: Iterable[Measurement]) -> bytes:
    """A workbook of figures with their unit and indicator: typed cells, one line each."""
    return _book(
        [
            one.unit.code,
            one.indicator.name,
            one.indicator.measure,
            one.covers_from,
            one.covers_to,
            one.value,
            one.weight,
            one.source,
        ]
        for one in figures
    )


def template_xlsx(
    units: Iterable[Unit], indicators: Sequence[Indicator], start: dt.date, end: dt.date
) -> bytes:
    """The same workbook with a line for each figure that could be given, the value left open."""
    return _book(
        [unit.code, one.name, one.measure, start, end, None, None, ""]
        for unit in units
        for one in indicators
    )


def _book(rows: Iterable[list[Any]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = pgettext("numbers", "Figures")
    sheet.append([str(label) for label in COLUMNS.values()])
    for row in rows:
        sheet.append(row)
    for number, name in enumerate(COLUMNS, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = _WIDTHS.get(name, 16)
        for cell in sheet[letter]:
            cell.number_format = _FORMATS.get(
                name, "@" if isinstance(cell.value, str) else "General"
            )
            if isinstance(cell.value, str):
                # A text that begins with "=" stays a text.
                cell.data_type = "s"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()
