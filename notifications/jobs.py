"""The job that beat wakes. Losing a wake-up loses nothing: the next one sweeps again."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from notifications.sweep import sweep

logger = logging.getLogger(__name__)


@shared_task(name="notifications.tick")
def tick() -> None:
    """Tell everybody what is due to be told. Safe to run twice, also at once."""
    done = sweep(timezone.now)
    logger.info("%s", done)
