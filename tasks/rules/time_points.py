"""Find the calendar points (day, month, quarter, half, year) named in Vietnamese words."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Unit(StrEnum):
    """How long a point lasts."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Point:
    """A stretch of one calendar year as it is named in a text.

    `first` and `last` are (month, day); `year` is None where the words name none. `last_year`
    differs from `year` only for ranges of years. `begin` and `end` are places in the text.
    """

    unit: Unit
    first: tuple[int, int]
    last: tuple[int, int]
    year: int | None
    begin: int
    end: int
    last_year: int | None = None
    ranged: bool = False

    @property
    def start_on(self) -> date:
        """Return the first day; raise ValueError for an impossible one such as 31/2."""
        return date(self.year or 0, *self.first)

    @property
    def end_on(self) -> date:
        """Return the last day; raise ValueError for an impossible one such as 31/2."""
        year = self.last_year or self.year or 0
        if self.unit is Unit.DAY:
            return date(year, *self.last)
        return last_day(year, self.last[0])


_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_R = r"(?:iv|iii|ii|i|[1-4])(?!\w)"
_TO = r"\s*(?:-|–|,|\+|&|và|đến(?:\s*hết)?)\s*"

_POINT = re.compile(
    rf"""
    (?P<iso>(?<![\d/])(?P<iy>(?:19|20)\d\d)-(?P<im>\d\d)-(?P<id>\d\d)(?!\d))
  | (?P<dashed>(?<!\d)(?P<dd>\d\d?)[-.](?P<dm>\d\d?)[-.](?P<dy>(?:19|20)\d\d)(?!\d))
  | (?P<days>(?<![\d/])(?<!tuần\s)(?<!tuần\sthứ\s)
        (?P<d0>(?:\d\d?{_TO}(?:ngày\s*)?){{0,9}})(?P<d>\d\d?)
        \s*(?:/|\s*tháng\s*)\s*(?P<m>\d\d?)(?!\d)
        (?:\s*(?:/|,?\s*năm)\s*(?P<y>(?:19|20)\d\d|\d\d(?![\d/]))(?!\d))?)
  | (?P<half>(?P<n>0?[3-9])\s*tháng\s*(?P<part>đầu|cuối)\s*(?:của\s*)?năm
        (?:\s*(?P<hy>(?:19|20)\d\d))?)
  | (?P<third>(?P<which>thượng|trung|hạ)\s*tuần\s*tháng\s*(?P<tm>\d\d?)(?!\d)
        (?:\s*(?:/|-|,?\s*năm)\s*(?P<ty>(?:19|20)\d\d))?)
  | (?P<month>(?:tháng\s*(?P<mm>\d\d?)(?!\d)(?P<more>(?:{_TO}(?:tháng\s*)?\d\d?(?![\d/])){{0,11}})
        (?:\s*(?:/|-|,?\s*năm)\s*(?P<my>(?:19|20)\d\d))?)
      | (?<![\d/])(?P<bm>\d\d?)\s*/\s*(?P<by>(?:19|20)\d\d)(?![\d/]))
  | (?P<quarter>(?:\bq\.?|qu[ýí])\s*(?P<q>{_R})(?P<qs>(?:{_TO}(?:qu[ýí]\s*)?{_R}){{0,3}})
        (?:\s*(?:/|-|,?\s*năm)?\s*(?P<qy>(?:19|20)\d\d))?)
  | (?P<school>học\s*20\d\d\s*[-–]\s*20\d\d)
  | (?P<years>(?<![\d/])(?P<y1>(?:19|20)\d\d)
        \s*(?:-|–|đến(?:\s*năm)?)\s*(?P<y2>(?:19|20)\d\d)(?!\d))
  | (?P<year>(?<![\d/])(?P<yy>(?:19|20)\d\d)(?![\d/]))
  | (?P<this>(?:cả|trong|cuối|đầu|giữa)\s*năm(?!\s*\d|\s*học))
    """,
    re.VERBOSE,
)


def last_day(year: int, month: int) -> date:
    """Return the last day of a month; raise ValueError where there is no such month."""
    if not 1 <= month <= 12:
        raise ValueError(month)
    return date(year, month, monthrange(year, month)[1])


