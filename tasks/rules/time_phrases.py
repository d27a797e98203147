"""Find the words of a deadline inside a sentence, for `read_timeframe` to read."""

import re
from collections.abc import Iterator

from tasks.rules.names import place_tones
from tasks.rules.time_points import find_points

_NEAR = 80  # characters before a point that can belong to it
_LEAD_WORDS = re.compile(
    r"(?:(?:hoàn thành|xong|chậm nhất|muộn nhất|trước|trong|vào|cuối|đầu|giữa|đến|hết|từ|kể|là"
    r"|ngày|tháng|năm|thời hạn|định kỳ|hàng|hằng|phấn đấu)\s+)+$"
)
_DEADLINE = re.compile(r"chậm nhất|muộn nhất|trước|trong|vào|cuối|đến|hết|từ|định kỳ|xong")
_HORIZON = re.compile(r"(?:định hướng )?đến (?:hết )?năm\s+$")
_TAIL = re.compile(
    r"\s*,?\s*(?:hàng|hằng|mỗi|của) (?:năm|tháng|quý)\b|\s*và (?:các )?năm (?:tiếp theo|sau)"
)
# "Đề án năm 2010 và các năm tiếp theo" tells of which Đề án, not when.
_STANDS_ALONE = re.compile(r"(?:^|[.,;:(–-])\s*$")
_RECURRING = re.compile(
    r"(?:(?:trước|vào|chậm nhất|định kỳ)\s+)*(?:ngày \d\d? )?"
    r"(?:tháng cuối(?: cùng)? (?:của )?(?:mỗi |hàng |hằng )?quý"
    r"|(?:hàng|hằng|mỗi) (?:tháng|quý|năm)|(?<=\d )của tháng|(?<=định kỳ )0?6 tháng)"
)


def find_phrase(text: str) -> tuple[int, int] | None:
    """Return the place in *text* of its first deadline, or None.

    A bare year or date is no deadline ("kết quả năm 2023"), nor is "đến năm 2030": it belongs to
    the name of a programme more often than to a task.
    """
    return min(_places(text), default=None)


def find_phrases(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of all deadlines in *text*, the first as `find_phrase` finds it."""
    reached = 0
    for begin, end in sorted(_places(text)):
        if end > reached:
            yield max(begin, reached), end
            reached = end


def _places(text: str) -> list[tuple[int, int]]:
    words = place_tones(text.lower())
    if len(words) != len(text):  # a letter that changes length would shift every place
        return []
    return [*_dated(words), *_recurring(words)]


def _dated(words: str) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    for point in find_points(words):
        nearest = max(0, point.begin - _NEAR)
        before = _LEAD_WORDS.search(words[nearest : point.begin])
        begin = nearest + before.start() if before else point.begin
        tail = _TAIL.match(words, point.end)
        if _HORIZON.fullmatch(words[begin : point.begin]):
            continue
        stated = bool(_DEADLINE.search(words[begin : point.end]))
        if stated or (tail and _STANDS_ALONE.search(words, 0, begin)):
            places.append((begin, tail.end() if tail else point.end))
    return places


def _recurring(words: str) -> list[tuple[int, int]]:
    return [found.span() for found in _RECURRING.finditer(words)]
