"""Pages that anybody may meet: signing in, help, errors."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django.views import defaults

from config.views import bad_request
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def parse(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def error_page(status: int) -> HttpResponse:
    request = RequestFactory().get("/nowhere/")
    request.user = AnonymousUser()
    match status:
        case 400:
            return bad_request(request, Exception())
        case 403:
            return defaults.permission_denied(request, PermissionDenied())
        case 404:
            return defaults.page_not_found(request, Exception())
        case _:
            return defaults.server_error(request)


HEADINGS = {
    400: "The request was not understood",
    403: "You may not do this",
    404: "Page not found",
    500: "Something went wrong here",
}


@pytest.mark.parametrize("name", ["login", "help"])
def test_open_page_is_shown_without_signing_in(client: Client, name: str) -> None:
    response = client.get(reverse(name))

    assert response.status_code == 200
    assert len(parse(response).find_all("h1")) == 1


@pytest.mark.parametrize("name", ["login", "help"])
def test_open_page_allows_nothing_inline(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    policy = response.headers["Content-Security-Policy"]
    page = parse(response)

    assert "unsafe" not in policy
    assert page.find_all("style") == []
    assert page.find_all(style=True) == []
    assert [script for script in page.find_all("script") if not script.get("src")] == []
    assert [
        tag for tag in page.find_all(True) if any(key.startswith("on") for key in tag.attrs)
    ] == []


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_error_page_speaks_the_language_of_the_reader(status: int, language: str) -> None:
    with translation.override(language):
        response = error_page(status)
        heading = translation.gettext(HEADINGS[status])

    assert response.status_code == status
    assert parse(response).html["lang"] == language
    assert parse(response).h1.get_text() == heading


def test_forbidden_page_gives_the_reason_of_the_refusal() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    response = defaults.permission_denied(request, PermissionDenied("The plan is closed."))

    assert parse(response).select_one("[data-failed]").get_text() == "The plan is closed."


def test_unknown_address_says_nothing_of_the_inside(client: Client) -> None:
    response = client.get("/no-such-page/", headers={"Accept-Language": "en"})

    assert response.status_code == 404
    assert parse(response).h1.get_text() == HEADINGS[404]
    assert "urlconf" not in response.content.decode().lower()


def test_request_for_a_strange_host_is_refused_politely(client: Client) -> None:
    response = client.get("/help/", headers={"Host": "evil.example", "Accept-Language": "en"})

    assert response.status_code == 400
    assert parse(response).h1.get_text() == HEADINGS[400]


def test_expired_form_leads_back_to_its_page() -> None:
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    response = client.post(reverse("login"), {}, headers={"Referer": "http://testserver/items/7/"})

    assert response.status_code == 403
    assert parse(response).h1.get_text() == "The session has ended"
    assert parse(response).select_one("a.btn-primary")["href"] == "http://testserver/items/7/"


def test_expired_form_never_leads_to_another_site() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("login"), {}, headers={"Referer": "https://evil.example/"})

    assert parse(response).select_one("a.btn-primary")["href"] == reverse("home")


def test_signing_in_brings_the_language_of_the_person(client: Client) -> None:
    person = make_person()
    person.language = "en"
    person.set_password("a long secret")
    person.save()
    response = client.post(
        reverse("login"), {"username": person.username, "password": "a long secret"}
    )

    assert response.status_code == 302
    assert response.cookies["django_language"].value == "en"


def test_wrong_password_is_told_in_one_place(client: Client) -> None:
    response = client.post(reverse("login"), {"username": "nobody", "password": "wrong"})

    assert response.status_code == 200
    assert len(parse(response).select(".error-summary[role=alert] li")) == 1


def test_choosing_a_language_is_remembered_for_the_mail(client: Client) -> None:
    person = make_person()
    client.force_login(person)
    response = client.post(reverse("set_language"), {"language": "en", "next": "/help/"})
    person.refresh_from_db()

    assert response.headers["Location"] == "/help/"
    assert person.language == "en"


def test_unknown_language_changes_nothing(client: Client) -> None:
    person = make_person()
    client.force_login(person)
    client.post(reverse("set_language"), {"language": "xx"})
    person.refresh_from_db()

    assert person.language == "vi"


def test_visitor_may_choose_a_language(client: Client) -> None:
    response = client.post(reverse("set_language"), {"language": "en", "next": "/login/"})

    assert response.headers["Location"] == "/login/"
    assert response.cookies["django_language"].value == "en"


def test_signing_out_with_an_expired_session_does_not_ask_to_sign_in(client: Client) -> None:
    assert client.post(reverse("logout")).headers["Location"] == reverse("login")
    assert client.get(reverse("logout")).status_code == 405


def test_changing_the_password_needs_the_old_one(client: Client) -> None:
    person = make_person()
    client.force_login(person)
    secret = "a much longer secret"
    response = client.post(
        reverse("password_change"),
        {"old_password": "wrong", "new_password1": secret, "new_password2": secret},
    )
    person.refresh_from_db()

    assert response.status_code == 200
    assert not person.check_password(secret)
