"""Who carries on the work of a unit that is no more."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from tasks.models import Unit, UnitSuccession


def heirs_on(day: dt.date) -> dict[int, list[int]]:
    """The successors of each unit whose work had passed on by `day`, in the order recorded."""
    heirs: dict[int, list[int]] = defaultdict(list)
    rows = UnitSuccession.objects.filter(effective_on__lte=day).order_by("pk")
    for old, new in rows.values_list("predecessor_id", "successor_id"):
        heirs[old].append(new)
    return heirs


def carried_on_by(
    unit: int, heirs: Mapping[int, list[int]], exists: Callable[[int], bool]
) -> list[int]:
    """The unit itself while it `exists`; else those at the ends of the line of its successors."""
    found: list[int] = []
    waiting, seen = [unit], set[int]()
    while waiting:
        one = waiting.pop(0)
        if one in seen:
            continue
        seen.add(one)
        if exists(one):
            found.append(one)
        else:
            waiting += heirs.get(one, [])
    return found


def carriers(units: Iterable[int], day: dt.date) -> dict[int, list[Unit]]:
    """Who carries on the work of each of the units on `day`; itself where nobody does."""
    wanted = set(units)
    if not wanted:
        return {}
    heirs = heirs_on(day)
    reached = wanted | {heir for line in heirs.values() for heir in line}
    known = Unit.objects.in_bulk(reached)
    present = set(Unit.objects.valid_on(day).filter(pk__in=reached).values_list("pk", flat=True))
    return {
        pk: [known[one] for one in carried_on_by(pk, heirs, present.__contains__) or [pk]]
        for pk in wanted
    }
