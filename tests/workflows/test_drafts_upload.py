"""Handing a plan document in over HTTP: it is kept at once and read by a job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.celery import app
from tasks.importing.errors import CorruptDocumentError
from tasks.importing.progress import OPENING, PAGES, SCANNED_PAGES
from tasks.models import DraftState, MembershipRole, Plan, PlanDraft
from tests.factories import make_actor, make_unit
from tests.workflows.draft_world import (
    ROADS,
    Office,
    fresh,
    make_draft,
    parse,
    send,
    settled,
    upload,
    words,
)
from workflows.actions.leases import claim, keep_failure, keep_lease
from workflows.actions.reading import MOST_WAITING, hand_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def eager() -> Iterator[None]:
    """Jobs run where they are sent from, as soon as the transaction is committed."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def handed_in(office: Office, data: bytes = b"...", name: str = "plan.pdf") -> PlanDraft:
    file = ContentFile(data)
    return hand_in(file=file, file_name=name, actor=office.officer, at=timezone.now())


def failed(office: Office) -> PlanDraft:
    draft = handed_in(office, name="kế hoạch.docx")
    leased = claim(PlanDraft, draft.pk, at=timezone.now())
    assert leased is not None
    keep_failure(leased, CorruptDocumentError(filename="kế hoạch.docx", part="word/document.xml"))
    return fresh(draft)


def known_link(response: Any) -> str:
    """Where the page leads that says the document is known."""
    link = parse(response).select_one(".known-before a")
    assert link is not None
    return str(link["href"])


def test_upload_is_kept_and_waits(client: Client, office: Office) -> None:
    response = upload(client, ROADS.encode(), "kế hoạch 71.txt")
    draft = PlanDraft.objects.get()
    assert response["Location"] == reverse("draft", args=[draft.pk])
    assert (draft.unit, draft.file_name) == (office.committee, "kế hoạch 71.txt")
    assert draft.file.read() == ROADS.encode()
    assert (draft.state, draft.review) == (DraftState.WAITING, {})
    assert "waits for its turn" in words(client.get(response["Location"]))


@pytest.mark.usefixtures("eager")
def test_upload_is_read_by_the_job(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, ROADS.encode(), "kế hoạch 71.txt")
    draft = PlanDraft.objects.get()
    assert (draft.state, draft.review["number"]) == (DraftState.REVIEWING, "71/KH-UBND")
    assert draft.text.startswith("ỦY BAN NHÂN DÂN")
    assert Plan.objects.count() == 0
    progress = client.get(
        reverse("draft_progress", args=[draft.pk]), headers={"HX-Request": "true"}
    )
    assert progress["HX-Redirect"] == reverse("draft", args=[draft.pk])


def test_pasted_text_is_kept_as_a_file(client: Client) -> None:
    client.post(reverse("draft_upload"), {"text": ROADS})
    draft = PlanDraft.objects.get()
    assert (draft.file.read().decode(), draft.file_name) == (ROADS, "")


def test_without_a_broker_the_document_waits_for_the_sweep(
    client: Client, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_broker(*_args: Any, **_kwargs: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("workflows.jobs.read_draft.delay", no_broker)
    with django_capture_on_commit_callbacks(execute=True):
        response = upload(client, ROADS.encode())
    assert (response.status_code, PlanDraft.objects.get().state) == (302, DraftState.WAITING)


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "plan.txt", "empty"),
        (b"\xd0\xcf\x11\xe0", "plan.doc", "the old Word format"),
        (b"\xd0\xcf\x11\xe0", "plan.xls", "old or binary Excel format"),
        (b"MZ", "plan.exe", "“.exe” cannot be read"),
        (b"x" * (1024 * 1024 + 1), "plan.docx", "1.0 MB; at most 1 MB"),
    ],
)
def test_file_that_no_reader_takes_comes_back(
    client: Client, settings: Any, data: bytes, name: str, message: str
) -> None:
    settings.DONDOC_UPLOAD_LIMIT = 1024 * 1024
    response = upload(client, data, name)
    assert response.status_code == 422
    assert message in parse(response).find(id="id_file_error").get_text()
    assert PlanDraft.objects.count() == 0


@pytest.mark.parametrize("name", ["a.docx", "a.pdf", "a.xlsx", "a.csv", "a.md", "a.JPG", "a.tif"])
def test_every_kind_with_a_reader_is_taken(client: Client, name: str) -> None:
    assert upload(client, name.encode(), name).status_code == 302


@pytest.mark.parametrize(("text", "file"), [("", None), (ROADS, ROADS.encode())])
def test_exactly_one_of_file_and_text_is_asked_for(
    client: Client, text: str, file: bytes | None
) -> None:
    data: dict[str, object] = {"text": text}
    if file:
        data["file"] = ContentFile(file, "plan.txt")
    assert client.post(reverse("draft_upload"), data).status_code == 422


