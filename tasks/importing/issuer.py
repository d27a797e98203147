"""Who issued a document: the sentence that says so, completed with the place it stands for."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tasks.importing.blocks import Block
from tasks.importing.citations import NUMBER, plain_number, read_date
from tasks.importing.letterhead import is_agency, spelt
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
_LEVELS = "tỉnh|thành phố|huyện|thị xã|quận|xã|phường|thị trấn|đặc khu"
_LEVEL = re.compile(rf"\b({_LEVELS})$", re.IGNORECASE)
_BARE = re.compile(r"ủy ban nhân dân|ubnd|hội đồng nhân dân|hđnd", re.IGNORECASE)
_PROPER = f"[{CAPITAL}][{SMALL}]+"
_NAME = rf"({_PROPER}(?:(?:\s*[-–]\s*|\s){_PROPER}){{0,4}})"
_SIGNED = re.compile(r"T/?M\s*\.?\s*(?P<name>[^\n]{4,60})$")
_SUFFIX = (
    r" (?:tỉnh ủy|thành ủy|huyện ủy|thị ủy|quận ủy|tỉnh|thành phố|huyện|thị xã|quận|xã|phường)"
)
_CLAUSE = re.compile(r"[,;.:]\s+")
_PARTY = re.compile(r"(?:Tỉnh|Thành|Huyện|Thị|Quận|Đảng) (?:ủy|uỷ)\b", re.IGNORECASE)
_COMMITTEE = re.compile(r"(ban thường vụ|thường trực)\b", re.IGNORECASE)
_CENTRAL = re.compile(r"ban chấp hành\b", re.IGNORECASE)
_HEAD_OF = re.compile(
    r"(?:PHÓ )?(?:BỘ TRƯỞNG|CHỦ TỊCH|GIÁM ĐỐC|TỔNG CỤC TRƯỞNG|CỤC TRƯỞNG|HIỆU TRƯỞNG|CHÁNH"
    r"|VIỆN TRƯỞNG|TRƯỞNG|TỔNG GIÁM ĐỐC|TỔNG THANH TRA|THỐNG ĐỐC)\s+"
)


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue that a text reports about another document, as a web page does."""

    issuer: Words | None = None
    number: Words | None = None
    issued_on: date | None = None
    title: Words | None = None


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issued the document, and how sure that is from 0 to 1."""

    name: Words | None
    confidence: float


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
    blocks: Sequence[Block],
    preamble: Sequence[Block],
    place: str | None,
    letterhead: Sequence[Words],
    titled: Words | None,
) -> Issuer:
    """Return the issuer: the agency of the letterhead, else named by "X ban hành Kế hoạch …",
    else that of the title ("NGHỊ QUYẾT của Ban Chấp hành …"), else of the signature.

    A standing committee that the Party's letterhead does not name is taken from the statement or
    the signature. A name that ends with a bare level ("UBND tỉnh") is completed with the one place
    of that level that the document names most, else with the place of the date line.
    """
    stated = _stated(preamble) or _stated(blocks)
    own = _own(letterhead, blocks)
    if own is not None:
        committee = _committee(own, stated, blocks)
        return Issuer(_completed(committee or own, blocks, place), 0.8 if committee else 0.95)
    if stated is not None:
        return Issuer(_completed(stated, blocks, place), 0.9)
    if titled is not None:
        name = Words(spelt(titled.text, blocks), titled.start, titled.end)
        return Issuer(_completed(name, blocks, place), 0.85)
    return Issuer(_head_of_agency(preamble, blocks) or _in_signature(blocks), 0.7)


def _own(letterhead: Sequence[Words], blocks: Sequence[Block]) -> Words | None:
    """Return the last agency of the letterhead, in small letters."""
    if not letterhead:
        return None
    name = letterhead[-1]
    return Words(spelt(name.text, blocks), name.start, name.end)


def _committee(own: Words, stated: Words | None, blocks: Sequence[Block]) -> Words | None:
    """Return the inner body that issues under the letterhead of a Party committee."""
    party = _PARTY.match(own.text)
    if party is None:
        return None
    if stated and _CENTRAL.match(stated.text):
        return stated
    said = stated.text if stated else _signature(blocks) or ""
    found = _COMMITTEE.match(said)
    if found is None:
        return None
    name = found[1][0].upper() + found[1][1:].lower().replace("thường vụ", "Thường vụ")
    return Words(f"{name} {own.text}", own.start, own.end)


def _signature(blocks: Sequence[Block]) -> str | None:
    signed = (_SIGNED.match(block.text) for block in blocks[::-1])
    return next((found["name"] for found in signed if found), None)


def _head_of_agency(preamble: Sequence[Block], blocks: Sequence[Block]) -> Words | None:
    """Return the agency whose head decides: "BỘ TRƯỞNG BỘ Y TẾ" on a line of its own."""
    for block in preamble:
        found = _HEAD_OF.match(block.text)
        if found and block.text.isupper() and is_agency(block.text[found.end() :]):
            name = _words(block, found.end(), len(block.text.rstrip(" ,.;:")))
            return replace(name, text=spelt(name.text, blocks))
    return None


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
    if _BARE.fullmatch(name.text):
        return _with_level(name, blocks, place)
    level = _LEVEL.search(name.text)
    if level is None:
        return name
    found = _place_of(level[1].lower(), blocks)
    found = found or place
    return Words(f"{name.text} {found}", name.start, name.end) if found else name


def _with_level(name: Words, blocks: Sequence[Block], place: str | None) -> Words:
    """Return "Ủy ban nhân dân" with the level that the text names most beside its place."""
    own = re.escape(name.text)
    forms = (rf"\b({_LEVELS}) {re.escape(place)}\b", rf"\b{own} ({_LEVELS})\b") if place else ()
    for form in forms:
        levels = Counter(
            found[1].lower() for block in blocks for found in re.finditer(form, block.text, re.I)
        )
        if levels:
            return Words(f"{name.text} {max(levels, key=levels.__getitem__)} {place}", *name.span)
    return name


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


def _words(block: Block, begin: int, end: int) -> Words:
    return Words(block.text[begin:end], block.start + begin, block.start + end)
