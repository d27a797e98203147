"""Whom something reaches now: the people in the posts, less those from outside who may not see."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from notifications.access import readers_of
from notifications.kinds import Audience
from notifications.recipients import Circle, Directory, Recipient

# These may have no part in the plan: they are told only of what they may open.
FROM_OUTSIDE = (Audience.UNIT_ABOVE, Audience.POST)
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Reach:
    """The posts around a matter of a plan, and which of them are to be told."""

    plan_id: int
    circle: Circle
    audiences: Collection[Audience]


def people_of(wanted: Mapping[K, Reach], *, on: dt.date) -> dict[K, list[Recipient]]:
    """The recipients of each, on a local date. Five queries at most, however many there are."""
    directory = Directory((one.circle for one in wanted.values()), on=on)
    found = {key: directory.reach(one.circle, one.audiences) for key, one in wanted.items()}
    outsiders: dict[int, set[int]] = defaultdict(set)
    for key, recipients in found.items():
        for one in recipients:
            if one.audience in FROM_OUTSIDE:
                outsiders[wanted[key].plan_id].add(one.person_id)
    if not outsiders:
        return found
    readers = readers_of(set(outsiders), set().union(*outsiders.values()))
    return {
        key: [
            one
            for one in recipients
            if one.audience not in FROM_OUTSIDE or (one.person_id, wanted[key].plan_id) in readers
        ]
        for key, recipients in found.items()
    }