def test_too_many_waiting_documents_are_refused(client: Client, office: Office) -> None:
    for number in range(MOST_WAITING):
        handed_in(office, str(number).encode())
    response = upload(client, ROADS.encode())
    assert response.status_code == 409
    assert f"{MOST_WAITING} documents of your unit are still to be read" in words(response)


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        ((0, 1, OPENING), "The file is being opened."),
        ((12, 40, PAGES), "12 of 40 pages have been read."),
        ((3, 9, SCANNED_PAGES), "3 of 9 scanned pages have been recognised."),
    ],
)
def test_page_says_how_far_the_reading_is(
    client: Client, office: Office, progress: tuple[int, int, str], said: str
) -> None:
    draft = claim(PlanDraft, handed_in(office).pk, at=timezone.now())
    assert draft is not None
    keep_lease(draft, at=timezone.now(), progress=progress)
    part = client.get(reverse("draft_progress", args=[draft.pk]), headers={"HX-Request": "true"})
    assert said in words(part)
    page = parse(client.get(reverse("draft", args=[draft.pk])))
    assert page.select_one("noscript meta")["content"] == "5"


def test_page_says_when_nobody_reads(client: Client, office: Office) -> None:
    draft = handed_in(office)
    PlanDraft.objects.update(uploaded_at=timezone.now() - dt.timedelta(minutes=5))
    assert "takes longer than usual" in words(client.get(reverse("draft", args=[draft.pk])))


def test_failure_names_the_place_and_the_ways_out(client: Client, office: Office) -> None:
    draft = failed(office)
    response = client.get(reverse("draft", args=[draft.pk]))
    links = {a["href"] for a in parse(response).select(".reading a")}
    assert "kế hoạch.docx is damaged or incomplete (word/document.xml)" in words(response)
    assert links == {
        f"{reverse('draft_upload')}?instead={draft.pk}#id_text",
        reverse("draft_file", args=[draft.pk]),
        reverse("draft_discard", args=[draft.pk]),
    }


def test_failed_document_is_tried_again(client: Client, office: Office) -> None:
    draft = failed(office)
    client.post(reverse("draft_retry", args=[draft.pk]))
    assert (fresh(draft).state, fresh(draft).failure) == (DraftState.WAITING, {})


def test_pasted_text_takes_the_place_of_the_failed_file(client: Client, office: Office) -> None:
    draft = failed(office)
    client.post(reverse("draft_upload"), {"text": ROADS, "instead": draft.pk})
    assert fresh(draft).state == DraftState.DISCARDED
    assert PlanDraft.objects.filter(state=DraftState.WAITING).count() == 1
    shown = client.get(reverse("draft", args=[draft.pk]))
    assert "laid aside before it was read" in words(shown)


def test_unread_document_has_no_review_pages(client: Client, office: Office) -> None:
    draft = handed_in(office)
    for name in ("draft_preview", "draft_issue"):
        assert client.get(reverse(name, args=[draft.pk])).status_code == 302
    assert client.get(reverse("draft_card", args=[draft.pk, "header"])).status_code == 302
    assert send(client, "draft_issue", draft).status_code == 302
    assert fresh(draft).state == DraftState.WAITING


def test_same_file_leads_to_its_draft(client: Client, office: Office) -> None:
    draft = handed_in(office, ROADS.encode())
    response = upload(client, ROADS.encode(), "bản sao.txt")
    assert response.status_code == 409
    assert parse(response).select_one(".known-before a")["href"] == reverse(
        "draft", args=[draft.pk]
    )
    assert PlanDraft.objects.count() == 1


def test_same_file_can_be_read_in_once_more(client: Client, office: Office) -> None:
    handed_in(office, ROADS.encode())
    client.post(
        reverse("draft_upload"), {"file": ContentFile(ROADS.encode(), "p.txt"), "again": "on"}
    )
    assert PlanDraft.objects.count() == 2


def test_same_document_in_another_file_is_pointed_out(client: Client, office: Office) -> None:
    first = make_draft(office)
    second = make_draft(office, f"{ROADS}\nThêm một dòng.")
    page = client.get(reverse("draft", args=[second.pk]))
    assert known_link(page) == reverse("draft", args=[first.pk])


def test_document_of_an_issued_plan_leads_to_the_plan(client: Client, office: Office) -> None:
    send(client, "draft_issue", settled(office, make_draft(office)))
    second = make_draft(office, f"{ROADS}\nThêm một dòng.")
    page = parse(client.get(reverse("draft", args=[second.pk])))
    assert page.select_one(".known-before a")["href"] == reverse(
        "plan", args=[Plan.objects.get().pk]
    )


PAGES_OF_A_DRAFT = ("draft", "draft_progress", "draft_file", "draft_retry", "draft_discard")


@pytest.mark.parametrize("name", PAGES_OF_A_DRAFT)
def test_documents_of_other_units_are_out_of_reach(office: Office, name: str) -> None:
    draft = failed(office)
    address = reverse(name, args=[draft.pk])
    other, reader = make_unit(may_issue=True), Client()
    for actor, status in (
        (make_actor(other), 404),
        (make_actor(office.committee, MembershipRole.READER), 403),
        (make_actor(office.transport), 403),
    ):
        reader.force_login(actor.person)
        answer = reader.post(address) if name == "draft_retry" else reader.get(address)
        assert answer.status_code == status
    assert Client().get(address).status_code == 302
    assert fresh(draft).state == DraftState.FAILED


def test_file_is_handed_back_as_it_was(client: Client, office: Office) -> None:
    draft = handed_in(office, b"<script>alert(1)</script>", "kế hoạch.html.txt")
    answer = client.get(reverse("draft_file", args=[draft.pk]))
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''k%E1%BA%BF")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream"
