"""Headings that name who is responsible: "1. Sở Nội vụ", "5. Đề nghị Hội Phụ nữ"."""

import re
from dataclasses import replace

from tasks.importing.outline import Entry
from tasks.importing.results import Words
from tasks.importing.unit_lists import starts_with_unit, trimmed
from tasks.importing.verbs import VERB_AFTER_UNITS

VERB = re.compile(
    r"(?<![Cc]ác)\s+(?:có trách nhiệm|chịu trách nhiệm|chủ động|chủ trì|triển khai|tổng hợp|gửi"
    r"|báo cáo|thực hiện|định kỳ|thường xuyên|kịp thời|xây dựng|ban hành|theo dõi|tổ chức|phối hợp"
    r"|căn cứ)\b"
)
_ASKED = re.compile(r"^(?:Đề nghị|Giao|Yêu cầu|Giao cho|Phân công|Kính đề nghị)\s+(?:đồng chí\s+)?")
_ASKED_OF_ALL = re.compile(
    r"(?:^|\s)(?:[Đđ]ề nghị|[Yy]êu cầu|[Gg]iao)\s+(?P<units>[^:;.]{3,160}?)"
    r"(?:\s+(?:quan tâm|tập trung|khẩn trương|nghiêm túc|tổ chức|triển khai|thực hiện)"
    r"[^:;.]{0,80})?:$"
)
_DUTY_OF = re.compile(r"^(?:Trách nhiệm|Nhiệm vụ) của\s+")
_STANDING = re.compile(r"\s+[-–]\s+(?:là )?(?:cơ quan |đơn vị )?(?:thường trực|đầu mối)\b.*")
_TOPIC = re.compile(
    r"(?:(?:một số |các )?(?:chỉ tiêu|mục tiêu)|chế độ|kinh phí|nguồn|mục|nội dung"
    r"|tổ chức thực hiện|(?:các|một số) (?:hoạt động|nhiệm vụ|giải pháp|nội dung|bước|yêu cầu"
    r"|biện pháp|công việc|dự án|chương trình|văn bản|căn cứ|tiêu chí|quy định|hình thức|vấn đề"
    r"|kết quả|chính sách|điều kiện))\b",
    re.IGNORECASE,
)
_LONGEST, _LONGEST_SUBJECT = 160, 500
_VOWEL = re.compile(r"[^\WBCDĐFGHJKLMNPQRSTVWXZ\d_]")
_OPENING_GROUP = re.compile(r"[Cc]ác \w+")
_SHORTEST_DEED = 8  # characters after the verb


def unit_heading(entry: Entry) -> Words | None:
    """Return the units that a heading consists of; None for a heading on anything else."""
    return None if _is_sentence(entry) else _name(entry.body)


def asked_sentence(entry: Entry) -> tuple[Words, Words] | None:
    """Return whom a sentence such as "Đề nghị Hội A phối hợp …" asks, and what for."""
    asked = _ASKED.match(entry.body.text)
    if asked is None:
        return None
    rest = cut(entry.body, asked.end(), len(entry.body.text))
    return unit_sentence(replace(entry, body=rest))


def asked_of_all(entry: Entry) -> Words | None:
    """Return the units of "Sở A đề nghị các cơ quan, đơn vị:", whom the lines below it address."""
    found = _ASKED_OF_ALL.search(entry.body.text)
    return _name(cut(entry.body, *found.span("units"))) if found else None


def unit_sentence(entry: Entry) -> tuple[Words, Words] | None:
    """Return the units with which a sentence begins, and what it says of them."""
    text = entry.body.text
    group = _OPENING_GROUP.match(text)
    verb = VERB_AFTER_UNITS.search(text, group.end() if group else 0)
    colon = text.find(": ", 0, verb.start() + 2 if verb else _LONGEST)
    if colon > 0 and (listed := _before_colon(entry.body, colon)):
        return listed
    name = _name(cut(entry.body, 0, verb.start()), _LONGEST_SUBJECT) if verb else None
    if verb is None or name is None or len(text) - verb.end() < _SHORTEST_DEED:
        return None
    return name, cut(entry.body, verb.start(), len(text))


def _before_colon(body: Words, colon: int) -> tuple[Words, Words] | None:
    """Return the units and the deed of "Phòng Y tế: Chuẩn bị cơ số thuốc"."""
    name, deed = _name(cut(body, 0, colon)), cut(body, colon + 2, len(body.text))
    listed = starts_with_unit(deed.text)  # "các hội: Hội A, Hội B": the names go on
    if name is None or listed or len(deed.text) < _SHORTEST_DEED:
        return None
    return name, deed


def subject_of(entry: Entry) -> Words | None:
    """Return the units of a heading, or those a numbered sentence begins with."""
    verb = VERB.search(entry.body.text) if _is_sentence(entry) else None
    return _name(cut(entry.body, 0, verb.start()) if verb else entry.body)


def is_topic(text: str) -> bool:
    """Tell a heading about a subject ("Chế độ báo cáo") from the name of a unit."""
    return bool(_TOPIC.match(text))


def cut(words: Words, begin: int, end: int) -> Words:
    """Return the words at [begin, end) of *words*."""
    return Words(words.text[begin:end], words.start + begin, words.start + end)


def _is_sentence(entry: Entry) -> bool:
    text = entry.body.text.rstrip()
    return text[-1:] in (".", ";", "/") and bool(VERB.search(text))


def _name(body: Words, longest: int = _LONGEST) -> Words | None:
    asked, duty = _ASKED.match(body.text), _DUTY_OF.match(body.text)
    begin = max((found.end() for found in (asked, duty) if found), default=0)
    standing = _STANDING.search(body.text)
    name = trimmed(cut(body, begin, standing.start() if standing else len(body.text)))
    named = starts_with_unit(_spelt(name.text)) or (duty is not None)
    return name if named and not is_topic(name.text) and len(name.text) < longest else None


def _spelt(text: str) -> str:
    """Return a heading in capitals as the body would spell it; "UBND" stays.

    In capitals every short word looks like the abbreviation of a unit.
    """
    return text.capitalize() if text.isupper() and _VOWEL.search(text, 1) else text
