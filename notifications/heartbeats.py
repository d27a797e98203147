"""Signs of life: who did their work last, so that silence is noticed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from notifications.kinds import Part
from notifications.models import Heartbeat


def pulse(part: Part, *, at: dt.datetime) -> None:
    """`part` did its work at `at`. One statement, two the first time."""
    beats = Heartbeat.objects.filter(part=part)
    if not beats.update(last_at=at):
        Heartbeat.objects.bulk_create(
            [Heartbeat(part=part, since=at, last_at=at)], ignore_conflicts=True
        )


def falter(part: Part, error: BaseException, *, at: dt.datetime) -> None:
    """`part` tried and failed; what it did last stays on record."""
    Heartbeat.objects.filter(part=part).update(failed_at=at, failure=type(error).__name__[:80])


@contextmanager
def beating(part: Part, clock: Callable[[], dt.datetime]) -> Iterator[None]:
    """Leave a sign of life when the work inside succeeds, and a mark when it fails."""
    try:
        yield
    except Exception as error:
        falter(part, error, at=clock())
        raise
    pulse(part, at=clock())
