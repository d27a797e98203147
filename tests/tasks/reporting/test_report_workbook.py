"""The annex as a workbook: cells of their own kinds, and totals that count the rows."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tasks.reporting.report_workbook import workbook
from tests.tasks.reporting.papers import content, row

needs_office = pytest.mark.skipif(
    not shutil.which("soffice"), reason="LibreOffice is not installed"
)


def opened(**changes: object) -> Workbook:
    return load_workbook(io.BytesIO(workbook(content(**changes))))


def evaluated(data: bytes, folder: Path) -> Workbook:
    """The workbook as LibreOffice computes it."""
    path, target = folder / "annex.xlsx", folder / "out"
    path.write_bytes(data)
    command = ["soffice", "--headless", "--convert-to", "xlsx", "--outdir", str(target), str(path)]
    subprocess.run([*command, f"-env:UserInstallation=file://{folder}/profile"], check=True)
    return load_workbook(target / "annex.xlsx", data_only=True)


def test_items_are_typed_frozen_and_filtered() -> None:
    sheet = opened().worksheets[0]
    first = [cell.value for cell in sheet[2]]
    assert first[:4] == ["A. Trồng", "I.1", "Nhiệm vụ 1", "Sở A"]
    assert first[4:] == [dt.datetime(2024, 12, 31), 0.5, "Trong hạn", "đúng tiến độ"]  # noqa: DTZ001
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:H4")
    assert sheet["C5"].value == "=SUBTOTAL(103,$C$2:$C$4)"


def test_totals_are_formulas_over_the_items() -> None:
    sheet = opened().worksheets[1]
    assert [cell.value for cell in sheet["A"]] == ["Mục", "A. Trồng", "B. Tưới", "Tổng cộng"]
    assert sheet["E2"].value == (
        "=SUMPRODUCT(('Nhiệm vụ'!$A$2:$A$4=$A2)*('Nhiệm vụ'!$G$2:$G$4=E$1))"
    )
    assert (sheet["B2"].value, sheet["B4"].value) == ("=SUM(C2:H2)", "=SUM(B2:B3)")


def test_figures_are_numbers() -> None:
    assert [cell.value for cell in opened().worksheets[3][2]][:4] == [
        "Cây trồng mới",
        "cây",
        2305,
        2305.5,
    ]


def test_text_of_a_unit_is_never_run_as_a_formula() -> None:
    sheet = opened(annex=(row(1, unit="=1+1"),)).worksheets[0]
    assert sheet["D2"].value == "'=1+1"


def test_same_content_is_the_same_workbook() -> None:
    assert workbook(content()) == workbook(content())


@pytest.mark.slow
@needs_office
def test_formulas_count_what_the_letter_says(tmp_path: Path) -> None:
    said = content(annex=(row(1, "Có * và ?" * 40), row(2, "Có"), row(3, "Có", counted="overdue")))
    book = evaluated(workbook(said), tmp_path)
    for sheet, rows in ((book.worksheets[1], said.by_section), (book.worksheets[2], said.by_unit)):
        computed = [[cell.value for cell in cells][1:] for cells in sheet.iter_rows(min_row=2)]
        assert computed == [[one.total, *one.counts] for one in [*rows, said.overall]]
