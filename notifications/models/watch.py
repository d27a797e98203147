"""Who watches the reminders: signs of life, and what each check of the records found."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.kinds import FindingKind, Part
from notifications.models.bridges import Call
from notifications.models.outbox import Mail
from tasks.models import Deadline, Person


class Heartbeat(models.Model):
    """When a part of the machinery last did its work. Silence is noticed by its age."""

    part = models.CharField(max_length=8, choices=Part, primary_key=True)
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    failed_at = models.DateTimeField(null=True, blank=True)
    # The kind of the last failure, such as `OperationalError`; never its words, which may tell
    # addresses or passwords.
    failure = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("part",)

    def __str__(self) -> str:
        return f"{self.part}: {self.last_at:%d/%m/%Y %H:%M}"


class AuditRunQuerySet(models.QuerySet["AuditRun"]):
    def finished(self) -> AuditRunQuerySet:
        return self.filter(finished_at__isnull=False)


class AuditRun(models.Model):
    """One comparison of what should have been sent with what was recorded."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    deadlines = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(default=0)
    # How many of each kind were found, also of those beyond the ones kept as rows.
    counts = models.JSONField(default=dict)
    alarms = models.PositiveIntegerField(default=0)
    # Set on the check that was repaired, not on the one that followed.
    repaired_at = models.DateTimeField(null=True, blank=True)
    # Nobody: the command was run by hand.
    repaired_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    repairs = models.JSONField(default=dict)

    objects = AuditRunQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at", "-pk")
        verbose_name = _("check of the reminders")
        verbose_name_plural = _("checks of the reminders")
        indexes: ClassVar = [
            # Serves the banner and the health address: the newest finished check.
            models.Index(
                fields=("-started_at",),
                condition=Q(finished_at__isnull=False),
                name="audit_run_finished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%d/%m/%Y %H:%M}"


class AuditFinding(models.Model):
    """One difference that a check found."""

    run = models.ForeignKey(AuditRun, models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=12, choices=FindingKind)
    deadline = models.ForeignKey(Deadline, models.CASCADE, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=0)
    rung = models.CharField(max_length=20, blank=True)
    occurrence = models.PositiveSmallIntegerField(default=0)
    mail = models.ForeignKey(Mail, models.CASCADE, null=True, blank=True, related_name="+")
    call = models.ForeignKey(Call, models.CASCADE, null=True, blank=True, related_name="+")
    # The row of the schedule, the message or the event, where there is one.
    row = models.PositiveBigIntegerField(null=True, blank=True)
    # When it should have been, and when it was or is to be.
    expected_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.kind} {self.deadline_id or ''} {self.rung}".strip()
