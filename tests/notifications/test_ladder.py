"""When each rung comes: around rest days, holidays, swap days, and dates already past."""

import datetime as dt

import pytest

from notifications.defaults import DEFAULTS
from notifications.kinds import Audience, LadderKind, RungReason
from notifications.ladder import DayKind, Rung, Step, fingerprint, lay_out, next_morning
from tasks.rules.calendar import WorkingCalendar, local_date
from tests.notifications.scene import at

CALENDAR = WorkingCalendar()
SWAPPED = WorkingCalendar({dt.date(2026, 1, 2): False, dt.date(2026, 1, 10): True})
LONG_AGO = at(2022, 1, 4)
ITEM, REPORT = DEFAULTS[LadderKind.ITEM], DEFAULTS[LadderKind.REPORT]


def days(steps: list[Step]) -> dict[str, dt.date]:
    return {step.rung.key: local_date(step.fire_at) for step in steps if step.skip is None}


def test_report_due_on_a_sunday_is_announced_on_the_friday() -> None:
    steps = lay_out(REPORT, due_on=dt.date(2023, 12, 10), set_at=LONG_AGO, calendar=CALENDAR)
    assert days(steps) == {
        "before-10": dt.date(2023, 11, 24),
        "before-3": dt.date(2023, 12, 5),
        "day": dt.date(2023, 12, 8),
        "after-1": dt.date(2023, 12, 11),
        "after-2": dt.date(2023, 12, 12),
        "after-3": dt.date(2023, 12, 13),
    }


def test_item_due_in_tet_is_announced_before_and_pursued_after_the_holidays() -> None:
    steps = lay_out(ITEM, due_on=dt.date(2024, 2, 12), set_at=LONG_AGO, calendar=CALENDAR)
    assert days(steps) == {
        "before-10": dt.date(2024, 1, 24),
        "before-3": dt.date(2024, 2, 2),
        "day": dt.date(2024, 2, 7),
        "after-1": dt.date(2024, 2, 15),
        "after-3": dt.date(2024, 2, 19),
        "after-5": dt.date(2024, 2, 21),
    }


def test_worked_saturday_counts_as_the_day_before_its_sunday() -> None:
    steps = lay_out(ITEM, due_on=dt.date(2026, 1, 11), set_at=LONG_AGO, calendar=SWAPPED)
    assert days(steps)["day"] == dt.date(2026, 1, 10)
    assert days(steps)["before-3"] == dt.date(2026, 1, 7)


def test_decided_day_off_moves_the_notice() -> None:
    plain = lay_out(ITEM, due_on=dt.date(2026, 1, 2), set_at=LONG_AGO, calendar=CALENDAR)
    swapped = lay_out(ITEM, due_on=dt.date(2026, 1, 2), set_at=LONG_AGO, calendar=SWAPPED)
    assert (days(plain)["day"], days(swapped)["day"]) == (
        dt.date(2026, 1, 2),
        dt.date(2025, 12, 31),
    )


def test_rungs_fire_at_half_past_seven_local() -> None:
    steps = lay_out(ITEM, due_on=dt.date(2023, 6, 30), set_at=LONG_AGO, calendar=CALENDAR)
    assert {step.fire_at.time() for step in steps} == {dt.time(0, 30)}
    assert {step.fire_at.tzinfo for step in steps} == {dt.UTC}


def test_moments_already_past_are_left_out() -> None:
    steps = lay_out(ITEM, due_on=dt.date(2023, 6, 30), set_at=at(2023, 6, 27, 9), calendar=CALENDAR)
    assert {step.rung.key: step.skip for step in steps if step.skip} == {
        "before-10": RungReason.PAST,
        "before-3": RungReason.PAST,
    }


def test_escalation_of_a_date_already_past_counts_from_the_day_it_was_set() -> None:
    steps = lay_out(ITEM, due_on=dt.date(2023, 6, 30), set_at=at(2023, 9, 18, 9), calendar=CALENDAR)
    assert days(steps) == {
        "after-1": dt.date(2023, 9, 19),
        "after-3": dt.date(2023, 9, 21),
        "after-5": dt.date(2023, 9, 25),
    }


def test_two_rungs_on_one_day_keep_the_nearer() -> None:
    weekend = Rung(-1, (Audience.OFFICER,), DayKind.CALENDAR, at_time=dt.time(14))
    day = Rung(0, (Audience.OFFICER,))
    steps = lay_out(
        (day, weekend), due_on=dt.date(2023, 12, 10), set_at=LONG_AGO, calendar=CALENDAR
    )
    assert [(step.rung.key, step.skip) for step in steps] == [
        ("before-1c", RungReason.SAME_DAY),
        ("day", None),
    ]


def test_rung_past_when_the_date_was_set_takes_no_later_hour_away() -> None:
    afternoon = Rung(-1, (Audience.OFFICER,), DayKind.CALENDAR, at_time=dt.time(14))
    day = Rung(0, (Audience.OFFICER,))
    steps = lay_out(
        (day, afternoon),
        due_on=dt.date(2023, 12, 10),
        set_at=at(2023, 12, 8, 9),
        calendar=CALENDAR,
    )
    assert [(step.rung.key, step.skip) for step in steps] == [
        ("before-1c", None),
        ("day", RungReason.PAST),
    ]


def test_repeat_counts_from_the_day_it_last_came() -> None:
    rung = ITEM[-1]
    friday = dt.date(2023, 4, 28)  # before the holidays of 29 April to 3 May
    assert local_date(rung.fire_at(friday, CALENDAR, occurrence=1)) == dt.date(2023, 5, 10)


@pytest.mark.parametrize(
    ("moment", "morning"),
    [
        (at(2023, 12, 8, 7, 0), at(2023, 12, 8)),
        (at(2023, 12, 8, 7, 30), at(2023, 12, 8)),
        (at(2023, 12, 8, 7, 31), at(2023, 12, 11)),
        (at(2023, 12, 9, 6), at(2023, 12, 11)),
    ],
)
def test_digest_waits_for_the_next_working_morning(moment: dt.datetime, morning: object) -> None:
    assert next_morning(moment, CALENDAR) == morning


def test_fingerprint_tells_calendars_apart() -> None:
    assert fingerprint(CALENDAR) == fingerprint(WorkingCalendar({}))
    assert fingerprint(CALENDAR) != fingerprint(SWAPPED)
    assert len(fingerprint(SWAPPED)) == 16
