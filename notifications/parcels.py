"""Sending parcels, of whatever kind: leased, marked as being sent, handed over, recorded.

The network is spoken to outside any transaction. A parcel is marked just before it is sent;
whoever finds that mark after its lease knows that a sender died before recording, and says so.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol

from django.db import transaction
from django.db.models import F, Q

from notifications.breaker import Fuses
from notifications.channels.outcome import Fate, Outcome
from notifications.kinds import MailState, MessageState, SkipReason
from notifications.models import Message, Parcel
from notifications.recheck import unwanted

# Longer than the longest batch: the breaker ends it after two waits for the time limit.
LEASE = dt.timedelta(minutes=10)
BACK_OFF = dt.timedelta(minutes=1)
LONGEST_BACK_OFF = dt.timedelta(hours=1)
# A parcel and what came of trying it.
Attempt = tuple[Any, Outcome]


class Courier(Protocol):
    """Carries a few parcels side by side. Never raises for what the other side may do."""

    def has_room(self) -> bool:
        """Whether one more can be offered before those offered are handed over."""

    def offer(self, parcel: Any, /) -> Outcome | None:
        """Prepare to hand it over, short of what the other side could take for it.

        Returns what came of it where it came to nothing, else None.
        """

    def hand_over(self, parcels: Sequence[Any], /) -> list[Outcome]:
        """Hand over some of those offered; the others are dropped."""


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
    """Try up to `batch` parcels. Returns how many were looked at, and how many were taken.

    What became of some parcels is recorded in the transaction that marks the next ones: waiting
    for the disk is what sending costs most.
    """
    fuses = Fuses(at)
    seen, parcels = lease(way, at, batch, fuses.down())
    waiting, sent = deque(parcels), 0
    tried: list[Attempt] = []
    with way.courier() as courier:
        while waiting or tried:
            offered = _offer(way, courier, waiting, fuses, at)
            with transaction.atomic():
                if tried:
                    record(way, tried, at)
                offered = begin(way, offered)
            outcomes = courier.hand_over(offered)
            tried = list(zip(offered, outcomes, strict=True))
            _note(fuses, tried)
            sent += sum(outcome.fate is Fate.SENT for outcome in outcomes)
    return seen, sent


def _offer(
    way: Way, courier: Courier, waiting: deque[Any], fuses: Fuses, at: dt.datetime
) -> list[Any]:
    """As many as the courier can carry at once; what came to nothing is recorded as such."""
    offered = []
    while waiting and courier.has_room():
        parcel = waiting.popleft()
        if parcel.line in fuses.down():
            give_back(way, parcel)
        elif (outcome := courier.offer(parcel)) is None:
            offered.append(parcel)
        else:
            tried = [(parcel, outcome)]
            with transaction.atomic():
                if begin(way, [parcel]):
                    record(way, tried, at)
            _note(fuses, tried)
    return offered


def _note(fuses: Fuses, tried: Iterable[Attempt]) -> None:
    for parcel, outcome in tried:
        fuses.note(parcel.line, outcome)


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


def begin(way: Way, parcels: Sequence[Any]) -> list[Any]:
    """Mark them as being sent, just before they are: a crash leaves doubt about these only.

    Returns those still ours; the lease of another may have run out.
    """
    if not parcels:
        return []
    ours = _leased(way, parcels)
    begun = ours.filter(state=MailState.PENDING).update(
        state=MailState.SENDING, attempts=F("attempts") + 1
    )
    kept = _keys(parcels)
    if begun < len(parcels):
        kept = set(ours.filter(state=MailState.SENDING).values_list("pk", flat=True))
    for parcel in parcels:
        parcel.attempts += 1
    return [parcel for parcel in parcels if parcel.pk in kept]


def give_back(way: Way, parcel: Parcel) -> None:
    """Its line went down before it was tried: leave it to whoever finds the line mended."""
    _leased(way, [parcel]).filter(state=MailState.PENDING).update(leased_until=None)


def _leased(way: Way, parcels: Sequence[Any]) -> Any:
    """Those of one sender's batch that it still holds: a later lease ends later."""
    return way.rows.filter(pk__in=_keys(parcels), leased_until=parcels[0].leased_until)


def _keys(parcels: Iterable[Any]) -> set[int]:
    return {parcel.pk for parcel in parcels}


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


@transaction.atomic
def record(way: Way, tried: Sequence[Attempt], at: dt.datetime) -> None:
    """Write what became of the attempts; a lease that ran out and was taken over leaves a doubt."""
    parcels = [parcel for parcel, _outcome in tried]
    sending = _leased(way, parcels).filter(state=MailState.SENDING).select_for_update()
    ours = set(sending.values_list("pk", flat=True))
    if lost := _keys(parcels) - ours:
        way.rows.filter(pk__in=lost).update(doubtful=True)
    became = [
        (parcel.pk, _consequences(parcel, outcome, at))
        for parcel, outcome in tried
        if parcel.pk in ours
    ]
    for (changes, told), same in groupby(became, key=itemgetter(1)):
        keys = [pk for pk, _consequences in same]
        way.rows.filter(pk__in=keys).update(leased_until=None, **changes)
        if told:
            Message.objects.filter(**{f"{way.field}__in": keys}).update(**told)


def _consequences(
    parcel: Parcel, outcome: Outcome, at: dt.datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What changes in the parcel, and in its messages."""
    changes: dict[str, Any]
    told: dict[str, Any] = {}
    match outcome.fate:
        case Fate.SENT:
            changes = {"state": MailState.SENT, "sent_at": at, "error": ""}
            told = {"state": MessageState.SENT}
        case Fate.REFUSED:
            changes = {"state": MailState.FAILED, "error": outcome.error}
            told = {"state": MessageState.FAILED}
        case Fate.KEPT:
            changes = {"state": MailState.KEPT}
            told = {"state": MessageState.SKIPPED, "reason": SkipReason.NO_SERVER}
        case Fate.RETRY:
            changes = {
                "state": MailState.PENDING,
                "next_attempt_at": at + back_off(parcel.attempts),
                "error": outcome.error,
                "doubtful": parcel.doubtful or outcome.doubtful,
            }
    return changes | dict(outcome.details), told


def back_off(attempts: int) -> dt.timedelta:
    """How long to wait after so many attempts: twice as long each time, at most an hour."""
    return min(BACK_OFF * (1 << min(attempts - 1, 10)), LONGEST_BACK_OFF)
