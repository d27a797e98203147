"""Firing: exactly the right people, exactly once, and after a standstill without a flood."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.fire import fire_due
from notifications.kinds import Channel
from notifications.ladder import REPEAT_LIMIT
from notifications.models import LadderRung, Message, ScheduledRung
from notifications.plan import plan_deadlines
from tasks.models import Deadline, DeadlineKind, Event, OverdueNotice
from tests.factories import ISSUED_AT, make_person
from tests.notifications.scene import OFFICER, Scene, at, make_scene, rungs, told
from workflows.actions.deadlines import move

pytestmark = pytest.mark.django_db
ITEM = DeadlineKind.ITEM  # due on Friday, 30/6/2023
FIRST_ALERT = at(2023, 7, 3)
SUPERVISOR_ALERT = at(2023, 7, 7)


def fire_through(*moments: dt.datetime) -> None:
    for moment in moments:
        fire_due(at=moment)


@pytest.mark.parametrize(
    ("moment", "kind", "posts"),
    [
        (at(2023, 6, 16), "reminder", {"officer"}),
        (at(2023, 6, 27), "reminder", {"officer"}),
        (at(2023, 6, 30), "due_today", {"officer", "leader"}),
        (at(2023, 7, 3), "escalation", {"officer", "leader"}),
        (at(2023, 7, 5), "escalation", {"focal"}),
        (at(2023, 7, 7), "escalation", {"supervisor", "leader"}),
    ],
)
def test_rung_of_an_item_tells_its_audience(
    moment: dt.datetime, kind: str, posts: set[str]
) -> None:
    scene = make_scene()
    scene.only(ITEM)
    ScheduledRung.objects.filter(fire_at__lt=moment).delete()
    assert fire_due(at=moment - dt.timedelta(minutes=1)) == 0
    assert fire_due(at=moment) == 1
    expected = {(getattr(scene, post), kind, post) for post in posts}
    assert told(Channel.IN_APP) == told(Channel.EMAIL) == expected


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        ("acknowledgement", ["2023-03-21", "2023-03-22", "2023-03-23", "2023-03-27", "2023-03-29"]),
        ("report", ["2023-12-05", "2023-12-08", "2023-12-11", "2023-12-12", "2023-12-13"]),
        ("consolidated", ["2023-12-15", "2023-12-20", "2023-12-21", "2023-12-22"]),
    ],
)
def test_ladders_climb_from_officer_to_supervisor(kind: str, days: list[str]) -> None:
    scene = make_scene()
    scene.only(DeadlineKind(kind))
    ScheduledRung.objects.filter(rung="before-10").delete()
    climb = []
    for day in days:
        Message.objects.all().delete()
        fire_due(at=at(*map(int, day.split("-"))))
        climb.append({audience for _person, _kind, audience in told()})
    own, top = {"officer", "leader"}, {"supervisor", "leader"}
    assert (
        climb
        == {
            "acknowledgement": [{"officer", "clerk"}, {"officer"}, own, {"focal"}, top],
            "report": [{"officer"}, own, own, {"focal"}, top],
            "consolidated": [{"officer"}, own, own, top],
        }[kind]
    )


def test_firing_again_tells_nobody_again() -> None:
    make_scene().only(ITEM)
    fire_through(FIRST_ALERT)
    before = Message.objects.count()
    assert fire_due(at=FIRST_ALERT) == 0
    ScheduledRung.objects.filter(rung="after-1").update(state="planned", fired_at=None)
    assert fire_due(at=FIRST_ALERT) == 1
    assert Message.objects.count() == before


def test_in_app_alert_is_delivered_and_email_waits() -> None:
    make_scene().only(ITEM)
    fire_through(at(2023, 6, 16))
    rows = set(Message.objects.values_list("channel", "state", "urgent"))
    assert rows == {("in_app", "sent", False), ("email", "pending", False)}


def test_what_all_readers_are_told_is_kept_once_with_the_rung() -> None:
    scene = make_scene()
    deadline = scene.only(ITEM)
    fire_through(FIRST_ALERT)
    rung = ScheduledRung.objects.get(deadline=deadline, rung="after-1")
    assert rung.facts is not None
    assert (rung.facts["unit"], rung.facts["due_on"], rung.facts["today"]) == (
        "Sở A",
        "2023-06-30",
        "2023-07-03",
    )
    own = {"audience_unit": "Sở A", "audience_unit_id": scene.unit.pk}
    for message in Message.objects.select_related("scheduled"):
        assert message.params == own
        assert message.facts == rung.facts | own


def test_downtime_is_caught_up_in_one_message_that_lists_what_was_missed() -> None:
    scene = make_scene()
    deadline = scene.only(ITEM)
    assert fire_due(at=at(2023, 7, 5, 11)) == 1
    assert rungs(deadline) == [
        (1, "before-10", "skipped", "caught_up"),
        (1, "before-3", "skipped", "caught_up"),
        (1, "day", "skipped", "caught_up"),
        (1, "after-1", "skipped", "caught_up"),
        (1, "after-3", "fired", ""),
        (1, "after-5", "planned", ""),
    ]
    assert told() == {
        (scene.officer, "escalation", "officer"),
        (scene.leader, "escalation", "leader"),
        (scene.focal, "escalation", "focal"),
    }
    assert Message.objects.filter(recipient=scene.focal)[0].facts["missed"] == [
        ["reminder", "2023-06-16"],
        ["reminder", "2023-06-27"],
        ["due_today", "2023-06-30"],
        ["escalation", "2023-07-03"],
    ]


def test_suspended_deadline_is_silent_and_catches_up_when_resumed() -> None:
    scene = make_scene()
    scene.only(ITEM)
    Deadline.objects.update(paused_at=ISSUED_AT)
    assert fire_due(at=at(2023, 6, 30)) == 0
    assert told() == set()
    Deadline.objects.update(paused_at=None)
    assert fire_due(at=at(2023, 6, 30, 15)) == 1
    assert told() == {
        (scene.officer, "due_today", "officer"),
        (scene.leader, "due_today", "leader"),
    }


def test_closed_deadline_says_nothing() -> None:
    deadline = make_scene().only(ITEM)
    Deadline.objects.update(closed_at=at(2023, 6, 1))
    assert fire_due(at=at(2023, 6, 30)) == 0
    assert told() == set()
    assert [row[2:] for row in rungs(deadline)[:3]] == [("superseded", "closed")] * 3


def test_moved_deadline_does_not_fire_its_old_rungs_even_before_it_is_planned() -> None:
    scene = make_scene()
    deadline = scene.only(ITEM)
    move(deadline, due_on=dt.date(2023, 9, 29), reason="", by=scene.focal, at=at(2023, 6, 15))
    assert fire_due(at=at(2023, 6, 30)) == 0
    assert told() == set()
    plan_deadlines(at=at(2023, 6, 30))
    assert fire_due(at=at(2023, 6, 30)) == 0


def repeats(deadline: Deadline) -> list[tuple[int, str, str]]:
    rows = ScheduledRung.objects.filter(deadline=deadline, rung="after-5").order_by("occurrence")
    return list(rows.values_list("occurrence", "state", "reason"))


def test_last_rung_repeats_every_five_working_days() -> None:
    scene = make_scene()
    deadline = scene.only(ITEM)
    fire_through(SUPERVISOR_ALERT, at(2023, 7, 13), at(2023, 7, 14), at(2023, 7, 21))
    assert repeats(deadline) == [
        (0, "fired", ""),
        (1, "fired", ""),
        (2, "fired", ""),
        (3, "planned", ""),
    ]
    assert Message.objects.filter(recipient=scene.supervisor, channel="in_app").count() == 3


def test_rung_that_was_caught_up_comes_again_all_the_same() -> None:
    LadderRung.objects.filter(ladder__kind=ITEM, offset=3).update(repeat_every=2, repeat_limit=1)
    deadline = make_scene().only(ITEM)
    fire_through(SUPERVISOR_ALERT, at(2023, 7, 11))
    rows = ScheduledRung.objects.filter(deadline=deadline, rung="after-3").order_by("occurrence")
    assert list(rows.values_list("occurrence", "state", "reason", "fire_at")) == [
        (0, "skipped", "caught_up", at(2023, 7, 5)),
        (1, "fired", "", at(2023, 7, 11)),
    ]
    assert repeats(deadline) == [(0, "fired", ""), (1, "planned", "")]


def test_taking_note_ends_the_repetition() -> None:
    scene = make_scene()
    deadline = scene.only(ITEM)
    fire_through(SUPERVISOR_ALERT)
    OverdueNotice.objects.create(
        deadline=deadline, version=1, taken_by=scene.supervisor, taken_at=SUPERVISOR_ALERT
    )
    assert fire_due(at=at(2023, 7, 14)) == 0
    assert repeats(deadline) == [(0, "fired", ""), (1, "skipped", "noted")]


def test_note_taken_before_the_first_alert_leaves_it_without_repetition() -> None:
    scene = make_scene()
    deadline = scene.only(ITEM)
    OverdueNotice.objects.create(
        deadline=deadline, version=1, taken_by=scene.focal, taken_at=FIRST_ALERT
    )
    fire_through(SUPERVISOR_ALERT)
    assert repeats(deadline) == [(0, "fired", "")]


def test_repetition_has_an_end() -> None:
    deadline = make_scene().only(ITEM)
    fire_through(SUPERVISOR_ALERT)
    ScheduledRung.objects.filter(occurrence=1).update(occurrence=REPEAT_LIMIT)
    assert fire_due(at=at(2023, 7, 14)) == 1
    assert fire_due(at=at(2024, 7, 14)) == 0
    assert repeats(deadline) == [(0, "fired", ""), (REPEAT_LIMIT, "fired", "")]


def test_rung_with_nobody_to_tell_says_so() -> None:
    scene = make_scene()
    deadline = scene.only(ITEM)
    for person in (scene.officer, scene.focal, scene.supervisor):
        person.is_active = False
        person.save()
    fire_through(at(2023, 6, 16))
    assert told() == set()
    assert rungs(deadline)[0] == (1, "before-10", "fired", "nobody")


def queries_of_firing(scene: Scene, deadlines: int) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert fire_due(at=at(2023, 6, 16)) == deadlines
    return len([query for query in queries if not query["sql"].startswith("INSERT")])


def test_fire_needs_as_many_queries_for_one_item_as_for_thirty() -> None:
    found = []
    for items in (1, 30):
        scene = make_scene(items=items)
        make_person(scene.unit, OFFICER)
        Deadline.objects.exclude(kind=ITEM, plan=scene.plan).update(closed_at=ISSUED_AT)
        Event.objects.update(announced_at=ISSUED_AT)
        plan_deadlines(at=ISSUED_AT)
        found.append(queries_of_firing(scene, items))
    assert found[0] == found[1]
