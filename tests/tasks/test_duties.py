"""What became of the reports of a duty, unit by period."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from tasks.duties import Outcome, duty_rows, duty_table
from tasks.duty_words import rule_words
from tasks.models import Report
from tasks.reporting.duty_files import duty_csv, duty_workbook
from tasks.rules.calendar import local_instant
from tests.workflows.duty_world import DUE, hand_in, leads_duty
from tests.workflows.world import World, make_world
from workflows.actions import reports

pytestmark = pytest.mark.django_db
LATE = local_instant(DUE + dt.timedelta(days=3), 9)


@pytest.fixture
def world() -> World:
    """The first lead handed in three days late, after its report had come back once."""
    world = make_world()
    report = own(world)
    hand_in(report, local_instant(dt.date(2023, 12, 1), 9))
    about = {"actor": world.actor("focal"), "at": local_instant(dt.date(2023, 12, 5), 9)}
    reports.return_report(report=own(world), reason="Thiếu số liệu", **about)
    return world


def own(world: World) -> Report:
    return world.plan.reports.get(unit=world.units["lead"])


def outcomes(world: World, today: dt.date) -> dict[str, list[str]]:
    table = duty_table(list(leads_duty(world.plan).periods.all()), today=today)
    return {
        row.unit.short_name: [str(cell.outcome) if cell else "" for cell in row.cells]
        for row in table.rows
    }


def test_report_that_came_back_is_returned_until_its_date_then_missing(world: World) -> None:
    lead, other = world.units["lead"].short_name, world.units["other_lead"].short_name
    assert outcomes(world, DUE) == {lead: ["returned"], other: ["to_come"]}
    after = DUE + dt.timedelta(days=1)
    assert outcomes(world, after) == {lead: ["missing"], other: ["missing"]}


def test_late_report_says_how_late_and_how_often_it_came_back(world: World) -> None:
    hand_in(own(world), LATE)
    (period,) = leads_duty(world.plan).periods.all()
    table = duty_table([period], today=DUE + dt.timedelta(days=9))
    (late, *_others) = [row for row in table.rows if row.unit == world.units["lead"]]
    assert late.cells[0] is not None
    assert late.cells[0].words == "handed in late 3 days, returned once"
    assert [row.unit for row in table.having(Outcome.MISSING).rows] == [world.units["other_lead"]]
    assert [row.unit for row in table.having(Outcome.RETURNED).rows] == [world.units["lead"]]
    ((_period, faults),) = table.named()
    assert [str(words) for words, _cells in faults] == ["missing", "handed in late", "returned"]


def test_duty_of_the_plan_names_its_next_date_and_who_is_missing(world: World) -> None:
    leads, final = duty_rows(world.plan, today=DUE)
    assert (leads.next_on, leads.missing) == (DUE, [])
    assert final.next_on == dt.date(2023, 12, 20)
    final, leads = duty_rows(world.plan, today=DUE + dt.timedelta(days=1))
    assert leads.next_on is None
    assert {report.unit for report in leads.missing} == {
        world.units["lead"],
        world.units["other_lead"],
    }


def test_files_hold_the_table_and_no_formula(world: World) -> None:
    unit = world.units["lead"]
    unit.name = "=1+1"
    unit.save()
    periods = list(leads_duty(world.plan).periods.all())
    table = duty_table(periods, today=DUE)
    sheet = load_workbook(io.BytesIO(duty_workbook(table))).active
    assert sheet is not None
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[1] == ("Due on", "10/12/2023")
    assert ("'=1+1", "returned") in lines
    assert "'=1+1,returned" in duty_csv(table)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", ""),
        ("weekly day 5", "Friday every week"),
        ("monthly day 22", "day 22 of every month"),
        ("monthly last day", "last day of every month"),
        ("day 05 of month 3, 6, 9, 12", "day 5 of months 3, 6, 9, 12"),
        ("last day of month 6, 12", "last day of months 6, 12"),
        ("yearly 12-01", "1/12 every year"),
        ("yearly 06-15, 12-01", "15/6, 1/12 every year"),
    ],
)
def test_rule_is_told_in_words(rule: str, words: str) -> None:
    assert rule_words(rule) == words
