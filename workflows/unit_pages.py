"""What the pages of the registry show: the tree of units, and everything about one of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tasks.models import (
    Membership,
    Participation,
    Report,
    Unit,
    UnitAlias,
    UnitGroupMember,
    UnitSuccession,
)
from tasks.running import open_parts, open_reports
from workflows.actions.registry import FIELDS

HISTORY_SHOWN = 20
WORK_SHOWN = 30


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One line of the list: the unit, how deep it stands, and whether it is no more."""

    unit: Unit
    depth: int
    has_ended: bool
    people: int
    aliases: int

    @property
    def step(self) -> int:
        """How far the line is set in; deeper ones do not move further."""
        return min(self.depth, 4)


def in_tree_order(units: Iterable[Unit]) -> list[tuple[Unit, int]]:
    """The units with those that stand under each right after it, and how deep each stands.

    A unit whose parent is not among them stands at the top.
    """
    units = sorted(units, key=lambda unit: unit.name)
    present = {unit.pk for unit in units}
    below: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in units:
        below[unit.parent_id if unit.parent_id in present else None].append(unit)
    ordered: list[tuple[Unit, int]] = []
    waiting = [(unit, 0) for unit in reversed(below[None])]
    while waiting:
        unit, depth = waiting.pop()
        ordered.append((unit, depth))
        waiting += [(child, depth + 1) for child in reversed(below[unit.pk])]
    return ordered


def listed_units(words: str, kind: str, state: str, today: dt.date) -> QuerySet[Unit]:
    """The units of a search; `state` is "ended", "all", or else those of today."""
    units = Unit.objects.all()
    if words:
        units = Unit.objects.filter(pk__in=Unit.objects.matching(words).values("pk"))
    if kind:
        units = units.filter(kind=kind)
    if state == "ended":
        return units.filter(valid_until__lt=today)
    return units if state == "all" else units.filter(pk__in=Unit.objects.valid_on(today))


def unit_rows(page: Iterable[tuple[Unit, int]], today: dt.date) -> list[UnitRow]:
    """The lines of one page; two queries."""
    shown = list(page)
    keys = [unit.pk for unit, _depth in shown]
    posts = Membership.objects.current(today).filter(unit__in=keys).values("unit")
    people = dict(posts.annotate(count=Count("person", distinct=True)).values_list("unit", "count"))
    named = UnitAlias.objects.filter(unit__in=keys).values("unit")
    aliases = dict(named.annotate(count=Count("pk")).values_list("unit", "count"))
    return [
        UnitRow(
            unit, depth, has_ended(unit, today), people.get(unit.pk, 0), aliases.get(unit.pk, 0)
        )
        for unit, depth in shown
    ]


def has_ended(unit: Unit, today: dt.date) -> bool:
    return unit.valid_until is not None and unit.valid_until < today


@dataclass(frozen=True, slots=True)
class Era:
    """A unit in the line of successions, and the succession that led to it or away from it."""

    succession: UnitSuccession
    unit: Unit


def line_of(unit: Unit) -> tuple[list[Era], list[Era]]:
    """Those that came before the unit, the latest first, and those that carry on, in order."""
    rows = list(UnitSuccession.objects.select_related("predecessor", "successor"))
    before: dict[int, list[UnitSuccession]] = defaultdict(list)
    after: dict[int, list[UnitSuccession]] = defaultdict(list)
    for row in rows:
        before[row.successor_id].append(row)
        after[row.predecessor_id].append(row)
    return _walk(unit, before, "predecessor"), _walk(unit, after, "successor")


def _walk(unit: Unit, rows: dict[int, list[UnitSuccession]], end: str) -> list[Era]:
    found: list[Era] = []
    waiting, seen = [unit.pk], {unit.pk}
    while waiting:
        for row in rows[waiting.pop(0)]:
            other = getattr(row, end)
            if other.pk not in seen:
                seen.add(other.pk)
                found.append(Era(row, other))
                waiting.append(other.pk)
    return found


def unit_page(unit: Unit, *, today: dt.date) -> dict[str, Any]:
    """Everything about one unit, in a constant number of queries."""
    before, after = line_of(unit)
    parts = open_parts().filter(unit=unit)
    reports = open_reports().filter(Q(unit=unit) | Q(reviewer=unit, state="submitted"))
    posts = Membership.objects.filter(unit=unit).select_related("person")
    return {
        "unit": unit,
        "has_ended": has_ended(unit, today),
        "before": before,
        "after": after,
        "aliases": unit.aliases.select_related("issuer", "learned_by").order_by("text"),
        "groups": UnitGroupMember.objects.filter(unit=unit).select_related("group"),
        "children": unit.children.valid_on(today),
        "posts": [(post, _is_current(post, today)) for post in posts.order_by("person__full_name")],
        "parts": _shown(parts.order_by("item__plan", "item__position")),
        "parts_count": parts.count(),
        "reports": _shown_reports(reports),
        "history": [
            (change, _changes(change.details))
            for change in unit.registry_changes.select_related("actor")[:HISTORY_SHOWN]
        ],
    }


def _is_current(post: Membership, today: dt.date) -> bool:
    started = post.valid_from is None or post.valid_from <= today
    return started and (post.valid_until is None or post.valid_until >= today)


def _shown(parts: QuerySet[Participation]) -> list[Participation]:
    return list(parts.select_related("item__plan__document", "officer")[:WORK_SHOWN])


def _shown_reports(reports: QuerySet[Report]) -> list[Report]:
    rows = reports.select_related("plan__document", "unit", "period")
    return list(rows.order_by("period__due_on")[:WORK_SHOWN])


def _changes(details: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The changed fields of a record, in their usual order, as label, before and after."""
    changed = details.get("changed", {})
    return [
        (str(label), changed[field][0], changed[field][1])
        for field, label in FIELDS.items()
        if field in changed
    ]


STATES = (("", _("Of today")), ("ended", _("No longer existing")), ("all", _("All")))
