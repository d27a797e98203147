"""The lines above the title, taken apart: two columns often stand on one line of the text.

The layout is that of Decree 30/2020/NĐ-CP, appendix I, and of the Party's Guide 36-HD/VPTW.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tasks.importing.blocks import Block
from tasks.importing.citations import NUMBER, plain_number, read_date
from tasks.importing.letterhead import is_agency
from tasks.importing.results import Words
from tasks.rules.names import CAPITAL, SMALL, fold


class Part(StrEnum):
    """What a stretch of the heading is; NAME is what none of the others claims."""

    MOTTO = "motto"
    NUMBER = "number"
    BLANK_NUMBER = "blank number"
    DATE = "date"
    SUBJECT = "subject"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line of the heading; `index` is that of its block."""

    part: Part
    words: Words
    index: int


@dataclass(frozen=True, slots=True)
class DateLine:
    """Place and date of issue; a draft leaves the day, the month or the year open."""

    words: Words
    place: str | None
    issued_on: date | None
    year: int | None


_SIGN = r"[A-ZĐƯ](?:[a-zđy]?[A-ZĐƯÔÂÊƠ&\d][\w&.]*)?(?!\w)"
_SIGNS = rf"{_SIGN}(?:\s*[-–/]\s*{_SIGN})*"
_WORD = r"(?<!\w)[Ss][ốôồổoóòỐÔỒỔOÓÒ6]\s*[:;.]?\s*"
_NUMBER = re.compile(
    rf"{_WORD}(?P<number>\d{{1,5}}[a-zđ]?(?:\s*/\s*(?:19|20)\d\d)?\s*[-–/]\s*{_SIGNS})"
)
_BLANK_NUMBER = re.compile(rf"{_WORD}(?P<number>[\s.…_]*[-–/]\s*{_SIGNS})")
_PARTS_OF_MOTTO = re.compile(
    r"cong hoa xa hoi(?: chu nghia viet nam)?|dang cong san viet nam"
    r"|doc lap\s*\W\s*tu do\s*\W\s*hanh phuc"
)
_GAP = r"[.…_/\s-]*?"
_DATE = re.compile(
    rf",?\s*\b(?:ngay|ngiy)\s*(?P<day>\d\s?\d?|{_GAP})\s*thang\s*(?P<month>\d\s?\d?|{_GAP})\s*"
    rf"(?:nam|nim)\s*(?P<year>(?:19|20)(?:\s?\d\s?\d)?|{_GAP}(?!\w))"
    r"|,\s*(?:ngay\s*)?(?P<d>\d\d?)[/.-](?P<m>\d\d?)[/.-](?P<y>(?:19|20)\d\d)(?=[.\s]*$)"
)
_PROPER = f"[{CAPITAL}][{SMALL}']+"
_PLACE = re.compile(
    rf"(?:(?:TP|Tp|Thành phố|T\.P)\.?\s?)?{_PROPER}(?:(?:\s*[-–]\s*|\s){_PROPER}){{0,4}}$"
)
_SUBJECT = re.compile(r"(?:V/v|V/V|v/v|Về việc)\s*:?\s*")
_EDGES = " *-–_:;,.|"


def take_apart(blocks: Sequence[Block]) -> tuple[Piece, ...]:
    """Return the pieces of the lines of a heading, in the order of the text.

    Words in small letters beside a number or a date tell of another document: such a line stays
    whole, except the line of a letter's subject that the date of issue stands beside.
    """
    return tuple(piece for index, block in enumerate(blocks) for piece in _line(block, index))


def _line(block: Block, index: int) -> list[Piece]:
    pieces = list(_pieces(block, index))
    names = [piece.words.text for piece in pieces if piece.part is Part.NAME]
    if all(name.isupper() or is_agency(name) for name in names) or _is_subject_and_date(pieces):
        return pieces
    return list(_between(block, block.start, block.end, index))


