"""What firing has to know of many deadlines: one flat row each, and the plans and units around.

Rows instead of objects, because a whole country's deadlines may speak on one morning. What is
told of a deadline is not read at all: `FACTS` has the database put it together.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, JSONObject, NullIf

from notifications.recipients import Circle
from tasks.models import ANSWERS, Deadline, DeadlineKind, Plan, ReportState, Unit


class Matter(NamedTuple):
    """One deadline and who stands around it. What does not apply is None."""

    pk: int
    version: int
    kind: str
    plan: int
    unit: int
    due_on: dt.date
    officer: int | None
    part_unit: int | None
    report_state: str | None
    report_unit: int | None
    reviewer: int | None

    @property
    def presented(self) -> bool:
        """A report that lies before its unit's leader."""
        return self.report_state == ReportState.PRESENTED


_COLUMNS = (
    "pk",
    "version",
    "kind",
    "plan",
    "unit",
    "due_on",
    "participation__officer",
    "participation__unit",
    "report__state",
    "report__unit",
    "report__reviewer",
)


@dataclass(frozen=True, slots=True)
class Matters:
    """Some deadlines with what surrounds them. Three queries, however many."""

    rows: list[Matter]
    plans: dict[int, Plan]
    units: dict[int, Unit]

    @classmethod
    def read(cls, deadlines: set[int]) -> Matters:
        found = Deadline.objects.filter(pk__among=deadlines).order_by("pk")
        rows = [Matter(*row) for row in found.values_list(*_COLUMNS)]
        plans = Plan.objects.select_related("focal_unit", "issuer")
        units = {
            unit
            for row in rows
            for unit in (row.unit, row.part_unit, row.report_unit, row.reviewer)
        }
        return cls(
            rows,
            plans.in_bulk({row.plan for row in rows}),
            Unit.objects.select_related("parent").in_bulk(units - {None}),
        )

    def around(self, matter: Matter) -> tuple[int | None, ...]:
        """Equal for deadlines around which the same people stand."""
        plan = self.plans[matter.plan]
        posts = (plan.focal_unit_id, plan.issuer_id, plan.supervising_leader_id, matter.reviewer)
        if matter.kind in ANSWERS:
            return (*posts, matter.unit)
        return (*posts, matter.unit, matter.officer, matter.part_unit or matter.report_unit)

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


def _named(person: str) -> Coalesce:
    return Coalesce(NullIf(f"{person}__full_name", Value("")), f"{person}__username")


# What is known of a deadline, by the names of `Facts`. The question that an answer is owed to is
# quoted: who has to answer it need not look for it first.
FACTS = JSONObject(
    thing="kind",
    plan=Coalesce(NullIf("plan__document__number", Value("")), "plan__title"),
    plan_title="plan__title",
    target=Case(
        When(proposal__isnull=False, then=Value("proposal")),
        When(report__isnull=False, then=Value("report")),
        default=Value("item"),
    ),
    target_id=Coalesce("proposal", "report", "participation__item"),
    code="participation__item__code",
    title=Coalesce("proposal__words", "participation__item__title", "report__period__label"),
    unit="unit__short_name",
    role=Case(When(~Q(kind__in=ANSWERS), then=F("participation__role"))),
    due_on="due_on",
    original_due_on="original_due_on",
    percent=Case(When(kind=DeadlineKind.ITEM, then=F("participation__percent"))),
    actor=Coalesce(
        _named("obstacle__raised_by"),
        _named("extension__requested_by"),
        _named("proposal__raised_by"),
    ),
    actor_unit=Case(
        When(
            kind__in=ANSWERS,
            then=Coalesce("participation__unit__short_name", "proposal__unit__short_name"),
        )
    ),
    words=Coalesce("obstacle__words", "extension__reason", "proposal__words"),
    new_due_on="extension__requested_due_on",
)


def facts_of(deadline: int, *, today: dt.date) -> dict[str, Any]:
    """What is known of one deadline on a local date. One query."""
    facts = Deadline.objects.values_list(FACTS, flat=True).get(pk=deadline)
    return {**facts, "today": today.isoformat()}
