"""Wake-ups of this room. Each may run twice, late, or on two machines at once."""

from __future__ import annotations

import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from tasks.models import PlanDraft
from tasks.rules.calendar import local_date
from workflows import reading
from workflows.access import sync_memberships as sync
from workflows.actions.leases import to_wake

logger = logging.getLogger(__name__)


@shared_task(name="workflows.sync_memberships")
def sync_memberships() -> None:
    """Posts and substitutions that began or ended since the last run take effect."""
    changed = sync(today=local_date(timezone.now()))
    logger.info("memberships: %d places changed", changed)


@shared_task(name="workflows.read_draft")
def read_draft(pk: int) -> None:
    """Read one document that was handed in."""
    ended = reading.read_draft(pk, timezone.now)
    logger.info("draft %d: %s", pk, "read" if ended else "nothing to do")


@shared_task(name="workflows.wake_readers")
def wake_readers() -> None:
    """Have documents read whose wake-up was lost or whose worker died."""
    for pk in to_wake(PlanDraft, at=timezone.now()):
        read_draft.delay(pk)


def read_soon(pk: int) -> None:
    """Wake a worker for a document once it is saved. Without a broker the next sweep does it."""
    transaction.on_commit(lambda: _wake(pk))


def _wake(pk: int) -> None:
    try:
        read_draft.delay(pk)
    except (OperationalError, OSError):
        logger.warning("draft %d waits for the next sweep: the broker cannot be reached", pk)
