"""The steps of a review, so that they can be taken back and told apart."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import pgettext_lazy

from tasks.models.document import PlanDraft
from tasks.models.unit import Person


class DraftVerb(models.TextChoices):
    """What a reviewer did to a plan under review."""

    SETTLED = "settled", pgettext_lazy("step of a review", "unit chosen")
    CONFIRMED = "confirmed", pgettext_lazy("step of a review", "confirmed as read")
    CORRECTED = "corrected", pgettext_lazy("step of a review", "corrected")
    ADDED = "added", pgettext_lazy("step of a review", "added")
    DROPPED = "dropped", pgettext_lazy("step of a review", "left out")
    RESTORED = "restored", pgettext_lazy("step of a review", "brought back")
    SPLIT = "split", pgettext_lazy("step of a review", "split")
    MERGED = "merged", pgettext_lazy("step of a review", "merged")
    MOVED = "moved", pgettext_lazy("step of a review", "moved")
    UNDONE = "undone", pgettext_lazy("step of a review", "undone")
    REDONE = "redone", pgettext_lazy("step of a review", "done again")


class DraftEdit(models.Model):
    """One step of a review: who changed what, and what stood there before.

    Steps are only ever added. `changes` maps each part of the review to its value before and
    after; a step that takes another one back names it in `undoes`.
    """

    draft = models.ForeignKey(PlanDraft, models.CASCADE, related_name="edits")
    revision = models.PositiveIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    verb = models.CharField(max_length=10, choices=DraftVerb)
    card = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=60, blank=True)
    changes = models.JSONField()
    undoes = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="undone_by"
    )

    class Meta:
        ordering = ("-revision",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("draft", "revision"), name="one_step_per_revision")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} · {self.revision} · {self.verb}"
