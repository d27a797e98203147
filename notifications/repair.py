"""Repair: let the ordinary steps do again what a check found undone. Nothing is told twice.

Rungs are put back to where the planner or the firing step picks them up; the unique keys of the
schedule and of the messages drop whatever is there already.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from notifications.announce import announce_events
from notifications.audit import run_audit
from notifications.book import lock_ladders
from notifications.deliver import Delivery, deliver
from notifications.fire import fire_due
from notifications.kinds import FindingKind, RungReason, RungState
from notifications.models import AuditFinding, AuditRun, ScheduledRung
from notifications.plan import plan_deadlines, replan_calendar
from tasks.models import Deadline, Person

# What becomes of each kind of difference.
LAID_OUT_ANEW = frozenset(
    {
        FindingKind.UNPLANNED,
        FindingKind.MISSING,
        FindingKind.MOVED,
        FindingKind.UNEXPECTED,
    }
)
SPOKEN_AGAIN = frozenset({FindingKind.UNTOLD})
SWEPT = frozenset(
    {
        FindingKind.OVERDUE,
        FindingKind.UNANNOUNCED,
        FindingKind.UNDELIVERED,
        FindingKind.STUCK,
    }
)
REPAIRABLE = LAID_OUT_ANEW | SPOKEN_AGAIN | SWEPT


@dataclass(frozen=True, slots=True)
class Repaired:
    """What one repair did, in rows."""

    laid_out: int = 0
    spoken_again: int = 0
    announced: int = 0
    planned: int = 0
    fired: int = 0
    mails: int = 0

    def as_dict(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__slots__}


def repair(
    run: AuditRun, *, clock: Callable[[], dt.datetime], by: Person | None, mail: bool = True
) -> Repaired:
    """Repair what `run` found. Without `mail` the worker sends the mails at its next wake-up.

    Safe to repeat and to run twice at once.
    """
    findings = list(run.findings.all())
    laid_out = _lay_out_anew([one for one in findings if one.kind in LAID_OUT_ANEW])
    spoken_again = _speak_again(one for one in findings if one.kind in SPOKEN_AGAIN)
    announced = announce_events(at=clock())
    planned = plan_deadlines(at=clock())
    replan_calendar(at=clock())
    done = Repaired(
        laid_out,
        spoken_again,
        announced,
        planned,
        fire_due(at=clock()),
        _send(clock).sent if mail else 0,
    )
    AuditRun.objects.filter(pk=run.pk).update(
        repaired_at=clock(), repaired_by=by, repairs=done.as_dict()
    )
    return done


def repair_and_check(
    run: AuditRun, *, clock: Callable[[], dt.datetime], by: Person | None, mail: bool = True
) -> tuple[Repaired, AuditRun | None]:
    """Repair, then look again: the new check shows what is left."""
    done = repair(run, clock=clock, by=by, mail=mail)
    return done, run_audit(at=clock())


@transaction.atomic
def _lay_out_anew(findings: list[AuditFinding]) -> int:
    """Ask the planner for these dates; what has not fired is superseded, what fired stays.

    A rung that was wrongly left out gives up its place to the one to be laid out.
    """
    lock_ladders()
    left_out = ScheduledRung.objects.filter(
        pk__in=[one.row for one in findings if one.row is not None],
        state=RungState.SKIPPED,
        version=F("deadline__version"),
    )
    left_out.update(state=RungState.SUPERSEDED, reason=RungReason.REPAIRED)
    wanted = {one.deadline_id for one in findings if one.deadline_id is not None}
    return Deadline.objects.filter(pk__in=wanted, closed_at__isnull=True).update(planned_version=0)


def _speak_again(findings: Iterable[AuditFinding]) -> int:
    """Fired rungs that nobody heard are due again; the firing step tells whoever was not told."""
    rows = ScheduledRung.objects.filter(
        pk__in=[one.row for one in findings if one.row],
        state=RungState.FIRED,
        version=F("deadline__version"),
        deadline__closed_at__isnull=True,
    )
    return rows.update(state=RungState.PLANNED, fired_at=None, reason="")


def _send(clock: Callable[[], dt.datetime]) -> Delivery:
    total = Delivery()
    while (done := deliver(at=clock())).seen:
        total += done
    return total
