"""One plan item: what, until when, who, the next step, and what happened."""

from __future__ import annotations

from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tasks.models import Event, PlanItem, Verb
from tasks.story import story
from workflows import item_chart as charts
from workflows.item_pages import evidence_of, item_page, milestones
from workflows.views.base import ActingRequest, visible_or_404

EVENTS_PER_PAGE = 50
ITEMS = PlanItem.objects.select_related(
    "plan__document",
    "plan__issuer",
    "plan__focal_unit",
    "plan__supervising_leader",
    "section",
)


@require_safe
def item(request: HttpRequest, pk: int) -> HttpResponse:
    request = cast(ActingRequest, request)
    item = visible_or_404(request, ITEMS, pk=pk)
    page = item_page(item, request.actor, today=request.today)
    events = Paginator(Event.objects.filter(item=item).story(), EVENTS_PER_PAGE)
    history = events.get_page(request.GET.get("page"))
    halt = Event.objects.filter(item=item, verb__in=(Verb.SUSPENDED, Verb.CANCELLED))
    context = {
        "it": page,
        "item": item,
        "milestones": milestones(page),
        "open_groups": item.open_groups.all(),
        "files": evidence_of(item),
        "page": history,
        "story": story(history),
        "halt": halt.story().first() if page.is_over or page.is_suspended else None,
    }
    return render(request, "workflows/item.html", context)


@require_safe
def item_chart(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the work is: the flow as a picture, and the same in words."""
    request = cast(ActingRequest, request)
    item = visible_or_404(request, ITEMS, pk=pk)
    context = {"item": item, "picture": charts.item_picture(item)}
    return render(request, "workflows/chart.html", context)


@require_safe
def item_bpmn(request: HttpRequest, pk: int) -> HttpResponse:
    request = cast(ActingRequest, request)
    item = visible_or_404(request, ITEMS, pk=pk)
    answer = HttpResponse(charts.item_bpmn(item), content_type="application/xml; charset=utf-8")
    name = f"item-{item.pk}.bpmn"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer
