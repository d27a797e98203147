"""Changing a ladder: what it would do first, then the next version and the schedule anew."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Count, F, Max, QuerySet

from notifications.book import Book, climbing, lock_ladders
from notifications.kinds import LadderKind, RungState
from notifications.ladder import Rung, Step, lay_out
from notifications.ladder_words import sentence, units_of
from notifications.models import Ladder, LadderRung, ScheduledRung, columns_of
from tasks.models import Deadline, Person, Plan
from tasks.rules.calendar import WorkingCalendar


class StaleLadder(Exception):
    """Somebody saved this ladder after the page was opened; `ladder` is theirs."""

    def __init__(self, ladder: Ladder) -> None:
        super().__init__(str(ladder))
        self.ladder = ladder


def ladder_in_force(kind: LadderKind, plan: Plan | None) -> Ladder:
    """The plan's own ladder, or the general one."""
    return Book([plan.pk] if plan else []).page(kind, plan.pk if plan else None).ladder


@transaction.atomic
def save_ladder(
    *,
    kind: LadderKind,
    plan: Plan | None,
    rungs: Sequence[Rung],
    opened: int,
    by: Person,
    at: dt.datetime,
) -> int:
    """Make the next version and have its open deadlines laid out anew. Returns how many.

    `opened` is the key of the ladder that was changed. Raises `StaleLadder` when it is no longer
    the one in force. The planner does the laying out: nothing that fired fires again.
    """
    lock_ladders()
    present = ladder_in_force(kind, plan)
    if present.pk != opened:
        raise StaleLadder(present)
    versions = Ladder.objects.filter(kind=kind, plan=plan)
    versions.in_force().update(replaced_at=at)
    last = versions.aggregate(last=Max("version"))["last"] or 0
    ladder = Ladder.objects.create(kind=kind, plan=plan, version=last + 1, saved_by=by, saved_at=at)
    LadderRung.objects.bulk_create(
        [LadderRung(ladder=ladder, **columns_of(rung)) for rung in rungs]
    )
    return _lay_out_anew(kind, plan)


@transaction.atomic
def withdraw_ladder(*, kind: LadderKind, plan: Plan, at: dt.datetime) -> int:
    """Let the plan follow the general ladder again. Returns how many deadlines that concerns."""
    lock_ladders()
    own = Ladder.objects.in_force().filter(kind=kind, plan=plan)
    return _lay_out_anew(kind, plan) if own.update(replaced_at=at) else 0


def _lay_out_anew(kind: LadderKind, plan: Plan | None) -> int:
    return concerned(kind, plan).update(planned_version=0)


def concerned(kind: LadderKind, plan: Plan | None) -> QuerySet[Deadline]:
    """The open deadlines that climb the ladder; the general one leaves out plans with their own."""
    deadlines = Deadline.objects.filter(climbing(kind), closed_at__isnull=True)
    if plan is not None:
        return deadlines.filter(plan=plan)
    own = Ladder.objects.in_force().filter(kind=kind, plan__isnull=False)
    return deadlines.exclude(plan__in=own.values("plan"))


def digest(rungs: Sequence[Rung]) -> str:
    """Changes with the rungs: what is saved is what was previewed."""
    return hashlib.sha256(repr(list(rungs)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one rung. `planned` is how many deadlines still wait for it."""

    words: str
    verdict: str
    planned: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What saving would do. `example` is a deadline on `due_on` that would be set now."""

    due_on: dt.date
    example: list[tuple[str, Step]]
    deadlines: int
    changes: list[Change]


def preview(
    *,
    kind: LadderKind,
    plan: Plan | None,
    rungs: Sequence[Rung],
    due_on: dt.date,
    at: dt.datetime,
    calendar: WorkingCalendar,
) -> Preview:
    """Five queries, however many deadlines there are."""
    before = ladder_in_force(kind, plan).in_order()
    units = units_of([*rungs, *before])
    steps = lay_out(rungs, due_on=due_on, set_at=at, calendar=calendar)
    return Preview(
        due_on=due_on,
        example=[(sentence(step.rung, units), step) for step in steps],
        deadlines=concerned(kind, plan).count(),
        changes=[
            Change(sentence(rung, units), verdict, planned)
            for rung, verdict, planned in _changes(before, rungs, _planned(kind, plan))
        ],
    )


def _planned(kind: LadderKind, plan: Plan | None) -> dict[str, int]:
    waiting = ScheduledRung.objects.filter(
        deadline__in=concerned(kind, plan).values("pk"),
        state=RungState.PLANNED,
        version=F("deadline__version"),
    )
    return dict(waiting.values_list("rung").annotate(number=Count("pk")).order_by())


def _as_said(rung: Rung) -> Rung:
    """The rung without what makes no difference: its row, and the order of its people."""
    people, ways = tuple(sorted(rung.audience)), tuple(sorted(rung.channels))
    return replace(rung, step_id=None, audience=people, channels=ways)


def _changes(
    before: Sequence[Rung], after: Sequence[Rung], planned: Mapping[str, int]
) -> list[tuple[Rung, str, int]]:
    old = {rung.key: _as_said(rung) for rung in before}
    new = {rung.key: _as_said(rung) for rung in after}
    keys = sorted(old.keys() | new.keys(), key=lambda key: (new.get(key) or old[key]).offset)
    found = []
    for key in keys:
        if key not in new:
            verdict = "removed"
        elif key not in old:
            verdict = "added"
        else:
            verdict = "same" if old[key] == new[key] else "changed"
        found.append((new.get(key) or old[key], verdict, planned.get(key, 0)))
    return found
