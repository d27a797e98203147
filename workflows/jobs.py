"""Wake-ups of this room. Each may run twice, late, or on two machines at once."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from tasks.rules.calendar import local_date
from workflows.access import sync_memberships as sync

logger = logging.getLogger(__name__)


@shared_task(name="workflows.sync_memberships")
def sync_memberships() -> None:
    """Posts and substitutions that began or ended since the last run take effect."""
    changed = sync(today=local_date(timezone.now()))
    logger.info("memberships: %d places changed", changed)
