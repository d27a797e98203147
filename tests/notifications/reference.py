"""A model of one clock, in as few words as possible: what its rungs should do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from notifications.expected import expected_rungs
from notifications.ladder import Rung
from tasks.rules.calendar import WorkingCalendar, local_date, local_instant


@dataclass(slots=True)
class Clock:
    """One version of a deadline. A rung to come is its occurrence and the day it counts from."""

    rungs: tuple[Rung, ...]
    due_on: dt.date
    set_at: dt.datetime
    ticks: bool = True
    to_come: dict[str, tuple[int, dt.date]] | None = None
    fired: set[tuple[str, int]] = field(default_factory=set)

    def moments(self, calendar: WorkingCalendar) -> dict[str, dt.datetime]:
        """When each rung to come fires on this calendar."""
        plain = expected_rungs(
            self.rungs, due_on=self.due_on, set_at=self.set_at, calendar=calendar
        )
        if self.to_come is None:
            first = (one for one in plain.values() if one.alone and one.fire_at >= self.set_at)
            self.to_come = {one.rung.key: (0, self.due_on) for one in first}
        return {
            key: local_instant(calendar.shift(day, plain[key].rung.repeat_every or 0), 7, 30)
            if times
            else plain[key].fire_at
            for key, (times, day) in self.to_come.items()
        }

    def pass_to(self, now: dt.datetime, calendar: WorkingCalendar) -> None:
        """Of what is due by now only the latest speaks; every repeating rung comes again."""
        moments = self.moments(calendar)
        due = [rung for rung in self.rungs if rung.key in moments and moments[rung.key] <= now]
        if not self.ticks or not due or self.to_come is None:
            return
        last = max(due, key=lambda r: (moments[r.key], self.to_come[r.key][0], r.offset))
        self.fired.add((last.key, self.to_come[last.key][0]))
        for rung in due:
            times, _day = self.to_come.pop(rung.key)
            if rung.repeat_every and times < rung.repeat_limit:
                self.to_come[rung.key] = (times + 1, local_date(now))
