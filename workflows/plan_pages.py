"""What the plan page shows: who may do what with the plan, and three views of one filter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from guardian.core import ObjectPermissionChecker

from tasks.chips import Chip, Tone, standing_chip
from tasks.duties import dates_ahead
from tasks.models import (
    UNREAD,
    Citation,
    Document,
    DraftState,
    Plan,
    PlanDraft,
    PlanState,
    ReportingPeriod,
    Section,
)
from tasks.month_grid import month_grids
from tasks.plan_queries import (
    ItemRow,
    Stage,
    has_open_work,
    item_rows,
    plan_reports,
    report_stages,
)
from tasks.queries import working_calendar
from tasks.rules.calendar import WorkingCalendar
from tasks.rules.timeliness import Timeliness
from tasks.timeline import Bar, Scale, Span, scale_for
from tasks.words import WEEKDAYS
from workflows.access import Actor, visible_plans
from workflows.plan_filter import (
    ROLE_LABELS,
    STATE_LABELS,
    TIMELINESS_LABELS,
    PlanFilter,
    units_named,
)

# How many dates of reports not yet asked for stand on the way; all are in the calendar.
AHEAD_SHOWN = 3


def oversees_plan(actor: Actor, plan: Plan) -> bool:
    """Whether the actor is the issuer's leader or the focal unit's staff, for their acting unit."""
    held = ObjectPermissionChecker(actor.person).get_perms(plan)
    return (actor.unit == plan.issuer and "supervise_plan" in held) or (
        actor.unit == plan.focal_unit and "consolidate_plan" in held
    )


def visible_documents(actor: Actor) -> QuerySet[Document]:
    """Documents of plans the actor may see, and the papers that these cite or that cite these.

    A neighbouring document that is itself a plan has to be a visible one.
    """
    plans = visible_plans(actor)
    neighbours = Q(cited_in__source__plan__in=plans) | Q(citations__target__plan__in=plans)
    return Document.objects.filter(Q(plan__in=plans) | Q(plan__isnull=True) & neighbours).distinct()


@dataclass(frozen=True, slots=True)
class Link:
    """One step of the document chain; without a key the document cannot be opened."""

    relation: str
    words: str
    document_id: int | None


def document_chain(document: Document, actor: Actor) -> dict[str, list[Link]]:
    """What the document cites, and which visible ones cite it. Two queries."""
    readable = visible_documents(actor)
    citing = document.cited_in.filter(source__in=readable).select_related("source")
    cited = list(document.citations.select_related("target"))
    keys = {c.target_id for c in cited}
    opened = set(readable.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    return {
        "cites": [_link(c, c.target, c.target_id in opened) for c in cited],
        "cited_by": [_link(c, c.source, True) for c in citing],
    }


def _link(citation: Citation, document: Document, is_open: bool) -> Link:
    title = f" – {document.title}" if document.number and document.title else ""
    return Link(
        citation.get_relation_display(), f"{document}{title}", document.pk if is_open else None
    )


def plan_rows(plan: Plan, today: dt.date) -> tuple[list[ItemRow], WorkingCalendar]:
    calendar = working_calendar()
    return item_rows(plan, today=today, calendar=calendar), calendar


def plan_page(
    plan: Plan, chosen: PlanFilter, view: str, *, actor: Actor, today: dt.date
) -> dict[str, Any]:
    """Everything the page shows in `view` (list, timeline or calendar)."""
    rows, calendar = plan_rows(plan, today)
    reports = plan_reports(plan)
    shown = [row for row in rows if chosen.matches(row)]
    is_overseer = oversees_plan(actor, plan)
    may_close = is_overseer and plan.state == PlanState.RUNNING
    stages = report_stages(reports, today=today, calendar=calendar)
    ahead = list(dates_ahead(today=today).filter(obligation__plan=plan))
    return {
        "plan": plan,
        "view": view,
        "chosen": chosen,
        "choices": _choices(rows),
        "figures": _figures(rows),
        "stages": stages,
        "ahead": ahead[:AHEAD_SHOWN],
        "next_stage": next((stage for stage in stages if not stage.is_past), None),
        "chain": document_chain(plan.document, actor),
        "shown": shown,
        "total": len(rows),
        "may_follow_up": may_close,
        "may_correct": plan.state == PlanState.RUNNING
        and actor.may("issue_for_unit", unit=plan.issuer),
        "corrections": corrections_of(plan, actor),
        "may_close": may_close and not has_open_work(rows, reports),
        **_VIEWS[view](
            plan,
            shown,
            report_stages(filter(chosen.matches_report, reports), today=today, calendar=calendar),
            today,
            calendar,
            [] if chosen.is_active else ahead,
        ),
    }


def corrections_of(plan: Plan, actor: Actor) -> list[PlanDraft]:
    """The corrections that were applied, and for whoever may issue the plan the unfinished ones."""
    states = [DraftState.APPLIED]
    if actor.may("issue_for_unit", unit=plan.issuer):
        states += [*UNREAD, DraftState.REVIEWING]
    found = plan.corrections.filter(state__in=states).defer("text", "reading", "review")
    return list(found.select_related("uploaded_by").order_by("uploaded_at"))


def _choices(rows: Iterable[ItemRow]) -> Mapping[str, Any]:
    return {
        "units": units_named(rows),
        "roles": ROLE_LABELS.items(),
        "timeliness": TIMELINESS_LABELS.items(),
        "states": STATE_LABELS.items(),
    }


def _figures(rows: list[ItemRow]) -> dict[str, int]:
    how = [row.standing.timeliness for row in rows]
    return {
        "items": sum(row.item.state != "cancelled" for row in rows),
        "done": sum(row.item.state == "completed" for row in rows),
        "overdue": how.count(Timeliness.OVERDUE),
        "soon": how.count(Timeliness.DUE_SOON),
    }


def _list(_plan: Plan, rows: list[ItemRow], *_rest: Any) -> dict[str, Any]:
    def section(row: ItemRow) -> Section | None:
        return row.item.section

    return {"sections": [(part, list(group)) for part, group in groupby(rows, key=section)]}


def _timeline(
    plan: Plan, rows: list[ItemRow], _stages: Any, today: dt.date, *_rest: Any
) -> dict[str, Any]:
    spans = [(row, _span(plan, row, today)) for row in rows]
    scale = scale_for([span for _row, span in spans if span])
    return {
        "scale": scale,
        "today_x": scale.middle(today) if scale else None,
        "bars": [(row, _bar(scale, span), span) for row, span in spans],
    }


def _bar(scale: Scale | None, span: Span | None) -> Bar | None:
    return scale.bar(span) if scale and span else None


def _span(plan: Plan, row: ItemRow, today: dt.date) -> Span | None:
    deadline = row.deadline
    if deadline is None:
        return None
    done = deadline.fulfilled_on
    late_until = done or (today if row.is_overdue else None)
    return Span(
        start_on=row.item.start_on or plan.start_on or plan.document.issued_on or deadline.due_on,
        original_due_on=deadline.original_due_on,
        due_on=deadline.due_on,
        late_until=late_until if late_until and late_until > deadline.due_on else None,
        done_on=done,
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """What the calendar writes on a day: an item, the reports of one date, or a date ahead."""

    url: str
    chip: Chip
    row: ItemRow | None = None
    stage: Stage | None = None
    period: ReportingPeriod | None = None


def _calendar(
    plan: Plan,
    rows: list[ItemRow],
    stages: list[Stage],
    today: dt.date,
    calendar: WorkingCalendar,
    ahead: list[ReportingPeriod],
) -> dict[str, Any]:
    entries: dict[dt.date, list[Entry]] = {}
    for row in rows:
        if row.standing.due_on:
            url = reverse("item", args=[row.item.pk])
            entry = Entry(url, standing_chip(row.standing, today), row=row)
            entries.setdefault(row.standing.due_on, []).append(entry)
    for stage in stages:
        entry = Entry(_stage_url(plan, stage), standing_chip(stage.standing, today), stage=stage)
        entries.setdefault(stage.due_on, []).append(entry)
    for period in ahead:
        url = reverse("duty", args=[period.obligation_id])
        entry = Entry(url, Chip(Tone.NEUTRAL, "", _("not asked for yet")), period=period)
        entries.setdefault(period.due_on, []).append(entry)
    return {
        "months": month_grids(entries, today=today, calendar=calendar),
        "weekdays": WEEKDAYS,
        "undated": [row for row in rows if row.standing.due_on is None],
    }


def _stage_url(plan: Plan, stage: Stage) -> str:
    if len(stage.reports) == 1:
        return reverse("report", args=[stage.reports[0].pk])
    return reverse("plan", args=[plan.pk]) + "#way"


_VIEWS: dict[str, Callable[..., dict[str, Any]]] = {
    "list": _list,
    "timeline": _timeline,
    "calendar": _calendar,
}
VIEWS = tuple(_VIEWS)
