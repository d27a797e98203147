"""From words of recurrence to a first date, and the strict reading of "trước ngày"."""

from __future__ import annotations

import datetime as dt
import re

from tasks.rules.calendar import DAY
from tasks.rules.schedules import Schedule

_TIMES = r"(?:\s+(?:hết|ngày|thời điểm|thời hạn))*"
# A day after "trước": 10/12, 10 tháng 12, or a day of each month. "Trước 6/2023" names none:
# the reader already ends such a stretch on its eve.
_BEFORE_DAY = re.compile(
    rf"\btrước{_TIMES}\s+\d{{1,2}}(?:\s*(?:/|-|\.|tháng)\s*\d{{1,2}}(?!\d)"
    r"|\s+(?:của|hàng|hằng|mỗi|tháng))",
    re.IGNORECASE,
)


def says_before(words: str) -> bool:
    """Whether the words set a date by "trước" a day, which read strictly excludes that day."""
    return bool(_BEFORE_DAY.search(words))


def first_due(rule: str | None, since: dt.date) -> dt.date | None:
    """The first date of a reader's rule ("yearly 12-01") on or after `since`, a local date."""
    return Schedule.parse(rule).next(since) if rule else None


def strictly(day: dt.date | None, words: str, *, strict: bool) -> dt.date | None:
    """`day`, or its eve where the agency reads "trước ngày" strictly and the words say so."""
    return day - DAY if day and strict and says_before(words) else day