def _is_subject_and_date(pieces: Sequence[Piece]) -> bool:
    if any(piece.part is Part.SUBJECT for piece in pieces):
        return True
    last = pieces[-1]
    dated = last.part is Part.DATE and last.words.text[0].isupper() and "," in last.words.text
    return dated and not any(piece.part is Part.NUMBER for piece in pieces)


def read_date_line(block: Block) -> DateLine | None:
    """Return the place and date of a line that says nothing else."""
    found = _find_date(block)
    if found is None or found.start != block.start:
        return None
    return date_line(found) if len(block.text) - len(found.text) <= 2 else None


def date_line(words: Words) -> DateLine:
    """Return what a piece of the kind DATE says."""
    found = _DATE.search(_aligned(words.text))
    assert found is not None  # the piece was found by this pattern
    place = words.text[: found.start()].strip() or None
    parts = [found[long] or found[short] or "" for long, short in _FIELDS]
    day, month, year = ("".join(part.split()) for part in parts)
    whole = all(part.isdecimal() for part in (day, month, year)) and len(year) == 4
    known_year = int(year) if year.isdecimal() and len(year) == 4 else None
    return DateLine(words, place, read_date(day, month, year) if whole else None, known_year)


_FIELDS = (("day", "d"), ("month", "m"), ("year", "y"))


def _pieces(block: Block, index: int) -> Iterator[Piece]:
    signs = sorted(_signs(block), key=lambda sign: sign[1].start)
    place = block.start
    for part, words in signs:
        if words.start < place:
            continue
        yield from _between(block, place, words.start, index)
        yield Piece(part, words, index)
        place = words.end
    yield from _between(block, place, block.end, index)


def _signs(block: Block) -> Iterator[tuple[Part, Words]]:
    for motto in _PARTS_OF_MOTTO.finditer(_aligned(block.text)):
        yield Part.MOTTO, _cut(block, *motto.span())
    for part, pattern in ((Part.NUMBER, _NUMBER), (Part.BLANK_NUMBER, _BLANK_NUMBER)):
        number = pattern.search(block.text)
        if number:
            words = _cut(block, *number.span())
            yield part, Words(plain_number(number["number"]), words.start, words.end)
            break
    else:
        alone = NUMBER.fullmatch(block.text.strip(_EDGES))
        if alone:
            yield Part.NUMBER, Words(plain_number(alone[0]), block.start, block.end)
    issued = _find_date(block)
    if issued:
        yield Part.DATE, issued


def _find_date(block: Block) -> Words | None:
    """Return place and date where *block* says them; "Số: 3/KH-UBND An Bình, ngày …" does."""
    found = _DATE.search(_aligned(block.text))
    if found is None:
        return None
    place = _PLACE.search(block.text[: found.start()].rstrip())
    return _cut(block, place.start() if place else found.start(), found.end())


def _between(block: Block, start: int, end: int, index: int) -> Iterator[Piece]:
    """Yield the name that fills a gap, and the subject ("V/v …") that begins in it."""
    subject = _SUBJECT.search(block.text, start - block.start, end - block.start)
    name_end = block.start + subject.start() if subject else end
    name = _trimmed(_cut(block, start - block.start, name_end - block.start))
    if name.text:
        yield Piece(Part.NAME, name, index)
    if subject:
        rest = _trimmed(_cut(block, subject.end(), end - block.start))
        yield Piece(Part.SUBJECT, rest, index)


def _trimmed(words: Words) -> Words:
    left = len(words.text) - len(words.text.lstrip(_EDGES))
    text = words.text.strip(_EDGES)
    return Words(text, words.start + left, words.start + left + len(text))


def _cut(block: Block, begin: int, end: int) -> Words:
    return Words(block.text[begin:end], block.start + begin, block.start + end)


def _aligned(text: str) -> str:
    """Return *text* without accents where that keeps every letter in its place."""
    folded = fold(text)
    return folded if len(folded) == len(text) else text.lower()
