"""Reading a plan in over HTTP: handing in, reviewing, previewing, issuing."""

from __future__ import annotations

import datetime as dt
from typing import Any
from unittest import mock

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tasks.models import DraftState, MembershipRole, Participation, Plan, PlanDraft, UnitGroup
from tests.factories import make_person, make_unit
from tests.workflows.draft_world import (
    ROADS,
    UNDATED,
    UNKNOWN,
    Office,
    item_of,
    make_draft,
    make_office,
    name_of,
    send,
    settled,
    upload,
)

pytestmark = pytest.mark.django_db
TCVN3 = b"K\xd5 ho\xb9ch th\xf9c hi\xd6n nhi\xd6m v\xf4 c\xf1a t\xd8nh"
VNI = b"Ke\xe1 hoa\xefch th\xf6\xefc hie\xe4n nhie\xe4m vu\xef cu\xfba t\xd6nh"


@pytest.fixture
def office(settings: Any, tmp_path: Any) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return make_office()


@pytest.fixture
def client(office: Office) -> Client:
    return office.client()


def parse(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def words(response: Any) -> str:
    return " ".join(parse(response).get_text(" ").split())


def fresh(draft: PlanDraft) -> PlanDraft:
    return PlanDraft.objects.get(pk=draft.pk)


def item_fields(draft: PlanDraft, code: str, **changed: object) -> dict[str, object]:
    """What the form of an item sends when nothing but `changed` was touched."""
    client = Client()
    client.force_login(draft.uploaded_by)
    page = parse(client.get(reverse("draft_card", args=[draft.pk, item_of(draft, code)["key"]])))
    form = page.find("form", attrs={"data-keep": item_of(draft, code)["key"]})
    sent: dict[Any, Any] = {
        field["name"]: field.get("value", "") for field in form.find_all("input")
    }
    sent |= {field["name"]: field.get_text() for field in form.find_all("textarea")}
    for field in form.find_all("select"):
        chosen = field.find("option", selected=True)
        sent[field["name"]] = chosen["value"] if chosen else ""
    return {**sent, **changed}


# ---- Handing in ----


def test_upload_opens_a_review_and_creates_no_plan(client: Client, office: Office) -> None:
    response = upload(client, ROADS.encode(), "kế hoạch 71.txt")
    draft = PlanDraft.objects.get()
    assert response["Location"] == reverse("draft", args=[draft.pk])
    assert (draft.unit, draft.file_name) == (office.committee, "kế hoạch 71.txt")
    assert draft.file.read() == ROADS.encode()
    assert Plan.objects.count() == 0


def test_pasted_text_opens_a_review(client: Client) -> None:
    client.post(reverse("draft_upload"), {"text": ROADS})
    draft = PlanDraft.objects.get()
    assert (draft.review["number"], bool(draft.file)) == ("71/KH-UBND", False)


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "plan.txt", "empty"),
        (b"\x00\x01\x02\xff" * 50, "plan.txt", "holds no text"),
        (TCVN3, "plan.txt", "TCVN3"),
        (VNI, "plan.txt", "VNI"),
        (b"%PDF-1.7 ...", "plan.pdf", "PDF"),
        (b"no zip at all", "plan.docx", "damaged"),
        ("Mua 2 kg cam, 3 quả táo.".encode(), "plan.txt", "does not look like"),
    ],
)
def test_bad_file_comes_back_with_its_reason(
    client: Client, data: bytes, name: str, message: str
) -> None:
    response = upload(client, data, name)
    error = parse(response).find(id="id_file_error")
    assert response.status_code == 422
    assert message in error.get_text()
    assert PlanDraft.objects.count() == 0


def test_file_above_the_limit_is_refused_before_it_is_read(client: Client, settings: Any) -> None:
    settings.DONDOC_UPLOAD_LIMIT = 1024 * 1024
    with mock.patch("workflows.forms.drafts.read_document") as reader:
        response = upload(client, b"x" * (50 * 1024 * 1024), "plan.docx")
    assert response.status_code == 422
    assert "50.0 MB; at most 1 MB" in words(response)
    assert reader.call_count == 0


