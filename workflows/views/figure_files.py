"""The figures of a plan as a workbook, and taking figures in from one after a look at each cell."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tasks.figure_files import (
    FigureLine,
    check_figures,
    figures_xlsx,
    read_figures,
    template_xlsx,
)
from tasks.indicators import unit_tree
from tasks.models import Indicator, Measurement, Plan, Unit
from tasks.unit_files.read import FileRefused
from workflows.actions.measurements import FigureInput, enter_figures, may_enter
from workflows.errors import ActionRefused
from workflows.views.base import ActingRequest, refuse, visible_or_404

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLANS = Plan.objects.select_related("document", "focal_unit")
KEPT_FOR = dt.timedelta(hours=2)


class FigureFileForm(forms.Form):
    """A workbook or CSV of figures; `rows` are its lines once the form is valid."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A workbook (.xlsx) or CSV with the columns of the template."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    rows: list[dict[str, str]]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            self.rows = read_figures(file.read(), file.name)
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return file


def _plan(request: HttpRequest, pk: int) -> tuple[ActingRequest, Plan]:
    acting = cast(ActingRequest, request)
    return acting, visible_or_404(acting, PLANS, plan="pk", pk=pk)


@require_safe
def figures_export(request: HttpRequest, pk: int) -> HttpResponse:
    """All current figures that count for the plan's targets."""
    _acting, plan = _plan(request, pk)
    tree = unit_tree()
    tops = [top for one in plan.targets.all() for top in tree.scope(one.unit_id)]
    figures = Measurement.objects.filter(
        indicator__targets__plan=plan,
        replaced_at__isnull=True,
        unit__in={unit for top in tops for unit in tree.under(top)},
    )
    listed = figures.select_related("unit", "indicator").distinct()
    ordered = listed.order_by("indicator__folded_name", "unit__name", "covers_from")
    return _saved(figures_xlsx(ordered), plan, "so-lieu")


def _asked(acting: ActingRequest, plan: Plan) -> tuple[list[Unit], list[Indicator]]:
    """The units the actor gives figures of, and the indicators of the plan."""
    targets = list(plan.targets.select_related("unit", "indicator"))
    units = {one.unit_id: one.unit for one in targets}
    if acting.actor.unit is not None:
        units[acting.actor.unit.pk] = acting.actor.unit
    asked = [unit for unit in units.values() if may_enter(acting.actor, unit, plan)]
    return asked, list({one.indicator_id: one.indicator for one in targets}.values())


def figures_import(request: HttpRequest, pk: int) -> HttpResponse:
    """A file looked at cell by cell; what was looked at is kept by a second press."""
    acting, plan = _plan(request, pk)
    units, indicators = _asked(acting, plan)
    if not units:
        raise refuse(_("Your unit gives no figures for this plan."))
    context: dict[str, Any] = {"plan": plan, "form": FigureFileForm()}
    if request.method == "POST" and "rows" in request.POST:
        return _keep(acting, plan, units, indicators)
    if request.method == "POST":
        form = FigureFileForm(request.POST, request.FILES)
        context["form"] = form
        if not form.is_valid():
            return render(request, "workflows/figures_import.html", context, status=422)
        context |= _looked_at(form.rows, units, indicators)
    return render(request, "workflows/figures_import.html", context)


def _looked_at(
    rows: list[dict[str, str]], units: list[Unit], indicators: list[Indicator]
) -> dict[str, Any]:
    lines = check_figures(rows, units, indicators)
    return {
        "lines": lines,
        "flawed": sum(bool(line.flaws) for line in lines),
        "new": sum(line.known is None for line in lines),
        "rows": signing.dumps(rows, compress=True),
    }


def _keep(
    acting: ActingRequest, plan: Plan, units: list[Unit], indicators: list[Indicator]
) -> HttpResponse:
    try:
        rows = signing.loads(acting.POST["rows"], max_age=KEPT_FOR)
    except signing.BadSignature:
        messages.error(acting, _("Too much time has passed. Choose the file again."))
        return redirect("figures_import", plan.pk)
    lines = check_figures(rows, units, indicators)
    if any(line.flaws for line in lines):
        messages.error(acting, _("Something changed meanwhile. Choose the file again."))
        return redirect("figures_import", plan.pk)
    figures = [_figure(line) for line in lines if line.known is None]
    try:
        kept = enter_figures(plan=plan, figures=figures, actor=acting.actor, at=acting.at)
    except ActionRefused as refusal:
        messages.error(acting, str(refusal))
        return redirect("figures_import", plan.pk)
    messages.success(acting, _("%(number)s figures were kept.") % {"number": len(kept)})
    return redirect("plan_targets", plan.pk)


def _figure(line: FigureLine) -> FigureInput:
    assert line.unit
    assert line.indicator
    assert line.covers_from
    assert line.covers_to
    assert line.value is not None
    return FigureInput(
        indicator=line.indicator,
        unit=line.unit,
        covers_from=line.covers_from,
        covers_to=line.covers_to,
        value=line.value,
        weight=line.weight,
        source=line.source,
    )


@require_safe
def figures_template(request: HttpRequest, pk: int) -> HttpResponse:
    """A workbook to fill in for the year of today."""
    acting, plan = _plan(request, pk)
    units, indicators = _asked(acting, plan)
    year = acting.today.year
    content = template_xlsx(units, indicators, dt.date(year, 1, 1), dt.date(year, 12, 31))
    return _saved(content, plan, "mau-so-lieu")


def _saved(content: bytes, plan: Plan, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=EXCEL)
    answer["Content-Disposition"] = (
        f'attachment; filename="{name}-{slugify(str(plan)) or plan.pk}.xlsx"'
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


urlpatterns = [
    path("plans/<int:pk>/figures.xlsx", figures_export, name="figures_export"),
    path("plans/<int:pk>/figures/template.xlsx", figures_template, name="figures_template"),
    path("plans/<int:pk>/figures/import/", figures_import, name="figures_import"),
]
