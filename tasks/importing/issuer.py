"""Who issued a document: the sentence that says so, completed with the place it stands for."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tasks.importing.blocks import Block
from tasks.importing.citations import NUMBER, plain_number, read_date
from tasks.importing.results import Words
from tasks.importing.unit_lists import starts_with_unit
from tasks.rules.names import CAPITAL, SMALL

_KINDS = (
    r"(?:[Kk]ế hoạch|[Cc]hương trình|[Nn]ghị quyết|[Qq]uyết định|[Cc]hỉ thị|[Tt]hông báo|[Đđ]ề án"
    r"|[Pp]hương án|[Hh]ướng dẫn|[Bb]áo cáo|[Cc]ông văn|[Vv]ăn bản|[Cc]ông điện|[Kk]ết luận)"
)
_ISSUES = re.compile(
    rf"(?:\s+đã)?\s+(?:(?:ban hành|xây dựng|đề ra|thông qua)\s+{_KINDS}"
    r"|(?:kính|xin)\s+(?:báo cáo|thông báo)\b)"
)
_ANNOUNCED = re.compile(
    r"^Ngày\s*(?P<day>\d\d?)\s*[/.-]\s*(?P<month>\d\d?)\s*[/.-]\s*(?P<year>\d{4}),\s*"
    rf"(?P<issuer>[^,;]+?)\s+(?:đã\s+)?ban hành\s+{_KINDS}\s+số\s*:?\s*"
)
_ABOUT = re.compile(r"\s*(?:,\s*)?(?:về việc|v/v)\s+(?P<title>[^.;]+)", re.IGNORECASE)
_POST = re.compile(r"^(?:Chủ tịch|Phó Chủ tịch|Giám đốc|Phó Giám đốc|Bộ trưởng)\s+(?:các\s+)?")
_LEVEL = re.compile(r"\b(tỉnh|thành phố|huyện|thị xã|quận|xã|phường|thị trấn)$", re.IGNORECASE)
_PROPER = f"[{CAPITAL}][{SMALL}]+"
_NAME = rf"({_PROPER}(?:(?:\s*[-–]\s*|\s){_PROPER}){{0,4}})"
_SIGNED = re.compile(r"T/?M\s*\.?\s*(?P<name>[^\n]{4,60})$")
_SUFFIX = (
    r" (?:tỉnh ủy|thành ủy|huyện ủy|thị ủy|quận ủy|tỉnh|thành phố|huyện|thị xã|quận|xã|phường)"
)
_CLAUSE = re.compile(r"[,;.:]\s+")
_PROVINCIAL = {"tỉnh", "thành phố"}
_MOTTO = re.compile(r"CỘNG H|Độc lập|ĐẢNG CỘNG SẢN|Số\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue that a text reports about another document, as a web page does."""

    issuer: Words | None = None
    number: Words | None = None
    issued_on: date | None = None
    title: Words | None = None


def find_announcement(blocks: Sequence[Block]) -> Issue:
    """Return what "Ngày D, X ban hành văn bản số N" says; empty when no block says it."""
    for block in blocks:
        found = _ANNOUNCED.match(block.text)
        number = NUMBER.match(block.text, found.end()) if found else None
        if found and number:
            about = _ABOUT.match(block.text, number.end())
            return Issue(
                _words(block, *found.span("issuer")),
                replace(_words(block, *number.span()), text=plain_number(number[0])),
                read_date(found["day"], found["month"], found["year"]),
                _words(block, *about.span("title")) if about else None,
            )
    return Issue()


def find_issuer(
    blocks: Sequence[Block], preamble: Sequence[Block], place: str | None, type_index: int | None
) -> Words | None:
    """Return the issuer: named by "X ban hành Kế hoạch …", else by the heading.

    A name that ends with a bare level ("UBND tỉnh") is completed with the one place of that
    level that the document names most, else with the place of the date line.
    """
    stated = _stated(preamble) or _stated(blocks)
    if stated is not None:
        return _completed(stated, blocks, place)
    return _in_heading(preamble[: type_index or 0], blocks) or _in_signature(blocks)


def _stated(blocks: Sequence[Block]) -> Words | None:
    for block in reversed(blocks):
        for found in _ISSUES.finditer(block.text):
            begin = _clause_start(block.text, found.start())
            name = _words(block, begin, found.start())
            post = _POST.match(name.text)
            if post:
                name = _words(block, begin + post.end(), found.start())
            if starts_with_unit(name.text) and len(name.text) < 80:
                return name
    return None


def _clause_start(text: str, end: int) -> int:
    starts = [found.end() for found in _CLAUSE.finditer(text, 0, end)]
    begin = starts[-1] if starts else 0
    return begin + len(text[begin:end]) - len(text[begin:end].lstrip())


def _completed(name: Words, blocks: Sequence[Block], place: str | None) -> Words:
    level = _LEVEL.search(name.text)
    if level is None:
        return name
    found = _place_of(level[1].lower(), blocks)
    if found is None and level[1].lower() in _PROVINCIAL:
        found = place
    return Words(f"{name.text} {found}", name.start, name.end) if found else name


def _place_of(level: str, blocks: Sequence[Block]) -> str | None:
    """Return the place of a level that the text names; None where it names several as often."""
    pattern = re.compile(rf"\b(?:{level}|{level.capitalize()})\s+{_NAME}")
    counted = Counter(_places(pattern, blocks)).most_common(2)
    if len(counted) == 2 and counted[0][1] == counted[1][1]:
        return None
    return counted[0][0] if counted else None


def _places(pattern: re.Pattern[str], blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        for found in pattern.finditer(block.text):
            yield found[1].strip(" -–")


def _in_heading(heading: Sequence[Block], blocks: Sequence[Block]) -> Words | None:
    """Return the last unit above the motto and number, in the spelling of the body if any."""
    names = [block for block in heading if not _MOTTO.match(block.text)]
    names = [block for block in names if starts_with_unit(_title_case(block.text))]
    if not names:
        return None
    name = names[-1]
    for block in blocks:
        place = block.text.lower().find(name.text.lower())
        if place >= 0 and not block.text[place : place + len(name.text)].isupper():
            return Words(block.text[place : place + len(name.text)], name.start, name.end)
    return Words(name.text, name.start, name.end)


def _in_signature(blocks: Sequence[Block]) -> Words | None:
    """Return the body that "TM." signs for, in the fullest of the spellings of the text.

    Decree 30/2020/NĐ-CP: "TM." (thay mặt) stands before the name of the collective that issues.
    """
    signed = next((found for block in blocks[::-1] if (found := _SIGNED.match(block.text))), None)
    if signed is None:
        return None
    pattern = re.compile(rf"({re.escape(signed['name'])})({_SUFFIX})?", re.IGNORECASE)
    spelt = [name for block in blocks for name in _spelt(pattern, block)]
    return max(spelt, key=lambda words: len(words.text), default=None)


def _spelt(pattern: re.Pattern[str], block: Block) -> Iterator[Words]:
    for found in pattern.finditer(block.text):
        if not found[1].isupper():
            yield _words(block, *found.span())


def _title_case(text: str) -> str:
    return text.capitalize() if text.isupper() and " " in text else text


def _words(block: Block, begin: int, end: int) -> Words:
    return Words(block.text[begin:end], block.start + begin, block.start + end)
