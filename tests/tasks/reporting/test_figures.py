"""The figures of a report, and its pictures."""

import datetime as dt
import json
import struct
from decimal import Decimal
from typing import Any

import pytest

from tasks.models import Plan, Report, ReportingPeriod, ReportState, Target, Unit
from tasks.reporting.chart_png import chart_png
from tasks.reporting.charts import Chart, chart_svg
from tasks.reporting.figures import figures_of
from tests.factories import ISSUED_AT, make_person
from tests.tasks.indicator_world import (
    make_figure,
    make_province,
    make_provincial_plan,
    make_target,
)


class World:
    """A province of three districts; two of them lead, the first consolidates."""

    def __init__(self) -> None:
        self.province, districts = make_province(3)
        self.north, self.south, self.west = districts
        self.plan: Plan = make_provincial_plan(self.province, [self.north, self.south])
        self.target: Target = make_target(self.plan, self.province, baseline=Decimal(5))
        ReportingPeriod.objects.update(data_from=dt.date(2023, 1, 1), data_to=dt.date(2023, 12, 31))

    def report(self, unit: Unit, *, consolidated: bool = False) -> Report:
        reports = Report.objects.select_related("period", "plan")
        return reports.get(plan=self.plan, unit=unit, is_consolidated=consolidated)

    def accept(self, unit: Unit) -> None:
        Report.objects.filter(unit=unit, is_consolidated=False).update(
            state=ReportState.ACCEPTED, approved_by=make_person(unit), submitted_at=ISSUED_AT
        )


@pytest.fixture
def world(db: None) -> World:
    return World()


def test_unit_tells_its_own_share(world: World) -> None:
    make_figure(world.target, world.south, 2022, 4)
    make_figure(world.target, world.south, 2023, 2.5)
    make_figure(world.target, world.north, 2023, 30)
    (row,) = figures_of(world.report(world.south))
    assert (row.value, row.since_start, row.before) == ("2.5", "6.5", "4")
    assert (row.standing, row.chart) == ("", None)


def test_consolidated_report_tells_accepted_sources_only(world: World) -> None:
    make_figure(world.target, world.north, 2023, 30)
    make_figure(world.target, world.south, 2023, 7)
    make_figure(world.target, world.west, 2023, 100)
    world.accept(world.south)
    (row,) = figures_of(world.report(world.north, consolidated=True))
    # North consolidates, so what it knows itself counts too.
    assert (row.value, row.since_start, row.standing) == ("37", "42", "behind")
    assert [one.value for one in row.units] == ["30", "7"]
    assert row.chart is not None
    assert row.chart.points == (("2023-12-31", "42"),)


def test_rows_survive_json(world: World) -> None:
    make_figure(world.target, world.north, 2023, 30, source="")
    (row,) = figures_of(world.report(world.north, consolidated=True))
    kept = json.loads(json.dumps(row.as_json()))
    assert kept["units"] == [{"unit": "UBND huyện 1", "value": "30", "source": ""}]
    assert not row.has_source


def test_target_of_another_time_is_not_asked_for(world: World) -> None:
    make_target(
        world.plan, world.province, start_on=dt.date(2026, 1, 1), end_on=dt.date(2030, 12, 31)
    )
    assert len(figures_of(world.report(world.south))) == 1


def test_figures_cost_the_same_for_one_and_for_many(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        target = make_target(world.plan, world.province, f"Chỉ tiêu {number}")
        make_figure(target, world.north, 2023, number)
    world.accept(world.south)
    report = world.report(world.north, consolidated=True)
    with django_assert_max_num_queries(7):
        assert len(figures_of(report)) == 21


CHART = Chart(
    name="Dự án <mới>",
    measure="dự án",
    start="2022-01-01",
    end="2025-12-31",
    low="100",
    high="120",
    points=(("2022-12-31", "20"), ("2023-12-31", "45.5")),
    pace=(("2021-12-31", "0"), ("2025-12-31", "100")),
)


def test_picture_says_in_words_what_it_shows() -> None:
    drawn = chart_svg(CHART)
    assert "<title>Dự án &lt;mới&gt;</title>" in drawn
    assert (
        "<desc>Wanted by 31/12/2025: 100–120 dự án. Measured: 31/12/2022: 20;"
        " 31/12/2023: 45,5.</desc>"
    ) in drawn
    assert "style=" not in drawn


def test_picture_for_word_is_the_same_to_the_byte() -> None:
    drawn = chart_png(CHART)
    assert drawn == chart_png(CHART)
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", drawn[16:24])
    assert (width, height) == (560 * 3, 220 * 3)
    assert len(drawn) < 20_000
