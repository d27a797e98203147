"""Carrying out a part: progress, obstacles, completion, and the focal unit's judgement."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from pytest_django import Settings

from tasks.models import (
    DeadlineKind,
    Event,
    Evidence,
    ItemState,
    Obstacle,
    ParticipationState,
    ProgressUpdate,
    Verb,
)
from tests.workflows.acts import (
    DUE,
    LATER,
    acknowledged,
    answer_deadline,
    claimed,
    completed,
    item_deadline,
    item_of,
    last_event,
    open_nodes,
    part_of,
    refused,
    small_world,
    versions,
)
from tests.workflows.world import AT, DAY, World
from workflows.actions import assignment, supervision, work
from workflows.errors import NotAllowed, Overtaken

pytestmark = pytest.mark.django_db


def progress(world: World, role: str = "own lead", words: str = "Đã làm một nửa") -> ProgressUpdate:
    return work.update_progress(
        participation=part_of(world), actor=world.actor(role), at=AT, percent=50, words=words
    )


def raised(world: World) -> Obstacle:
    return work.raise_obstacle(
        participation=part_of(world), actor=world.actor("own lead"), at=AT, words="Thiếu kinh phí"
    )


def returned(world: World, at: dt.datetime = LATER) -> None:
    work.return_completion(
        participation=part_of(world), actor=world.actor("focal"), at=at, reason="Thiếu sản phẩm"
    )


def accept(world: World, unit: str = "lead", role: str = "focal") -> None:
    work.accept_completion(participation=part_of(world, unit), actor=world.actor(role), at=LATER)


def test_progress_is_kept_with_its_words() -> None:
    world = small_world()
    acknowledged(world)
    update = progress(world)
    assert (update.percent, update.words, update.posted_at) == (50, "Đã làm một nửa", AT)
    assert part_of(world).percent == 50
    assert last_event() == (Verb.PROGRESSED, str(world.units["lead"]), "Đã làm một nửa")
    assert open_nodes(item_of(world)) == ["acknowledge", "acknowledge_coordination", "carry_out"]


def test_progress_keeps_its_evidence(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path
    world = small_world()
    work.update_progress(
        participation=acknowledged(world),
        actor=world.actor("own lead"),
        at=AT,
        percent=10,
        words="Kèm tệp",
        files=[ContentFile(b"1", name="a.pdf"), ContentFile(b"2", name="b.pdf")],
    )
    assert list(Evidence.objects.order_by("pk").values_list("name", flat=True)) == [
        "a.pdf",
        "b.pdf",
    ]


def test_progress_before_acknowledging_is_refused() -> None:
    world = small_world()
    with refused():
        progress(world)


def test_progress_needs_words() -> None:
    world = small_world()
    acknowledged(world)
    with refused():
        progress(world, words="  ")


@pytest.mark.parametrize("role", ["other lead", "own coordinator", "focal", "supervisor"])
def test_progress_of_another_unit_is_not_allowed(role: str) -> None:
    world = small_world()
    acknowledged(world)
    with refused(NotAllowed):
        progress(world, role)


def test_coordinator_has_no_progress_to_report() -> None:
    world = small_world()
    part = acknowledged(world, "coordinator", "own coordinator")
    with refused(NotAllowed):
        work.update_progress(
            participation=part,
            actor=world.actor("own coordinator"),
            at=AT,
            percent=10,
            words="x",
        )


def test_obstacle_stays_open_until_the_focal_unit_answers() -> None:
    world = small_world()
    acknowledged(world)
    obstacle = raised(world)
    assert last_event() == (Verb.OBSTACLE_RAISED, str(world.units["lead"]), "Thiếu kinh phí")
    focal = world.actor("focal")
    work.answer_obstacle(obstacle=obstacle, actor=focal, at=LATER, words="Đã bố trí")
    obstacle.refresh_from_db()
    assert (obstacle.answer, obstacle.answered_by, obstacle.answered_at) == (
        "Đã bố trí",
        focal.person,
        LATER,
    )
    assert last_event() == (Verb.OBSTACLE_ANSWERED, str(world.units["focal"]), "Đã bố trí")


def test_obstacle_is_answered_once() -> None:
    world = small_world()
    acknowledged(world)
    obstacle = raised(world)
    work.answer_obstacle(obstacle=obstacle, actor=world.actor("focal"), at=LATER, words="Một")
    with refused(Overtaken):
        work.answer_obstacle(obstacle=obstacle, actor=world.actor("focal"), at=LATER, words="Hai")
    assert Obstacle.objects.get().answer == "Một"


def test_obstacle_needs_words_and_the_right_unit() -> None:
    world = small_world()
    acknowledged(world)
    obstacle = raised(world)
    with refused():
        work.answer_obstacle(obstacle=obstacle, actor=world.actor("focal"), at=AT, words="")
    with refused(NotAllowed):
        work.answer_obstacle(obstacle=obstacle, actor=world.actor("own lead"), at=AT, words="x")


def test_obstacle_before_acknowledging_is_refused() -> None:
    world = small_world()
    with refused():
        raised(world)


def test_claim_stops_the_clock_on_its_day() -> None:
    world = small_world()
    part = claimed(world)
    deadline = item_deadline(part)
    assert (part.state, part.percent) == (ParticipationState.CLAIMED, 100)
    assert (deadline.closed_at, deadline.fulfilled_on, deadline.version) == (AT, DAY, 1)
    assert open_nodes(part.item) == ["acknowledge", "acknowledge_coordination", "judge"]
    assert last_event() == (Verb.CLAIMED, str(part.unit), "Xong")
    assert ProgressUpdate.objects.get().percent == 100


def test_claim_before_acknowledging_is_refused() -> None:
    world = small_world()
    with refused():
        work.claim_completion(
            participation=part_of(world), actor=world.actor("own lead"), at=AT, words="x"
        )


def test_claim_needs_words() -> None:
    world = small_world()
    part = acknowledged(world)
    with refused():
        work.claim_completion(participation=part, actor=world.actor("own lead"), at=AT, words="")


def test_claim_sent_twice_leaves_one_event() -> None:
    world = small_world()
    part = claimed(world)
    with refused():
        work.claim_completion(participation=part, actor=world.actor("own lead"), at=AT, words="x")
    assert Event.objects.filter(verb=Verb.CLAIMED).count() == 1
    assert ProgressUpdate.objects.count() == 1


def test_return_opens_the_same_date_again_as_a_new_version() -> None:
    world = small_world()
    part = claimed(world)
    returned(world)
    deadline = item_deadline(part)
    assert part_of(world).state == ParticipationState.RETURNED
    assert (deadline.due_on, deadline.original_due_on, deadline.version) == (DUE, DUE, 2)
    assert (deadline.closed_at, deadline.fulfilled_on) == (None, None)
    assert versions(deadline) == [(1, DUE, ""), (2, DUE, "Thiếu sản phẩm")]
    assert open_nodes(part.item) == ["acknowledge", "acknowledge_coordination", "carry_out"]


def test_returned_part_can_be_claimed_again() -> None:
    world = small_world()
    claimed(world)
    returned(world)
    work.claim_completion(
        participation=part_of(world), actor=world.actor("own lead"), at=LATER, words="Đã bổ sung"
    )
    deadline = item_deadline(part_of(world))
    assert part_of(world).state == ParticipationState.CLAIMED
    assert (deadline.version, deadline.fulfilled_on) == (2, dt.date(2023, 3, 23))


def test_return_needs_a_reason() -> None:
    world = small_world()
    part = claimed(world)
    with refused():
        work.return_completion(participation=part, actor=world.actor("focal"), at=AT, reason="\t")


def test_return_accepts_a_long_reason() -> None:
    world = small_world()
    part = claimed(world)
    reason = "Thiếu sản phẩm. " * 40
    work.return_completion(participation=part, actor=world.actor("focal"), at=AT, reason=reason)
    assert versions(item_deadline(part))[1][2] == reason.strip()[:300]
    assert last_event()[2] == reason.strip()


def test_return_of_what_was_not_claimed_is_overtaken() -> None:
    world = small_world()
    acknowledged(world)
    with refused(Overtaken):
        returned(world)


@pytest.mark.parametrize("role", ["own lead", "own lead's leader", "supervisor", "other lead"])
def test_only_the_focal_unit_judges(role: str) -> None:
    world = small_world()
    claimed(world)
    with refused(NotAllowed):
        accept(world, role=role)


def test_one_accepted_lead_leaves_the_item_open() -> None:
    world = small_world()
    claimed(world)
    accept(world)
    assert part_of(world).state == ParticipationState.ACCEPTED
    assert item_of(world).state == ItemState.IN_PROGRESS
    assert item_deadline(part_of(world, "other_lead")).closed_at is None
    assert last_event() == (Verb.ACCEPTED, str(world.units["focal"]), "")


def test_last_accepted_lead_completes_the_item() -> None:
    world = small_world()
    item = completed(world)
    silent = answer_deadline(part_of(world, "coordinator"))
    assert item.state == ItemState.COMPLETED
    assert (silent.closed_at, silent.fulfilled_on) == (AT, None)
    assert open_nodes(item) == []
    verbs = list(Event.objects.order_by("-pk").values_list("verb", flat=True)[:2])
    assert verbs == [Verb.ITEM_COMPLETED, Verb.ACCEPTED]


def test_accepting_twice_is_overtaken() -> None:
    world = small_world()
    claimed(world)
    accept(world)
    with refused(Overtaken):
        accept(world)


def test_completed_item_refuses_every_change() -> None:
    world = small_world()
    completed(world)
    with refused(Overtaken):
        progress(world)
    with refused(Overtaken):
        returned(world)


def test_replaced_lead_does_not_hold_up_completion() -> None:
    world = small_world()
    part = part_of(world, "other_lead")
    other, focal = world.actor("other lead"), world.actor("focal")
    assignment.decline(participation=part, actor=other, at=AT, reason="x")
    assignment.reassign(
        participation=part, unit=world.units["stranger"], actor=focal, at=AT, words="x"
    )
    for unit, role in (("lead", "own lead"), ("stranger", "other unit")):
        claimed(world, unit, role)
        accept(world, unit)
    assert item_of(world).state == ItemState.COMPLETED
    open_ones = item_of(world).plan.deadlines.filter(closed_at__isnull=True)
    assert list(open_ones.exclude(kind=DeadlineKind.ITEM)) == []


@pytest.mark.parametrize("act", [progress, raised, returned, accept])
def test_suspended_item_refuses_work(act: object) -> None:
    world = small_world()
    claimed(world)
    supervision.suspend_item(
        item=item_of(world), actor=world.actor("supervisor"), at=AT, reason="Chờ"
    )
    assert callable(act)
    with refused():
        act(world)
