"""Reports: the list, one report to read and decide on, and writing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
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
from tasks.reporting.prefill import HANDED_IN, SECTIONS, prefill
from tasks.rules.timeliness import Standing, Timeliness, working_day_before
from workflows.access import Actor, visible_plans
from workflows.actions.reports import present_report, require_writer, save_report
from workflows.errors import ActionRefused, NotAllowed
from workflows.forms.reports import ReportFilter, ReportForm
from workflows.inbox import STEP_OFFERS, Offer, offers_by_seed, open_steps, standings_of
from workflows.views.base import ActingRequest, refuse, visible_or_404

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
    target = visible_or_404(request, about, pk=pk)
    sources = list(target.sources.exclude(state=ReportState.CANCELLED).select_related("unit"))
    standings = standings_of([target, *sources], {}, request.today)
    reminders = _reminders(request, target, sources)
    rows = [ReportRow(one, standings[one.pk], None, reminders.get(one.pk)) for one in sources]
    context = {
        "report": target,
        "standing": standings[target.pk],
        "offers": _offers(request.actor, target),
        "sections": _sections(target),
        "is_written": any(_saved(target).values()),
        "leaders": _leaders(target, request.today),
        "rest_day": _rest_day(standings[target.pk]),
        "way": _way(target),
        "sources": _worst_first(rows),
        "counts": _counts(rows),
        "reminder": reminders.get(target.pk),
        "story": target.events.story(),
    }
    return render(request, "workflows/report.html", context)


def _offers(actor: Actor, report: Report) -> list[Offer]:
    """What the actor can do; an empty report is not offered for presenting."""
    offers = offers_by_seed(actor, report).get(report.pk, [])
    if report.results.strip():
        return offers
    return [offer for offer in offers if offer.name != "report_present"]


def _sections(report: Report) -> list[tuple[str, str]]:
    labels = ReportForm.base_fields
    return [(str(labels[name].label), getattr(report, name)) for name in SECTIONS]


def _leaders(report: Report, today: dt.date) -> list[Person]:
    posts = Membership.objects.current(today).filter(
        unit=report.unit_id, role=MembershipRole.LEADER
    )
    return [post.person for post in posts.select_related("person")]


def _rest_day(how: Standing) -> dt.date | None:
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


def report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    request = cast(ActingRequest, request)
    target = visible_or_404(request, REPORTS, pk=pk)
    try:
        require_writer(request.actor, target)
    except NotAllowed as error:
        raise refuse(error) from error
    if request.method == "POST":
        form = ReportForm(request.POST)
        return _save(request, target, form) if form.is_valid() else _edit(request, target, form)
    if target.state not in WRITABLE:
        messages.info(request, _("The report has left your desk; it cannot be edited now."))
        return redirect("report", pk)
    is_new = target.revision == 0 or "again" in request.GET
    texts = asdict(prefill(target, today=request.today)) if is_new else _saved(target)
    form = ReportForm(initial={**texts, "revision": target.revision})
    return _edit(request, target, form, is_prefilled=is_new)


def _saved(report: Report) -> dict[str, str]:
    return {name: getattr(report, name) for name in SECTIONS}


def _save(request: ActingRequest, target: Report, form: ReportForm) -> HttpResponse:
    """Save, and present when that button was pressed. What was refused comes back as written."""
    about: dict[str, Any] = {"report": target, "actor": request.actor, "at": request.at}
    revision = form.cleaned_data["revision"]
    try:
        save_report(**about, revision=revision, texts=form.texts)
    except NotAllowed as error:
        raise refuse(error) from error
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        target.refresh_from_db(fields=[*SECTIONS, "revision", "state"])
        return _edit(request, target, form, is_overtaken=form.rebase(target))
    if "present" not in request.POST:
        messages.success(request, _("Saved. The report is still with you."))
        return redirect("report_edit", target.pk)
    try:
        present_report(**about)
    except ActionRefused as refusal:
        messages.error(request, _("Saved, but not presented. %(why)s") % {"why": refusal})
        return redirect("report_edit", target.pk)
    messages.success(request, _("Presented. The leader is told."))
    return redirect("report", target.pk)


def _edit(
    request: ActingRequest,
    target: Report,
    form: ReportForm,
    *,
    is_prefilled: bool = False,
    is_overtaken: bool = False,
) -> HttpResponse:
    (how,) = standings_of([target], {}, request.today).values()
    status = 409 if "revision" in form.errors else 422 if form.errors else 200
    context = {
        "report": target,
        "form": form,
        "standing": how,
        "rest_day": _rest_day(how),
        "is_prefilled": is_prefilled,
        "saved": _changes(target, form) if is_overtaken else [],
    }
    return render(request, "workflows/report_edit.html", context, status=status)


def _changes(target: Report, form: ReportForm) -> list[tuple[str, str]]:
    """The sections in which the colleague's saved text is not the one in the form."""
    texts = asdict(form.texts)
    return [
        (heading, text)
        for name, (heading, text) in zip(SECTIONS, _sections(target), strict=True)
        if texts[name].strip() != text.strip()
    ]
