"""The time that a target or a figure is about: "giai đoạn 2022 - 2025", "đến năm 2030"."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tasks.importing.citations import read_date


@dataclass(frozen=True, slots=True)
class Period:
    """A period at [start, end) of a text; `label` is "2022-2025", "2030" or "hằng năm"."""

    label: str
    by: date | None
    start: int
    end: int


_YEAR = r"(?:19|20)\d\d"
_ISSUED = re.compile(rf"(?:[A-ZĐ]{{2}}\S*),?\s+ngày\s+\d\d?\s*[/.-]\s*\d\d?\s*[/.-]\s*{_YEAR}")
_COMPARED = re.compile(rf"so với (?:cùng kỳ |cuối )?(?:năm )?{_YEAR}", re.IGNORECASE)
_FORMS = re.compile(
    rf"(?P<first>{_YEAR})\s*(?:[-–]|đến(?: hết)?(?: năm)?)\s*(?P<last>{_YEAR})"
    rf"|(?:trước|đến|chậm nhất)?\s*(?:hết\s+)?ngày\s+(?P<day>\d\d?)(?:\s*[/.-]\s*|\s+tháng\s+)"
    rf"(?P<month>\d\d?)(?:\s*[/.-]\s*|\s+năm\s+)(?P<year>{_YEAR})"
    rf"|quý\s+(?P<quarter>IV|I{{1,3}}|[1-4])\s*(?:/|năm|-)?\s*(?P<of_quarter>{_YEAR})"
    rf"|tháng\s+(?P<only_month>\d\d?)\s*(?:/|năm)\s*(?P<of_month>{_YEAR})"
    rf"|(?P<count>\d\d?|sáu|chín)\s+tháng\s+(?P<half>đầu|cuối)\s+năm(?:\s+(?P<of_half>{_YEAR}))?"
    rf"|(?:cuối |hết |trong )?năm\s+(?P<whole>{_YEAR})(?!\s*[-–]\s*{_YEAR})"
    r"|(?P<yearly>(?:hằng|hàng|mỗi|từng) năm|bình quân năm)",
    re.IGNORECASE,
)
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_COUNTS = {"sáu": 6, "chín": 9}
YEARLY = "hằng năm"


def find_periods(text: str, year: int | None = None) -> tuple[Period, ...]:
    """Return the periods that *text* names; *year* is that of "6 tháng đầu năm"."""
    known = text
    for other in (_ISSUED, _COMPARED):
        known = other.sub(lambda found: "_" * len(found[0]), known)
    return tuple(_periods(known, year))


def year_period(year: int) -> Period:
    """Return a whole year, as a column of a table names it."""
    return Period(str(year), date(year, 12, 31), 0, 0)


def _periods(text: str, year: int | None) -> Iterator[Period]:
    for found in _FORMS.finditer(text):
        read = _read(found, year)
        if read:
            yield Period(*read, *found.span())


def _read(found: re.Match[str], year: int | None) -> tuple[str, date | None] | None:
    if found["yearly"]:
        return YEARLY, None
    if found["first"]:
        first, last = int(found["first"]), int(found["last"])
        return (f"{first}-{last}", date(last, 12, 31)) if first <= last else None
    if found["whole"]:
        return found["whole"], date(int(found["whole"]), 12, 31)
    if found["day"]:
        by = read_date(found["day"], found["month"], found["year"])
        return (found["year"], by) if by else None
    return _part_of_year(found, year)


def _part_of_year(found: re.Match[str], year: int | None) -> tuple[str, date | None] | None:
    """Return a part of a year with its last day."""
    if found["quarter"]:
        quarter, whole = _QUARTERS[found["quarter"].upper()], int(found["of_quarter"])
        return f"quý {found['quarter'].upper()}/{whole}", _month_end(whole, 3 * quarter)
    if found["only_month"]:
        month, whole = int(found["only_month"]), int(found["of_month"])
        return (f"{month}/{whole}", _month_end(whole, month)) if 1 <= month <= 12 else None
    count = _COUNTS.get(found["count"].lower()) or int(found["count"])
    known = int(found["of_half"]) if found["of_half"] else year
    if known is None or not 1 <= count <= 12:
        return None
    label = f"{count} tháng {found['half'].lower()} năm {known}"
    return label, _month_end(known, count if found["half"].lower() == "đầu" else 12)


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
