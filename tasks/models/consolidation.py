"""Where the statements of a consolidated report come from, and what was left out of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tasks.models.item import PlanItem
from tasks.models.report import Report, ReportSection
from tasks.models.unit import Person


class SourceNote(models.Model):
    """One statement of a unit's report that a consolidated one took over.

    A line of the draft cites it by its number in square brackets. `words` are those of the unit
    when it was taken over, whatever became of either text.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="notes")
    number = models.PositiveIntegerField(_("number"))
    source = models.ForeignKey(ReportSection, models.PROTECT, related_name="cited_by")
    item = models.ForeignKey(PlanItem, models.SET_NULL, null=True, blank=True, related_name="+")
    words = models.TextField(_("words of the source"))

    class Meta:
        ordering = ("number",)
        verbose_name = _("source of a statement")
        verbose_name_plural = _("sources of statements")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("report", "number"), name="source_note_number_once")
        ]

    def __str__(self) -> str:
        return f"[{self.number}]"


class LeftOut(models.Model):
    """A sentence of an accepted report that the focal unit knowingly did not take over."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="left_out")
    source = models.ForeignKey(ReportSection, models.PROTECT, related_name="+")
    words = models.TextField(_("sentence"))
    reason = models.CharField(_("reason"), max_length=300)
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("decided_at", "pk")
        verbose_name = _("sentence left out")
        verbose_name_plural = _("sentences left out")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("report", "source", "words"), name="sentence_left_out_once"
            ),
            models.CheckConstraint(
                name="sentence_is_left_out_for_a_reason", condition=~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.words[:80]
