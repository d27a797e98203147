"""The year 2023 of plan 60/KH-UBND: who was told what, when, and by which way.

`expected_2023.txt` holds every message of the year. The tests after the first one say by hand,
from the domain rules, what the main cases must be.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest

from config.settings.environment import VAR_DIR
from tasks.rules.calendar import WorkingCalendar
from tests.year.plan_60 import FOUND
from tests.year.play import Year, play_year

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(not FOUND, reason="the real documents are not here"),
]
EXPECTED = Path(__file__).with_name("expected_2023.txt")
SUPERVISOR, FOCAL = "UBND tỉnh leader", "Sở KH&CN officer"


@pytest.fixture(scope="module")
def year(django_db_setup: None, django_db_blocker: Any) -> Year:
    with django_db_blocker.unblock():
        return play_year()


def told(year: Year, about: str, *, news: bool = False) -> list[tuple[str, str, str]]:
    """When, whom, and which step of the ladder (or which news) about one matter."""
    columns = [line.split(" | ") for line in year.lines]
    return [
        (when[5:], who, what)
        for when, who, what, matter, _ways in columns
        if matter == about and what.startswith("news") == news
    ]


def test_year_tells_exactly_what_was_expected(year: Year) -> None:
    expected = EXPECTED.read_text(encoding="utf-8").splitlines()
    if year.lines != expected:
        got = VAR_DIR / EXPECTED.name
        got.write_text("\n".join(year.lines) + "\n", encoding="utf-8")
        difference = "\n".join(unified_diff(expected, year.lines, "expected", "told", n=0))
        pytest.fail(f"{difference}\nThe lines of this run are in {got}", pytrace=False)


def test_mail_server_received_each_recorded_mail_once(year: Year) -> None:
    assert Counter(year.received) == Counter(year.recorded)
    assert max(Counter(message_id for message_id, _to in year.received).values()) == 1
    assert year.unsent == 0


def test_silent_coordinator_is_pursued_until_the_focal_unit_takes_note(year: Year) -> None:
    assert told(year, "answer about II.3.b, Hội DN trẻ coordinates") == [
        ("03-21 07:30", "Hội DN trẻ officer", "reminder before-1"),
        ("03-22 07:30", "Hội DN trẻ officer", "due_today day"),
        ("03-23 07:30", "Hội DN trẻ leader", "escalation after-1"),
        ("03-23 07:30", "Hội DN trẻ officer", "escalation after-1"),
        ("03-27 07:30", FOCAL, "escalation after-3"),
        ("03-29 07:30", "Hội DN trẻ leader", "escalation after-5"),
        ("03-29 07:30", FOCAL, "escalation after-5"),
        ("04-05 07:30", "Hội DN trẻ leader", "escalation after-5 again 1"),
        ("04-05 07:30", FOCAL, "escalation after-5 again 1"),
        ("04-06 16:00", "Hội DN trẻ leader", "follow-up"),
        ("04-06 16:00", "Hội DN trẻ officer", "follow-up"),
        ("04-12 07:30", "Hội DN trẻ leader", "escalation after-5 again 2"),
        ("04-12 07:30", FOCAL, "escalation after-5 again 2"),
    ]


def test_each_late_unit_stops_the_ladder_where_it_answered(year: Year) -> None:
    last = {
        unit: told(year, f"answer about {part}")[-1][0::2]
        for unit, part in {
            "leader": "II.1.d, Sở LĐ-TB&XH leads",
            "focal": "II.2.b, Hội Nông dân coordinates",
            "repeating": "II.3.a, Sở Tài chính coordinates",
        }.items()
    }
    assert last == {
        "leader": ("03-23 07:30", "escalation after-1"),
        "focal": ("03-27 07:30", "escalation after-3"),
        "repeating": ("03-29 07:30", "escalation after-5"),
    }


def test_declined_part_goes_to_the_focal_unit_and_then_to_the_heir(year: Year) -> None:
    old, heir = (f"II.2.b, {unit} coordinates" for unit in ("Quỹ Khởi nghiệp", "Sở Công Thương"))
    assert told(year, old, news=True) == [
        ("03-17 16:00", "Sở KH&CN leader", "news declined"),
        ("03-17 16:00", FOCAL, "news declined"),
        ("03-20 16:00", "Quỹ Khởi nghiệp leader", "news reassigned"),
        ("03-20 16:00", "Quỹ Khởi nghiệp officer", "news reassigned"),
    ]
    assert told(year, f"answer about {heir}", news=True) == [
        ("03-20 16:00", "Sở Công Thương leader", "news assigned"),
        ("03-20 16:00", "Sở Công Thương officer", "news assigned"),
    ]
    assert told(year, f"answer about {old}") == []


def test_late_item_climbs_the_ladder_until_it_is_finished(year: Year) -> None:
    late = "II.2.c, Sở KH&CN leads"
    assert [(when, what) for when, _who, what in told(year, late)] == [
        ("06-16 07:30", "reminder before-10"),
        ("06-27 07:30", "reminder before-3"),
        ("06-30 07:30", "due_today day"),
        ("06-30 07:30", "due_today day"),
        ("07-03 07:30", "escalation after-1"),
        ("07-03 07:30", "escalation after-1"),
        ("07-05 07:30", "escalation after-3"),
        ("07-07 07:30", "escalation after-5"),
        ("07-07 07:30", "escalation after-5"),
    ]
    assert year.dates[late] == (dt.date(2023, 6, 30), dt.date(2023, 6, 30), dt.date(2023, 7, 10))


def test_extended_item_is_reminded_of_its_new_date_only(year: Year) -> None:
    extended = "II.2.b, Sở KH&CN leads"
    assert told(year, extended) == [
        ("07-17 07:30", FOCAL, "reminder before-10"),
        ("07-26 07:30", FOCAL, "reminder before-3"),
    ]
    assert told(year, extended, news=True)[:3] == [
        ("06-12 16:00", SUPERVISOR, "news extension_requested"),
        ("06-14 16:00", "Sở KH&CN leader", "news extension_granted"),
        ("06-14 16:00", FOCAL, "news extension_granted"),
    ]
    assert year.dates[extended] == (
        dt.date(2023, 7, 31),
        dt.date(2023, 6, 30),
        dt.date(2023, 7, 28),
    )


def test_report_due_on_a_sunday_is_reminded_on_friday_and_late_on_monday(year: Year) -> None:
    assert told(year, "report, CĐ Cơ giới") == [
        ("11-24 07:30", "CĐ Cơ giới officer", "reminder before-10"),
        ("12-05 07:30", "CĐ Cơ giới officer", "reminder before-3"),
        ("12-08 07:30", "CĐ Cơ giới leader", "due_today day"),
        ("12-08 07:30", "CĐ Cơ giới officer", "due_today day"),
        ("12-11 07:30", "CĐ Cơ giới leader", "escalation after-1"),
        ("12-11 07:30", "CĐ Cơ giới officer", "escalation after-1"),
        ("12-12 07:30", FOCAL, "escalation after-2"),
        ("12-13 07:30", "CĐ Cơ giới leader", "escalation after-3"),
        ("12-13 07:30", SUPERVISOR, "escalation after-3"),
    ]
    sunday = dt.date(2023, 12, 10)
    assert year.dates["report, CĐ Cơ giới"] == (sunday, sunday, dt.date(2023, 12, 14))


def test_reports_in_time_raise_no_alarm(year: Year) -> None:
    late = {unit for unit, (due, _first, done) in year.dates.items() if not done or done > due}
    assert late == {"II.2.c, Sở KH&CN leads", "report, CĐ Cơ giới"}
    assert told(year, "consolidated report, Sở KH&CN") == [
        ("12-06 07:30", FOCAL, "reminder before-10"),
        ("12-15 07:30", FOCAL, "reminder before-3"),
    ]


def test_substitute_is_told_during_the_leave_only(year: Year) -> None:
    standing_in = [line.split(" | ")[:4] for line in year.lines if " for Sở GD&ĐT officer" in line]
    assert standing_in == [
        [
            "2023-11-24 07:30",
            "Sở GD&ĐT clerk for Sở GD&ĐT officer",
            "reminder before-10",
            "report, Sở GD&ĐT",
        ],
        [
            "2023-12-01 16:00",
            "Sở GD&ĐT clerk for Sở GD&ĐT officer",
            "news report_submitted",
            "report, Sở GD&ĐT",
        ],
    ]
    assert year.dates["report, Sở GD&ĐT"][2] == dt.date(2023, 12, 1)


def test_prompt_unit_hears_of_its_assignment_and_nothing_else(year: Year) -> None:
    lines = [line.split(" | ") for line in year.lines if "Ban Tuyên giáo" in line]
    assert [(who, what, ways) for _when, who, what, _matter, ways in lines] == [
        ("Ban Tuyên giáo leader", "news assigned", "app; mail 16/03 07:30"),
        ("Ban Tuyên giáo officer", "news assigned", "app; mail 16/03 07:30"),
    ]


def test_unit_that_answers_within_the_hour_gets_no_mail(year: Year) -> None:
    ways = [line.split(" | ")[4] for line in year.lines if "Sở VH,TT&DL" in line]
    assert ways == ["app; no mail: answered"] * 2


def test_supervisor_hears_of_what_only_the_supervisor_can_settle(year: Year) -> None:
    heard = [line.split(" | ") for line in year.lines if f" | {SUPERVISOR} | " in line]
    assert [(when[5:10], what, about) for when, _who, what, about, _ways in heard] == [
        ("06-12", "news extension_requested", "II.2.b, Sở KH&CN leads"),
        ("07-07", "escalation after-5", "II.2.c, Sở KH&CN leads"),
        ("12-13", "escalation after-3", "report, CĐ Cơ giới"),
        ("12-19", "news report_submitted", "consolidated report, Sở KH&CN"),
    ]


def test_nobody_is_told_anything_on_a_day_off(year: Year) -> None:
    calendar = WorkingCalendar()
    days = {dt.date.fromisoformat(line[:10]) for line in year.lines}
    assert [day for day in sorted(days) if not calendar.is_working(day)] == []


def test_nobody_gets_more_than_one_mail_a_day(year: Year) -> None:
    assert max(year.mails_of_a_day.values()) == 1


def test_plan_is_closed_at_the_end_of_the_year(year: Year) -> None:
    assert year.plan_state == "closed"
