"""Every page of every role: fits a phone, has its headings and labels in order, no errors."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.workflows.world import World, lead_part

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UNLABELLED = """() => [...document.querySelectorAll('input, select, textarea')]
  .filter(e => e.type !== 'hidden' && !e.hidden && !e.labels?.length && !e.ariaLabel)
  .map(e => e.outerHTML)"""
UNNAMED = """() => [...document.querySelectorAll('a, button, summary')]
  .filter(e => !e.textContent.trim() && !e.ariaLabel
    && !e.querySelector('[aria-label], img[alt]:not([alt=""])'))
  .map(e => e.outerHTML)"""
HEADINGS = """() => [...document.querySelectorAll('h1, h2, h3, h4, h5')]
  .map(e => Number(e.tagName[1]))"""
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"

ROLE_PAGES = {
    "own lead": ("home", "plan_list", "plan", "item", "report_list", "report", "report_edit"),
    "own coordinator": ("home", "item"),
    "focal": ("home", "plan", "item", "supervise", "consolidated", "simulate_plan"),
    "supervisor": ("home", "supervise", "plan", "item"),
    "issuing officer": ("draft_list", "draft_upload"),
    "administrator": ("home", "mail_list", "audit", "calendar"),
    "read-only": ("home", "plan", "item", "report"),
}


def address_of(name: str, world: World) -> str:
    report = world.plan.reports.get(unit=world.units["lead"])
    keys = {
        "plan": [world.plan.pk],
        "simulate_plan": [world.plan.pk],
        "item": [world.plan.items.first().pk],
        "report": [report.pk],
        "report_edit": [report.pk],
        "consolidated": [world.plan.reports.get(is_consolidated=True).pk],
    }
    return reverse({"consolidated": "report"}.get(name, name), args=keys.get(name, []))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("role", ROLE_PAGES)
def test_pages_of_a_role_are_in_order(
    role: str, size: dict[str, int], world: World, open_page: OpenPage
) -> None:
    for name in ROLE_PAGES[role]:
        page = open_page(role, address_of(name, world), size=size)
        assert problems_of(page) == [], name


def problems_of(page: Page) -> list[str]:
    headings = page.evaluate(HEADINGS)
    jumps = [pair for pair in pairwise(headings) if pair[1] > pair[0] + 1]
    found = [f"unlabelled: {field}" for field in page.evaluate(UNLABELLED)]
    found += [f"unnamed: {link}" for link in page.evaluate(UNNAMED)]
    found += [f"headings jump: {jump}" for jump in jumps]
    if headings.count(1) != 1:
        found.append(f"{headings.count(1)} main headings")
    if page.evaluate(WIDER):
        found.append("wider than the window")
    return found


def test_page_obeys_its_own_content_policy(world: World, open_page: OpenPage) -> None:
    page = open_page("focal", reverse("home"))
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for name in ("home", "plan", "item", "supervise", "consolidated"):
        page.goto(
            page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + address_of(name, world)
        )
        page.wait_for_load_state("networkidle")
    assert said == []


def test_keyboard_reaches_the_first_action(world: World, open_page: OpenPage) -> None:
    page = open_page("own lead", reverse("home"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    for _ in range(30):
        page.keyboard.press("Tab")
        if "/acknowledge/" in (page.evaluate("document.activeElement.href || ''")):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/acknowledge/"))


def test_lead_acknowledges_and_reports_on_a_phone(world: World, open_page: OpenPage) -> None:
    part = lead_part(world.plan, world.units["lead"])
    page = open_page("own lead", reverse("acknowledge", args=[part.pk]), size=PHONE)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/items/\d+/$"))
    page.goto(page.url.split("/items/")[0] + reverse("progress", args=[part.pk]))
    page.fill("[name=percent]", "45")
    page.fill("[name=words]", "Đã khảo sát xong hiện trạng")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/items/\d+/$"))
    part = lead_part(world.plan, world.units["lead"])
    assert (part.state, part.percent) == ("acknowledged", 45)


def test_action_works_without_scripts(world: World, open_page: OpenPage) -> None:
    part = lead_part(world.plan, world.units["lead"])
    page = open_page("own lead", reverse("decline", args=[part.pk]), scripts=False)
    page.fill("[name=reason]", "Không thuộc chức năng của Sở")
    page.locator("main form button[type=submit]").click()
    assert lead_part(world.plan, world.units["lead"]).state == "declined"


def test_half_filled_form_survives_an_expired_session(world: World, open_page: OpenPage) -> None:
    part = lead_part(world.plan, world.units["lead"])
    address = reverse("decline", args=[part.pk])
    page = open_page("own lead", address)
    page.fill("[name=reason]", "Đang viết dở một lý do rất dài")
    page.wait_for_timeout(800)
    session = page.context.cookies()
    page.context.clear_cookies()
    page.locator("main form button[type=submit]").click()
    page.context.add_cookies(session)
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + address)
    page.wait_for_timeout(500)
    assert page.input_value("[name=reason]") == "Đang viết dở một lý do rất dài"
    assert lead_part(world.plan, world.units["lead"]).state == "assigned"
