"""Plan: every deadline gets its rungs laid out once for each version of its date."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from notifications.batches import until_done
from notifications.kinds import RungReason, RungState
from notifications.ladder import RUNGS, fingerprint, lay_out
from notifications.models import ScheduledRung
from tasks.models import Deadline, DeadlineVersion
from tasks.queries import working_calendar
from tasks.rules.calendar import WorkingCalendar


def plan_deadlines(*, at: dt.datetime, batch: int = 500) -> int:
    """Lay out the rungs of every open deadline whose date is new. Returns how many deadlines.

    Rungs of an older date that have not fired are superseded. Safe to repeat and to run twice at
    once: rows are locked, keys are unique, and the mark is set only for the version laid out.
    """
    return until_done(lambda: _plan_batch(batch))


@transaction.atomic
def _plan_batch(batch: int) -> int:
    deadlines = list(_unplanned()[:batch])
    if not deadlines:
        return 0
    calendar = working_calendar()
    ScheduledRung.objects.bulk_create(
        [rung for deadline in deadlines for rung in _rungs(deadline, calendar)],
        ignore_conflicts=True,
    )
    _supersede_older(deadlines)
    _mark_planned(deadlines)
    return len(deadlines)


def _unplanned() -> QuerySet[Deadline]:
    set_at = DeadlineVersion.objects.filter(deadline=OuterRef("pk"), version=OuterRef("version"))
    return (
        Deadline.objects.filter(closed_at__isnull=True)
        .exclude(planned_version=F("version"))
        .annotate(set_at=Coalesce(Subquery(set_at.values("set_at")[:1]), "opened_at"))
        .order_by("pk")
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
    )


def _rungs(deadline: Deadline, calendar: WorkingCalendar) -> Iterable[ScheduledRung]:
    laid_on = fingerprint(calendar)
    set_at: dt.datetime = deadline.set_at  # type: ignore[attr-defined]
    for step in lay_out(deadline.kind, due_on=deadline.due_on, set_at=set_at, calendar=calendar):
        yield ScheduledRung(
            deadline=deadline,
            version=deadline.version,
            rung=step.rung.key,
            counts_from=step.counts_from,
            fire_at=step.fire_at,
            calendar=laid_on,
            state=RungState.SKIPPED if step.skip else RungState.PLANNED,
            reason=step.skip or "",
        )


def _supersede_older(deadlines: list[Deadline]) -> None:
    older = ScheduledRung.objects.filter(
        deadline__in=deadlines, state=RungState.PLANNED, version__lt=F("deadline__version")
    )
    older.update(state=RungState.SUPERSEDED, reason=RungReason.NEW_DATE)


def _mark_planned(deadlines: list[Deadline]) -> None:
    by_version: dict[int, list[int]] = defaultdict(list)
    for deadline in deadlines:
        by_version[deadline.version].append(deadline.pk)
    for version, ids in by_version.items():
        Deadline.objects.filter(pk__in=ids, version=version).update(planned_version=version)


def replan_calendar(*, at: dt.datetime, batch: int = 500) -> int:
    """Project the planned rungs again that were laid out on another calendar than today's.

    Fired rungs stay. Returns how many rungs were looked at; nothing to do costs two queries.
    """
    return until_done(lambda: _replan_batch(batch))


@transaction.atomic
def _replan_batch(batch: int) -> int:
    calendar = working_calendar()
    laid_on = fingerprint(calendar)
    # Two ranges instead of "not equal", which no index can answer.
    elsewhere = Q(calendar__lt=laid_on) | Q(calendar__gt=laid_on)
    rungs = list(
        ScheduledRung.objects.filter(elsewhere, state=RungState.PLANNED)
        .select_related("deadline")
        .order_by("pk")
        .select_for_update(skip_locked=True, of=("self",))[:batch]
    )
    for row in rungs:
        rung = RUNGS[row.deadline.kind, row.rung]
        row.fire_at = rung.fire_at(row.counts_from, calendar, occurrence=row.occurrence)
        row.calendar = laid_on
    ScheduledRung.objects.bulk_update(rungs, ["fire_at", "calendar"], batch_size=100)
    return len(rungs)
