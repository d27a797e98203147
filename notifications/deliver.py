"""Deliver: what waits to leave the house is checked again, composed, and sent."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from notifications.calls import make_calls
from notifications.channels.bridge import Caller
from notifications.channels.mail import Courier
from notifications.compose import compose
from notifications.fire import anything_due, unfired
from notifications.kinds import Channel, MailState, MessageState
from notifications.models import BRIDGE_LINE, MAIL_LINE, Call, Mail, Message
from notifications.parcels import Way, leave_out, send_batch
from notifications.recheck import unwanted
from tasks.models import Person

logger = logging.getLogger(__name__)


def _on_lines(lines: set[str]) -> Q:
    """All mail travels on one line."""
    return Q(pk__isnull=False) if MAIL_LINE in lines else Q(pk__in=())


BY_MAIL = Way(
    parcels=Mail, field="mail", courier=Courier, on_lines=_on_lines, related=("recipient",)
)


def _over_bridges(lines: set[str]) -> Q:
    """Each bridge is a line of its own; one that is not in use is down."""
    bridges = {line.removeprefix(BRIDGE_LINE) for line in lines if line.startswith(BRIDGE_LINE)}
    return Q(bridge__in=bridges) | Q(bridge__is_active=False)


BY_BRIDGE = Way(
    parcels=Call, field="call", courier=Caller, on_lines=_over_bridges, related=("bridge",)
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one call did. `seen` counts the messages composed or left out, and what was tried.

    `composed` and `sent` count mails, `called` calls to bridges that were answered well.
    """

    seen: int = 0
    composed: int = 0
    sent: int = 0
    called: int = 0

    def __add__(self, other: Delivery) -> Delivery:
        return Delivery(
            self.seen + other.seen,
            self.composed + other.composed,
            self.sent + other.sent,
            self.called + other.called,
        )


def deliver(*, at: dt.datetime, batch: int = 100, patient: bool = False) -> Delivery:
    """Compose the mails and calls for up to `batch` people, and try up to `batch` of each.

    To be called until nothing is `seen`, each time with the present moment: leases count from it.
    While another sweep still fires what is due, a `patient` call composes nothing, so that what
    one morning brings to one person is one mail.
    """
    composed = Delivery()
    if not (patient and anything_due(at) and unfired(at).exists()):
        composed = compose_mails(at, batch) + _call_batch(at, batch)
    seen, sent = send_batch(BY_MAIL, at, batch)
    seen_calls, called = send_batch(BY_BRIDGE, at, batch)
    return composed + Delivery(seen=seen + seen_calls, sent=sent, called=called)


@transaction.atomic
def compose_mails(at: dt.datetime, batch: int) -> Delivery:
    seen, wanted = _wanted(BY_MAIL, Channel.EMAIL, at, batch)
    bundles: dict[tuple[int, bool], list[Message]] = defaultdict(list)
    for message in wanted:
        bundles[message.recipient_id, message.urgent].append(message)
    mails = Mail.objects.bulk_create([_mail(bundle, at) for bundle in bundles.values()])
    _put_into(mails, wanted)
    failed = [mail.pk for mail in mails if mail.state == MailState.FAILED]
    if failed:
        Message.objects.filter(mail__in=failed).update(state=MessageState.FAILED)
    return Delivery(seen=seen, composed=len(mails) - len(failed))


def _put_into(mails: list[Mail], messages: list[Message]) -> None:
    """Each message goes with the mail of its reader: what is urgent apart from the digest."""
    theirs = Mail.objects.filter(
        pk__in=[mail.pk for mail in mails],
        recipient=OuterRef("recipient"),
        digest=Case(When(Exact(OuterRef("urgent"), Value(True)), then=False), default=True),
    )
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(
        mail=Subquery(theirs.values("pk"))
    )


@transaction.atomic
def _call_batch(at: dt.datetime, batch: int) -> Delivery:
    seen, wanted = _wanted(BY_BRIDGE, Channel.WEBHOOK, at, batch)
    if wanted:
        make_calls(wanted, at)
    return Delivery(seen=seen)


def _wanted(way: Way, channel: Channel, at: dt.datetime, batch: int) -> tuple[int, list[Message]]:
    """How many messages wait, and those that are still to go; the others are left out."""
    messages = _waiting(way, channel, at, batch)
    if not messages:
        return 0, []
    reasons = unwanted(messages)
    leave_out(reasons)
    return len(messages), [message for message in messages if message.pk not in reasons]


def _waiting(way: Way, channel: Channel, at: dt.datetime, batch: int) -> list[Message]:
    """All that waits for some people, so that each gets one mail. A second runner takes others."""
    waiting = Message.objects.filter(
        channel=channel,
        state=MessageState.PENDING,
        deliver_after__lte=at,
        **{f"{way.field}__isnull": True},
    )
    people = {person.pk: person for person in _claim(waiting, batch)}
    messages = list(
        waiting.filter(recipient__in=list(people))
        .select_related(
            "substitute_for",
            "scheduled",
            "deadline__report",
            "event__participation",
            "event__report",
            "event__proposal",
        )
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    for message in messages:
        message.recipient = people[message.recipient_id]
    return messages


def _claim(waiting: QuerySet[Message], batch: int) -> QuerySet[Person]:
    """Readers whose mails nobody else composes at the moment."""
    readers = Person.objects.filter(pk__in=waiting.values("recipient"))
    return (
        readers.select_related("preference")
        .order_by("pk")
        .select_for_update(skip_locked=True, no_key=True, of=("self",))[:batch]
    )


def _mail(bundle: list[Message], at: dt.datetime) -> Mail:
    """The mail in words. One that cannot be worded stops no other: an administrator sees it."""
    recipient = bundle[0].recipient
    mail = Mail(
        recipient=recipient,
        address=recipient.email,
        digest=not bundle[0].urgent,
        created_at=at,
        next_attempt_at=at,
    )
    try:
        letter = compose(recipient, bundle)
    except Exception as error:
        logger.exception("a mail to %s cannot be put into words", recipient)
        mail.subject = _("A mail that could not be put into words")
        mail.state, mail.error = MailState.FAILED, f"{type(error).__name__}: {error}"
        return mail
    mail.subject, mail.text, mail.html = letter.subject, letter.text, letter.html
    mail.thread = letter.thread
    return mail


@transaction.atomic
def send_again(mail: Mail, *, at: dt.datetime) -> bool:
    """Put a refused or kept mail back in the line, to the address its recipient has now.

    Returns whether it was there to be put back. It keeps its Message-ID. What could not be put
    into words is composed anew, in a mail of its own.
    """
    if not mail.text:
        wordless = Mail.objects.filter(pk=mail.pk, state=MailState.FAILED, text="")
        again = wordless.update(state=MailState.WITHDRAWN)
        if again:
            mail.messages.update(state=MessageState.PENDING, reason="", mail=None)
        return bool(again)
    again = Mail.objects.filter(pk=mail.pk, state__in=(MailState.FAILED, MailState.KEPT)).update(
        state=MailState.PENDING,
        next_attempt_at=at,
        address=mail.recipient.email or mail.address,
    )
    if again:
        mail.messages.update(state=MessageState.PENDING, reason="")
    return bool(again)
