"""The reading of one leased document: run the isolated reader, tell how far it is, keep the end."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from tasks.importing.errors import DocumentError, UnreadableFileError, refusal_of
from tasks.importing.isolation import Limits, read_isolated
from tasks.models import PlanDraft
from workflows.actions.reading import (
    MOST_ATTEMPTS,
    WORKER_LOST,
    LeaseLost,
    claim,
    keep_failure,
    keep_lease,
    keep_reading,
)

logger = logging.getLogger(__name__)
Clock = Callable[[], dt.datetime]
# Progress is written at most this often.
_BREATH = dt.timedelta(seconds=1)


def read_draft(pk: int, clock: Clock) -> bool:
    """Read the document of a draft, unless it is read already or somebody else reads it.

    Safe to run twice, also at once. Returns whether this call brought it to an end.
    """
    draft = claim(pk, at=clock())
    if draft is None:
        return False
    try:
        reading = _read(draft, clock)
        keep_reading(draft, reading, at=clock())
    except DocumentError as error:
        keep_failure(draft, error)
    except LeaseLost:
        logger.warning("draft %s: another worker reads it, or nobody wants it any more", pk)
        return False
    return True


def _read(draft: PlanDraft, clock: Clock) -> dict[str, object]:
    path, name = Path(draft.file.path), shown_name(draft)
    if not path.exists():
        raise UnreadableFileError(filename=name, reason=_("it is no longer in the store"))
    tell = _Tell(draft, clock)
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


class _Tell:
    """Renews the lease and notes how far the reading is, about once a second."""

    def __init__(self, draft: PlanDraft, clock: Clock) -> None:
        self.draft, self.clock = draft, clock
        self.last: dt.datetime | None = None
        self.at: tuple[int, int, str] | None = None

    def progress(self, done: int, total: int, stage: str) -> None:
        self.at = (done, total, stage)
        self.pulse()

    def pulse(self) -> None:
        now = self.clock()
        if self.last is None or now - self.last >= _BREATH:
            keep_lease(self.draft, at=now, progress=self.at)
            self.last = now


def shown_name(draft: PlanDraft) -> str:
    """What people call the document: the name of its file."""
    return draft.file_name or _("The pasted text")


def failure_message(draft: PlanDraft) -> str:
    """Why the document could not be read, in the active language."""
    code, params = draft.failure.get("code", ""), draft.failure.get("params", {})
    if code == WORKER_LOST:
        return _(
            "Reading %(filename)s was broken off %(number)s times and is not tried again by itself."
        ) % {"filename": shown_name(draft), "number": MOST_ATTEMPTS}
    return refusal_of(code, {**params, "filename": shown_name(draft)}).message
