"""What firing has to know of many deadlines: one flat row each, and the plans and units around.

Rows instead of objects, because a whole country's deadlines may speak on one morning.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from notifications.bulk import among
from notifications.recipients import Circle
from tasks.models import (
    ANSWERS,
    Deadline,
    DeadlineKind,
    Person,
    Plan,
    ReportState,
    Unit,
)
from tasks.rules.calendar import WorkingCalendar


class Matter(NamedTuple):
    """One deadline and what it is about. What does not apply is None."""

    pk: int
    version: int
    kind: str
    plan: int
    unit: int
    due_on: dt.date
    original_due_on: dt.date
    role: str | None
    percent: int | None
    officer: int | None
    part_unit: int | None
    item: int | None
    code: str | None
    title: str | None
    report: int | None
    report_state: str | None
    report_unit: int | None
    reviewer: int | None
    period: str | None
    obstacle: str | None
    raised_by: int | None
    request: str | None
    requested_by: int | None
    requested_due_on: dt.date | None
    proposal: int | None
    proposal_words: str | None
    proposed_by: int | None
    proposing_unit: int | None

    @property
    def asked_by(self) -> int | None:
        """Who wants an answer."""
        return self.raised_by or self.requested_by or self.proposed_by

    @property
    def target(self) -> tuple[str, int | None]:
        """The page where one acts, and the key of what it shows."""
        if self.proposal is not None:
            return "proposal", self.proposal
        return ("report", self.report) if self.item is None else ("item", self.item)

    @property
    def headline(self) -> str | None:
        if self.proposal is not None:
            return self.proposal_words
        return self.period if self.item is None else self.title

    @property
    def presented(self) -> bool:
        """A report that lies before its unit's leader."""
        return self.report_state == ReportState.PRESENTED

    @property
    def circle_key(self) -> tuple[int | None, ...]:
        """Equal for deadlines around which the same people stand."""
        is_answer = self.kind in ANSWERS
        owner = None if is_answer else self.part_unit or self.report_unit
        officer = None if is_answer else self.officer
        return (self.plan, self.unit, owner, officer, self.reviewer)


_COLUMNS = (
    "pk",
    "version",
    "kind",
    "plan",
    "unit",
    "due_on",
    "original_due_on",
    "participation__role",
    "participation__percent",
    "participation__officer",
    "participation__unit",
    "participation__item",
    "participation__item__code",
    "participation__item__title",
    "report",
    "report__state",
    "report__unit",
    "report__reviewer",
    "report__period__label",
    "obstacle__words",
    "obstacle__raised_by",
    "extension__reason",
    "extension__requested_by",
    "extension__requested_due_on",
    "proposal",
    "proposal__words",
    "proposal__raised_by",
    "proposal__unit",
)


@dataclass(frozen=True, slots=True)
class Matters:
    """Some deadlines with what surrounds them, on one day. Five queries, however many."""

    rows: list[Matter]
    today: dt.date
    calendar: WorkingCalendar
    plans: dict[int, Plan]
    units: dict[int, Unit]
    people: dict[int, str]
    _days_left: dict[dt.date, int | None] = field(default_factory=dict)

    @classmethod
    def read(
        cls, deadlines: Collection[int], *, today: dt.date, calendar: WorkingCalendar
    ) -> Matters:
        found = Deadline.objects.filter(pk__in=among(deadlines)).order_by("pk")
        rows = [Matter(*row) for row in found.values_list(*_COLUMNS)]
        plans = Plan.objects.select_related("document", "focal_unit", "issuer")
        named = {
            unit
            for row in rows
            for unit in (row.unit, row.part_unit, row.report_unit, row.proposing_unit)
        }
        reviewers = {row.reviewer for row in rows}
        asking = {row.asked_by for row in rows if row.asked_by is not None}
        people = Person.objects.filter(pk__in=asking) if asking else Person.objects.none()
        return cls(
            rows,
            today,
            calendar,
            plans.in_bulk({row.plan for row in rows}),
            Unit.objects.select_related("parent").in_bulk((named | reviewers) - {None}),
            {person.pk: str(person) for person in people},
        )

    def circle(self, matter: Matter, posts: tuple[tuple[int, str], ...] = ()) -> Circle:
        """The posts around a deadline. An answer is owed by another unit than the one that asks."""
        plan, unit = self.plans[matter.plan], self.units[matter.unit]
        is_answer = matter.kind in ANSWERS
        owner = matter.part_unit or matter.report_unit
        return Circle(
            unit=unit if is_answer or owner is None else self.units[owner],
            focal_unit=plan.focal_unit,
            issuer=plan.issuer,
            officer_id=None if is_answer else matter.officer,
            supervising_leader_id=plan.supervising_leader_id,
            reviewer=self.units[matter.reviewer] if matter.reviewer is not None else None,
            unit_above=unit.parent,
            posts=posts,
        )

    def facts(self, matter: Matter) -> dict[str, Any]:
        """What is known of a deadline, by the names of `Facts`, as JSON takes it."""
        plan = self.plans[matter.plan]
        target, target_id = matter.target
        told = {
            "thing": matter.kind,
            "plan": plan.document.number or plan.title,
            "plan_title": plan.title,
            "target": target,
            "target_id": target_id,
            "today": self.today.isoformat(),
            "code": matter.code,
            "title": matter.headline,
            "unit": self.units[matter.unit].short_name,
            "role": None if matter.kind in ANSWERS else matter.role,
            "due_on": matter.due_on.isoformat(),
            "original_due_on": matter.original_due_on.isoformat(),
            "working_days_left": self._working_days_left(matter.due_on),
            "percent": matter.percent if matter.kind == DeadlineKind.ITEM else None,
            **(self._question(matter) if matter.kind in ANSWERS else {}),
        }
        if matter.presented:
            told["presented"] = True
        return {name: value for name, value in told.items() if value is not None and value != ""}

    def _question(self, matter: Matter) -> dict[str, Any]:
        """The question itself is quoted: who has to answer it need not look for it first."""
        by, unit = matter.asked_by, matter.part_unit or matter.proposing_unit
        assert by is not None  # a constraint of the table
        assert unit is not None
        words = (matter.obstacle, matter.request, matter.proposal_words)
        asked_for = matter.requested_due_on
        return {
            "actor": self.people[by],
            "actor_unit": self.units[unit].short_name,
            "words": next(one for one in words if one is not None),
            "new_due_on": asked_for.isoformat() if asked_for is not None else None,
        }

    def _working_days_left(self, due_on: dt.date) -> int | None:
        if due_on not in self._days_left:
            late = self.today > due_on
            left = None if late else self.calendar.count(self.today, due_on)
            self._days_left[due_on] = left
        return self._days_left[due_on]
