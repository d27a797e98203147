"""The totals of one report, told four ways: by plain SQL, the letter, the workbook and the page."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections import Counter
from typing import Any

from bs4 import BeautifulSoup
from django.db import connection
from docx import Document
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tasks.reporting.content import COUNTED

# How many are in each class, by the name of a section or a unit; "" is the sum.
Totals = dict[str, tuple[int, ...]]

_SQL = """
    SELECT {name},
           CASE WHEN d.id IS NULL THEN 'no_deadline'
                WHEN d.fulfilled_on > d.due_on THEN 'done_late'
                WHEN d.fulfilled_on IS NOT NULL THEN 'done_on_time'
                WHEN d.paused_at IS NOT NULL THEN 'paused'
                WHEN d.due_on < %s THEN 'overdue'
                ELSE 'in_term' END AS class,
           COUNT(*)
      FROM tasks_participation p
      JOIN tasks_planitem i ON i.id = p.item_id
      JOIN tasks_unit u ON u.id = p.unit_id
      LEFT JOIN tasks_section s ON s.id = i.section_id
      LEFT JOIN tasks_deadline d ON d.participation_id = p.id AND d.kind = 'item'
     WHERE i.plan_id = %s AND p.role = 'lead' AND p.state NOT IN ('replaced', 'cancelled')
     GROUP BY 1, 2
"""
_NAMES = ("CASE WHEN s.id IS NULL THEN '' ELSE s.code || '. ' || s.title END", "u.name")
_RANGE = re.compile(r"SUMPRODUCT\(\('.*?'!\$(\w)\$2:\$\w\$(\d+)=\$A(\d+)\)\*\('.*?'!\$(\w)\$2")


def by_sql(plan: int, today: dt.date) -> list[Totals]:
    """By section and by unit, as the tables of the database have it."""
    found = []
    for name in _NAMES:
        with connection.cursor() as cursor:
            cursor.execute(_SQL.format(name=name), [today, plan])
            rows = cursor.fetchall()
        counts: dict[str, Counter[str]] = {}
        for who, kind, number in rows:
            counts.setdefault(who, Counter())[kind] += number
        found.append(_summed({who: _ordered(kinds) for who, kinds in counts.items()}))
    return found


def _ordered(counts: Counter[str]) -> tuple[int, ...]:
    return tuple(counts[name] for name in COUNTED)


def _summed(totals: Totals) -> Totals:
    columns = zip(*totals.values(), strict=True) if totals else [()] * len(COUNTED)
    return {**{f"={who}": counts for who, counts in totals.items()}, "": tuple(map(sum, columns))}


def in_letter(data: bytes) -> list[Totals]:
    """What the two tables of the Word file say; their sums are those printed there."""
    tables = [
        table
        for table in Document(io.BytesIO(data)).tables
        if len(table.columns) == len(COUNTED) + 2
    ]
    return [
        _told([[cell.text for cell in row.cells] for row in table.rows[1:]]) for table in tables
    ]


def on_page(html: str) -> list[Totals]:
    """What the two tables of the page say."""
    page = BeautifulSoup(html, "html.parser")
    found = []
    for name in ("by-section", "by-unit"):
        rows = page.select(f"#{name} tbody tr, #{name} tfoot tr")
        found.append(_told([[cell.text for cell in row.select("th, td")] for row in rows]))
    return found


def _told(rows: list[list[str]]) -> Totals:
    """Rows of name, total and counts, of which the last is the sum of all."""
    totals: Totals = {}
    for at, (name, total, *counts) in enumerate(rows):
        numbers = tuple(map(int, counts))
        assert int(total) == sum(numbers), f"the total of {name} is not that of its classes"
        totals["" if at == len(rows) - 1 else f"={name}"] = numbers
    return totals


def in_workbook(data: bytes) -> list[Totals]:
    """What the formulas of the workbook give, computed over the cells that they name."""
    book = load_workbook(io.BytesIO(data))
    items, *sheets = book.worksheets
    return [_computed(sheet, items) for sheet in sheets[:2]]


def _computed(sheet: Worksheet, items: Worksheet) -> Totals:
    *rows, last = sheet.iter_rows(min_row=2)
    classes = [cell.value for cell in sheet[1]][2:]
    totals: Totals = {}
    for name, total, *counts in rows:
        numbers = tuple(
            _count(str(cell.value), str(name.value or ""), str(kind), items)
            for cell, kind in zip(counts, classes, strict=True)
        )
        assert total.value == f"=SUM(C{name.row}:H{name.row})"
        totals[f"={name.value or ''}"] = numbers
    end = len(rows) + 1
    assert [cell.value for cell in last][1:] == [f"=SUM({one}2:{one}{end})" for one in "BCDEFGH"]
    totals[""] = tuple(map(sum, zip(*totals.values(), strict=True)))
    return totals


def _count(formula: str, name: str, kind: str, items: Worksheet) -> int:
    found = _RANGE.search(formula)
    assert found is not None, formula
    names, last, _row, kinds = found.groups()
    rows = range(2, int(last) + 1)
    assert int(last) == items.max_row - 1, "the formula leaves out rows of the items"
    return sum(
        str(items[f"{names}{row}"].value or "") == name and items[f"{kinds}{row}"].value == kind
        for row in rows
    )


def differences(expected: list[Totals], told: list[Totals]) -> int:
    """How many numbers of a table are not those of the database."""
    assert len(expected) == len(told), "a table is missing"
    return sum(
        expected[at].get(name) != told[at].get(name)
        for at in range(len(expected))
        for name in {*expected[at], *told[at]}
    )


def everything(report: Any, letter: bytes, workbook: bytes, page: str, today: dt.date) -> int:
    """How many totals of the three differ from plain SQL."""
    expected = by_sql(report.plan_id, today)
    told = (in_letter(letter), in_workbook(workbook), on_page(page))
    return sum(differences(expected, one) for one in told)
