"""What the pages share: the typed request, and fetching only what the actor may see."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django_htmx.middleware import HtmxDetails

from tasks.models import Report
from workflows.access import Actor, visible_plans, visible_reports
from workflows.middleware import acting_units

M = TypeVar("M", bound=Model)


class NotHere(Http404):
    """A 404 whose words are meant for the person; they tell nothing about hidden things."""


class ActingRequest(HttpRequest):
    """A request as `ActorMiddleware` leaves it for somebody who has signed in."""

    actor: Actor
    at: dt.datetime
    today: dt.date
    htmx: HtmxDetails


def visible_or_404(
    request: ActingRequest, queryset: QuerySet[M], *, plan: str = "plan", **lookup: Any
) -> M:
    """The object, if its plan is one the actor may see; the same 404 whether hidden or absent.

    Somebody with several posts may have followed a mail that is about another unit of theirs: the
    404 then says which one to choose.
    """
    wanted = queryset.filter(**lookup)
    found = wanted.filter(**{f"{plan}__in": visible_plans(request.actor)}).first()
    if found is not None:
        return found
    for unit in acting_units(request.actor.person):
        other = Actor(request.actor.person, unit)
        if wanted.filter(**{f"{plan}__in": visible_plans(other)}).exists():
            raise NotHere(
                _("This belongs to your post in %(unit)s. Choose that unit under your name.")
                % {"unit": unit.short_name}
            )
    raise NotHere(_("There is no such page, or your unit has no part in it."))


def visible_report_or_404(request: ActingRequest, reports: QuerySet[Report], *, pk: int) -> Report:
    """As `visible_or_404`; a report may also be visible as a source of one in a plan above."""
    found = reports.filter(pk__in=visible_reports(request.actor).filter(pk=pk).values("pk")).first()
    return found or visible_or_404(request, reports, pk=pk)


def refuse(message: Any) -> PermissionDenied:
    return PermissionDenied(str(message))


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Where to go afterwards: an address of ours that the form named, or `fallback`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return fallback
