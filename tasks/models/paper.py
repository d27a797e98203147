"""Reports that arrive on paper or as a file, on their way into a report of the system."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from tasks.models.leased import LeasedWork
from tasks.models.report import Report
from tasks.models.unit import Person, Unit


class PaperState(models.TextChoices):
    WAITING = "waiting", _("waiting to be read")
    READING = "reading", _("being read")
    FAILED = "failed", _("could not be read")
    REVIEWING = "reviewing", _("waiting to be confirmed")
    RECEIVED = "received", _("received")
    DISCARDED = "discarded", _("discarded")


class PaperReport(FSMModelMixin, LeasedWork):
    """The file of a paper report: handed in, read by a job, confirmed by the clerk.

    `reading` is what the reader said and never changes. Nothing of the report is touched before
    somebody confirms what was read.
    """

    WAITING = PaperState.WAITING
    WORKING = PaperState.READING

    report = models.ForeignKey(Report, models.PROTECT, related_name="papers")
    # For whom the person acted who handed it in: the owing or the receiving unit.
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))
    file = models.FileField(_("file"), upload_to="papers/%Y/")
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    # SHA-256 of what was handed in, to recognise the same file.
    digest = models.CharField(max_length=64, editable=False)
    text = models.TextField(_("text"), blank=True)
    reading = models.JSONField(default=dict)
    state = FSMField(
        _("state"), choices=PaperState.choices, default=PaperState.WAITING, protected=True
    )
    number = models.CharField(_("number of the paper"), max_length=60, blank=True)
    issued_on = models.DateField(_("date of the paper"), null=True, blank=True)
    signer = models.CharField(_("signed by"), max_length=150, blank=True)
    # The day the paper arrived, which is the day the report was handed in.
    received_on = models.DateField(_("received on"), null=True, blank=True)
    received_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-uploaded_at",)
        verbose_name = _("report on paper")
        verbose_name_plural = _("reports on paper")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="received_paper_has_its_day_and_person",
                condition=~Q(state="received")
                | Q(
                    issued_on__isnull=False,
                    received_on__isnull=False,
                    received_by__isnull=False,
                    received_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="paper_arrives_after_it_was_written",
                condition=Q(received_on__isnull=True) | Q(received_on__gte=F("issued_on")),
            ),
        ]
        indexes: ClassVar = [
            # Serves the sweep for papers to read; nearly always empty.
            models.Index(
                fields=("leased_until",),
                condition=Q(state__in=("waiting", "reading")),
                name="paper_to_read",
            ),
            # Serves the question whether the same file was handed in before.
            models.Index(fields=("digest",), name="paper_digest"),
        ]

    def __str__(self) -> str:
        return self.number or self.file_name or str(self.pk)

    @transition(
        field=state, source=(PaperState.WAITING, PaperState.READING), target=PaperState.READING
    )
    def begin_work(self) -> None:
        """Also taken over from a worker that died."""

    @transition(field=state, source=PaperState.READING, target=PaperState.REVIEWING)
    def open_review(self) -> None: ...

    @transition(field=state, source=PaperState.READING, target=PaperState.FAILED)
    def fail(self) -> None: ...

    @transition(field=state, source=PaperState.FAILED, target=PaperState.WAITING)
    def wait_again(self) -> None: ...

    @transition(field=state, source=PaperState.REVIEWING, target=PaperState.RECEIVED)
    def receive(self) -> None: ...

    @transition(
        field=state,
        source=(PaperState.WAITING, PaperState.FAILED, PaperState.REVIEWING),
        target=PaperState.DISCARDED,
    )
    def discard(self) -> None: ...
