"""The breaker: while a line is down, what travels on it waits instead of each waiting in turn.

A mail server that hangs would otherwise cost its time limit for every mail. After `RUNNING`
failures in a row nothing is tried for a while, then one more, and so on, ever more rarely.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.db import transaction

from notifications.channels.outcome import Outcome
from notifications.models import Breaker

RUNNING = 2
PAUSE = dt.timedelta(minutes=1)
LONGEST_PAUSE = dt.timedelta(minutes=10)


class Fuses:
    """The breakers as one batch finds and leaves them."""

    def __init__(self, at: dt.datetime) -> None:
        self._at = at
        self._known = {one.line: one for one in Breaker.objects.all()}
        self._streaks: Counter[str] = Counter()
        self._tripped: set[str] = set()

    def down(self) -> set[str]:
        """The lines not to be tried now. A clock that was set back opens them all."""
        known = self._known.values()
        paused = {one.line for one in known if one.opened_at <= self._at < one.open_until}
        return paused | self._tripped

    def note(self, line: str, outcome: Outcome) -> None:
        """Count what came of an attempt; trip the breaker or mend it."""
        if not outcome.broken:
            self._streaks[line] = 0
            if line in self._known:
                del self._known[line]
                Breaker.objects.filter(line=line).delete()
            return
        self._streaks[line] += 1
        if self._streaks[line] >= RUNNING or line in self._known:
            self._tripped.add(line)
            _trip(line, outcome.error, self._at)


@transaction.atomic
def _trip(line: str, error: str, at: dt.datetime) -> None:
    breaker, made = Breaker.objects.select_for_update().get_or_create(
        line=line, defaults={"opened_at": at, "open_until": at, "error": error}
    )
    if not made and breaker.opened_at <= at < breaker.open_until:
        return  # another sender has just tripped it
    breaker.failures += 1
    breaker.opened_at, breaker.error = at, error
    breaker.open_until = at + pause(breaker.failures)
    breaker.save()


def pause(failures: int) -> dt.timedelta:
    """How long nothing is tried: twice as long each time, at most ten minutes."""
    return min(PAUSE * (1 << min(failures - 1, 10)), LONGEST_PAUSE)
