"""Duties to report as pages show them: who owes, when next, and what became of each period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from tasks.chips import Chip, Tone
from tasks.models import (
    Participation,
    Plan,
    PlanState,
    Report,
    Reporters,
    ReportingObligation,
    ReportingPeriod,
    ReportState,
    Role,
    Unit,
    UnitGroupMember,
    Verb,
)
from tasks.plan_queries import HANDED_IN, OVER
from tasks.rules.calendar import local_date


class Outcome(StrEnum):
    """What became of one unit's report of one period."""

    ON_TIME = "on_time"
    LATE = "late"
    RETURNED = "returned"
    MISSING = "missing"
    TO_COME = "to_come"
    CALLED_OFF = "called_off"


OUTCOMES: dict[Outcome, str | Promise] = {
    Outcome.ON_TIME: gettext_lazy("on time"),
    Outcome.LATE: gettext_lazy("handed in late"),
    Outcome.RETURNED: gettext_lazy("returned"),
    Outcome.MISSING: gettext_lazy("missing"),
    Outcome.TO_COME: gettext_lazy("not due yet"),
    Outcome.CALLED_OFF: gettext_lazy("called off"),
}
_CHIPS = {
    Outcome.ON_TIME: (Tone.DONE, "tick"),
    Outcome.LATE: (Tone.DONE, "tick"),
    Outcome.RETURNED: (Tone.NEUTRAL, "back"),
    Outcome.MISSING: (Tone.LATE, "alert"),
    Outcome.TO_COME: (Tone.NEUTRAL, ""),
    Outcome.CALLED_OFF: (Tone.OFF, ""),
}
# What somebody looks for who asks whom to urge.
FAULTS = (Outcome.MISSING, Outcome.LATE, Outcome.RETURNED)


@dataclass(frozen=True, slots=True)
class Cell:
    """One report in the table; `days_late` counts calendar days, `returns` how often it came back.

    A report that lies with its unit after it was returned counts as returned until its date.
    """

    report: Report
    outcome: Outcome
    days_late: int = 0
    returns: int = 0

    @property
    def words(self) -> str:
        """Return the outcome in words: "handed in late 3 days, returned once"."""
        words = str(OUTCOMES[self.outcome])
        if self.days_late:
            days = ngettext("%(days)s day", "%(days)s days", self.days_late)
            words = f"{words} {days % {'days': self.days_late}}"
        if not self.returns or self.outcome is Outcome.RETURNED:
            return words
        times = ngettext("returned once", "returned %(times)s times", self.returns)
        return f"{words}, {times % {'times': self.returns}}"

    @property
    def chip(self) -> Chip:
        tone, icon = _CHIPS[self.outcome]
        return Chip(tone, icon, self.words)

    def shows(self, wanted: Outcome) -> bool:
        """Whether the cell is what is looked for; a report once returned stays one of these."""
        return self.outcome is wanted or (wanted is Outcome.RETURNED and self.returns > 0)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit with its report of each period; None where it was not asked."""

    unit: Unit
    cells: list[Cell | None]
    is_dissolved: bool


@dataclass(frozen=True, slots=True)
class DutyTable:
    """Unit by period, the periods in the order they were given in."""

    periods: list[ReportingPeriod]
    rows: list[UnitRow]

    def having(self, wanted: Outcome | None) -> DutyTable:
        """The rows that show the outcome somewhere; all of them without one."""
        if wanted is None:
            return self
        rows = [row for row in self.rows if any(cell and cell.shows(wanted) for cell in row.cells)]
        return DutyTable(self.periods, rows)

    def named(self) -> list[tuple[ReportingPeriod, list[tuple[str | Promise, list[Cell]]]]]:
        """Of each period, whose report is missing, late or was returned; clean periods are left
        out.
        """
        found = []
        for number, period in enumerate(self.periods):
            column = [cell for row in self.rows if (cell := row.cells[number])]
            faults = [
                (OUTCOMES[fault], cells)
                for fault in FAULTS
                if (cells := [cell for cell in column if cell.shows(fault)])
            ]
            if faults:
                found.append((period, faults))
        return found


def duty_table(periods: Sequence[ReportingPeriod], *, today: dt.date) -> DutyTable:
    """What became of the reports of the periods by the local date `today`. One query."""
    returned = Count("events", filter=Q(events__verb=Verb.REPORT_RETURNED))
    reports = (
        Report.objects.filter(period__in=periods)
        .select_related("unit", "period")
        .annotate(returns=returned)
        .order_by("unit__name")
    )
    cells: dict[Unit, dict[int, Cell]] = {}
    for report in reports:
        cells.setdefault(report.unit, {})[report.period_id] = _cell(report, today)
    rows = [
        UnitRow(
            unit,
            [own.get(period.pk) for period in periods],
            bool(unit.valid_until and unit.valid_until < today),
        )
        for unit, own in cells.items()
    ]
    return DutyTable(list(periods), rows)


def _cell(report: Report, today: dt.date) -> Cell:
    due_on, returns = report.period.due_on, report.returns
    if report.state == ReportState.CANCELLED:
        return Cell(report, Outcome.CALLED_OFF)
    if report.state in HANDED_IN and report.submitted_at is not None:
        late = max(0, (local_date(report.submitted_at) - due_on).days)
        return Cell(report, Outcome.LATE if late else Outcome.ON_TIME, late, returns)
    late = max(0, (today - due_on).days)
    if late:
        return Cell(report, Outcome.MISSING, late, returns)
    is_back = report.state == ReportState.RETURNED
    return Cell(report, Outcome.RETURNED if is_back else Outcome.TO_COME, 0, returns)


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty of a plan: its next date, and whose reports are overdue."""

    duty: ReportingObligation
    next_on: dt.date | None
    missing: list[Report]


