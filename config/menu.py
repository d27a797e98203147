"""The menu of every page: at most seven places, those that the role needs.

What is set once and seldom touched stands together on a page of its own, "Administration".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from workflows.access import Actor, oversees_any
from workflows.views.base import ActingRequest, refuse

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Place:
    label: Words
    address: str
    icon: str
    is_open_to: Callable[[Actor], bool]
    words: Words = ""

    @property
    def url(self) -> str:
        return reverse(self.address)


@dataclass(frozen=True, slots=True)
class Entry:
    label: Words
    url: str
    icon: str
    active: bool


def _acting(actor: Actor) -> bool:
    return actor.unit is not None


def _holds(right: str) -> Callable[[Actor], bool]:
    return lambda actor: actor.person.has_perm(right)


WORK = (
    Place(_("My work"), "home", "work", _acting),
    Place(_("Plans"), "plan_list", "plan", _acting),
    Place(_("Reports"), "report_list", "report", _acting),
    Place(_("Targets"), "indicator_list", "target", _acting),
    Place(
        _("Oversight"),
        "supervise",
        "oversight",
        lambda actor: _acting(actor) and oversees_any(actor),
    ),
    Place(_("Read a plan"), "draft_list", "read", lambda actor: actor.may("issue_for_unit")),
)
ADMINISTRATION = (
    Place(
        _("Units"),
        "unit_list",
        "unit",
        _holds("tasks.change_unit"),
        _("Names, aliases, groups, mergers and splits; import and export."),
    ),
    Place(
        _("Working calendar"),
        "calendar",
        "calendar",
        _holds("tasks.change_calendarexception"),
        _("Public holidays and swap days, and which reminders they move."),
    ),
    Place(
        _("Ladders"),
        "ladder_list",
        "list",
        _holds("notifications.change_ladder"),
        _("Who is reminded how long before a date, and who is told after it."),
    ),
    Place(
        _("Mail"),
        "mail_list",
        "mail",
        _holds("notifications.view_mail"),
        _("What was sent by mail and over message bridges, what waits, and what was refused."),
    ),
    Place(
        _("Reminder check"),
        "audit",
        "tick",
        _holds("notifications.view_auditrun"),
        _("Whether everything that had to be said was said, and whether the machines run."),
    ),
    Place(
        _("People and settings"),
        "admin:index",
        "settings",
        lambda actor: actor.person.is_staff,
        _("Accounts, posts and substitutes."),
    ),
)


def menu(request: HttpRequest) -> dict[str, Any]:
    """`menu` for the frame of every page; nothing for somebody who has not signed in."""
    actor = cast("Actor | None", getattr(request, "actor", None))
    if actor is None or not request.user.is_authenticated:
        return {}
    entries = [
        Entry(place.label, place.url, place.icon, _is_here(request.path, place.url))
        for place in WORK
        if place.is_open_to(actor)
    ]
    administered = [place.url for place in ADMINISTRATION if place.is_open_to(actor)]
    if administered:
        url = reverse("administration")
        active = any(_is_here(request.path, one) for one in (url, *administered))
        entries.append(Entry(_("Administration"), url, "settings", active))
    return {"menu": entries}


def _is_here(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


@require_safe
def administration(request: HttpRequest) -> HttpResponse:
    """What an administrator keeps, each with a sentence that says what it is for."""
    acting = cast(ActingRequest, request)
    places = [place for place in ADMINISTRATION if place.is_open_to(acting.actor)]
    if not places:
        raise refuse(_("Only an administrator can open this page."))
    return render(request, "config/administration.html", {"places": places})
