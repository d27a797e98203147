"""Reports: the list, and one report to read and decide on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from guardian.core import ObjectPermissionChecker

from tasks.models import (
    WRITABLE,
    Deadline,
    Membership,
    MembershipRole,
    Person,
    Plan,
    Report,
    ReportState,
)
from tasks.queries import working_calendar
from tasks.reporting.prefill import HANDED_IN
from tasks.rules.timeliness import Standing, Timeliness, working_day_before
from workflows.access import Actor, visible_plans, visible_reports
from workflows.forms.reports import ReportFilter
from workflows.inbox import (
    STEP_OFFERS,
    Offer,
    makes_sense,
    offers_by_seed,
    open_steps,
    standings_of,
)
from workflows.paper_pages import papers_on_report
from workflows.proposal_pages import proposals_on_report
from workflows.report_paper import cited_context
from workflows.report_record import record_context
from workflows.views.base import ActingRequest, visible_report_or_404
from workflows.views.report_figures import figures_context

ROWS_PER_PAGE = 50
OWED = (*WRITABLE, ReportState.PRESENTED)
REPORTS = Report.objects.select_related("unit", "reviewer", "period", "plan__document")
# Before these decisions one reads: the list leads to the report, not to the button.
READ_FIRST: dict[str, str | Promise] = {
    "approve": gettext_lazy("Read and approve"),
    "review": gettext_lazy("Read and accept"),
}
# The way of a report, each place with the states in which it is there.
WAY: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (gettext_lazy("Being written"), WRITABLE),
    (gettext_lazy("Before the leader"), (ReportState.PRESENTED,)),
    (gettext_lazy("Handed in"), (ReportState.SUBMITTED,)),
    (gettext_lazy("Accepted"), (ReportState.ACCEPTED,)),
)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line of a list of reports."""

    report: Report
    standing: Standing
    offer: Offer | None = None
    # The overdue deadline that the reader may follow up.
    reminder: int | None = None
    # A source of another plan is opened to the reader once it is handed in.
    may_open: bool = True

    @property
    def is_handed_in(self) -> bool:
        return self.report.state in HANDED_IN

    @property
    def is_late(self) -> bool:
        return self.standing.timeliness == Timeliness.OVERDUE


def report_list(request: HttpRequest) -> HttpResponse:
    request = cast(ActingRequest, request)
    unit, visible = request.actor.unit, visible_plans(request.actor)
    plans = visible.filter(reports__isnull=False).distinct().select_related("document")
    form = ReportFilter(request.GET, plans=plans)
    reports = _filtered(REPORTS.filter(plan__in=visible), form)
    own = _page(request, _urgent_first(reports.filter(unit=unit), OWED), "own")
    incoming = _page(
        request, _urgent_first(reports.filter(reviewer=unit), (ReportState.SUBMITTED,)), "in"
    )
    rows = _rows(request, [*own, *incoming])
    context = {
        "form": form,
        "is_filtered": bool(form.chosen("plan") or form.chosen("state")),
        "own": own,
        "own_rows": [rows[report.pk] for report in own],
        "incoming": incoming,
        "incoming_rows": [rows[report.pk] for report in incoming],
        "primary": next((pk for pk, row in rows.items() if row.offer), None),
    }
    return render(request, "workflows/report_list.html", context)


def _filtered(reports: QuerySet[Report], form: ReportFilter) -> QuerySet[Report]:
    if state := form.chosen("state"):
        reports = reports.filter(state=state)
    plan = form.key("plan")
    return reports if plan is None else reports.filter(plan=plan)


