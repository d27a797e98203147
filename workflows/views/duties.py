"""Duties to report: those of a plan, and one with what became of its periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tasks.duties import (
    FAULTS,
    OUTCOMES,
    DutyTable,
    Outcome,
    dates_ahead,
    duty_rows,
    duty_table,
    owed_by_unit,
    with_words,
)
from tasks.models import Plan, Report, ReportingObligation, ReportingPeriod
from tasks.reporting.duty_files import duty_csv, duty_workbook
from tasks.story import story
from workflows.access import visible_plans
from workflows.actions.owed_reports import NOT_HANDED_IN
from workflows.duty_pages import duty_offers, plan_offers
from workflows.views.base import ActingRequest, refuse, visible_or_404

PERIODS_PER_PAGE = 8
UPCOMING_SHOWN = 4
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DUTIES = with_words(ReportingObligation.objects.all())
PLANS = Plan.objects.select_related("document", "issuer", "focal_unit")


@require_safe
def duty_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The duties of a plan: who owes what to whom, when next, and whose report is missing."""
    request = cast(ActingRequest, request)
    plan = visible_or_404(request, PLANS, plan="pk", pk=pk)
    context = {
        "plan": plan,
        "rows": duty_rows(plan, today=request.today),
        "offers": plan_offers(request.actor, plan),
    }
    return render(request, "workflows/duty_list.html", context)


@dataclass(frozen=True, slots=True)
class _Shown:
    """The table of a duty as the address filters it."""

    page: Page[ReportingPeriod]
    table: DutyTable
    outcome: Outcome | None


@require_safe
def duty(request: HttpRequest, pk: int) -> HttpResponse:
    request = cast(ActingRequest, request)
    target = visible_or_404(request, DUTIES, pk=pk)
    shown = _shown(request, target)
    ahead = target.periods.filter(opened_on__isnull=True, due_on__gte=request.today)
    context = {
        "duty": target,
        "plan": target.plan,
        "page": shown.page,
        "table": shown.table,
        "named": shown.table.named(),
        "nobody_asked": _nobody_asked(shown.page),
        "outcome": shown.outcome,
        "outcomes": [(one.value, OUTCOMES[one]) for one in FAULTS],
        "upcoming": list(
            ahead.select_related("feeds__obligation__plan__document")[:UPCOMING_SHOWN]
        ),
        "fed_by": list(with_words(target.fed_by.all())),
        "offers": duty_offers(request.actor, target),
        "story": story(target.events.story()),
    }
    return render(request, "workflows/duty.html", context)


def _shown(request: ActingRequest, duty: ReportingObligation) -> _Shown:
    page = Paginator(_asked(duty), PERIODS_PER_PAGE).get_page(request.GET.get("page"))
    outcome = _outcome(request)
    table = duty_table(list(page), today=request.today).having(outcome)
    return _Shown(page, table, outcome)


def _nobody_asked(periods: Iterable[ReportingPeriod]) -> list[ReportingPeriod]:
    """The periods that were opened when no unit owed a report."""
    empty = ReportingPeriod.objects.filter(pk__in=[one.pk for one in periods], reports=None)
    return list(empty.order_by("due_on"))


def _asked(duty: ReportingObligation) -> Any:
    return duty.periods.filter(opened_on__isnull=False).order_by("-due_on")


def _outcome(request: ActingRequest) -> Outcome | None:
    given = request.GET.get("outcome", "")
    return next((one for one in FAULTS if one.value == given), None)


@require_safe
def duty_file(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The whole table with the filter of the page, oldest period first."""
    request = cast(ActingRequest, request)
    target = visible_or_404(request, DUTIES, pk=pk)
    periods = list(_asked(target).reverse())
    table = duty_table(periods, today=request.today).having(_outcome(request))
    name = slugify(f"bao-cao {target.plan} {target.pk}")
    content = duty_workbook(table) if ending == "xlsx" else duty_csv(table)
    return HttpResponse(
        content,
        content_type=EXCEL if ending == "xlsx" else "text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.{ending}"'},
    )


@require_safe
def report_calendar(request: HttpRequest) -> HttpResponse:
    """When the acting unit reports next, in all its plans: what was asked for, and what will be."""
    request = cast(ActingRequest, request)
    unit, plans = request.actor.unit, visible_plans(request.actor)
    if unit is None:
        raise refuse(_("You hold no post in a unit, so there are no reports to show."))
    owed = Report.objects.filter(unit=unit, plan__in=plans, state__in=NOT_HANDED_IN)
    ahead = dates_ahead(today=request.today).filter(owed_by_unit(unit, today=request.today))
    dates: list[Report | ReportingPeriod] = [
        *owed.select_related("plan__document", "period"),
        *ahead.filter(obligation__plan__in=plans),
    ]
    dates.sort(key=_due_on)
    months = [(first, list(found)) for first, found in groupby(dates, key=_month)]
    return render(request, "workflows/report_calendar.html", {"months": months, "unit": unit})


def _due_on(date: Report | ReportingPeriod) -> dt.date:
    return date.period.due_on if isinstance(date, Report) else date.due_on


def _month(date: Report | ReportingPeriod) -> dt.date:
    return _due_on(date).replace(day=1)


urlpatterns = [
    path("reports/calendar/", report_calendar, name="report_calendar"),
    path("plans/<int:pk>/duties/", duty_list, name="duty_list"),
    path("duties/<int:pk>/", duty, name="duty"),
    path("duties/<int:pk>/table.xlsx", duty_file, {"ending": "xlsx"}, name="duty_xlsx"),
    path("duties/<int:pk>/table.csv", duty_file, {"ending": "csv"}, name="duty_csv"),
]
