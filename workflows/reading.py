"""The reading of one leased document: run the isolated reader, tell how far it is, keep the end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from tasks.importing.errors import DocumentError, UnreadableFileError, refusal_of
from tasks.importing.isolation import Limits, read_isolated
from tasks.models import PaperReport, PlanDraft
from workflows.actions.leases import (
    MOST_ATTEMPTS,
    WORKER_LOST,
    LeaseLost,
    claim,
    keep_failure,
)
from workflows.actions.papers import keep_paper_reading
from workflows.actions.reading import keep_reading
from workflows.telling import Clock, Tell

logger = logging.getLogger(__name__)
Handed = PlanDraft | PaperReport
D = TypeVar("D", PlanDraft, PaperReport)


def read_draft(pk: int, clock: Clock) -> bool:
    """Read the document of a draft, unless it is read already or somebody else reads it.

    Safe to run twice, also at once. Returns whether this call brought it to an end.
    """
    return _read_document(PlanDraft, pk, clock, keep_reading)


def read_paper(pk: int, clock: Clock) -> bool:
    """Read a report that came on paper, as `read_draft` does a plan."""
    return _read_document(PaperReport, pk, clock, keep_paper_reading)


def _read_document(kind: type[D], pk: int, clock: Clock, keep: Callable[..., object]) -> bool:
    """`keep` takes the leased row, what was read, and the moment."""
    document = claim(kind, pk, at=clock())
    if document is None:
        return False
    try:
        keep(document, _read(document, clock), at=clock())
    except DocumentError as error:
        keep_failure(document, error)
    except LeaseLost:
        name = kind._meta.model_name
        logger.warning("%s %s: another worker reads it, or nobody wants it any more", name, pk)
        return False
    return True


def _read(document: Handed, clock: Clock) -> dict[str, object]:
    path, name = Path(document.file.path), shown_name(document)
    if not path.exists():
        raise UnreadableFileError(filename=name, reason=_("it is no longer in the store"))
    tell = Tell(document, clock)
    return read_isolated(path, name, limits=limits(), progress=tell.progress, pulse=tell.pulse)


def limits() -> Limits:
    """What one reading may take on this installation."""
    seconds = settings.DONDOC_READING_SECONDS
    return Limits(
        seconds=seconds,
        cpu_seconds=seconds,
        memory=settings.DONDOC_READING_MEMORY,
        size=settings.DONDOC_UPLOAD_LIMIT,
    )


def shown_name(draft: Handed) -> str:
    """What people call the document: the name of its file."""
    return draft.file_name or _("The pasted text")


def failure_message(draft: Handed) -> str:
    """Why the document could not be read, in the active language."""
    code, params = draft.failure.get("code", ""), draft.failure.get("params", {})
    if code == WORKER_LOST:
        return _(
            "Reading %(filename)s was broken off %(number)s times and is not tried again by itself."
        ) % {"filename": shown_name(draft), "number": MOST_ATTEMPTS}
    return refusal_of(code, {**params, "filename": shown_name(draft)}).message
