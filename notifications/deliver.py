"""Deliver: what waits for its e-mail is checked again, composed, and sent.

SMTP is spoken outside any transaction. A mail is marked as being sent just before it is; whoever
finds that mark after its lease knows that a sender died before recording, and says so.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from notifications.channels.mail import Courier, Fate, Outcome
from notifications.compose import compose
from notifications.kinds import Channel, MailState, MessageState, SkipReason
from notifications.models import Mail, Message
from notifications.recheck import unwanted

# Longer than the longest batch: every mail may wait for the mail server's time limit.
LEASE = dt.timedelta(minutes=10)
BACK_OFF = dt.timedelta(minutes=1)
LONGEST_BACK_OFF = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one call did. `seen` counts the messages composed or left out, and the mails tried."""

    seen: int = 0
    composed: int = 0
    sent: int = 0

    def __add__(self, other: Delivery) -> Delivery:
        return Delivery(
            self.seen + other.seen, self.composed + other.composed, self.sent + other.sent
        )


def deliver(*, at: dt.datetime, batch: int = 20) -> Delivery:
    """Compose the mails of up to `batch` people, and try to send up to `batch` mails.

    To be called until nothing is `seen`, each time with the present moment: leases count from it.
    """
    return _compose_batch(at, batch) + _send_batch(at, batch)


@transaction.atomic
def _compose_batch(at: dt.datetime, batch: int) -> Delivery:
    messages = _waiting(at, batch)
    reasons = unwanted(messages)
    _leave_out(reasons)
    bundles: dict[tuple[int, bool], list[Message]] = defaultdict(list)
    for message in messages:
        if message.pk not in reasons:
            bundles[message.recipient_id, message.urgent].append(message)
    mails = Mail.objects.bulk_create([_mail(bundle, at) for bundle in bundles.values()])
    for mail, bundle in zip(mails, bundles.values(), strict=True):
        for message in bundle:
            message.mail = mail
    wanted = [message for bundle in bundles.values() for message in bundle]
    Message.objects.bulk_update(wanted, ["mail"], batch_size=200)
    return Delivery(seen=len(messages), composed=len(mails))


def _waiting(at: dt.datetime, batch: int) -> list[Message]:
    """All that waits for some people, so that each gets one mail. A second runner queues here."""
    waiting = Message.objects.filter(
        channel=Channel.EMAIL,
        state=MessageState.PENDING,
        mail__isnull=True,
        deliver_after__lte=at,
    )
    people = waiting.order_by("recipient").values_list("recipient", flat=True).distinct()[:batch]
    return list(
        waiting.filter(recipient__in=list(people))
        .select_related(
            "recipient", "substitute_for", "deadline", "event__participation", "event__report"
        )
        .select_for_update(of=("self",))
        .order_by("pk")
    )


def _mail(bundle: list[Message], at: dt.datetime) -> Mail:
    recipient = bundle[0].recipient
    letter = compose(recipient, bundle)
    return Mail(
        recipient=recipient,
        address=recipient.email,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        created_at=at,
        next_attempt_at=at,
    )


def _leave_out(reasons: dict[int, SkipReason]) -> None:
    by_reason: dict[SkipReason, list[int]] = defaultdict(list)
    for pk, reason in reasons.items():
        by_reason[reason].append(pk)
    for reason, ids in by_reason.items():
        Message.objects.filter(pk__in=ids).update(state=MessageState.SKIPPED, reason=reason)


def _send_batch(at: dt.datetime, batch: int) -> Delivery:
    seen, mails = _lease(at, batch)
    sent = 0
    with Courier() as courier:
        for mail in mails:
            if _begin(mail):
                outcome = courier.send(mail)
                _record(mail, outcome, at)
                sent += outcome.fate is Fate.SENT
    return Delivery(seen=seen, sent=sent)


