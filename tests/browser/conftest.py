"""A real browser on a real server, with a plan that everybody has a part in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.workflows.world import World, make_world

# Playwright's own loop runs in this thread; Django would take it for an asynchronous caller.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world(items=3)


@pytest.fixture
def open_page(browser: Browser, live_server: object, world: World) -> Iterator[OpenPage]:
    """`open_page(role, address, width=…, scripts=…)`: the page as that role sees it."""
    contexts: list[BrowserContext] = []
    base = str(live_server)

    def open_it(
        role: str, address: str, *, size: dict[str, int] = DESKTOP, scripts: bool = True
    ) -> Page:
        session = world.client(role).cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(
            viewport=size,
            java_script_enabled=scripts,
        )
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base}])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(base + address)
        return page

    yield open_it
    for context in contexts:
        context.close()
