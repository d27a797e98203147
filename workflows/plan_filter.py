"""The filter of the plan page, as its address says it; every view and the CSV share it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasks.models import ItemState, Report, Role, Unit
from tasks.plan_queries import ItemRow
from tasks.rules.timeliness import Timeliness

TIMELINESS_LABELS: dict[str, str | Promise] = {
    Timeliness.OVERDUE: _("Overdue"),
    Timeliness.DUE_SOON: _("Due soon"),
    Timeliness.IN_TERM: _("On schedule"),
    Timeliness.DONE_ON_TIME: _("Done on time"),
    Timeliness.DONE_LATE: _("Done late"),
    Timeliness.PAUSED: _("Suspended"),
    Timeliness.NO_DEADLINE: _("Without a date"),
}
STATE_LABELS: dict[str, str | Promise] = {
    state.value: state.label for state in ItemState if state != ItemState.DRAFT
}
ROLE_LABELS: dict[str, str | Promise] = {Role.LEAD: _("Lead"), Role.COORDINATING: _("Coordinating")}


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """What is shown: everything, unless a field says otherwise. Unknown values are ignored."""

    unit: int | None = None
    role: str = ""
    timeliness: str = ""
    state: str = ""
    is_mine: bool = False

    @classmethod
    def from_address(cls, query: QueryDict, own_unit: Unit | None) -> PlanFilter:
        def known(name: str, labels: Iterable[str]) -> str:
            given = query.get(name, "")
            return given if given in labels else ""

        chosen = query.get("unit", "")
        is_mine = own_unit is not None and query.get("mine") == "1"
        unit = int(chosen) if chosen.isascii() and chosen.isdigit() else None
        return cls(
            unit=own_unit.pk if is_mine and own_unit else unit,
            role=known("role", ROLE_LABELS),
            timeliness=known("timeliness", TIMELINESS_LABELS),
            state=known("state", STATE_LABELS),
            is_mine=is_mine,
        )

    @property
    def is_active(self) -> bool:
        return bool(self.unit or self.role or self.timeliness or self.state)

    def matches(self, row: ItemRow) -> bool:
        if self.timeliness and row.standing.timeliness != self.timeliness:
            return False
        if self.state and row.item.state != self.state:
            return False
        return not (self.unit or self.role) or any(
            (not self.unit or held.part.unit_id == self.unit)
            and (not self.role or held.part.role == self.role)
            for held in row.parts
        )

    def matches_report(self, report: Report) -> bool:
        """Reports know a unit only; the other fields speak of items."""
        return not self.unit or report.unit_id == self.unit


def units_named(rows: Iterable[ItemRow]) -> list[Unit]:
    """Every unit that takes part, by name."""
    units = {held.part.unit_id: held.part.unit for row in rows for held in row.parts}
    return sorted(units.values(), key=lambda unit: unit.name)
