"""Keeping ladders: who may, what a preview tells, and what saving does to the schedule."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications.editing import StaleLadder, ladder_in_force, save_ladder, withdraw_ladder
from notifications.fire import fire_due
from notifications.forms.ladders import RungForm
from notifications.kinds import Audience, LadderKind
from notifications.ladder import Rung
from notifications.models import Ladder, Message, ScheduledRung
from notifications.plan import plan_deadlines
from tasks.models import DeadlineKind, Person, Plan
from tests.factories import ISSUED_AT
from tests.notifications.scene import Scene, at, make_scene, rungs
from tests.workflows.world import ROLES, World, make_world

pytestmark = pytest.mark.django_db
ITEM = LadderKind.ITEM
SAVED = at(2023, 6, 20, 9)
OFFICER, FOCAL = (Audience.OFFICER,), (Audience.FOCAL,)
NEW = (Rung(-2, OFFICER), Rung(1, OFFICER), Rung(2, FOCAL, repeat_every=3))


def save(scene: Scene, *saved: Rung, plan: Plan | None = None, moment: dt.datetime = SAVED) -> int:
    opened = ladder_in_force(ITEM, plan).pk
    return save_ladder(
        kind=ITEM, plan=plan, rungs=saved, opened=opened, by=scene.supervisor, at=moment
    )


def posted(saved: tuple[Rung, ...], *, kind: LadderKind = ITEM, **more: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        "form-TOTAL_FORMS": len(saved),
        "form-INITIAL_FORMS": 0,
        "opened": ladder_in_force(kind, None).pk,
        **more,
    }
    for number, rung in enumerate(saved):
        for name, value in RungForm.initial_of(rung).items():
            if value not in (None, "", []):
                data[f"form-{number}-{name}"] = value
    return data


@pytest.fixture
def administrator(client: Client) -> Client:
    person = Person.objects.create_superuser("admin", full_name="Quản trị", email="a@example.vn")
    client.force_login(person)
    return client


def test_saved_ladder_supersedes_what_has_not_fired_and_lays_it_anew() -> None:
    scene = make_scene()
    deadline = scene.only(DeadlineKind.ITEM)
    fire_due(at=at(2023, 6, 16))
    assert save(scene, *NEW) == 1
    assert plan_deadlines(at=SAVED) == 1
    assert rungs(deadline) == [
        (1, "before-10", "fired", ""),
        (1, "before-3", "superseded", "new_ladder"),
        (1, "before-2", "planned", ""),
        (1, "day", "superseded", "new_ladder"),
        (1, "after-1", "superseded", "new_ladder"),
        (1, "after-1", "planned", ""),
        (1, "after-2", "planned", ""),
        (1, "after-3", "superseded", "new_ladder"),
        (1, "after-5", "superseded", "new_ladder"),
    ]


def test_what_fired_does_not_fire_again_under_the_new_ladder() -> None:
    scene = make_scene()
    deadline = scene.only(DeadlineKind.ITEM)
    fire_due(at=at(2023, 7, 3))
    before = Message.objects.count()
    moment = at(2023, 7, 3, 9)
    save(scene, Rung(-10, OFFICER), Rung(1, OFFICER, at_time=dt.time(15)), moment=moment)
    plan_deadlines(at=moment)
    assert fire_due(at=at(2023, 7, 31)) == 0
    assert Message.objects.count() == before
    fired = ScheduledRung.objects.filter(deadline=deadline, state="fired")
    assert list(fired.values_list("rung", flat=True)) == ["after-1"]


def test_rung_added_before_the_present_moment_is_left_out() -> None:
    scene = make_scene()
    deadline = scene.only(DeadlineKind.ITEM)
    save(scene, Rung(-20, OFFICER), *NEW)
    plan_deadlines(at=SAVED)
    assert (1, "before-20", "skipped", "past") in rungs(deadline)


def test_rung_already_due_fires_although_the_ladder_was_changed_meanwhile() -> None:
    """The sweep stood still when the administrator saved."""
    scene = make_scene()
    scene.only(DeadlineKind.ITEM)
    moment = at(2023, 6, 28)
    save(scene, Rung(5, OFFICER), moment=moment)
    plan_deadlines(at=moment)
    assert fire_due(at=moment) == 1
    assert Message.objects.values_list("rung", flat=True).first() == "before-3"


def test_repetition_goes_on_as_the_new_ladder_says() -> None:
    scene = make_scene()
    deadline = scene.only(DeadlineKind.ITEM)
    fire_due(at=at(2023, 7, 7))
    save(scene, Rung(5, FOCAL, repeat_every=2), moment=at(2023, 7, 7, 9))
    plan_deadlines(at=at(2023, 7, 7, 9))
    planned = ScheduledRung.objects.get(deadline=deadline, state="planned")
    assert (planned.rung, planned.occurrence, planned.fire_at) == ("after-5", 1, at(2023, 7, 11))


def test_rung_that_was_caught_up_repeats_as_the_new_ladder_says() -> None:
    scene = make_scene()
    deadline = scene.only(DeadlineKind.ITEM)
    fire_due(at=at(2023, 7, 7))
    save(scene, Rung(3, FOCAL, repeat_every=4), moment=at(2023, 7, 7, 9))
    plan_deadlines(at=at(2023, 7, 7, 9))
    planned = ScheduledRung.objects.get(deadline=deadline, state="planned")
    assert (planned.rung, planned.occurrence, planned.fire_at) == ("after-3", 1, at(2023, 7, 13))


def test_own_ladder_of_a_plan_leaves_other_plans_alone() -> None:
    scene, other = make_scene(), make_scene()
    plan_deadlines(at=ISSUED_AT)
    save(scene, *NEW, plan=scene.plan, moment=at(2023, 3, 16))
    plan_deadlines(at=at(2023, 3, 16))
    planned = ScheduledRung.objects.filter(state="planned")
    own = planned.filter(deadline=scene.deadline(DeadlineKind.ITEM))
    theirs = planned.filter(deadline=other.deadline(DeadlineKind.ITEM))
    assert (own.count(), theirs.count()) == (3, 6)
    # The general one no longer concerns it.
    assert save(scene, Rung(1, FOCAL)) == 1
    assert withdraw_ladder(kind=ITEM, plan=scene.plan, at=SAVED) == 1
    assert ladder_in_force(ITEM, scene.plan).plan is None


def test_second_of_two_administrators_does_not_overwrite_the_first() -> None:
    scene = make_scene()
    opened = ladder_in_force(ITEM, None).pk
    save(scene, *NEW)
    with pytest.raises(StaleLadder) as refused:
        save_ladder(kind=ITEM, plan=None, rungs=NEW, opened=opened, by=scene.supervisor, at=SAVED)
    assert refused.value.ladder.saved_by == scene.supervisor
    assert list(Ladder.objects.filter(kind=ITEM).values_list("version", flat=True)) == [1, 2]


def test_page_shows_what_would_change_before_it_saves(administrator: Client) -> None:
    make_scene().only(DeadlineKind.ITEM)
    address = reverse("ladder_edit", args=[ITEM])
    shown = administrator.post(address, posted(NEW, example_on="2023-12-10", save="1"))
    found = shown.context["found"]
    assert [(one.verdict, one.planned) for one in found.changes] == [
        ("removed", 1),
        ("removed", 1),
        ("added", 0),
        ("removed", 1),
        ("changed", 1),
        ("added", 0),
        ("removed", 1),
        ("removed", 1),
    ]
    assert [step.day for _words, step in found.example[1:]] != []
    assert Ladder.objects.filter(kind=ITEM).count() == 1
    data = posted(NEW, save="1", previewed=shown.context["seen"])
    assert administrator.post(address, data).status_code == 302
    assert [rung.key for rung in ladder_in_force(ITEM, None).in_order()] == [
        "before-2",
        "after-1",
        "after-2",
    ]


def test_page_says_who_saved_meanwhile(administrator: Client) -> None:
    scene = make_scene()
    data = posted(NEW, save="1")
    address = reverse("ladder_edit", args=[ITEM])
    data["previewed"] = administrator.post(address, data).context["seen"]
    save(scene, Rung(1, FOCAL), moment=timezone.now())
    answer = administrator.post(address, data)
    assert (answer.status_code, answer.context["theirs"].saved_by) == (409, scene.supervisor)


@pytest.mark.parametrize(
    ("saved", "kind", "words"),
    [
        ((Rung(-1, OFFICER),), ITEM, "Nobody would be told of a delay"),
        ((Rung(1, OFFICER), Rung(1, FOCAL)), ITEM, "This comes twice: 1 working day after"),
        ((Rung(-5, OFFICER), Rung(1, FOCAL)), LadderKind.ACKNOWLEDGEMENT, "This can never come"),
        ((Rung(1, ()),), ITEM, "Choose at least one person"),
        ((Rung(0, OFFICER, repeat_every=2), Rung(1, FOCAL)), ITEM, "Only what comes after"),
        ((Rung(1, FOCAL, at_time=dt.time(23)),), ITEM, "Choose an hour between"),
    ],
)
def test_ladder_that_makes_no_sense_is_refused_with_the_reason(
    administrator: Client, saved: tuple[Rung, ...], kind: LadderKind, words: str
) -> None:
    answer = administrator.post(reverse("ladder_edit", args=[kind]), posted(saved, kind=kind))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_post_without_people_is_refused(administrator: Client) -> None:
    scene = make_scene()
    rung = Rung(1, OFFICER, post=(scene.unit.pk, "reader"))
    answer = administrator.post(reverse("ladder_edit", args=[ITEM]), posted((rung,)))
    assert "Nobody holds this post in Sở A" in answer.content.decode()


def test_named_post_is_told_only_of_plans_it_may_see() -> None:
    scene, stranger = make_scene(), make_scene()
    rung = Rung(1, (Audience.POST,), post=(stranger.unit.pk, "leader"))
    save(scene, rung, moment=ISSUED_AT)
    plan_deadlines(at=ISSUED_AT)
    for one in (scene, stranger):
        fire_due(at=at(2023, 7, 3))
        told = Message.objects.filter(deadline=one.deadline(DeadlineKind.ITEM), rung="after-1")
        assert {message.recipient for message in told} == {
            scene: set(),
            stranger: {stranger.leader},
        }[one]


KEEPERS = {"focal", "focal's leader", "supervisor", "administrator"}
INSIDE = KEEPERS | {
    "own lead",
    "own lead's leader",
    "other lead",
    "own coordinator",
    "issuing officer",
    "read-only",
}


def allowed(world: World, name: str, *args: Any, method: str = "get") -> set[str]:
    address = reverse(name, args=args)
    answers = {role: getattr(world.client(role), method)(address) for role in ROLES}
    assert answers["anonymous"]["Location"].startswith(reverse("login"))
    seen = {role for role, answer in answers.items() if answer.status_code in (200, 302, 422)}
    return seen - {"anonymous"}


@pytest.mark.slow
def test_ladder_pages_by_role() -> None:
    world = make_world()
    plan = world.plan.pk
    assert allowed(world, "ladder_list") == {"administrator"}
    assert allowed(world, "ladder_edit", "item") == {"administrator"}
    assert allowed(world, "ladder_edit", "item", method="post") == {"administrator"}
    assert allowed(world, "plan_ladders", plan) == INSIDE
    assert allowed(world, "plan_ladder_edit", plan, "item") == KEEPERS
    assert allowed(world, "plan_ladder_edit", plan, "item", method="post") == KEEPERS
    assert allowed(world, "plan_ladder_withdraw", plan, "item", method="post") == KEEPERS
