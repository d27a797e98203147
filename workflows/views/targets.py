"""The targets of a plan: how they stand, setting one, entering and correcting figures."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tasks.indicators import unit_tree
from tasks.models import Measurement, Plan, PlanState, Target, Unit
from workflows.access import visible_plans
from workflows.actions.measurements import correct_figure, enter_figures, may_enter
from workflows.actions.targets import may_set, set_target
from workflows.errors import ActionRefused, NotAllowed
from workflows.forms.targets import CorrectionForm, FigureForm, TargetForm
from workflows.target_pages import TARGETS, plan_targets
from workflows.views.base import ActingRequest, refuse, visible_or_404

PLANS = Plan.objects.select_related("document", "issuer", "focal_unit")
OWN_FIELDS = ("low", "high", "baseline", "start_on", "end_on", "unit", "item", "under", "is_soft")


@require_safe
def targets(request: HttpRequest, pk: int) -> HttpResponse:
    request = cast(ActingRequest, request)
    plan = visible_or_404(request, PLANS, plan="pk", pk=pk)
    context = {
        "plan": plan,
        "may_set": plan.state == PlanState.RUNNING and may_set(request.actor, plan),
        "may_enter": plan.state == PlanState.RUNNING and request.actor.may("act_for_unit"),
        **plan_targets(plan, today=request.today),
    }
    return render(request, "workflows/plan_targets.html", context)


def target_edit(request: HttpRequest, pk: int, target: int | None = None) -> HttpResponse:
    """A further target of the plan, or one put right; for its focal unit."""
    request = cast(ActingRequest, request)
    plan = visible_or_404(request, PLANS, plan="pk", pk=pk)
    if not may_set(request.actor, plan):
        raise refuse(_("Only the focal unit sets the targets of a running plan."))
    found = visible_or_404(request, TARGETS, pk=target, plan_id=pk) if target else None
    above = TARGETS.filter(plan__document__cited_in__source__plan=plan).distinct()
    initial: dict[str, object] = {"unit": plan.issuer_id, "start_on": plan.start_on}
    initial["end_on"] = plan.end_on
    if found:
        initial = {name: getattr(found, name) for name in OWN_FIELDS}
        initial["indicator"] = found.indicator_id
    data = request.POST if request.method == "POST" else None
    form = TargetForm(data, plan=plan, above=above, initial=initial)
    if data is not None and form.is_valid():
        try:
            set_target(
                plan=plan, target=found, wanted=form.wanted(), actor=request.actor, at=request.at
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("plan_targets", pk)
    context = {"form": form, "plan": plan, "target": found}
    return render(
        request, "workflows/target_edit.html", context, status=422 if data is not None else 200
    )


def _units_of(request: ActingRequest, target: Target) -> list[Unit]:
    """The units of the target's tree for which the actor gives figures."""
    asked = [unit for unit in (request.actor.unit, target.unit) if unit is not None]
    tree, units = unit_tree(), {unit.pk: unit for unit in asked}
    scope = {unit for top in tree.scope(target.unit_id) for unit in tree.under(top)}
    return [
        unit
        for pk, unit in units.items()
        if pk in scope and may_enter(request.actor, unit, target.plan)
    ]


def figure_enter(request: HttpRequest, pk: int) -> HttpResponse:
    """A figure for a target, entered by hand."""
    request = cast(ActingRequest, request)
    about = TARGETS.select_related("plan__focal_unit", "plan__issuer")
    target = visible_or_404(request, about, pk=pk)
    units = _units_of(request, target)
    if not units:
        raise refuse(_("Your unit gives no figures for this target."))
    data = request.POST if request.method == "POST" else None
    shown = Unit.objects.filter(pk__in=[unit.pk for unit in units]).order_by("name")
    form = FigureForm(data, target=target, units=shown, initial={"unit": units[0].pk})
    if data is not None and form.is_valid():
        try:
            enter_figures(
                plan=target.plan, figures=[form.figure()], actor=request.actor, at=request.at
            )
        except NotAllowed as error:
            raise refuse(error) from error
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The figure is kept."))
            return redirect(f"{reverse('indicator', args=[target.indicator_id])}#figures")
    context = {"form": form, "target": target}
    return render(
        request, "workflows/figure_enter.html", context, status=422 if data is not None else 200
    )


def figure_correct(request: HttpRequest, pk: int, figure: int) -> HttpResponse:
    """Another value in the place of a figure, with the reason; for the target `pk`."""
    request = cast(ActingRequest, request)
    about = TARGETS.select_related("plan__focal_unit")
    target = visible_or_404(request, about, pk=pk)
    told = Measurement.objects.select_related("unit", "indicator", "report__unit", "report__plan")
    plans = Target.objects.filter(pk=pk, plan__in=visible_plans(request.actor))
    found = told.filter(pk=figure, indicator__targets__in=plans).first()
    if found is None or not may_enter(request.actor, found.unit, target.plan):
        raise refuse(_("Only the unit itself corrects its figures."))
    data = request.POST if request.method == "POST" else None
    initial = {"value": found.value, "weight": found.weight, "source": found.source}
    form = CorrectionForm(data, measurement=found, initial=initial)
    if data is not None and form.is_valid():
        try:
            correct_figure(
                measurement=found,
                plan=target.plan,
                to=form.correction(),
                actor=request.actor,
                at=request.at,
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Corrected. The old figure stays in the history."))
            return redirect(f"{reverse('indicator', args=[found.indicator_id])}#figures")
    context = {"form": form, "figure": found, "target": target}
    return render(
        request, "workflows/figure_correct.html", context, status=422 if data is not None else 200
    )


urlpatterns = [
    path("plans/<int:pk>/targets/", targets, name="plan_targets"),
    path("plans/<int:pk>/targets/new/", target_edit, name="target_new"),
    path("plans/<int:pk>/targets/<int:target>/edit/", target_edit, name="target_edit"),
    path("targets/<int:pk>/figures/new/", figure_enter, name="figure_enter"),
    path("targets/<int:pk>/figures/<int:figure>/", figure_correct, name="figure_correct"),
]
