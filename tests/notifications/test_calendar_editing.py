"""Changing the calendar: what would move is shown, moves, and never fires again."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications.audit import run_audit
from notifications.calendar_editing import (
    Decision,
    Moves,
    StaleCalendar,
    decide,
    left_to_project,
    moves,
    progress,
)
from notifications.fire import fire_due
from notifications.ladder import fingerprint
from notifications.models import Ladder, Message, ScheduledRung
from notifications.plan import plan_deadlines, replan_calendar
from notifications.views import calendar as pages
from tasks.models import (
    CalendarChange,
    CalendarException,
    CalendarYear,
    DeadlineKind,
    Event,
    Person,
)
from tasks.queries import working_calendar
from tests.factories import ISSUED_AT, make_person
from tests.notifications.scene import Scene, at, make_scene, rungs
from tests.workflows.world import ROLES, make_world

pytestmark = pytest.mark.django_db
THURSDAY = dt.date(2023, 6, 29)
# The 29th off, and Saturday the 24th worked for it.
SWAP: Decision = {THURSDAY: False, dt.date(2023, 6, 24): True}
JUNE = at(2023, 6, 1)


@pytest.fixture
def scene() -> Scene:
    Ladder.objects.update(saved_at=ISSUED_AT)
    scene = make_scene()
    scene.only(DeadlineKind.ITEM)
    return scene


def enter(decision: Decision, moment: dt.datetime = JUNE) -> CalendarChange:
    seen = fingerprint(working_calendar())
    person = Person.objects.first() or make_person()
    change = decide(decision, note="Công văn 1", seen=seen, by=person, at=moment)
    plan_deadlines(at=moment)
    replan_calendar(at=moment)
    return change


def planned() -> dict[str, dt.datetime]:
    rows = ScheduledRung.objects.filter(state="planned", occurrence=0)
    return dict(rows.values_list("rung", "fire_at"))


def test_swap_day_shows_what_would_move_and_moves_it(scene: Scene) -> None:
    before = planned()
    shown = moves(SWAP, at=JUNE)
    (in_plan,) = shown.plans
    assert (shown.total, shown.at_once, shown.due_on_rest) == (1, 0, 0)
    assert (in_plan.plan, in_plan.number) == (scene.plan, 1)
    assert [(one.key, one.old, one.new) for one in in_plan.samples] == [
        ("before-3", at(2023, 6, 27), at(2023, 6, 26))
    ]
    assert planned() == before
    assert enter(SWAP).moved == 1
    assert planned() == {**before, "before-3": at(2023, 6, 26)}


def test_preview_counts_what_the_change_then_moves(scene: Scene) -> None:
    for decision in (SWAP, {dt.date(2023, 7, 3): False}, {dt.date(2023, 6, 30): False}):
        before, shown = planned(), moves(decision, at=JUNE)
        enter(decision)
        changed = sum(planned()[key] != moment for key, moment in before.items())
        assert shown.total == changed > 0


def test_taking_back_is_the_undoing(scene: Scene) -> None:
    before = planned()
    enter(SWAP)
    enter(dict.fromkeys(SWAP))
    assert planned() == before
    assert not CalendarException.objects.exists()
    assert next(change.days for change in CalendarChange.objects.all()) == [
        (dt.date(2023, 6, 24), None),
        (THURSDAY, None),
    ]


def test_what_fired_never_fires_again(scene: Scene) -> None:
    fire_due(at=at(2023, 6, 27))
    told = Message.objects.count()
    enter({dt.date(2023, 6, 26): False, dt.date(2023, 6, 27): False}, at(2023, 6, 27, 12))
    assert fire_due(at=at(2023, 6, 29)) == 0
    assert Message.objects.count() == told


def test_moment_that_is_over_by_moving_comes_at_once(scene: Scene) -> None:
    noon = at(2023, 6, 26, 12)
    assert moves({THURSDAY: False}, at=noon).at_once == 1
    enter({THURSDAY: False}, noon)
    assert fire_due(at=noon) == 1
    assert fire_due(at=at(2023, 6, 28)) == 0


def test_due_date_that_becomes_a_day_off_is_counted_and_reminded_before(scene: Scene) -> None:
    friday = {dt.date(2023, 6, 30): False}
    assert moves(friday, at=JUNE).due_on_rest == 1
    enter(friday)
    assert planned()["day"] == at(2023, 6, 29)
    assert scene.deadline(DeadlineKind.ITEM).due_on == dt.date(2023, 6, 30)


def test_tenth_of_december_is_reminded_on_friday_the_eighth() -> None:
    make_scene().only(DeadlineKind.REPORT)
    assert planned()["day"] == at(2023, 12, 8)
    assert max(moment for key, moment in planned().items() if "before" in key) < at(2023, 12, 8)


def test_rung_left_out_gets_its_own_day_back() -> None:
    """With the 28th and 29th off, the three reminders crowd together; then they part again."""
    Ladder.objects.update(saved_at=ISSUED_AT)
    off = {dt.date(2023, 6, day): False for day in (26, 27, 28, 29)}
    for day in off:
        CalendarException.objects.create(day=day, is_working=False)
    scene = make_scene(due_on=dt.date(2023, 6, 28))
    deadline = scene.only(DeadlineKind.ITEM)
    ScheduledRung.objects.filter(rung="before-3").update(
        state="skipped", reason="same_day", fire_at=at(2023, 6, 23)
    )
    enter(dict.fromkeys(off))
    assert [state for _v, key, state, _r in rungs(deadline) if key == "before-3"][-1] == "planned"


def test_change_of_the_calendar_leaves_nothing_for_the_auditor(scene: Scene) -> None:
    Event.objects.update(announced_at=ISSUED_AT)
    enter(SWAP)
    run = run_audit(at=at(2023, 6, 2))
    assert run is not None
    assert run.counts == {}


def test_stale_preview_changes_nothing(scene: Scene) -> None:
    with pytest.raises(StaleCalendar):
        decide(SWAP, note="", seen="0" * 16, by=scene.leader, at=JUNE)
    assert not CalendarException.objects.exists()


def test_progress_counts_what_is_left(scene: Scene) -> None:
    seen = fingerprint(working_calendar())
    decide(SWAP, note="", seen=seen, by=scene.leader, at=JUNE)
    first = progress()
    assert first is not None
    assert (first.left, first.done, first.percent) == (6, 0, 0)
    replan_calendar(at=JUNE, batch=4)
    last = progress()
    assert last is not None
    assert (left_to_project(), last.percent) == (0, 100)


def test_preview_costs_the_same_for_few_and_many(django_assert_num_queries: Any) -> None:
    for items in (1, 8):
        make_scene(items=items)
        plan_deadlines(at=ISSUED_AT)
        with django_assert_num_queries(6):
            moves(SWAP, at=JUNE)


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(Person.objects.create_superuser("admin", full_name="Quản trị"))
    return client


def test_decision_is_entered_only_after_its_preview(administrator: Client, scene: Scene) -> None:
    data = {"off_on": "2023-06-29", "worked_on": "2023-06-24", "note": "Công văn 12"}
    shown = administrator.post(reverse("calendar_decide"), data)
    found: Moves = shown.context["moves"]
    assert found.total == 1
    assert not CalendarException.objects.exists()
    data["seen"] = shown.context["seen"]
    assert administrator.post(reverse("calendar_decide"), data).status_code == 302
    assert planned()["before-3"] == at(2023, 6, 26)
    shown = administrator.post(reverse("calendar_remove", args=["2023-06-29"]))
    assert CalendarException.objects.count() == 2
    seen = {"seen": shown.context["seen"]}
    administrator.post(reverse("calendar_remove", args=["2023-06-29"]), seen)
    assert CalendarException.objects.count() == 1


def test_row_of_days_leaves_its_weekend_alone(administrator: Client) -> None:
    data = {"off_on": "2023-06-29", "off_until": "2023-07-03", "note": "Công văn"}
    shown = administrator.post(reverse("calendar_decide"), data)
    assert [day.day for day, _worked in shown.context["days"]] == [29, 30, 3]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"note": "x"}, "Enter a day off, a day worked, or both."),
        ({"note": "x", "off_on": "2023-06-24"}, "This day is off already."),
        ({"note": "x", "worked_on": "2023-06-23"}, "This day is worked already."),
        ({"off_on": "2023-06-29"}, "This field is required."),
        ({"note": "x", "off_on": "2023-06-29", "off_until": "2023-06-01"}, "cannot come before"),
        ({"note": "x", "off_on": "2023-06-29", "off_until": "2023-12-01"}, "At most 31 days"),
    ],
)
def test_senseless_decision_is_refused(
    administrator: Client, data: dict[str, str], words: str
) -> None:
    answer = administrator.post(reverse("calendar_decide"), data)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_many_reminders_are_left_to_the_worker_and_the_page_says_so(
    administrator: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "AT_ONCE", 0)
    data = {"off_on": "2023-06-29", "note": "Công văn"}
    data["seen"] = fingerprint(working_calendar())
    page = administrator.post(reverse("calendar_decide"), data, follow=True)
    assert page.context["progress"].left == 6
    assert "0 of 6 are done" in page.content.decode()
    replan_calendar(at=timezone.now())
    fragment = administrator.get(reverse("calendar_progress"), headers={"HX-Request": "true"})
    assert "Every reminder follows the calendar." in fragment.content.decode()


def test_year_shows_why_each_day_is_what_it_is(administrator: Client) -> None:
    CalendarException.objects.create(day=THURSDAY, is_working=False, note="Công văn 12")
    grid = administrator.get(reverse("calendar_year", args=[2023])).context["grid"]
    special = {entry.day: (entry.kind, entry.name) for entry in grid.special}
    assert special[THURSDAY] == ("decided_off", "Công văn 12")
    assert special[dt.date(2023, 9, 2)][0] == "holiday"
    assert dt.date(2023, 6, 25) not in special
    assert grid.working_days == 248
    assert administrator.get(reverse("calendar_year", args=[1999])).status_code == 404


def test_year_is_verified_by_somebody(administrator: Client, scene: Scene) -> None:
    page = administrator.get(reverse("calendar_year", args=[2024]))
    assert page.context["unverified"] == [(2023, 1)]
    administrator.post(reverse("calendar_verify", args=[2023]))
    assert CalendarYear.objects.get(year=2023).verified_by.username == "admin"
    page = administrator.get(reverse("calendar_year", args=[2023]))
    assert (page.context["unverified"], page.context["verified"].year) == ([], 2023)


@pytest.mark.slow
def test_calendar_pages_are_the_administrators() -> None:
    world = make_world()
    CalendarException.objects.create(day=THURSDAY, is_working=False)
    for name, args, method in (
        ("calendar", [], "get"),
        ("calendar_year", [2023], "get"),
        ("calendar_progress", [], "get"),
        ("calendar_decide", [], "post"),
        ("calendar_remove", ["2023-06-29"], "post"),
        ("calendar_verify", [2023], "post"),
    ):
        address = reverse(name, args=args)
        answers = {role: getattr(world.client(role), method)(address) for role in ROLES}
        assert answers.pop("anonymous")["Location"].startswith(reverse("login"))
        allowed = {role for role, answer in answers.items() if answer.status_code < 400}
        allowed |= {role for role, answer in answers.items() if answer.status_code == 422}
        assert allowed == {"administrator"}, name