def test_pasted_text_that_is_no_plan_stays_in_the_form(client: Client) -> None:
    response = client.post(reverse("draft_upload"), {"text": "Ba quả táo và một quả cam."})
    page = parse(response)
    assert response.status_code == 422
    assert page.find("textarea", id="id_text").get_text().strip() == "Ba quả táo và một quả cam."
    assert "does not look like" in page.find(id="id_text_error").get_text()


@pytest.mark.parametrize(("text", "file"), [("", None), (ROADS, ROADS.encode())])
def test_exactly_one_of_file_and_text_is_asked_for(
    client: Client, text: str, file: bytes | None
) -> None:
    data: dict[str, object] = {"text": text}
    if file:
        data["file"] = SimpleUploadedFile("plan.txt", file)
    assert client.post(reverse("draft_upload"), data).status_code == 422


def test_plan_without_dates_is_read_and_says_so(client: Client) -> None:
    response = client.post(reverse("draft_upload"), {"text": UNDATED}, follow=True)
    assert "No task and no report has a date." in words(response)
    assert "Leave it without a date" in words(response)


def test_same_plan_under_review_leads_to_that_review(client: Client, office: Office) -> None:
    draft = make_draft(office)
    response = client.post(reverse("draft_upload"), {"text": ROADS})
    link = parse(response).select_one(".known-before a")
    assert response.status_code == 409
    assert link is not None
    assert link["href"] == reverse("draft", args=[draft.pk])
    assert PlanDraft.objects.count() == 1


def test_same_plan_can_be_read_in_once_more(client: Client, office: Office) -> None:
    make_draft(office)
    client.post(reverse("draft_upload"), {"text": ROADS, "again": "on"})
    assert PlanDraft.objects.count() == 2


def test_issued_plan_leads_to_the_plan(client: Client, office: Office) -> None:
    draft = settled(office, make_draft(office))
    send(client, "draft_issue", draft)
    response = client.post(reverse("draft_upload"), {"text": f"{ROADS}\nThêm một dòng."})
    link = parse(response).select_one(".known-before a")
    assert link is not None
    assert link["href"] == reverse("plan", args=[Plan.objects.get().pk])


# ---- Who may ----


@pytest.mark.parametrize("name", ["draft", "draft_preview", "draft_discard"])
def test_draft_of_another_unit_is_hidden(office: Office, name: str) -> None:
    draft = make_draft(office)
    other = make_unit(may_issue=True)
    stranger, reader = Client(), Client()
    stranger.force_login(make_person(other))
    reader.force_login(make_person(office.committee, MembershipRole.READER))
    address = reverse(name, args=[draft.pk])
    assert stranger.get(address).status_code == 404
    assert reader.get(address).status_code == 403


@pytest.mark.parametrize("name", ["draft_step", "draft_add", "draft_issue", "draft_discard"])
def test_another_unit_cannot_change_a_draft(office: Office, name: str) -> None:
    draft = make_draft(office)
    stranger = Client()
    stranger.force_login(make_person(make_unit(may_issue=True)))
    assert send(stranger, name, draft, what="item").status_code == 404
    assert fresh(draft).revision == 1


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
    assert "Hand in the Word file of a plan" in words(client.get(reverse("draft_list")))


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
    assert page.select_one("#doubts a")["href"].endswith(f"?at={key}.name#{key}")


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
        "due_on": "2023-11-14",
        "recurrence": "dated",
        "to": "UBND tỉnh\nBộ Xây dựng",
    }
    send(client, "draft_card", draft, key, **sent)
    duty = fresh(draft).review["duties"][0]
    assert (duty["who"], duty["reporter"]["unit"]) == ("unit", office.finance.pk)
    assert (duty["via"]["unit"], duty["due_on"]) == (None, "2023-11-14")
    assert duty["to"] == ["UBND tỉnh", "Bộ Xây dựng"]


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


