"""Leave: who may enter it, what a substitute may do and is told, and that both see it."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tasks.models import Membership, MembershipRole, Person, Substitution, Unit
from tasks.rules.calendar import local_instant
from tests.factories import make_actor, make_person, make_unit
from workflows.access import Actor
from workflows.actions.leave import arrange_leave, end_leave
from workflows.errors import ActionRefused, NotAllowed, Overtaken

pytestmark = pytest.mark.django_db
OFFICER, LEADER, READER = MembershipRole.OFFICER, MembershipRole.LEADER, MembershipRole.READER
TODAY = dt.date(2023, 6, 16)
AT = local_instant(TODAY, 9)
DAY = dt.timedelta(days=1)


@pytest.fixture
def unit() -> Unit:
    return make_unit()


@pytest.fixture
def absent(unit: Unit) -> Person:
    return make_person(unit, OFFICER, name="Vắng")


@pytest.fixture
def helper(unit: Unit) -> Person:
    return make_person(unit, OFFICER, name="Thay")


def arrange(actor: Actor, absent: Person, helper: Person, **changed: Any) -> Substitution:
    days = {"starts_on": TODAY, "ends_on": TODAY + 7 * DAY}
    return arrange_leave(
        **{"absent": absent, "substitute": helper, "reason": "", "actor": actor, "at": AT}
        | days
        | changed
    )


def test_substitute_may_at_once_what_the_absent_may(unit: Unit, absent: Person) -> None:
    own = make_unit()
    helper = make_person(unit, READER)
    Membership.objects.create(person=absent, unit=own, role=LEADER)
    assert not helper.has_perm("tasks.approve_for_unit", own)
    leave = arrange(Actor(absent, unit), absent, helper)
    fresh = Person.objects.get(pk=helper.pk)
    assert fresh.has_perm("tasks.approve_for_unit", own)
    assert (leave.entered_by, leave.entered_at) == (absent, AT)
    end_leave(substitution=leave, actor=Actor(absent, unit), at=AT)
    assert not Person.objects.get(pk=helper.pk).has_perm("tasks.approve_for_unit", own)


def test_leader_enters_the_leave_of_somebody_in_the_unit(
    unit: Unit, absent: Person, helper: Person
) -> None:
    leader = make_actor(unit, LEADER)
    assert arrange(leader, absent, helper).entered_by == leader.person


@pytest.mark.parametrize("role", [OFFICER, MembershipRole.CLERK, READER])
def test_nobody_else_enters_or_ends_it(
    unit: Unit, absent: Person, helper: Person, role: MembershipRole
) -> None:
    leave = arrange(Actor(absent, unit), absent, helper)
    for actor in (make_actor(unit, role), make_actor(make_unit(), LEADER), Actor(helper, unit)):
        with pytest.raises(NotAllowed):
            arrange(actor, absent, helper, starts_on=TODAY + 30 * DAY, ends_on=TODAY + 31 * DAY)
        with pytest.raises(NotAllowed):
            end_leave(substitution=leave, actor=actor, at=AT)
    assert list(Substitution.objects.standing()) == [leave]


def test_leader_of_another_post_cannot_enter_it(absent: Person, helper: Person) -> None:
    """The leader acts for a unit that the absent person has no post in."""
    leader = make_actor(make_unit(), LEADER)
    with pytest.raises(NotAllowed):
        arrange(leader, absent, helper)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"starts_on": TODAY, "ends_on": TODAY - DAY}, "ends before it begins"),
        ({"starts_on": TODAY - 9 * DAY, "ends_on": TODAY - DAY}, "These days are over"),
    ],
)
def test_days_must_make_sense(
    unit: Unit, absent: Person, helper: Person, changed: dict[str, Any], words: str
) -> None:
    with pytest.raises(ActionRefused, match=words):
        arrange(Actor(absent, unit), absent, helper, **changed)


def test_substitute_is_a_colleague_who_is_there(unit: Unit, absent: Person, helper: Person) -> None:
    me = Actor(absent, unit)
    for stranger in (make_person(make_unit()), absent):
        with pytest.raises(ActionRefused, match="a post in the same unit"):
            arrange(me, absent, stranger)
    third = make_person(unit)
    arrange(Actor(helper, unit), helper, third)
    with pytest.raises(ActionRefused, match="Thay is away"):
        arrange(me, absent, helper)
    arrange(me, absent, third)
    with pytest.raises(ActionRefused, match="entered already"):
        arrange(me, absent, third)


def test_leave_ends_once(unit: Unit, absent: Person, helper: Person) -> None:
    me = Actor(absent, unit)
    leave = arrange(me, absent, helper)
    assert list(Substitution.objects.in_force(TODAY)) == [leave]
    end_leave(substitution=leave, actor=me, at=AT)
    assert list(Substitution.objects.in_force(TODAY)) == []
    with pytest.raises(Overtaken):
        end_leave(substitution=leave, actor=me, at=AT)
    arrange(me, absent, helper)


def entered(client: Client, absent: Person, helper: Person) -> Any:
    today = timezone.localdate()
    data = {
        "absent": absent.pk,
        "substitute": helper.pk,
        "starts_on": today.isoformat(),
        "ends_on": (today + DAY).isoformat(),
        "reason": "Nghỉ phép năm",
    }
    return client.post(reverse("leave"), data)


def test_both_see_the_leave_and_others_do_not(
    client: Client, unit: Unit, absent: Person, helper: Person
) -> None:
    client.force_login(absent)
    assert entered(client, absent, helper).status_code == 302
    words = {absent: "Thay stands in for you", helper: "You stand in for Vắng"}
    for person, sentence in words.items():
        client.force_login(person)
        page = client.get(reverse("leave")).content.decode()
        assert sentence in page
        assert ("End it now" in page) is (person == absent)
        assert "Leave and substitutes" in client.get(reverse("home")).content.decode()
    client.force_login(make_person(unit))
    assert "Vắng" not in client.get(reverse("leave")).content.decode().replace(
        f'<option value="{absent.pk}">Vắng</option>', ""
    )


def test_officer_cannot_post_the_leave_of_a_colleague(
    client: Client, absent: Person, helper: Person
) -> None:
    client.force_login(helper)
    assert entered(client, absent, helper).status_code == 422
    assert not Substitution.objects.exists()


def test_leader_ends_a_leave_on_the_page_and_an_outsider_does_not(
    client: Client, unit: Unit, absent: Person, helper: Person
) -> None:
    leave = arrange(
        Actor(absent, unit), absent, helper, at=timezone.now(),
        starts_on=timezone.localdate(), ends_on=timezone.localdate(),
    )  # fmt: skip
    address = reverse("leave_end", args=[leave.pk])
    assert Client().post(address)["Location"].startswith(reverse("login"))
    client.force_login(make_person(make_unit(), LEADER))
    client.post(address)
    assert Substitution.objects.get().ended_at is None
    client.force_login(make_person(unit, LEADER))
    assert client.get(address).status_code == 405
    client.post(address)
    assert Substitution.objects.get().ended_at is not None
