"""Plans that name units of another day: today's units are asked, the names of the day stay."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks.models import (
    Role,
    SuccessionKind,
    Unit,
    UnitAlias,
    UnitGroupMember,
    UnitSuccession,
)
from tests.factories import make_unit
from tests.workflows.draft_world import (
    TODAY,
    Office,
    doubts,
    make_draft,
    registry,
)
from workflows.drafting.checks import cautions
from workflows.drafting.convert import plan_input
from workflows.drafting.edits import add_name
from workflows.drafting.registry import SUCCESSOR, Found, Registry
from workflows.drafting.review import Name, names_of

pytestmark = pytest.mark.django_db
MERGED = TODAY - dt.timedelta(days=2)
BEFORE = TODAY - dt.timedelta(days=30)


def end(old: Unit, *heirs: Unit, kind: SuccessionKind = SuccessionKind.MERGE) -> None:
    old.valid_until = MERGED - dt.timedelta(days=1)
    old.save()
    for heir in heirs:
        UnitSuccession.objects.create(
            predecessor=old, successor=heir, kind=kind, effective_on=MERGED
        )


def found(name: str, day: dt.date = BEFORE, today: dt.date = TODAY) -> Found:
    return Registry(day, today).match([name])[name]


def test_merged_unit_leads_to_its_successor_and_is_asked_about(office: Office) -> None:
    end(office.transport, office.finance)
    match = found("Sở Giao thông vận tải")
    assert (match.unit, match.kind) == (office.finance.pk, SUCCESSOR)
    assert match.confidence < 0.8


@pytest.mark.parametrize("day", [BEFORE, TODAY])
def test_former_name_is_known_on_either_side_of_the_merger(office: Office, day: dt.date) -> None:
    end(office.transport, office.finance)
    assert found("Sở GTVT", day).unit == office.finance.pk


def test_before_the_merger_the_unit_itself_is_meant(office: Office) -> None:
    end(office.transport, office.finance)
    match = found("Sở Giao thông vận tải", BEFORE, MERGED - dt.timedelta(days=1))
    assert (match.unit, match.kind) == (office.transport.pk, "exact")


def test_split_unit_leaves_the_choice_among_its_successors(office: Office) -> None:
    heirs = make_unit("Sở Xây dựng"), office.finance
    end(office.transport, *heirs, kind=SuccessionKind.SPLIT)
    match = found("Sở Giao thông vận tải")
    assert (match.unit, set(match.candidates)) == (None, {heir.pk for heir in heirs})


def test_chain_of_successions_is_followed_to_its_end(office: Office) -> None:
    between, last = make_unit("Sở Hạ tầng"), make_unit("Sở Xây dựng")
    end(office.transport, between)
    end(between, last)
    assert found("Sở Giao thông vận tải").unit == last.pk


def test_circle_of_successions_ends(office: Office) -> None:
    other = make_unit("Sở Hạ tầng")
    end(office.transport, other)
    end(other, office.transport)
    assert found("Sở Giao thông vận tải").unit == office.transport.pk


def test_plan_keeps_the_name_of_the_day(office: Office) -> None:
    end(office.transport, office.finance)
    draft = make_draft(office)
    plan = plan_input(draft.review, draft, registry(draft))
    named = {(one.unit.pk, one.name) for item in plan.items for one in item.leads}
    assert (office.finance.pk, "Sở Giao thông vận tải") in named
    assert "match" in {one.code for one in doubts(draft)}


def successor_name(review: dict[str, object], unit: Unit) -> Name:
    return Name(
        key="n900",
        name="Sở Cũ",
        role=Role.COORDINATING.value,
        unit=unit.pk,
        group=None,
        open=False,
        kind=SUCCESSOR,
        confidence=0.75,
        candidates=[],
        source=None,
    )


def test_merger_of_lead_and_coordinator_is_a_doubt_and_asks_once(office: Office) -> None:
    draft = make_draft(office)
    item = draft.review["items"][0]
    lead = names_of(item, Role.LEAD)[0]
    merged = Unit.objects.get(pk=lead["unit"] or 0)
    item["names"].append(successor_name(draft.review, merged))
    codes = {one.code: one.blocks for one in doubts(draft)}
    assert codes["merged"] is False
    given = plan_input(draft.review, draft, registry(draft)).items[0]
    assert merged not in [one.unit for one in given.coordinating]
    assert merged in [one.unit for one in given.leads]
    told = cautions(
        draft.review, plan_input(draft.review, draft, registry(draft)), registry(draft), today=TODAY
    )
    assert not any("both leads" in one.message for one in told)


def test_two_leads_merged_into_one_are_asked_once(office: Office) -> None:
    draft = make_draft(office)
    item = draft.review["items"][0]
    lead = names_of(item, Role.LEAD)[0]
    again = successor_name(draft.review, Unit.objects.get(pk=lead["unit"] or 0))
    again["role"] = Role.LEAD.value
    item["names"].append(again)
    leads = plan_input(draft.review, draft, registry(draft)).items[0].leads
    assert [one.name for one in leads if one.unit.pk == lead["unit"]] == [lead["name"]]
    assert f"twice-{Role.LEAD}" not in {one.code for one in doubts(draft)}


def test_unit_chosen_twice_by_hand_still_blocks(office: Office) -> None:
    draft = make_draft(office)
    item = draft.review["items"][0]
    add_name(draft.review, item, Role.LEAD, f"u{names_of(item, Role.LEAD)[0]['unit']}")
    assert {one.code: one.blocks for one in doubts(draft)}[f"twice-{Role.LEAD}"] is True


def test_members_that_are_no_more_are_asked_through_their_successors(office: Office) -> None:
    member = office.districts.members.order_by("pk")[0]
    commune = make_unit("Ủy ban nhân dân xã Đông Khê")
    end(member, commune)
    seen = Registry(BEFORE, TODAY)
    asked = {unit.pk: name for unit, name in seen.asked_in(office.districts.pk)}
    assert asked[commune.pk] == member.name
    assert member.pk not in asked
    assert UnitGroupMember.objects.count() == len(asked)


def test_alias_of_a_former_unit_is_known_too(office: Office) -> None:
    UnitAlias.objects.create(unit=office.transport, text="Sở Lục lộ")
    end(office.transport, office.finance)
    assert found("Sở Lục lộ").unit == office.finance.pk


def test_registry_costs_the_same_for_many_units(
    office: Office, django_assert_num_queries: object
) -> None:
    for _number in range(30):
        end(make_unit(), office.finance)
    with django_assert_num_queries(5):  # type: ignore[operator]
        Registry(BEFORE, TODAY).match(["Sở Tài chính", "Sở Không Có"])
