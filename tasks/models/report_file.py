"""Files of a report: those a job makes of it, and edited ones that come back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from tasks.models.leased import LeasedWork
from tasks.models.report import Report
from tasks.models.report_record import ReportVersion
from tasks.models.unit import Person


class FileFormat(models.TextChoices):
    WORD = "docx", _("Word file to sign")
    EXCEL = "xlsx", _("annex in Excel")


class ReportFileState(models.TextChoices):
    WAITING = "waiting", _("waiting to be made")
    MAKING = "making", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("could not be made")


class ReportFile(FSMModelMixin, LeasedWork):
    """The letter or the annex of a report, made by a job.

    With `version`, of what was handed in: made once, from the record alone. Without, of the draft
    as it stood when it was asked for.
    """

    WAITING = ReportFileState.WAITING
    WORKING = ReportFileState.MAKING

    report = models.ForeignKey(Report, models.CASCADE, related_name="files")
    version = models.ForeignKey(
        ReportVersion, models.CASCADE, null=True, blank=True, related_name="files"
    )
    format = models.CharField(max_length=4, choices=FileFormat)
    state = FSMField(
        _("state"), choices=ReportFileState.choices, default=ReportFileState.WAITING, protected=True
    )
    file = models.FileField(_("file"), upload_to="reports/%Y/", blank=True)
    digest = models.CharField("SHA-256", max_length=64, blank=True, editable=False)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ("-asked_at", "-pk")
        verbose_name = _("file of a report")
        verbose_name_plural = _("files of reports")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("version", "format"),
                condition=Q(version__isnull=False),
                name="file_of_a_version_once",
            ),
            models.CheckConstraint(
                name="ready_file_is_there",
                condition=~Q(state="ready") | (~Q(file="") & ~Q(digest="")),
            ),
        ]
        indexes: ClassVar = [
            # Serves the sweep for files to make; nearly always empty.
            models.Index(
                fields=("leased_until",),
                condition=Q(state__in=("waiting", "making")),
                name="report_file_to_make",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} · {self.format}"

    @transition(
        field=state,
        source=(ReportFileState.WAITING, ReportFileState.MAKING),
        target=ReportFileState.MAKING,
    )
    def begin_work(self) -> None: ...

    @transition(field=state, source=ReportFileState.MAKING, target=ReportFileState.READY)
    def finish(self) -> None: ...

    @transition(field=state, source=ReportFileState.MAKING, target=ReportFileState.FAILED)
    def fail(self) -> None: ...

    @transition(field=state, source=ReportFileState.FAILED, target=ReportFileState.WAITING)
    def wait_again(self) -> None: ...


class ReportUploadState(models.TextChoices):
    WAITING = "waiting", _("waiting to be read")
    READING = "reading", _("being read")
    READ = "read", _("read")
    APPLIED = "applied", _("taken over")
    FAILED = "failed", _("could not be read")
    DISCARDED = "discarded", _("discarded")


class ReportUpload(FSMModelMixin, LeasedWork):
    """The letter of a report as somebody edited it in Word, on its way back into the draft.

    `reading` is what a job found in it. The file is kept, whatever becomes of it.
    """

    WAITING = ReportUploadState.WAITING
    WORKING = ReportUploadState.READING

    report = models.ForeignKey(Report, models.CASCADE, related_name="uploads")
    file = models.FileField(_("file"), upload_to="reports/%Y/")
    file_name = models.CharField(_("file name"), max_length=200)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))
    state = FSMField(
        _("state"),
        choices=ReportUploadState.choices,
        default=ReportUploadState.WAITING,
        protected=True,
    )
    reading = models.JSONField(default=dict)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-uploaded_at", "-pk")
        verbose_name = _("edited letter of a report")
        verbose_name_plural = _("edited letters of reports")
        indexes: ClassVar = [
            # Serves the sweep for letters to read; nearly always empty.
            models.Index(
                fields=("leased_until",),
                condition=Q(state__in=("waiting", "reading")),
                name="report_upload_to_read",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @transition(
        field=state,
        source=(ReportUploadState.WAITING, ReportUploadState.READING),
        target=ReportUploadState.READING,
    )
    def begin_work(self) -> None: ...

    @transition(field=state, source=ReportUploadState.READING, target=ReportUploadState.READ)
    def finish(self) -> None: ...

    @transition(field=state, source=ReportUploadState.READING, target=ReportUploadState.FAILED)
    def fail(self) -> None: ...

    @transition(field=state, source=ReportUploadState.READ, target=ReportUploadState.APPLIED)
    def mark_applied(self) -> None: ...

    @transition(
        field=state,
        source=(ReportUploadState.READ, ReportUploadState.FAILED),
        target=ReportUploadState.DISCARDED,
    )
    def discard(self) -> None: ...
