"""What a worker says while it works: that it lives, and how far it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from tasks.models import LeasedWork
from workflows.actions.leases import keep_lease

Clock = Callable[[], dt.datetime]
# Progress is written at most this often.
_BREATH = dt.timedelta(seconds=1)


class Tell:
    """Renews the lease and notes how far the work is, about once a second."""

    def __init__(self, work: LeasedWork, clock: Clock) -> None:
        self.work, self.clock = work, clock
        self.last: dt.datetime | None = None
        self.at: tuple[int, int, str] | None = None

    def progress(self, done: int, total: int, stage: str) -> None:
        self.at = (done, total, stage)
        self.pulse()

    def pulse(self) -> None:
        now = self.clock()
        if self.last is None or now - self.last >= _BREATH:
            keep_lease(self.work, at=now, progress=self.at)
            self.last = now
