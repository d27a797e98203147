"""The menu of each role, and the page of what an administrator keeps."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from tasks.models import MembershipRole, Person
from tests.factories import make_person, make_plan, make_unit
from workflows.access import sync_administrators

pytestmark = pytest.mark.django_db


def page_of(person: Person, address: str = "home") -> BeautifulSoup:
    client = Client()
    client.force_login(person)
    return BeautifulSoup(client.get(reverse(address)).content, "html.parser")


def labels(page: BeautifulSoup) -> list[str]:
    return [entry.get_text(strip=True) for entry in page.select(".sidemenu .menu a")]


def administrator(unit: Any = None) -> Person:
    person = make_person(unit, MembershipRole.LEADER)
    person.is_staff = True
    person.save()
    sync_administrators()
    return person


def test_officer_sees_the_work_only() -> None:
    unit = make_unit()
    make_plan(leads=[unit])
    assert labels(page_of(make_person(unit))) == ["My work", "Plans", "Reports", "Targets"]


def test_overseer_and_issuer_see_what_is_theirs() -> None:
    issuer = make_unit(may_issue=True)
    make_plan(issuer=issuer)
    leader = make_person(issuer, MembershipRole.LEADER)
    assert labels(page_of(leader)) == [
        "My work",
        "Plans",
        "Reports",
        "Targets",
        "Oversight",
        "Read a plan",
    ]


def test_nobody_sees_more_than_seven_places() -> None:
    issuer = make_unit(may_issue=True)
    make_plan(issuer=issuer)
    assert len(labels(page_of(administrator(issuer)))) <= 7


def test_administrator_without_a_unit_sees_the_administration_only() -> None:
    page = page_of(administrator(), "administration")
    assert labels(page) == ["Administration"]
    assert page.select_one(".sidemenu [aria-current=page]") is not None
    assert [place.get_text(strip=True) for place in page.select(".places a")] == [
        "Units",
        "Working calendar",
        "Ladders",
        "Mail",
        "Reminder check",
        "People and settings",
    ]


def test_page_below_the_administration_marks_it_in_the_menu() -> None:
    here = page_of(administrator(), "unit_list").select(".sidemenu [aria-current=page]")
    assert [link["href"] for link in here] == [reverse("administration")]


def test_officer_may_not_open_the_administration(client: Client) -> None:
    client.force_login(make_person(make_unit()))
    assert client.get(reverse("administration")).status_code == 403
