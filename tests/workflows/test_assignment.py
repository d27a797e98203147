"""Taking, refusing, keeping and passing on a part."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks.models import (
    Deadline,
    DeadlineKind,
    Event,
    ItemState,
    Participation,
    ParticipationState,
    Role,
    Verb,
)
from tests.factories import lead_part, make_actor, make_person, make_plan, make_unit
from tests.workflows.acts import (
    DUE,
    LATER,
    acknowledged,
    answer_deadline,
    completed,
    declined,
    item_deadline,
    item_of,
    last_event,
    open_nodes,
    part_of,
    refused,
    small_world,
)
from tests.workflows.world import AT, DAY, World
from workflows.access import Actor
from workflows.actions import assignment, supervision
from workflows.errors import ActionRefused, NotAllowed, Overtaken
from workflows.models import PlanItemGroupObjectPermission

pytestmark = pytest.mark.django_db


def reassigned(world: World, part: Participation, unit: str = "stranger") -> Participation:
    return assignment.reassign(
        participation=part,
        unit=world.units[unit],
        actor=world.actor("focal"),
        at=LATER,
        words="Phù hợp hơn",
    )


def test_acknowledging_lead_begins_the_item() -> None:
    world = small_world()
    part = acknowledged(world)
    assert part.state == ParticipationState.ACKNOWLEDGED
    assert item_of(world).state == ItemState.IN_PROGRESS
    assert open_nodes(part.item) == ["acknowledge", "acknowledge_coordination", "carry_out"]
    assert last_event() == (Verb.ACKNOWLEDGED, str(part.unit), "")


def test_acknowledging_coordinator_leaves_the_item_issued() -> None:
    world = small_world()
    part = acknowledged(world, "coordinator", "own coordinator")
    assert part.state == ParticipationState.ACKNOWLEDGED
    assert item_of(world).state == ItemState.ISSUED
    assert open_nodes(part.item) == ["acknowledge", "acknowledge"]


def test_acknowledging_meets_its_own_deadline_only() -> None:
    part = acknowledged(small_world())
    answered, owed = answer_deadline(part), item_deadline(part)
    assert (answered.closed_at, answered.fulfilled_on) == (AT, DAY)
    assert (owed.closed_at, owed.fulfilled_on) == (None, None)


def test_assignment_asks_for_an_answer_within_five_working_days() -> None:
    part = part_of(small_world())
    assert answer_deadline(part).due_on == dt.date(2023, 3, 22)
    assert item_deadline(part).due_on == DUE


def test_acknowledging_may_name_the_officer() -> None:
    world = small_world()
    colleague = make_person(world.units["lead"])
    assignment.acknowledge(
        participation=part_of(world), actor=world.actor("own lead"), at=AT, officer=colleague
    )
    assert part_of(world).officer == colleague


def test_acknowledging_refuses_an_officer_of_another_unit() -> None:
    world = small_world()
    stranger = world.people["other unit"]
    with refused():
        assignment.acknowledge(
            participation=part_of(world), actor=world.actor("own lead"), at=AT, officer=stranger
        )


def test_acknowledging_twice_is_overtaken_and_leaves_one_event() -> None:
    world = small_world()
    acknowledged(world)
    with refused(Overtaken):
        acknowledged(world)
    assert Event.objects.filter(verb=Verb.ACKNOWLEDGED).count() == 1


def test_acknowledging_for_another_unit_is_not_allowed() -> None:
    world = small_world()
    with refused(NotAllowed):
        acknowledged(world, "lead", "other lead")


def test_acting_for_the_wrong_unit_is_not_allowed() -> None:
    world = small_world()
    actor = Actor(world.people["own lead"], world.units["focal"])
    with refused(NotAllowed):
        assignment.acknowledge(participation=part_of(world), actor=actor, at=AT)


def test_declining_hands_the_question_to_the_focal_unit() -> None:
    world = small_world()
    part = declined(world)
    assert part.state == ParticipationState.DECLINED
    assert answer_deadline(part).fulfilled_on == DAY
    assert item_deadline(part).closed_at is None
    assert open_nodes(part.item) == ["acknowledge", "acknowledge_coordination", "settle"]
    assert last_event() == (Verb.DECLINED, str(part.unit), "Không phù hợp")


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_declining_needs_a_reason(reason: str) -> None:
    world = small_world()
    with refused():
        assignment.decline(
            participation=part_of(world), actor=world.actor("own lead"), at=AT, reason=reason
        )


def test_declining_after_acknowledging_is_overtaken() -> None:
    world = small_world()
    acknowledged(world)
    with refused(Overtaken):
        declined(world)


def test_insisting_asks_the_same_unit_again() -> None:
    world = small_world()
    part = declined(world)
    assignment.insist(participation=part, actor=world.actor("focal"), at=LATER, words="Vẫn giao")
    part = part_of(world)
    assert part.state == ParticipationState.ASSIGNED
    kind = DeadlineKind.ACKNOWLEDGEMENT
    asked = Deadline.objects.filter(participation=part, kind=kind, closed_at__isnull=True)
    assert [one.due_on for one in asked] == [dt.date(2023, 3, 30)]
    assert open_nodes(part.item) == ["acknowledge", "acknowledge", "acknowledge_coordination"]
    assert last_event() == (Verb.INSISTED, str(world.units["focal"]), "Vẫn giao")


def test_unit_may_decline_again_after_the_focal_unit_insisted() -> None:
    world = small_world()
    assignment.insist(
        participation=declined(world), actor=world.actor("focal"), at=LATER, words="Vẫn giao"
    )
    assert declined(world).state == ParticipationState.DECLINED
    assert Event.objects.filter(verb=Verb.DECLINED).count() == 2


def test_insisting_needs_words_and_the_focal_unit() -> None:
    world = small_world()
    part = declined(world)
    with refused():
        assignment.insist(participation=part, actor=world.actor("focal"), at=AT, words=" ")
    with refused(NotAllowed):
        assignment.insist(participation=part, actor=world.actor("own lead"), at=AT, words="x")


def test_insisting_on_what_was_not_declined_is_overtaken() -> None:
    world = small_world()
    with refused(Overtaken):
        assignment.insist(
            participation=part_of(world), actor=world.actor("focal"), at=AT, words="x"
        )


def test_reassigning_replaces_the_unit_and_keeps_its_line() -> None:
    world = small_world()
    part = declined(world)
    heir = reassigned(world, part)
    part = part_of(world)
    assert (part.state, part.replaced_by) == (ParticipationState.REPLACED, heir)
    assert (heir.unit, heir.role) == (world.units["stranger"], Role.LEAD)
    assert open_nodes(part.item) == ["acknowledge", "acknowledge", "acknowledge_coordination"]
    verbs = Event.objects.order_by("-pk").values_list("verb", "participation")[:2]
    assert list(verbs) == [(Verb.ASSIGNED, heir.pk), (Verb.REASSIGNED, part.pk)]


def test_reassigning_hands_the_date_over() -> None:
    world = small_world()
    part = declined(world)
    heir = reassigned(world, part)
    assert (item_deadline(heir).due_on, item_deadline(heir).original_due_on) == (DUE, DUE)
    assert answer_deadline(heir).due_on == dt.date(2023, 3, 30)
    given_up = item_deadline(part)
    assert (given_up.closed_at, given_up.fulfilled_on) == (LATER, None)


def test_reassigning_moves_the_grants() -> None:
    world = small_world()
    part = declined(world)
    reassigned(world, part)
    leads = PlanItemGroupObjectPermission.objects.filter(permission__codename="lead_planitem")
    units = set(leads.values_list("group__unit_role__unit__pk", flat=True))
    assert units == {world.units["stranger"].pk, world.units["other_lead"].pk}
    assert world.people["own lead"].has_perm("tasks.view_plan", world.plan)
    assert world.people["other unit"].has_perm("tasks.view_plan", world.plan)


def test_heir_acknowledges_and_the_old_unit_cannot() -> None:
    world = small_world()
    old = declined(world)
    reassigned(world, old)
    with refused(NotAllowed):
        assignment.acknowledge(participation=old, actor=world.actor("own lead"), at=LATER)
    heir = part_of(world, "stranger")
    assignment.acknowledge(participation=heir, actor=world.actor("other unit"), at=LATER)
    assert part_of(world, "stranger").state == ParticipationState.ACKNOWLEDGED


def test_coordinator_can_be_replaced_too() -> None:
    world = small_world()
    part = declined(world, "coordinator", "own coordinator")
    heir = reassigned(world, part)
    assert heir.role == Role.COORDINATING
    assert [one.kind for one in heir.deadlines.all()] == [DeadlineKind.ACKNOWLEDGEMENT]
    assert world.people["other unit"].has_perm("tasks.coordinate_planitem", part.item)


@pytest.mark.parametrize("unit", ["other_lead", "lead"])
def test_reassigning_to_a_unit_that_has_the_part_is_refused(unit: str) -> None:
    world = small_world()
    part = declined(world)
    with refused():
        reassigned(world, part, unit)


def test_reassigning_what_was_not_declined_is_overtaken() -> None:
    world = small_world()
    with refused(Overtaken):
        reassigned(world, part_of(world))


def test_reassigning_needs_words() -> None:
    world = small_world()
    part = declined(world)
    with refused():
        assignment.reassign(
            participation=part,
            unit=world.units["stranger"],
            actor=world.actor("focal"),
            at=AT,
            words="",
        )


def test_suspended_item_cannot_be_acknowledged() -> None:
    world = small_world()
    supervisor = world.actor("supervisor")
    supervision.suspend_item(item=item_of(world), actor=supervisor, at=AT, reason="Chờ")
    with refused():
        acknowledged(world)


def test_completed_item_cannot_be_acknowledged() -> None:
    world = small_world()
    completed(world)
    with refused(Overtaken):
        acknowledged(world, "coordinator", "own coordinator")


def test_unit_without_people_can_be_assigned_and_filled_later() -> None:
    empty = make_unit()
    plan = make_plan(leads=[empty])
    assert lead_part(plan).state == ParticipationState.ASSIGNED
    newcomer = make_actor(empty)
    assignment.acknowledge(participation=lead_part(plan), actor=newcomer, at=AT)
    assert lead_part(plan).state == ParticipationState.ACKNOWLEDGED


def test_refusal_says_what_to_do() -> None:
    world = small_world()
    part = declined(world)
    with pytest.raises(ActionRefused, match=str(world.units["other_lead"])):
        reassigned(world, part, "other_lead")
