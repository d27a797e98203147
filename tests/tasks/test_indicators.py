"""Targets with what was measured, read from the tables."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tasks.indicators import local_sum, target_rows
from tasks.models import Target, UnitSuccession
from tasks.rules.progress import Standing
from tests.factories import make_unit
from tests.tasks.indicator_world import (
    make_figure,
    make_province,
    make_provincial_plan,
    make_target,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2024, 6, 1)


def test_row_adds_the_units_and_the_years() -> None:
    province, (north, south) = make_province()
    target = make_target(make_provincial_plan(province, [north, south]), province, baseline=15)
    make_figure(target, north, 2022, 20)
    make_figure(target, south, 2022, 10)
    make_figure(target, south, 2023, 12)
    make_figure(target, make_unit(), 2023, 99)
    (row,) = target_rows([target], today=TODAY)
    assert [(point.day.year, int(point.value)) for point in row.points] == [(2022, 45), (2023, 57)]
    assert (row.progress.value, row.standing) == (Decimal(57), Standing.BEHIND)


def test_line_of_shares_has_a_point_for_each_time() -> None:
    province, (north, south) = make_province()
    plan = make_provincial_plan(province, [north, south])
    target = make_target(plan, province, "Tỷ lệ", aggregation="weighted", measure="%")
    make_figure(target, north, 2022, 10, weight=1)
    make_figure(target, south, 2022, 20, weight=1)
    make_figure(target, north, 2023, 40, weight=3)
    (row,) = target_rows([target], today=TODAY)
    assert [int(point.value) for point in row.points] == [15, 35]


def test_replaced_figure_no_longer_counts() -> None:
    province, (north, south) = make_province()
    target = make_target(make_provincial_plan(province, [north, south]), province)
    old = make_figure(target, north, 2022, 90, replaced_at=dt.datetime(2023, 2, 1, tzinfo=dt.UTC))
    make_figure(target, north, 2022, 9, replaces=old, reason="Nhầm")
    (row,) = target_rows([target], today=TODAY)
    assert row.progress.value == Decimal(9)


def test_district_that_ended_counts_through_its_successor() -> None:
    province, (north, south) = make_province()
    target = make_target(make_provincial_plan(province, [north, south]), south)
    UnitSuccession.objects.create(
        predecessor=north, successor=south, kind="merge", effective_on=dt.date(2023, 7, 1)
    )
    make_figure(target, north, 2022, 20)
    make_figure(target, south, 2022, 10)
    make_figure(target, north, 2023, 7, covers_to=dt.date(2023, 6, 30))
    make_figure(target, south, 2023, 25)
    (row,) = target_rows([target], today=TODAY)
    assert row.progress.value == Decimal(55)


def test_rows_cost_the_same_for_one_and_for_many(django_assert_num_queries: Any) -> None:
    province, (north, south) = make_province()
    plan = make_provincial_plan(province, [north, south])
    for number in range(20):
        make_figure(make_target(plan, province, f"Chỉ tiêu {number}"), north, 2022, number)
    for shown in (Target.objects.all()[:1], Target.objects.all()):
        with django_assert_num_queries(4):
            target_rows(shown.select_related("indicator"), today=TODAY)


def test_local_targets_promise_together() -> None:
    province, (north, south) = make_province()
    plan = make_provincial_plan(province, [north, south])
    first = make_target(plan, north, low=Decimal(2), high=Decimal(4))
    second = make_target(plan, south, low=Decimal(3), high=None)
    assert local_sum([first, second]) == (Decimal(5), Decimal(7))
