"""The figures a unit enters with its report: one table for the span of the period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from tasks.indicators import unit_tree
from tasks.models import WRITABLE, Measurement, Report, ReportState, Target
from tasks.reporting.figures import FigureRow, figures_of, span_of, targets_for
from tasks.words import bounds_words, phase_words
from workflows.access import Actor
from workflows.actions.measurements import enter_report_figures
from workflows.errors import ActionRefused, NotAllowed
from workflows.forms.targets import ReportFiguresForm
from workflows.views.base import ActingRequest, refuse, visible_or_404

REPORTS = Report.objects.select_related("unit", "period", "plan__document", "plan__focal_unit")


@dataclass(frozen=True, slots=True)
class Line:
    """A target with what the unit said last and what it says now, or the fields to say it."""

    target: Target
    wanted: str
    phase: str
    last: Measurement | None
    now: Measurement | None
    fields: tuple[BoundField, ...]


def figures_context(report: Report, actor: Actor) -> dict[str, Any]:
    """What the page of a report shows of its figures while it is written; two keys."""
    open_states = (*WRITABLE, ReportState.PRESENTED)
    rows: list[FigureRow] = figures_of(report) if report.state in open_states else []
    return {"figure_rows": rows, "may_enter_figures": bool(rows) and may_write(report, actor)}


def may_write(report: Report, actor: Actor) -> bool:
    return (
        not report.is_consolidated
        and report.state in WRITABLE
        and actor.may("act_for_unit", unit=report.unit)
        and actor.person.has_perm("tasks.write_report", report)
    )


def report_figures(request: HttpRequest, pk: int) -> HttpResponse:
    request = cast(ActingRequest, request)
    report = visible_or_404(request, REPORTS, pk=pk)
    if not may_write(report, request.actor):
        raise refuse(_("Figures are entered by the unit that writes the report."))
    span = span_of(report)
    targets = _one_per_indicator(report)
    told = _told(report, targets)
    missing = [target for target in targets if (target.indicator_id, *span) not in told]
    data = request.POST if request.method == "POST" else None
    form = ReportFiguresForm(data, targets=missing)
    if data is not None and form.is_valid():
        try:
            enter_report_figures(
                report=report,
                figures=form.figures(report.unit, span),
                actor=request.actor,
                at=request.at,
            )
        except NotAllowed as error:
            raise refuse(error) from error
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The figures are kept."))
            return redirect("report", pk)
    context = {
        "form": form,
        "report": report,
        "span": phase_words(*span),
        "lines": [_line(one, told, span, form) for one in targets],
    }
    return render(
        request, "workflows/report_figures.html", context, status=422 if data is not None else 200
    )


def _one_per_indicator(report: Report) -> list[Target]:
    """The targets that the unit's figures of the span count for; of one indicator, the nearest."""
    start, end = span_of(report)
    found: dict[int, Target] = {}
    for target in targets_for(report.plan_id, report.unit_id, unit_tree()):
        if target.start_on <= end and start <= target.end_on:
            held = found.get(target.indicator_id)
            if held is None or target.unit_id == report.unit_id:
                found[target.indicator_id] = target
    return list(found.values())


def _told(report: Report, targets: list[Target]) -> dict[tuple[object, ...], Measurement]:
    """The unit's current figures by indicator and span, the latest last. One query."""
    rows = Measurement.objects.filter(
        indicator__in=[one.indicator_id for one in targets],
        unit=report.unit_id,
        replaced_at__isnull=True,
    )
    return {
        (one.indicator_id, one.covers_from, one.covers_to): one
        for one in rows.order_by("covers_to", "covers_from")
    }


def _line(
    target: Target,
    told: dict[tuple[object, ...], Measurement],
    span: tuple[Any, Any],
    form: ReportFiguresForm,
) -> Line:
    key = (target.indicator_id, *span)
    before = [
        one
        for one in told.values()
        if one.indicator_id == target.indicator_id and one.covers_to < span[1]
    ]
    names = [f"{name}_{target.pk}" for name in ("value", "weight", "source")]
    return Line(
        target=target,
        wanted=bounds_words(target.low, target.high),
        phase=phase_words(target.start_on, target.end_on),
        last=before[-1] if before else None,
        now=told.get(key),
        fields=tuple(form[name] for name in names if name in form.fields),
    )


urlpatterns = [path("reports/<int:pk>/figures/", report_figures, name="report_figures")]
