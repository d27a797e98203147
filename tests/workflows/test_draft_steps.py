"""Steps of a review: splitting, merging, moving, taking back, and two people at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tasks.models import DraftEdit, DraftVerb, MembershipRole, PlanDraft
from tests.factories import make_person, make_unit
from tests.workflows.draft_world import (
    UNDATED,
    UNKNOWN,
    Office,
    doubts,
    edited,
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
from workflows.drafting.edits import settle
from workflows.drafting.review import Review

pytestmark = pytest.mark.django_db


def codes(draft: PlanDraft) -> list[str]:
    return [item["code"] for item in fresh(draft).review["items"]]


def key_of(draft: PlanDraft, code: str) -> str:
    return item_of(fresh(draft), code)["key"]


def press(client: Client, draft: PlanDraft, step: str, code: str) -> Any:
    return send(client, "draft_step", fresh(draft), step=step, place=key_of(draft, code))


def arrange(client: Client, draft: PlanDraft, code: str, step: str, **data: object) -> Any:
    return send(client, "draft_arrange", fresh(draft), key_of(draft, code), step=step, **data)


def undo(client: Client, draft: PlanDraft) -> Any:
    """Press the first button that takes a step back."""
    page = parse(client.get(reverse("draft", args=[draft.pk])))
    edit = page.select_one("#doubts form:last-of-type [name=edit]")["value"]
    return send(client, "draft_undo", draft, edit=edit)


# ---- Who may ----


def browser_of(role: str, office: Office) -> Client:
    unit = {
        "colleague": office.committee,
        "reader": office.committee,
        "other issuer": make_unit(may_issue=True),
        "lead unit": office.transport,
    }.get(role)
    client = Client()
    if unit:
        post = MembershipRole.READER if role == "reader" else MembershipRole.OFFICER
        client.force_login(make_person(unit, post))
    return client


def requests_of(draft: PlanDraft) -> dict[str, tuple[list[str], dict[str, object]]]:
    """Every address that changes a review, with what it takes to change it."""
    key = key_of(draft, "II.1.a")
    sent = item_fields(draft, "II.1.a", title="Tên khác")
    return {
        "draft_card": ([key], sent),
        "draft_step": ([], {"step": "drop", "place": key}),
        "draft_add": ([], {"what": "item"}),
        "draft_arrange": ([key], {"step": "split", "pieces": "Một\nHai"}),
        "draft_undo": ([], {"edit": DraftEdit.objects.latest("pk").pk}),
        "draft_confirm_safe": ([], {"doubt": [one.key for one in doubts(draft) if one.is_safe]}),
    }


def draft_with_a_past(office: Office) -> PlanDraft:
    """A draft with a step to undo, and with a doubt that hardly is any."""

    def lose_a_code(review: Review) -> None:
        review["items"][1]["code"] = ""

    return edited(office, make_draft(office), lose_a_code)


@pytest.mark.parametrize(
    ("role", "status"),
    [("reader", 403), ("lead unit", 403), ("other issuer", 404), ("anonymous", 302)],
)
def test_nobody_else_changes_a_review(office: Office, role: str, status: int) -> None:
    draft = draft_with_a_past(office)
    client = browser_of(role, office)
    for name, (keys, data) in requests_of(draft).items():
        assert send(client, name, draft, *keys, **data).status_code == status, name
    assert fresh(draft).revision == draft.revision


@pytest.mark.parametrize(
    "name",
    ["draft_card", "draft_step", "draft_add", "draft_arrange", "draft_undo", "draft_confirm_safe"],
)
def test_every_officer_of_the_issuing_unit_changes_a_review(office: Office, name: str) -> None:
    draft = draft_with_a_past(office)
    keys, data = requests_of(draft)[name]
    assert send(browser_of("colleague", office), name, draft, *keys, **data).status_code == 302
    assert fresh(draft).revision == draft.revision + 1


# ---- Splitting, merging, moving ----


def test_split_makes_an_item_of_each_line(client: Client, office: Office) -> None:
    draft = make_draft(office)
    arrange(client, draft, "II.1.a", "split", pieces="Lập danh mục cầu yếu\r\ncần đặt biển")
    assert codes(draft) == ["II.1.a", "II.1.a.2", "II.1.b", "II.2.a"]
    first, second = fresh(draft).review["items"][:2]
    assert [name["unit"] for name in first["names"]] == [name["unit"] for name in second["names"]]
    assert {name["key"] for name in first["names"]}.isdisjoint(n["key"] for n in second["names"])
    assert second["due_on"] == "2023-06-30"


def test_split_pieces_keep_their_words_in_the_document(client: Client, office: Office) -> None:
    draft = make_draft(office)
    arrange(client, draft, "II.1.a", "split", pieces="Lập danh mục cầu yếu\ncần đặt biển")
    spans = [item["source"]["title"] for item in fresh(draft).review["items"][:2]]
    assert [draft.text[begin:end] for begin, end in spans] == [
        "Lập danh mục cầu yếu",
        "cần đặt biển",
    ]


def test_split_of_one_line_is_refused_and_keeps_the_words(client: Client, office: Office) -> None:
    draft = make_draft(office)
    response = arrange(client, draft, "II.1.a", "split", pieces="Chỉ một dòng")
    assert response.status_code == 422
    assert "nothing to split" in words(response)
    assert parse(response).find("textarea", attrs={"name": "pieces"}).text.strip() == "Chỉ một dòng"
    assert fresh(draft).revision == 1


def test_merge_keeps_words_units_and_the_whole_time(client: Client, office: Office) -> None:
    draft = make_draft(office)
    arrange(client, draft, "II.2.a", "merge", into=key_of(draft, "II.1.a"))
    assert codes(draft) == ["II.1.a", "II.1.b"]
    item = item_of(fresh(draft), "II.1.a")
    assert item["title"].startswith("Lập danh mục")
    assert item["title"].endswith("Sửa lan can cầu treo dân sinh.")
    assert (item["start_on"], item["due_on"]) == ("2023-04-01", "2023-12-31")
    leads = [name["unit"] for name in item["names"] if name["role"] == "lead"]
    assert leads == [office.transport.pk, office.finance.pk]


def test_merged_neighbours_light_up_as_one_stretch(client: Client, office: Office) -> None:
    draft = make_draft(office)
    begin = item_of(draft, "II.1.a")["source"]["title"][0]
    end = item_of(draft, "II.1.b")["source"]["title"][1]
    arrange(client, draft, "II.1.b", "merge", into=key_of(draft, "II.1.a"))
    assert item_of(fresh(draft), "II.1.a")["source"]["title"] == [begin, end]


def test_merge_needs_the_other_item(client: Client, office: Office) -> None:
    draft = make_draft(office)
    response = arrange(client, draft, "II.1.a", "merge", into="")
    assert (response.status_code, fresh(draft).revision) == (422, 1)


def test_moving_passes_the_heading_before_the_neighbour(client: Client, office: Office) -> None:
    draft = make_draft(office)
    press(client, draft, "down", "II.1.b")
    assert codes(draft) == ["II.1.a", "II.1.b", "II.2.a"]
    assert item_of(fresh(draft), "II.1.b")["section"] == "II.2"
    press(client, draft, "down", "II.1.b")
    assert codes(draft) == ["II.1.a", "II.2.a", "II.1.b"]


@pytest.mark.parametrize(("step", "code"), [("up", "II.1.a"), ("down", "II.2.a")])
def test_nothing_moves_beyond_the_ends(
    client: Client, office: Office, step: str, code: str
) -> None:
    draft = make_draft(office)
    press(client, draft, step, code)
    assert (codes(draft), fresh(draft).revision) == (["II.1.a", "II.1.b", "II.2.a"], 1)


def test_item_can_be_placed_after_any_other(client: Client, office: Office) -> None:
    draft = make_draft(office)
    arrange(client, draft, "II.1.a", "place", after=key_of(draft, "II.2.a"))
    assert codes(draft) == ["II.1.b", "II.2.a", "II.1.a"]
    assert item_of(fresh(draft), "II.1.a")["section"] == "II.2"


def test_item_can_be_added_in_the_middle(client: Client, office: Office) -> None:
    draft = make_draft(office)
    response = arrange(client, draft, "II.1.a", "add")
    assert codes(draft) == ["II.1.a", "", "II.1.b", "II.2.a"]
    key = fresh(draft).review["items"][1]["key"]
    assert response["Location"].endswith(f"/cards/{key}/#{key}")


def test_merged_item_is_gone_for_whoever_still_writes_on_it(client: Client, office: Office) -> None:
    draft = make_draft(office)
    key, sent = key_of(draft, "II.2.a"), item_fields(draft, "II.2.a")
    arrange(client, draft, "II.2.a", "merge", into=key_of(draft, "II.1.a"))
    response = client.post(reverse("draft_card", args=[draft.pk, key]), sent, follow=True)
    assert response.redirect_chain[0][0] == reverse("draft", args=[draft.pk])
    assert "merged with another one" in words(response)


# ---- Taking back ----


STEPS = {
    "split": {"step": "split", "pieces": "Một\nHai"},
    "merge": {"step": "merge", "into": "II.1.b"},
    "place": {"step": "place", "after": "II.2.a"},
    "add": {"step": "add"},
}


@pytest.mark.parametrize("name", STEPS)
def test_arranging_can_be_undone_and_done_again(client: Client, office: Office, name: str) -> None:
    draft = make_draft(office)
    before = fresh(draft).review["items"]
    data = {
        field: key_of(draft, code) if "II" in code else code for field, code in STEPS[name].items()
    }
    send(client, "draft_arrange", draft, key_of(draft, "II.1.a"), **data)
    after = fresh(draft).review["items"]
    undo(client, draft)
    assert fresh(draft).review["items"] == before
    redo = DraftEdit.objects.latest("pk")
    send(client, "draft_undo", draft, edit=redo.pk)
    assert fresh(draft).review["items"] == after
    assert DraftEdit.objects.latest("pk").verb == DraftVerb.REDONE


def test_last_several_steps_are_undone_one_after_the_other(client: Client, office: Office) -> None:
    draft = make_draft(office)
    press(client, draft, "drop", "II.1.a")
    press(client, draft, "drop", "II.1.b")
    undo(client, draft)
    undo(client, draft)
    assert [item["dropped"] for item in fresh(draft).review["items"]] == [False] * 3
    assert fresh(draft).revision == 5


def test_undoing_brings_a_settled_doubt_back(client: Client, office: Office) -> None:
    draft = settled(office, make_draft(office))
    assert fresh(draft).review["doubts"] == 0
    undo(client, draft)
    assert fresh(draft).review["doubts"] == 1
    assert name_of(fresh(draft), UNKNOWN)["unit"] is None


def test_undoing_a_confirmation_asks_again(client: Client, office: Office) -> None:
    draft = make_draft(office, UNDATED)
    doubt = next(one for one in doubts(draft) if not one.blocks)
    send(client, "draft_step", draft, step="confirm", place=doubt.key)
    assert doubt.key in fresh(draft).review["confirmed"]
    undo(client, draft)
    assert fresh(draft).review["confirmed"] == []


def test_step_that_was_built_upon_is_not_undone(client: Client, office: Office) -> None:
    draft = make_draft(office)
    press(client, draft, "drop", "II.1.a")
    press(client, draft, "restore", "II.1.a")
    first = DraftEdit.objects.earliest("pk")
    response = client.post(reverse("draft_undo", args=[draft.pk]), {"edit": first.pk}, follow=True)
    assert "was changed again since" in words(response)
    assert fresh(draft).revision == 3


def test_step_is_undone_only_once(client: Client, office: Office) -> None:
    draft = make_draft(office)
    press(client, draft, "drop", "II.1.a")
    edit = DraftEdit.objects.get().pk
    send(client, "draft_undo", draft, edit=edit)
    response = client.post(reverse("draft_undo", args=[draft.pk]), {"edit": edit}, follow=True)
    assert "already undone" in words(response)
    assert fresh(draft).revision == 3


def test_undo_of_an_added_item_leaves_what_others_added(client: Client, office: Office) -> None:
    draft = make_draft(office)
    other = office.client(office.colleague())
    send(client, "draft_add", draft, what="item")
    send(other, "draft_add", draft, what="item")
    mine, theirs = (item["key"] for item in fresh(draft).review["items"][-2:])
    send(client, "draft_undo", draft, edit=DraftEdit.objects.earliest("pk").pk)
    keys = [item["key"] for item in fresh(draft).review["items"]]
    assert (mine in keys, keys[-1]) == (False, theirs)


def test_undo_button_takes_back_ones_own_step(client: Client, office: Office) -> None:
    draft = make_draft(office)
    press(client, draft, "drop", "II.1.a")
    press(office.client(office.colleague()), draft, "drop", "II.1.b")
    undo(client, draft)
    assert [item["dropped"] for item in fresh(draft).review["items"]] == [False, True, False]


# ---- Two people at once ----


def test_changes_to_different_cards_merge_silently(client: Client, office: Office) -> None:
    draft = make_draft(office)
    sent = item_fields(draft, "II.1.a", title="Câu chữ mới")
    press(office.client(office.colleague()), draft, "drop", "II.2.a")
    response = client.post(reverse("draft_card", args=[draft.pk, key_of(draft, "II.1.a")]), sent)
    assert response.status_code == 302
    assert item_of(fresh(draft), "II.1.a")["title"] == "Câu chữ mới"
    assert item_of(fresh(draft), "II.2.a")["dropped"] is True


def both_write(client: Client, office: Office, **theirs: object) -> tuple[PlanDraft, Any]:
    """Mine changes the title of an item after a colleague saved `theirs`."""
    draft = make_draft(office)
    address = reverse("draft_card", args=[draft.pk, key_of(draft, "II.1.a")])
    mine = item_fields(draft, "II.1.a", title="Câu của tôi")
    other = office.client(office.colleague())
    other.post(address, item_fields(draft, "II.1.a", **theirs))
    return draft, client.post(address, mine)


def test_same_field_shows_both_values_and_saves_neither(client: Client, office: Office) -> None:
    draft, response = both_write(client, office, title="Câu của đồng nghiệp")
    page = parse(response)
    assert response.status_code == 409
    assert "Trần Thị Bình changed this while you were working" in words(response)
    assert page.find("textarea", attrs={"name": "title"}).text.strip() == "Câu của tôi"
    told = page.select_one(".differences li").get_text(" ")
    assert "Câu của tôi" in told
    assert "Câu của đồng nghiệp" in told
    assert item_of(fresh(draft), "II.1.a")["title"] == "Câu của đồng nghiệp"


def test_other_field_of_the_same_card_is_taken_over(client: Client, office: Office) -> None:
    draft, response = both_write(client, office, product="Danh mục")
    page = parse(response)
    assert response.status_code == 409
    assert page.find("input", attrs={"name": "product"})["value"] == "Danh mục"
    assert page.find("input", attrs={"name": "revision"})["value"] == "2"
    assert item_of(fresh(draft), "II.1.a")["title"].startswith("Lập danh mục")


@pytest.mark.parametrize(
    ("choice", "title"),
    [({}, "Câu của tôi"), ({"theirs": ["title"]}, "Câu của đồng nghiệp")],
)
def test_person_chooses_between_both_values(
    client: Client, office: Office, choice: dict[str, object], title: str
) -> None:
    draft, _response = both_write(client, office, title="Câu của đồng nghiệp")
    sent = item_fields(draft, "II.1.a", title="Câu của tôi", **choice)
    client.post(reverse("draft_card", args=[draft.pk, key_of(draft, "II.1.a")]), sent)
    assert item_of(fresh(draft), "II.1.a")["title"] == title


def test_stale_press_on_a_changed_card_is_refused(client: Client, office: Office) -> None:
    draft = make_draft(office)
    press(office.client(office.colleague()), draft, "drop", "II.1.a")
    response = client.post(
        reverse("draft_step", args=[draft.pk]),
        {"revision": 1, "step": "down", "place": key_of(draft, "II.1.a")},
        follow=True,
    )
    assert "Trần Thị Bình changed this" in words(response)
    assert codes(draft)[0] == "II.1.a"


def test_page_tells_who_else_is_reviewing(client: Client, office: Office) -> None:
    draft = make_draft(office)
    press(office.client(office.colleague()), draft, "drop", "II.1.a")
    page = parse(client.get(reverse("draft", args=[draft.pk])))
    told = page.select_one(".other-reviewer").get_text(" ", strip=True)
    assert told.startswith("Trần Thị Bình is reviewing this plan too")
    assert "item II.1.a" in told


# ---- How far it is ----


def test_progress_counts_what_was_settled(client: Client, office: Office) -> None:
    draft = make_draft(office, UNDATED)
    all_of_them = len(doubts(draft))
    doubt = next(one for one in doubts(draft) if not one.blocks)
    send(client, "draft_step", draft, step="confirm", place=doubt.key)
    page = parse(client.get(reverse("draft", args=[draft.pk])))
    told = page.select_one(".doubts-way").get_text(" ", strip=True)
    assert told == f"1 of {all_of_them} settled"


def test_doubts_that_hardly_are_any_are_confirmed_together(client: Client, office: Office) -> None:
    draft = make_draft(office)

    def lose_codes(review: Any) -> None:
        for item in review["items"]:
            item["code"] = ""

    draft = edited(office, draft, lose_codes)
    safe = [one.key for one in doubts(draft) if one.is_safe]
    send(client, "draft_confirm_safe", draft, doubt=safe)
    assert len(safe) == 3
    assert [one.code for one in doubts(fresh(draft))] == ["name"]


def test_what_matters_is_not_confirmed_together(client: Client, office: Office) -> None:
    draft = make_draft(office)
    key = doubts(draft)[0].key
    send(client, "draft_confirm_safe", draft, doubt=[key])
    assert fresh(draft).review["confirmed"] == []


def test_one_answer_serves_the_same_words_on_other_cards(office: Office) -> None:
    draft = make_draft(office)
    words_of_it = name_of(draft, UNKNOWN)

    def copied(review: Any) -> None:
        review["items"][0]["names"].append({**words_of_it, "key": "n900"})

    draft = edited(office, draft, copied)
    choice = f"u{office.finance.pk}"
    draft = edited(office, draft, lambda review: settle(review, words_of_it["key"], choice))
    assert set(DraftEdit.objects.latest("pk").changes) == {
        item_of(draft, "II.1.a")["key"],
        item_of(draft, "II.1.b")["key"],
    }
