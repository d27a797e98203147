"""Proposals: the register, and one proposal with what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasks.models import Deadline, Proposal, ProposalState
from tasks.proposals import owed_by, rows_of, shown_to, urgent_first, with_clock
from tasks.queries import working_calendar
from tasks.reporting.proposal_workbook import proposals_workbook
from tasks.story import story
from workflows.access import visible_plans
from workflows.actions.supervision import require_overseer
from workflows.errors import NotAllowed
from workflows.forms.proposals import ProposalFilter
from workflows.proposal_pages import offers_on
from workflows.views.base import ActingRequest, refuse, visible_or_404

ROWS_PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABS: tuple[tuple[str, str | Promise], ...] = (
    ("mine", _("Ours to answer")),
    ("ours", _("Proposed by us")),
    ("all", _("All in our plans")),
)


@dataclass(frozen=True, slots=True)
class Register:
    """What the acting unit sees of the proposals of its plans, tab by tab."""

    proposals: QuerySet[Proposal]
    tabs: dict[str, Q]
    form: ProposalFilter

    @property
    def tab(self) -> str:
        return self.form.chosen("tab") or TABS[0][0]

    def shown(self) -> QuerySet[Proposal]:
        found = self.proposals.filter(self.tabs[self.tab])
        if state := self.form.chosen("state"):
            found = found.filter(state=state)
        plan = self.form.key("plan")
        if plan is not None:
            found = found.filter(plan=plan)
        return urgent_first(with_clock(found))

    def counts(self) -> dict[str, int]:
        """How many there are under each tab, whatever else is chosen. One query."""
        return self.proposals.aggregate(
            **{name: Count("pk", filter=chosen) for name, chosen in self.tabs.items()}
        )


def _register(request: ActingRequest) -> Register:
    unit, plans = request.actor.unit, visible_plans(request.actor)
    if unit is None:
        raise refuse(_("You hold no post in a unit, so there are no proposals to show."))
    seen = Proposal.objects.filter(shown_to(unit), plan__in=plans)
    asked = owed_by(unit) & ~Q(state=ProposalState.WRITTEN)
    tabs = {"mine": asked, "ours": Q(unit=unit), "all": Q()}
    named = plans.filter(proposals__isnull=False).distinct().select_related("document")
    return Register(seen, tabs, ProposalFilter(request.GET, plans=named, tabs=TABS))


def proposal_list(request: HttpRequest) -> HttpResponse:
    request = cast(ActingRequest, request)
    register = _register(request)
    page = Paginator(register.shown(), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    counts = register.counts()
    query = request.GET.copy()
    query.pop("page", None)
    context: dict[str, Any] = {
        "form": register.form,
        "tabs": [(name, label, counts[name]) for name, label in TABS],
        "tab": register.tab,
        "is_filtered": bool(register.form.chosen("plan") or register.form.chosen("state")),
        "page": page,
        "rows": rows_of(page, today=request.today, calendar=working_calendar()),
        "query": query.urlencode(),
    }
    return render(request, "workflows/proposal_list.html", context)


def proposal_export(request: HttpRequest) -> HttpResponse:
    """The register as it is filtered, as a workbook."""
    request = cast(ActingRequest, request)
    rows = rows_of(_register(request).shown(), today=request.today, calendar=working_calendar())
    return HttpResponse(
        proposals_workbook(rows),
        content_type=XLSX,
        headers={"Content-Disposition": 'attachment; filename="de-xuat-kien-nghi.xlsx"'},
    )


def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    request = cast(ActingRequest, request)
    shown = Proposal.objects.filter(shown_to(request.actor.unit))
    about = with_clock(shown).select_related("plan__issuer", "raised_by")
    target = visible_or_404(request, about, pk=pk)
    (row,) = rows_of([target], today=request.today, calendar=working_calendar())
    late = Deadline.objects.overdue(request.today).filter(proposal=target).first()
    context = {
        "row": row,
        "proposal": target,
        "offers": offers_on(request.actor, target),
        "reminder": late.pk if late and _oversees(request, target) else None,
        "story": story(target.events.story().select_related("plan")),
    }
    return render(request, "workflows/proposal.html", context)


def _oversees(request: ActingRequest, target: Proposal) -> bool:
    try:
        require_overseer(request.actor, target.plan)
    except NotAllowed:
        return False
    return True


urlpatterns = [
    path("proposals/", proposal_list, name="proposal_list"),
    path("proposals/export.xlsx", proposal_export, name="proposal_export"),
    path("proposals/<int:pk>/", proposal, name="proposal"),
]
