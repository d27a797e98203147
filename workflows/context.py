"""What the shell of every page shows: the menu of the role, and the unit acted for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from guardian.core import ObjectPermissionChecker

from workflows.access import Actor, oversees_any


@dataclass(frozen=True, slots=True)
class Entry:
    label: str | Promise
    url: str
    icon: str
    active: bool
    count: int = 0


def shell(request: HttpRequest) -> dict[str, Any]:
    if getattr(request, "actor", None) is None or not request.user.is_authenticated:
        return {}
    actor = cast(Actor, request.actor)  # type: ignore[attr-defined]
    return {
        "menu": [
            Entry(label, url, icon, active=_is_here(request.path, url))
            for label, url, icon in _places(actor)
        ],
        "actor": actor,
        "acting_units": request.acting_units,  # type: ignore[attr-defined]
        "today": request.today,  # type: ignore[attr-defined]
    }


def _is_here(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def _places(actor: Actor) -> list[tuple[str | Promise, str, str]]:
    places: list[tuple[str | Promise, str, str]] = []
    if actor.unit is not None:
        rights = ObjectPermissionChecker(actor.person).get_perms(actor.unit)
        places += [
            (_("My work"), reverse("home"), "work"),
            (_("Plans"), reverse("plan_list"), "plan"),
            (_("Reports"), reverse("report_list"), "report"),
        ]
        if oversees_any(actor):
            places.append((_("Oversight"), reverse("supervise"), "oversight"))
        if "issue_for_unit" in rights:
            places.append((_("Read a plan"), reverse("draft_list"), "read"))
    if actor.person.has_perm("tasks.change_unit"):
        places.append((_("Units"), reverse("unit_list"), "unit"))
    if actor.person.has_perm("notifications.view_mail"):
        places.append((_("Mail"), reverse("mail_list"), "mail"))
    if actor.person.has_perm("notifications.change_ladder"):
        places.append((_("Ladders"), reverse("ladder_list"), "list"))
    if actor.person.has_perm("tasks.change_calendarexception"):
        places.append((_("Working calendar"), reverse("calendar"), "calendar"))
    if actor.person.has_perm("notifications.view_auditrun"):
        places.append((_("Reminder check"), reverse("audit"), "tick"))
    if actor.person.is_staff:
        places.append((_("Administration"), reverse("admin:index"), "settings"))
    return places
