"""Simulate before issuing: where a plan of one room meets the ladders of the other.

Both rooms only lend what they know: the review of a draft says what would be owed, the
simulation says who would be told. Nothing is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications.access import may_keep_ladders, may_keep_ladders_of, visible_plans
from notifications.findings_of_play import points_of
from notifications.kinds import LadderKind
from notifications.recipients import Circle
from notifications.simulation import Course, Obligation
from notifications.simulation_files import as_csv, as_xlsx
from notifications.simulation_report import OVERLOAD, Play, simulate
from notifications.simulation_sources import obligations_of
from notifications.simulation_view import COURSES, calendar_of, chosen_month, days_of_month
from tasks.models import Plan, Unit
from tasks.queries import working_calendar
from tasks.rules.calendar import local_date
from workflows.actions.issuing import NamedUnit, PlanInput, ReportInput
from workflows.draft_pages import ReviewPage
from workflows.drafting.convert import plan_input
from workflows.views.base import ActingRequest
from workflows.views.draft_access import own_draft

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is played: its name, where it came from, and what it owes."""

    title: str
    back: str
    obligations: list[Obligation]
    plan_id: int | None = None
    since: dt.datetime | None = None


@require_safe
def simulate_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan under review, as if it were issued now. For the unit whose draft it is."""
    request = cast(ActingRequest, request)
    draft = own_draft(request, pk)
    page = ReviewPage(draft, today=request.today)
    plan = plan_input(page.review, draft, page.registry)
    title = plan.number or plan.title or str(draft)
    found = obligations_of_input(plan, at=request.at)
    return _show(request, Subject(title, reverse("draft_preview", args=[pk]), found))


@require_safe
def simulate_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still to come in a running plan. For those who keep its ladders."""
    request = cast(ActingRequest, request)
    plans = visible_plans(request.actor)
    if may_keep_ladders(request.actor):
        plans = Plan.objects.select_related("document", "focal_unit", "issuer")
    plan = get_object_or_404(plans, pk=pk)
    if not may_keep_ladders_of(request.actor, plan):
        raise PermissionDenied(
            _("A plan is played by its focal unit, its supervising leaders and the administrator.")
        )
    subject = Subject(
        str(plan), reverse("plan_ladders", args=[pk]), obligations_of(plan), pk, request.at
    )
    return _show(request, subject)


def _show(request: ActingRequest, subject: Subject) -> HttpResponse:
    course = _course(request)
    play = simulate(
        subject.obligations,
        course=course,
        today=request.today,
        plan_id=subject.plan_id,
        since=subject.since,
        limit=_limit(request),
    )
    if request.GET.get("export") in ("csv", "xlsx"):
        return _export(request, play)
    month = chosen_month(play, request.GET.get("month", ""))
    context: dict[str, Any] = {
        "subject": subject,
        "play": play,
        "course": course.value,
        "courses": COURSES,
        "months": calendar_of(play, today=request.today),
        "month": month,
        "points": list(points_of(play)),
        "days": days_of_month(play, month) if month else [],
    }
    return render(request, "simulation.html", context)


def _course(request: ActingRequest) -> Course:
    chosen = request.GET.get("course", "")
    return next((one for one in Course if one.value == chosen), Course.ON_TIME)


def _limit(request: ActingRequest) -> int:
    asked = request.GET.get("limit", "")
    return max(1, min(int(asked), 1000)) if asked.isdecimal() and len(asked) < 5 else OVERLOAD


def _export(request: ActingRequest, play: Play) -> HttpResponse:
    kind = request.GET["export"]
    content: str | bytes = as_csv(play) if kind == "csv" else as_xlsx(play)
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8" if kind == "csv" else _XLSX,
        headers={"Content-Disposition": f'attachment; filename="mo-phong.{kind}"'},
    )


def obligations_of_input(plan: PlanInput, *, at: dt.datetime) -> list[Obligation]:
    """What issuing the plan at `at` would ask of whom; empty without a focal unit."""
    if plan.focal_unit is None:
        return []
    units = _with_parents(plan)
    acknowledge_by = working_calendar().shift(
        local_date(at), settings.DONDOC_ACKNOWLEDGE_WORKING_DAYS
    )
    return [*_of_items(plan, units, acknowledge_by, at), *_of_reports(plan, units, at)]


def _with_parents(plan: PlanInput) -> dict[int, Unit]:
    named = [one.unit for item in plan.items for one in (*item.leads, *item.coordinating)]
    reporters = [unit for report in plan.reports for unit in report.reporters(())]
    vias = [report.via for report in plan.reports if report.via is not None]
    wanted = {unit.pk for unit in (*named, *reporters, *vias, plan.issuer)}
    assert plan.focal_unit is not None
    return Unit.objects.select_related("parent").in_bulk(wanted | {plan.focal_unit.pk})


def _circle(plan: PlanInput, unit: Unit, reviewer: Unit | None = None) -> Circle:
    assert plan.focal_unit is not None
    return Circle(
        unit=unit,
        focal_unit=plan.focal_unit,
        issuer=plan.issuer,
        supervising_leader_id=plan.supervising_leader.pk if plan.supervising_leader else None,
        reviewer=reviewer,
        unit_above=unit.parent,
    )


def _of_items(
    plan: PlanInput, units: dict[int, Unit], acknowledge_by: dt.date, at: dt.datetime
) -> Iterator[Obligation]:
    for item in plan.items:
        what = f"{item.code} {item.title}".strip()
        asked: Sequence[tuple[LadderKind, Iterable[NamedUnit]]] = (
            (LadderKind.ACKNOWLEDGEMENT, item.leads),
            (LadderKind.COORDINATION, item.coordinating),
        )
        for kind, named in asked:
            for one in named:
                circle = _circle(plan, units[one.unit.pk])
                yield Obligation(kind, what, acknowledge_by, at, circle, is_assignment=True)
        if item.due_on is not None:
            for one in item.leads:
                circle = _circle(plan, units[one.unit.pk])
                yield Obligation(LadderKind.ITEM, what, item.due_on, at, circle)


def _of_reports(plan: PlanInput, units: dict[int, Unit], at: dt.datetime) -> Iterator[Obligation]:
    leads = {one.unit for item in plan.items for one in item.leads}
    for report in plan.reports:
        if report.due_on is None:
            continue
        is_final = report.unit == plan.focal_unit
        reviewer = plan.issuer if is_final else report.via or plan.focal_unit
        kind = LadderKind.CONSOLIDATED if is_final else LadderKind.REPORT
        for unit in report.reporters(sorted(leads, key=lambda unit: unit.pk)):
            circle = _circle(plan, units[unit.pk], reviewer)
            yield Obligation(kind, _report_words(report), report.due_on, at, circle)


def _report_words(report: ReportInput) -> str:
    return _("Report %(year)s") % {"year": report.due_on.year if report.due_on else ""}
