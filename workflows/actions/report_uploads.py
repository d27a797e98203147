"""An edited letter on its way back into the draft of its report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tasks.models import Report, ReportUpload
from tasks.reporting.edited import OwnSection, Returned, returned
from tasks.reporting.gathering import identifier_of
from workflows.access import Actor
from workflows.actions.base import attempt, locked_report
from workflows.actions.leases import WAKE_AGAIN, held, let_go
from workflows.actions.reports import SectionText, require_open, require_writer, save_report
from workflows.errors import ActionRefused, Overtaken


def hand_in_letter(
    *, report: Report, file: File[bytes], file_name: str, actor: Actor, at: dt.datetime
) -> ReportUpload:
    """Keep the letter, to be read by a job. Nothing of it is looked at, nothing changes yet."""
    with locked_report(report) as fresh:
        require_writer(actor, fresh)
        require_open(fresh)
        upload = ReportUpload(
            report=fresh,
            file_name=file_name[-200:],
            uploaded_by=actor.person,
            uploaded_at=at,
            leased_until=at + WAKE_AGAIN,
        )
        upload.file.save(file_name[-80:] or "bao-cao.docx", file, save=False)
        upload.save()
        return upload


@transaction.atomic
def keep_letter(upload: ReportUpload, reading: dict[str, Any]) -> None:
    """Keep what was read. Raises `LeaseLost`, or a `DocumentError` if it is not this report's."""
    fresh = held(upload)
    fresh.reading = reading
    letter_of(fresh)
    fresh.finish()
    let_go(fresh)
    fresh.save()


def letter_of(upload: ReportUpload) -> Returned:
    """What the letter says beside the draft as it stands now. Raises `DocumentError`."""
    report = upload.report
    return returned(
        upload.reading,
        [
            OwnSection(section.position, section.kind, section.title, section.text)
            for section in report.sections.all()
        ],
        filename=upload.file_name,
        identifier=identifier_of(report),
        notes=set(report.notes.values_list("number", flat=True)),
    )


def take_over(
    *, upload: ReportUpload, actor: Actor, at: dt.datetime, revisions: Mapping[int, int]
) -> None:
    """Put the texts of the letter into the draft.

    `revisions` are those of the sections that the comparison showed, by their key: a colleague who
    saved meanwhile is not overwritten. Raises `Overtaken` then, and nothing is changed.
    """
    with _read(upload, actor) as fresh:
        texts = letter_of(fresh).texts
        sections = list(fresh.report.sections.all())
        if any(revisions.get(section.pk) != section.revision for section in sections):
            raise Overtaken(
                _("A colleague saved the draft meanwhile. Compare again, then take it over.")
            )
        save_report(
            report=fresh.report,
            actor=actor,
            at=at,
            texts=[
                SectionText(section.pk, texts[section.position], section.revision)
                for section in sections
                if texts.get(section.position, section.text) != section.text
            ],
        )
        attempt(fresh.mark_applied)
        fresh.applied_at = at
        fresh.save(update_fields=["state", "applied_at"])


def discard_letter(*, upload: ReportUpload, actor: Actor) -> None:
    """The letter is not taken over. Its file is kept."""
    with _read(upload, actor) as fresh:
        attempt(fresh.discard)
        fresh.save(update_fields=["state"])


@contextmanager
def _read(upload: ReportUpload, actor: Actor) -> Iterator[ReportUpload]:
    with locked_report(upload.report) as report:
        require_writer(actor, report)
        require_open(report)
        fresh = ReportUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        if fresh.report_id != report.pk:
            raise ActionRefused(_("This letter belongs to another report."))
        fresh.report = report
        yield fresh
