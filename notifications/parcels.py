"""Sending parcels, of whatever kind: leased, marked as being sent, handed over, recorded.

The network is spoken to outside any transaction. A parcel is marked just before it is sent;
whoever finds that mark after its lease knows that a sender died before recording, and says so.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Q

from notifications.breaker import Fuses
from notifications.channels.outcome import Fate, Outcome
from notifications.kinds import MailState, MessageState, SkipReason
from notifications.models import Message, Parcel
from notifications.recheck import unwanted

# Longer than the longest batch: the breaker ends it after two waits for the time limit.
LEASE = dt.timedelta(minutes=10)
BACK_OFF = dt.timedelta(minutes=1)
LONGEST_BACK_OFF = dt.timedelta(hours=1)


class Courier(Protocol):
    def send(self, parcel: Any, /) -> Outcome:
        """Hand it over. Never raises for what the network or the other side may do."""


@dataclass(frozen=True, slots=True)
class Way:
    """How one kind of parcel travels. `field` is what a message calls its parcel."""

    parcels: type[Parcel]
    field: str
    courier: Callable[[], AbstractContextManager[Courier]]
    # Which parcels travel on one of these lines.
    on_lines: Callable[[set[str]], Q]
    # What the courier needs of each, fetched with the batch.
    related: tuple[str, ...]

    @property
    def rows(self) -> Any:
        return self.parcels._default_manager


def send_batch(way: Way, at: dt.datetime, batch: int) -> tuple[int, int]:
    """Try up to `batch` parcels. Returns how many were looked at, and how many were taken."""
    fuses = Fuses(at)
    seen, parcels = lease(way, at, batch, fuses.down())
    sent = 0
    with way.courier() as courier:
        for parcel in parcels:
            if parcel.line in fuses.down():
                give_back(way, parcel)
            elif begin(way, parcel):
                outcome = courier.send(parcel)
                record(way, parcel, outcome, at)
                fuses.note(parcel.line, outcome)
                sent += outcome.fate is Fate.SENT
    return seen, sent


@transaction.atomic
def lease(
    way: Way, at: dt.datetime, batch: int, down: set[str] | None = None
) -> tuple[int, list[Any]]:
    """Reserve parcels for this sender. Returns how many were looked at, and those to send."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=at)
    due = Q(state=MailState.PENDING, next_attempt_at__lte=at)
    found = list(
        way.rows.filter(due | Q(state=MailState.SENDING))
        .filter(free)
        .exclude(way.on_lines(down or set()))
        .select_related(*way.related)
        .order_by("next_attempt_at", "pk")
        .select_for_update(skip_locked=True, of=("self",))[:batch]
    )
    withdrawn = _withdraw(way, [parcel for parcel in found if parcel.attempts])
    parcels = [parcel for parcel in found if parcel.pk not in withdrawn]
    interrupted = [parcel.pk for parcel in parcels if parcel.state == MailState.SENDING]
    for parcel in parcels:
        parcel.doubtful |= parcel.state == MailState.SENDING
        parcel.state = MailState.PENDING
        parcel.leased_until = at + LEASE
    ours = way.rows.filter(pk__in=[parcel.pk for parcel in parcels])
    ours.filter(pk__in=interrupted).update(doubtful=True)
    ours.update(state=MailState.PENDING, leased_until=at + LEASE)
    return len(found), parcels


def begin(way: Way, parcel: Parcel) -> bool:
    """Mark it as being sent, just before it is: a crash leaves doubt about this one only."""
    ours = _still_leased(way, parcel)
    parcel.attempts += 1
    return bool(ours.update(state=MailState.SENDING, attempts=parcel.attempts))


def give_back(way: Way, parcel: Parcel) -> None:
    """Its line went down before it was tried: leave it to whoever finds the line mended."""
    _still_leased(way, parcel).update(leased_until=None)


def _still_leased(way: Way, parcel: Parcel) -> Any:
    return way.rows.filter(
        pk=parcel.pk,
        state=MailState.PENDING,
        attempts=parcel.attempts,
        leased_until=parcel.leased_until,
    )


def _withdraw(way: Way, parcels: Iterable[Parcel]) -> set[int]:
    """Take back parcels of earlier attempts that say something no longer wanted.

    What is still wanted in them waits to be composed anew.
    """
    messages = Message.objects.filter(**{f"{way.field}__in": list(parcels)}).select_related(
        "recipient__preference",
        "deadline__report",
        "event__participation",
        "event__report",
        "event__proposal",
    )
    parcel_of = {message.pk: getattr(message, f"{way.field}_id") for message in messages}
    reasons = unwanted(messages)
    withdrawn = {parcel for pk, parcel in parcel_of.items() if pk in reasons and parcel}
    if withdrawn:
        leave_out(reasons)
        theirs = Message.objects.filter(**{f"{way.field}__in": withdrawn})
        theirs.exclude(pk__in=reasons).update(
            **{way.field: None}, state=MessageState.PENDING, reason=""
        )
        ours = way.rows.filter(pk__in=withdrawn)
        ours.filter(state=MailState.SENDING).update(doubtful=True)
        ours.update(state=MailState.WITHDRAWN, leased_until=None)
    return withdrawn


def leave_out(reasons: dict[int, SkipReason]) -> None:
    """Record of these messages why they are not sent."""
    by_reason: dict[SkipReason, list[int]] = defaultdict(list)
    for pk, reason in reasons.items():
        by_reason[reason].append(pk)
    for reason, ids in by_reason.items():
        Message.objects.filter(pk__in=ids).update(state=MessageState.SKIPPED, reason=reason)


def record(way: Way, parcel: Parcel, outcome: Outcome, at: dt.datetime) -> None:
    """Write what became of the attempt, unless the lease ran out and another sender took over."""
    changes, told = _consequences(parcel, outcome, at)
    changes |= outcome.details
    ours = way.rows.filter(pk=parcel.pk, state=MailState.SENDING, attempts=parcel.attempts)
    with transaction.atomic():
        if not ours.update(leased_until=None, **changes):
            way.rows.filter(pk=parcel.pk).update(doubtful=True)
        elif told:
            Message.objects.filter(**{way.field: parcel.pk}).update(**told)


def _consequences(
    parcel: Parcel, outcome: Outcome, at: dt.datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What changes in the parcel, and in its messages."""
    match outcome.fate:
        case Fate.SENT:
            changes = {"state": MailState.SENT, "sent_at": at, "error": ""}
            return changes, {"state": MessageState.SENT}
        case Fate.REFUSED:
            changes = {"state": MailState.FAILED, "error": outcome.error}
            return changes, {"state": MessageState.FAILED}
        case Fate.KEPT:
            told = {"state": MessageState.SKIPPED, "reason": SkipReason.NO_SERVER}
            return {"state": MailState.KEPT}, told
        case Fate.RETRY:
            return {
                "state": MailState.PENDING,
                "next_attempt_at": at + back_off(parcel.attempts),
                "error": outcome.error,
                "doubtful": parcel.doubtful or outcome.doubtful,
            }, {}


def back_off(attempts: int) -> dt.timedelta:
    """How long to wait after so many attempts: twice as long each time, at most an hour."""
    return min(BACK_OFF * (1 << min(attempts - 1, 10)), LONGEST_BACK_OFF)
