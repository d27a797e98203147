"""Days that recur, and the period that a report due on one of them is about."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.rules.schedules import Cycle, Schedule, period_due, rule_for

DAY = dt.timedelta(days=1)
days = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))


def on(day: int, month: int, year: int = 2026) -> dt.date:
    return dt.date(year, month, day)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("yearly 12-01", [on(1, 12)]),
        ("yearly 06-15, 12-01", [on(15, 6), on(1, 12)]),
        ("day 05 of month 3, 6, 9, 12", [on(5, 3), on(5, 6), on(5, 9), on(5, 12)]),
        ("last day of month 3, 6, 9, 12", [on(31, 3), on(30, 6), on(30, 9), on(31, 12)]),
        ("yearly 02-29", [on(28, 2)]),
    ],
)
def test_days_of_a_year(rule: str, expected: list[dt.date]) -> None:
    assert Schedule.parse(rule).between(on(1, 1), on(31, 12)) == expected


def test_days_of_each_month_and_week() -> None:
    assert Schedule.parse("monthly last day").between(on(30, 1), on(1, 4)) == [
        on(31, 1),
        on(28, 2),
        on(31, 3),
    ]
    assert Schedule.parse("weekly day 5").between(on(16, 11), on(30, 11)) == [
        on(20, 11),
        on(27, 11),
    ]


def test_next_day_may_be_the_day_itself_or_lie_in_the_next_year() -> None:
    yearly = Schedule.parse("yearly 12-01")
    assert (yearly.next(on(1, 12)), yearly.next(on(2, 12))) == (on(1, 12), on(1, 12, 2027))


@pytest.mark.parametrize("rule", ["", "yearly", "yearly 13-01", "monthly day 0", "weekly day 8"])
def test_rule_that_names_no_day_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Schedule.parse(rule)


@pytest.mark.parametrize(
    ("rule", "eve"),
    [
        ("yearly 06-15, 12-01", "yearly 06-14, 11-30"),
        ("day 01 of month 1, 7", "yearly 06-30, 12-31"),
        ("weekly day 1", "weekly day 7"),
    ],
)
def test_eve_is_a_day_earlier(rule: str, eve: str) -> None:
    year = (on(2, 1), on(31, 12))
    earlier = Schedule.parse(rule).eve().between(on(1, 1), on(31, 12))
    assert [day + DAY for day in earlier if day + DAY <= year[1]] == Schedule.parse(rule).between(
        *year
    )
    assert set(earlier) <= set(Schedule.parse(eve).between(on(1, 1), on(31, 12)))


@pytest.mark.parametrize(
    "rule",
    [
        "weekly day 5",
        "monthly day 22",
        "monthly last day",
        "day 05 of month 3, 6, 9, 12",
        "last day of month 3, 6, 9, 12",
        "yearly 06-15, 12-01",
        "yearly 12-01",
    ],
)
def test_rule_is_written_as_it_is_read(rule: str) -> None:
    assert str(Schedule.parse(rule)) == rule


@pytest.mark.parametrize(
    ("cycle", "due_on", "given_rule", "rule"),
    [
        (Cycle.YEAR, on(1, 12), "yearly 12-01", "yearly 12-01"),
        # Read strictly, both dates lie a day earlier.
        (Cycle.HALF, on(14, 6), "yearly 06-15, 12-01", "yearly 06-14, 11-30"),
        # A person put the date somewhere else.
        (Cycle.QUARTER, on(20, 2), "day 05 of month 3, 6, 9, 12", "day 20 of month 2, 5, 8, 11"),
        (Cycle.MONTH, on(31, 3), "", "monthly last day"),
        (Cycle.WEEK, on(20, 11), "", "weekly day 5"),
    ],
)
def test_rule_follows_the_date_that_was_settled_on(
    cycle: Cycle, due_on: dt.date, given_rule: str, rule: str
) -> None:
    assert rule_for(cycle, due_on, given_rule) == rule


@given(st.sampled_from(Cycle), days)
def test_every_rule_made_for_a_date_holds_it(cycle: Cycle, due_on: dt.date) -> None:
    assert Schedule.parse(rule_for(cycle, due_on)).between(due_on, due_on) == [due_on]


@pytest.mark.parametrize(
    ("cycle", "due_on", "first", "last"),
    [
        (Cycle.YEAR, on(1, 12), on(1, 1), on(31, 12)),
        (Cycle.YEAR, on(15, 1, 2027), on(1, 1), on(31, 12)),
        (Cycle.HALF, on(15, 6), on(1, 1), on(30, 6)),
        # The second report of a half-yearly duty is about the whole year.
        (Cycle.HALF, on(1, 12), on(1, 1), on(31, 12)),
        (Cycle.QUARTER, on(5, 3), on(1, 1), on(31, 3)),
        (Cycle.QUARTER, on(10, 4), on(1, 1), on(31, 3)),
        (Cycle.MONTH, on(22, 3), on(1, 3), on(31, 3)),
        (Cycle.MONTH, on(5, 3), on(1, 2), on(28, 2)),
        (Cycle.WEEK, on(20, 11), on(16, 11), on(22, 11)),
        (Cycle.WEEK, on(23, 11), on(16, 11), on(22, 11)),
    ],
)
def test_period_of_a_date(cycle: Cycle, due_on: dt.date, first: dt.date, last: dt.date) -> None:
    period = period_due(cycle, due_on)
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    ("cycle", "due_on", "window"),
    [
        (Cycle.MONTH, on(22, 3), (on(15, 2), on(14, 3))),
        (Cycle.QUARTER, on(5, 3), (on(15, 12, 2025), on(14, 3))),
        (Cycle.HALF, on(15, 6), (on(15, 12, 2025), on(14, 6))),
        (Cycle.YEAR, on(1, 12), (on(15, 12, 2025), on(14, 12))),
    ],
)
def test_windows_of_the_decree(
    cycle: Cycle, due_on: dt.date, window: tuple[dt.date, dt.date]
) -> None:
    assert period_due(cycle, due_on).closed_on_the_fourteenth() == window


@given(st.sampled_from([Cycle.WEEK, Cycle.MONTH, Cycle.QUARTER, Cycle.YEAR]), days)
def test_windows_follow_each_other_without_a_gap(cycle: Cycle, due_on: dt.date) -> None:
    period = period_due(cycle, due_on)
    after = period_due(cycle, period.last + (period.last - period.first) + DAY)
    assert after.first == period.last + DAY
    assert after.closed_on_the_fourteenth()[0] == period.closed_on_the_fourteenth()[1] + DAY
