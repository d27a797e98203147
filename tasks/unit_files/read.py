"""A file of units as lines of text by column. Nothing is checked against the registry here."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from tasks.rules.names import fold, tidy
from tasks.rules.numbers import show_number
from tasks.unit_files.columns import COLUMNS, REQUIRED, by_heading

MOST_LINES = 20_000
LARGEST_FILE = 5_000_000  # bytes
LARGEST_UNPACKED = 100_000_000  # bytes: a workbook is a compressed archive
LINE = "line"  # beside the columns: the number of the line in the file
BEYOND = "beyond"  # and what stands in it beyond the last heading
Row = dict[str, str]


class FileRefused(Exception):
    """The file as a whole cannot be read; the message says why, to a person."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


def read_units(data: bytes, file_name: str) -> list[Row]:
    """The lines of a CSV or XLSX file, each with its number; empty lines are left out.

    A column that the file does not have is missing from its rows: it is then left as it is.
    Raises `FileRefused`.
    """
    numbered = enumerate(file_lines(data, file_name), 1)
    columns: list[str] = []
    rows: list[Row] = []
    for number, cells in numbered:
        if not any(cells):
            continue
        if not columns:
            columns = _columns(cells)
            continue
        if len(rows) == MOST_LINES:
            raise FileRefused(_("The file has more than 20,000 lines. Split it."))
        named = zip(columns, cells, strict=False)
        row = {LINE: str(number), **{name: cell for name, cell in named if name}}
        if beyond := " ".join(filter(None, cells[len(columns) :])):
            row[BEYOND] = beyond
        rows.append(row)
    if not rows:
        raise FileRefused(_("The file holds no unit: a line of headings, then one line for each."))
    return rows


def file_lines(data: bytes, file_name: str) -> Iterator[list[str]]:
    """The cells of each line of a CSV or XLSX file as text, numbers in Vietnamese writing.

    Raises `FileRefused`.
    """
    if len(data) > LARGEST_FILE:
        raise FileRefused(_("The file is larger than 5 MB. Split it."))
    return _workbook(data) if file_name.casefold().endswith(".xlsx") else _text_lines(data)


def _columns(cells: list[str]) -> list[str]:
    known = by_heading()
    columns = [known.get(fold(cell), "") for cell in cells]
    strangers = [cell for cell, name in zip(cells, columns, strict=True) if cell and not name]
    if strangers:
        raise FileRefused(
            _("Nobody knows the column “%(name)s”. Known are: %(known)s.")
            % {"name": strangers[0], "known": ", ".join(map(str, COLUMNS.values()))}
        )
    twice = next((name for name in columns if name and columns.count(name) > 1), "")
    if twice:
        raise FileRefused(_("The column “%(name)s” stands twice.") % {"name": COLUMNS[twice]})
    missing = [str(COLUMNS[name]) for name in REQUIRED if name not in columns]
    if missing:
        raise FileRefused(
            _("These columns are missing: %(names)s.") % {"names": ", ".join(missing)}
        )
    return columns


def _text_lines(data: bytes) -> Iterator[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(
            _("The file is not UTF-8 text. Save it as “CSV UTF-8”, or hand in the .xlsx.")
        ) from error
    if "\0" in text:
        raise FileRefused(_("This is no CSV file. Hand in a .csv or an .xlsx."))
    first = text.split("\n", 1)[0]
    # Spreadsheets of Vietnamese computers write semicolons.
    delimiter = max(",;\t", key=first.count)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [_plain(cell) for cell in cells]
    except csv.Error as error:
        raise FileRefused(_("The file breaks off or is no CSV file.")) from error


def _workbook(data: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
                raise FileRefused(_("The workbook is too large. Split it."))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise FileRefused(_("This workbook cannot be opened. Save it again as .xlsx.")) from error
    sheet = book.worksheets[0]
    values: Iterable[tuple[Any, ...]] = sheet.iter_rows(values_only=True)
    for row in values:
        yield [_cell(value) for value in row[: 3 * len(COLUMNS)]]


def _cell(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, float):
        return show_number(Decimal(str(value)))
    return "" if value is None else _plain(str(value))


def _plain(text: str) -> str:
    """The text of a cell; the apostrophe that keeps a name from being a formula goes."""
    text = tidy(text).strip()
    return text[1:] if text[:1] == "'" and text[1:2] in set("=+-@") else text
