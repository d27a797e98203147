"""Saying what becomes of a unit, looking at it, doing it: the administrator's pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tasks.models import Participation, Unit, UnitSuccession
from tests.workflows.draft_world import parse, words
from tests.workflows.world import ROLES, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def admin(world: World) -> Client:
    return world.client("administrator")


def said(kind: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "effective_on": dt.date.today().isoformat(), **more}  # noqa: DTZ011


def preview(client: Client, unit: Unit, given: dict[str, Any]) -> Any:
    return client.get(reverse("succession_preview", args=[unit.pk]), given)


def apply(client: Client, unit: Unit, given: dict[str, Any], **choices: str) -> Any:
    """Carry out what the preview showed."""
    page = parse(preview(client, unit, given))
    mark = page.select_one("[name=fingerprint]")
    assert mark is not None
    form = next(form for form in page.select("form[method=post]") if mark in form.select("input"))
    return client.post(str(form["action"]), {"fingerprint": str(mark["value"]), **choices})


def test_succession_is_closed_to_every_other_role(world: World) -> None:
    unit = world.units["lead"]
    query = "kind=rename&new=S&effective_on=2023-01-01"
    address = f"{reverse('succession_apply', args=[unit.pk])}?{query}"
    answers = {
        role: world.client(role).post(address).status_code
        for role in ROLES
        if role != "administrator"
    }
    assert answers == {role: 302 if role == "anonymous" else 403 for role in answers}
    assert not UnitSuccession.objects.exists()


def test_looking_at_a_succession_is_closed_too(world: World) -> None:
    client, unit = world.client("supervisor"), world.units["lead"]
    pages = [reverse(name, args=[unit.pk]) for name in ("succession", "succession_preview")]
    assert [client.get(page).status_code for page in pages] == [403, 403]


def test_preview_shows_what_passes_and_writes_nothing(world: World, admin: Client) -> None:
    unit = world.units["lead"]
    shown = words(preview(admin, unit, said("rename", new="Sở Tên Mới; STM")))
    part = Participation.objects.filter(unit=unit).select_related("item").get()
    for expected in (part.item.title, world.people["own lead"].full_name, "Sở Tên Mới"):
        assert expected in shown
    assert not Unit.objects.filter(name="Sở Tên Mới").exists()


def test_rename_is_carried_out_from_the_preview(world: World, admin: Client) -> None:
    unit = world.units["lead"]
    answer = apply(admin, unit, said("rename", new="Sở Tên Mới; STM"))
    heir = Unit.objects.get(name="Sở Tên Mới")
    assert answer.url == reverse("unit", args=[heir.pk])
    assert heir.short_name == "STM"
    assert list(Participation.objects.filter(unit=heir).values_list("role", flat=True)) == ["lead"]


def test_merger_warns_of_items_in_which_one_unit_has_two_parts(world: World, admin: Client) -> None:
    lead, helper = world.units["lead"], world.units["coordinator"]
    page = parse(preview(admin, lead, said("merge", into=[helper.pk])))
    notice = page.select_one("#folds")
    assert notice is not None
    item = world.plan.items.get()
    assert item.title in notice.parent.get_text()


def test_split_offers_each_thing_a_choice(world: World, admin: Client) -> None:
    unit = world.units["lead"]
    given = said("split", new="Sở Một\nSở Hai")
    page = parse(preview(admin, unit, given))
    part = Participation.objects.get(unit=unit)
    key = f"part-{part.pk}-{unit.pk}"
    select = page.select_one(f"select[name={key}]")
    assert select is not None
    assert [option.text for option in select.select("option")] == ["Sở Một", "Sở Hai"]
    apply(admin, unit, given, **{key: "n1"})
    part.refresh_from_db()
    assert part.unit.name == "Sở Hai"


def test_what_is_not_complete_is_asked_again(world: World, admin: Client) -> None:
    on = {"effective_on": "2023-01-01"}
    wrong: list[tuple[dict[str, Any], str]] = [
        (said("rename"), "new"),
        (said("rename", new="Một\nHai"), "new"),
        (said("merge"), "into"),
        (said("split", new="Một"), "into"),
        (said("transfer"), "into"),
        (said("rename", new="x" * 201), "new"),
        ({"kind": "rename", "new": "Một", "effective_on": "2999-01-01"}, "effective_on"),
        ({"kind": "rename", "new": "Một", "effective_on": "hôm nay"}, "effective_on"),
        ({"kind": "abolish", "new": "Một", **on}, "kind"),
    ]
    for given, field in wrong:
        answer = preview(admin, world.units["lead"], given)
        assert answer.status_code == 422, given
        assert list(answer.context["form"].errors) == [field], given


def test_stale_preview_leads_back_to_a_fresh_one(world: World, admin: Client) -> None:
    unit = world.units["lead"]
    query = "kind=rename&new=S&effective_on=2023-01-01"
    answer = admin.post(
        f"{reverse('succession_apply', args=[unit.pk])}?{query}", {"fingerprint": "old"}
    )
    assert answer.url.startswith(reverse("succession_preview", args=[unit.pk]))  # type: ignore[attr-defined]
    assert not UnitSuccession.objects.exists()
