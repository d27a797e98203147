"""Working days of Vietnam's public administration. Pure: no database, no clock.

Monday to Friday, less the public holidays of the Labour Code (art. 112) and their substitute
days and yearly swap decisions as the `holidays` package knows them; a table of exceptions has the
last word.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = dt.timedelta(days=1)


@lru_cache(maxsize=64)
def _known(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("VN", years=year)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[dt.date]:
    """The public holidays of one year, substitutes included."""
    return frozenset(_known(year))


@lru_cache(maxsize=64)
def worked_weekends(year: int) -> frozenset[dt.date]:
    """Days of the weekend that the swap decisions of one year made working days."""
    return frozenset(day for day in _known(year).weekend_workdays if day.year == year)


@lru_cache(maxsize=64)
def holiday_names(year: int, language: str) -> Mapping[dt.date, str]:
    """The public holidays of one year with their names, in Vietnamese or English."""
    spoken = "vi" if language.startswith("vi") else "en_US"
    return dict(holidays.country_holidays("VN", years=year, language=spoken))


class DayKind(enum.StrEnum):
    """Why a day is worked or not."""

    WORKED = "worked"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    DECIDED_OFF = "decided_off"
    DECIDED_WORKED = "decided_worked"


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Answers which days are worked. `exceptions` maps a local date to "is worked"."""

    exceptions: Mapping[dt.date, bool] = field(default_factory=dict)

    def is_working(self, day: dt.date) -> bool:
        decided = self.exceptions.get(day)
        if decided is not None:
            return decided
        if day.weekday() >= 5:
            return day in worked_weekends(day.year)
        return day not in public_holidays(day.year)

    def kind(self, day: dt.date) -> DayKind:
        """The same with the reason; a public holiday on a Saturday counts as a holiday."""
        decided = self.exceptions.get(day)
        if decided is not None:
            return DayKind.DECIDED_WORKED if decided else DayKind.DECIDED_OFF
        if day in public_holidays(day.year):
            return DayKind.HOLIDAY
        if self.is_working(day):
            return DayKind.WORKED if day.weekday() < 5 else DayKind.DECIDED_WORKED
        return DayKind.WEEKEND

    def shift(self, day: dt.date, working_days: int) -> dt.date:
        """The working day `working_days` after `day` (before it, when negative).

        Counting begins with the next working day, so a Sunday shifted by 1 is the Monday and
        shifted by -1 is the Friday. Zero gives the last working day that is not after `day`.
        """
        if working_days == 0:
            return day if self.is_working(day) else self.shift(day, -1)
        step = DAY if working_days > 0 else -DAY
        left = abs(working_days)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def count(self, first: dt.date, last: dt.date) -> int:
        """Working days after `first`, `last` included; negative when `last` is earlier."""
        if last < first:
            return -self.count(last, first)
        return sum(self.is_working(first + DAY * n) for n in range(1, (last - first).days + 1))


def local_date(at: dt.datetime) -> dt.date:
    """The date in Vietnam at the instant `at` (aware)."""
    return at.astimezone(LOCAL).date()


def local_instant(day: dt.date, hour: int = 0, minute: int = 0) -> dt.datetime:
    """The instant of a local wall-clock time, in UTC."""
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=LOCAL).astimezone(dt.UTC)
