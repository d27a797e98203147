"""Oversight: how everything stands, what is late, and directing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks.bars import Share, share_segments
from tasks.chips import Tone
from tasks.models import Deadline, Membership, MembershipRole, Person, Unit
from tasks.overview import (
    CLASSES,
    LateRow,
    Scope,
    UnitOverview,
    about_deadlines,
    class_totals,
    late_rows,
    lateness_by_week,
    open_extensions,
    open_obstacles,
    overdue_by_kind,
    overdue_deadlines,
    part_rows,
    parts_in_class,
    units_by_lateness,
)
from tasks.punctuality import punctuality
from tasks.queries import working_calendar
from tasks.reporting.overdue import overdue_csv
from tasks.reporting.trend import trend
from workflows.access import overseen_plans
from workflows.actions.supervision import follow_up, take_notice
from workflows.errors import ActionRefused
from workflows.forms.reports import BulkForm, OversightFilter
from workflows.views.base import ActingRequest, refuse, safe_next

ROWS_PER_PAGE = 20
WAITING_SHOWN = 30


@dataclass(frozen=True, slots=True)
class View:
    """What the person looks at: the overseen plans, the filter, and the scope it leaves."""

    plans: list[Any]
    form: OversightFilter
    scope: Scope

    def query(self, *names: str) -> str:
        """These fields of the filter as they stand in an address."""
        chosen = {name: self.form.chosen(name) for name in names}
        return urlencode({name: value for name, value in chosen.items() if value})


def supervise(request: HttpRequest) -> HttpResponse:
    request = cast(ActingRequest, request)
    plans = list(overseen_plans(request.actor))
    if not plans:
        raise refuse(
            _("This page is for leaders of the issuing unit and for staff of the focal unit.")
        )
    if request.method == "POST":
        return _direct(request, plans)
    view = _view(request, plans)
    if request.GET.get("export") == "csv":
        return _export(view)
    return render(request, "workflows/supervise.html", _context(request, view))


def _view(request: ActingRequest, plans: list[Any]) -> View:
    keys = [plan.pk for plan in plans]
    units = Unit.objects.filter(
        pk__in=Deadline.objects.filter(plan__in=keys).values("unit")
    ).order_by("short_name")
    form = OversightFilter(request.GET, plans=plans, units=units)
    plan = form.key("plan")
    scope = Scope(
        plans=keys if plan is None else [plan],
        today=request.today,
        calendar=working_calendar(),
        unit=form.key("unit"),
        kind=form.chosen("kind"),
    )
    return View(plans, form, scope)


def _context(request: ActingRequest, view: View) -> dict[str, Any]:
    scope = view.scope
    units = units_by_lateness(scope)
    chosen = request.GET.get("show", "")
    page = Paginator(overdue_deadlines(scope), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return {
        "form": view.form,
        "query": view.query("plan", "unit", "kind"),
        "plain_query": view.query("plan", "unit"),
        "unit": scope.unit,
        "kind": scope.kind,
        "kinds": _kinds(scope),
        "plan": next((plan for plan in view.plans if [plan.pk] == scope.plans), None),
        "units": [(row, share_segments(_shares(row))) for row in units],
        "totals": class_totals(units),
        "punctuality": punctuality(scope),
        "page": page,
        "rows": late_rows(page, scope),
        "trend": trend(lateness_by_week(scope)),
        "may_decide": {plan.pk for plan in view.plans if plan.may_decide},
        "may_answer": {plan.pk for plan in view.plans if plan.may_answer},
        "extensions": open_extensions(scope)[:WAITING_SHOWN],
        "obstacles": open_obstacles(scope)[:WAITING_SHOWN],
        "shown": _drilled(request, scope, chosen) if chosen in CLASSES else None,
        "chosen": chosen,
    }


def _kinds(scope: Scope) -> list[tuple[str, str, int]]:
    """Each kind of what is late: its name in the address, its words, how many."""
    labels = {"": _("Everything"), **{name: str(label) for name, label in OversightFilter.KINDS}}
    return [(name, labels[name], number) for name, number in overdue_by_kind(scope).items()]


def _shares(row: UnitOverview) -> list[Share]:
    """The bar of a unit, worst first."""
    return [
        Share(Tone.LATE, _("overdue"), row.overdue),
        Share(Tone.NEUTRAL, _("within the term"), row.in_term),
        Share(Tone.DONE, _("done"), row.done),
        Share(Tone.OFF, _("other"), row.other),
    ]


def _drilled(request: ActingRequest, scope: Scope, name: str) -> dict[str, Any]:
    """The lead parts behind one of the figures."""
    page = Paginator(parts_in_class(scope, name), ROWS_PER_PAGE).get_page(request.GET.get("part"))
    return {"page": page, "rows": part_rows(page, scope)}


def _export(view: View) -> HttpResponse:
    rows = late_rows(overdue_deadlines(view.scope), view.scope)
    name = f"qua-han-{view.scope.today:%Y-%m-%d}.csv"
    return HttpResponse(
        overdue_csv(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _direct(request: ActingRequest, plans: list[Any]) -> HttpResponse:
    """First show what would be done to whom; do it when that page was confirmed."""
    view = _view(request, plans)
    back = safe_next(request, reverse("supervise"))
    keys = [key for key in request.POST.getlist("deadline") if key.isdigit()]
    chosen = Deadline.objects.filter(pk__in=keys, plan__in=[plan.pk for plan in plans])
    rows = late_rows(about_deadlines(chosen.order_by("due_on", "pk")), view.scope)
    if not rows:
        messages.warning(request, _("Choose at least one line first."))
        return redirect(back)
    form = BulkForm(request.POST)
    if "confirmed" in request.POST and form.is_valid():
        _carry_out(request, form, rows)
        return redirect(back)
    return _confirm(request, form, rows, back)


def _confirm(
    request: ActingRequest, form: BulkForm, rows: list[LateRow], back: str
) -> HttpResponse:
    context = {
        "form": form,
        "is_notice": request.POST.get("act") == "take_notice",
        "groups": _groups(request, rows),
        "number": len(rows),
        "back": back,
    }
    status = 422 if form.errors else 200
    return render(request, "workflows/supervise_confirm.html", context, status=status)


@dataclass(slots=True)
class Group:
    """The chosen lines of one unit, and who there is told."""

    unit: Unit
    rows: list[LateRow]
    people: list[Person]


def _groups(request: ActingRequest, rows: list[LateRow]) -> list[Group]:
    found: dict[int, Group] = {}
    for row in rows:
        unit = row.deadline.unit
        found.setdefault(unit.pk, Group(unit, [], [])).rows.append(row)
    told = (MembershipRole.OFFICER, MembershipRole.LEADER)
    posts = Membership.objects.current(request.today).filter(unit__in=found, role__in=told)
    for post in posts.select_related("person").order_by("-role", "person__full_name"):
        people = found[post.unit_id].people
        if post.person not in people:
            people.append(post.person)
    return list(found.values())


def _carry_out(request: ActingRequest, form: BulkForm, rows: list[LateRow]) -> None:
    """Each line in its own transaction: one refusal does not undo the others."""
    is_notice = form.cleaned_data["act"] == "take_notice"
    words = {} if is_notice else {"words": form.cleaned_data["words"]}
    act: Callable[..., Any] = take_notice if is_notice else follow_up
    done = 0
    for row in rows:
        try:
            act(deadline=row.deadline, actor=request.actor, at=request.at, **words)
            done += 1
        except ActionRefused as refusal:
            messages.error(
                request,
                _("%(unit)s, %(what)s: %(why)s")
                % {"unit": row.deadline.unit, "what": row.subject, "why": refusal},
            )
    if done:
        messages.success(request, _done_words(done, is_notice=is_notice))


def _done_words(done: int, *, is_notice: bool) -> str:
    text = (
        ngettext("Noted: %(count)s delay.", "Noted: %(count)s delays.", done)
        if is_notice
        else ngettext(
            "%(count)s official reminder is on its way, and on the record.",
            "%(count)s official reminders are on their way, and on the record.",
            done,
        )
    )
    return text % {"count": done}
