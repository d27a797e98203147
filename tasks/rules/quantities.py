"""Quantities in Vietnamese sentences: "từ 30 - 35 doanh nghiệp", "trên 95%", "1,5 tỷ đồng".

Dates, years, numbers of documents and ordinals are no quantities. Nothing is converted: a value
is in the unit as it is written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.rules.numbers import GROUPED, plain
from tasks.rules.units_of_measure import find_unit


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity at [start, end) of a text, its comparing words and unit included.

    `low` and `high` are the bounds, equal for a plain value; one is None where the words leave
    that side open ("ít nhất", "không quá"). `before` is the value that changed ("từ 15 lên 23").
    `rest` is the place after the number and before its unit, `approximate` marks "khoảng".
    """

    start: int
    end: int
    low: float | None
    high: float | None
    unit: str
    rest: int
    before: float | None = None
    approximate: bool = False


_LONGEST, _NEAR = 6_000, 100  # characters
NUMBER = rf"{GROUPED}(?:,\d+)?|\d+(?:[.,]\d+)?"
_WORDS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
_LEAST = (
    r"(?:ít nh[ấâa]t|tối thi[ểêe]u|trên|hơn|không d[ưu][ớơ]i|không thấp hơn|không ít hơn"
    r"|lớn hơn|vượt|≥|>=|>)"
)
_MOST = r"(?:tối đa|dưới|không quá|nhiều nhất|không vượt quá|nhỏ hơn|thấp hơn|≤|<=|<)"
_ABOUT = r"(?:khoảng|gần|xấp xỉ|ước khoảng|ước)"
_COMPARED = re.compile(
    rf"(?:(?P<least>{_LEAST})|(?P<most>{_MOST})|(?P<about>{_ABOUT}))"
    r"(?:\s+(?:đạt|có|là|từ|được|cho|\(?khoảng))*\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"\btừ\s*$", re.IGNORECASE)
_CHANGED_FROM = re.compile(r"\b(?:tăng|giảm|nâng|rút|hạ|tăng thêm)\b[^.;]{0,60}$", re.IGNORECASE)
_RANGE = re.compile(
    rf"\s*%?\s*(?:-|–|÷|đến|tới)\s*(?:khoảng\s+|trên\s+|dưới\s+)?(?P<high>{NUMBER})(?![\d/])"
)
_CHANGE = re.compile(
    r"(?P<between>[^.;,\d]{0,40}?(?:\([^)]{0,40}\)\s*)?(?:[^.;,\d]{0,20}(?:năm|tháng) [\d/]+\s*)?)"
    rf"\s*\b(?:lên|xuống|xuống còn|lên đến|còn|lên thành|đến|tới)\s+(?:đạt\s+|còn\s+)?"
    rf"(?P<after>{NUMBER})(?![\d/])",
    re.IGNORECASE,
)
_OPEN = re.compile(r"[^.;,\d]{0,40}?\btrở (?P<side>lên|xuống)\b", re.IGNORECASE)
_NUMBER = re.compile(
    rf"(?<![\w/.,+])(?<![\w][-–])(?:{NUMBER})"
    r"(?:(?![\w/]|[.,]\d)|(?=(?:ha|km|km2|kg|m2|m3|tấn|tạ|kwh|mw|triệu|tỷ|tỉ)(?!\w)))",
    re.IGNORECASE,
)
_WORD_NUMBER = re.compile(
    rf"{_LEAST}(?:\s+(?:có|là|được))?\s+(?P<word>{'|'.join(_WORDS)})\b", re.IGNORECASE
)
_WORDS_BEFORE = re.compile(r"\w+\s*\($")
_WORDS_AFTER = re.compile(r"\s*\([^\W\d_]+(?: [^\W\d_]+){0,4}\)")
_OF = re.compile(rf"(?<![\w/.,-])(?P<part>{NUMBER})/(?P<whole>{NUMBER})(?=\s+[^\W\d])")
# "Điều 5", "Đề án 06", "tháng 6": the number says which one, not how many.
_WHICH = re.compile(
    r"(?:\b(?:số|điều|khoản|điểm|mục|tiểu mục|phụ lục|chương|khóa|khoá|thứ|cấp|cấp độ|mức độ|hạng"
    r"|nhóm|khu vực|vùng|quốc lộ|tỉnh lộ|đường|nghị quyết|quyết định|chỉ thị|nghị định|thông tư"
    r"|chương trình|đề án|kế hoạch|công văn|biểu|mẫu|phần|bước|tháng|ngày|năm|quý|nhiệm kỳ|thế hệ"
    r"|phiên bản|kỳ họp|ocop|cách mạng|công nghiệp|lớp|kỷ niệm|tuần|kl|nq|qđ|kh|giai đoạn|phường"
    r"|quận|tổ|ấp|thôn|khối|vòng|đợt|iso|covid|tiết|trang|bảng|hình|tập|lần)"
    r"|\b(?:giai đoạn|từ năm|đến năm|trong năm|các năm)\s+\d{4}\s*[-–,])\s*$",
    re.IGNORECASE,
)
_DATES = re.compile(
    r"\d{1,2}\s*[/.]\s*\d{1,2}\s*[/.]\s*(?:19|20)\d\d|\b\d{1,2}/(?:19|20)\d\d|\b\d{1,2}/\d{1,2}\b"
    r"(?=\s*(?:hằng|hàng|mỗi|năm|[,.;)]|$))|(?:19|20)\d\d\s*(?:[-–]|đến(?: năm)?|,|và)\s*"
    r"(?:19|20)\d\d"
    r"|(?:năm|năm học|nhiệm kỳ|giai đoạn|trước|đến|từ|tháng \d{1,2})\s+(?:19|20)\d\d(?!\s*\w*\s*%)"
    r"|\d{1,2}\s*(?:h|giờ)\s*\d{0,2}\b|\b24/(?:7|24)\b|\d{1,5}\s*[/-]\s*[A-ZĐ]{2}\S*"
    r"|(?:trên|/)\s?[\d.]+ (?:vạn |nghìn |triệu )?(?:dân|trẻ|người dân|ca)\b"
    r"|(?:trên|mỗi) 0?1 (?:ha|héc ta|đơn vị|người|hộ|m2|lao động|học sinh)\b"
    r"|\b\d\.0\b|\d{1,5}/(?:19|20)\d\d/\S+"
)


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a sentence that have a unit, in its order; none of endless ones."""
    if len(text) > _LONGEST:
        return ()
    dates = [found.span() for found in _DATES.finditer(text)]
    found: list[Quantity] = []
    for start, end, value in _numbers(text):
        inside = any(begin < end and start < last for begin, last in dates)
        if inside or (found and start < found[-1].end):
            continue
        quantity = _quantity(text, start, end, value)
        if quantity:
            found.append(quantity)
    return tuple(found)


def value_of(text: str) -> float:
    """Return the number in Vietnamese writing: a dot groups thousands, a comma is the sign."""
    return float(plain(text))


def _numbers(text: str) -> Iterator[tuple[int, int, float]]:
    places = [(*found.span(), value_of(found[0])) for found in _NUMBER.finditer(text)]
    places += [(*found.span("word"), _worth(found)) for found in _WORD_NUMBER.finditer(text)]
    # "15/20 xã": the part counts, the whole says of how many.
    places += [
        (found.start("part"), found.end(), value_of(found["part"])) for found in _OF.finditer(text)
    ]
    return iter(sorted(places))


def _worth(found: re.Match[str]) -> float:
    return float(_WORDS[found["word"].lower()])


def _just_before(pattern: re.Pattern[str], text: str, end: int) -> re.Match[str] | None:
    return pattern.search(text, max(0, end - _NEAR), end)


def _quantity(text: str, start: int, end: int, value: float) -> Quantity | None:
    begin, least, most, about = _compared(text, start)
    changed = _just_before(_FROM, text, start) is not None and _change(text, start, end)
    if changed:
        return _changed(text, start, value, changed)
    low, high, last = _bounds(text, end, value)
    begin, last = _with_words(text, begin, last)
    unit = find_unit(text, last)
    if unit is None or (unit.counted and _just_before(_WHICH, text, start)):
        return None
    opened = _OPEN.match(text, unit.end)
    if opened and high == low:
        least, most = opened["side"].lower() == "lên", opened["side"].lower() == "xuống"
    if high == low:
        low, high = (None if most else low), (None if least else high)
    return Quantity(
        start=begin,
        end=unit.end,
        low=low,
        high=high,
        unit=unit.text,
        rest=unit.noun,
        approximate=about,
    )


def _with_words(text: str, begin: int, end: int) -> tuple[int, int]:
    """Return the bounds of a number with the same number in words: "bốn (04)", "04 (bốn)"."""
    before, after = _just_before(_WORDS_BEFORE, text, begin), _WORDS_AFTER.match(text, end)
    if before and text[end : end + 1] == ")":
        return before.start(), end + 1
    return begin, after.end() if after else end


def _compared(text: str, start: int) -> tuple[int, bool, bool, bool]:
    """Return where the comparing words before a number begin, and what they say."""
    words = _just_before(_COMPARED, text, start)
    if words is None:
        since = _just_before(_FROM, text, start)
        return (since.start() if since else start), False, False, False
    return words.start(), bool(words["least"]), bool(words["most"]), bool(words["about"])


def _bounds(text: str, end: int, value: float) -> tuple[float | None, float | None, int]:
    """Return both bounds of a number or range, and where it ends."""
    ranged = _RANGE.match(text, end)
    if ranged is None or value_of(ranged["high"]) < value or _is_year(ranged["high"]):
        return value, value, end
    return value, value_of(ranged["high"]), ranged.end()


def _is_year(text: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", text))


def _change(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return what a value became: "từ 15 lên 23"; with "đến" only after a verb of change."""
    found = _CHANGE.match(text, end)
    if found is None:
        return None
    to = re.search(r"\b(?:đến|tới)\s+(?:đạt\s+|còn\s+)?\S+$", found[0]) is not None
    rising = re.search(r"\blên (?:đến|tới)", found[0]) is not None
    return found if not to or rising or _just_before(_CHANGED_FROM, text, start) else None


def _changed(text: str, start: int, value: float, found: re.Match[str]) -> Quantity | None:
    unit = find_unit(text, found.end())
    if unit is None:
        between = find_unit(text, found.start("between"))
        unit = between if between and between.end <= found.end() else None
    if unit is None:
        return None
    since = _just_before(_FROM, text, start)
    after = value_of(found["after"])
    return Quantity(
        start=since.start() if since else start,
        end=max(unit.end, found.end()),
        low=after,
        high=after,
        unit=unit.text,
        rest=max(unit.noun, found.end()),
        before=value,
    )
