"""Who owes which report, for which period, and the reports themselves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from tasks.models.document import Document
from tasks.models.item import Recurrence
from tasks.models.plan import Plan
from tasks.models.unit import Person, Unit, UnitGroup


class Reporters(models.TextChoices):
    LEADS = "leads", _("every lead unit")
    UNIT = "unit", _("one unit")
    GROUP = "group", _("the members of a group")
    CHOSEN = "chosen", _("the units named")


class Window(models.TextChoices):
    """Which days the figures of a period cover."""

    PLAN = "plan", _("from the beginning of the plan")
    CALENDAR = "calendar", _("the month, quarter or year")
    DECREE = "decree", _("the windows of Decree 09/2019/NĐ-CP")


class ReportingObligation(models.Model):
    """A sentence of the plan, or a letter sent later (`request`), that asks for reports.

    An obligation with `feeds` is answered first: the reports of the fed obligation are
    consolidated from it. The fed one may belong to the plan of the level above.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="obligations")
    reporters = models.CharField(max_length=8, choices=Reporters)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    # Who belongs to it is asked anew for each period, on the day its reports are asked for.
    group = models.ForeignKey(UnitGroup, models.PROTECT, null=True, blank=True, related_name="+")
    units = models.ManyToManyField(Unit, blank=True, related_name="+")
    title = models.CharField(_("about"), max_length=300, blank=True)
    request = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="obligations"
    )
    recipient_names = models.JSONField(_("recipients, as the plan names them"), default=list)
    via = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    recurrence = models.CharField(max_length=12, choices=Recurrence, default=Recurrence.DATED)
    # The days of the occasions as the reader writes them: "yearly 12-01", "monthly day 22".
    rule = models.CharField(max_length=100, blank=True)
    window = models.CharField(
        _("figures cover"), max_length=10, choices=Window, default=Window.PLAN
    )
    ends_on = models.DateField(_("no longer after"), null=True, blank=True)
    feeds = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="fed_by")
    source_text = models.TextField(_("source sentence"), blank=True)

    class Meta:
        verbose_name = _("reporting obligation")
        verbose_name_plural = _("reporting obligations")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="obligation_of_one_unit_names_it",
                condition=Q(reporters="unit", unit__isnull=False)
                | (~Q(reporters="unit") & Q(unit__isnull=True)),
            ),
            models.CheckConstraint(
                name="obligation_of_a_group_names_it",
                condition=Q(reporters="group", group__isnull=False)
                | (~Q(reporters="group") & Q(group__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {self.unit or self.get_reporters_display()}"


class SectionKind(models.TextChoices):
    """What a section of a report is first filled with."""

    RESULTS = "results", _("results, item by item")
    FIGURES = "figures", _("figures")
    DIFFICULTIES = "difficulties", _("difficulties and causes")
    PROPOSALS = "proposals", _("suggestions")
    NEXT_STEPS = "next_steps", _("next steps")
    FREE = "free", _("nothing: the unit writes it")


class OutlineSection(models.Model):
    """One heading of the outline that the focal unit sets for the reports of an obligation."""

    obligation = models.ForeignKey(ReportingObligation, models.CASCADE, related_name="outline")
    kind = models.CharField(_("filled with"), max_length=12, choices=SectionKind)
    title = models.CharField(_("heading"), max_length=200)
    hint = models.CharField(_("what to write there"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        verbose_name = _("section of an outline")
        verbose_name_plural = _("sections of an outline")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("obligation", "position"), name="outline_position_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ReportingPeriod(models.Model):
    """One occasion of an obligation: the span its figures cover, and the day it is due.

    Periods lie ahead in the calendar; their reports are asked for on `opened_on`. `feeds` is the
    period whose reports are consolidated from the reports of this one.
    """

    obligation = models.ForeignKey(ReportingObligation, models.CASCADE, related_name="periods")
    label = models.CharField(_("period"), max_length=60)
    data_from = models.DateField(_("figures from"), null=True, blank=True)
    data_to = models.DateField(_("figures to"), null=True, blank=True)
    due_on = models.DateField(_("due on"))
    opened_on = models.DateField(_("asked for on"), null=True, blank=True)
    feeds = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="fed_by")

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
        indexes: ClassVar = [
            # Serves the daily question which reports are to be asked for.
            models.Index(
                fields=("due_on",), condition=Q(opened_on__isnull=True), name="period_unopened"
            )
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
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    # Handed in on paper: it was signed outside of this system, and a clerk received it.
    on_paper = models.BooleanField(_("on paper"), default=False)

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
                | Q(submitted_at__isnull=False) & (Q(approved_by__isnull=False) | Q(on_paper=True)),
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
    def submit(self) -> None:
        self.on_paper = False

    @transition(
        field=state, source=(*WRITABLE, ReportState.PRESENTED), target=ReportState.SUBMITTED
    )
    def receive(self) -> None:
        """It came on paper, signed by the unit's leader outside of this system."""
        self.on_paper = True

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


class ReportSection(models.Model):
    """One part of a report's text, under a heading of the outline.

    Each has its own revision, so that several officers write one report without overwriting each
    other: a save that names an older revision of the section is refused.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="sections")
    kind = models.CharField(max_length=12, choices=SectionKind)
    title = models.CharField(_("heading"), max_length=200)
    hint = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField()
    text = models.TextField(_("text"), blank=True)
    revision = models.PositiveIntegerField(default=0)
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("position",)
        verbose_name = _("section of a report")
        verbose_name_plural = _("sections of a report")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("report", "position"), name="report_position_once")
        ]

    def __str__(self) -> str:
        return self.title
