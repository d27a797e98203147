"""Fire: rungs whose moment has come become messages, once for each person and channel."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from notifications.batches import until_done
from notifications.facts import Facts, circle_of, facts_of_deadline
from notifications.kinds import Audience, Channel, Kind, MessageState, RungReason, RungState
from notifications.ladder import REPEAT_LIMIT, RUNGS, Rung, fingerprint
from notifications.models import Message, ScheduledRung
from notifications.recipients import Directory, Recipient
from tasks.models import Deadline, OverdueNotice
from tasks.queries import working_calendar
from tasks.rules.calendar import WorkingCalendar, local_date


@dataclass(frozen=True, slots=True)
class Firing:
    """What one deadline has to say now: its latest due rung, and those that were missed."""

    deadline: Deadline
    row: ScheduledRung
    missed: tuple[ScheduledRung, ...]

    @property
    def rung(self) -> Rung:
        return RUNGS[self.deadline.kind, self.row.rung]

    @property
    def audiences(self) -> set[Audience]:
        """Everybody whom the latest rung or a missed one would have told."""
        rungs = (RUNGS[self.deadline.kind, row.rung] for row in (self.row, *self.missed))
        return {audience for rung in rungs for audience in rung.audience}


def fire_due(*, at: dt.datetime, batch: int = 200) -> int:
    """Turn the rungs due at `at` into messages. Returns how many deadlines spoke.

    Of several due rungs of one deadline only the latest fires; its message lists the others and
    reaches their people too. Suspended deadlines stay silent until they are resumed. Safe to
    repeat and to run twice at once.
    """
    _drop_outdated(at)
    return until_done(lambda: _fire_batch(at, batch))


def _due(at: dt.datetime) -> QuerySet[ScheduledRung]:
    return ScheduledRung.objects.filter(state=RungState.PLANNED, fire_at__lte=at)


def _drop_outdated(at: dt.datetime) -> None:
    """Rungs come due whose deadline is closed or moved, and repeats a leader took note of."""
    due = _due(at)
    due.filter(deadline__closed_at__isnull=False).update(
        state=RungState.SUPERSEDED, reason=RungReason.CLOSED
    )
    due.exclude(version=F("deadline__version")).update(
        state=RungState.SUPERSEDED, reason=RungReason.NEW_DATE
    )
    notices = OverdueNotice.objects.filter(
        deadline=OuterRef("deadline"), version=OuterRef("version")
    )
    due.filter(Exists(notices), occurrence__gt=0).update(
        state=RungState.SKIPPED, reason=RungReason.NOTED
    )


@transaction.atomic
def _fire_batch(at: dt.datetime, batch: int) -> int:
    firings = _claim(at, batch)
    if not firings:
        return 0
    calendar = working_calendar()
    told = _tell(firings, at, calendar)
    _record(firings, told, at)
    _plan_repeats(firings, at, calendar)
    return len(firings)


def _claim(at: dt.datetime, batch: int) -> list[Firing]:
    """Lock deadlines that have something to say.

    The lock is on the deadline: all its due rungs are taken by one runner, and nobody closes or
    moves it before the messages are written. SQLite needs none: its writers queue up.
    """
    speaking = _due(at).filter(deadline=OuterRef("pk"), version=OuterRef("version"))
    deadlines = (
        Deadline.objects.open()
        .filter(Exists(speaking))
        .order_by("pk")
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .select_related(
            "unit",
            "plan__document",
            "plan__focal_unit",
            "plan__issuer",
            "participation__item",
            "participation__unit",
            "report__period",
            "report__unit",
            "report__reviewer",
        )
    )
    found = {deadline.pk: deadline for deadline in deadlines[:batch]}
    rows: dict[int, list[ScheduledRung]] = defaultdict(list)
    for row in _due(at).filter(deadline__in=found).order_by("fire_at", "occurrence", "pk"):
        if row.version == found[row.deadline_id].version:
            rows[row.deadline_id].append(row)
    return [Firing(found[pk], due[-1], tuple(due[:-1])) for pk, due in rows.items()]


def _tell(firings: list[Firing], at: dt.datetime, calendar: WorkingCalendar) -> set[int]:
    """Insert the messages; the unique keys drop what was already said. Who has a reader?"""
    circles = {
        firing.deadline.pk: circle_of(
            firing.deadline.plan,
            part=firing.deadline.participation,
            report=firing.deadline.report,
        )
        for firing in firings
    }
    directory = Directory(circles.values(), on=local_date(at))
    messages: list[Message] = []
    told = set()
    for firing in firings:
        recipients = directory.reach(circles[firing.deadline.pk], firing.audiences)
        if recipients:
            told.add(firing.row.pk)
        messages += _messages(firing, recipients, _facts(firing, at, calendar), at)
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    return told


def _facts(firing: Firing, at: dt.datetime, calendar: WorkingCalendar) -> Facts:
    facts = facts_of_deadline(firing.deadline, today=local_date(at), calendar=calendar)
    kinds = ((row, RUNGS[firing.deadline.kind, row.rung].kind.value) for row in firing.missed)
    return replace(facts, missed=tuple((kind, local_date(row.fire_at)) for row, kind in kinds))


def _messages(
    firing: Firing, recipients: Iterable[Recipient], facts: Facts, at: dt.datetime
) -> Iterable[Message]:
    kind = firing.rung.kind
    for recipient in recipients:
        for channel in Channel:
            yield Message(
                recipient_id=recipient.person_id,
                channel=channel,
                kind=kind,
                audience=recipient.audience,
                substitute_for_id=recipient.substitute_for_id,
                deadline=firing.deadline,
                version=firing.row.version,
                rung=firing.row.rung,
                occurrence=firing.row.occurrence,
                urgent=kind == Kind.ESCALATION,
                params=facts.told_to(recipient),
                created_at=at,
                deliver_after=at,
                state=MessageState.SENT if channel == Channel.IN_APP else MessageState.PENDING,
            )


def _record(firings: list[Firing], told: set[int], at: dt.datetime) -> None:
    fired = {firing.row.pk for firing in firings}
    missed = [row.pk for firing in firings for row in firing.missed]
    rungs = ScheduledRung.objects
    rungs.filter(pk__in=fired).update(state=RungState.FIRED, fired_at=at)
    rungs.filter(pk__in=fired - told).update(reason=RungReason.NOBODY)
    rungs.filter(pk__in=missed).update(state=RungState.SKIPPED, reason=RungReason.CAUGHT_UP)


def _plan_repeats(firings: list[Firing], at: dt.datetime, calendar: WorkingCalendar) -> None:
    """The next occurrence counts from today, unless a leader has taken note of the delay."""
    repeating = [
        firing
        for firing in firings
        if firing.rung.repeat_every and firing.row.occurrence < REPEAT_LIMIT
    ]
    noted = set(
        OverdueNotice.objects.filter(
            deadline__in=[firing.deadline for firing in repeating]
        ).values_list("deadline_id", "version")
    )
    today = local_date(at)
    ScheduledRung.objects.bulk_create(
        [
            ScheduledRung(
                deadline=firing.deadline,
                version=firing.row.version,
                rung=firing.row.rung,
                occurrence=firing.row.occurrence + 1,
                counts_from=today,
                fire_at=firing.rung.fire_at(today, calendar, occurrence=1),
                calendar=fingerprint(calendar),
            )
            for firing in repeating
            if (firing.deadline.pk, firing.row.version) not in noted
        ],
        ignore_conflicts=True,
    )
