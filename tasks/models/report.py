"""Who owes which report, for which period, and the reports themselves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from tasks.models.item import Recurrence
from tasks.models.plan import Plan
from tasks.models.unit import Person, Unit


class Reporters(models.TextChoices):
    LEADS = "leads", _("every lead unit")
    UNIT = "unit", _("one unit")


class ReportingObligation(models.Model):
    """A sentence of the plan that asks for reports.

    An obligation with `feeds` is answered first: the reports of the fed obligation are
    consolidated from it.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="obligations")
    reporters = models.CharField(max_length=8, choices=Reporters)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    recipient_names = models.JSONField(_("recipients, as the plan names them"), default=list)
    via = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    recurrence = models.CharField(max_length=12, choices=Recurrence, default=Recurrence.DATED)
    feeds = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="fed_by")
    source_text = models.TextField(_("source sentence"), blank=True)

    class Meta:
        verbose_name = _("reporting obligation")
        verbose_name_plural = _("reporting obligations")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="obligation_of_one_unit_names_it",
                condition=Q(reporters="leads", unit__isnull=True)
                | Q(reporters="unit", unit__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {self.unit or self.get_reporters_display()}"


class ReportingPeriod(models.Model):
    """One occasion of an obligation: the span its figures cover, and the day it is due."""

    obligation = models.ForeignKey(ReportingObligation, models.CASCADE, related_name="periods")
    label = models.CharField(_("period"), max_length=60)
    data_from = models.DateField(_("figures from"), null=True, blank=True)
    data_to = models.DateField(_("figures to"), null=True, blank=True)
    due_on = models.DateField(_("due on"))

    class Meta:
        ordering = ("due_on",)
        verbose_name = _("reporting period")
        verbose_name_plural = _("reporting periods")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("obligation", "due_on"), name="period_due_once"),
            models.CheckConstraint(
                name="period_figures_run_forward",
                condition=Q(data_from__isnull=True)
                | Q(data_to__isnull=True)
                | Q(data_to__gte=F("data_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ReportState(models.TextChoices):
    EXPECTED = "expected", _("not begun")
    DRAFTED = "drafted", _("being written")
    PRESENTED = "presented", _("before the unit's leader")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")
    CANCELLED = "cancelled", _("cancelled")


WRITABLE = (ReportState.EXPECTED, ReportState.DRAFTED, ReportState.RETURNED)


class Report(FSMModelMixin, models.Model):
    """What one unit reports for one period. A consolidated report has other reports as sources."""

    period = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="reports")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="reports")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reports")
    # The unit that accepts or returns it: the focal unit, or the issuer for the consolidated one.
    reviewer = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    is_consolidated = models.BooleanField(default=False)
    sources = models.ManyToManyField("self", symmetrical=False, related_name="used_in", blank=True)
    state = FSMField(
        _("state"), choices=ReportState.choices, default=ReportState.EXPECTED, protected=True
    )
    results = models.TextField(_("results"), blank=True)
    difficulties = models.TextField(_("difficulties and causes"), blank=True)
    suggestions = models.TextField(_("suggestions"), blank=True)
    next_steps = models.TextField(_("next steps"), blank=True)
    # Two officers may have the form open: a save that names an older revision is refused.
    revision = models.PositiveIntegerField(default=0)
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("unit__name",)
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        permissions = (
            ("write_report", "Can write the report"),
            ("approve_report", "Can approve the report, as the unit's leader"),
            ("accept_report", "Can accept or return the report"),
        )
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("period", "unit"), name="report_once_per_unit"),
            models.CheckConstraint(
                name="submitted_report_was_approved",
                condition=~Q(state__in=("submitted", "accepted"))
                | Q(approved_by__isnull=False, submitted_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("unit", "state"), name="report_unit_state")]

    def __str__(self) -> str:
        return f"{self.unit} · {self.period}"

    @transition(field=state, source=WRITABLE, target=ReportState.DRAFTED)
    def write(self) -> None: ...

    @transition(
        field=state,
        source=(ReportState.DRAFTED, ReportState.RETURNED),
        target=ReportState.PRESENTED,
    )
    def present(self) -> None: ...

    @transition(field=state, source=ReportState.PRESENTED, target=ReportState.DRAFTED)
    def send_back(self) -> None:
        """The unit's own leader wants it rewritten."""

    @transition(field=state, source=ReportState.PRESENTED, target=ReportState.SUBMITTED)
    def submit(self) -> None: ...

    @transition(field=state, source=ReportState.SUBMITTED, target=ReportState.RETURNED)
    def return_to_unit(self) -> None: ...

    @transition(field=state, source=ReportState.SUBMITTED, target=ReportState.ACCEPTED)
    def accept(self) -> None: ...

    @transition(
        field=state,
        source=(*WRITABLE, ReportState.PRESENTED),
        target=ReportState.CANCELLED,
    )
    def call_off(self) -> None:
        """The unit no longer leads anything it could report on."""
