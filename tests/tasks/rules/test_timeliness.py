"""Late, due soon, on time: every class and the day on which it changes."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.rules.calendar import DAY, WorkingCalendar
from tasks.rules.timeliness import DUE_SOON_WORKING_DAYS, Standing, Timeliness, standing

CALENDAR = WorkingCalendar()
DUE = dt.date(2023, 6, 30)
SUNDAY = dt.date(2023, 12, 10)
DAYS = st.dates(dt.date(2022, 1, 1), dt.date(2025, 12, 31))


def judged(
    today: dt.date,
    *,
    due_on: dt.date | None = DUE,
    fulfilled_on: dt.date | None = None,
    paused: bool = False,
) -> Standing:
    return standing(
        due_on=due_on, fulfilled_on=fulfilled_on, paused=paused, today=today, calendar=CALENDAR
    )


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (dt.date(2023, 6, 20), Standing(Timeliness.IN_TERM, DUE, working_days_left=8)),
        (dt.date(2023, 6, 21), Standing(Timeliness.DUE_SOON, DUE, working_days_left=7)),
        (dt.date(2023, 6, 29), Standing(Timeliness.DUE_SOON, DUE, working_days_left=1)),
        (DUE, Standing(Timeliness.DUE_SOON, DUE, working_days_left=0)),
        (DUE + DAY, Standing(Timeliness.OVERDUE, DUE, days_late=1)),
        (dt.date(2023, 10, 30), Standing(Timeliness.OVERDUE, DUE, days_late=122)),
    ],
)
def test_open_work_by_day(today: dt.date, expected: Standing) -> None:
    assert judged(today) == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (dt.date(2023, 12, 8), Standing(Timeliness.DUE_SOON, SUNDAY, working_days_left=0)),
        (dt.date(2023, 12, 9), Standing(Timeliness.DUE_SOON, SUNDAY, working_days_left=0)),
        (SUNDAY, Standing(Timeliness.DUE_SOON, SUNDAY, working_days_left=0)),
        (SUNDAY + DAY, Standing(Timeliness.OVERDUE, SUNDAY, days_late=1)),
    ],
)
def test_date_on_a_sunday_is_kept(today: dt.date, expected: Standing) -> None:
    assert judged(today, due_on=SUNDAY) == expected


@pytest.mark.parametrize(
    ("fulfilled_on", "expected"),
    [
        (dt.date(2023, 3, 16), Standing(Timeliness.DONE_ON_TIME, DUE)),
        (DUE, Standing(Timeliness.DONE_ON_TIME, DUE)),
        (DUE + DAY, Standing(Timeliness.DONE_LATE, DUE, days_late=1)),
        (dt.date(2023, 7, 10), Standing(Timeliness.DONE_LATE, DUE, days_late=10)),
    ],
)
def test_finished_work_by_the_day_it_was_handed_in(
    fulfilled_on: dt.date, expected: Standing
) -> None:
    for today in (fulfilled_on, dt.date(2024, 1, 1)):
        assert judged(today, fulfilled_on=fulfilled_on) == expected


def test_work_without_a_date_is_never_late() -> None:
    assert judged(dt.date(2030, 1, 1), due_on=None) == Standing(Timeliness.NO_DEADLINE)
    assert judged(DUE, due_on=None, fulfilled_on=DUE) == Standing(Timeliness.NO_DEADLINE)


@pytest.mark.parametrize("today", [dt.date(2023, 6, 1), DUE, dt.date(2023, 12, 31)])
def test_paused_work_is_never_late(today: dt.date) -> None:
    assert judged(today, paused=True) == Standing(Timeliness.PAUSED, DUE)


def test_finished_work_that_is_paused_counts_as_finished() -> None:
    assert judged(DUE, paused=True, fulfilled_on=DUE).timeliness == Timeliness.DONE_ON_TIME


@given(due_on=DAYS, today=DAYS)
def test_open_work_is_late_exactly_after_its_date(due_on: dt.date, today: dt.date) -> None:
    found = judged(today, due_on=due_on)
    assert (found.timeliness == Timeliness.OVERDUE) == (today > due_on)
    assert found.days_late == max(0, (today - due_on).days)
    assert (found.working_days_left is None) == (today > due_on)


@given(due_on=DAYS, days=st.integers(0, 30))
def test_due_soon_is_a_matter_of_working_days(due_on: dt.date, days: int) -> None:
    today = CALENDAR.shift(due_on, -days)
    found = judged(today, due_on=due_on)
    left = CALENDAR.count(today, due_on)
    soon = Timeliness.DUE_SOON if left <= DUE_SOON_WORKING_DAYS else Timeliness.IN_TERM
    assert (found.timeliness, found.working_days_left) == (soon, left)