def _urgent_first(reports: QuerySet[Report], first: Sequence[str]) -> QuerySet[Report]:
    """What waits for us, then what is still on its way, then what is over; earliest date first."""
    rank = Case(
        When(state__in=first, then=Value(0)),
        When(state__in=(*OWED, ReportState.SUBMITTED), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return reports.order_by(rank, "period__due_on", "unit__name")


def _page(request: ActingRequest, reports: QuerySet[Report], name: str) -> Page[Report]:
    return Paginator(reports, ROWS_PER_PAGE).get_page(request.GET.get(name))


def _rows(request: ActingRequest, reports: list[Report]) -> dict[int, ReportRow]:
    seeds = open_steps(request.actor).filter(
        seed_content_type=ContentType.objects.get_for_model(Report),
        seed_object_id__in=[report.pk for report in reports],
    )
    steps = {step.seed_object_id: step.flow_task.name for step in seeds}
    standings = standings_of(reports, {}, request.today)
    return {
        report.pk: ReportRow(report, standings[report.pk], _first_offer(report, steps))
        for report in reports
    }


def _first_offer(report: Report, steps: dict[int, str]) -> Offer | None:
    step = steps.get(report.pk)
    if step is None:
        return None
    name, label = STEP_OFFERS[step][0]
    if step in READ_FIRST:
        return Offer("report", READ_FIRST[step], report.pk, is_primary=True)
    return Offer(name, label, report.pk, is_primary=True)


def report(request: HttpRequest, pk: int) -> HttpResponse:
    request = cast(ActingRequest, request)
    about = REPORTS.select_related("plan__issuer", "plan__focal_unit", "approved_by")
    target = visible_report_or_404(request, about, pk=pk)
    sources = list(target.sources.exclude(state=ReportState.CANCELLED).select_related("unit"))
    open_to = set(
        visible_reports(request.actor).filter(used_in=target).values_list("pk", flat=True)
    )
    standings = standings_of([target, *sources], {}, request.today)
    reminders = _reminders(request, target, sources)
    rows = [
        ReportRow(one, standings[one.pk], None, reminders.get(one.pk), one.pk in open_to)
        for one in sources
    ]
    context = {
        **record_context(request.actor, target),
        **cited_context(target, request.actor, today=request.today),
        "report": target,
        "standing": standings[target.pk],
        "offers": _offers(request.actor, target),
        "leaders": _leaders(target, request.today),
        "rest_day": rest_day(standings[target.pk]),
        "way": _way(target),
        "sources": _worst_first(rows),
        "counts": _counts(rows),
        "reminder": reminders.get(target.pk),
        "story": target.events.story(),
        **papers_on_report(target, request.actor),
        **proposals_on_report(target, request.actor, today=request.today),
        **figures_context(target, request.actor),
    }
    return render(request, "workflows/report.html", context)


def _offers(actor: Actor, report: Report) -> list[Offer]:
    """What the actor can do and has reason to."""
    offers = offers_by_seed(actor, report).get(report.pk, [])
    return [offer for offer in offers if makes_sense(offer, report)]


def _leaders(report: Report, today: dt.date) -> list[Person]:
    posts = Membership.objects.current(today).filter(
        unit=report.unit_id, role=MembershipRole.LEADER
    )
    return [post.person for post in posts.select_related("person")]


def rest_day(how: Standing) -> dt.date | None:
    return working_day_before(how, working_calendar())


def _way(report: Report) -> list[tuple[str | Promise, bool, bool]]:
    """Each place on the way: its name, whether it is passed, whether the report is there."""
    here = next((n for n, (_name, states) in enumerate(WAY) if report.state in states), None)
    if here is None:
        return []
    over = report.state == ReportState.ACCEPTED
    return [(name, n < here or over, n == here and not over) for n, (name, _s) in enumerate(WAY)]


def _worst_first(rows: list[ReportRow]) -> list[ReportRow]:
    return sorted(rows, key=lambda row: (row.is_handed_in, -row.standing.days_late))


def _counts(rows: list[ReportRow]) -> dict[str, int]:
    ready = sum(row.is_handed_in for row in rows)
    late = sum(row.is_late for row in rows)
    return {
        "all": len(rows),
        "ready": ready,
        "accepted": sum(row.report.state == ReportState.ACCEPTED for row in rows),
        "to_accept": sum(row.report.state == ReportState.SUBMITTED for row in rows),
        "late": late,
        "to_come": len(rows) - ready - late,
    }


def _reminders(request: ActingRequest, target: Report, sources: list[Report]) -> dict[int, int]:
    """By report: the overdue deadline that the actor may follow up."""
    if not _oversees(request.actor, target.plan):
        return {}
    late = Deadline.objects.overdue(request.today).filter(report__in=[target, *sources])
    return {report: pk for report, pk in late.values_list("report", "pk") if report}


def _oversees(actor: Actor, plan: Plan) -> bool:
    rights = ObjectPermissionChecker(actor.person).get_perms(plan)
    unit = actor.unit.pk if actor.unit else None
    return (unit == plan.issuer_id and "supervise_plan" in rights) or (
        unit == plan.focal_unit_id and "consolidate_plan" in rights
    )
