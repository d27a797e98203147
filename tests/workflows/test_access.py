"""Grants, acting units, posts and substitutes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import Group

from tasks.models import Membership, MembershipRole, ParticipationState, Person, Substitution, Unit
from tests.factories import lead_part, make_person, make_plan, make_unit
from tests.workflows.acts import acknowledged, part_of, refused, small_world
from tests.workflows.world import AT, World
from workflows.access import (
    Actor,
    refresh_unit_rights,
    require,
    role_groups,
    sync_memberships,
    visible_plans,
)
from workflows.actions import assignment
from workflows.errors import NotAllowed

pytestmark = pytest.mark.django_db

FIRST, LAST = dt.date(2023, 3, 20), dt.date(2023, 3, 24)
DAY = dt.timedelta(days=1)


def on_leave(world: World, substitute: str = "other unit") -> Actor:
    """The lead's officer is away for a week; somebody of another unit stands in."""
    Substitution.objects.create(
        absent=world.people["own lead"],
        substitute=world.people[substitute],
        starts_on=FIRST,
        ends_on=LAST,
    )
    return Actor(world.people[substitute], world.units["lead"])


def may_act(person: Person, unit: Unit) -> bool:
    return bool(Person.objects.get(pk=person.pk).has_perm("tasks.act_for_unit", unit))


@pytest.mark.parametrize(
    ("today", "allowed"),
    [(FIRST - DAY, False), (FIRST, True), (LAST, True), (LAST + DAY, False)],
)
def test_substitute_may_act_during_the_leave_only(today: dt.date, allowed: bool) -> None:
    world = small_world()
    actor = on_leave(world)
    sync_memberships(today=today)
    assert may_act(actor.person, world.units["lead"]) is allowed
    assert may_act(world.people["own lead"], world.units["lead"]) is True


def test_substitute_acknowledges_for_the_absent_officer() -> None:
    world = small_world()
    actor = on_leave(world)
    with refused(NotAllowed):
        assignment.acknowledge(participation=part_of(world), actor=actor, at=AT)
    sync_memberships(today=FIRST)
    assignment.acknowledge(participation=part_of(world), actor=actor, at=AT)
    assert part_of(world).state == ParticipationState.ACKNOWLEDGED


def test_substitute_of_an_officer_gets_no_leaders_right() -> None:
    world = small_world()
    actor = on_leave(world)
    sync_memberships(today=FIRST)
    assert actor.may("act_for_unit") is True
    assert actor.may("approve_for_unit") is False


def test_disabled_substitute_gets_nothing() -> None:
    world = small_world()
    actor = on_leave(world)
    Person.objects.filter(pk=actor.person.pk).update(is_active=False)
    sync_memberships(today=FIRST)
    assert actor.person.groups.count() == 0


def test_sync_counts_what_changed_and_then_nothing() -> None:
    world = small_world()
    on_leave(world)
    assert sync_memberships(today=FIRST) == 1
    assert sync_memberships(today=FIRST) == 0
    assert sync_memberships(today=LAST + DAY) == 1


def test_post_lasts_from_its_first_to_its_last_day() -> None:
    unit, person = make_unit(), make_person()
    Membership.objects.create(
        person=person, unit=unit, role=MembershipRole.OFFICER, valid_from=FIRST, valid_until=LAST
    )
    allowed = {}
    for today in (FIRST - DAY, FIRST, LAST, LAST + DAY):
        sync_memberships(today=today)
        allowed[today] = may_act(person, unit)
    assert list(allowed.values()) == [False, True, True, False]


def test_other_groups_are_left_alone_by_the_sync() -> None:
    person = make_person(make_unit())
    own = Group.objects.create(name="thư viện")
    person.groups.add(own)
    sync_memberships(today=FIRST)
    assert person.groups.filter(pk=own.pk).exists()


def test_right_counts_for_the_acting_unit_only() -> None:
    one, two = make_unit(), make_unit()
    person = make_person(one)
    Membership.objects.create(person=person, unit=two, role=MembershipRole.READER)
    sync_memberships(today=FIRST)
    assert Actor(person, one).may("act_for_unit", unit=one) is True
    assert Actor(person, two).may("act_for_unit") is False
    assert Actor(person, two).may("act_for_unit", unit=one) is False
    assert Actor(person, None).may("act_for_unit") is False


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (MembershipRole.OFFICER, {"acknowledge_for_unit", "act_for_unit"}),
        (MembershipRole.LEADER, {"acknowledge_for_unit", "act_for_unit", "approve_for_unit"}),
        (MembershipRole.CLERK, {"acknowledge_for_unit"}),
        (MembershipRole.READER, set()),
    ],
)
def test_post_gives_its_rights(role: MembershipRole, rights: set[str]) -> None:
    unit = make_unit()
    actor = Actor(make_person(unit, role), unit)
    every = {"acknowledge_for_unit", "act_for_unit", "approve_for_unit", "issue_for_unit"}
    assert {right for right in every if actor.may(right)} == rights


def test_right_to_issue_follows_the_unit() -> None:
    unit = make_unit(may_issue=True)
    actor = Actor(make_person(unit), unit)
    assert actor.may("issue_for_unit") is True
    unit.may_issue = False
    unit.save()
    refresh_unit_rights(unit)
    assert actor.may("issue_for_unit") is False
    assert actor.may("act_for_unit") is True


def test_require_asks_for_the_right_on_the_object_too() -> None:
    world = small_world()
    part = part_of(world)
    stranger = world.actor("other unit")
    require(stranger, "act_for_unit", unit=world.units["stranger"])
    with pytest.raises(NotAllowed):
        require(
            stranger,
            "act_for_unit",
            unit=world.units["stranger"],
            right="lead_planitem",
            on=part.item,
        )


def test_role_groups_are_made_once() -> None:
    unit = make_unit()
    first, second = role_groups([unit]), role_groups([unit])
    assert first == second
    assert len(first) == 4


def test_plans_are_visible_to_the_units_named_in_them() -> None:
    world = small_world()
    seen = {role for role in world.people if visible_plans(world.actor(role)).exists()}
    assert seen == set(world.people) - {"other unit"}


def test_plan_is_hidden_when_acting_for_another_unit() -> None:
    world = small_world()
    elsewhere = make_unit()
    person = world.people["own lead"]
    Membership.objects.create(person=person, unit=elsewhere, role=MembershipRole.OFFICER)
    sync_memberships(today=FIRST)
    assert visible_plans(Actor(person, elsewhere)).count() == 0
    assert visible_plans(Actor(person, world.units["lead"])).count() == 1


def test_newcomer_inherits_the_units_work() -> None:
    unit = make_unit()
    plan = make_plan(leads=[unit])
    newcomer = Actor(make_person(unit), unit)
    assignment.acknowledge(participation=lead_part(plan), actor=newcomer, at=AT)
    assert lead_part(plan).state == ParticipationState.ACKNOWLEDGED


def test_person_who_left_the_post_may_not_act() -> None:
    world = small_world()
    Membership.objects.filter(person=world.people["own lead"]).update(valid_until=FIRST)
    sync_memberships(today=FIRST + DAY)
    with refused(NotAllowed):
        acknowledged(world)
