"""The ladders in force, read once for a batch of deadlines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from notifications.kinds import LadderKind
from notifications.ladder import Rung
from notifications.models import Ladder, LadderRung
from tasks.models import Deadline, DeadlineKind, Role


@dataclass(frozen=True, slots=True)
class Page:
    """One ladder in force: since when, and its rungs in order."""

    ladder: Ladder
    saved_at: dt.datetime
    rungs: tuple[Rung, ...]


def kind_of(deadline: Deadline) -> LadderKind:
    """Which ladder a deadline climbs. Needs the participation of an acknowledgement."""
    part = deadline.participation
    return ladder_kind(deadline.kind, part.role if part else None)


def ladder_kind(kind: str, role: str | None) -> LadderKind:
    """Which ladder a deadline of `kind` climbs, where the participation has this role."""
    if kind == DeadlineKind.ACKNOWLEDGEMENT and role == Role.COORDINATING:
        return LadderKind.COORDINATION
    return LadderKind(kind)


def climbing(kind: str) -> Q:
    """The deadlines that climb the ladder of `kind`."""
    if kind == LadderKind.COORDINATION:
        return Q(kind=DeadlineKind.ACKNOWLEDGEMENT, participation__role=Role.COORDINATING)
    if kind == LadderKind.ACKNOWLEDGEMENT:
        return Q(kind=DeadlineKind.ACKNOWLEDGEMENT, participation__role=Role.LEAD)
    return Q(kind=kind)


class Book:
    """For each kind the general ladder, and the one that some of the plans have instead."""

    def __init__(self, plans: Iterable[int]) -> None:
        wanted = Q(plan__isnull=True) | Q(plan__in=set(plans))
        ladders = Ladder.objects.in_force().filter(wanted).prefetch_related("rungs")
        self._pages = {
            (ladder.kind, ladder.plan_id): Page(ladder, ladder.saved_at, tuple(ladder.in_order()))
            for ladder in ladders
        }

    def page(self, kind: LadderKind, plan_id: int | None = None) -> Page:
        return self._pages.get((kind, plan_id)) or self._pages[kind, None]

    def page_for(self, deadline: Deadline) -> Page:
        return self.page(kind_of(deadline), deadline.plan_id)


def lock_ladders() -> None:
    """Keep the ladders as they are until the end of the transaction.

    Whoever lays out or saves ladders holds this first: no deadline can then be laid out by a
    ladder that is being replaced.
    """
    general = Ladder.objects.in_force().general().order_by("pk")
    list(general.select_for_update(no_key=True).values_list("pk", flat=True))


def rungs_by_step(steps: Iterable[int | None]) -> dict[int, Rung]:
    """The rungs that rows of the schedule were laid out by, whatever version they are of."""
    wanted = {step for step in steps if step is not None}
    return {row.pk: row.as_rung() for row in LadderRung.objects.filter(pk__in=wanted)}
