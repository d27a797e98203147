"""Read Vietnamese time phrases, as plans write them, into dates and recurrences.

The reading keeps the raw words and says how sure it is; a person confirms it. Nothing is
invented: words that name no time yield no date.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

from tasks.rules.counted_periods import read_counted
from tasks.rules.names import place_tones, tidy
from tasks.rules.recurring_phrases import read_recurring
from tasks.rules.time_points import Point, Unit, find_points

CERTAIN, INFERRED, DOUBTFUL, AMBIGUOUS = 1.0, 0.8, 0.6, 0.4


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a phrase: the year of the plan, and whether the label asks for the end.

    `completion` is true under a label such as "Thời gian hoàn thành": no start is read then.
    `issued_on` is the date of the document, from which "kể từ ngày ban hành" counts.
    """

    year: int | None = None
    completion: bool = False
    issued_on: date | None = None

    def ending(self) -> Self:
        """Return the context of a time that asks only by when."""
        return replace(self, completion=True)


NO_CONTEXT = Context()


@dataclass(frozen=True, slots=True)
class Timeframe:
    """The reading of one phrase; dates are local calendar dates, both inclusive.

    `recurrence` is None for a dated phrase, else yearly, half-yearly, quarterly, monthly, weekly,
    continuous or conditional. `rule` says on which days a recurrence falls due. `soft` marks
    words of effort ("phấn đấu", "duy trì"). `warnings` are stable codes.
    """

    text: str
    start: date | None = None
    due: date | None = None
    recurrence: str | None = None
    rule: str | None = None
    confidence: float = CERTAIN
    soft: bool = False
    warnings: tuple[str, ...] = ()


_LONGEST = 2_000  # characters; no time takes more
# How many characters before a point can belong to it.
_NEAR = 60
Reader = Callable[[str, Context], Timeframe | None]

_CONTINUOUS = re.compile(
    r"thường xuyên|liên tục|suốt (?:năm|quá trình|thời gian)|(?:hàng|hằng|mỗi) ngày\b"
)
_ONWARDS = re.compile(
    r"và (?:các |những )?năm (?:tiếp theo|tiếp|sau)|trở đi|và (?:các )?giai đoạn tiếp theo"
)
_CONDITIONAL = re.compile(
    r"theo (?:tình hình|thực tế|yêu cầu|điều kiện|tiến độ|lộ trình|kế hoạch|hướng dẫn|chỉ đạo"
    r"|quy định|thời gian|văn bản)"
    r"|(?:khi|nếu) (?:có|cần|được|phát sinh|xảy ra|kết thúc)|tùy (?:theo|tình hình|điều kiện|thuộc)"
    r"|đột xuất|(?:ngay )?sau khi|ngay (?:khi|sau|từ)|trong quá trình|sau (?:đợt|kỳ|kết thúc)"
)
_SOFT = re.compile(r"phấn đấu|duy trì")
_HOUR = r"\d\d? ?(?:h|giờ|g) ?(?:\d\d)?(?: phút)?,?"
_BEFORE = re.compile(rf"\btrước(?: (?:hết|ngày|thời điểm|thời hạn|{_HOUR}))* ?$")
_UNTIL = re.compile(
    r"(?:trong|cuối|hết|đến|chậm nhất|muộn nhất|không quá|xong|hoàn thành|hạn|trước)"
    rf"(?: (?:là|vào|ngày|cuối|hết|trước|năm|tháng|trong|nhất|{_HOUR}))* ?$"
)
_VAGUE = re.compile(r"(?:đầu|giữa|khoảng|dự kiến|đầu của)(?: (?:vào|ngày|năm|trong|tháng))* ?$")
_FROM = re.compile(r"(?:từ|kể từ|bắt đầu)(?: (?:ngày|đầu|năm|tháng|từ))* ?$")
_RANGE = re.compile(r"^ ?(?:-|–|—|đến|tới)|\b(?:đến|tới)\b")


def read_timeframe(text: str, context: Context = NO_CONTEXT) -> Timeframe:
    """Return the reading of *text*, for which *context* supplies what the words leave out.

    Never raises: what cannot be read comes back without dates, with a warning and confidence 0.
    """
    words = " ".join(place_tones(tidy(text[:_LONGEST]).casefold()).split()).strip(" .;,")
    found = _first(words, context) if words else _nothing("time_missing")
    if found is None:
        found = _nothing("time_unknown")
    return replace(found, text=text.strip(), soft=bool(_SOFT.search(words)))


def _first(words: str, context: Context) -> Timeframe | None:
    for reader in _READERS:
        found = reader(words, context)
        if found is not None:
            return found
    return None


def _onwards(words: str, context: Context) -> Timeframe | None:
    points = find_points(words)
    if not _ONWARDS.search(words) or not points:
        return None
    start = _checked(points[0], context, lambda point: point.start_on)
    return replace(start, start=start.due, due=None, recurrence="continuous")


