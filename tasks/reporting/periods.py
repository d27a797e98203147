"""The occasions of a reporting duty: when they fall due, what they are called, what they cover."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from tasks.models import ReportingObligation, Window
from tasks.reporting.prefill import PLAN_LANGUAGE
from tasks.rules.roman import roman
from tasks.rules.schedules import Cycle, Period, Schedule, period_due

CYCLES = frozenset(Cycle)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One date of a duty: its name, and the days that its figures cover, where it says so."""

    due_on: dt.date
    label: str
    data_from: dt.date | None
    data_to: dt.date | None


def occasions(obligation: ReportingObligation, first: dt.date, last: dt.date) -> list[Occasion]:
    """Return the recurring occasions of a duty due from `first` to `last`; none of a single one.

    Nothing falls due after the duty or its plan has ended.
    """
    if obligation.recurrence not in CYCLES or not obligation.rule:
        return []
    ends = filter(None, (last, obligation.ends_on, obligation.plan.end_on))
    days = Schedule.parse(obligation.rule).between(first, min(ends))
    return [occasion(obligation, day) for day in days]


def occasion(obligation: ReportingObligation, due_on: dt.date) -> Occasion:
    """Return what the report due on this day is called and covers, in the plan's language."""
    plan = obligation.plan
    if obligation.recurrence not in CYCLES:
        return Occasion(due_on, str(due_on.year), plan.start_on, plan.end_on)
    period = period_due(Cycle(obligation.recurrence), due_on)
    match Window(obligation.window):
        case Window.DECREE:
            first, last = period.closed_on_the_fourteenth()
        case Window.CALENDAR:
            first, last = period.first, period.last
        case Window.PLAN:
            first, last = min(plan.start_on or period.first, period.first), period.last
    return Occasion(due_on, period_label(period), first, last)


def period_label(period: Period) -> str:
    """Return the name of a period as reports write it: "Quý II/2026", "6 tháng đầu năm 2026"."""
    is_quarter = period.cycle is Cycle.QUARTER
    number = roman(period.number) if is_quarter else period.number
    named = {"number": number, "year": period.year}
    with translation.override(PLAN_LANGUAGE):
        match period.cycle:
            case Cycle.WEEK:
                return _("Week %(number)s/%(year)s") % named
            case Cycle.MONTH:
                return _("Month %(number)s/%(year)s") % named
            case Cycle.QUARTER:
                return _("Quarter %(number)s/%(year)s") % named
            case Cycle.HALF:
                return _("First half of %(year)s") % named
            case Cycle.YEAR:
                return _("Year %(year)s") % named
