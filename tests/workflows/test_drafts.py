"""Reviewing what was read in a plan document, over HTTP."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tasks.models import MembershipRole, PlanDraft
from tests.factories import make_person, make_unit
from tests.workflows.draft_world import (
    ROADS,
    UNDATED,
    UNKNOWN,
    Office,
    fresh,
    header_fields,
    item_fields,
    item_of,
    make_draft,
    name_of,
    parse,
    send,
    words,
)

pytestmark = pytest.mark.django_db


# ---- Who may ----


@pytest.mark.parametrize(
    "name", ["draft", "draft_preview", "draft_discard", "draft_shown", "draft_news"]
)
def test_draft_of_another_unit_is_hidden(office: Office, name: str) -> None:
    draft = make_draft(office)
    other = make_unit(may_issue=True)
    stranger, reader = Client(), Client()
    stranger.force_login(make_person(other))
    reader.force_login(make_person(office.committee, MembershipRole.READER))
    address = reverse(name, args=[draft.pk])
    assert stranger.get(address).status_code == 404
    assert reader.get(address).status_code == 403


@pytest.mark.parametrize("name", ["draft_issue", "draft_discard"])
def test_another_unit_cannot_end_a_draft(office: Office, name: str) -> None:
    draft = make_draft(office)
    stranger = Client()
    stranger.force_login(make_person(make_unit(may_issue=True)))
    assert send(stranger, name, draft).status_code == 404
    assert (fresh(draft).revision, fresh(draft).state) == (1, "reviewing")


def test_expired_session_leads_to_signing_in_and_back(client: Client, office: Office) -> None:
    draft = make_draft(office)
    key = item_of(draft, "II.1.a")["key"]
    address = reverse("draft_card", args=[draft.pk, key])
    sent = item_fields(draft, "II.1.a")
    client.logout()
    response = client.post(address, sent)
    assert response["Location"] == f"{reverse('login')}?next={address}"
    assert parse(office.client().get(address)).find("form", attrs={"data-keep": key}) is not None


# ---- The review ----


def test_list_tells_what_is_left_and_what_is_over(client: Client, office: Office) -> None:
    make_draft(office)
    send(client, "draft_discard", make_draft(office, UNDATED))
    page = words(client.get(reverse("draft_list")))
    assert "1 place to look at" in page
    assert "discarded" in page


def test_empty_list_says_what_to_do(client: Client) -> None:
    assert "Hand in the file of a plan" in words(client.get(reverse("draft_list")))


def test_review_marks_the_words_of_every_field(client: Client, office: Office) -> None:
    draft = make_draft(office)
    page = parse(client.get(reverse("draft", args=[draft.pk])))
    name = name_of(draft, UNKNOWN)["key"]
    mark = page.find("mark", id=f"t-{name}")
    assert mark.get_text() == UNKNOWN
    assert mark.a["href"] == f"#{name}"
    anchors = [link["href"][1:] for link in page.select(".review-cards a[href^='#t-']")]
    assert all(page.find(id=anchor) for anchor in anchors)
    assert page.select_one(".draft-text").get_text() == draft.text


def test_review_counts_what_is_left_and_leads_to_it(client: Client, office: Office) -> None:
    draft = make_draft(office)
    page = parse(client.get(reverse("draft", args=[draft.pk])))
    key = name_of(draft, UNKNOWN)["key"]
    assert "1 place to look at" in page.select_one("#doubts").get_text(" ")
    assert page.select_one("#doubts .btn-primary")["href"].endswith(f"?at={key}.name#{key}")


def test_choosing_a_unit_settles_the_doubt(client: Client, office: Office) -> None:
    draft = make_draft(office)
    key = name_of(draft, UNKNOWN)["key"]
    response = send(
        client, "draft_step", draft, step="settle", place=key, choice=f"u{office.finance.pk}"
    )
    assert response["Location"] == reverse("draft", args=[draft.pk])
    draft = fresh(draft)
    assert name_of(draft, UNKNOWN)["unit"] == office.finance.pk
    assert (draft.revision, draft.review["doubts"]) == (2, 0)


@pytest.mark.parametrize("choice", ["", "u999999", "x"])
def test_choice_that_is_not_offered_changes_nothing(
    client: Client, office: Office, choice: str
) -> None:
    draft = make_draft(office)
    key = name_of(draft, UNKNOWN)["key"]
    send(client, "draft_step", draft, step="settle", place=key, choice=choice)
    assert fresh(draft).revision == 1


def test_confirming_goes_on_to_the_next_doubt(client: Client, office: Office) -> None:
    draft = make_draft(office, UNDATED)
    place = f"{item_of(draft, 'I.1')['key']}-time"
    response = send(client, "draft_step", draft, step="confirm", place=f"{place}.time_missing")
    following = f"{item_of(draft, 'I.2')['key']}-time"
    assert response["Location"].endswith(f"?at={following}.time_missing#{following}")


def test_item_form_saves_every_field(client: Client, office: Office) -> None:
    draft = make_draft(office)
    key = item_of(draft, "II.1.a")["key"]
    changed = {"title": "Lập danh mục cầu", "due_on": "2023-05-31", "product": "Danh mục"}
    sent = item_fields(draft, "II.1.a", **changed, add_lead_1=f"u{office.finance.pk}")
    response = client.post(reverse("draft_card", args=[draft.pk, key]), sent)
    item = item_of(fresh(draft), "II.1.a")
    assert response["Location"] == f"{reverse('draft', args=[draft.pk])}#{key}"
    assert {field: item[field] for field in changed} == changed  # type: ignore[literal-required]
    assert [name["unit"] for name in item["names"] if name["role"] == "lead"] == [
        office.transport.pk,
        office.finance.pk,
    ]


def test_item_due_before_it_starts_comes_back_as_written(client: Client, office: Office) -> None:
    draft = make_draft(office)
    sent = item_fields(draft, "II.1.a", due_on="2023-01-31", title="Tên mới")
    address = reverse("draft_card", args=[draft.pk, item_of(draft, "II.1.a")["key"]])
    response = client.post(address, sent)
    assert response.status_code == 422
    assert "The item is due before it starts." in words(response)
    assert parse(response).find("textarea", attrs={"name": "title"}).get_text().strip() == "Tên mới"
    assert fresh(draft).revision == 1


def test_header_form_saves_and_leaves_out_a_citation(client: Client, office: Office) -> None:
    draft = make_draft(office)
    cited = draft.review["citations"][0]["key"]
    sent = {
        "number": "72/KH-UBND",
        "issued_on": "2023-02-07",
        "title": "Tên khác",
        "issuer": f"u{office.committee.pk}",
        "focal": f"u{office.finance.pk}",
        f"relation_{cited}": "",
    }
    send(client, "draft_card", draft, "header", **sent)
    review = fresh(draft).review
    assert (review["number"], review["focal"]) == ("72/KH-UBND", office.finance.pk)
    assert review["citations"][0]["relation"] == ""


def test_reporting_duty_can_be_corrected(client: Client, office: Office) -> None:
    draft = make_draft(office)
    key = draft.review["duties"][0]["key"]
    sent = {
        "who": f"u{office.finance.pk}",
        "via": "",
        "due_text": "trước 14/11",
        "due_on": "2023-11-14",
        "recurrence": "dated",
        "to": "UBND tỉnh\nBộ Xây dựng",
    }
    send(client, "draft_card", draft, key, **sent)
    duty = fresh(draft).review["duties"][0]
    assert (duty["who"], duty["reporter"]["unit"]) == ("unit", office.finance.pk)
    assert (duty["via"]["unit"], duty["due_on"]) == (None, "2023-11-14")
    assert duty["due_text"] == "trước 14/11"
    assert duty["to"] == ["UBND tỉnh", "Bộ Xây dựng"]


def test_header_form_adds_a_document_and_names_sections(client: Client, office: Office) -> None:
    draft = make_draft(office)
    sent = header_fields(
        draft,
        section_2="Khảo sát cầu đường",
        new_code="IV",
        new_section="Kinh phí",
        new_cited="15/NQ-HĐND",
    )
    send(client, "draft_card", draft, "header", **sent)
    review = fresh(draft).review
    assert (review["citations"][-1]["number"], review["citations"][-1]["relation"]) == (
        "15/NQ-HĐND",
        "based_on",
    )
    assert review["sections"][2] == {"code": "II.1", "title": "Khảo sát cầu đường"}
    assert review["sections"][-1] == {"code": "IV", "title": "Kinh phí"}


def test_item_is_made_of_words_of_the_document(client: Client, office: Office) -> None:
    draft = make_draft(office)
    wanted = "Người đi lại được an toàn"
    begin = draft.text.index(wanted)
    end = begin + len(wanted) + 1
    send(client, "draft_add", draft, what="words", begin=begin, end=end)
    item = fresh(draft).review["items"][-1]
    assert (item["title"], item["source"]) == (wanted, {"title": [begin, end - 1]})


def test_item_of_words_stands_where_the_words_stand(client: Client, office: Office) -> None:
    draft = make_draft(office)
    begin = draft.text.index("2. Khắc phục")
    send(client, "draft_add", draft, what="words", begin=begin, end=begin + 12)
    codes = [item["code"] for item in fresh(draft).review["items"]]
    assert codes == ["II.1.a", "II.1.b", "", "II.2.a"]


@pytest.mark.parametrize(("begin", "end"), [("", ""), (5, 5), (10**6, 10**6 + 9), ("a", 9)])
def test_no_item_is_made_of_no_words(
    client: Client, office: Office, begin: object, end: object
) -> None:
    draft = make_draft(office)
    response = send(client, "draft_add", draft, what="words", begin=begin, end=end)
    assert (response.status_code, fresh(draft).revision) == (404, 1)


@pytest.mark.parametrize(("what", "lines"), [("item", "items"), ("duty", "duties")])
def test_added_line_opens_for_writing(
    client: Client, office: Office, what: str, lines: str
) -> None:
    draft = make_draft(office)
    response = send(client, "draft_add", draft, what=what)
    key = fresh(draft).review[lines][-1]["key"]
    address = reverse("draft_card", args=[draft.pk, key])
    assert response["Location"] == f"{address}#{key}"
    assert client.get(address).status_code == 200


def test_line_that_was_left_out_can_be_brought_back(client: Client, office: Office) -> None:
    draft = make_draft(office)
    key = item_of(draft, "II.1.b")["key"]
    send(client, "draft_step", draft, step="drop", place=key)
    assert item_of(fresh(draft), "II.1.b")["dropped"] is True
    send(client, "draft_step", fresh(draft), step="restore", place=key)
    assert item_of(fresh(draft), "II.1.b")["dropped"] is False


@pytest.mark.parametrize("name", ["draft", "draft_preview"])
def test_number_of_queries_does_not_grow_with_the_items(office: Office, name: str) -> None:
    block = ROADS[ROADS.index("a) Lập danh mục") : ROADS.index("b) Đo mức")]
    many = ROADS.replace(block, block * 30).replace("71/KH", "72/KH")
    counts = []
    for text in (ROADS, many):
        draft, client = make_draft(office, text), office.client()
        client.get(reverse("home"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name, args=[draft.pk])).status_code == 200
        counts.append(len(queries))
    assert len(PlanDraft.objects.latest("pk").review["items"]) == 32
    assert counts[0] == counts[1]


def test_list_needs_no_more_queries_for_more_drafts(office: Office) -> None:
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make_draft(office)
        client = office.client()
        client.get(reverse("home"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("draft_list")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
