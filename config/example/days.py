"""Where the example's dates lie: everything is counted from the day it is shown on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from tasks.rules.calendar import DAY, WorkingCalendar

# The units of the example exist from July 2025; its first plan is ten weeks old.
FIRST_DAY = dt.date(2025, 10, 1)
ISSUED_DAYS_AGO = 70


@dataclass(frozen=True, slots=True)
class Days:
    """Calendar days before and after `today`, moved back to a working day where they are not."""

    today: dt.date
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)

    def ago(self, days: int) -> dt.date:
        return self.worked(self.today - days * DAY)

    def ahead(self, days: int) -> dt.date:
        """A working day that is still to come, whatever feast lies in between."""
        day = self.ago(-days)
        return day if day > self.today else self.calendar.shift(self.today, 1)

    def worked(self, day: dt.date) -> dt.date:
        """The last working day that is not after `day`."""
        return self.calendar.shift(day, 0)

    def after(self, day: dt.date, working_days: int) -> dt.date:
        return self.calendar.shift(day, working_days)

    @property
    def issued(self) -> dt.date:
        return self.ago(ISSUED_DAYS_AGO)
