"""Where a target stands: what is needed, and whether the figures keep the pace."""

import datetime as dt
from decimal import Decimal

import pytest

from tasks.rules.progress import Aim, Point, Standing, months_between, progress
from tasks.rules.rollup import Rule


def aim(rule: Rule = Rule.SUM, *, rises: bool = True, **changed: int | None) -> Aim:
    numbers = {"low": 100, "high": 120, "baseline": None} | changed
    bounds = {name: None if n is None else Decimal(n) for name, n in numbers.items()}
    return Aim(rule, rises, dt.date(2022, 1, 1), dt.date(2025, 12, 31), **bounds)


def line(*values: int, since: int = 2022) -> list[Point]:
    return [Point(dt.date(year, 12, 31), Decimal(v)) for year, v in enumerate(values, since)]


def test_pace_leads_from_nothing_to_the_low_bound() -> None:
    found = progress(aim(), line(20, 45))
    assert found.pace == (
        Point(dt.date(2021, 12, 31), Decimal()),
        Point(dt.date(2025, 12, 31), Decimal(100)),
    )
    assert found.pace_per_year == 25
    assert found.needed_per_year == Decimal("27.5")
    assert found.needed_per_month == Decimal(55) / 24


def test_baseline_is_where_the_pace_begins() -> None:
    found = progress(aim(low=30, high=35, baseline=15), line(4, 8))
    assert (found.value, found.pace_per_year) == (Decimal(23), Decimal("3.75"))


@pytest.mark.parametrize(
    ("values", "standing"),
    [
        ((), Standing.NO_FIGURES),
        ((24,), Standing.BEHIND),
        ((26,), Standing.ON_PACE),
        ((26, 49), Standing.BEHIND),
        ((26, 49, 101), Standing.REACHED),
        ((26, 50, 75, 99), Standing.BEHIND),
    ],
)
def test_more_is_better(values: tuple[int, ...], standing: Standing) -> None:
    assert progress(aim(), line(*values)).standing is standing


@pytest.mark.parametrize(
    ("value", "standing", "needed"),
    [
        (7, Standing.ON_PACE, Decimal(2) / 3),
        (9, Standing.BEHIND, Decimal(4) / 3),
        (5, Standing.REACHED, Decimal(0)),
    ],
)
def test_less_is_better_down_to_the_upper_bound(
    value: int, standing: Standing, needed: Decimal
) -> None:
    poverty = aim(Rule.LAST, rises=False, low=4, high=5, baseline=9)
    found = progress(poverty, line(value))
    assert (found.standing, found.needed_per_year) == (standing, needed)


def test_limit_on_what_adds_up_is_kept_only_at_the_end() -> None:
    fires = aim(low=None, high=40)
    assert progress(fires, line(9, 19)).standing is Standing.ON_PACE
    assert progress(fires, line(9, 21)).standing is Standing.BEHIND
    assert progress(fires, line(9, 19, 29, 39)).standing is Standing.REACHED
    assert progress(fires, line(9)).needed_per_year is None


def test_first_value_begins_the_pace_where_no_baseline_is_known() -> None:
    found = progress(aim(Rule.LAST), line(70, 81))
    assert found.pace == (line(70)[0], Point(dt.date(2025, 12, 31), Decimal(100)))
    assert found.standing is Standing.ON_PACE


def test_average_is_a_level() -> None:
    found = progress(aim(Rule.AVERAGE, low=5, high=None), line(4))
    assert (found.standing, found.pace, found.needed_per_year) == (Standing.BEHIND, None, None)


def test_no_time_left_needs_no_pace() -> None:
    assert progress(aim(), line(1, 2, 3, 4)).needed_per_year is None


def test_months_are_counted_as_people_do() -> None:
    assert months_between(dt.date(2022, 1, 1), dt.date(2025, 12, 31)) == 48
    assert months_between(dt.date(2023, 1, 1), dt.date(2023, 2, 15)) == Decimal("1.5")
