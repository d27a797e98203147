"""What a running plan still owes, as the simulation wants it."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from notifications.book import kind_of
from notifications.facts import circle_of_deadline
from notifications.kinds import RungState
from notifications.models import ScheduledRung
from notifications.simulation import Obligation
from tasks.models import Deadline, DeadlineVersion, Plan


def obligations_of(plan: Plan) -> list[Obligation]:
    """Every open date of the plan, with what has spoken already. Two queries."""
    set_at = DeadlineVersion.objects.filter(deadline=OuterRef("pk"), version=OuterRef("version"))
    deadlines = (
        Deadline.objects.open()
        .filter(plan=plan)
        .annotate(set_at=Coalesce(Subquery(set_at.values("set_at")[:1]), "opened_at"))
        .select_related(
            "unit__parent",
            "plan__focal_unit",
            "plan__issuer",
            "participation__item",
            "participation__unit",
            "report__period",
            "report__unit",
            "report__reviewer",
            "proposal",
        )
        .order_by("due_on", "pk")
    )
    spoken = _spoken(plan)
    return [
        Obligation(
            ladder=kind_of(deadline),
            what=_words(deadline),
            due_on=deadline.due_on,
            set_at=deadline.set_at,  # type: ignore[attr-defined]
            circle=circle_of_deadline(deadline),
            spoken=frozenset(spoken.get(deadline.pk, ())),
        )
        for deadline in deadlines
    ]


def _spoken(plan: Plan) -> dict[int, set[tuple[str, int]]]:
    rows = ScheduledRung.objects.filter(
        deadline__plan=plan, version=F("deadline__version"), state=RungState.FIRED
    )
    found: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for deadline, rung, occurrence in rows.values_list("deadline", "rung", "occurrence"):
        found[deadline].add((rung, occurrence))
    return found


def _words(deadline: Deadline) -> str:
    part, report = deadline.participation, deadline.report
    if part is not None:
        return f"{part.item.code} {part.item.title}".strip()
    return str(deadline.proposal or (report.period if report is not None else ""))
