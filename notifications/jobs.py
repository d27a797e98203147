"""The jobs that beat wakes. Losing a wake-up loses nothing: the next one sweeps again."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from notifications.audit import run_audit
from notifications.heartbeats import beating, pulse
from notifications.kinds import Part
from notifications.sweep import sweep

logger = logging.getLogger(__name__)


@shared_task(name="notifications.tick")
def tick() -> None:
    """Tell everybody what is due to be told. Safe to run twice, also at once."""
    with beating(Part.WORKER, timezone.now):
        done = sweep(timezone.now)
    if done.delivery.sent:
        pulse(Part.MAIL, at=timezone.now())
    logger.info("%s", done)


@shared_task(name="notifications.audit")
def audit() -> None:
    """Hold what should have been sent against the records. Safe to run twice, also at once."""
    run = run_audit(at=timezone.now())
    if run is None:
        logger.info("another check is under way")
    elif run.alarms:
        logger.error("%s differences: %s", run.alarms, run.counts)
    else:
        logger.info("%s dates agree with their records", run.deadlines)
