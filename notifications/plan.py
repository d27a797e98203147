"""Plan: every deadline gets its rungs laid out once for each version of its date.

A saved ladder asks for it again by setting `planned_version` back: what has not fired is then
superseded and laid anew, and what fired stays.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from notifications.batches import until_done
from notifications.book import Book, Page, lock_ladders, rungs_by_step
from notifications.kinds import RungReason, RungState
from notifications.ladder import Rung, fingerprint, lay_out, next_morning
from notifications.models import ScheduledRung
from tasks.models import Deadline, DeadlineVersion, OverdueNotice
from tasks.queries import working_calendar
from tasks.rules.calendar import WorkingCalendar, local_date


def plan_deadlines(*, at: dt.datetime, batch: int = 500) -> int:
    """Lay out the rungs of every open deadline whose date or ladder is new. Returns how many.

    Rungs of an older date or ladder that have not fired are superseded. Safe to repeat and to run
    twice at once: rows are locked, keys are unique, and the mark is set only for the version laid
    out.
    """
    return until_done(lambda: _plan_batch(at, batch))


@transaction.atomic
def _plan_batch(at: dt.datetime, batch: int) -> int:
    if not _unplanned().exists():
        return 0
    lock_ladders()
    deadlines = list(_locked(_unplanned())[:batch])
    schedule = _Schedule.read(deadlines, at)
    schedule.supersede()
    ScheduledRung.objects.bulk_create(
        [row for deadline in deadlines for row in schedule.rows(deadline)], ignore_conflicts=True
    )
    _mark_planned(deadlines)
    return len(deadlines)


def _unplanned() -> QuerySet[Deadline]:
    return Deadline.objects.filter(closed_at__isnull=True).exclude(planned_version=F("version"))


def _locked(deadlines: QuerySet[Deadline]) -> QuerySet[Deadline]:
    set_at = DeadlineVersion.objects.filter(deadline=OuterRef("pk"), version=OuterRef("version"))
    return (
        deadlines.annotate(set_at=Coalesce(Subquery(set_at.values("set_at")[:1]), "opened_at"))
        .order_by("pk")
        .select_related("participation")
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
    )


@dataclass(frozen=True, slots=True)
class _Schedule:
    """Some deadlines, the ladders they climb now, and what was laid out for them before."""

    deadlines: list[Deadline]
    at: dt.datetime
    book: Book
    calendar: WorkingCalendar
    # Deadlines laid out before with the date they have now.
    again: set[int]
    # The last time each repeating rung fired: occurrence and local date.
    fired: dict[tuple[int, str], tuple[int, dt.date]]

    @classmethod
    def read(cls, deadlines: list[Deadline], at: dt.datetime) -> _Schedule:
        before = ScheduledRung.objects.filter(
            deadline__in=deadlines, version=F("deadline__version"), step__isnull=False
        )
        again = set(before.values_list("deadline", flat=True))
        fired = _last_fired(again)
        book = Book(deadline.plan_id for deadline in deadlines)
        return cls(deadlines, at, book, working_calendar(), again, fired)

    def supersede(self) -> None:
        """What is due already fires as it was laid out, so that no change can swallow it."""
        planned = ScheduledRung.objects.filter(
            deadline__in=self.deadlines, state__in=(RungState.PLANNED, RungState.SKIPPED)
        ).filter(Q(state=RungState.PLANNED) | Q(reason=RungReason.SAME_DAY))
        older = planned.filter(version__lt=F("deadline__version"), state=RungState.PLANNED)
        older.update(state=RungState.SUPERSEDED, reason=RungReason.NEW_DATE)
        coming = Q(fire_at__gt=self.at) | Q(step__isnull=True)
        planned.filter(coming, version=F("deadline__version")).update(
            state=RungState.SUPERSEDED, reason=RungReason.NEW_LADDER
        )

    def rows(self, deadline: Deadline) -> Iterator[ScheduledRung]:
        """The rungs as they now come; those that fired are dropped by the unique key."""
        page = self.book.page_for(deadline)
        set_at: dt.datetime = deadline.set_at  # type: ignore[attr-defined]
        again = deadline.pk in self.again
        steps = lay_out(
            page.rungs,
            due_on=deadline.due_on,
            set_at=set_at,
            calendar=self.calendar,
            not_before=max(set_at, page.saved_at) if again else None,
        )
        for step in steps:
            row = self._row(deadline, step.rung, step.counts_from, step.fire_at)
            row.state = RungState.SKIPPED if step.skip else RungState.PLANNED
            row.reason = step.skip or ""
            yield row
        yield from self._repeats(deadline, page)

    def _repeats(self, deadline: Deadline, page: Page) -> Iterator[ScheduledRung]:
        """What had begun to repeat goes on as the new ladder says."""
        for rung in page.rungs:
            occurrence, day = self.fired.get((deadline.pk, rung.key), (rung.repeat_limit, None))
            if day is None or not rung.repeat_every or occurrence >= rung.repeat_limit:
                continue
            moment = rung.fire_at(day, self.calendar, occurrence=occurrence + 1)
            if moment <= self.at:
                moment = next_morning(self.at, self.calendar)
            yield self._row(deadline, rung, day, moment, occurrence + 1)

    def _row(
        self,
        deadline: Deadline,
        rung: Rung,
        counts_from: dt.date,
        fire_at: dt.datetime,
        occurrence: int = 0,
    ) -> ScheduledRung:
        return ScheduledRung(
            deadline=deadline,
            version=deadline.version,
            step_id=rung.step_id,
            rung=rung.key,
            occurrence=occurrence,
            counts_from=counts_from,
            fire_at=fire_at,
            calendar=fingerprint(self.calendar),
        )


def _last_fired(again: Iterable[int]) -> dict[tuple[int, str], tuple[int, dt.date]]:
    noted = set(
        OverdueNotice.objects.filter(
            deadline__in=again, version=F("deadline__version")
        ).values_list("deadline", flat=True)
    )
    fired = ScheduledRung.objects.filter(
        deadline__in=again, version=F("deadline__version"), state=RungState.FIRED
    ).order_by("occurrence")
    return {
        (deadline, rung): (occurrence, local_date(moment))
        for deadline, rung, occurrence, moment in fired.values_list(
            "deadline", "rung", "occurrence", "fired_at"
        )
        if moment is not None and deadline not in noted
    }


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
    rows = list(
        ScheduledRung.objects.filter(elsewhere, state=RungState.PLANNED)
        .order_by("pk")
        .select_for_update(skip_locked=True, of=("self",))[:batch]
    )
    if not rows:
        return 0
    _project(rows, calendar)
    ScheduledRung.objects.filter(pk__in=[row.pk for row in rows]).update(calendar=laid_on)
    return len(rows)


def _project(rows: list[ScheduledRung], calendar: WorkingCalendar) -> None:
    """Move the rungs whose moment is another one: one statement for all that move together."""
    rungs = rungs_by_step(row.step_id for row in rows)
    moved: dict[dt.datetime, list[int]] = defaultdict(list)
    for row in rows:
        if row.step_id is None:
            continue
        rung = rungs[row.step_id]
        moment = rung.fire_at(row.counts_from, calendar, occurrence=row.occurrence)
        if moment != row.fire_at:
            moved[moment].append(row.pk)
    for moment, ids in moved.items():
        ScheduledRung.objects.filter(pk__in=ids).update(fire_at=moment)
