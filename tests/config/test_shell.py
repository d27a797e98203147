"""The frame around every page of somebody who has signed in."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from bs4 import BeautifulSoup
from django.contrib.messages import ERROR, SUCCESS
from django.contrib.messages.storage.base import Message
from django.template.loader import get_template
from django.utils import translation

from tasks.models import Person, Unit

SCIENCE = Unit(pk=1, name="Sở Khoa học và Công nghệ", short_name="Sở KH&CN")
YOUTH = Unit(pk=2, name="Tỉnh đoàn", short_name="Tỉnh đoàn")


def shell(**more: Any) -> BeautifulSoup:
    person = Person(pk=7, username="hanh", full_name="Nguyễn Thị Hạnh")
    entry = SimpleNamespace(label="My work", url="/", icon="work", active=True, count=3)
    context = {
        "user": person,
        "actor": SimpleNamespace(person=person, unit=SCIENCE),
        "acting_units": [SCIENCE],
        "menu": [entry],
        "today": dt.date(2023, 12, 8),
        **more,
    }
    with translation.override("en"):
        return BeautifulSoup(get_template("base.html").render(context), "html.parser")


def test_shell_holds_nothing_inline() -> None:
    page = shell()

    assert page.find_all(style=True) + page.find_all("style") == []
    assert [script for script in page.find_all("script") if not script.get("src")] == []
    assert [
        tag for tag in page.find_all(True) if any(key.startswith("on") for key in tag.attrs)
    ] == []


def test_shell_has_no_id_twice() -> None:
    ids = [tag["id"] for tag in shell().find_all(id=True)]

    assert sorted(ids) == sorted(set(ids))


def test_shell_marks_the_place_in_the_menu() -> None:
    here = shell().select(".sidemenu [aria-current=page]")

    assert [link["href"] for link in here] == ["/"]


def test_shell_shows_the_day() -> None:
    assert shell().select_one(".sidemenu-foot").get_text(" ", strip=True) == (
        "Today Friday, 8 Dec 2023"
    )


def test_shell_counts_unread_alerts_in_words() -> None:
    assert shell(unread_alerts=3).select_one(".topbar-link .count").get_text() == "3 unread"
    assert shell(unread_alerts=0).select(".topbar-link .count") == []


def test_shell_offers_other_units_only_where_there_are_some() -> None:
    offered = shell(acting_units=[SCIENCE, YOUTH]).select(".switcher button")

    assert shell().select(".switcher") == []
    assert [(button["value"], button.get("aria-current")) for button in offered] == [
        ("1", "true"),
        ("2", None),
    ]


def test_shell_leads_the_keyboard_to_the_content() -> None:
    page = shell()

    assert page.select_one("body > a")["href"] == "#content"
    assert page.find(id="content").name == "main"


def test_shell_names_its_language() -> None:
    assert shell().html["lang"] == "en"
    assert [b["lang"] for b in shell().select(".language button")] == ["vi", "en"]


def test_shell_tells_an_error_at_once() -> None:
    page = shell(messages=[Message(ERROR, "The plan is closed."), Message(SUCCESS, "Saved.")])

    assert [notice["role"] for notice in page.select(".notice")] == ["alert", "status"]
    assert [notice.get_text().strip() for notice in page.select(".notice")] == [
        "The plan is closed.",
        "Saved.",
    ]
