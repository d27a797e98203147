"""Files of a report: asked for by a reader, made by a job, kept with their digest."""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tasks.models import FileFormat, Report, ReportFile, ReportFileState
from tasks.reporting.gathering import submitted_version
from workflows.access import Actor, visible_reports
from workflows.actions.leases import WAKE_AGAIN, held, let_go, wait_anew
from workflows.errors import ActionRefused, NotAllowed

# Files that one person may be waiting for at the same time.
MOST_WAITING = 10
_UNDER_WAY = (ReportFileState.WAITING, ReportFileState.MAKING)


def require_reader(actor: Actor, report: Report) -> None:
    """Refuse whoever may not see the report. Raises `NotAllowed`."""
    if not visible_reports(actor).filter(pk=report.pk).exists():
        raise NotAllowed(_("There is no such page, or your unit has no part in it."))


@transaction.atomic
def ask_file(*, report: Report, wanted: FileFormat, actor: Actor, at: dt.datetime) -> ReportFile:
    """The file to wait for: of what was handed in always the same one, of a draft a new one.

    A draft's file takes the place of the one that the same person had of it before. Raises
    `NotAllowed`, or `ActionRefused` when the person waits for too many files already.
    """
    require_reader(actor, report)
    mine = ReportFile.objects.filter(asked_by=actor.person)
    if mine.filter(state__in=_UNDER_WAY).count() >= MOST_WAITING:
        raise ActionRefused(_("Several of your files are still being made. Wait until they are."))
    asked = {"asked_by": actor.person, "asked_at": at, "leased_until": at + WAKE_AGAIN}
    if version := submitted_version(report):
        file, is_new = ReportFile.objects.get_or_create(
            version=version, format=wanted, defaults={"report": report, **asked}
        )
        return file if is_new else _again(file, at)
    _forget(mine.filter(report=report, version=None, format=wanted).exclude(state__in=_UNDER_WAY))
    return ReportFile.objects.create(report=report, format=wanted, **asked)


def _again(file: ReportFile, at: dt.datetime) -> ReportFile:
    if file.state == ReportFileState.FAILED:
        file.wait_again()
        wait_anew(file, at=at)
        file.save()
    return file


def _forget(files: QuerySet[ReportFile]) -> None:
    for file in files:
        stored = file.file
        file.delete()
        if stored.name:
            transaction.on_commit(partial(stored.storage.delete, stored.name))


@transaction.atomic
def retry_file(*, file: ReportFile, actor: Actor, at: dt.datetime) -> None:
    """Have a file made once more that could not be made. Raises `NotAllowed`."""
    require_reader(actor, file.report)
    _again(ReportFile.objects.select_for_update().get(pk=file.pk), at)


@transaction.atomic
def keep_file(file: ReportFile, data: bytes) -> None:
    """Keep what was made. Raises `LeaseLost`."""
    fresh = held(file)
    fresh.finish()
    let_go(fresh)
    fresh.digest = hashlib.sha256(data).hexdigest()
    fresh.file.save(f"{fresh.report_id}.{fresh.format}", ContentFile(data), save=False)
    fresh.save()
