"""Read how often, in words of plans: "hàng quý", "02 lần/năm", "thứ Sáu hàng tuần".

A recurrence comes with a rule that says on which days it falls due: "weekly day 5" (Monday is 1),
"monthly day 22", "monthly last day", "day 05 of month 3, 6, 9, 12", "last day of month 3, 6, 9,
12", "yearly 06-15, 12-01".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tasks.rules.time_points import Point, Unit, find_points

LEAP_YEAR = 2000  # which year does not matter for a day of every year, but 29/2 must pass
WEEKLY, MONTHLY, QUARTERLY = "weekly", "monthly", "quarterly"
HALF_YEARLY, YEARLY = "half-yearly", "yearly"
_FREQUENT_FIRST = (WEEKLY, MONTHLY, QUARTERLY, HALF_YEARLY, YEARLY)


@dataclass(frozen=True, slots=True)
class Recurring:
    """How often, and on which days; `rule` is None where the words name an impossible day."""

    recurrence: str
    rule: str | None


_HALF = r"(?:0?[69]|sáu|chín) tháng(?: đầu năm| cuối năm)?|nửa năm"
_PERIOD = rf"(?:{_HALF}|(?:một |01? )?(?:tuần|tháng|quý|năm)(?! (?:học|\d))(?! ?[\d/]))"
_EVERY_WORD = r"(?:định kỳ|hàng|hằng|mỗi|từng|theo)"
_LISTED = re.compile(
    rf"{_EVERY_WORD}\s*[(:]?\s*(?:{_EVERY_WORD} )*(?P<periods>{_PERIOD}"
    rf"(?:(?:\s*[,;/]\s*|\s+và\s+|\s*,\s*và\s+|\s+hoặc\s+)(?:{_EVERY_WORD} |cả )*{_PERIOD})*)"
)
# "6 tháng và hàng năm", "06 tháng, năm": the first period needs no word of its own.
_HALF_AND_YEAR = re.compile(
    rf"(?:{_HALF})(?:\s*,\s*|\s+và\s+)(?:định kỳ )?(?:hàng |hằng |mỗi |một |0?1 )?năm\b(?! ?\d)"
)
_NUMBERS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "sáu": 6}
_COUNT = rf"(?P<count>\d\d?|{'|'.join(_NUMBERS)})"
_TIMES_A = re.compile(rf"{_COUNT} lần ?(?:/|mỗi|một|trong|trên)? ?(?P<unit>tuần|tháng|quý|năm)\b")
_ONCE_IN = re.compile(
    rf"(?:{_COUNT} )?\b(?P<unit>tuần|tháng|quý|năm) ?(?:/|một|0?1|ít nhất(?: một| 0?1)?) ?lần"
)
_OF_EACH = re.compile(
    r"(?<=\d )(?:của )?tháng (?:sau|kế tiếp|tiếp theo)\b(?! (?:của )?quý)"
    r"|(?<=\d )của tháng\b(?! \d)(?! (?:cuối|đầu))"
)
_MONTH_OF_QUARTER = re.compile(
    r"tháng (?P<which>đầu(?: tiên)?|cuối(?: cùng)?) (?:của )?(?:mỗi |hàng |hằng |từng )?quý"
    r"(?! [ivx\d])"
)
_QUARTER = re.compile(r"của quý\b(?! [ivx\d])")
_NEXT_YEAR = re.compile(r"(?:của )?năm (?:sau|kế tiếp|tiếp theo|liền kề)\b")
_AND_NEXT_YEARS = re.compile(r"và (?:các |những )?$")
_DAY_OF_MONTH = re.compile(r"(?:ngày|mùng|mồng) (\d\d?)(?!\s*[\d/])")
_WEEKDAY = re.compile(r"thứ (?P<number>hai|ba|tư|năm|sáu|bảy|[2-7])\b|(?P<sunday>chủ nhật)")
_WEEKDAYS = {"hai": 1, "ba": 2, "tư": 3, "năm": 4, "sáu": 5, "bảy": 6}
_FRIDAY, _SUNDAY = 5, 7
_PATTERNS = (_LISTED, _HALF_AND_YEAR, _TIMES_A, _ONCE_IN, _OF_EACH, _MONTH_OF_QUARTER, _QUARTER)
_OF_UNIT = {"tuần": WEEKLY, "tháng": MONTHLY, "quý": QUARTERLY, "năm": YEARLY}
_IN_A_YEAR = {1: YEARLY, 2: HALF_YEARLY, 4: QUARTERLY, 12: MONTHLY}
_MONTHS_BETWEEN = {1: MONTHLY, 3: QUARTERLY, 6: HALF_YEARLY, 12: YEARLY}
_TOGETHER = re.compile(r"[-–—]|\b(?:đến|tới|từ)\b")


def read_recurring(words: str) -> Recurring | None:
    """Return how often something recurs by lower-case *words*; None for what comes once."""
    points = find_points(words)
    often = _how_often(words) or _by_dates(words, points)
    if often is None:
        return None
    return Recurring(often, _RULES[often](words, points))


def recurring_places(words: str) -> Iterator[tuple[int, int]]:
    """Yield where lower-case *words* say how often, for finding a phrase in a sentence."""
    for pattern in _PATTERNS:
        for found in pattern.finditer(words):
            if pattern is not _LISTED or _means_every(found):
                yield found.span()


def _means_every(found: re.Match[str]) -> bool:
    """Tell "theo quý, năm" from "theo năm học": a lone "theo" with one period says nothing."""
    return not found[0].startswith("theo năm")


def _how_often(words: str) -> str | None:
    """Return the most frequent of all recurrences that are named."""
    named = set(_named(words))
    often = next((often for often in _FREQUENT_FIRST if often in named), None)
    dates = len(_days_of(words, find_points(words))) if often == YEARLY else 0
    return {2: HALF_YEARLY, 4: QUARTERLY}.get(dates, often)


def _named(words: str) -> Iterator[str]:
    if _MONTH_OF_QUARTER.search(words) or _QUARTER.search(words):
        yield QUARTERLY
    elif _OF_EACH.search(words):
        yield MONTHLY
    for found in _LISTED.finditer(words):
        if _means_every(found):
            yield from map(_often, re.split(r"\s*(?:[,;/]|\bvà\b|\bhoặc\b)\s*", found["periods"]))
    if _HALF_AND_YEAR.search(words):
        yield HALF_YEARLY
    for found in _TIMES_A.finditer(words):
        yield _times_a(_number(found["count"]), found["unit"])
    for found in _ONCE_IN.finditer(words):
        if found["unit"] == "tháng" or _number(found["count"] or "1") == 1:
            yield _once_in(_number(found["count"] or "1"), found["unit"])
    year = _NEXT_YEAR.search(words)
    if year and not _AND_NEXT_YEARS.search(words, 0, year.start()) and find_points(words):
        yield YEARLY


def _often(period: str) -> str:
    if re.search(_HALF, period):
        return HALF_YEARLY
    return next(often for unit, often in _OF_UNIT.items() if unit in period)


def _times_a(count: int, unit: str) -> str:
    return _IN_A_YEAR.get(count, YEARLY) if unit == "năm" else _OF_UNIT[unit]


def _once_in(count: int, unit: str) -> str:
    return _MONTHS_BETWEEN.get(count, MONTHLY) if unit == "tháng" else _OF_UNIT[unit]


def _number(text: str) -> int:
    return _NUMBERS.get(text) or int(text)


def _by_dates(words: str, points: Sequence[Point]) -> str | None:
    """Return the recurrence of dates without a year that divide it: "15/6 và 01/12"."""
    days = [point for point in points if point.unit is Unit.DAY and not point.ranged]
    if len(days) != len(points) or len(days) not in (2, 4) or any(day.year for day in days):
        return None
    if _TOGETHER.search(words[: days[0].begin]) or _TOGETHER.search(_between(words, days)):
        return None
    apart = {(after.first[0] - day.first[0]) % 12 for day, after in _pairs(days)}
    if len(days) == 2:
        return HALF_YEARLY if apart <= {4, 5, 6, 7, 8} else None
    return QUARTERLY if apart <= {2, 3, 4} else None


def _between(words: str, days: Sequence[Point]) -> str:
    return " ".join(words[day.end : after.begin] for day, after in _pairs(days))


def _pairs(days: Sequence[Point]) -> list[tuple[Point, Point]]:
    return list(pairwise(days))


def _weekly(words: str, _: Sequence[Point]) -> str:
    found = _WEEKDAY.search(words)
    if found is None:
        return f"weekly day {_FRIDAY}"
    if found["sunday"]:
        return f"weekly day {_SUNDAY}"
    return f"weekly day {_WEEKDAYS.get(found['number']) or int(found['number']) - 1}"


def _monthly(words: str, _: Sequence[Point]) -> str:
    day = _DAY_OF_MONTH.search(words)
    return f"monthly day {int(day[1])}" if day else "monthly last day"


def _quarterly(words: str, points: Sequence[Point]) -> str | None:
    if len(_days_of(words, points)) == 4:
        return _on_days(words, points)
    which = _MONTH_OF_QUARTER.search(words)
    first = bool(which and which["which"].startswith("đầu"))
    months = "1, 4, 7, 10" if first else "3, 6, 9, 12"
    day = _DAY_OF_MONTH.search(words)
    return f"{f'day {int(day[1]):02}' if day and which else 'last day'} of month {months}"


def _half_yearly(words: str, points: Sequence[Point]) -> str | None:
    named = [point for point in points if point.unit is not Unit.HALF]
    return _on_days(words, named, "06-30, 12-31")


def _yearly(words: str, points: Sequence[Point]) -> str | None:
    return _on_days(words, points, "12-31")


_RULES = {
    WEEKLY: _weekly,
    MONTHLY: _monthly,
    QUARTERLY: _quarterly,
    HALF_YEARLY: _half_yearly,
    YEARLY: _yearly,
}


def _on_days(words: str, points: Sequence[Point], default: str = "") -> str | None:
    """Return the rule for the end of each point in any year; None for an impossible day."""
    try:
        days = [point.end_on for point in _days_of(words, points)]
    except ValueError:
        return None
    return "yearly " + (", ".join(f"{day:%m-%d}" for day in days) or default)


def _days_of(words: str, points: Sequence[Point]) -> list[Point]:
    """Return the days and months that are named one by one: "tháng 1 và tháng 6" are two."""
    days: list[Point] = []
    for point in points:
        anyway = replace(point, year=LEAP_YEAR, last_year=None)
        named = words[point.begin : point.end]
        if point.unit is Unit.MONTH and point.ranged and not _TOGETHER.search(named):
            months = [int(number) for number in re.findall(r"\b\d\d?\b", named)]
            days.extend(replace(anyway, first=(one, 1), last=(one, 0)) for one in months)
        elif point.unit is not Unit.YEAR:
            days.append(anyway)
    return days
