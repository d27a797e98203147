"""What a step of a review answers to the open page: only the cards that changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tasks.models import PlanDraft
from tests.workflows.draft_world import (
    ROADS,
    UNKNOWN,
    Office,
    fresh,
    item_fields,
    item_of,
    make_draft,
    name_of,
    parse,
    send,
    settled,
    words,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def long_draft(office: Office, times: int) -> PlanDraft:
    """A plan whose first item stands in it `times` times."""
    block = ROADS[ROADS.index("a) Lập danh mục") : ROADS.index("b) Đo mức")]
    return make_draft(office, ROADS.replace(block, block * times).replace("71/KH", "74/KH"))


def post(client: Client, name: str, draft: PlanDraft, *args: str, **data: object) -> Any:
    given = {"revision": draft.revision, "seen": draft.revision, **data}
    return client.post(reverse(name, args=[draft.pk, *args]), given, headers=HTMX)


def get(client: Client, name: str, draft: PlanDraft, *args: str, **data: object) -> Any:
    return client.get(reverse(name, args=[draft.pk, *args]), data, headers=HTMX)


def drawn(response: Any) -> list[str]:
    """The cards in an answer, in order."""
    return [str(card["id"]) for card in parse(response).select(".review-card")]


def going_to(response: Any) -> str:
    return str(json.loads(response["HX-Trigger-After-Settle"])["review-go"]["place"])


def keys_of(draft: PlanDraft) -> list[str]:
    return [item["key"] for item in fresh(draft).review["items"]]


def test_correction_draws_its_card_alone(client: Client, office: Office) -> None:
    draft = make_draft(office)
    key = item_of(draft, "II.1.a")["key"]
    sent = {**item_fields(draft, "II.1.a", title="Câu mới"), "seen": draft.revision}
    response = client.post(reverse("draft_card", args=[draft.pk, key]), sent, headers=HTMX)
    assert (drawn(response), going_to(response)) == ([key], key)
    assert parse(response).select_one("#seen")["value"] == "2"


def test_settled_doubt_leads_on_without_a_new_page(client: Client, office: Office) -> None:
    draft = make_draft(office)
    name = name_of(draft, UNKNOWN)["key"]
    choice = f"u{office.finance.pk}"
    response = post(client, "draft_step", draft, step="settle", place=name, choice=choice)
    assert response.status_code == 200
    assert drawn(response) == [item_of(draft, "II.1.b")["key"]]
    assert parse(response).select_one("#doubts")["data-doubtful"] == ""
    assert "Everything has been looked at" in parse(response).select_one("#review-said").text


def test_split_brings_the_new_card_after_the_old_one(client: Client, office: Office) -> None:
    draft = make_draft(office)
    key = keys_of(draft)[0]
    response = post(client, "draft_arrange", draft, key, step="split", pieces="Một\nHai")
    new = keys_of(draft)[1]
    page = parse(response)
    assert drawn(response) == [new, key]
    assert page.find(id=new).parent["hx-swap-oob"] == f"afterend:#{key}"


def test_merge_takes_the_other_card_away(client: Client, office: Office) -> None:
    draft = make_draft(office)
    first, second, _third = keys_of(draft)
    response = post(client, "draft_arrange", draft, second, step="merge", into=first)
    assert drawn(response) == [first]
    assert parse(response).find(id=second)["hx-swap-oob"] == "delete"


def test_move_draws_the_moved_card_at_its_new_place(client: Client, office: Office) -> None:
    draft = make_draft(office)
    first, second, _third = keys_of(draft)
    response = post(client, "draft_step", draft, step="down", place=first)
    page = parse(response)
    assert page.find("div", id=first)["hx-swap-oob"] == "delete"
    assert page.find("article", id=first).parent["hx-swap-oob"] == f"afterend:#{second}"


def test_answer_brings_what_others_changed_since(client: Client, office: Office) -> None:
    draft = make_draft(office)
    first, _second, third = keys_of(draft)
    send(office.client(office.colleague()), "draft_step", draft, step="drop", place=third)
    response = post(client, "draft_step", draft, step="drop", place=first)
    assert set(drawn(response)) == {first, third}


def test_news_is_silent_until_somebody_changes_something(client: Client, office: Office) -> None:
    draft = make_draft(office)
    assert get(client, "draft_news", draft, seen=1).status_code == 204
    key = keys_of(draft)[0]
    send(office.client(office.colleague()), "draft_step", draft, step="drop", place=key)
    response = get(client, "draft_news", draft, seen=1)
    assert drawn(response) == [key]
    assert "Trần Thị Bình is reviewing this plan too" in words(response)


def test_news_of_an_issued_plan_leads_there(client: Client, office: Office) -> None:
    draft = settled(office, make_draft(office))
    send(client, "draft_issue", draft)
    response = get(client, "draft_news", draft, seen=2)
    assert response["HX-Redirect"] == reverse("draft", args=[draft.pk])


def test_refused_press_draws_the_card_as_it_is(client: Client, office: Office) -> None:
    draft = make_draft(office)
    key = keys_of(draft)[0]
    send(office.client(office.colleague()), "draft_step", draft, step="drop", place=key)
    response = post(client, "draft_step", draft, step="down", place=key)
    assert (response.status_code, drawn(response)) == (409, [key])
    assert "Trần Thị Bình changed this" in parse(response).select_one("#review-said").text


def test_invalid_form_comes_back_alone(client: Client, office: Office) -> None:
    draft = make_draft(office)
    key = keys_of(draft)[0]
    sent = item_fields(draft, "II.1.a", due_on="2023-01-31")
    response = client.post(reverse("draft_card", args=[draft.pk, key]), sent, headers=HTMX)
    assert (response.status_code, drawn(response)) == (422, [key])
    assert parse(response).find("form", id=key)["hx-swap-oob"] == "true"


def test_long_plan_shows_its_cards_in_brief_but_the_one_looked_at(
    client: Client, office: Office
) -> None:
    draft = long_draft(office, 40)
    key = keys_of(draft)[20]
    page = parse(client.get(reverse("draft", args=[draft.pk]), {"at": key}))
    full = [card["id"] for card in page.select("#read .review-card:not(.is-brief)")]
    assert full == ["header", key]
    assert len(page.select("#read .is-brief")) == len(draft.review["items"]) - 1 + 2


def test_units_are_offered_for_the_doubt_looked_at_only(client: Client, office: Office) -> None:
    draft = make_draft(office)
    address, name = reverse("draft", args=[draft.pk]), name_of(draft, UNKNOWN)["key"]
    assert parse(client.get(address)).select("select") == []
    for place in (f"{name}.name", name):
        page = parse(client.get(address, {"at": place}))
        assert [field["id"] for field in page.select("select")] == [f"{name}-choice"]


def test_step_costs_the_same_in_a_long_plan(office: Office) -> None:
    counts = []
    for times in (1, 40):
        draft, client = long_draft(office, times), office.client()
        client.get(reverse("home"))
        with CaptureQueriesContext(connection) as queries:
            assert post(client, "draft_step", draft, step="drop", place=keys_of(draft)[0])
        counts.append(len(queries))
    assert counts[0] == counts[1]
