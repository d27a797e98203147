"""My work: what waits for the unit I act for."""

from __future__ import annotations

from collections import Counter
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks.models import Event, Participation, Substitution, Verb
from tasks.story import StoryLine, story
from workflows.access import visible_plans
from workflows.actions.assignment import acknowledge
from workflows.errors import ActionRefused
from workflows.inbox import BUCKET_LABELS, Bucket, inbox
from workflows.views.base import ActingRequest

ROWS_PER_PAGE = 50


def home(request: HttpRequest) -> HttpResponse:
    request = cast(ActingRequest, request)
    if request.actor.unit is None:
        return render(request, "workflows/no_unit.html")
    if request.method == "POST":
        return _acknowledge_selected(request)
    rows = inbox(request.actor, today=request.today)
    counts = Counter(row.bucket for row in rows)
    chosen = request.GET.get("tab", "")
    shown = [row for row in rows if row.bucket == chosen] if chosen in BUCKET_LABELS else rows
    tabs = [(bucket, label, counts[bucket]) for bucket, label in BUCKET_LABELS.items()]
    page = Paginator(shown, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "workflows/home.html",
        {
            "tabs": tabs,
            "chosen": chosen,
            "total": len(rows),
            "page": page,
            "to_acknowledge": counts[Bucket.ACKNOWLEDGE],
            "news": _news(request),
            "away": _away(request),
        },
    )


def _away(request: ActingRequest) -> list[Substitution]:
    """Who stands in for me today, and for whom I do."""
    me = request.actor.person
    standing = Substitution.objects.in_force(request.today).filter(Q(absent=me) | Q(substitute=me))
    return list(standing.select_related("absent", "substitute").order_by("pk"))


def _news(request: ActingRequest) -> list[StoryLine]:
    """What others did lately in the plans the unit takes part in."""
    events = Event.objects.filter(plan__in=visible_plans(request.actor)).exclude(
        actor=request.actor.person
    )
    mine = events.filter(
        Q(participation__unit=request.actor.unit)
        | Q(report__unit=request.actor.unit)
        | Q(proposal__unit=request.actor.unit)
        | Q(proposal__addressee=request.actor.unit)
        | Q(plan__focal_unit=request.actor.unit)
    )
    # What others write in a report that is not handed in yet is not told.
    unseen = Q(verb__in=(Verb.PROPOSAL_WRITTEN, Verb.PROPOSAL_REMOVED))
    mine = mine.exclude(unseen & ~Q(unit=request.actor.unit))
    return story(mine.story().select_related("item", "report__unit", "plan__document")[:6])


def _acknowledge_selected(request: ActingRequest) -> HttpResponse:
    """Several at once, each its own transaction: one refusal does not undo the others."""
    keys = [key for key in request.POST.getlist("part") if key.isdigit()]
    parts = Participation.objects.filter(
        pk__in=keys, item__plan__in=visible_plans(request.actor)
    ).select_related("item__plan", "unit")
    done = 0
    for part in parts:
        try:
            acknowledge(participation=part, actor=request.actor, at=request.at)
            done += 1
        except ActionRefused as refusal:
            messages.error(request, f"{part.item.code}: {refusal}")
    if done:
        text = ngettext(
            "%(count)s assignment acknowledged.", "%(count)s assignments acknowledged.", done
        )
        messages.success(request, text % {"count": done})
    elif not keys:
        messages.warning(request, _("Choose at least one assignment first."))
    return redirect(reverse("home"))
