"""What mails and calls to bridges have in common: the state of something on its way out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.kinds import MailState


class Parcel(models.Model):
    """Something composed that leaves the house: tried until it is taken, refused or withdrawn."""

    created_at = models.DateTimeField()
    state = models.CharField(
        _("state"), max_length=10, choices=MailState, default=MailState.PENDING
    )
    # A crash or a lost connection lay between sending and its record: it may arrive twice.
    doubtful = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ("-created_at", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="%(class)s_is_leased_while_sending",
                condition=Q(state="pending")
                | Q(state="sending", leased_until__isnull=False)
                | (~Q(state__in=("pending", "sending")) & Q(leased_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="sent_%(class)s_has_its_moment",
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # Serves the sending step: what is due for its next attempt.
            models.Index(
                fields=("next_attempt_at",),
                condition=Q(state="pending"),
                name="%(class)s_pending",
            ),
            # Serves the sending step: what its sender died over.
            models.Index(
                fields=("leased_until",), condition=Q(state="sending"), name="%(class)s_sending"
            ),
            # Serve the administrator's list.
            models.Index(fields=("state", "-created_at"), name="%(class)s_state_created"),
            models.Index(fields=("-created_at", "-id"), name="%(class)s_created"),
        ]

    @property
    def line(self) -> str:
        """What it travels on: when that is down, all that travels on it waits."""
        raise NotImplementedError
