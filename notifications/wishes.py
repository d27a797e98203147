"""When and by which ways a person wants to be told, within what a ladder allows. Pure.

The application itself, escalations and follow-ups cannot be declined: a person chooses how the
reminders and the news of the morning come, and at which hours nothing rings.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from notifications.kinds import Channel
from notifications.ladder import DEFAULT_TIME, next_morning
from tasks.rules.calendar import DAY, LOCAL, WorkingCalendar, local_date, local_instant

# Rungs fire from here on, so that nobody's digest is made before they have.
MORNINGS = tuple(dt.time(*divmod(minutes, 60)) for minutes in range(7 * 60 + 30, 10 * 60 + 1, 30))


@dataclass(frozen=True, slots=True)
class Wishes:
    """Local times of day. Without `quiet_from` and `quiet_until` no hour is quiet."""

    by_email: bool = True
    by_bridge: bool = True
    morning_at: dt.time = DEFAULT_TIME
    quiet_from: dt.time | None = dt.time(21)
    quiet_until: dt.time | None = dt.time(6)

    def want(self, channel: str, *, urgent: bool) -> bool:
        """Whether something comes by `channel` at all; the ladder had named it."""
        if urgent or channel == Channel.IN_APP:
            return True
        return self.by_email if channel == Channel.EMAIL else self.by_bridge

    def after_quiet(self, at: dt.datetime) -> dt.datetime:
        """`at`, or the end of the quiet hours that it falls into."""
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None or start == end:
            return at
        now, day = at.astimezone(LOCAL).time(), local_date(at)
        if start < end:
            return local_instant(day, end.hour, end.minute) if start <= now < end else at
        if now >= start:
            return local_instant(day + DAY, end.hour, end.minute)
        return local_instant(day, end.hour, end.minute) if now < end else at

    def digest_after(
        self,
        meant_for: dt.datetime,
        *,
        at: dt.datetime,
        calendar: WorkingCalendar,
        due_on: dt.date | None = None,
    ) -> dt.datetime:
        """When the digest goes out that carries something meant for that moment, known at `at`.

        Never after `due_on`: what would come too late in the next digest comes at once.
        """
        morning = next_morning(meant_for, calendar, time=self.morning_at)
        if due_on is not None and local_date(morning) > max(due_on, local_date(at)):
            morning = at
        return self.after_quiet(max(morning, at))


AS_SHIPPED = Wishes()
