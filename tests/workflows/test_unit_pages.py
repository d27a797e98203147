"""The registry in our own pages: only the administrator keeps it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tasks.models import (
    RegistryChange,
    SuccessionKind,
    Unit,
    UnitAlias,
    UnitSuccession,
)
from tests.factories import make_unit
from tests.workflows.draft_world import parse, words
from tests.workflows.world import ROLES, World, make_world
from workflows.models import UnitGroupObjectPermission
from workflows.unit_pages import in_tree_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def admin(world: World) -> Client:
    return world.client("administrator")


def given(unit: Unit | None = None, **more: str) -> dict[str, str]:
    fields = {"code": "so-moi", "name": "Sở Mới", "short_name": "Sở Mới", "kind": "department"}
    if unit:
        fields = {"code": unit.code, "name": unit.name, "short_name": unit.name, "kind": unit.kind}
    return {**fields, **more}


def test_registry_is_closed_to_every_other_role(world: World) -> None:
    answers = {
        role: world.client(role).get(reverse("unit_list")).status_code
        for role in ROLES
        if role != "administrator"
    }
    assert answers == {role: 302 if role == "anonymous" else 403 for role in answers}


def test_every_page_and_act_of_the_registry_is_closed(world: World) -> None:
    unit, client = world.units["lead"], world.client("supervisor")
    alias = UnitAlias.objects.create(unit=unit, text="Tên khác")
    pages = [reverse(name) for name in ("unit_list", "unit_new", "unit_files")]
    pages += [reverse(name, args=[unit.pk]) for name in ("unit", "unit_edit")]
    pages += [reverse("unit_export_csv"), reverse("unit_export_xlsx")]
    acts = [
        (reverse("unit_new"), given()),
        (reverse("unit_edit", args=[unit.pk]), given(unit, name="Tên chiếm đoạt")),
        (reverse("unit_alias_add", args=[unit.pk]), {"text": "Tên mới"}),
        (reverse("unit_alias_remove", args=[unit.pk, alias.pk]), {}),
    ]
    answers = [client.get(page).status_code for page in pages]
    answers += [client.post(page, data).status_code for page, data in acts]
    assert answers == [403] * len(answers)
    assert UnitAlias.objects.filter(pk=alias.pk).exists()
    assert not RegistryChange.objects.exists()


def test_tree_puts_units_under_what_stands_above() -> None:
    top, other = make_unit("B"), make_unit("A")
    under = make_unit("C")
    under.parent = top
    ordered = in_tree_order([under, top, other])
    assert [(unit.name, depth) for unit, depth in ordered] == [("A", 0), ("B", 0), ("C", 1)]


def test_found_unit_without_its_parent_stands_at_the_top() -> None:
    under = make_unit("C")
    under.parent = make_unit("B")
    assert in_tree_order([under]) == [(under, 0)]


def test_search_finds_names_and_aliases_without_accents(admin: Client) -> None:
    unit = make_unit("Sở Khoa học và Công nghệ")
    UnitAlias.objects.create(unit=unit, text="Ban Sáng kiến")
    for asked in ("khoa hoc", "sang kien"):
        page = parse(admin.get(reverse("unit_list"), {"q": asked}))
        assert [link.text for link in page.select(".unit-row a")] == [unit.name]


def test_ended_units_are_listed_apart(admin: Client) -> None:
    make_unit("Sở Đã hết")
    Unit.objects.filter(name="Sở Đã hết").update(valid_until=dt.date(2020, 1, 1))
    assert "Sở Đã hết" not in words(admin.get(reverse("unit_list")))
    page = parse(admin.get(reverse("unit_list"), {"state": "ended"}))
    assert [link.text for link in page.select(".unit-row a")] == ["Sở Đã hết"]


def test_list_needs_no_more_queries_for_more_units(admin: Client) -> None:
    address = reverse("unit_list")
    admin.get(address)
    with CaptureQueriesContext(connection) as few:
        admin.get(address)
    for _number in range(30):
        make_unit()
    with CaptureQueriesContext(connection) as many:
        admin.get(address)
    assert len(many) == len(few)


def test_page_shows_names_over_time_people_and_running_work(world: World, admin: Client) -> None:
    unit, old = world.units["lead"], make_unit("Sở Ngày xưa")
    UnitSuccession.objects.create(
        predecessor=old,
        successor=unit,
        kind=SuccessionKind.RENAME,
        effective_on=dt.date(2021, 1, 1),
    )
    shown = words(admin.get(reverse("unit", args=[unit.pk])))
    part = world.plan.items.first()
    assert part is not None
    for expected in (old.name, unit.name, part.title, world.people["own lead"].full_name):
        assert expected in shown


def test_new_unit_has_its_grants_and_its_record(admin: Client) -> None:
    answer = admin.post(reverse("unit_new"), given(may_issue="on"))
    unit = Unit.objects.get(code="so-moi")
    assert answer.url == reverse("unit", args=[unit.pk])  # type: ignore[attr-defined]
    rights = UnitGroupObjectPermission.objects.filter(content_object=unit)
    assert rights.filter(permission__codename="issue_for_unit").exists()
    assert [change.verb for change in unit.registry_changes.all()] == ["added"]


def test_change_is_recorded_with_before_and_after(world: World, admin: Client) -> None:
    unit = world.units["lead"]
    before = unit.short_name
    admin.post(reverse("unit_edit", args=[unit.pk]), given(unit, short_name="STN"))
    unit.refresh_from_db()
    assert unit.short_name == "STN"
    change = unit.registry_changes.get()
    assert change.details == {"changed": {"short_name": [before, "STN"]}}


def test_saving_without_a_change_records_nothing(world: World, admin: Client) -> None:
    unit = world.units["lead"]
    admin.post(reverse("unit_edit", args=[unit.pk]), given(unit))
    assert not unit.registry_changes.exists()


def test_unit_cannot_stand_above_itself(world: World, admin: Client) -> None:
    top, under = world.units["lead"], world.units["focal"]
    Unit.objects.filter(pk=under.pk).update(parent=top)
    answer = admin.post(reverse("unit_edit", args=[top.pk]), given(top, parent=str(under.pk)))
    assert answer.status_code == 422
    top.refresh_from_db()
    assert top.parent is None


def test_last_day_before_the_first_is_refused(world: World, admin: Client) -> None:
    unit = world.units["lead"]
    data = given(unit, valid_from="2025-03-01", valid_until="2025-02-01")
    assert admin.post(reverse("unit_edit", args=[unit.pk]), data).status_code == 422


def test_alias_is_added_shown_and_removed(world: World, admin: Client) -> None:
    unit = world.units["lead"]
    admin.post(reverse("unit_alias_add", args=[unit.pk]), {"text": "Sở Lục lộ"})
    alias = unit.aliases.get()
    assert "Sở Lục lộ" in words(admin.get(reverse("unit", args=[unit.pk])))
    admin.post(reverse("unit_alias_remove", args=[unit.pk, alias.pk]))
    assert not unit.aliases.exists()
    verbs = [change.verb for change in unit.registry_changes.order_by("pk")]
    assert verbs == ["alias_added", "alias_removed"]


def test_alias_of_another_unit_is_not_removed_by_its_address(world: World, admin: Client) -> None:
    alias = UnitAlias.objects.create(unit=world.units["focal"], text="Tên khác")
    wrong = reverse("unit_alias_remove", args=[world.units["lead"].pk, alias.pk])
    assert admin.post(wrong).status_code == 404
