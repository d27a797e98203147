"""Periods that are counted from a day: "trong vòng 15 ngày kể từ ngày ban hành"."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_DAY = timedelta(days=1)
_SATURDAY = 5


class CountedIn(StrEnum):
    """What a period is counted in."""

    WORKING_DAYS = "ngày làm việc"
    DAYS = "ngày"
    WEEKS = "tuần"
    MONTHS = "tháng"


@dataclass(frozen=True, slots=True)
class CountedPeriod:
    """A number of days, weeks or months; `from_issue` where it runs from the document's date."""

    number: int
    unit: CountedIn
    from_issue: bool

    def end_after(self, base: date) -> date:
        """Return the last day of the period that begins on the day after *base*.

        Saturdays and Sundays are no working days, and a period that ends on one ends on the next
        working day (Civil Code 2015, article 148); public holidays are left to the calendar.
        """
        if self.unit is CountedIn.WORKING_DAYS:
            return _working_days_after(base, self.number)
        if self.unit is CountedIn.MONTHS:
            return _off_rest_day(_months_after(base, self.number))
        days = self.number * (7 if self.unit is CountedIn.WEEKS else 1)
        return _off_rest_day(base + days * _DAY)


_WORDS = {"một": 1, "hai": 2, "ba": 3, "năm": 5, "bảy": 7, "mười": 10, "ba mươi": 30}
_PERIOD = re.compile(
    r"(?:(?:trong(?: vòng| thời hạn| thời gian)?|(?:chậm|muộn) nhất|không quá|tối đa|là|sau)\s+)"
    r"{0,3}"
    r"\b(?P<number>\d{1,3}|"
    + "|".join(sorted(_WORDS, key=len, reverse=True))
    + r")\s*(?:\([^)]*\)\s*)?"
    r"(?P<unit>ngày làm việc|ngày|tuần|tháng),?\s*(?:(?:tính |kể )(?:từ|sau)|từ|sau)\s+"
    r"(?P<base>(?:khi|ngày|lúc|thời điểm)\b.*)"
)
_FROM_ISSUE = re.compile(
    r"(?:khi|ngày|lúc|thời điểm)\s+(?:(?:được|có|ký|ngày|(?:\w+ ){2,3}này)\s+)*"
    r"(?:ký|ban hành)\b"
    r"(?!\s+(?:kế hoạch|quyết định|văn bản|nghị quyết|thông báo|hướng dẫn)(?! này))"
)


def read_counted(words: str) -> CountedPeriod | None:
    """Return the period that lower-case *words* count from some day, or None."""
    found = _PERIOD.search(words)
    if found is None:
        return None
    number = _WORDS.get(found["number"]) or int(found["number"])
    from_issue = bool(_FROM_ISSUE.match(found["base"]))
    return CountedPeriod(number, CountedIn(found["unit"]), from_issue)


def counted_place(words: str) -> tuple[int, int] | None:
    """Return where lower-case *words* name a counted period, up to the next sign."""
    found = _PERIOD.search(words)
    if found is None:
        return None
    sign = re.compile(r"[.,;()]").search(words, found.start("base"))
    return found.start(), sign.start() if sign else found.end()


def _working_days_after(base: date, number: int) -> date:
    day = base
    while number > 0:
        day += _DAY
        number -= day.weekday() < _SATURDAY
    return day


def _months_after(base: date, number: int) -> date:
    years, month = divmod(base.month - 1 + number, 12)
    year = base.year + years
    return date(year, month + 1, min(base.day, monthrange(year, month + 1)[1]))


def _off_rest_day(day: date) -> date:
    while day.weekday() >= _SATURDAY:
        day += _DAY
    return day
