"""When whom to remind, and how far up the line lateness climbs. Pure: no database, no clock.

Reminders before a date lean on the last working day that is not after it, so a date on a Sunday
is announced on the Friday. Alerts after a date count working days from the date, or from the day
it was set when it was then already past: nobody is passed over before having been told.
"""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.kinds import Audience, Kind, RungReason
from tasks.models import DeadlineKind
from tasks.rules.calendar import DAY, WorkingCalendar, local_date, local_instant

FIRE_HOUR, FIRE_MINUTE = 7, 30
REPEAT_LIMIT = 12


class DayKind(enum.StrEnum):
    WORKING = "working"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder.

    `offset` counts days of `day_kind` from the due date, before it when negative. With
    `repeat_every` (working days) the step comes again, at most `REPEAT_LIMIT` times.
    """

    key: str
    offset: int
    audience: tuple[Audience, ...]
    kind: Kind
    day_kind: DayKind = DayKind.WORKING
    repeat_every: int | None = None

    def fire_at(
        self, counts_from: dt.date, calendar: WorkingCalendar, *, occurrence: int = 0
    ) -> dt.datetime:
        """The moment of the step, in UTC. A repeat counts from the day of the one before it."""
        if occurrence and self.repeat_every:
            day = calendar.shift(counts_from, self.repeat_every)
        else:
            day = self._first_day(counts_from, calendar)
        return local_instant(day, FIRE_HOUR, FIRE_MINUTE)

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


def _working(day: dt.date, calendar: WorkingCalendar, *, forward: bool) -> dt.date:
    if calendar.is_working(day):
        return day
    return calendar.shift(day, 1 if forward else -1)


def _reminder(days: int, *audience: Audience) -> Rung:
    return Rung(f"before-{days}", -days, audience, Kind.REMINDER)


def _on_the_day(*audience: Audience) -> Rung:
    return Rung("day", 0, audience, Kind.DUE_TODAY)


def _alert(days: int, *audience: Audience, repeat_every: int | None = None) -> Rung:
    return Rung(f"after-{days}", days, audience, Kind.ESCALATION, repeat_every=repeat_every)


_OFFICER, _LEADER, _CLERK = Audience.OFFICER, Audience.LEADER, Audience.CLERK
_FOCAL, _SUPERVISOR = Audience.FOCAL, Audience.SUPERVISOR

LADDERS: dict[str, tuple[Rung, ...]] = {
    DeadlineKind.ACKNOWLEDGEMENT: (
        _reminder(1, _OFFICER, _CLERK),
        _on_the_day(_OFFICER),
        _alert(1, _OFFICER, _LEADER),
        _alert(3, _FOCAL),
        _alert(5, _SUPERVISOR, repeat_every=5),
    ),
    DeadlineKind.ITEM: (
        _reminder(10, _OFFICER),
        _reminder(3, _OFFICER),
        _on_the_day(_OFFICER, _LEADER),
        _alert(1, _OFFICER, _LEADER),
        _alert(3, _FOCAL),
        _alert(5, _SUPERVISOR, repeat_every=5),
    ),
    DeadlineKind.REPORT: (
        _reminder(10, _OFFICER),
        _reminder(3, _OFFICER),
        _on_the_day(_OFFICER, _LEADER),
        _alert(1, _OFFICER, _LEADER),
        _alert(2, _FOCAL),
        _alert(3, _SUPERVISOR, repeat_every=5),
    ),
    DeadlineKind.CONSOLIDATED: (
        _reminder(10, _OFFICER),
        _reminder(3, _OFFICER),
        _on_the_day(_OFFICER, _LEADER),
        _alert(1, _OFFICER, _LEADER),
        _alert(2, _SUPERVISOR, repeat_every=5),
    ),
}
RUNGS: dict[tuple[str, str], Rung] = {
    (kind, rung.key): rung for kind, ladder in LADDERS.items() for rung in ladder
}


def lay_out(
    kind: str, *, due_on: dt.date, set_at: dt.datetime, calendar: WorkingCalendar
) -> list[Step]:
    """The steps of a deadline whose date was set at `set_at` (aware), earliest first."""
    late_from = max(due_on, local_date(set_at))
    steps = []
    for rung in LADDERS[kind]:
        counts_from = late_from if rung.offset > 0 else due_on
        fire_at = rung.fire_at(counts_from, calendar)
        skip = RungReason.PAST if fire_at < set_at else None
        steps.append(Step(rung, counts_from, fire_at, skip))
    return list(_collapsed(steps))


def _collapsed(steps: list[Step]) -> Iterator[Step]:
    """Of two steps on one day only the nearer to the date stays; ladders list it later."""
    for step, nearer in zip(steps, [*steps[1:], None], strict=True):
        if nearer is not None and not step.skip and nearer.fire_at == step.fire_at:
            yield Step(step.rung, step.counts_from, step.fire_at, RungReason.SAME_DAY)
        else:
            yield step


def next_morning(at: dt.datetime, calendar: WorkingCalendar) -> dt.datetime:
    """The first moment at or after `at` when digests go out: the fire hour of a working day."""
    today = local_date(at)
    moment = local_instant(today, FIRE_HOUR, FIRE_MINUTE)
    if calendar.is_working(today) and at <= moment:
        return moment
    return local_instant(calendar.shift(today, 1), FIRE_HOUR, FIRE_MINUTE)


def fingerprint(calendar: WorkingCalendar) -> str:
    """Sixteen characters that differ when the calendar does; holidays count by their package."""
    decided = ",".join(f"{day}{worked:d}" for day, worked in sorted(calendar.exceptions.items()))
    return hashlib.sha256(f"{version('holidays')};{decided}".encode()).hexdigest()[:16]


def describe(kind: str) -> list[str]:
    """The ladder of a kind of deadline in words, one sentence for each rung."""
    return [
        _("%(when)s: %(who)s")
        % {
            "when": capfirst(_when(rung)),
            "who": ", ".join(str(audience.label) for audience in rung.audience),
        }
        for rung in LADDERS[kind]
    ]


def _when(rung: Rung) -> str:
    days = abs(rung.offset)
    if rung.offset < 0:
        return ngettext("%(days)s working day before", "%(days)s working days before", days) % {
            "days": days
        }
    if rung.offset == 0:
        return _("on the day")
    words = ngettext("%(days)s working day after", "%(days)s working days after", days)
    if not rung.repeat_every:
        return words % {"days": days}
    return _("%(when)s, then every %(every)s working days") % {
        "when": words % {"days": days},
        "every": rung.repeat_every,
    }
