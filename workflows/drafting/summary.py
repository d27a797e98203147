"""What issuing would set going: who is asked what, by when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.conf import settings

from tasks.models import Membership, MembershipRole, Unit
from tasks.queries import working_calendar
from tasks.words import bounds_words, phase_words
from workflows.actions.issuing import ItemInput, PlanInput
from workflows.actions.targets import TargetInput
from workflows.drafting.checks import involved_units

# A reader only looks: nobody asks them anything.
ASKED = (MembershipRole.OFFICER, MembershipRole.LEADER, MembershipRole.CLERK)


@dataclass(slots=True)
class Asked:
    """What one unit is asked; `consolidates` are the dates of the reports that sum up others."""

    unit: Unit
    people: int = 0
    leads: list[ItemInput] = field(default_factory=list)
    coordinates: list[ItemInput] = field(default_factory=list)
    reports: list[dt.date] = field(default_factory=list)
    consolidates: list[dt.date] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Consequences:
    """Everybody who is asked, and by when they acknowledge (a local date)."""

    units: list[Asked]
    people: int
    acknowledge_by: dt.date


@dataclass(frozen=True, slots=True)
class Wanted:
    """A target in words, for a look before it is set."""

    name: str
    measure: str
    phase: str
    wanted: str
    unit: str
    above: str
    is_new: bool


def wanted_rows(plan: PlanInput) -> list[Wanted]:
    """The targets of a plan that is about to be issued."""
    return [_wanted(target) for target in plan.targets]


def _wanted(target: TargetInput) -> Wanted:
    start, end, above = target.start_on, target.end_on, target.under
    return Wanted(
        name=target.indicator.name if target.indicator else target.name,
        measure=target.measure,
        phase=phase_words(start, end) if start and end else "",
        wanted=bounds_words(target.low, target.high),
        unit=target.unit.short_name,
        above=f"{above.plan}: {bounds_words(above.low, above.high)}" if above else "",
        is_new=target.indicator is None,
    )


def consequences(plan: PlanInput, *, today: dt.date) -> Consequences:
    """What happens when `plan` is issued on the local date `today`."""
    asked = {unit.pk: Asked(unit) for unit in involved_units(plan)}
    for item in plan.items:
        for one in item.leads:
            asked[one.unit.pk].leads.append(item)
        for one in item.coordinating:
            asked[one.unit.pk].coordinates.append(item)
    _add_reports(plan, asked)
    people = _count_people(asked, today)
    by = working_calendar().shift(today, settings.DONDOC_ACKNOWLEDGE_WORKING_DAYS)
    rows = sorted(asked.values(), key=lambda row: (-len(row.leads), row.unit.name))
    return Consequences(rows, people, by)


def _add_reports(plan: PlanInput, asked: dict[int, Asked]) -> None:
    leads = [row.unit for row in asked.values() if row.leads]
    for report in plan.reports:
        if report.due_on is None:
            continue
        for unit in report.reporters(leads):
            is_final = report.unit is not None and report.unit == plan.focal_unit
            dates = asked[unit.pk].consolidates if is_final else asked[unit.pk].reports
            dates.append(report.due_on)


def _count_people(asked: dict[int, Asked], today: dt.date) -> int:
    """Count the people of each unit; returns how many there are in all, each counted once."""
    posts = Membership.objects.current(today).filter(unit__in=asked, role__in=ASKED)
    pairs = set(posts.values_list("unit_id", "person_id"))
    for unit, _person in pairs:
        asked[unit].people += 1
    return len({person for _unit, person in pairs})
