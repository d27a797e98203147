"""Items in which a merger of units made one of two that the plan names."""

from __future__ import annotations

from collections import defaultdict

from tasks.models import Role
from workflows.drafting.registry import SUCCESSOR
from workflows.drafting.review import Item, Name, names_of


def named_twice(item: Item, role: str) -> dict[int, list[Name]]:
    """The units that the plan names more than once in `role`, each with its names."""
    found: dict[int, list[Name]] = defaultdict(list)
    for name in names_of(item, role):
        if name["unit"]:
            found[name["unit"]].append(name)
    return {unit: names for unit, names in found.items() if len(names) > 1}


def merged_in_role(item: Item, role: str) -> set[int]:
    """Units that stand for several units of the plan in one role: they are asked once."""
    twice = named_twice(item, role)
    return {unit for unit, names in twice.items() if sum(map(_is_direct, names)) <= 1}


def merged_roles(item: Item) -> set[int]:
    """Units that lead and coordinate because of a merger: they are asked as lead only."""
    leads, others = names_of(item, Role.LEAD), names_of(item, Role.COORDINATING)
    both = {name["unit"] for name in leads} & {name["unit"] for name in others}
    passed_on = {name["unit"] for name in (*leads, *others) if not _is_direct(name)}
    return {unit for unit in both & passed_on if unit}


def _is_direct(name: Name) -> bool:
    return name["kind"] != SUCCESSOR
