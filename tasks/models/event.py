"""The event log: what happened, written in the same transaction as the change."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tasks.models.deadline import Deadline
from tasks.models.item import Participation, PlanItem
from tasks.models.plan import Plan
from tasks.models.proposal import Proposal
from tasks.models.report import Report, ReportingObligation
from tasks.models.unit import Person, Unit


class Verb(models.TextChoices):
    PLAN_ISSUED = "plan_issued", _("issued the plan")
    PLAN_CLOSED = "plan_closed", _("closed the plan")
    PLAN_CORRECTED = "plan_corrected", _("corrected the plan")
    ITEM_CORRECTED = "item_corrected", _("corrected the item")
    WITHDRAWN = "withdrawn", _("took the part back")
    ASSIGNED = "assigned", _("assigned the work")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    DECLINED = "declined", _("declined")
    INSISTED = "insisted", _("kept the assignment")
    REASSIGNED = "reassigned", _("re-assigned the work")
    PROGRESSED = "progressed", _("updated progress")
    OBSTACLE_RAISED = "obstacle_raised", _("raised an obstacle")
    OBSTACLE_PASSED_ON = "obstacle_passed_on", _("passed an obstacle on")
    OBSTACLE_ANSWERED = "obstacle_answered", _("answered an obstacle")
    PROPOSAL_WRITTEN = "proposal_written", _("wrote a proposal")
    PROPOSAL_REMOVED = "proposal_removed", _("removed a proposal")
    PROPOSAL_RAISED = "proposal_raised", _("made a proposal")
    PROPOSAL_PASSED_ON = "proposal_passed_on", _("passed a proposal on")
    PROPOSAL_ANSWERED = "proposal_answered", _("answered a proposal")
    PROPOSAL_REFUSED = "proposal_refused", _("refused a proposal")
    PROPOSAL_WITHDRAWN = "proposal_withdrawn", _("withdrew a proposal")
    EXTENSION_REQUESTED = "extension_requested", _("asked for an extension")
    EXTENSION_GRANTED = "extension_granted", _("granted an extension")
    EXTENSION_REFUSED = "extension_refused", _("refused an extension")
    CLAIMED = "claimed", _("reported completion")
    ACCEPTED = "accepted", _("accepted the completion")
    RETURNED = "returned", _("returned the work")
    ITEM_COMPLETED = "item_completed", _("completed the item")
    SUSPENDED = "suspended", _("suspended the item")
    RESUMED = "resumed", _("resumed the item")
    CANCELLED = "cancelled", _("cancelled the item")
    OUTLINE_SET = "outline_set", _("set the outline of the reports")
    REPORTS_REQUESTED = "reports_requested", _("asked for reports by letter")
    REQUEST_WITHDRAWN = "request_withdrawn", _("withdrew the request for reports")
    DUTY_CHANGED = "duty_changed", _("changed the reporting duty")
    DUTY_FED = "duty_fed", _("linked the reporting duty to that of the level above")
    REPORT_ASKED = "report_asked", _("asked for the report")
    REPORT_CALLED_OFF = "report_called_off", _("called the report off")
    REPORT_WRITTEN = "report_written", _("wrote the report")
    REPORT_COMMENTED = "report_commented", _("commented on the report")
    REPORT_COMMENT_SETTLED = "report_comment_settled", _("settled a comment")
    REPORT_PRESENTED = "report_presented", _("presented the report to the leader")
    REPORT_SENT_BACK = "report_sent_back", _("sent the report back for rewriting")
    REPORT_SUBMITTED = "report_submitted", _("submitted the report")
    REPORT_RECEIVED = "report_received", _("received the report on paper")
    REPORT_RETURNED = "report_returned", _("returned the report")
    REPORT_ACCEPTED = "report_accepted", _("accepted the report")
    FOLLOWED_UP = "followed_up", _("followed up")
    UNIT_SUCCEEDED = "unit_succeeded", _("passed the work to the successor unit")
    PART_FOLDED = "part_folded", _("joined two parts of one unit")
    FIGURES_ENTERED = "figures_entered", _("entered figures")
    FIGURE_CORRECTED = "figure_corrected", _("corrected a figure")
    TARGET_SET = "target_set", _("set a target")
    INDICATOR_CHANGED = "indicator_changed", _("changed an indicator")
    NOTICE_TAKEN = "notice_taken", _("took note of the delay")


class EventQuerySet(models.QuerySet["Event"]):
    def story(self) -> EventQuerySet:
        """Newest first, with everything a history line shows."""
        about = ("actor", "unit", "participation__unit", "proposal__unit")
        return self.select_related(*about).order_by("-at", "-pk")


class Event(models.Model):
    """One thing that happened. Only `announced_at`, the notifier's mark, is ever set later."""

    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=24, choices=Verb)
    actor = models.ForeignKey(Person, models.PROTECT, null=True, related_name="events")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="events")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="events")
    item = models.ForeignKey(PlanItem, models.CASCADE, null=True, related_name="events")
    participation = models.ForeignKey(
        Participation, models.CASCADE, null=True, related_name="events"
    )
    report = models.ForeignKey(Report, models.CASCADE, null=True, related_name="events")
    obligation = models.ForeignKey(
        ReportingObligation, models.CASCADE, null=True, related_name="events"
    )
    deadline = models.ForeignKey(Deadline, models.CASCADE, null=True, related_name="events")
    proposal = models.ForeignKey(Proposal, models.CASCADE, null=True, related_name="events")
    words = models.TextField(_("words"), blank=True)
    details = models.JSONField(default=dict)
    announced_at = models.DateTimeField(null=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes: ClassVar = [
            # Serves the notifier: events whose messages are not yet in the outbox.
            models.Index(
                fields=("id",), condition=Q(announced_at__isnull=True), name="event_unannounced"
            ),
            models.Index(fields=("plan", "-at"), name="event_plan_at"),
            models.Index(fields=("item", "-at"), name="event_item_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("An event is written once and never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("An event is never deleted.")
