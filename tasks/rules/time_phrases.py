"""Find the words of a deadline inside a sentence, for `read_timeframe` to read."""

import re
from collections.abc import Iterable, Iterator

from tasks.rules.counted_periods import counted_place
from tasks.rules.names import place_tones
from tasks.rules.recurring_phrases import recurring_places
from tasks.rules.time_points import find_points

_NEAR = 80  # characters before a point that can belong to it
_LEAD_WORDS = re.compile(
    r"(?:(?:hoàn thành|xong|chậm nhất|muộn nhất|trước|trong|vào|cuối|đầu|giữa|đến|hết|từ|kể|là"
    r"|ngày|tháng|năm|thời hạn|thời điểm|định kỳ|hàng|hằng|phấn đấu|nhất|quá|không|nay|kết thúc"
    r"|\d\d?\s?(?:h|giờ|g)\s?(?:\d\d)?(?: phút)?,?)\s+)+$"
)
_DEADLINE = re.compile(r"chậm nhất|muộn nhất|trước|trong|vào|cuối|đến|hết|từ|định kỳ|xong")
_HORIZON = re.compile(r"(?:định hướng )?đến (?:hết )?năm\s+$")
_TAIL = re.compile(
    r"\s*,?\s*(?:hàng|hằng|mỗi|của) (?:năm|tháng|quý)\b|\s*và (?:các )?năm (?:tiếp theo|sau)"
)
# "Đề án năm 2010 và các năm tiếp theo" tells of which Đề án, not when.
_STANDS_ALONE = re.compile(r"(?:^|[.,;:(–-])\s*$")
_BEGINS_RECURRING = re.compile(
    r"(?:\b(?:trước|vào|chậm nhất|muộn nhất|là|của|định kỳ|theo|ngày|chiều|sáng|\d\d?"
    r"|\d\d? ?(?:h|giờ|g)\d*|thứ \w+)\s+)*$"
)
# "Báo cáo năm trước ngày 25/11": the year belongs to the report.
_OF_REPORT = re.compile(r"(?:tháng|năm) (?:là )?(?=trước|vào|chậm)")
_NEXT_YEAR = re.compile(r"\s*(?:của )?năm (?:sau|kế tiếp|tiếp theo)")


def find_phrase(text: str) -> tuple[int, int] | None:
    """Return the place in *text* of its first deadline, or None.

    A bare year or date is no deadline ("kết quả năm 2023"), nor is "đến năm 2030": it belongs to
    the name of a programme more often than to a task.
    """
    return next(find_phrases(text), None)


def find_phrases(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of all deadlines in *text*, in order; none lies inside another."""
    words = place_tones(text.lower())
    if len(words) != len(text):  # a letter that changes length would shift every place
        return
    counted = counted_place(words)
    places = [*_dated(words), *_recurring(words), *([counted] if counted else [])]
    yield from _joined(sorted(places))


def _joined(places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield places in order, those that overlap as one."""
    current: tuple[int, int] | None = None
    for begin, end in places:
        if current is not None and begin < current[1]:
            current = current[0], max(end, current[1])
            continue
        if current is not None:
            yield current
        current = begin, end
    if current is not None:
        yield current


def _dated(words: str) -> Iterator[tuple[int, int]]:
    for point in find_points(words):
        nearest = max(0, point.begin - _NEAR)
        before = _LEAD_WORDS.search(words[nearest : point.begin])
        begin = nearest + before.start() if before else point.begin
        name = _OF_REPORT.match(words, begin)
        begin = name.end() if name else begin
        tail = _NEXT_YEAR.match(words, point.end) or _TAIL.match(words, point.end)
        if _HORIZON.fullmatch(words[begin : point.begin]):
            continue
        stated = bool(_DEADLINE.search(words[begin : point.end]))
        if stated or (tail and _STANDS_ALONE.search(words, 0, begin)):
            yield begin, tail.end() if tail else point.end


def _recurring(words: str) -> Iterator[tuple[int, int]]:
    for begin, end in recurring_places(words):
        nearest = max(0, begin - _NEAR)
        before = _BEGINS_RECURRING.search(words[nearest:begin])
        start = nearest + before.start() if before else begin
        yield start + len(words[start:begin]) - len(words[start:begin].lstrip(" ,")), end
