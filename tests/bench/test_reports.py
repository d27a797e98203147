"""Every total of a consolidated report equals one counted by plain SQL, for plans of any size."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest
from django.utils import timezone

from tasks.reporting.gathering import GATHERED, gather
from tasks.reporting.official_letter import letter
from tasks.reporting.report_workbook import workbook
from tasks.rules.calendar import local_instant
from tests.bench.report_plan import filled_plan
from tests.bench.report_totals import by_sql, differences, everything
from tests.factories import make_person
from tests.tasks.reporting.test_report_workbook import evaluated, needs_office

pytestmark = pytest.mark.django_db
TODAY = dt.date(2023, 12, 5)
MOST_SECONDS = 10.0


def differ(client: object, items: int, seed: int = 0) -> int:
    report = filled_plan(items, today=TODAY, seed=seed)
    said = gather(GATHERED.get(pk=report.pk), today=TODAY)
    client.force_login(make_person(report.unit))  # type: ignore[attr-defined]
    page = client.get(f"/reports/{report.pk}/paper/").content.decode()  # type: ignore[attr-defined]
    return everything(report, letter(said), workbook(said), page, TODAY)


@pytest.fixture(autouse=True)
def _december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: local_instant(TODAY, 9))


@pytest.mark.parametrize("items", [10, 37])
def test_every_total_is_that_of_plain_sql(client: object, items: int) -> None:
    assert differ(client, items) == 0


@pytest.mark.slow
@pytest.mark.parametrize(("items", "seed"), [(10, 1), (11, 2), (100, 3), (500, 4), (2000, 5)])
def test_every_total_of_large_plans_too(client: object, items: int, seed: int) -> None:
    assert differ(client, items, seed) == 0


@pytest.mark.slow
@needs_office
def test_office_computes_the_same_totals(tmp_path: Path) -> None:
    report = filled_plan(200, today=TODAY)
    said = gather(GATHERED.get(pk=report.pk), today=TODAY)
    book = evaluated(workbook(said), tmp_path)
    told = []
    for sheet in book.worksheets[1:3]:
        rows = [[cell.value or "" for cell in cells] for cells in sheet.iter_rows(min_row=2)]
        totals = {
            f"={name}": tuple(int(one or 0) for one in counts) for name, _all, *counts in rows
        }
        totals[""] = totals.pop(f"={said.words.total}")
        told.append(totals)
    assert differences(by_sql(report.plan_id, TODAY), told) == 0


def test_wrong_number_is_found() -> None:
    assert differences([{"=A": (1, 2)}], [{"=A": (1, 3)}]) == 1
    assert differences([{"=A": (1, 2)}], [{"=B": (1, 2)}]) == 2


@pytest.mark.slow
def test_five_hundred_items_take_less_than_ten_seconds() -> None:
    report = filled_plan(500, today=TODAY)
    started = time.process_time()
    said = gather(GATHERED.get(pk=report.pk), today=TODAY)
    assert letter(said)
    assert workbook(said)
    assert time.process_time() - started < MOST_SECONDS
