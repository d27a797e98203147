"""Wake-ups of this room. Each may run twice, late, or on two machines at once."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from tasks.models import LeasedWork, PaperReport, PlanDraft, ReportFile, ReportUpload
from tasks.rules.calendar import local_date
from workflows import making, reading, report_reading
from workflows.access import sync_memberships as sync
from workflows.actions.leases import to_wake
from workflows.actions.periods import keep_periods as keep

logger = logging.getLogger(__name__)


@shared_task(name="workflows.sync_memberships")
def sync_memberships() -> None:
    """Posts and substitutions that began or ended since the last run take effect."""
    changed = sync(today=local_date(timezone.now()))
    logger.info("memberships: %d places changed", changed)


@shared_task(name="workflows.keep_periods")
def keep_periods() -> None:
    """Lay out the dates of recurring reports, and ask for those whose day has come."""
    kept = keep(at=timezone.now())
    logger.info(
        "reports: %d dates laid out, %d periods opened, %d reports asked for",
        kept.laid_out,
        kept.opened,
        kept.asked,
    )


@shared_task(name="workflows.read_draft")
def read_draft(pk: int) -> None:
    """Read one document that was handed in."""
    ended = reading.read_draft(pk, timezone.now)
    logger.info("draft %d: %s", pk, "read" if ended else "nothing to do")


@shared_task(name="workflows.make_report_file")
def make_report_file(pk: int) -> None:
    """Make one file of a report that was asked for."""
    ended = making.make_file(pk, timezone.now)
    logger.info("file of a report %d: %s", pk, "made" if ended else "nothing to do")


@shared_task(name="workflows.read_paper")
def read_paper(pk: int) -> None:
    """Read one report that came on paper."""
    ended = reading.read_paper(pk, timezone.now)
    logger.info("paper %d: %s", pk, "read" if ended else "nothing to do")


@shared_task(name="workflows.read_letter")
def read_letter(pk: int) -> None:
    """Read one edited letter of a report."""
    ended = report_reading.read_letter(pk, timezone.now)
    logger.info("edited letter %d: %s", pk, "read" if ended else "nothing to do")


@shared_task(name="workflows.wake_readers")
def wake_readers() -> None:
    """Have work done whose wake-up was lost or whose worker died."""
    for kind, job in _jobs():
        for pk in to_wake(kind, at=timezone.now()):
            job.delay(pk)


def _jobs() -> tuple[tuple[type[LeasedWork], Any], ...]:
    return (
        (PlanDraft, read_draft),
        (PaperReport, read_paper),
        (ReportFile, make_report_file),
        (ReportUpload, read_letter),
    )


def read_soon(pk: int) -> None:
    """Wake a worker for a document once it is saved. Without a broker the next sweep does it."""
    _soon(read_draft, pk)


def read_paper_soon(pk: int) -> None:
    """Wake a worker for a report on paper, as `read_soon` does."""
    _soon(read_paper, pk)


def read_letter_soon(pk: int) -> None:
    """Wake a worker for an edited letter, as `read_soon` does."""
    _soon(read_letter, pk)


def make_soon(pk: int) -> None:
    """Wake a worker for a file that was asked for, as `read_soon` does."""
    _soon(make_report_file, pk)


def _soon(job: Any, pk: int) -> None:
    transaction.on_commit(lambda: _wake(job, pk))


def _wake(job: Any, pk: int) -> None:
    try:
        job.delay(pk)
    except (OperationalError, OSError):
        logger.warning("%s %d waits for the next sweep: no broker can be reached", job.name, pk)
