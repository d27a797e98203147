"""The schedule: when each rung of each open deadline fires."""

from __future__ import annotations

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from notifications.kinds import RungReason, RungState
from notifications.models.ladders import LadderRung
from tasks.models import Deadline


class ScheduledRung(models.Model):
    """When one rung of a deadline's ladder fires. Rungs that fired stay as history."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="rungs")
    version = models.PositiveIntegerField()
    # The rung of the ladder it was laid out by; none where an earlier release laid it out. No
    # query looks for the rows of a step: an index of it would only cost when they are written.
    step = models.ForeignKey(
        LadderRung, models.PROTECT, null=True, related_name="scheduled", db_index=False
    )
    rung = models.CharField(max_length=20)
    occurrence = models.PositiveSmallIntegerField(default=0)
    # The local date the rung's days are counted from, so that it can be projected again.
    counts_from = models.DateField()
    fire_at = models.DateTimeField()
    # The fingerprint of the working calendar it was projected on.
    calendar = models.CharField(max_length=16)
    state = models.CharField(max_length=10, choices=RungState, default=RungState.PLANNED)
    reason = models.CharField(max_length=12, choices=RungReason, blank=True)
    fired_at = models.DateTimeField(null=True, blank=True)
    # What was known of the matter when it fired, once for all its messages.
    facts = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ("fire_at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("deadline", "version", "rung", "occurrence"),
                condition=~Q(state="superseded"),
                name="rung_planned_once",
            ),
            models.CheckConstraint(
                name="fired_rung_has_its_moment",
                condition=Q(state="fired", fired_at__isnull=False)
                | (~Q(state="fired") & Q(fired_at__isnull=True)),
            ),
        ]
        indexes: ClassVar = [
            # Serves `fire_due`: the planned rungs whose moment has come.
            models.Index(
                fields=("fire_at", "deadline"), condition=Q(state="planned"), name="rung_planned"
            ),
            # Serves `replan_calendar`: planned rungs projected on another calendar.
            models.Index(
                fields=("calendar",), condition=Q(state="planned"), name="rung_planned_calendar"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id}.{self.version} {self.rung}#{self.occurrence}"
