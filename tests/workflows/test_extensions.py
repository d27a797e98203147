"""Asking for more time, and the supervising leader's decision."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from pytest_django import Settings

from tasks.models import Event, Extension, ExtensionState, Verb
from tasks.rules.calendar import local_instant
from tests.workflows.acts import (
    DUE,
    LATER,
    acknowledged,
    claimed,
    item_deadline,
    item_of,
    last_event,
    part_of,
    refused,
    small_world,
    versions,
)
from tests.workflows.world import AT, World
from workflows.actions import extensions, supervision, work
from workflows.errors import ActionRefused, NotAllowed, Overtaken

pytestmark = pytest.mark.django_db

SEPTEMBER = dt.date(2023, 9, 30)


def asked(world: World, due_on: dt.date = SEPTEMBER, role: str = "own lead") -> Extension:
    return extensions.request_extension(
        participation=part_of(world),
        actor=world.actor(role),
        at=AT,
        due_on=due_on,
        reason="Chờ kinh phí",
    )


def world_at_work() -> World:
    world = small_world()
    acknowledged(world)
    return world


def grant(world: World, extension: Extension, due_on: dt.date | None = None) -> None:
    extensions.grant_extension(
        extension=extension, actor=world.actor("supervisor"), at=LATER, due_on=due_on
    )


def refuse(world: World, extension: Extension, reason: str = "Việc gấp") -> None:
    extensions.refuse_extension(
        extension=extension, actor=world.actor("supervisor"), at=LATER, reason=reason
    )


def test_request_leaves_the_date_in_force() -> None:
    world = world_at_work()
    extension = asked(world)
    assert (extension.state, extension.due_on_before) == (ExtensionState.REQUESTED, DUE)
    assert (item_deadline(part_of(world)).due_on, extension.requested_due_on) == (DUE, SEPTEMBER)
    assert last_event() == (Verb.EXTENSION_REQUESTED, str(world.units["lead"]), "Chờ kinh phí")
    assert Event.objects.order_by("-pk")[0].details == {
        "before": "2023-06-30",
        "after": "2023-09-30",
    }


@pytest.mark.parametrize("due_on", [DUE, dt.date(2023, 6, 29), dt.date(2022, 12, 31)])
def test_request_for_no_later_date_is_refused(due_on: dt.date) -> None:
    world = world_at_work()
    with refused():
        asked(world, due_on)


def test_request_for_a_late_part_has_to_look_ahead() -> None:
    world = world_at_work()
    with refused():
        extensions.request_extension(
            participation=part_of(world),
            actor=world.actor("own lead"),
            at=local_instant(dt.date(2023, 7, 20)),
            due_on=dt.date(2023, 7, 20),
            reason="x",
        )


def test_second_open_request_is_overtaken() -> None:
    world = world_at_work()
    asked(world)
    with refused(Overtaken):
        asked(world, dt.date(2023, 10, 31))


def test_request_needs_a_reason() -> None:
    world = world_at_work()
    with refused():
        extensions.request_extension(
            participation=part_of(world),
            actor=world.actor("own lead"),
            at=AT,
            due_on=SEPTEMBER,
            reason=" ",
        )


def test_request_for_handed_in_work_is_refused() -> None:
    world = small_world()
    claimed(world)
    with refused():
        asked(world)


@pytest.mark.parametrize("role", ["other lead", "own coordinator", "focal", "supervisor"])
def test_request_of_another_unit_is_not_allowed(role: str) -> None:
    world = world_at_work()
    with refused(NotAllowed):
        asked(world, role=role)


def test_grant_makes_a_new_version_and_keeps_the_original_date() -> None:
    world = world_at_work()
    grant(world, asked(world))
    deadline = item_deadline(part_of(world))
    assert (deadline.due_on, deadline.original_due_on, deadline.version) == (SEPTEMBER, DUE, 2)
    assert versions(deadline) == [(1, DUE, ""), (2, SEPTEMBER, "Chờ kinh phí")]
    extension = Extension.objects.get()
    assert (extension.state, extension.decided_by, extension.decided_at) == (
        ExtensionState.GRANTED,
        world.people["supervisor"],
        LATER,
    )


def test_grant_moves_the_asking_unit_only() -> None:
    world = world_at_work()
    grant(world, asked(world))
    assert item_deadline(part_of(world, "other_lead")).due_on == DUE
    assert item_of(world).due_on == DUE


def test_grant_may_name_another_date() -> None:
    world = world_at_work()
    grant(world, asked(world), dt.date(2023, 8, 15))
    assert item_deadline(part_of(world)).due_on == dt.date(2023, 8, 15)
    assert Event.objects.order_by("-pk")[0].details["after"] == "2023-08-15"
    assert Extension.objects.get().requested_due_on == SEPTEMBER


def test_grant_of_no_later_date_is_refused() -> None:
    world = world_at_work()
    extension = asked(world)
    with refused():
        grant(world, extension, DUE)


def test_grant_after_the_work_was_handed_in_is_overtaken() -> None:
    world = world_at_work()
    extension = asked(world)
    work.claim_completion(
        participation=part_of(world), actor=world.actor("own lead"), at=AT, words="Xong"
    )
    with refused(Overtaken):
        grant(world, extension)


def test_decision_is_awaited_while_the_lead_has_the_work() -> None:
    world = world_at_work()
    answers = asked(world).answer_deadlines
    work.claim_completion(
        participation=part_of(world), actor=world.actor("own lead"), at=AT, words="Xong"
    )
    assert answers.get().closed_at == AT
    work.return_completion(
        participation=part_of(world), actor=world.actor("focal"), at=LATER, reason="Thiếu số liệu"
    )
    assert (answers.get().closed_at, answers.get().version) == (None, 2)


def test_request_can_be_refused_with_a_reason_only() -> None:
    world = world_at_work()
    extension = asked(world)
    with refused():
        refuse(world, extension, " ")
    refuse(world, extension)
    decided = Extension.objects.get()
    assert (decided.state, decided.decision_words) == (ExtensionState.REFUSED, "Việc gấp")
    assert (item_deadline(part_of(world)).due_on, item_deadline(part_of(world)).version) == (DUE, 1)
    assert last_event() == (Verb.EXTENSION_REFUSED, str(world.units["issuer"]), "Việc gấp")


def test_request_is_decided_once() -> None:
    world = world_at_work()
    extension = asked(world)
    refuse(world, extension)
    with refused(Overtaken):
        grant(world, extension)
    with refused(Overtaken):
        refuse(world, extension)


def test_new_request_may_follow_a_refusal() -> None:
    world = world_at_work()
    refuse(world, asked(world))
    grant(world, asked(world))
    states = Extension.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [ExtensionState.REFUSED, ExtensionState.GRANTED]


def test_second_grant_keeps_the_first_date_as_original() -> None:
    world = world_at_work()
    grant(world, asked(world))
    grant(world, asked(world, dt.date(2023, 11, 30)))
    deadline = item_deadline(part_of(world))
    assert (deadline.original_due_on, deadline.due_on) == (DUE, dt.date(2023, 11, 30))
    assert [version for version, _due, _why in versions(deadline)] == [1, 2, 3]


@pytest.mark.parametrize("role", ["own lead's leader", "focal", "focal's leader"])
def test_only_the_issuers_leader_decides(role: str) -> None:
    world = world_at_work()
    extension = asked(world)
    with refused(NotAllowed):
        extensions.grant_extension(extension=extension, actor=world.actor(role), at=AT)


def test_issuing_officer_does_not_decide() -> None:
    world = world_at_work()
    extension = asked(world)
    with refused(NotAllowed):
        extensions.refuse_extension(
            extension=extension, actor=world.actor("issuing officer"), at=AT, reason="x"
        )


def test_suspended_item_gets_no_extension() -> None:
    world = world_at_work()
    extension = asked(world)
    supervision.suspend_item(
        item=item_of(world), actor=world.actor("supervisor"), at=AT, reason="Chờ"
    )
    with refused():
        grant(world, extension)


MONTHS = [dt.date(2023, month, 28) for month in (9, 10, 11)]


def extended(world: World, times: int) -> None:
    for due_on in MONTHS[:times]:
        grant(world, asked(world, due_on))


def test_limit_refuses_the_request_and_says_what_to_do(settings: Settings) -> None:
    settings.DONDOC_EXTENSION_LIMIT = 2
    world = world_at_work()
    extended(world, 2)
    with pytest.raises(ActionRefused, match="already extended 2 times"):
        asked(world, MONTHS[2])
    assert item_deadline(part_of(world)).due_on == MONTHS[1]


def test_limit_that_was_lowered_binds_the_leader_too(settings: Settings) -> None:
    world = world_at_work()
    extended(world, 1)
    waiting = asked(world, MONTHS[1])
    settings.DONDOC_EXTENSION_LIMIT = 1
    with refused():
        grant(world, waiting)


def test_return_of_the_work_does_not_count_as_an_extension(settings: Settings) -> None:
    settings.DONDOC_EXTENSION_LIMIT = 1
    world = small_world()
    claimed(world)
    work.return_completion(
        participation=part_of(world), actor=world.actor("focal"), at=LATER, reason="Thiếu số liệu"
    )
    assert asked(world).state == ExtensionState.REQUESTED


@pytest.mark.parametrize(("times", "words"), [(1, "extended once."), (2, "extension number 3")])
def test_leader_sees_how_often_the_date_was_extended(times: int, words: str) -> None:
    world = world_at_work()
    extended(world, times)
    waiting = asked(world, MONTHS[2])
    page = world.client("supervisor").get(reverse("extension_decide", args=[waiting.pk]))
    assert words in page.content.decode()
