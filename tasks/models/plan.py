"""Plans and their sections."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from tasks.models.document import Document
from tasks.models.unit import Person, Unit


class PlanState(models.TextChoices):
    RUNNING = "running", _("running")
    CLOSED = "closed", _("closed")


class Plan(FSMModelMixin, models.Model):
    """An issued plan. Drafts are `PlanDraft`s: a plan exists only once it is issued."""

    document = models.OneToOneField(Document, models.PROTECT, related_name="plan")
    title = models.CharField(_("title"), max_length=500)
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="issued_plans")
    focal_unit = models.ForeignKey(Unit, models.PROTECT, related_name="focal_plans")
    supervising_leader = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="supervised_plans"
    )
    state = FSMField(
        _("state"), choices=PlanState.choices, default=PlanState.RUNNING, protected=True
    )
    start_on = models.DateField(_("from"), null=True, blank=True)
    end_on = models.DateField(_("until"), null=True, blank=True)
    issued_at = models.DateTimeField(_("issued at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        ordering = ("-issued_at",)
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        permissions = (
            ("consolidate_plan", "Can consolidate the plan, as its focal unit"),
            ("supervise_plan", "Can supervise the plan"),
        )
        constraints: ClassVar = [
            models.CheckConstraint(
                name="plan_ends_after_it_starts",
                condition=Q(start_on__isnull=True)
                | Q(end_on__isnull=True)
                | Q(end_on__gte=F("start_on")),
            ),
            models.CheckConstraint(
                name="closed_plan_has_its_moment",
                condition=Q(state="closed", closed_at__isnull=False)
                | Q(state="running", closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.document.number or self.title

    @transition(field=state, source=PlanState.RUNNING, target=PlanState.CLOSED)
    def close(self) -> None:
        """No further change is accepted; everything stays readable."""


class Section(models.Model):
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="sections")
    code = models.CharField(_("code"), max_length=30)
    title = models.CharField(_("title"), max_length=500)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ("position",)
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("plan", "code"), name="section_code_once_per_plan")
        ]

    def __str__(self) -> str:
        return f"{self.code}. {self.title}"
