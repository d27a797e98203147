"""What a corrected date does to the dates in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.models import Deadline, Participation, ParticipationState, Role
from workflows.correcting.running import RunningItem

# Whoever has handed in, or has nothing more to do, keeps the date under which they did it.
BOUND = (
    ParticipationState.ASSIGNED,
    ParticipationState.ACKNOWLEDGED,
    ParticipationState.DECLINED,
    ParticipationState.RETURNED,
)


@dataclass(frozen=True, slots=True)
class NewDate:
    """The date of one lead part before and after; None is "no date".

    `stays` says that an extension reaches beyond the corrected date and goes on to count.
    """

    part: Participation
    before: dt.date | None
    after: dt.date | None
    stays: bool = False


def new_dates(one: RunningItem, due_on: dt.date | None) -> Iterator[NewDate]:
    """What the corrected date `due_on` does to each lead part of the item that is still at work.

    A date that was extended beyond the corrected one stays: what was granted is not taken back.
    """
    for part in one.parts[Role.LEAD].values():
        if part.state not in BOUND:
            continue
        deadline = one.deadlines.get(part.pk)
        before = deadline.due_on if deadline else None
        stays = due_on is not None and deadline is not None and _is_beyond(deadline, due_on, one)
        after = before if stays else due_on
        if stays or before != after:
            yield NewDate(part, before, after, stays)


def _is_beyond(deadline: Deadline, due_on: dt.date, one: RunningItem) -> bool:
    was_extended = one.item.due_on is None or deadline.due_on > one.item.due_on
    return was_extended and deadline.due_on > due_on
