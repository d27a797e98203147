"""Puts the acting person and unit on each request."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from tasks.models import Person, Unit
from tasks.rules.calendar import local_date
from workflows.access import Actor

SESSION_KEY = "acting_unit"


def acting_units(person: Person) -> list[Unit]:
    """The units a person may act for: where a group of theirs belongs to a role of the unit."""
    return list(Unit.objects.filter(role_groups__group__in=person.groups.all()).distinct())


def _actor(request: HttpRequest) -> Actor | None:
    if not request.user.is_authenticated:
        return None
    units = request.acting_units  # type: ignore[attr-defined]
    chosen = request.session.get(SESSION_KEY)
    unit = next((unit for unit in units if unit.pk == chosen), units[0] if units else None)
    return Actor(request.user, unit)


class ActorMiddleware:
    """`request.actor`, `request.at` and `request.today`: who acts, when, on which local date.

    `request.acting_units` are those the person may choose from.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = timezone.now()  # type: ignore[attr-defined]
        request.today = local_date(request.at)  # type: ignore[attr-defined]
        request.acting_units = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: acting_units(cast(Person, request.user))
        )
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)
