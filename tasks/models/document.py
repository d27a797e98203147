"""Documents, what they cite, and plan documents under review."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from tasks.models.leased import LeasedWork
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
    WAITING = "waiting", _("waiting to be read")
    READING = "reading", _("being read")
    FAILED = "failed", _("could not be read")
    REVIEWING = "reviewing", _("being reviewed")
    ISSUED = "issued", _("issued")
    APPLIED = "applied", _("applied to the plan")
    DISCARDED = "discarded", _("discarded")


# Handed in, and nobody can review it yet.
UNREAD = (DraftState.WAITING, DraftState.READING, DraftState.FAILED)


class PlanDraft(FSMModelMixin, LeasedWork):
    """A plan document on its way to a plan: handed in, read by a job, reviewed, issued.

    Nothing of the plan exists until it is issued. `reading` is what the reader said and never
    changes; `review` is what the reviewer made of it, saved after each correction under
    `revision`, so that a second reviewer cannot overwrite the first unknowingly. Both are empty
    before the document was read. With `corrects`, the document is not issued but applied to that
    running plan.
    """

    WAITING = DraftState.WAITING
    WORKING = DraftState.READING

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="plan_drafts")
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))
    # Pasted text is kept as a file as well, without a name of its own.
    file = models.FileField(_("file"), upload_to="drafts/%Y/", blank=True)
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    # SHA-256 of what was handed in, to recognise the same file.
    digest = models.CharField(max_length=64, blank=True, editable=False)
    text = models.TextField(_("text"), blank=True)
    reading = models.JSONField(default=dict)
    review = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    state = FSMField(
        _("state"), choices=DraftState.choices, default=DraftState.WAITING, protected=True
    )
    plan = models.OneToOneField("Plan", models.PROTECT, null=True, blank=True, related_name="draft")
    corrects = models.ForeignKey(
        "Plan", models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    # For a correction: which items belong together and what is to be applied.
    comparison = models.JSONField(default=dict)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)

    class Meta:
        ordering = ("-uploaded_at",)
        verbose_name = _("plan under review")
        verbose_name_plural = _("plans under review")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="issued_draft_has_its_plan",
                condition=Q(state="issued", plan__isnull=False)
                | ~Q(state="issued") & Q(plan__isnull=True),
            ),
            models.CheckConstraint(
                name="applied_draft_has_its_plan_and_moment",
                condition=Q(state="applied", corrects__isnull=False, applied_at__isnull=False)
                | ~Q(state="applied") & Q(applied_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            # Serves the sweep for documents to read; nearly always empty.
            models.Index(
                fields=("leased_until",),
                condition=Q(state__in=("waiting", "reading")),
                name="draft_to_read",
            ),
            # Serves the question whether a unit handed in the same file before.
            models.Index(fields=("unit", "digest"), name="draft_unit_digest"),
        ]

    def __str__(self) -> str:
        return str(self.review.get("number") or self.file_name or self.pk)

    @transition(
        field=state, source=(DraftState.WAITING, DraftState.READING), target=DraftState.READING
    )
    def begin_work(self) -> None:
        """Also taken over from a worker that died."""

    @transition(
        field=state, source=(DraftState.WAITING, DraftState.READING), target=DraftState.REVIEWING
    )
    def open_review(self) -> None: ...

    @transition(field=state, source=DraftState.READING, target=DraftState.FAILED)
    def fail(self) -> None: ...

    @transition(field=state, source=DraftState.FAILED, target=DraftState.WAITING)
    def wait_again(self) -> None: ...

    @transition(field=state, source=DraftState.REVIEWING, target=DraftState.ISSUED)
    def mark_issued(self) -> None: ...

    @transition(
        field=state,
        source=DraftState.REVIEWING,
        target=DraftState.APPLIED,
        conditions=[lambda draft: draft.corrects_id is not None],
    )
    def mark_applied(self) -> None: ...

    @transition(
        field=state,
        source=(DraftState.WAITING, DraftState.FAILED, DraftState.REVIEWING),
        target=DraftState.DISCARDED,
    )
    def discard(self) -> None: ...