@transaction.atomic
def _lease(at: dt.datetime, batch: int) -> tuple[int, list[Mail]]:
    """Reserve mails for this sender. Returns how many were looked at, and those to send."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=at)
    due = Q(state=MailState.PENDING, next_attempt_at__lte=at)
    found = list(
        Mail.objects.filter(due | Q(state=MailState.SENDING))
        .filter(free)
        .order_by("next_attempt_at", "pk")
        .select_for_update(skip_locked=True, of=("self",))[:batch]
    )
    withdrawn = _withdraw([mail for mail in found if mail.attempts])
    mails = [mail for mail in found if mail.pk not in withdrawn]
    for mail in mails:
        mail.doubtful |= mail.state == MailState.SENDING
        mail.state = MailState.PENDING
        mail.leased_until = at + LEASE
    Mail.objects.bulk_update(mails, ["doubtful", "state", "leased_until"], batch_size=100)
    return len(found), mails


def _begin(mail: Mail) -> bool:
    """Mark the mail as being sent, just before it is: a crash leaves doubt about this one only."""
    ours = Mail.objects.filter(
        pk=mail.pk,
        state=MailState.PENDING,
        attempts=mail.attempts,
        leased_until=mail.leased_until,
    )
    mail.attempts += 1
    return bool(ours.update(state=MailState.SENDING, attempts=mail.attempts))


def _withdraw(mails: Iterable[Mail]) -> set[int]:
    """Take back mails of earlier attempts that say something no longer wanted.

    What is still wanted in them waits to be composed anew.
    """
    messages = Message.objects.filter(mail__in=list(mails)).select_related(
        "recipient", "deadline", "event__participation", "event__report"
    )
    mail_of = {message.pk: message.mail_id for message in messages}
    reasons = unwanted(messages)
    withdrawn = {mail_id for pk, mail_id in mail_of.items() if pk in reasons and mail_id}
    if withdrawn:
        _leave_out(reasons)
        still_wanted = Message.objects.filter(mail__in=withdrawn).exclude(pk__in=reasons)
        still_wanted.update(mail=None, state=MessageState.PENDING, reason="")
        orphaned = Q(state=MailState.SENDING)
        Mail.objects.filter(orphaned, pk__in=withdrawn).update(doubtful=True)
        Mail.objects.filter(pk__in=withdrawn).update(state=MailState.WITHDRAWN, leased_until=None)
    return withdrawn


def _record(mail: Mail, outcome: Outcome, at: dt.datetime) -> None:
    """Write what became of the attempt, unless the lease ran out and another sender took over."""
    told: dict[str, Any] = {}
    match outcome.fate:
        case Fate.SENT:
            changes: dict[str, Any] = {"state": MailState.SENT, "sent_at": at, "error": ""}
            told = {"state": MessageState.SENT}
        case Fate.REFUSED:
            changes = {"state": MailState.FAILED, "error": outcome.error}
            told = {"state": MessageState.FAILED}
        case Fate.KEPT:
            changes = {"state": MailState.KEPT}
            told = {"state": MessageState.SKIPPED, "reason": SkipReason.NO_SERVER}
        case Fate.RETRY:
            later = at + back_off(mail.attempts)
            changes = {
                "state": MailState.PENDING,
                "next_attempt_at": later,
                "error": outcome.error,
                "doubtful": mail.doubtful or outcome.doubtful,
            }
    ours = Mail.objects.filter(pk=mail.pk, state=MailState.SENDING, attempts=mail.attempts)
    with transaction.atomic():
        if not ours.update(leased_until=None, **changes):
            Mail.objects.filter(pk=mail.pk).update(doubtful=True)
        elif told:
            mail.messages.update(**told)


def back_off(attempts: int) -> dt.timedelta:
    """How long to wait after so many attempts: twice as long each time, at most an hour."""
    return min(BACK_OFF * (1 << min(attempts - 1, 10)), LONGEST_BACK_OFF)


@transaction.atomic
def send_again(mail: Mail, *, at: dt.datetime) -> bool:
    """Put a refused or kept mail back in the line, to the address its recipient has now.

    Returns whether it was there to be put back. It keeps its Message-ID.
    """
    again = Mail.objects.filter(pk=mail.pk, state__in=(MailState.FAILED, MailState.KEPT)).update(
        state=MailState.PENDING,
        next_attempt_at=at,
        address=mail.recipient.email or mail.address,
    )
    if again:
        mail.messages.update(state=MessageState.PENDING, reason="")
    return bool(again)
