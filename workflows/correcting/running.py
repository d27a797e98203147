"""The items of a running plan as a correction sees them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from tasks.models import (
    GONE,
    Deadline,
    DeadlineKind,
    ItemState,
    Participation,
    ParticipationState,
    Plan,
    PlanItem,
    Role,
)


@dataclass(frozen=True, slots=True)
class RunningItem:
    """One item with the parts that count, by role and unit.

    `heirs` leads from a unit that the plan names to the one that now has its part; `deadlines`
    are the open dates of lead parts, by the key of the part.
    """

    item: PlanItem
    parts: dict[str, dict[int, Participation]]
    heirs: dict[str, dict[int, int]]
    deadlines: dict[int, Deadline]

    @property
    def pk(self) -> int:
        return self.item.pk

    @property
    def is_over(self) -> bool:
        return self.item.state in (ItemState.COMPLETED, ItemState.CANCELLED)

    @property
    def all_parts(self) -> list[Participation]:
        return [part for role in Role for part in self.parts[role].values()]


@dataclass(slots=True)
class _Held:
    parts: dict[str, dict[int, Participation]] = field(
        default_factory=lambda: {role.value: {} for role in Role}
    )
    heirs: dict[str, dict[int, int]] = field(
        default_factory=lambda: {role.value: {} for role in Role}
    )
    deadlines: dict[int, Deadline] = field(default_factory=dict)


def running_items(plan: Plan) -> list[RunningItem]:
    """The items of `plan` in its order, without those that were cancelled. Three queries."""
    items = list(
        plan.items.exclude(state=ItemState.CANCELLED).select_related("section").order_by("position")
    )
    held = {item.pk: _Held() for item in items}
    parts = Participation.objects.filter(item__in=held).select_related("unit").order_by("pk")
    _sort_parts(parts, held)
    open_dates = Deadline.objects.filter(
        participation__item__in=held, kind=DeadlineKind.ITEM, closed_at__isnull=True
    )
    for deadline in open_dates.select_related("participation"):
        assert deadline.participation is not None
        held[deadline.participation.item_id].deadlines[deadline.participation_id or 0] = deadline
    return [
        RunningItem(item, found.parts, found.heirs, found.deadlines)
        for item, found in zip(items, held.values(), strict=True)
    ]


def _sort_parts(parts: Iterable[Participation], held: dict[int, _Held]) -> None:
    known = {part.pk: part for part in parts}
    for part in known.values():
        of_item = held[part.item_id]
        if part.state not in GONE:
            of_item.parts[part.role][part.unit_id] = part
        elif part.state == ParticipationState.REPLACED:
            of_item.heirs[part.role][part.unit_id] = _heir(part, known).unit_id


def _heir(part: Participation, known: dict[int, Participation]) -> Participation:
    while part.replaced_by_id:
        part = known[part.replaced_by_id]
    return part


def fingerprint(items: Iterable[RunningItem]) -> str:
    """Differs as soon as anything differs that a correction looks at or would change."""
    said = [
        (
            one.pk,
            one.item.state,
            one.item.code,
            one.item.title,
            one.item.product,
            _iso(one.item.due_on),
            [(part.pk, part.state) for part in one.all_parts],
            sorted((pk, due.version, _iso(due.due_on)) for pk, due in one.deadlines.items()),
        )
        for one in items
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
