"""From the preview of a reviewed plan to the running plan, or to nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tasks.models import DraftState, Participation, Plan, PlanDraft, UnitGroup
from tests.workflows.draft_world import (
    ROADS,
    UNKNOWN,
    Office,
    fresh,
    item_of,
    make_draft,
    name_of,
    parse,
    send,
    settled,
    upload,
    words,
)
from workflows.reading import read_draft

pytestmark = pytest.mark.django_db


def test_preview_with_problems_offers_no_issuing(client: Client, office: Office) -> None:
    draft = make_draft(office)
    page = parse(client.get(reverse("draft_preview", args=[draft.pk])))
    link = page.select_one(".issue-step a")
    key = name_of(draft, UNKNOWN)["key"]
    assert link["href"] == f"{reverse('draft', args=[draft.pk])}?at={key}#{key}"
    assert page.select(".issue-step button") == []


def test_preview_says_what_issuing_does(client: Client, office: Office) -> None:
    draft = settled(office, make_draft(office))
    page = parse(client.get(reverse("draft_preview", args=[draft.pk])))
    step = " ".join(page.select_one(".issue-step").get_text(" ").split())
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]
        for row in page.select("tbody")[0].find_all("tr")
    ]
    assert step.startswith("1 person in 4 units will be asked to take part.")
    assert rows[0][:4] == [
        "Sở Giao thông vận tải",
        "II.1.a , II.1.b",
        "–",
        "15 Nov 2023 30 Nov 2023 (consolidated)",
    ]


def test_preview_warns_of_a_unit_without_people(client: Client, office: Office) -> None:
    draft = settled(office, make_draft(office))
    page = words(client.get(reverse("draft_preview", args=[draft.pk])))
    assert "nobody there will be told" in page
    assert "Sở Tài chính" in page


def test_issuing_creates_the_plan_and_keeps_the_file(client: Client, office: Office) -> None:
    upload(client, ROADS.encode())
    read_draft(PlanDraft.objects.get().pk, timezone.now)
    draft = settled(office, PlanDraft.objects.get())
    response = send(client, "draft_issue", draft)
    plan, draft = Plan.objects.get(), fresh(draft)
    assert response["Location"] == reverse("plan", args=[plan.pk])
    assert (draft.state, draft.plan) == (DraftState.ISSUED, plan)
    assert plan.document.file.name == draft.file.name
    assert Participation.objects.filter(item__plan=plan).count() == 7
    assert plan.items.get(code="II.1.a").open_groups.get().name == "các đơn vị có liên quan"
    assert UnitGroup.objects.filter(is_open=True).count() == 1


def test_issuing_twice_leads_to_the_plan(client: Client, office: Office) -> None:
    draft = settled(office, make_draft(office))
    send(client, "draft_issue", draft)
    response = client.post(
        reverse("draft_issue", args=[draft.pk]), {"revision": draft.revision}, follow=True
    )
    assert response.redirect_chain[0][0] == reverse("plan", args=[Plan.objects.get().pk])
    assert "This plan was already issued." in words(response)
    assert Plan.objects.count() == 1


def test_incomplete_plan_goes_back_with_its_places(client: Client, office: Office) -> None:
    draft = settled(office, make_draft(office))
    key = item_of(draft, "II.2.a")["names"][0]["key"]
    send(client, "draft_step", draft, step="remove", place=key)
    response = client.post(
        reverse("draft_issue", args=[draft.pk]), {"revision": fresh(draft).revision}, follow=True
    )
    assert response.redirect_chain[0][0] == reverse("draft_preview", args=[draft.pk])
    assert "Item II.2.a has no lead unit." in words(response)
    assert Plan.objects.count() == 0


def test_change_after_the_preview_stops_the_issuing(client: Client, office: Office) -> None:
    draft = make_draft(office)
    settled(office, draft)
    response = send(client, "draft_issue", draft)
    assert response["Location"] == reverse("draft_preview", args=[draft.pk])
    assert Plan.objects.count() == 0


def test_unsettled_names_stop_the_issuing(client: Client, office: Office) -> None:
    draft = make_draft(office)
    response = send(client, "draft_issue", draft)
    assert response["Location"] == reverse("draft_preview", args=[draft.pk])
    assert Plan.objects.count() == 0


def test_discarding_asks_first_and_ends_the_draft(client: Client, office: Office) -> None:
    draft = make_draft(office)
    address = reverse("draft_discard", args=[draft.pk])
    assert "Discard this draft for good" in words(client.get(address))
    assert fresh(draft).state == DraftState.REVIEWING
    client.post(address)
    assert fresh(draft).state == DraftState.DISCARDED
    page = parse(client.get(reverse("draft", args=[draft.pk])))
    assert page.select("main form") == []
    assert page.select_one(".draft-text").get_text() == draft.text


def test_opening_pages_writes_nothing(client: Client, office: Office) -> None:
    draft = make_draft(office)
    for name in ("draft", "draft_preview", "draft_discard", "draft_step", "draft_issue"):
        client.get(reverse(name, args=[draft.pk]))
    assert fresh(draft).revision == 1
    assert UnitGroup.objects.count() == 1
    assert dt.date.fromisoformat(fresh(draft).review["issued_on"]) == dt.date(2023, 2, 6)
