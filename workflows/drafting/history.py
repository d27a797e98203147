"""Comparing two states of a review, and putting a step back. Plain data, no database.

A review falls into parts: its header, each item, duty and target, the order of each of these, each
confirmed doubt. Two people who change different parts do not get in each other's way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workflows.drafting.review import Review

HEADER, ITEMS, DUTIES, TARGETS = "header", "items", "duties", "targets"
CONFIRMED = "confirmed:"
# The card of a step that concerns the whole review: a change of any card is in its way.
WHOLE = "*"
# The order of the lines: whoever adds or moves one line does not touch what the others say.
ORDERS = (ITEMS, DUTIES, TARGETS)
# Counters and names that every step changes, and that no step takes back.
_BESIDE = (*ORDERS, "confirmed", "last_key", "saved_by", "doubts", "met")

Parts = dict[str, Any]
Changes = dict[str, list[Any]]


def parts_of(review: Review) -> Parts:
    """The parts of a review by name; lines and their names go by their keys."""
    found: Parts = {HEADER: {name: value for name, value in review.items() if name not in _BESIDE}}
    for order in ORDERS:
        lines = review[order]  # type: ignore[literal-required]
        found |= {line["key"]: line for line in lines}
        found[order] = [line["key"] for line in lines]
    return found | {f"{CONFIRMED}{doubt}": True for doubt in review["confirmed"]}


def compare(before: Parts, after: Parts) -> Changes:
    """Each part that differs, with its value before and after; None where it was not there."""
    names = dict.fromkeys([*before, *after])
    return {
        name: [before.get(name), after.get(name)]
        for name in names
        if before.get(name) != after.get(name)
    }


def cards_in(changes: Iterable[str]) -> set[str]:
    """The cards among changed parts, those whose doubts were confirmed left aside."""
    return {part for part in changes if part not in ORDERS and not part.startswith(CONFIRMED)}


def is_touched(card: str, changes: Changes) -> bool:
    """Whether a step changed what the card says; a step made on no card meets no other."""
    return bool(cards_in(changes)) if card == WHOLE else card in changes


def obstacles(review: Review, changes: Changes) -> list[str]:
    """The parts that no longer stand as the step left them: it cannot simply be put back."""
    now = parts_of(review)
    return [
        part
        for part, (before, after) in changes.items()
        if (_is_in_the_way(now[part], before, after) if part in ORDERS else now.get(part) != after)
    ]


def _is_in_the_way(now: list[str], before: list[str], after: list[str]) -> bool:
    """A move can be put back only while the order stands; added and removed lines always can."""
    return set(before) == set(after) and now != after


def put_back(review: Review, changes: Changes) -> None:
    """Let every changed part say again what it said before; ask `obstacles` first."""
    lines = {line["key"]: line for order in ORDERS for line in review[order]}  # type: ignore[literal-required]
    for part, (before, _after) in changes.items():
        if part == HEADER:
            review.update(before)
        elif part.startswith(CONFIRMED):
            _set_confirmed(review, part.removeprefix(CONFIRMED), is_so=before is not None)
        elif part not in ORDERS:
            lines[part] = before
    for order in ORDERS:
        keys = [line["key"] for line in review[order]]  # type: ignore[literal-required]
        keys = _order_before(keys, *changes[order]) if order in changes else keys
        review[order] = [lines[key] for key in keys]  # type: ignore[literal-required]


def _set_confirmed(review: Review, doubt: str, *, is_so: bool) -> None:
    kept = [one for one in review["confirmed"] if one != doubt]
    review["confirmed"] = [*kept, doubt] if is_so else kept


def _order_before(now: list[str], before: list[str], after: list[str]) -> list[str]:
    """The order before the step; lines that others added since keep their neighbours."""
    if now == after:
        return before
    added, removed = set(after) - set(before), [key for key in before if key not in after]
    keys = [key for key in now if key not in added]
    for key in removed:
        earlier = before[: before.index(key)]
        place = max((keys.index(one) + 1 for one in earlier if one in keys), default=0)
        keys.insert(place, key)
    return keys


def value_at(edits: Iterable[Mapping[str, Any]], part: str, now: Any) -> Any:
    """What `part` said before the given steps, in the order in which they were made."""
    return next((changes[part][0] for changes in edits if part in changes), now)
