"""Documents, what they cite, and plan documents under review."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tasks.models.unit import Person, Unit


class Document(models.Model):
    """An official document, whether held here or only cited by one that is."""

    number = models.CharField(_("number"), max_length=60, blank=True)
    kind = models.CharField(_("type"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=500, blank=True)
    issuer_name = models.CharField(_("issued by"), max_length=200, blank=True)
    issuer = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    signer = models.CharField(_("signed by"), max_length=120, blank=True)
    text = models.TextField(_("text"), blank=True)
    file = models.FileField(_("file"), upload_to="documents/%Y/", blank=True)
    cites = models.ManyToManyField(
        "self", symmetrical=False, through="Citation", related_name="cited_by"
    )

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints: ClassVar = [
            # The same plan twice is refused here, whoever gets past the form.
            models.UniqueConstraint(
                fields=("number", "issuer", "issued_on"),
                condition=~Q(number="") & Q(issuer__isnull=False),
                name="document_number_once_per_issuer_and_day",
            )
        ]
        indexes: ClassVar = [models.Index(fields=("number",), name="document_number")]

    def __str__(self) -> str:
        return self.number or self.title


class CitationRelation(models.TextChoices):
    BASED_ON = "based_on", _("based on")
    IMPLEMENTS = "implements", _("implements")
    AMENDS = "amends", _("amends")
    ANSWERS = "answers", _("answers")


class Citation(models.Model):
    source = models.ForeignKey(Document, models.CASCADE, related_name="citations")
    target = models.ForeignKey(Document, models.PROTECT, related_name="cited_in")
    relation = models.CharField(
        _("relation"),
        max_length=12,
        choices=CitationRelation,
        default=CitationRelation.BASED_ON,
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("source", "target", "relation"), name="citation_once_per_relation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class DraftState(models.TextChoices):
    REVIEWING = "reviewing", _("being reviewed")
    ISSUED = "issued", _("issued")
    DISCARDED = "discarded", _("discarded")


class PlanDraft(models.Model):
    """A plan document being reviewed: what was read, and the reviewer's corrections so far.

    Nothing of the plan exists until it is issued. `reading` is what the reader said and never
    changes; `review` is what the reviewer made of it, saved after each correction under
    `revision`, so that a second reviewer cannot overwrite the first unknowingly.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="plan_drafts")
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))
    file = models.FileField(_("file"), upload_to="drafts/%Y/", blank=True)
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    text = models.TextField(_("text"))
    reading = models.JSONField()
    review = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.REVIEWING)
    plan = models.OneToOneField("Plan", models.PROTECT, null=True, blank=True, related_name="draft")

    class Meta:
        ordering = ("-uploaded_at",)
        verbose_name = _("plan under review")
        verbose_name_plural = _("plans under review")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="issued_draft_has_its_plan",
                condition=Q(state="issued", plan__isnull=False)
                | ~Q(state="issued") & Q(plan__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return str(self.review.get("number") or self.file_name or self.pk)
