"""The pages of a correction: hand in, compare, preview, apply; who may, and what is kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tasks.importing.errors import ReadingFailedError
from tasks.models import DraftState, MembershipRole, PlanDraft
from tests.factories import make_actor, make_unit
from tests.workflows.correction_world import (
    FINANCE_OFF,
    HEALTH_HELPS,
    POSTPONED,
    REPLACED_ITEM,
    RETITLED,
    TEXT,
    Running,
    corrected,
    make_running,
)
from tests.workflows.draft_world import fresh, parse, words
from workflows.actions.leases import claim, keep_failure
from workflows.correction_pages import Piece, word_pieces
from workflows.reading import read_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(settings: Any, tmp_path: Any) -> Running:
    settings.MEDIA_ROOT = tmp_path
    return make_running()


@pytest.fixture
def client(running: Running) -> Client:
    return running.office.client()


def ticked(page: Any) -> list[str]:
    """The changes that the page proposes to apply."""
    boxes = parse(page).select("input[name=apply]")
    return [str(box["value"]) for box in boxes if box.has_attr("checked")]


def compare(client: Client, draft: PlanDraft, apply: list[str], **more: object) -> Any:
    data = {"revision": fresh(draft).revision, "apply": apply, **more}
    return client.post(reverse("correction", args=[draft.pk]), data)


def form_of(page: Any) -> dict[str, str]:
    """What the form of the preview sends."""
    form = parse(page).select_one("form[data-keep=correction-apply]")
    assert form is not None
    sent = {str(field["name"]): str(field.get("value", "")) for field in form.find_all("input")}
    sent["words"] = form.find("textarea").get_text().strip()
    return sent


def test_whole_way_from_the_plan_to_the_plan(running: Running, client: Client) -> None:
    plan = reverse("plan", args=[running.plan.pk])
    address = reverse("plan_correct", args=[running.plan.pk])
    assert parse(client.get(plan)).find("a", href=address)
    file = ContentFile(corrected(POSTPONED, RETITLED).encode(), "sửa đổi.txt")
    client.post(address, {"file": file})
    draft = PlanDraft.objects.get(corrects=running.plan)
    read_draft(draft.pk, timezone.now)
    done = client.get(reverse("draft_progress", args=[draft.pk]))
    assert done["HX-Redirect"] == reverse("correction", args=[draft.pk])
    page = client.get(done["HX-Redirect"])
    assert compare(client, draft, ticked(page)).status_code == 302
    preview = client.get(reverse("correction_preview", args=[draft.pk]))
    answer = client.post(reverse("correction_preview", args=[draft.pk]), form_of(preview))
    assert answer["Location"] == plan
    assert running.item("II.1.a").due_on == dt.date(2023, 9, 30)
    shown = words(client.get(plan))
    assert "Applied on" in shown
    assert client.get(reverse("draft", args=[draft.pk]))["Location"] == plan


def test_page_shows_what_differs_and_folds_the_rest(running: Running, client: Client) -> None:
    draft = running.correction(POSTPONED, REPLACED_ITEM)
    page = parse(client.get(reverse("correction", args=[draft.pk])))
    shown = [card.select_one(".code").get_text() for card in page.select("form > .difference")]
    assert shown == ["II.1.a", "II.2.a", "II.2.a"]
    assert len(page.select(".same-items .difference")) == 1
    boxes = {box["value"]: box.has_attr("checked") for box in page.select("input[name=apply]")}
    assert list(boxes.values()) == [True, True, False]


def test_preview_says_who_is_told_and_what_moves(running: Running, client: Client) -> None:
    draft = running.correction(POSTPONED, HEALTH_HELPS, FINANCE_OFF)
    page = words(client.get(reverse("correction_preview", args=[draft.pk])))
    assert "5 units will be told" in page
    assert "Sở Y tế is asked to take part in II.1.a (coordinates)" in page
    assert "The part of Sở Tài chính in II.1.b ends" in page
    assert "30 Sep 2023" in page


def test_choice_is_kept(running: Running, client: Client) -> None:
    draft = running.correction(POSTPONED, RETITLED)
    page = client.get(reverse("correction", args=[draft.pk]))
    title = next(key for key in ticked(page) if key.endswith(".title"))
    compare(client, draft, [title])
    assert ticked(client.get(reverse("correction", args=[draft.pk]))) == [title]


def test_pairing_by_hand_shows_the_comparison_again(running: Running, client: Client) -> None:
    draft = running.correction(REPLACED_ITEM)
    page = parse(client.get(reverse("correction", args=[draft.pk])))
    select = page.select("h2#added ~ .difference select")[0]["name"]
    answer = compare(client, draft, [], **{select: running.item("II.2.a").pk})
    assert answer["Location"] == reverse("correction", args=[draft.pk])
    again = parse(client.get(answer["Location"]))
    assert [card["id"] for card in again.select("h2#removed ~ .difference")] == []
    assert again.select_one("#changed") is not None


def test_stale_choice_is_not_lost(running: Running, client: Client) -> None:
    draft = running.correction(POSTPONED, RETITLED)
    page = client.get(reverse("correction", args=[draft.pk]))
    title = next(key for key in ticked(page) if key.endswith(".title"))
    answer = compare(client, draft, [title], revision=99)
    assert answer.status_code == 409
    assert ticked(answer) == [title]
    assert fresh(draft).comparison == {}


def test_changed_plan_refuses_and_keeps_the_reason(running: Running, client: Client) -> None:
    draft = running.correction(POSTPONED)
    address = reverse("correction_preview", args=[draft.pk])
    sent = form_of(client.get(address)) | {"words": "Theo ý kiến thẩm định"}
    running.acknowledged("II.1.b", running.office.transport)
    answer = client.post(address, sent)
    assert answer.status_code == 409
    assert "The plan changed while you were looking" in words(answer)
    again = form_of(answer)
    assert again["words"] == "Theo ý kiến thẩm định"
    assert client.post(address, again).status_code == 302


def test_reason_is_asked_for(running: Running, client: Client) -> None:
    draft = running.correction(POSTPONED)
    address = reverse("correction_preview", args=[draft.pk])
    answer = client.post(address, form_of(client.get(address)) | {"words": " "})
    assert answer.status_code == 422
    assert fresh(draft).state == DraftState.REVIEWING


def test_known_plan_is_compared_as_a_correction(running: Running, client: Client) -> None:
    draft = running.correction(POSTPONED)
    PlanDraft.objects.filter(pk=draft.pk).update(corrects=None)
    page = parse(client.get(reverse("draft", args=[draft.pk])))
    form = page.find("form", action=reverse("draft_correct", args=[draft.pk]))
    assert form.find("input", attrs={"name": "plan"})["value"] == str(running.plan.pk)
    client.post(form["action"], {"plan": running.plan.pk})
    assert fresh(draft).corrects == running.plan


def test_correction_is_not_issued_as_a_plan(running: Running, client: Client) -> None:
    draft = running.correction(("71/KH-UBND", "95/KH-UBND"))
    preview = client.get(reverse("draft_preview", args=[draft.pk]))
    assert preview["Location"] == reverse("correction", args=[draft.pk])
    client.post(reverse("draft_issue", args=[draft.pk]), {"revision": draft.revision})
    assert fresh(draft).state == DraftState.REVIEWING


def test_failed_correction_offers_its_own_upload(running: Running, client: Client) -> None:
    client.post(reverse("plan_correct", args=[running.plan.pk]), {"text": "..."})
    draft = PlanDraft.objects.get(corrects=running.plan)
    leased = claim(PlanDraft, draft.pk, at=timezone.now())
    assert leased is not None
    keep_failure(leased, ReadingFailedError(filename=""))
    page = parse(client.get(reverse("draft", args=[draft.pk])))
    wanted = f"{reverse('plan_correct', args=[running.plan.pk])}?instead={draft.pk}#id_text"
    assert page.find("a", href=wanted)


@pytest.mark.parametrize("name", ["plan_correct", "correction", "correction_preview"])
def test_only_who_may_issue_the_plan_gets_in(running: Running, name: str) -> None:
    draft, committee = running.correction(POSTPONED), running.office.committee
    address = reverse(name, args=[running.plan.pk if name == "plan_correct" else draft.pk])
    outside = 404
    people = [
        (make_actor(committee, MembershipRole.OFFICER), 200),
        (make_actor(committee, MembershipRole.LEADER), 200),
        (make_actor(committee, MembershipRole.READER), 403),
        (make_actor(running.office.transport), 403),
        (make_actor(make_unit(may_issue=True)), outside),
    ]
    for actor, status in people:
        browser = Client()
        browser.force_login(actor.person)
        assert browser.get(address).status_code == status
    assert Client().get(address).status_code == 302


def test_plan_page_offers_it_to_nobody_else(running: Running) -> None:
    browser = Client()
    browser.force_login(running.acts_for(running.office.transport).person)
    page = parse(browser.get(reverse("plan", args=[running.plan.pk])))
    assert page.find("a", href=reverse("plan_correct", args=[running.plan.pk])) is None


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("một hai", "một ba", [Piece("", "một"), Piece("del", "hai"), Piece("ins", "ba")]),
        ("một", "một hai", [Piece("", "một"), Piece("ins", "hai")]),
        ("một hai", "hai", [Piece("del", "một"), Piece("", "hai")]),
    ],
)
def test_words_that_changed_are_marked(before: str, after: str, pieces: list[Piece]) -> None:
    assert word_pieces(before, after) == pieces


def long_text(items: int) -> str:
    """A plan whose items differ in one word each."""
    tasks = "".join(
        f"{number}. Kiểm tra cầu số {number} trên tuyến đường tỉnh trước mùa mưa.\n"
        "- Đơn vị chủ trì: Sở Giao thông vận tải.\n"
        f"- Thời gian thực hiện: Trước ngày 30/6/2023.\n"
        for number in range(1, items + 1)
    )
    begin, rest = TEXT.split("1. Khảo sát hiện trạng")
    return f"{begin}{tasks}III. TỔ CHỨC{rest.split('III. TỔ CHỨC')[1]}"


def queries_of(name: str, items: int) -> int:
    """How many queries the page takes for a correction of all items; leaves nothing behind."""
    with transaction.atomic():
        running = make_running(long_text(items))
        draft = running.correction(("30/6/2023", "31/7/2023"), text=long_text(items))
        client, address = running.office.client(), reverse(name, args=[draft.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address)
        assert words(page).count("31 Jul 2023") >= items
        transaction.set_rollback(True)
    return len(queries)


@pytest.mark.parametrize("name", ["correction", "correction_preview"])
def test_queries_do_not_grow_with_the_items(name: str) -> None:
    assert queries_of(name, 1) == queries_of(name, 6)
