"""Working days: weekends, public holidays, swap days, and how they are counted."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.rules.calendar import (
    DAY,
    DayKind,
    WorkingCalendar,
    local_date,
    local_instant,
    public_holidays,
)

CALENDAR = WorkingCalendar()
# Official letters for 2026: Friday 2/1 is off, and Saturday 10/1 is worked for it.
SWAPPED = WorkingCalendar({dt.date(2026, 1, 2): False, dt.date(2026, 1, 10): True})

DAYS = st.dates(dt.date(2021, 1, 1), dt.date(2027, 12, 31))
CALENDARS = st.sampled_from([CALENDAR, SWAPPED])


def days_off(first: dt.date, last: dt.date) -> list[dt.date]:
    """The days off between Monday and Friday."""
    every = (first + DAY * number for number in range((last - first).days + 1))
    return [day for day in every if day.weekday() < 5 and not CALENDAR.is_working(day)]


def test_tenth_of_december_2023_is_a_sunday() -> None:
    sunday = dt.date(2023, 12, 10)
    assert CALENDAR.is_working(sunday) is False
    assert CALENDAR.shift(sunday, 0) == dt.date(2023, 12, 8)
    assert CALENDAR.shift(sunday, -1) == dt.date(2023, 12, 8)
    assert CALENDAR.shift(sunday, 1) == dt.date(2023, 12, 11)


@pytest.mark.parametrize(
    ("first", "last", "off"),
    [
        # Quý Mão: 20/1 to 26/1/2023; Giáp Thìn: 8/2 to 14/2/2024.
        (dt.date(2023, 1, 10), dt.date(2023, 2, 10), [*range(20, 21), *range(23, 27)]),
        (dt.date(2024, 2, 1), dt.date(2024, 2, 29), [8, 9, 12, 13, 14]),
    ],
)
def test_new_year_of_the_moon_is_off(first: dt.date, last: dt.date, off: list[int]) -> None:
    assert [day.day for day in days_off(first, last)] == off


def test_holidays_of_spring_and_autumn_2023_with_their_substitutes() -> None:
    spring = days_off(dt.date(2023, 4, 20), dt.date(2023, 5, 10))
    assert spring == [dt.date(2023, 5, 1), dt.date(2023, 5, 2), dt.date(2023, 5, 3)]
    autumn = days_off(dt.date(2023, 8, 25), dt.date(2023, 9, 10))
    assert autumn == [dt.date(2023, 9, 1), dt.date(2023, 9, 4)]


@pytest.mark.parametrize("day", [dt.date(2023, 1, 2), dt.date(2024, 1, 1), dt.date(2026, 1, 1)])
def test_new_year_is_off(day: dt.date) -> None:
    assert CALENDAR.is_working(day) is False


def test_shift_steps_over_the_new_year_of_the_moon() -> None:
    assert CALENDAR.shift(dt.date(2023, 1, 19), 1) == dt.date(2023, 1, 27)
    assert CALENDAR.shift(dt.date(2024, 2, 15), -1) == dt.date(2024, 2, 7)
    assert CALENDAR.count(dt.date(2023, 1, 19), dt.date(2023, 1, 30)) == 2


def test_swap_days_have_the_last_word() -> None:
    friday, saturday = dt.date(2026, 1, 2), dt.date(2026, 1, 10)
    assert (CALENDAR.is_working(friday), CALENDAR.is_working(saturday)) == (True, False)
    assert (SWAPPED.is_working(friday), SWAPPED.is_working(saturday)) == (False, True)
    assert SWAPPED.shift(dt.date(2026, 1, 9), 1) == saturday
    assert SWAPPED.shift(dt.date(2025, 12, 31), 1) == dt.date(2026, 1, 5)


def test_swap_keeps_the_number_of_working_days() -> None:
    month = dt.date(2025, 12, 31), dt.date(2026, 1, 31)
    assert SWAPPED.count(*month) == CALENDAR.count(*month)


@pytest.mark.skipif(
    dt.date(2026, 11, 24) not in public_holidays(2026),
    reason="the holidays package does not know Vietnam's Culture Day yet",
)
def test_culture_day_is_off_from_2026() -> None:
    assert CALENDAR.is_working(dt.date(2025, 11, 24)) is True
    assert CALENDAR.is_working(dt.date(2026, 11, 24)) is False


def test_culture_day_can_be_entered_as_an_exception() -> None:
    calendar = WorkingCalendar({dt.date(2026, 11, 24): False})
    assert calendar.shift(dt.date(2026, 11, 23), 1) == dt.date(2026, 11, 25)


def test_last_day_is_counted_and_the_first_is_not() -> None:
    monday = dt.date(2023, 3, 20)
    assert CALENDAR.count(monday, monday) == 0
    assert CALENDAR.count(monday, monday + DAY) == 1
    assert CALENDAR.count(monday, dt.date(2023, 3, 26)) == 4
    assert CALENDAR.count(dt.date(2023, 3, 26), monday) == -4


@given(day=DAYS, calendar=CALENDARS)
def test_zero_shift_is_the_last_working_day_not_after(
    day: dt.date, calendar: WorkingCalendar
) -> None:
    found = calendar.shift(day, 0)
    assert calendar.is_working(found)
    assert found <= day
    assert calendar.count(found, day) == 0


@settings(deadline=None)
@given(day=DAYS, days=st.integers(1, 60), calendar=CALENDARS)
def test_shift_and_count_agree(day: dt.date, days: int, calendar: WorkingCalendar) -> None:
    later = calendar.shift(day, days)
    assert calendar.is_working(later)
    assert calendar.count(day, later) == days


@settings(deadline=None)
@given(day=DAYS, days=st.integers(1, 60), calendar=CALENDARS)
def test_shift_there_and_back_is_the_last_working_day(
    day: dt.date, days: int, calendar: WorkingCalendar
) -> None:
    assert calendar.shift(calendar.shift(day, days), -days) == calendar.shift(day, 0)


@settings(deadline=None)
@given(day=DAYS, one=st.integers(1, 30), two=st.integers(1, 30), calendar=CALENDARS)
def test_shifts_add_up(day: dt.date, one: int, two: int, calendar: WorkingCalendar) -> None:
    assert calendar.shift(calendar.shift(day, one), two) == calendar.shift(day, one + two)


@settings(deadline=None)
@given(first=DAYS, middle=DAYS, last=DAYS, calendar=CALENDARS)
def test_counts_add_up(
    first: dt.date, middle: dt.date, last: dt.date, calendar: WorkingCalendar
) -> None:
    first, middle, last = sorted((first, middle, last))
    whole = calendar.count(first, last)
    assert calendar.count(first, middle) + calendar.count(middle, last) == whole
    assert calendar.count(last, first) == -whole


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (dt.datetime(2023, 12, 10, 16, 59, tzinfo=dt.UTC), dt.date(2023, 12, 10)),
        (dt.datetime(2023, 12, 10, 17, 0, tzinfo=dt.UTC), dt.date(2023, 12, 11)),
    ],
)
def test_local_day_begins_at_five_in_the_afternoon_utc(instant: dt.datetime, day: dt.date) -> None:
    assert local_date(instant) == day


@given(day=DAYS, hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_local_instant_falls_on_its_day(day: dt.date, hour: int, minute: int) -> None:
    instant = local_instant(day, hour, minute)
    assert instant.tzinfo is dt.UTC
    assert local_date(instant) == day


def test_weekend_that_was_swapped_is_worked() -> None:
    """Monday 29/4/2024 was off, and Saturday 4/5 worked for it; the table has the last word."""
    monday, saturday = dt.date(2024, 4, 29), dt.date(2024, 5, 4)
    assert (CALENDAR.is_working(monday), CALENDAR.is_working(saturday)) == (False, True)
    assert CALENDAR.kind(saturday) == DayKind.DECIDED_WORKED
    assert WorkingCalendar({saturday: False}).kind(saturday) == DayKind.DECIDED_OFF


def test_every_day_has_a_kind_that_agrees_with_whether_it_is_worked() -> None:
    worked = {DayKind.WORKED, DayKind.DECIDED_WORKED}
    for number in range(366):
        day = dt.date(2026, 1, 1) + DAY * number
        assert (SWAPPED.kind(day) in worked) == SWAPPED.is_working(day)
