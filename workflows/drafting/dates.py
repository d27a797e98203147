"""From words of recurrence to a first date, and the strict reading of "trước ngày"."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange

from tasks.rules.calendar import DAY

_TIMES = r"(?:\s+(?:hết|ngày|thời điểm|thời hạn))*"
# A day after "trước": 10/12, 10 tháng 12, or a day of each month. "Trước 6/2023" names none:
# the reader already ends such a stretch on its eve.
_BEFORE_DAY = re.compile(
    rf"\btrước{_TIMES}\s+\d{{1,2}}(?:\s*(?:/|-|\.|tháng)\s*\d{{1,2}}(?!\d)"
    r"|\s+(?:của|hàng|hằng|mỗi|tháng))",
    re.IGNORECASE,
)
_LAST = 31
_EVERY_MONTH = range(1, 13)


def says_before(words: str) -> bool:
    """Whether the words set a date by "trước" a day, which read strictly excludes that day."""
    return bool(_BEFORE_DAY.search(words))


def first_due(rule: str | None, since: dt.date) -> dt.date | None:
    """The first date of a reader's rule ("yearly 12-01") on or after `since`, a local date.

    The rules are those of `tasks/rules/recurring_phrases.py`.
    """
    if not rule:
        return None
    if weekly := re.fullmatch(r"weekly day (\d)", rule):
        return since + (int(weekly[1]) - since.isoweekday()) % 7 * DAY
    days = (_day(since.year + more, *one) for more in (0, 1) for one in _days_of_year(rule))
    return min((day for day in days if day >= since), default=None)


def strictly(day: dt.date | None, words: str, *, strict: bool) -> dt.date | None:
    """`day`, or its eve where the agency reads "trước ngày" strictly and the words say so."""
    return day - DAY if day and strict and says_before(words) else day


def _days_of_year(rule: str) -> list[tuple[int, int]]:
    if rule.startswith("yearly "):
        return [(int(month), int(day)) for month, day in re.findall(r"(\d\d)-(\d\d)", rule)]
    named = re.search(r"\bday (\d+)", rule)
    day = int(named[1]) if named else _LAST
    months = re.search(r"of month ([\d, ]+)", rule)
    return [(month, day) for month in (map(int, months[1].split(",")) if months else _EVERY_MONTH)]


def _day(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, min(day, monthrange(year, month)[1]))
