"""The occasions of reporting duties: laid out ahead of time, asked for on their day.

Recurrence and dependency: a period is linked to the one whose report is consolidated from it, and
that one is asked for no later. Each step may run twice, late, or on two machines at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from tasks.models import (
    Event,
    Participation,
    Person,
    PlanState,
    Report,
    Reporters,
    ReportingObligation,
    ReportingPeriod,
    Role,
    Unit,
    Verb,
)
from tasks.reporting.periods import CYCLES, Occasion, occasion, occasions
from tasks.rules.calendar import local_date
from workflows.access import grant_plan
from workflows.actions.owed_reports import NOT_LEADING, draw_on, expect_report

# How far ahead the dates of a duty lie in the calendar: a year and a month.
AHEAD = dt.timedelta(days=397)


@dataclass(frozen=True, slots=True)
class Kept:
    """What one run did."""

    laid_out: int = 0
    opened: int = 0
    asked: int = 0

    def __add__(self, other: Kept) -> Kept:
        return Kept(
            self.laid_out + other.laid_out, self.opened + other.opened, self.asked + other.asked
        )


def keep_periods(*, at: dt.datetime) -> Kept:
    """Lay out and ask for everything whose day has come by the local date of `at`."""
    today = local_date(at)
    kept = Kept()
    for pk in list(_running_short(today).values_list("pk", flat=True)):
        kept += Kept(laid_out=lay_out(pk, today=today))
    for pk in _to_open(today):
        kept += open_period(pk, at=at)
    return kept


def _running_short(today: dt.date) -> QuerySet[ReportingObligation]:
    """Recurring duties of running plans whose dates do not reach far enough ahead."""
    reach = Max("periods__due_on")
    running = ReportingObligation.objects.filter(
        plan__state=PlanState.RUNNING, recurrence__in=CYCLES
    ).exclude(rule="")
    not_ended = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    return running.filter(not_ended).alias(reach=reach).filter(reach__lt=today + AHEAD / 2)


@transaction.atomic
def begin_periods(obligation: int, due_on: dt.date, *, today: dt.date) -> int:
    """Write the first date of a new duty and those that follow. Returns the key of the first."""
    new = ReportingObligation.objects.select_related("plan").get(pk=obligation)
    (first,) = _periods(new, [occasion(new, due_on)])
    first.save()
    lay_out(obligation, today=today)
    return first.pk


@transaction.atomic
def lay_out(obligation: int, *, today: dt.date) -> int:
    """Write the dates of a duty that are still missing up to the horizon. Returns how many."""
    locked = ReportingObligation.objects.select_for_update().get(pk=obligation)
    last = locked.periods.aggregate(last=Max("due_on"))["last"]
    first = max(last + dt.timedelta(days=1), today) if last else today
    found = occasions(locked, first, today + AHEAD)
    ReportingPeriod.objects.bulk_create(_periods(locked, found), ignore_conflicts=True)
    link_periods([locked, *locked.fed_by.all()])
    return len(found)


def _periods(obligation: ReportingObligation, found: Iterable[Occasion]) -> list[ReportingPeriod]:
    return [
        ReportingPeriod(
            obligation=obligation,
            label=one.label,
            data_from=one.data_from,
            data_to=one.data_to,
            due_on=one.due_on,
        )
        for one in found
    ]


def link_periods(obligations: Iterable[ReportingObligation]) -> None:
    """Link each period to the one that consolidates it: the next that is due on or after it."""
    for obligation in obligations:
        if obligation.feeds is None:
            continue
        above = list(obligation.feeds.periods.order_by("due_on"))
        for period in obligation.periods.filter(feeds__isnull=True):
            heir = next((one for one in above if one.due_on >= period.due_on), None)
            if heir is not None:
                period.feeds = heir
                period.save(update_fields=("feeds",))
                draw_on(period)


def _to_open(today: dt.date) -> list[int]:
    """Periods whose day has come: near enough, and the one before them is over."""
    earlier = ReportingPeriod.objects.filter(
        obligation=OuterRef("obligation"), due_on__lt=OuterRef("due_on"), due_on__gt=today
    )
    near = ReportingPeriod.objects.filter(
        ~Exists(earlier),
        opened_on__isnull=True,
        due_on__lte=today + dt.timedelta(days=settings.DONDOC_REPORT_OPENS_DAYS),
        obligation__plan__state=PlanState.RUNNING,
    )
    return list(near.order_by("due_on", "pk").values_list("pk", flat=True))


@transaction.atomic
def open_period(
    pk: int, *, at: dt.datetime, by: Person | None = None, units: Sequence[Unit] | None = None
) -> Kept:
    """Ask everybody who owes a report of this period today; once, whoever else tries.

    The period that consolidates it is asked for as well, so that its unit sees what it waits for.
    With `units`, these are asked, by the one who issues the plan: the issue itself tells them.
    """
    period = (
        ReportingPeriod.objects.select_for_update(of=("self",))
        .select_related("obligation__plan__issuer", "obligation__plan__focal_unit")
        .get(pk=pk)
    )
    if period.opened_on is not None:
        return Kept()
    period.opened_on = local_date(at)
    period.save(update_fields=("opened_on",))
    asked = reporters_on(period.obligation, local_date(at)) if units is None else units
    # Whoever reports without a part in the plan has to see it.
    grant_plan(period.obligation.plan, asked)
    reports = [expect_report(period, unit, by=by, at=at) for unit in asked]
    if units is None:
        _tell(reports, by, at)
    draw_on(period)
    kept = Kept(opened=1, asked=len(reports))
    if period.feeds is not None and period.feeds.obligation.plan_id == period.obligation.plan_id:
        kept += open_period(period.feeds.pk, at=at, by=by)
    return kept


def _tell(reports: Iterable[Report], by: Person | None, at: dt.datetime) -> None:
    Event.objects.bulk_create(
        Event(verb=Verb.REPORT_ASKED, actor=by, plan=report.plan, report=report, at=at)
        for report in reports
    )


def reporters_on(obligation: ReportingObligation, day: dt.date) -> list[Unit]:
    """The units that owe a report of the duty, as things stand on the local date `day`."""
    match Reporters(obligation.reporters):
        case Reporters.UNIT:
            assert obligation.unit is not None  # a constraint of the table
            return [obligation.unit]
        case Reporters.GROUP:
            assert obligation.group is not None  # a constraint of the table
            return list(obligation.group.members_on(day).order_by("name"))
        case Reporters.CHOSEN:
            return list(obligation.units.order_by("name"))
        case Reporters.LEADS:
            leads = Participation.objects.filter(item__plan=obligation.plan_id, role=Role.LEAD)
            at_work = leads.exclude(state__in=NOT_LEADING).values("unit")
            return list(Unit.objects.filter(pk__in=at_work).order_by("name"))
