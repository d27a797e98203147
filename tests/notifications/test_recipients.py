"""Who is reached: posts, named people, substitutes, and units without people."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.facts import circle_of
from notifications.fire import fire_due
from notifications.kinds import Audience
from notifications.models import Message
from notifications.recipients import Circle, Directory
from tasks.models import (
    DeadlineKind,
    Membership,
    MembershipRole,
    Participation,
    Person,
    Substitution,
    Unit,
    UnitSuccession,
)
from tests.factories import make_person, make_unit
from tests.notifications.scene import LEADER, OFFICER, Scene, at, make_scene, told

pytestmark = pytest.mark.django_db
TODAY = dt.date(2023, 6, 16)
ALL = tuple(Audience)


def reached(scene: Scene, *audiences: Audience) -> set[tuple[Person, str]]:
    circle = circle_of(scene.plan, part=scene.part)
    found = Directory([circle], on=TODAY).reach(circle, audiences)
    people = Person.objects.in_bulk([recipient.person_id for recipient in found])
    assert len(people) == len(found)
    return {(people[recipient.person_id], recipient.audience) for recipient in found}


def stand_in(absent: Person, substitute: Person) -> None:
    Substitution.objects.create(
        absent=absent, substitute=substitute, starts_on=TODAY, ends_on=TODAY
    )


def test_all_officers_are_told_while_none_is_named() -> None:
    scene = make_scene()
    second = make_person(scene.unit, OFFICER)
    assert reached(scene, Audience.OFFICER) == {(scene.officer, "officer"), (second, "officer")}


def test_named_officer_is_told_alone() -> None:
    scene = make_scene()
    named = make_person(scene.unit, OFFICER)
    Participation.objects.update(officer=named)
    assert reached(scene, Audience.OFFICER) == {(named, "officer")}


def test_named_officer_who_moved_away_is_replaced_by_the_officers() -> None:
    scene = make_scene()
    named = make_person(scene.unit, OFFICER)
    Participation.objects.update(officer=named)
    Membership.objects.filter(person=named).update(valid_until=dt.date(2023, 6, 15))
    assert reached(scene, Audience.OFFICER) == {(scene.officer, "officer")}


def test_named_supervising_leader_is_told_alone() -> None:
    scene = make_scene()
    named = make_person(scene.plan.issuer, LEADER)
    scene.plan.supervising_leader = named
    assert reached(scene, Audience.SUPERVISOR) == {(named, "supervisor")}
    Person.objects.filter(pk=named.pk).update(is_active=False)
    assert reached(scene, Audience.SUPERVISOR) == {(scene.supervisor, "supervisor")}


def test_person_in_several_posts_is_told_once_for_the_nearest_reason() -> None:
    scene = make_scene()
    Membership.objects.create(person=scene.officer, unit=scene.unit, role=LEADER)
    Membership.objects.create(person=scene.officer, unit=scene.plan.focal_unit, role=OFFICER)
    assert reached(scene, Audience.FOCAL, Audience.LEADER, Audience.OFFICER) == {
        (scene.officer, "officer"),
        (scene.leader, "leader"),
        (scene.focal, "focal"),
    }


def test_substitute_is_told_beside_the_absent_person_and_why() -> None:
    scene = make_scene()
    scene.only(DeadlineKind.ITEM)
    substitute = make_person(scene.plan.focal_unit, OFFICER)
    stand_in(scene.officer, substitute)
    fire_due(at=at(2023, 6, 16))
    assert told() == {
        (scene.officer, "reminder", "officer"),
        (substitute, "reminder", "officer"),
    }
    told_for = Message.objects.filter(channel="in_app").values_list("recipient", "substitute_for")
    assert set(told_for) == {(scene.officer.pk, None), (substitute.pk, scene.officer.pk)}


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (dt.date(2023, 6, 1), dt.date(2023, 6, 15)),
        (dt.date(2023, 6, 17), dt.date(2023, 6, 30)),
    ],
)
def test_substitution_counts_only_on_its_days(first: dt.date, last: dt.date) -> None:
    scene = make_scene()
    Substitution.objects.create(
        absent=scene.officer,
        substitute=make_person(scene.unit, LEADER),
        starts_on=first,
        ends_on=last,
    )
    assert reached(scene, Audience.OFFICER) == {(scene.officer, "officer")}


def test_substitute_with_a_reason_of_their_own_keeps_it() -> None:
    scene = make_scene()
    stand_in(scene.officer, scene.leader)
    assert reached(scene, Audience.OFFICER, Audience.LEADER) == {
        (scene.officer, "officer"),
        (scene.leader, "leader"),
    }


def test_unit_without_people_is_told_of_to_the_focal_unit() -> None:
    scene = make_scene()
    scene.only(DeadlineKind.ITEM)
    Membership.objects.filter(unit=scene.unit).delete()
    fire_due(at=at(2023, 6, 16))
    assert told() == {(scene.focal, "reminder", "focal")}
    (params,) = Message.objects.filter(channel="in_app").values_list("params", flat=True)
    assert (params["nobody_at"], params["audience_unit"]) == ("Sở A", "Sở KH&CN")


def test_unit_with_somebody_in_one_post_is_not_without_people() -> None:
    scene = make_scene()
    Membership.objects.filter(unit=scene.unit).exclude(role=LEADER).delete()
    assert reached(scene, Audience.OFFICER, Audience.LEADER) == {(scene.leader, "leader")}


def test_supervisor_is_the_last_resort() -> None:
    scene = make_scene()
    Membership.objects.exclude(person=scene.supervisor).delete()
    assert reached(scene, Audience.OFFICER) == {(scene.supervisor, "supervisor")}


def test_directory_asks_three_questions_for_any_number_of_circles() -> None:
    circles = [circle_of(scene.plan, part=scene.part) for scene in (make_scene(), make_scene())]
    counts = []
    for few_or_more in (circles[:1], circles):
        with CaptureQueriesContext(connection) as queries:
            directory = Directory(few_or_more, on=TODAY)
            for circle in few_or_more:
                directory.reach(circle, ALL)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 3


def test_post_of_a_unit_that_is_no_more_is_held_in_its_successor() -> None:
    old, heir, owner = make_unit(), make_unit(), make_unit()
    Unit.objects.filter(pk=old.pk).update(valid_until=TODAY - dt.timedelta(days=1))
    UnitSuccession.objects.create(
        predecessor=old, successor=heir, kind="rename", effective_on=TODAY
    )
    leader = make_person(heir, MembershipRole.LEADER)
    circle = Circle(owner, owner, owner, posts=((old.pk, MembershipRole.LEADER.value),))
    (found,) = Directory([circle], on=TODAY).reach(circle, [Audience.POST])
    assert (found.person_id, found.unit) == (leader.pk, heir)
