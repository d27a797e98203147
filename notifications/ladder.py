"""When whom to remind, and how far up the line lateness climbs. Pure: no database, no clock.

Reminders before a date lean on the last working day that is not after it, so a date on a Sunday
is announced on the Friday. Alerts after a date count working days from the date, or from the day
it was set when it was then already past: nobody is passed over before having been told.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

from notifications.kinds import Audience, Channel, Kind, RungReason
from tasks.rules.calendar import DAY, WorkingCalendar, local_date, local_instant

FIRE_HOUR, FIRE_MINUTE = 7, 30
DEFAULT_TIME = dt.time(FIRE_HOUR, FIRE_MINUTE)
REPEAT_LIMIT = 12
# Looking it up reads a file, too slow for every rung.
_HOLIDAYS = version("holidays")


class DayKind(TextChoices):
    WORKING = "working", gettext_lazy("working days")
    CALENDAR = "calendar", gettext_lazy("calendar days")


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of a ladder.

    `offset` counts days of `day_kind` from the due date, before it when negative. With
    `repeat_every` (working days) it comes again, at most `repeat_limit` times. Everybody is told
    in the application; `channels` are the ways besides. `post` is a unit's key and a role.
    """

    offset: int
    audience: tuple[Audience, ...]
    day_kind: DayKind = DayKind.WORKING
    at_time: dt.time = DEFAULT_TIME
    channels: tuple[Channel, ...] = (Channel.EMAIL,)
    post: tuple[int, str] | None = None
    repeat_every: int | None = None
    repeat_limit: int = REPEAT_LIMIT
    step_id: int | None = None

    @property
    def key(self) -> str:
        """What makes it the same rung in every version of a ladder: it never speaks twice."""
        if self.offset == 0:
            return "day"
        word = "before" if self.offset < 0 else "after"
        mark = "c" if self.day_kind is DayKind.CALENDAR else ""
        return f"{word}-{abs(self.offset)}{mark}"

    @property
    def kind(self) -> Kind:
        if self.offset == 0:
            return Kind.DUE_TODAY
        return Kind.REMINDER if self.offset < 0 else Kind.ESCALATION

    def fire_at(
        self, counts_from: dt.date, calendar: WorkingCalendar, *, occurrence: int = 0
    ) -> dt.datetime:
        """The moment of the rung, in UTC. A repeat counts from the day of the one before it."""
        if occurrence and self.repeat_every:
            day = calendar.shift(counts_from, self.repeat_every)
        else:
            day = self._first_day(counts_from, calendar)
        return local_instant(day, self.at_time.hour, self.at_time.minute)

    def _first_day(self, counts_from: dt.date, calendar: WorkingCalendar) -> dt.date:
        if self.day_kind is DayKind.CALENDAR:
            return _working(counts_from + DAY * self.offset, calendar, forward=self.offset > 0)
        if self.offset > 0:
            return calendar.shift(counts_from, self.offset)
        last = calendar.shift(counts_from, 0)
        return calendar.shift(last, self.offset)


@dataclass(frozen=True, slots=True)
class Step:
    """A rung laid out for one deadline. `skip` says why it will not fire, when it will not."""

    rung: Rung
    counts_from: dt.date
    fire_at: dt.datetime
    skip: RungReason | None = None

    @property
    def day(self) -> dt.date:
        return local_date(self.fire_at)


def _working(day: dt.date, calendar: WorkingCalendar, *, forward: bool) -> dt.date:
    if calendar.is_working(day):
        return day
    return calendar.shift(day, 1 if forward else -1)


def lay_out(
    rungs: Iterable[Rung],
    *,
    due_on: dt.date,
    set_at: dt.datetime,
    calendar: WorkingCalendar,
    not_before: dt.datetime | None = None,
) -> list[Step]:
    """The steps of a deadline whose date was set at `set_at` (aware), earliest first.

    What would have come before `not_before` (otherwise `set_at`) is left out.
    """
    late_from = max(due_on, local_date(set_at))
    steps = []
    for rung in rungs:
        counts_from = late_from if rung.offset > 0 else due_on
        fire_at = rung.fire_at(counts_from, calendar)
        skip = RungReason.PAST if fire_at < (not_before or set_at) else None
        steps.append(Step(rung, counts_from, fire_at, skip))
    return list(_collapsed(sorted(steps, key=_earliest_first), set_at))


def _earliest_first(step: Step) -> tuple[dt.date, int]:
    return step.day, step.rung.offset


def _collapsed(steps: list[Step], set_at: dt.datetime) -> Iterator[Step]:
    """Of two steps on one day only the one nearer to the date stays: nobody is told twice.

    One whose hour had passed when the date was set never speaks, and takes no later hour away.
    """
    nearest = {step.day: step for step in steps if step.fire_at >= set_at}
    for step in steps:
        if step.skip or nearest[step.day] is step:
            yield step
        else:
            yield replace(step, skip=RungReason.SAME_DAY)


def next_morning(
    at: dt.datetime, calendar: WorkingCalendar, *, time: dt.time = DEFAULT_TIME
) -> dt.datetime:
    """The first moment at or after `at` when digests go out: an hour of a working day."""
    today = local_date(at)
    moment = local_instant(today, time.hour, time.minute)
    if calendar.is_working(today) and at <= moment:
        return moment
    return local_instant(calendar.shift(today, 1), time.hour, time.minute)


def fingerprint(calendar: WorkingCalendar) -> str:
    """Sixteen characters that differ when the calendar does; holidays count by their package."""
    decided = ",".join(f"{day}{worked:d}" for day, worked in sorted(calendar.exceptions.items()))
    return hashlib.sha256(f"{_HOLIDAYS};{decided}".encode()).hexdigest()[:16]
