"""Workbooks and CSV files read like tables."""

from datetime import date, datetime
from io import BytesIO
from unittest import mock

import openpyxl
import pytest
from openpyxl import Workbook

from tasks.importing import bounds
from tasks.importing.blocks import Line
from tasks.importing.errors import DocumentError
from tasks.importing.progress import Report
from tasks.importing.xlsx_reader import read_csv, read_xlsx

LABELS = ["TT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời hạn"]


def saved(workbook: Workbook) -> bytes:
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def book(*rows: list[object]) -> Workbook:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.worksheets[0].append(row)
    return workbook


def lines(workbook: Workbook, report: Report | None = None) -> list[Line]:
    found = read_xlsx(saved(workbook), "plan.xlsx", report or Report())
    return [line for line in found if line.text]


def row(workbook: Workbook, number: int) -> list[str]:
    """Return the texts of a row, which counts from 1 as in Excel."""
    return [line.text for line in lines(workbook) if line.cell and line.cell.row == number]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2024, 6, 30), "30/6/2024"),
        (datetime(2024, 6, 30, 8), "30/6/2024"),  # noqa: DTZ001 - as Excel keeps it
        (12, "12"),
        (2.5, "2.5"),
        ("Quý II", "Quý II"),
    ],
)
def test_values_are_read_as_people_write_them(value: object, text: str) -> None:
    assert row(book(LABELS, [1, "Trồng", "Sở A", value]), 2)[3] == text


def test_heading_above_and_words_below_are_no_cells() -> None:
    workbook = book(["PHỤ LỤC"], [], LABELS, [1, "Trồng", "Sở A", "Quý I"], ["Nơi nhận:"])
    placed = [line.cell is not None for line in lines(workbook)]
    assert placed == [False, *[True] * 8, False]


def test_merged_cell_counts_for_each_row() -> None:
    workbook = book(LABELS, [1, "Trồng", "Sở A", "Quý I"], [2, "Tưới", None, "Quý II"])
    workbook.worksheets[0].merge_cells("C2:C3")
    assert row(workbook, 3) == ["2", "Tưới", "Sở A", "Quý II"]


def test_each_visible_sheet_is_a_table_and_hidden_ones_a_doubt() -> None:
    workbook = book(LABELS, [1, "Trồng", "Sở A", "Quý I"])
    for title, state in (("Hai", "visible"), ("Ẩn", "hidden")):
        sheet = workbook.create_sheet(title)
        sheet.sheet_state = state
        sheet.append(["STT", "Công việc", "Cơ quan"])
        sheet.append([1, title, "Sở B"])
    report = Report()
    assert {line.cell.table for line in lines(workbook, report)} == {0, 1}
    assert [(one.code, one.params) for one in report.cautions] == [
        ("hidden_sheet", {"sheet": "Ẩn"})
    ]


def test_formula_gives_its_last_value_and_none_where_there_is_none() -> None:
    assert row(book(LABELS, [1, "Trồng", "Sở A", "=1+1"]), 2) == ["1", "Trồng", "Sở A"]


def test_far_cell_costs_nothing() -> None:
    workbook = book(LABELS, [1, "Trồng", "Sở A", "Quý I"])
    workbook.worksheets[0]["XFD1048576"] = "xa"
    assert [line.text for line in lines(workbook)][-1] == "xa"


def test_too_many_cells_are_refused() -> None:
    with mock.patch.object(bounds, "MAX_LINES", 7), pytest.raises(DocumentError) as caught:
        lines(book(LABELS, [1, "Trồng", "Sở A", "Quý I"]))
    assert caught.value.code == "too_many_lines"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_a_table(separator: str) -> None:
    text = "\n".join(separator.join(row) for row in (LABELS, ["1", '"Trồng\ncây"', "Sở A", "Q"]))
    found = [
        (line.cell.row, line.cell.column, line.text) for line in read_csv(text.encode(), "a.csv")
    ]
    assert found[4:] == [(1, 0, "1"), (1, 1, "Trồng"), (1, 1, "cây"), (1, 2, "Sở A"), (1, 3, "Q")]
