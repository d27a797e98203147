"""The ladders: read in words, changed with a preview, kept for all or for one plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications.access import (
    ActingRequest,
    may_keep_ladders,
    may_keep_ladders_of,
    visible_plans,
)
from notifications.book import Book
from notifications.defaults import DEFAULTS
from notifications.editing import (
    Preview,
    StaleLadder,
    digest,
    ladder_in_force,
    preview,
    save_ladder,
    withdraw_ladder,
)
from notifications.forms.ladders import RungForms, rung_forms
from notifications.kinds import LadderKind
from notifications.ladder import Rung
from notifications.ladder_words import sentence, units_of
from notifications.models import Ladder
from tasks.models import Plan
from tasks.queries import working_calendar

EXAMPLE_WORKING_DAYS = 15
VERSIONS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """One ladder on a page: what it is for, its rungs in words, who saved it, where to change."""

    kind: LadderKind
    ladder: Ladder
    sentences: list[str]
    url: str


@dataclass(frozen=True, slots=True)
class Desk:
    """The ladder that somebody changes: for everybody, or for one plan."""

    kind: LadderKind
    plan: Plan | None

    @property
    def back(self) -> str:
        return reverse("plan_ladders", args=[self.plan.pk]) if self.plan else reverse("ladder_list")

    @property
    def here(self) -> str:
        if self.plan is None:
            return reverse("ladder_edit", args=[self.kind])
        return reverse("plan_ladder_edit", args=[self.plan.pk, self.kind])


@require_safe
def ladder_list(request: HttpRequest) -> HttpResponse:
    """Every general ladder in words, and the plans that have their own."""
    _require(may_keep_ladders(cast(ActingRequest, request).actor))
    own = Ladder.objects.in_force().filter(plan__isnull=False)
    context = {
        "shown": _shown(None),
        "own": own.select_related("plan__document", "saved_by").order_by("plan", "kind"),
    }
    return render(request, "notifications/ladder_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ladder_edit(request: HttpRequest, kind: str) -> HttpResponse:
    request = cast(ActingRequest, request)
    _require(may_keep_ladders(request.actor))
    return _edit(request, Desk(_kind(kind), None))


@require_safe
def plan_ladders(request: HttpRequest, pk: int) -> HttpResponse:
    """The ladders that the plan follows, in words, for everybody who sees the plan."""
    request = cast(ActingRequest, request)
    plan = _plan(request, pk)
    context = {
        "plan": plan,
        "shown": _shown(plan),
        "may_keep": may_keep_ladders_of(request.actor, plan),
    }
    return render(request, "notifications/plan_ladders.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_ladder_edit(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    request = cast(ActingRequest, request)
    plan = _plan(request, pk)
    _require(may_keep_ladders_of(request.actor, plan))
    return _edit(request, Desk(_kind(kind), plan))


@require_POST
def plan_ladder_withdraw(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Let the plan follow the general ladder again."""
    request = cast(ActingRequest, request)
    plan = _plan(request, pk)
    _require(may_keep_ladders_of(request.actor, plan))
    withdraw_ladder(kind=_kind(kind), plan=plan, at=request.at)
    messages.success(request, _("The plan follows the general ladder again."))
    return redirect("plan_ladders", pk)


def _require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(
            _("Ladders are kept by the administrator; those of a plan also by its focal unit.")
        )


def _kind(kind: str) -> LadderKind:
    if kind not in LadderKind:
        raise Http404
    return LadderKind(kind)


def _plan(request: ActingRequest, pk: int) -> Plan:
    plans = visible_plans(request.actor)
    if may_keep_ladders(request.actor):
        plans = Plan.objects.select_related("document", "focal_unit", "issuer")
    return get_object_or_404(plans, pk=pk)


def _shown(plan: Plan | None) -> list[Shown]:
    book = Book([plan.pk] if plan else [])
    pages = [(kind, book.page(kind, plan.pk if plan else None)) for kind in LadderKind]
    units = units_of(rung for _kind, page in pages for rung in page.rungs)
    return [
        Shown(
            kind,
            page.ladder,
            [sentence(rung, units) for rung in page.rungs],
            Desk(kind, plan).here,
        )
        for kind, page in pages
    ]


def _edit(request: ActingRequest, desk: Desk) -> HttpResponse:
    """Nothing is saved but what was previewed: each change is shown first."""
    if request.method != "POST":
        present = ladder_in_force(desk.kind, desk.plan)
        as_shipped = request.GET.get("from") == "default"
        rungs = DEFAULTS[desk.kind] if as_shipped else present.in_order()
        return _page(request, desk, rung_forms(desk.kind, rungs=rungs), opened=present.pk)
    opened = int(request.POST["opened"]) if request.POST.get("opened", "").isdigit() else 0
    forms = rung_forms(desk.kind, _with_one_more(request))
    if "add" in request.POST:
        return _page(request, desk, forms, opened=opened)
    if not forms.is_valid():
        return _page(request, desk, forms, opened=opened, status=422)
    seen = digest(forms.rungs())
    if "save" in request.POST and request.POST.get("previewed") == seen:
        return _save(request, desk, forms, opened)
    found = _preview(request, desk, forms.rungs())
    return _page(request, desk, forms, opened=opened, found=found, seen=seen)


def _save(request: ActingRequest, desk: Desk, forms: RungForms, opened: int) -> HttpResponse:
    try:
        concerned = save_ladder(
            kind=desk.kind,
            plan=desk.plan,
            rungs=forms.rungs(),
            opened=opened,
            by=request.actor.person,
            at=request.at,
        )
    except StaleLadder as stale:
        return _page(request, desk, forms, opened=opened, theirs=stale.ladder, status=409)
    messages.success(request, _saved(concerned))
    return redirect(desk.back)


def _saved(concerned: int) -> str:
    words = ngettext(
        "Saved. %(number)s open date is being laid out anew; what was sent is not sent again.",
        "Saved. %(number)s open dates are being laid out anew; what was sent is not sent again.",
        concerned,
    )
    return words % {"number": concerned}


def _with_one_more(request: ActingRequest) -> Any:
    if "add" not in request.POST:
        return request.POST
    data = request.POST.copy()
    data["form-TOTAL_FORMS"] = str(int(data.get("form-TOTAL_FORMS") or 0) + 1)
    return data


def _preview(request: ActingRequest, desk: Desk, rungs: list[Rung]) -> Preview:
    calendar = working_calendar()
    try:
        due_on = dt.date.fromisoformat(request.POST.get("example_on", ""))
    except ValueError:
        due_on = calendar.shift(request.today, EXAMPLE_WORKING_DAYS)
    return preview(
        kind=desk.kind,
        plan=desk.plan,
        rungs=rungs,
        due_on=due_on,
        at=request.at,
        calendar=calendar,
    )


def _page(
    request: ActingRequest, desk: Desk, forms: RungForms, *, status: int = 200, **about: Any
) -> HttpResponse:
    versions = Ladder.objects.filter(kind=desk.kind, plan=desk.plan).select_related("saved_by")
    own = desk.plan is not None and any(one.replaced_at is None for one in versions)
    context = {
        "desk": desk,
        "plan": desk.plan,
        "forms": forms,
        "versions": versions.order_by("-version")[:VERSIONS_SHOWN],
        "may_withdraw": own,
        **about,
    }
    return render(request, "notifications/ladder_edit.html", context, status=status)
