"""What a bridge is told: messages of one person as one signed call."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import translation

from notifications.compose import compose
from notifications.kinds import MailState, MessageState, SkipReason
from notifications.models import Bridge, Call, Message
from notifications.parcels import leave_out
from notifications.words import Entry, absolute, entry
from tasks.models import Person


class Bridges:
    """The bridges in use: a unit's own, and the one for everybody else. One query."""

    def __init__(self) -> None:
        self._known = {one.unit_id: one for one in Bridge.objects.working()}

    def for_message(self, message: Message) -> Bridge | None:
        unit = message.params.get("audience_unit_id")
        return self._known.get(unit) or self._known.get(None)


def make_calls(messages: Iterable[Message], at: dt.datetime) -> int:
    """One call for each person and bridge, alerts apart from the digest. Returns how many.

    What has no bridge is left out, with the reason.
    """
    bridges = Bridges()
    bundles: dict[tuple[int, int, bool], list[Message]] = defaultdict(list)
    known: dict[int, Bridge] = {}
    stranded = {}
    for message in messages:
        bridge = bridges.for_message(message)
        if bridge is None:
            stranded[message.pk] = SkipReason.NO_BRIDGE
            continue
        known[bridge.pk] = bridge
        bundles[bridge.pk, message.recipient_id, message.urgent].append(message)
    leave_out(stranded)
    calls = [_call(known[key[0]], bundle, at) for key, bundle in bundles.items()]
    for call, bundle in zip(Call.objects.bulk_create(calls), bundles.values(), strict=True):
        for message in bundle:
            message.call = call
    told = [message for bundle in bundles.values() for message in bundle]
    Message.objects.bulk_update(told, ["call"], batch_size=200)
    return len(calls)


def _call(bridge: Bridge, bundle: list[Message], at: dt.datetime) -> Call:
    recipient = bundle[0].recipient
    letter = compose(recipient, bundle)
    with translation.override(recipient.language):
        told = [_line(entry(message)) for message in bundle]
    body = {
        "type": "alert" if bundle[0].urgent else "digest",
        "created_at": at,
        "recipient": _reader(recipient),
        "subject": letter.subject,
        "text": letter.text,
        "messages": told,
    }
    return _ready(bridge, recipient, letter.subject, body, at)


def _ready(
    bridge: Bridge, recipient: Person, subject: str, body: dict[str, Any], at: dt.datetime
) -> Call:
    return Call(
        bridge=bridge,
        recipient=recipient,
        subject=subject,
        body=json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False),
        created_at=at,
        next_attempt_at=at,
    )


def _reader(person: Person) -> dict[str, str]:
    """What the other end needs to find the person there."""
    return {
        "username": person.username,
        "name": person.full_name,
        "email": person.email,
        "phone": person.phone,
        "language": person.language,
    }


def _line(one: Entry) -> dict[str, Any]:
    return {
        "kind": one.message.kind,
        "standing": one.chip.words,
        "headline": one.headline,
        "unit": one.unit,
        "todo": one.todo,
        "facts": dict(one.rows),
        "why": one.why,
        "url": one.url,
    }


def try_bridge(bridge: Bridge, *, by: Person, at: dt.datetime) -> Call:
    """A call that only says that the bridge works, about the administrator who asks for it."""
    with translation.override(by.language):
        words = translation.gettext("Đôn Đốc reaches this bridge.")
    body = {
        "type": "test",
        "created_at": at,
        "recipient": _reader(by),
        "subject": words,
        "text": f"{words}\n{absolute('/')}\n",
        "messages": [],
    }
    call = _ready(bridge, by, words, body, at)
    call.save()
    return call


@transaction.atomic
def call_again(call: Call, *, at: dt.datetime) -> Call | None:
    """Make a call again, with the same identity. Returns the call that is now waiting.

    One that had failed goes back in the line, to be checked anew; one that was taken is repeated
    as a call of its own, so that the record of the first stays. None when it is on its way.
    """
    found = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    match found.state:
        case MailState.FAILED:
            found.state, found.next_attempt_at, found.attempts = MailState.PENDING, at, 0
            found.save(update_fields=["state", "next_attempt_at", "attempts"])
            found.messages.update(state=MessageState.PENDING, reason="")
            return found
        case MailState.SENT:
            return Call.objects.create(
                bridge=found.bridge,
                recipient=found.recipient,
                subject=found.subject,
                body=found.body,
                key=found.key,
                replay_of=found.replay_of or found,
                created_at=at,
                next_attempt_at=at,
            )
        case _:
            return None
