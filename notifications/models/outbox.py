"""The outbox and the mails. The tables are the truth; the broker only wakes us."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.kinds import (
    Audience,
    Channel,
    Kind,
    MessageState,
    SkipReason,
)
from notifications.models.bridges import Call
from notifications.models.parcel import Parcel
from notifications.models.schedule import ScheduledRung
from tasks.models import Deadline, Event, Person

MAIL_LINE = "mail"


def new_message_id() -> str:
    """A Message-ID that stays with the mail however often it is sent."""
    return f"<{uuid.uuid4()}@{_host()}>"


def _host() -> str:
    return urlsplit(settings.DONDOC_BASE_URL).hostname or "localhost"


class Mail(Parcel):
    """One composed e-mail: what was, or will be, sent to one address."""

    recipient = models.ForeignKey(Person, models.PROTECT, related_name="mails")
    address = models.EmailField(_("address"))
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField()
    html = models.TextField()
    message_id = models.CharField(max_length=300, unique=True, default=new_message_id)
    # The one matter it is about, such as "item-12"; empty when there are several.
    thread = models.CharField(max_length=40, blank=True)
    # Not urgent: its recipient may ask for no more of these.
    digest = models.BooleanField(default=False)

    class Meta(Parcel.Meta):
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")

    def __str__(self) -> str:
        return self.subject

    @property
    def line(self) -> str:
        return MAIL_LINE

    @property
    def thread_id(self) -> str:
        """A Message-ID that no mail has: the common ancestor of all about one matter."""
        return f"<{self.thread}@{_host()}>" if self.thread else ""


class Breaker(models.Model):
    """A line that failed several times running: nothing is tried on it before `open_until`."""

    line = models.CharField(max_length=40, unique=True)
    failures = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    open_until = models.DateTimeField()
    error = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.line}: {self.open_until:%d/%m/%Y %H:%M}"


class Message(models.Model):
    """One thing one person is told by one channel: the alert itself, or a line of the outbox.

    Inserting it is the claim: the unique constraints let each rung or event tell a person once.
    An in-app row is delivered by being there. A whole country's messages are written on one
    morning: keys that no query looks for alone have no index of their own.
    """

    recipient = models.ForeignKey(Person, models.PROTECT, related_name="messages", db_index=False)
    channel = models.CharField(max_length=8, choices=Channel)
    kind = models.CharField(max_length=10, choices=Kind)
    audience = models.CharField(max_length=16, choices=Audience)
    substitute_for = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    deadline = models.ForeignKey(
        Deadline, models.CASCADE, null=True, blank=True, related_name="messages"
    )
    version = models.PositiveIntegerField(default=0)
    rung = models.CharField(max_length=20, blank=True)
    occurrence = models.PositiveSmallIntegerField(default=0)
    # The row of the schedule that fired. It is written only from that row and goes with the
    # deadline, as the row does: neither needs the database to look again.
    scheduled = models.ForeignKey(
        ScheduledRung,
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    # "event_tells_a_person_once" begins with it.
    event = models.ForeignKey(
        Event,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="messages",
        db_index=False,
    )
    urgent = models.BooleanField(default=False)
    # What it says to its reader alone; the rest stands with the rung. News has all of it here.
    params = models.JSONField(encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField()
    # Not composed before this moment: news waits for the digest of the morning.
    deliver_after = models.DateTimeField()
    state = models.CharField(max_length=8, choices=MessageState, default=MessageState.PENDING)
    reason = models.CharField(max_length=12, choices=SkipReason, blank=True)
    mail = models.ForeignKey(
        Mail, models.SET_NULL, null=True, blank=True, related_name="messages", db_index=False
    )
    call = models.ForeignKey(
        Call, models.SET_NULL, null=True, blank=True, related_name="messages", db_index=False
    )
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("deadline", "version", "rung", "occurrence", "recipient", "channel"),
                condition=Q(event__isnull=True),
                name="rung_tells_a_person_once",
            ),
            models.UniqueConstraint(
                fields=("event", "recipient", "channel"),
                condition=Q(event__isnull=False),
                name="event_tells_a_person_once",
            ),
            models.CheckConstraint(
                name="message_has_a_rung_or_an_event",
                condition=Q(event__isnull=False, rung="")
                | (Q(event__isnull=True, deadline__isnull=False) & ~Q(rung="")),
            ),
            models.CheckConstraint(
                name="in_app_message_is_delivered",
                condition=~Q(channel="in_app") | Q(state="sent"),
            ),
        ]
        indexes: ClassVar = [
            # Serves the composing step: what waits for its e-mail.
            models.Index(
                fields=("deliver_after", "recipient"),
                condition=Q(channel="email", state="pending", mail__isnull=True),
                name="message_uncomposed",
            ),
            # Serves the same step for message bridges.
            models.Index(
                fields=("deliver_after", "recipient"),
                condition=Q(channel="webhook", state="pending", call__isnull=True),
                name="message_uncalled",
            ),
            # Serves the count in the top bar.
            models.Index(
                fields=("recipient",),
                condition=Q(channel="in_app", read_at__isnull=True),
                name="message_unread",
            ),
            # Serves "my alerts".
            models.Index(
                fields=("recipient", "-created_at"),
                condition=Q(channel="in_app"),
                name="message_alerts",
            ),
            # Serve whoever looks for the messages of a mail or call; most have neither.
            models.Index(fields=("mail",), condition=Q(mail__isnull=False), name="message_mail"),
            models.Index(fields=("call",), condition=Q(call__isnull=False), name="message_call"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} → {self.recipient_id}"

    @property
    def facts(self) -> dict[str, Any]:
        """All that it says, by the names of `Facts`. Needs `scheduled`, or asks for it."""
        shared = self.scheduled.facts if self.scheduled is not None else None
        return {**(shared or {}), **self.params}
