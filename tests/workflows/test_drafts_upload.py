"""Handing a plan document in over HTTP."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tasks.models import Plan, PlanDraft
from tests.workflows.draft_world import (
    ROADS,
    UNDATED,
    Office,
    make_draft,
    make_office,
    parse,
    send,
    settled,
    upload,
    words,
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
        (b"%PDF-1.7 ...", "plan.pdf", "pdf"),
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
