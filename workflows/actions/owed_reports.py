"""Who owes a report: set when a plan is issued, handed over when a lead is replaced."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from tasks.models import (
    DeadlineKind,
    Participation,
    ParticipationState,
    Person,
    Plan,
    Report,
    Reporters,
    ReportingPeriod,
    ReportState,
    Role,
    Unit,
)
from tasks.plan_queries import HANDED_IN
from tasks.reporting.outline import begin_sections
from workflows.access import Actor, grant_report
from workflows.actions.base import locked_report, process_of
from workflows.actions.deadlines import abandon, open_deadline
from workflows.actions.proposals import drop_proposals_of
from workflows.flows import ReportFlow

NOT_LEADING = (ParticipationState.REPLACED, ParticipationState.CANCELLED)
NOT_HANDED_IN = (
    ReportState.EXPECTED,
    ReportState.DRAFTED,
    ReportState.PRESENTED,
    ReportState.RETURNED,
)


def expect_report(
    period: ReportingPeriod, unit: Unit, *, by: Person | None, at: dt.datetime
) -> Report:
    """Ask `unit` for its report; the focal unit's consolidates, and is judged by the issuer.

    `by` is who asked; nobody for what recurs.
    """
    plan = period.obligation.plan
    is_final = period.obligation.unit_id == plan.focal_unit_id
    report = Report.objects.create(
        period=period,
        plan=plan,
        unit=unit,
        reviewer=plan.issuer if is_final else (period.obligation.via or plan.focal_unit),
        is_consolidated=is_final,
    )
    begin_sections(report)
    grant_report(report)
    open_deadline(
        DeadlineKind.CONSOLIDATED if is_final else DeadlineKind.REPORT,
        due_on=period.due_on,
        plan=plan,
        by=by,
        at=at,
        report=report,
    )
    ReportFlow.start.run(report=report)
    return report


def hand_over_reports(
    part: Participation, heir: Participation, *, actor: Actor, at: dt.datetime
) -> None:
    """The heir of a lead reports in its place; a unit that leads nothing more owes nothing more.

    What was already handed in stays. A coordinating part owes no report.
    """
    if part.role == Role.LEAD:
        release_reports(part.item.plan, part.unit, at=at)
        owe_reports(part.item.plan, heir.unit, actor=actor, at=at)


def owe_reports(plan: Plan, unit: Unit, *, actor: Actor, at: dt.datetime) -> None:
    """A unit that leads something in the plan owes what every lead unit reports."""
    for period in _periods_of_leads(plan):
        if not period.reports.filter(unit=unit).exists():
            expect_report(period, unit, by=actor.person, at=at)
            draw_on(period)


def draw_on(period: ReportingPeriod) -> None:
    """Make the period's reports sources of the report that consolidates them, and its own drawn."""
    if period.feeds is not None:
        _draw(period.feeds, Report.objects.filter(period=period))
    _draw(period, Report.objects.filter(period__feeds=period))


def _draw(period: ReportingPeriod, sources: QuerySet[Report]) -> None:
    drawn = list(sources.exclude(state=ReportState.CANCELLED))
    for final in period.reports.filter(is_consolidated=True).exclude(state__in=HANDED_IN):
        final.sources.add(*drawn)


def release_reports(plan: Plan, unit: Unit, *, at: dt.datetime) -> None:
    """A unit that leads nothing more in the plan owes nothing more; what it handed in stays."""
    leads_more = (
        Participation.objects.filter(item__plan=plan, unit=unit, role=Role.LEAD)
        .exclude(state__in=NOT_LEADING)
        .exists()
    )
    if leads_more:
        return
    for period in _periods_of_leads(plan):
        owed = period.reports.filter(unit=unit, state__in=NOT_HANDED_IN).first()
        if owed is not None:
            call_off_report(owed, at)


def _periods_of_leads(plan: Plan) -> QuerySet[ReportingPeriod]:
    """Those whose reports were asked for; the others ask on their day."""
    return ReportingPeriod.objects.filter(
        obligation__plan=plan, obligation__reporters=Reporters.LEADS, opened_on__isnull=False
    ).select_related("obligation__plan__issuer", "obligation__plan__focal_unit", "obligation__via")


def call_off_report(report: Report, at: dt.datetime) -> None:
    """Nothing more is expected of the report; its words stay readable."""
    with locked_report(report) as fresh:
        fresh.call_off()
        fresh.save()
        abandon(fresh.deadlines.all(), at=at)
        drop_proposals_of(fresh)
        process = process_of(fresh)
        process.flow_class.instance.cancel(process)
        for final in fresh.used_in.all():
            final.sources.remove(fresh)
