"""Plans and documents, to be read."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tasks.models import Plan, PlanItem, PlanState
from tasks.plan_csv import plan_csv
from tasks.plan_queries import Found, search, with_figures
from workflows.access import visible_plans
from workflows.plan_filter import PlanFilter
from workflows.plan_pages import VIEWS, document_chain, plan_page, plan_rows, visible_documents
from workflows.views.base import ActingRequest, visible_or_404

PLANS_PER_PAGE = 20
ITEMS_SHOWN_FOUND = 5
# What one query of SQLite takes as parameters, with room to spare.
MOST_FOUND = 500
STATES = dict(PlanState.choices)


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    request = cast(ActingRequest, request)
    plans = visible_plans(request.actor)
    words = request.GET.get("q", "").strip()
    state = request.GET.get("state", "")
    found = search(plans, words) if words else None
    if found is not None:
        plans = plans.filter(pk__in=found.plans)
    if state in STATES:
        plans = plans.filter(state=state)
    figures = with_figures(plans, today=request.today).order_by("-issued_at", "-pk")
    page = Paginator(figures, PLANS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "words": words,
        "state": state,
        "states": PlanState.choices,
        "rows": _with_found_items(page, found),
        "may_issue": request.actor.may("issue_for_unit"),
    }
    return render(request, "workflows/plan_list.html", context)


def _with_found_items(page: Page[Plan], found: Found | None) -> list[tuple[Plan, list[PlanItem]]]:
    """The plans of the page, each with the first few items that the search found in it."""
    by_plan: dict[int, list[PlanItem]] = {plan.pk: [] for plan in page}
    keys = [item for plan, item in found.items if plan in by_plan] if found else []
    for item in PlanItem.objects.filter(pk__in=keys[:MOST_FOUND]) if keys else ():
        by_plan[item.plan_id].append(item)
    return [(plan, by_plan[plan.pk][:ITEMS_SHOWN_FOUND]) for plan in page]


@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan in one of three views, or as a table for spreadsheets, all of one filter."""
    request = cast(ActingRequest, request)
    plans = Plan.objects.select_related("document", "issuer", "focal_unit", "supervising_leader")
    plan = visible_or_404(request, plans, plan="pk", pk=pk)
    chosen = PlanFilter.from_address(request.GET, request.actor.unit)
    if request.GET.get("format") == "csv":
        return _csv(request, plan, chosen)
    view = request.GET.get("view", "")
    context = plan_page(
        plan,
        chosen,
        view if view in VIEWS else VIEWS[0],
        actor=request.actor,
        today=request.today,
    )
    return render(request, "workflows/plan.html", context)


def _csv(request: ActingRequest, plan: Plan, chosen: PlanFilter) -> HttpResponse:
    rows, _calendar = plan_rows(plan, request.today)
    table = plan_csv(filter(chosen.matches, rows), today=request.today)
    answer = HttpResponse(table, content_type="text/csv; charset=utf-8")
    name = f"{slugify(str(plan)) or plan.pk}.csv"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    request = cast(ActingRequest, request)
    documents = visible_documents(request.actor).select_related("issuer", "plan")
    found = documents.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such page, or your unit has no part in it."))
    context: dict[str, Any] = {"document": found, "chain": document_chain(found, request.actor)}
    return render(request, "workflows/document.html", context)
