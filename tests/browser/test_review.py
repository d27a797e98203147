"""Reviewing a plan in a real browser: both ways, in place, two people, until it is issued."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tasks.models import Plan, PlanDraft
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_pages import problems_of
from tests.workflows.draft_world import (
    ROADS,
    UNKNOWN,
    Office,
    fresh,
    item_of,
    make_draft,
    make_office,
    name_of,
)
from workflows.access import Actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenReview = Callable[..., Page]


@pytest.fixture
def office(transactional_db: None) -> Office:
    return make_office()


@pytest.fixture
def draft(office: Office) -> PlanDraft:
    return make_draft(office)


@pytest.fixture
def review(browser: Browser, live_server: object, office: Office) -> Iterator[OpenReview]:
    """`review(draft, actor=…, size=…, scripts=…)`: the review page of a draft."""
    contexts: list[BrowserContext] = []

    def open_it(
        draft: PlanDraft,
        *,
        actor: Actor | None = None,
        size: dict[str, int] = DESKTOP,
        scripts: bool = True,
        name: str = "draft",
    ) -> Page:
        session = office.client(actor).cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(viewport=size, java_script_enabled=scripts)
        contexts.append(context)
        base = str(live_server)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(base + reverse(name, args=[draft.pk]))
        return page

    yield open_it
    for context in contexts:
        context.close()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.closest('[data-field]')?.dataset.field"))


def test_field_and_its_words_light_up_both_ways(review: OpenReview, draft: PlanDraft) -> None:
    page = review(draft)
    time = f"{item_of(draft, 'II.1.a')['key']}-time"
    page.click(f"a[data-field='{time}']")
    assert page.locator("mark.is-lit").all_inner_texts() == ["Quý II/2023"]
    page.locator("mark", has_text="Trước ngày 30/6/2023").click()
    assert focused(page) == f"{item_of(draft, 'II.1.b')['key']}-time"
    assert page.locator("mark.is-lit").all_inner_texts() == ["Trước ngày 30/6/2023"]


def test_words_and_fields_are_links_without_scripts(review: OpenReview, draft: PlanDraft) -> None:
    page = review(draft, scripts=False)
    key = name_of(draft, UNKNOWN)["key"]
    page.locator("mark a", has_text=UNKNOWN).click()
    assert page.url.endswith(f"#{key}")
    page.locator(f"#{item_of(draft, 'II.1.a')['key']}-time a").click()
    assert page.url.endswith(f"#t-{item_of(draft, 'II.1.a')['key']}-time")


def test_enter_on_a_field_edits_it_in_place(review: OpenReview, draft: PlanDraft) -> None:
    page = review(draft)
    page.evaluate("window.isSamePage = true")
    item = item_of(draft, "II.1.a")
    page.focus(f"a[data-field='{item['key']}-title']")
    page.keyboard.press("Enter")
    expect(page.locator("form.review-card textarea[name=title]")).to_be_focused()
    page.fill("form.review-card textarea[name=title]", "Lập danh mục mới")
    page.keyboard.press("Control+Enter")
    expect(page.locator(f"article#{item['key']} h3")).to_have_text("Lập danh mục mới")
    assert page.evaluate("window.isSamePage")
    assert item_of(fresh(draft), "II.1.a")["title"] == "Lập danh mục mới"


def test_enter_settles_the_doubt_and_goes_on(review: OpenReview, draft: PlanDraft) -> None:
    page = review(draft)
    page.click("#doubts .btn-primary")
    select = page.locator(".name-form select")
    expect(select).to_be_focused()
    assert page.locator("mark.is-lit").all_inner_texts() == [UNKNOWN]
    select.select_option(label="Sở Tài chính")
    page.keyboard.press("Enter")
    expect(page.locator("#doubts.doubts-none")).to_be_visible()
    assert name_of(fresh(draft), UNKNOWN)["kind"] == "chosen"


def test_split_move_and_undo_swap_only_their_cards(review: OpenReview, draft: PlanDraft) -> None:
    page = review(draft)
    page.evaluate("document.querySelector('#header').dataset.same = 'yes'")
    first = item_of(draft, "II.1.a")["key"]
    page.click(f"#{first} a[hx-get$='/arrange/']")
    page.fill("textarea[name=pieces]", "Lập danh mục cầu yếu\ncần đặt biển")
    page.click("button[value=split]")
    codes = page.locator("#read article .review-head .code")
    expect(codes).to_have_text(["II.1.a", "II.1.a.2", "II.1.b", "II.2.a"])
    page.click(f"#{first} button[value=down]")
    expect(codes).to_have_text(["II.1.a.2", "II.1.a", "II.1.b", "II.2.a"])
    expect(page.locator(f"#{first} button[value=down]")).to_be_focused()
    for expected in (["II.1.a", "II.1.a.2", "II.1.b", "II.2.a"], ["II.1.a", "II.1.b", "II.2.a"]):
        page.locator("#doubts .doubts-undo button").last.click()
        expect(codes).to_have_text(expected)
    assert page.evaluate("document.querySelector('#header').dataset.same") == "yes"


def test_two_reviewers_see_both_values_and_choose(
    review: OpenReview, draft: PlanDraft, office: Office
) -> None:
    key = item_of(draft, "II.1.a")["key"]
    mine, theirs = review(draft), review(draft, actor=office.colleague())
    for page, words in ((mine, "Câu của tôi"), (theirs, "Câu của đồng nghiệp")):
        page.click(f"#{key} [data-edit]")
        page.fill("form.review-card textarea[name=title]", words)
    for page in (theirs, mine):
        page.locator("form.review-card button[type=submit]").click()
        page.wait_for_timeout(300)
    told = mine.locator(".differences")
    expect(told).to_contain_text("Câu của đồng nghiệp")
    expect(mine.locator("form.review-card textarea[name=title]")).to_have_value("Câu của tôi")
    mine.locator("[name=theirs][value=title]").check()
    mine.locator("form.review-card button[type=submit]").click()
    expect(mine.locator(f"article#{key} h3")).to_have_text("Câu của đồng nghiệp")
    assert item_of(fresh(draft), "II.1.a")["title"] == "Câu của đồng nghiệp"


def test_work_of_a_colleague_appears_without_a_reload(
    review: OpenReview, draft: PlanDraft, office: Office
) -> None:
    first, second = (item_of(draft, code)["key"] for code in ("II.1.a", "II.1.b"))
    mine, theirs = review(draft), review(draft, actor=office.colleague())
    mine.click(f"#{second} [data-edit]")
    theirs.click(f"#{first} button[value=drop]")
    expect(theirs.locator(f"#{first}.is-dropped")).to_be_visible()
    mine.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(mine.locator(f"#{first}.is-dropped")).to_be_visible()
    expect(mine.locator(".other-reviewer")).to_contain_text("Trần Thị Bình")
    expect(mine.locator(f"form#{second}")).to_be_visible()


def test_half_filled_card_is_not_drawn_over_and_survives_leaving(
    review: OpenReview, draft: PlanDraft
) -> None:
    page = review(draft)
    first, second = (item_of(draft, code)["key"] for code in ("II.1.a", "II.1.b"))
    page.click(f"#{first} [data-edit]")
    page.fill("form.review-card textarea[name=title]", "Đang viết dở")
    page.click(f"#{second} button[value=drop]")
    expect(page.locator(f"#{second}.is-dropped")).to_be_visible()
    expect(page.locator("form.review-card textarea[name=title]")).to_have_value("Đang viết dở")
    page.wait_for_timeout(200)
    page.goto(page.url.split("/drafts/")[0] + reverse("draft_card", args=[draft.pk, first]))
    expect(page.locator("form.review-card textarea[name=title]")).to_have_value("Đang viết dở")


def test_chosen_words_become_an_item(review: OpenReview, draft: PlanDraft) -> None:
    page = review(draft)
    wanted = "Người đi lại được an toàn"
    page.evaluate(
        """(wanted) => {
          const walker = document.createTreeWalker(document.querySelector("[data-text]"), 4);
          while (walker.nextNode()) {
            const place = walker.currentNode.data.indexOf(wanted);
            if (place < 0) continue;
            getSelection().setBaseAndExtent(
              walker.currentNode, place, walker.currentNode, place + wanted.length);
            return;
          }
        }""",
        wanted,
    )
    page.click("[data-words] button")
    expect(page.locator("form.review-card textarea[name=title]")).to_have_value(wanted)
    item = fresh(draft).review["items"][-1]
    begin, end = item["source"]["title"]
    assert draft.text[begin:end] == wanted


def test_reviewed_plan_is_issued(review: OpenReview, draft: PlanDraft) -> None:
    page = review(draft)
    page.click("#doubts .btn-primary")
    page.locator(".name-form select").select_option(label="Sở Tài chính")
    page.click(".name-form button[value=settle]")
    expect(page.locator("#doubts.doubts-none")).to_be_visible()
    page.click(".primary-action a")
    page.click(".issue-step button[type=submit]")
    page.wait_for_url(re.compile(r"/plans/\d+/$"))
    assert Plan.objects.get().items.count() == 3


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_review_pages_are_in_order_and_obey_the_policy(
    review: OpenReview, draft: PlanDraft, size: dict[str, int]
) -> None:
    page = review(draft, size=size)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    key = item_of(draft, "II.1.a")["key"]
    places = [reverse("draft", args=[draft.pk])]
    places += [reverse(name, args=[draft.pk, key]) for name in ("draft_card", "draft_arrange")]
    places += [reverse("draft_card", args=[draft.pk, "header"])]
    base = page.url.split("/drafts/")[0]
    for place in places:
        page.goto(base + place)
        page.wait_for_load_state("networkidle")
        assert problems_of(page) == [], place
    assert said == []


def test_long_plan_opens_its_cards_one_by_one(review: OpenReview, office: Office) -> None:
    block = ROADS[ROADS.index("a) Lập danh mục") : ROADS.index("b) Đo mức")]
    draft = make_draft(office, ROADS.replace(block, block * 40).replace("71/KH", "73/KH"))
    page = review(draft)
    item = draft.review["items"][20]
    assert page.locator("#read article.is-brief").count() == 44
    page.locator(f"#t-{item['key']}-time a").click()
    expect(page.locator(f"article#{item['key']}:not(.is-brief)")).to_be_visible()
    page.wait_for_function(
        f"document.activeElement.closest('[data-field]')?.dataset.field === '{item['key']}-time'"
    )
    assert page.locator("#read article:not(.is-brief)").count() == 2
