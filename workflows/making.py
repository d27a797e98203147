"""The making of one leased file of a report: from its content, and from nothing else."""

from __future__ import annotations

import logging

from tasks.models import FileFormat, ReportFile
from tasks.reporting.content import ReportContent
from tasks.reporting.gathering import GATHERED, PAPER, gather
from tasks.reporting.official_letter import letter
from tasks.reporting.report_workbook import workbook
from tasks.rules.calendar import local_date
from workflows.actions.leases import LeaseLost, claim, release
from workflows.actions.report_files import keep_file
from workflows.telling import Clock, Tell

logger = logging.getLogger(__name__)
GATHERING, WRITING, KEEPING = "gathering", "writing", "keeping"
_STEPS = 3
_MAKERS = {FileFormat.WORD: letter, FileFormat.EXCEL: workbook}


def make_file(pk: int, clock: Clock) -> bool:
    """Make a file that was asked for, unless it is made already or somebody else makes it.

    Safe to run twice, also at once. Returns whether this call brought it to an end.
    """
    file = claim(ReportFile, pk, at=clock())
    if file is None:
        return False
    tell = Tell(file, clock)
    try:
        tell.progress(0, _STEPS, GATHERING)
        content = _content(file, clock)
        tell.progress(1, _STEPS, WRITING)
        data = _MAKERS[FileFormat(file.format)](content)
        tell.progress(2, _STEPS, KEEPING)
        keep_file(file, data)
    except LeaseLost:
        logger.warning("file of a report %s: another worker makes it", pk)
        return False
    except Exception:
        release(file, at=clock())
        raise
    return True


def _content(file: ReportFile, clock: Clock) -> ReportContent:
    """What was handed in, from the record; the draft as it stands now."""
    kept = file.version.content.get(PAPER) if file.version else None
    if kept is not None:
        return ReportContent.from_json(kept)
    return gather(GATHERED.get(pk=file.report_id), today=local_date(clock()))
