"""Opening, moving and closing deadlines. Only other actions call these, inside their lock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet

from tasks.models import (
    Deadline,
    DeadlineKind,
    DeadlineVersion,
    Extension,
    Obstacle,
    Participation,
    Person,
    Plan,
    Proposal,
    Unit,
)
from tasks.queries import working_calendar
from tasks.rules.calendar import local_date


def open_deadline(
    kind: DeadlineKind,
    *,
    due_on: dt.date,
    plan: Plan,
    by: Person | None,
    at: dt.datetime,
    unit: Unit | None = None,
    **subject: Any,
) -> Deadline:
    """Open the first version. `subject` is `participation=` or `report=`, whose unit owes it.

    For an answer, `unit` is the one that owes it, and the subject names what waits for it.
    """
    if unit is None:
        (owner,) = subject.values()
        unit = owner.unit
    (deadline,) = _open(
        [Deadline(kind=kind, plan=plan, unit=unit, due_on=due_on, **subject)], by=by, at=at
    )
    return deadline


def open_acknowledgements(parts: Iterable[Participation], *, by: Person, at: dt.datetime) -> None:
    """Ask for acknowledgements within the configured number of working days."""
    due_on = working_calendar().shift(local_date(at), settings.DONDOC_ACKNOWLEDGE_WORKING_DAYS)
    _open(
        [
            Deadline(
                kind=DeadlineKind.ACKNOWLEDGEMENT,
                plan=part.item.plan,
                unit=part.unit,
                due_on=due_on,
                participation=part,
            )
            for part in parts
        ],
        by=by,
        at=at,
    )


def _open(deadlines: list[Deadline], *, by: Person | None, at: dt.datetime) -> list[Deadline]:
    for deadline in deadlines:
        deadline.original_due_on = deadline.due_on
        deadline.opened_at = at
    Deadline.objects.bulk_create(deadlines)
    DeadlineVersion.objects.bulk_create(
        DeadlineVersion(deadline=deadline, version=1, due_on=deadline.due_on, set_by=by, set_at=at)
        for deadline in deadlines
    )
    return deadlines


def open_obstacle_answer(obstacle: Obstacle, *, by: Person, at: dt.datetime) -> Deadline:
    """Ask the focal unit to answer within the configured number of working days."""
    part = obstacle.participation
    return open_deadline(
        DeadlineKind.OBSTACLE,
        due_on=_answer_by(at, settings.DONDOC_ANSWER_WORKING_DAYS),
        plan=part.item.plan,
        by=by,
        at=at,
        unit=obstacle.answering_unit,
        participation=part,
        obstacle=obstacle,
    )


def open_proposal_answer(proposal: Proposal, *, by: Person, at: dt.datetime) -> Deadline:
    """Ask the addressee to answer within the configured number of working days."""
    return open_deadline(
        DeadlineKind.PROPOSAL,
        due_on=_answer_by(at, settings.DONDOC_PROPOSAL_WORKING_DAYS),
        plan=proposal.plan,
        by=by,
        at=at,
        unit=proposal.answering_unit,
        proposal=proposal,
    )


def pass_answer_on(
    deadlines: QuerySet[Deadline], *, to: Unit, reason: str, by: Person, at: dt.datetime
) -> None:
    """Another unit owes the open answer now, with as many working days as the first one had."""
    days = {
        DeadlineKind.OBSTACLE: settings.DONDOC_ANSWER_WORKING_DAYS,
        DeadlineKind.PROPOSAL: settings.DONDOC_PROPOSAL_WORKING_DAYS,
    }
    for deadline in deadlines.filter(closed_at__isnull=True):
        Deadline.objects.filter(pk=deadline.pk).update(unit=to)
        due_on = _answer_by(at, days[DeadlineKind(deadline.kind)])
        move(deadline, due_on=due_on, reason=reason[:300], by=by, at=at)


def open_extension_decision(
    extension: Extension, *, part: Participation, by: Person, at: dt.datetime
) -> Deadline:
    """Ask the supervising leader to decide within the configured number of working days."""
    return open_deadline(
        DeadlineKind.EXTENSION,
        due_on=_answer_by(at, settings.DONDOC_DECIDE_WORKING_DAYS),
        plan=part.item.plan,
        by=by,
        at=at,
        unit=part.item.plan.issuer,
        participation=part,
        extension=extension,
    )


def _answer_by(at: dt.datetime, working_days: int) -> dt.date:
    return working_calendar().shift(local_date(at), working_days)


def fulfil(deadlines: QuerySet[Deadline], *, at: dt.datetime, on: dt.date | None = None) -> None:
    """The unit did its part: nothing more is expected under these deadlines.

    `on` is the local date it did so, where that is recorded later.
    """
    deadlines.filter(closed_at__isnull=True).update(closed_at=at, fulfilled_on=on or local_date(at))


def abandon(deadlines: QuerySet[Deadline], *, at: dt.datetime) -> None:
    """Nothing is expected any more, and nothing was done."""
    deadlines.filter(closed_at__isnull=True).update(closed_at=at)


def move(deadline: Deadline, *, due_on: dt.date, reason: str, by: Person, at: dt.datetime) -> None:
    """Make a new version. The original date stays, and reminders are laid out anew."""
    Deadline.objects.filter(pk=deadline.pk).update(
        due_on=due_on, version=F("version") + 1, closed_at=None, fulfilled_on=None
    )
    version = Deadline.objects.values_list("version", flat=True).get(pk=deadline.pk)
    DeadlineVersion.objects.create(
        deadline=deadline, version=version, due_on=due_on, reason=reason, set_by=by, set_at=at
    )


def reopen(deadlines: QuerySet[Deadline], *, reason: str, by: Person, at: dt.datetime) -> None:
    """What was handed in came back: the same date applies again."""
    for deadline in deadlines.order_by("-pk")[:1]:
        move(deadline, due_on=deadline.due_on, reason=reason, by=by, at=at)