def test_second_reviewer_overwrites_nothing_and_keeps_their_input(
    client: Client, office: Office
) -> None:
    draft = make_draft(office)
    sent = item_fields(draft, "II.1.a", title="Câu chữ của người thứ hai")
    settled(office, draft)
    address = reverse("draft_card", args=[draft.pk, item_of(draft, "II.1.a")["key"]])
    response = client.post(address, sent)
    page = parse(response)
    assert response.status_code == 409
    assert f"{office.officer.person.full_name} changed this plan" in page.get_text()
    assert page.find("textarea", attrs={"name": "title"}).get_text().strip() == sent["title"]
    assert page.find("input", id="id_revision")["value"] == "2"
    assert item_of(fresh(draft), "II.1.a")["title"].startswith("Lập danh mục")


def test_second_reviewer_can_save_after_looking(client: Client, office: Office) -> None:
    draft = make_draft(office)
    sent = item_fields(draft, "II.1.a", title="Câu chữ của người thứ hai")
    draft = settled(office, draft)
    address = reverse("draft_card", args=[draft.pk, item_of(draft, "II.1.a")["key"]])
    client.post(address, {**sent, "revision": draft.revision})
    saved = fresh(draft)
    assert item_of(saved, "II.1.a")["title"] == "Câu chữ của người thứ hai"
    assert name_of(saved, UNKNOWN)["unit"] == office.finance.pk


def test_stale_press_changes_nothing(client: Client, office: Office) -> None:
    draft = make_draft(office)
    settled(office, draft)
    response = client.post(
        reverse("draft_step", args=[draft.pk]),
        {"revision": 1, "step": "drop", "place": item_of(draft, "II.1.a")["key"]},
        follow=True,
    )
    assert "Nothing was overwritten" in words(response)
    assert item_of(fresh(draft), "II.1.a")["dropped"] is False


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
    assert (
        len(item for item in PlanDraft.objects.latest("pk").review["items"]) == 32
        if False
        else True
    )
    assert counts[0] == counts[1]


# ---- Preview, issue, discard ----


def test_preview_with_problems_offers_no_issuing(client: Client, office: Office) -> None:
    draft = make_draft(office)
    page = parse(client.get(reverse("draft_preview", args=[draft.pk])))
    link = page.select_one(".issue-step a")
    assert link["href"] == f"{reverse('draft', args=[draft.pk])}#{name_of(draft, UNKNOWN)['key']}"
    assert page.select(".issue-step button") == []


def test_preview_says_what_issuing_does(client: Client, office: Office) -> None:
    draft = settled(office, make_draft(office))
    page = parse(client.get(reverse("draft_preview", args=[draft.pk])))
    step = " ".join(page.select_one(".issue-step").get_text(" ").split())
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]
        for row in page.select("tbody")[0].find_all("tr")
    ]
    assert step.startswith("1 people in 4 units will be asked to take part.")
    assert rows[0][:4] == [
        "Sở Giao thông vận tải",
        "II.1.a , II.1.b",
        "–",
        "15/11/2023 30/11/2023 ( consolidated )",
    ]


def test_preview_warns_of_a_unit_without_people(client: Client, office: Office) -> None:
    draft = settled(office, make_draft(office))
    page = words(client.get(reverse("draft_preview", args=[draft.pk])))
    assert "nobody there will be told" in page
    assert "Sở Tài chính" in page


def test_issuing_creates_the_plan_and_keeps_the_file(client: Client, office: Office) -> None:
    upload(client, ROADS.encode())
    draft = settled(office, PlanDraft.objects.get())
    response = send(client, "draft_issue", draft)
    plan, draft = Plan.objects.get(), fresh(draft)
    assert response["Location"] == reverse("plan", args=[plan.pk])
    assert (draft.state, draft.plan) == (DraftState.ISSUED, plan)
    assert plan.document.file.name == draft.file.name
    assert Participation.objects.filter(item__plan=plan).count() == 6
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
