"""Message bridges: programs elsewhere that carry our messages on, and each call made to them."""

from __future__ import annotations

import uuid
from base64 import b64encode
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext_lazy as _

from notifications.models.parcel import Parcel
from tasks.models import Person, Unit

BRIDGE_LINE = "bridge-"


def new_salt() -> str:
    return get_random_string(32)


class BridgeQuerySet(models.QuerySet["Bridge"]):
    def working(self) -> BridgeQuerySet:
        return self.filter(is_active=True)


class Bridge(models.Model):
    """Where signed calls go for the people of one unit, or for those of all the others."""

    name = models.CharField(_("name"), max_length=100)
    address = models.URLField(_("address"), max_length=500)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, verbose_name=_("unit"), related_name="+"
    )
    is_active = models.BooleanField(_("in use"), default=True)
    # The secret is made of this and the installation's key: the table alone does not tell it.
    salt = models.CharField(max_length=32, default=new_salt, editable=False)
    secret_made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = BridgeQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("message bridge")
        verbose_name_plural = _("message bridges")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("unit",),
                condition=Q(is_active=True, unit__isnull=False),
                name="one_working_bridge_per_unit",
                violation_error_message=_("This unit has a bridge in use already."),
            ),
            models.UniqueConstraint(
                fields=("is_active",),
                condition=Q(is_active=True, unit__isnull=True),
                name="one_working_general_bridge",
                violation_error_message=_("There is a bridge for everybody already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def line(self) -> str:
        return f"{BRIDGE_LINE}{self.pk}"

    @property
    def key(self) -> bytes:
        """What calls are signed with."""
        return salted_hmac("notifications.bridge", self.salt, algorithm="sha256").digest()

    @property
    def secret(self) -> str:
        """The key as it is handed to whoever runs the other end."""
        return f"whsec_{b64encode(self.key).decode()}"


class Call(Parcel):
    """One request to a bridge: what was, or will be, told it, and what it answered last."""

    bridge = models.ForeignKey(Bridge, models.PROTECT, related_name="calls")
    recipient = models.ForeignKey(Person, models.PROTECT, related_name="calls")
    subject = models.CharField(_("subject"), max_length=300)
    # Sent byte for byte as it stands, so that every attempt carries the same.
    body = models.TextField()
    # Stays the same in every attempt and replay: the other end drops what it knows.
    key = models.UUIDField(default=uuid.uuid4, db_index=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.TextField(blank=True)
    replay_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replays"
    )

    class Meta(Parcel.Meta):
        verbose_name = _("call")
        verbose_name_plural = _("calls")

    def __str__(self) -> str:
        return self.subject

    @property
    def line(self) -> str:
        return self.bridge.line
