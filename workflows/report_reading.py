"""The reading of one edited letter: in a process of its own, then held against its report."""

from __future__ import annotations

import logging
from pathlib import Path

from django.utils.translation import gettext as _

from tasks.importing.errors import DocumentError, UnreadableFileError, refusal_of
from tasks.importing.isolation import read_isolated
from tasks.models import ReportUpload
from workflows.actions.leases import (
    MOST_ATTEMPTS,
    WORKER_LOST,
    LeaseLost,
    claim,
    keep_failure,
)
from workflows.actions.report_uploads import keep_letter
from workflows.reading import limits
from workflows.telling import Clock, Tell

logger = logging.getLogger(__name__)


def read_letter(pk: int, clock: Clock) -> bool:
    """Read an edited letter, unless it is read already or somebody else reads it.

    Safe to run twice, also at once. Returns whether this call brought it to an end.
    """
    upload = claim(ReportUpload, pk, at=clock())
    if upload is None:
        return False
    path, name = Path(upload.file.path), upload.file_name
    try:
        if not path.exists():
            raise UnreadableFileError(filename=name, reason=_("it is no longer in the store"))
        pulse = Tell(upload, clock).pulse
        reading = read_isolated(path, name, limits=limits(), pulse=pulse, reader="edited_letter")
        keep_letter(upload, reading)
    except DocumentError as error:
        keep_failure(upload, error)
    except LeaseLost:
        logger.warning("letter %s: another worker reads it", pk)
        return False
    return True


def letter_failure(upload: ReportUpload) -> str:
    """Why the letter could not be read, in the active language."""
    code, params = upload.failure.get("code", ""), upload.failure.get("params", {})
    if code == WORKER_LOST:
        return _(
            "Reading %(filename)s was broken off %(number)s times and is not tried again by itself."
        ) % {"filename": upload.file_name, "number": MOST_ATTEMPTS}
    return refusal_of(code, {**params, "filename": upload.file_name}).message
