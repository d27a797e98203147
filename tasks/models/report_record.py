"""What is on record about a report: the versions that left a desk, and what was said to them."""

from __future__ import annotations

import hashlib
import json
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tasks.models.report import Report, ReportSection
from tasks.models.unit import Person, Unit


class Occasion(models.TextChoices):
    """On which step of its way a version of a report was kept."""

    PRESENTED = "presented", _("presented to the leader")
    SENT_BACK = "sent_back", _("sent back by the leader")
    SUBMITTED = "submitted", _("submitted")
    REPLACED = "replaced", _("replaced by the report on paper")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")


class ReportVersion(models.Model):
    """The report as it stood when it changed hands. Written once, never changed.

    `content` holds what the files of the report are made from; its texts are under "sections".
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    occasion = models.CharField(_("kept when"), max_length=10, choices=Occasion)
    content = models.JSONField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        verbose_name = _("version of a report")
        verbose_name_plural = _("versions of a report")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("report", "number"), name="report_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.report} · {self.number}"

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, the same in every database."""
        text = json.dumps(self.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


class CommentQuerySet(models.QuerySet["ReportComment"]):
    def unsettled(self) -> CommentQuerySet:
        return self.filter(settled_at__isnull=True)

    def seen_by(self, unit: Unit | None) -> CommentQuerySet:
        """A unit sees what was said about its own reports, and what it said itself."""
        return self.filter(Q(unit=unit) | Q(section__report__unit=unit))


class ReportComment(models.Model):
    """What the unit's leader or the receiving unit says about one section.

    It stays; the writers settle it by their next text, with an answer if they wish.
    """

    section = models.ForeignKey(ReportSection, models.CASCADE, related_name="comments")
    words = models.TextField(_("comment"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answer = models.TextField(_("answer"), blank=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ("made_at", "pk")
        verbose_name = _("comment on a report")
        verbose_name_plural = _("comments on reports")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="settled_comment_names_who",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.words[:60]
