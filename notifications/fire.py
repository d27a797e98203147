"""Fire: rungs whose moment has come become messages, once for each person and channel."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from notifications.access import readers_of
from notifications.batches import until_done
from notifications.book import rungs_by_step
from notifications.facts import Facts, circle_of_deadline, facts_of_deadline
from notifications.kinds import Audience, Channel, Kind, MessageState, RungReason, RungState
from notifications.ladder import Rung, fingerprint
from notifications.models import Message, ScheduledRung, wishes_of
from notifications.recipients import Circle, Directory, Recipient
from notifications.wishes import AS_SHIPPED, Wishes
from tasks.models import Deadline, OverdueNotice, ReportState
from tasks.queries import working_calendar
from tasks.rules.calendar import WorkingCalendar, local_date

# These may have no part in the plan: they are told only of what they may open.
_FROM_OUTSIDE = (Audience.UNIT_ABOVE, Audience.POST)


@dataclass(frozen=True, slots=True)
class Firing:
    """What one deadline has to say now: its latest due rung, and those that were missed.

    `rungs` are those of `row` and `missed`, in this order.
    """

    deadline: Deadline
    row: ScheduledRung
    missed: tuple[ScheduledRung, ...]
    rungs: tuple[Rung, ...]

    @property
    def rung(self) -> Rung:
        return self.rungs[0]

    @property
    def urgent(self) -> bool:
        return self.rung.kind == Kind.ESCALATION

    @property
    def circle(self) -> Circle:
        posts = tuple(rung.post for rung in self.rungs if rung.post is not None)
        return replace(circle_of_deadline(self.deadline), posts=posts)

    @property
    def audiences(self) -> set[Audience]:
        """Everybody whom the latest rung or a missed one would have told."""
        return {whose_turn(one, self.deadline) for rung in self.rungs for one in rung.audience}

    @property
    def channels(self) -> tuple[Channel, ...]:
        named = {channel for rung in self.rungs for channel in rung.channels}
        return (Channel.IN_APP, *sorted(named))


def whose_turn(audience: Audience, deadline: Deadline) -> Audience:
    """A report that lies before the unit's leader waits for the leader, not for the officer."""
    report = deadline.report
    presented = report is not None and report.state == ReportState.PRESENTED
    return Audience.LEADER if presented and audience is Audience.OFFICER else audience


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
            "unit__parent",
            "plan__document",
            "plan__focal_unit",
            "plan__issuer",
            "participation__item",
            "participation__unit",
            "obstacle__raised_by",
            "extension__requested_by",
            "report__period",
            "report__unit",
            "report__reviewer",
        )
    )
    found = {deadline.pk: deadline for deadline in deadlines[:batch]}
    rows: dict[int, list[ScheduledRung]] = defaultdict(list)
    due = _due(at).filter(deadline__in=found, step__isnull=False)
    for row in due.order_by("fire_at", "occurrence", "pk"):
        if row.version == found[row.deadline_id].version:
            rows[row.deadline_id].append(row)
    rungs = rungs_by_step(row.step_id for group in rows.values() for row in group)
    return [_firing(found[pk], group, rungs) for pk, group in rows.items()]


def _firing(deadline: Deadline, due: list[ScheduledRung], rungs: dict[int, Rung]) -> Firing:
    *missed, latest = due
    order = [row.step_id for row in (latest, *missed)]
    said = tuple(rungs[step] for step in order if step is not None)
    return Firing(deadline, latest, tuple(missed), said)


def _tell(firings: list[Firing], at: dt.datetime, calendar: WorkingCalendar) -> set[int]:
    """Insert the messages; the unique keys drop what was already said. Who has a reader?"""
    reached = _reach(firings, at)
    wishes = wishes_of(one.person_id for group in reached.values() for one in group)
    messages: list[Message] = []
    told = set()
    for firing in firings:
        recipients = reached[firing.deadline.pk]
        if recipients:
            told.add(firing.row.pk)
        facts = _facts(firing, at, calendar)
        for recipient in recipients:
            theirs = wishes.get(recipient.person_id, AS_SHIPPED)
            leaves_at = _leaves_at(firing, theirs, at, calendar)
            messages += _messages(firing, recipient, facts, at, leaves_at)
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    return told


def _reach(firings: list[Firing], at: dt.datetime) -> dict[int, list[Recipient]]:
    """Whom each deadline tells; those from outside only when they may see its plan."""
    circles = {firing.deadline.pk: firing.circle for firing in firings}
    directory = Directory(circles.values(), on=local_date(at))
    found = {
        firing.deadline.pk: directory.reach(circles[firing.deadline.pk], firing.audiences)
        for firing in firings
    }
    outsiders = {
        recipient.person_id
        for recipients in found.values()
        for recipient in recipients
        if recipient.audience in _FROM_OUTSIDE
    }
    if not outsiders:
        return found
    plan_of = {firing.deadline.pk: firing.deadline.plan_id for firing in firings}
    readers = readers_of(set(plan_of.values()), outsiders)
    return {
        pk: [
            one
            for one in recipients
            if one.audience not in _FROM_OUTSIDE or (one.person_id, plan_of[pk]) in readers
        ]
        for pk, recipients in found.items()
    }


def _facts(firing: Firing, at: dt.datetime, calendar: WorkingCalendar) -> Facts:
    facts = facts_of_deadline(firing.deadline, today=local_date(at), calendar=calendar)
    missed = zip(firing.missed, firing.rungs[1:], strict=True)
    kinds = tuple((rung.kind.value, local_date(row.fire_at)) for row, rung in missed)
    return replace(facts, missed=kinds)


def _leaves_at(
    firing: Firing, wishes: Wishes, at: dt.datetime, calendar: WorkingCalendar
) -> dt.datetime:
    """An alert leaves at once, a reminder with the next digest; neither in quiet hours."""
    if firing.urgent:
        return wishes.after_quiet(at)
    return wishes.digest_after(
        firing.row.fire_at, at=at, calendar=calendar, due_on=firing.deadline.due_on
    )


def _messages(
    firing: Firing, recipient: Recipient, facts: Facts, at: dt.datetime, leaves_at: dt.datetime
) -> Iterable[Message]:
    for channel in firing.channels:
        in_app = channel == Channel.IN_APP
        yield Message(
            recipient_id=recipient.person_id,
            channel=channel,
            kind=firing.rung.kind,
            audience=recipient.audience,
            substitute_for_id=recipient.substitute_for_id,
            deadline=firing.deadline,
            version=firing.row.version,
            rung=firing.row.rung,
            occurrence=firing.row.occurrence,
            urgent=firing.urgent,
            params=facts.told_to(recipient),
            created_at=at,
            deliver_after=at if in_app else leaves_at,
            state=MessageState.SENT if in_app else MessageState.PENDING,
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
        if firing.rung.repeat_every and firing.row.occurrence < firing.rung.repeat_limit
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
                step_id=firing.row.step_id,
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
