"""Indicators: all targets worst first, one indicator, and keeping the list of them."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tasks.indicators import TargetRow, target_rows
from tasks.models import Indicator
from tasks.rules.names import fold
from tasks.words import bounds_words, phase_words
from workflows.access import visible_plans
from workflows.actions.indicators import (
    change_indicator,
    may_keep,
    merge_indicators,
    merger_of,
)
from workflows.errors import ActionRefused
from workflows.forms.targets import IndicatorForm, MergeForm, TargetFilter
from workflows.target_pages import (
    indicator_page,
    standing_counts,
    visible_indicators,
    visible_targets,
)
from workflows.views.base import ActingRequest, NotHere, refuse

ROWS_PER_PAGE, INDICATORS_PER_PAGE = 40, 100


@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    """Every target the actor may see, worst first."""
    request = cast(ActingRequest, request)
    plans = visible_plans(request.actor).filter(targets__isnull=False).distinct()
    form = TargetFilter(request.GET, plans=plans.select_related("document"))
    words, plan, standing = (form.value(name) for name in ("q", "plan", "standing"))
    targets = visible_targets(request.actor)
    if words:
        targets = targets.filter(indicator__folded_name__contains=fold(words))
    if plan:
        targets = targets.filter(plan=plan)
    rows = target_rows(targets, today=request.today)
    counts = standing_counts(rows)
    fitting = [row for row in rows if not standing or row.standing == standing]
    page = Paginator(sorted(fitting, key=lambda row: row.rank), ROWS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "page": page,
        "rows": [(row, *_in_words(row)) for row in page],
        "standings": counts,
        "is_filtered": bool(words or plan or standing),
        "may_keep": request.actor.person.has_perm("tasks.change_unit"),
    }
    return render(request, "workflows/indicator_list.html", context)


def _in_words(row: TargetRow) -> tuple[str, str]:
    target = row.target
    return bounds_words(target.low, target.high), phase_words(target.start_on, target.end_on)


def _indicator(request: ActingRequest, pk: int) -> Indicator:
    found = visible_indicators(request.actor).filter(pk=pk).first()
    if found is None:
        raise NotHere(_("There is no such page, or your unit has no part in it."))
    return found


@require_safe
def indicator(request: HttpRequest, pk: int) -> HttpResponse:
    request = cast(ActingRequest, request)
    found = _indicator(request, pk)
    context = {
        "indicator": found,
        "may_keep": may_keep(request.actor, found),
        "may_enter": request.actor.may("act_for_unit"),
        **indicator_page(found, request.actor, today=request.today),
    }
    return render(request, "workflows/indicator.html", context)


def _kept(request: HttpRequest, pk: int) -> tuple[ActingRequest, Indicator]:
    acting = cast(ActingRequest, request)
    found = _indicator(acting, pk)
    if not may_keep(acting.actor, found):
        raise refuse(
            _("Indicators are kept by administrators and by the focal units of their plans.")
        )
    return acting, found


def indicator_edit(request: HttpRequest, pk: int) -> HttpResponse:
    request, found = _kept(request, pk)
    data = request.POST if request.method == "POST" else None
    form = IndicatorForm(data, instance=Indicator.objects.get(pk=pk))
    if data is not None and form.is_valid():
        try:
            change_indicator(
                indicator=found, given=form.cleaned_data, actor=request.actor, at=request.at
            )
        except ActionRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("indicator", pk)
    context = {"form": form, "indicator": found}
    return render(
        request, "workflows/indicator_edit.html", context, status=422 if data is not None else 200
    )


def indicator_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what stays, look at what goes over, then merge."""
    request, found = _kept(request, pk)
    given = request.POST if request.method == "POST" else (request.GET or None)
    form = MergeForm(given, gone=found)
    merger = None
    if given is not None and form.is_valid():
        into = form.cleaned_data["into"]
        if request.method != "POST":
            merger = merger_of(found, into)
        else:
            try:
                merge_indicators(gone=found, into=into, actor=request.actor, at=request.at)
            except ActionRefused as refusal:
                messages.error(request, str(refusal))
                return redirect(f"{request.path}?into={into.pk}")
            messages.success(request, _("Merged. All targets and figures are here now."))
            return redirect("indicator", into.pk)
    context = {"form": form, "indicator": found, "merger": merger}
    return render(request, "workflows/indicator_merge.html", context)


@require_safe
def indicator_registry(request: HttpRequest) -> HttpResponse:
    """All indicators by name, for whoever keeps them."""
    request = cast(ActingRequest, request)
    if not request.actor.person.has_perm("tasks.change_unit"):
        raise refuse(_("Only an administrator keeps the registry of indicators."))
    current = Q(measurements__replaced_at__isnull=True)
    listed = Indicator.objects.annotate(
        plans=Count("targets__plan", distinct=True),
        figures=Count("measurements", filter=current, distinct=True),
    ).order_by("folded_name", "pk")
    words = request.GET.get("q", "").strip()
    if words:
        listed = listed.filter(folded_name__contains=fold(words))
    page = Paginator(listed, INDICATORS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "workflows/indicator_registry.html", {"page": page, "words": words})


urlpatterns = [
    path("indicators/", indicator_list, name="indicator_list"),
    path("indicators/registry/", indicator_registry, name="indicator_registry"),
    path("indicators/<int:pk>/", indicator, name="indicator"),
    path("indicators/<int:pk>/edit/", indicator_edit, name="indicator_edit"),
    path("indicators/<int:pk>/merge/", indicator_merge, name="indicator_merge"),
]
