"""Within one sentence: to whom something is reported, through whom, by when, and by whom."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from tasks.importing.headings import VERB, cut, is_topic
from tasks.importing.results import Words
from tasks.importing.unit_lists import HEAD, starts_with_unit, trimmed
from tasks.importing.verbs import VERB_AFTER_UNITS

# What is sent; words of politeness and of telling ("kính báo cáo", "nghe báo cáo") are no duty.
_TOLD = re.compile(
    r"(?P<no>\b(?:kính|nghe|việc|theo|có|qua|mẫu|xem xét|đã|các|trong|biên soạn)\s+)?"
    r"\b(?:phản ánh|báo cáo(?! viên| chuyên đề| kinh tế| của)|kết quả|kế hoạch)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\b(?:(?:báo cáo|phản ánh|gửi|nộp|trình|về|cho|tới|lên|đến|với)\s+)+(?:đồng chí\s+)?",
    re.IGNORECASE,
)
_REPORTS, _SENDS = (
    re.compile(r"báo cáo|phản ánh", re.I),
    re.compile(r"gửi|nộp|báo cáo|phản ánh", re.I),
)
# "báo cáo Ban Thường vụ" reports by itself; "cho Sở A", "về Sở A" only after words of reporting.
_TOO = re.compile(r"\b(?:đồng|đồng thời|và|,)\s*$", re.IGNORECASE)
_PURPOSE = re.compile(r"\b(?:để|nhằm)\b[^;]*$|^\s*(?:theo dõi,? )?tổng hợp,?\s*(?:chung,?\s*)?$")
_SUMMARY = re.compile(
    r"[^.;]{0,200}?\b(?:(?:để|nhằm) (?:theo dõi, )?tổng hợp|tổng hợp,? (?:báo cáo|trình))\b"
)
_VIA = re.compile(r"\(?\s*\b(?:thông qua|qua)\s+(?P<via>[^();.]+)\)?", re.IGNORECASE)
_TO_END = re.compile(
    r"\s*(?:\(|;|\.(?:\s|$)|/|:|,?\s*\b(?:trước|chậm nhất|muộn nhất|định kỳ|hàng|hằng|vào|khi"
    r"|để|nhằm|theo|kết quả|tình hình|về|xem xét|cụ thể|thông qua|qua|tổng hợp|trong|kèm|những"
    r"|chỉ đạo|đúng|đồng gửi|đồng thời|gồm|mỗi|sau|bằng|cho ý kiến|gửi|báo cáo|danh sách|phê duyệt"
    r"|việc|tiến độ|ngay)\b)"
)
_CLAUSE, _GROUP = re.compile(r"[,:;]\s+"), re.compile(r"[Cc]ác \w+")
# "Các đơn vị được giao chủ trì báo cáo": who is charged with what still belongs to the name.
_CHARGED = re.compile(
    r"[Cc]ác [^;:]{1,80}?\b(?P<with>được (?:giao|phân công)|chủ trì(?= (?:nhiệm vụ|báo cáo|gửi)))"
    r"(?: (?:chủ trì|thực hiện|phối hợp|(?:các )?nhiệm vụ|tại|[Mm]ục|Phụ lục|[IVX]+|\d+|Kế hoạch"
    r"|này)\b,?)*"
)
_ADVERBIAL = re.compile(
    r"[\s,]*(?:định kỳ|hàng|hằng|trước|chậm nhất|muộn nhất|sau|khi|trong|trên cơ sở|căn cứ|nếu"
    r"|đối với|kết thúc|vào|thời hạn|ngày|đồng thời|quá trình|mọi|những|từ|theo|để|nhằm|thực hiện"
    r"|triển khai)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"(?:(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân|Bộ|Chủ tịch|Ban) [^,;:]{0,60}?)?"
    r"(?:[Đđ]ề nghị|[Gg]iao(?: cho)?|[Yy]êu cầu|[Pp]hân công)\s+(?:đồng chí\s+)?"
)
_NO_REPORT = re.compile(r"\b(?:kính|nghe|đã|việc|xem xét|theo|mẫu|sau khi)\s+$", re.IGNORECASE)
_LONGEST_NO = 12  # characters
_LONGEST_CLAUSE = 800  # characters between what is reported and to whom
_NEAR = 60  # characters between a time and the words of reporting that follow it


@dataclass(frozen=True, slots=True)
class Address:
    """Where a sentence names those who get a report: the marker, and the stretch of names.

    `said` is where the words of reporting begin that lead to it: "gửi báo cáo …" before "về".
    """

    marker: int
    said: int
    units: Words
    too: bool  # "đồng gửi Sở A": beside those named before
    purpose: bool  # "để tổng hợp, báo cáo UBND tỉnh": what the receiver does with it


def find_addresses(words: Words) -> list[tuple[Address, int]]:
    """Return the addresses of reports in a sentence, each with where its own words end."""
    found: list[Address] = []
    for marker in _ADDRESS.finditer(words.text):
        address = _address(words, marker, found[-1] if found else None)
        if address is not None:
            found.append(address)
    ends = [after.marker for after in found[1:]] + [len(words.text)]
    return list(zip(found, ends, strict=False))


def _address(words: Words, marker: re.Match[str], before: Address | None) -> Address | None:
    text = words.text
    if not HEAD.match(text, marker.end()) or _is_no_report(text, marker.start()):
        return None
    since = max(before.units.end - words.start if before else 0, marker.start() - _LONGEST_CLAUSE)
    between = text[since : marker.start()]
    content = list(_TOLD.finditer(text, since, marker.end()))
    told = bool(content and not content[-1]["no"]) or _is_for_summary(text, marker)
    reports = bool(_REPORTS.search(marker[0]))
    sends = bool(_SENDS.search(marker[0]) or _SENDS.search(between))
    if before is None and not (told and (reports or sends)):
        return None
    if before is not None and not (reports or (told and sends) or "gửi" in marker[0].lower()):
        return None
    end = _TO_END.search(text, marker.end())
    units = trimmed(cut(words, marker.end(), end.start() if end else len(text)))
    too = before is not None and (bool(_TOO.search(between)) or not told) and not reports
    said = content[-1].start() if content else marker.start()
    return Address(marker.start(), said, units, too, bool(before) and _is_purpose(between))


def _is_for_summary(text: str, marker: re.Match[str]) -> bool:
    """Tell "gửi Sở A để tổng hợp": whatever is sent is reported then."""
    return bool(_SENDS.search(marker[0]) and _SUMMARY.match(text, marker.end()))


def _is_no_report(text: str, place: int) -> bool:
    """Tell "nghe báo cáo của Sở A", "kính báo cáo" from a duty."""
    return bool(_NO_REPORT.search(text, max(0, place - _LONGEST_NO), place))


def _is_purpose(between: str) -> bool:
    return bool(_PURPOSE.search(re.sub(r"^[\s,]+", "", between)))


def find_via(words: Words, place: int, limit: int) -> Words | None:
    """Return the unit in "(qua Sở A)" between *place* and *limit*."""
    found = _VIA.search(words.text, place, limit)
    if found is None or not starts_with_unit(found["via"]):
        return None
    begin, close = found.span("via")
    end = _TO_END.search(words.text, begin, close)
    return trimmed(cut(words, begin, end.start() if end else close))


def find_time(
    words: Words, times: Sequence[tuple[int, int]], begin: int, said: int, end: int
) -> Words | None:
    """Return the first of the *times* in [begin, end) after what is *said*.

    Without one, a time that opens the clause or closely precedes it. `times` are all the places
    of `find_phrases` in the sentence.
    """
    first, last = bisect_left(times, (begin, 0)), bisect_left(times, (end, 0))
    places = times[first:last]
    after = (place for place in places if place[0] >= said)
    before = (
        place
        for place in reversed(places)
        if place[0] < said and (place[0] <= begin + 1 or said - place[1] < _NEAR)
    )
    found = next(chain(after, before), None)
    return trimmed(cut(words, *found), " ,") if found else None


def find_subject(words: Words, begin: int, place: int) -> Words | None:
    """Return the unit that a clause from *begin* names as its subject before *place*.

    It opens the clause, or follows words on when and in which case ("Định kỳ 6 tháng, Sở A …").
    """
    text = words.text
    starts = [begin]
    if _ADVERBIAL.match(text, begin):
        starts.extend(found.end() for found in _CLAUSE.finditer(text, begin, place))
    return next((name for start in starts if (name := _named(words, start, place))), None)


def find_opening(words: Words) -> Words | None:
    """Return the unit with which a sentence begins, if a verb follows it."""
    return _named(words, 0, len(words.text))


def _named(words: Words, start: int, place: int) -> Words | None:
    text = words.text
    asked = _ASKED.match(text, start)
    start = asked.end() if asked else start
    if HEAD.match(text, start) is None:
        return None
    end = _end_of_subject(text, start)
    name = trimmed(cut(words, start, end)) if end is not None and end <= place else None
    return name if name is not None and not is_topic(name.text) else None


def _end_of_subject(text: str, start: int) -> int | None:
    """Return where the verb begins that ends the name of a subject."""
    group = _GROUP.match(text, start)
    charged = _CHARGED.match(text, start)
    after = group.end() if group else start
    verb = _first_verb(text, start, after)
    if charged and (verb is None or verb >= charged.start("with") - 1):
        verb = _first_verb(text, charged.end(), charged.end())
    return verb


def _first_verb(text: str, start: int, after_group: int) -> int | None:
    verbs = (VERB.search(text, start), VERB_AFTER_UNITS.search(text, after_group))
    return min((verb.start() for verb in verbs if verb), default=None)