def find_points(words: str) -> tuple[Point, ...]:
    """Return the points named in lower-case NFC *words*, in order, each year where it is said.

    A point without its own year takes that of a neighbour: the next one, else the one before.
    A school year ("năm học 2026 - 2027") names no dates: its ends differ from place to place.
    """
    found = [match for match in _POINT.finditer(words) if not match["school"]]
    return _share_years([_point(match) for match in found])


def _point(found: re.Match[str]) -> Point:
    kind = next(name for name in _MAKERS if found[name])
    return _MAKERS[kind](found)


def _span(found: re.Match[str]) -> tuple[int, int]:
    return found.start(), found.end()


def _dashed(found: re.Match[str]) -> Point:
    day = (int(found["dm"]), int(found["dd"]))
    return Point(Unit.DAY, day, day, int(found["dy"]), *_span(found))


def _iso(found: re.Match[str]) -> Point:
    day = (int(found["im"]), int(found["id"]))
    return Point(Unit.DAY, day, day, int(found["iy"]), *_span(found))


_THIRDS = {"thượng": (1, 10), "trung": (11, 20)}


def _third(found: re.Match[str]) -> Point:
    month = int(found["tm"])
    year = int(found["ty"]) if found["ty"] else None
    if found["which"] == "hạ":
        return Point(Unit.MONTH, (month, 21), (month, 0), year, *_span(found))
    first, last = _THIRDS[found["which"]]
    return Point(Unit.DAY, (month, first), (month, last), year, *_span(found), ranged=True)


def _days(found: re.Match[str]) -> Point:
    month, final = int(found["m"]), int(found["d"])
    earlier = [int(number) for number in re.findall(r"\d+", found["d0"])]
    first = (month, min([*earlier, final]))
    year = int(found["y"]) if found["y"] else None
    year = year + 2000 if year is not None and year < 100 else year
    return Point(Unit.DAY, first, (month, final), year, *_span(found), ranged=bool(earlier))


def _half(found: re.Match[str]) -> Point:
    count = int(found["n"])
    months = (1, count) if found["part"] == "đầu" else (13 - count, 12)
    year = int(found["hy"]) if found["hy"] else None
    return Point(Unit.HALF, (months[0], 1), (months[1], 0), year, *_span(found))


def _month(found: re.Match[str]) -> Point:
    named = found["mm"] or found["bm"]
    months = [int(named), *(int(more) for more in re.findall(r"\d+", found["more"] or ""))]
    year = found["my"] or found["by"]
    ends = ((months[0], 1), (months[-1], 0))
    year_number = int(year) if year else None
    return Point(Unit.MONTH, *ends, year_number, *_span(found), ranged=len(months) > 1)


def _quarter(found: re.Match[str]) -> Point:
    numbers = [_ROMAN[found["q"]], *(_ROMAN[one] for one in re.findall(_R, found["qs"]))]
    ends = ((3 * min(numbers) - 2, 1), (3 * max(numbers), 0))
    year = int(found["qy"]) if found["qy"] else None
    return Point(Unit.QUARTER, *ends, year, *_span(found), ranged=len(numbers) > 1)


def _years(found: re.Match[str]) -> Point:
    first, last = int(found["y1"]), int(found["y2"])
    return Point(Unit.YEAR, (1, 1), (12, 0), first, *_span(found), last_year=last, ranged=True)


def _year(found: re.Match[str]) -> Point:
    return Point(Unit.YEAR, (1, 1), (12, 0), int(found["yy"]), *_span(found))


def _this_year(found: re.Match[str]) -> Point:
    # The words before "năm" stay outside the point: they are its modifier.
    return Point(Unit.YEAR, (1, 1), (12, 0), None, found.end() - len("năm"), found.end())


_MAKERS = {
    "iso": _iso,
    "third": _third,
    "dashed": _dashed,
    "days": _days,
    "half": _half,
    "month": _month,
    "quarter": _quarter,
    "years": _years,
    "year": _year,
    "this": _this_year,
}


def _share_years(points: list[Point]) -> tuple[Point, ...]:
    return tuple(_following(_preceding(points)))


def _preceding(points: list[Point]) -> list[Point]:
    shared: list[Point] = []
    year = None
    for point in reversed(points):
        year = point.year or year
        shared.append(replace(point, year=year))
    return shared[::-1]


def _following(points: list[Point]) -> Iterator[Point]:
    year = None
    for point in points:
        year = point.year or year
        yield replace(point, year=year)