def _recurring(words: str, _: Context) -> Timeframe | None:
    found = read_recurring(words)
    if found is None:
        return None
    if found.rule is None:
        return replace(_nothing("date_impossible"), recurrence=found.recurrence)
    return Timeframe("", recurrence=found.recurrence, rule=found.rule)


def _continuous(words: str, context: Context) -> Timeframe | None:
    if not _CONTINUOUS.search(words):
        return None
    bounds = _dated(words, context) or Timeframe("")
    return replace(bounds, recurrence="continuous")


def _counted(words: str, context: Context) -> Timeframe | None:
    period = read_counted(words)
    if period is None:
        return None
    points = find_points(words)
    base = _checked(points[0], context, lambda point: point.end_on).due if points else None
    if period.from_issue:
        base = context.issued_on
    if base is None:
        return Timeframe("", recurrence="conditional", confidence=INFERRED)
    due = period.end_after(base)
    return Timeframe("", due=due, confidence=INFERRED, warnings=("time_counted",))


def _dated(words: str, context: Context) -> Timeframe | None:
    points = find_points(words)
    if not points:
        return None
    parts = [_one(words, point, context) for point in points]
    if len(parts) == 1:
        return parts[0]
    return _several(words, points, parts, context)


def _one(words: str, point: Point, context: Context) -> Timeframe:
    """Read one point by the words before it: "trước", "trong", "đầu", "từ" or nothing."""
    before = _words_before(words, point)
    if _BEFORE.search(before):
        return _checked(point, context, _eve)
    found = _checked(point, context, lambda point: point.end_on)
    if _FROM.search(before) and not point.ranged:
        return _only_start(found, point, context)
    if _VAGUE.search(before):
        flags = (*found.warnings, "time_ambiguous")
        return replace(found, confidence=min(found.confidence, AMBIGUOUS), warnings=flags)
    if context.completion or _UNTIL.search(before) or _has_no_start(point):
        return found
    start = _checked(point, context, lambda point: point.start_on)
    return replace(found, start=start.due)


def _words_before(words: str, point: Point) -> str:
    return words[max(0, point.begin - _NEAR) : point.begin].rstrip()


def _has_no_start(point: Point) -> bool:
    return point.unit is Unit.MONTH and not point.ranged


def _eve(point: Point) -> date:
    """Return the due date of "trước X": the day itself, or the eve of a longer stretch."""
    return point.end_on if point.unit is Unit.DAY else point.start_on - timedelta(days=1)


def _only_start(found: Timeframe, point: Point, context: Context) -> Timeframe:
    start = _checked(point, context, lambda point: point.start_on).due
    return replace(found, start=start, due=None, warnings=(*found.warnings, "time_open_end"))


def _several(
    words: str, points: tuple[Point, ...], parts: list[Timeframe], context: Context
) -> Timeframe:
    """Join several points: a range when the words say so, else milestones of one item."""
    flags = tuple(dict.fromkeys(flag for part in parts for flag in part.warnings))
    confidence = min(part.confidence for part in parts)
    dues = [part.due for part in parts if part.due]
    gap = words[points[0].end : points[1].begin]
    from_first = bool(_FROM.search(_words_before(words, points[0])))
    if len(points) == 2 and (from_first or _RANGE.search(gap)):
        start = _checked(points[0], context, lambda point: point.start_on).due
        flags = tuple(flag for flag in flags if flag != "time_open_end")
        due = parts[-1].due
        return Timeframe("", start, due, confidence=confidence, warnings=flags)
    starts = [part.start for part in parts if part.start]
    return Timeframe(
        "",
        min(starts) if starts and not context.completion else None,
        max(dues, default=None),
        confidence=min(confidence, DOUBTFUL),
        warnings=(*flags, "time_several"),
    )


def _checked(point: Point, context: Context, choose: Callable[[Point], date]) -> Timeframe:
    """Return a timeframe due on the chosen day, or one that says why there is none."""
    year = point.year or context.year
    if year is None:
        return _nothing("time_without_year")
    try:
        due = choose(replace(point, year=year))
    except ValueError:
        return _nothing("date_impossible")
    if point.year is None:
        return Timeframe("", due=due, confidence=INFERRED, warnings=("year_inferred",))
    return Timeframe("", due=due)


def _nothing(warning: str) -> Timeframe:
    return Timeframe("", confidence=0.0, warnings=(warning,))


def _conditional(words: str, _: Context) -> Timeframe | None:
    if not _CONDITIONAL.search(words):
        return None
    return Timeframe("", recurrence="conditional")


_READERS: tuple[Reader, ...] = (
    _onwards,
    _recurring,
    _continuous,
    _counted,
    _dated,
    _conditional,
)