def duty_rows(plan: Plan, *, today: dt.date) -> list[DutyRow]:
    """The duties of the plan, the next one due first. A constant number of queries."""
    missing: dict[int, list[Report]] = {}
    overdue = plan.reports.filter(period__due_on__lt=today).exclude(
        state__in=(*HANDED_IN, ReportState.CANCELLED)
    )
    for report in overdue.select_related("unit", "period"):
        missing.setdefault(report.period.obligation_id, []).append(report)
    duties = with_words(plan.obligations.order_by("pk"))
    next_on = dict(_next_dates(plan, today))
    rows = [DutyRow(duty, next_on.get(duty.pk), missing.get(duty.pk, [])) for duty in duties]
    return sorted(rows, key=lambda row: row.next_on or dt.date.max)


def _next_dates(plan: Plan, today: dt.date) -> Iterable[tuple[int, dt.date]]:
    """The first date of each duty from today on that still stands."""
    asked = Report.objects.filter(period=OuterRef("pk")).exclude(state=ReportState.CANCELLED)
    # A date from which everybody was released is no date any more.
    stands = Q(opened_on__isnull=True) | Exists(asked)
    coming = ReportingPeriod.objects.filter(stands, obligation__plan=plan, due_on__gte=today)
    return coming.order_by().values_list("obligation").annotate(first=Min("due_on"))


def with_words(duties: QuerySet[ReportingObligation]) -> QuerySet[ReportingObligation]:
    """Everything that the words of a duty need."""
    return duties.select_related(
        "unit",
        "group",
        "via",
        "request",
        "plan__document",
        "plan__issuer",
        "plan__focal_unit",
        "feeds__plan__document",
        "feeds__unit",
        "feeds__group",
    ).prefetch_related("units")


def members_by_group(day: dt.date) -> dict[int, list[str]]:
    """The short names of who belongs to each group on the local date `day`. One query."""
    current = UnitGroupMember.objects.filter(_belongs_on(day)).order_by("unit__name")
    found: dict[int, list[str]] = {}
    for group, name in current.values_list("group", "unit__short_name"):
        found.setdefault(group, []).append(name)
    return found


def dates_ahead(*, today: dt.date) -> QuerySet[ReportingPeriod]:
    """The dates from the local date `today` on whose reports were not asked for yet.

    Everything that the words of their duties need comes along. Those of closed plans are left out.
    """
    about = ("unit", "group", "plan__document", "plan__issuer", "plan__focal_unit")
    return (
        ReportingPeriod.objects.filter(
            opened_on__isnull=True, due_on__gte=today, obligation__plan__state=PlanState.RUNNING
        )
        .select_related(*(f"obligation__{one}" for one in about))
        .prefetch_related("obligation__units")
    )


def owed_by_unit(unit: Unit, *, today: dt.date) -> Q:
    """Which dates are this unit's, as things stand on the local date `today`."""
    leads = Participation.objects.filter(unit=unit, role=Role.LEAD).exclude(state__in=OVER)
    groups = UnitGroupMember.objects.filter(_belongs_on(today), unit=unit)
    return (
        Q(obligation__unit=unit)
        | Q(obligation__in=ReportingObligation.objects.filter(units=unit))
        | Q(obligation__group__in=groups.values("group"))
        | Q(
            obligation__reporters=Reporters.LEADS,
            obligation__plan__in=leads.values("item__plan"),
        )
    )


def _belongs_on(day: dt.date) -> Q:
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (
        Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    )
