"""Deadlines: the one place that says when something is due.

A deadline's date changes only by a new version; the original date stays. Whether it is late is
never stored: `tasks.rules.timeliness` and the querysets below derive it from the clock.
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tasks.models.item import Obstacle, Participation
from tasks.models.plan import Plan
from tasks.models.proposal import Proposal
from tasks.models.report import Report
from tasks.models.unit import Person, Unit


class DeadlineKind(models.TextChoices):
    ACKNOWLEDGEMENT = "acknowledgement", _("acknowledgement")
    ITEM = "item", _("plan item")
    REPORT = "report", _("report")
    CONSOLIDATED = "consolidated", _("consolidated report")
    OBSTACLE = "obstacle", _("answer to an obstacle")
    EXTENSION = "extension", _("decision on an extension")
    PROPOSAL = "proposal", _("answer to a proposal")


# What another unit owes the one that asks: the clocks of the answer, not of the work.
ANSWERS = (DeadlineKind.OBSTACLE, DeadlineKind.EXTENSION, DeadlineKind.PROPOSAL)


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> DeadlineQuerySet:
        """Still owed, and not suspended."""
        return self.filter(closed_at__isnull=True, paused_at__isnull=True)

    def overdue(self, on: dt.date) -> DeadlineQuerySet:
        """Open and past their date on the local date `on`."""
        return self.open().filter(due_on__lt=on)

    def due_between(self, first: dt.date, last: dt.date) -> DeadlineQuerySet:
        return self.open().filter(due_on__range=(first, last))


_OWNERS = ("participation", "report", "obstacle", "extension", "proposal")


def _names(*owners: str, kinds: tuple[str, ...]) -> Q:
    """A deadline of one of `kinds` names these owners, and no other."""
    return Q(kind__in=kinds, **{f"{owner}__isnull": owner not in owners for owner in _OWNERS})


class Deadline(models.Model):
    kind = models.CharField(max_length=16, choices=DeadlineKind)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="deadlines")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="deadlines")
    participation = models.ForeignKey(
        Participation, models.CASCADE, null=True, blank=True, related_name="deadlines"
    )
    report = models.ForeignKey(
        Report, models.CASCADE, null=True, blank=True, related_name="deadlines"
    )
    # For an answer: what is to be answered. `participation` is the part that waits for it.
    obstacle = models.ForeignKey(
        Obstacle, models.CASCADE, null=True, blank=True, related_name="answer_deadlines"
    )
    extension = models.ForeignKey(
        "Extension", models.CASCADE, null=True, blank=True, related_name="answer_deadlines"
    )
    proposal = models.ForeignKey(
        Proposal, models.CASCADE, null=True, blank=True, related_name="answer_deadlines"
    )
    due_on = models.DateField(_("due on"))
    original_due_on = models.DateField(_("originally due on"))
    version = models.PositiveIntegerField(default=1)
    # The version whose reminders are laid out; the planning sweep looks for a difference.
    planned_version = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    # Fulfilled on this local date: when the unit did its part, even if accepted later.
    fulfilled_on = models.DateField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="deadline_belongs_to_one_thing",
                condition=_names("participation", kinds=("acknowledgement", "item"))
                | _names("report", kinds=("report", "consolidated"))
                | _names("participation", "obstacle", kinds=("obstacle",))
                | _names("participation", "extension", kinds=("extension",))
                | _names("proposal", kinds=("proposal",)),
            ),
            models.UniqueConstraint(
                fields=("participation", "kind"),
                condition=Q(closed_at__isnull=True, kind__in=("acknowledgement", "item")),
                name="one_open_deadline_per_participation_and_kind",
            ),
            models.UniqueConstraint(
                fields=("obstacle",),
                condition=Q(closed_at__isnull=True, obstacle__isnull=False),
                name="one_open_deadline_per_obstacle",
            ),
            models.UniqueConstraint(
                fields=("extension",),
                condition=Q(closed_at__isnull=True, extension__isnull=False),
                name="one_open_deadline_per_extension",
            ),
            models.UniqueConstraint(
                fields=("proposal",),
                condition=Q(closed_at__isnull=True, proposal__isnull=False),
                name="one_open_deadline_per_proposal",
            ),
            models.UniqueConstraint(
                fields=("report",),
                condition=Q(closed_at__isnull=True, report__isnull=False),
                name="one_open_deadline_per_report",
            ),
        ]
        indexes: ClassVar = [
            # Serves the overdue and due-soon lists.
            models.Index(
                fields=("due_on", "unit"),
                condition=Q(closed_at__isnull=True),
                name="deadline_open_due",
            ),
            # Serves the planning sweep; nearly always empty.
            models.Index(
                fields=("id",),
                condition=Q(closed_at__isnull=True) & ~Q(planned_version=F("version")),
                name="deadline_unplanned",
            ),
            models.Index(fields=("plan", "kind"), name="deadline_plan_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_on:%d/%m/%Y}"


class DeadlineVersion(models.Model):
    """The date a deadline had in one version, and why."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    due_on = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    set_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ("version",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("deadline", "version"), name="deadline_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.due_on:%d/%m/%Y}"


class ExtensionState(models.TextChoices):
    REQUESTED = "requested", _("waiting for a decision")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")


class Extension(models.Model):
    """A request for more time; decided by the supervising leader, refused only with a reason."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="extensions")
    due_on_before = models.DateField(_("due on before"))
    requested_due_on = models.DateField(_("asks for"))
    reason = models.TextField(_("reason"))
    requested_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=ExtensionState, default=ExtensionState.REQUESTED
    )
    decision_words = models.TextField(_("words of the decision"), blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("requested_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("deadline",),
                condition=Q(state="requested"),
                name="one_open_extension_per_deadline",
            ),
            models.CheckConstraint(
                name="extension_asks_for_a_later_date",
                condition=Q(requested_due_on__gt=F("due_on_before")),
            ),
            models.CheckConstraint(
                name="refused_extension_has_a_reason",
                condition=~Q(state="refused") | ~Q(decision_words=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due_on_before:%d/%m/%Y} → {self.requested_due_on:%d/%m/%Y}"


class FollowUp(models.Model):
    """An official reminder ("đôn đốc") that a supervisor or the focal unit sent by hand."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="follow_ups")
    words = models.TextField(_("message"), blank=True)
    sent_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ("-sent_at",)

    def __str__(self) -> str:
        return f"{self.deadline}: {self.sent_at:%d/%m/%Y}"


class OverdueNotice(models.Model):
    """A leader took note ("đã nắm") that this version of a deadline is late.

    It ends the repetition of the escalation, not the lateness.
    """

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="notices")
    version = models.PositiveIntegerField()
    taken_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("deadline", "version", "taken_by"), name="notice_once_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.taken_by}: {self.deadline}"
