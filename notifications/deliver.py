"""Deliver: what waits for its e-mail is checked again, composed, and sent."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from notifications.channels.mail import Courier
from notifications.compose import compose
from notifications.kinds import Channel, MailState, MessageState
from notifications.models import MAIL_LINE, Mail, Message
from notifications.parcels import Way, leave_out, send_batch
from notifications.recheck import unwanted


def _on_lines(lines: set[str]) -> Q:
    """All mail travels on one line."""
    return Q(pk__isnull=False) if MAIL_LINE in lines else Q(pk__in=())


BY_MAIL = Way(
    parcels=Mail, field="mail", courier=Courier, on_lines=_on_lines, related=("recipient",)
)


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
    composed = _compose_batch(at, batch)
    seen, sent = send_batch(BY_MAIL, at, batch)
    return composed + Delivery(seen=seen, sent=sent)


@transaction.atomic
def _compose_batch(at: dt.datetime, batch: int) -> Delivery:
    messages = _waiting(at, batch)
    reasons = unwanted(messages)
    leave_out(reasons)
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
            "recipient__preference",
            "substitute_for",
            "deadline",
            "event__participation",
            "event__report",
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
        thread=letter.thread,
        digest=not bundle[0].urgent,
        created_at=at,
        next_attempt_at=at,
    )


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
