"""The clock of Celery, which leaves a sign of life each time it has woken the worker."""

from __future__ import annotations

import logging
from typing import Any

from celery.beat import PersistentScheduler
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from notifications.heartbeats import pulse
from notifications.kinds import Part

logger = logging.getLogger(__name__)


class PulsingScheduler(PersistentScheduler):
    """Celery's own scheduler. The sign of life says that a wake-up went out to the broker."""

    def apply_async(self, *args: Any, **kwargs: Any) -> Any:
        sent = super().apply_async(*args, **kwargs)
        close_old_connections()
        leave_sign_of_life()
        return sent


def leave_sign_of_life() -> None:
    """Without the database the clock goes on: its silence is then what an administrator sees."""
    try:
        pulse(Part.BEAT, at=timezone.now())
    except DatabaseError as error:
        logger.warning("No sign of life could be left: %s", error)
