"""The heading of an official document: number, date, type, title, period and what it cites.

The layout is that of Decree 30/2020/NĐ-CP, appendix I; each part may be missing.
"""

import re
from collections.abc import Sequence
from datetime import date

from tasks.importing.blocks import MARKER, Block, Text
from tasks.importing.citations import find_citations, plain_number, read_date
from tasks.importing.issuer import find_announcement, find_issuer
from tasks.importing.outline import body_of
from tasks.importing.results import Citation, Header, Words
from tasks.importing.signer import find_signer

# Decree 30/2020/NĐ-CP, appendix III, and the Party's own types.
TYPES = {
    "NQ": "Nghị quyết",
    "QĐ": "Quyết định",
    "CT": "Chỉ thị",
    "QC": "Quy chế",
    "QyĐ": "Quy định",
    "TC": "Thông cáo",
    "TB": "Thông báo",
    "HD": "Hướng dẫn",
    "CTr": "Chương trình",
    "KH": "Kế hoạch",
    "PA": "Phương án",
    "ĐA": "Đề án",
    "DA": "Dự án",
    "BC": "Báo cáo",
    "BB": "Biên bản",
    "TTr": "Tờ trình",
    "HĐ": "Hợp đồng",
    "CĐ": "Công điện",
    "KL": "Kết luận",
    "CTHĐ": "Chương trình hành động",
    "TBKL": "Thông báo kết luận",
}
LETTER = "Công văn"
_NAMES = sorted(TYPES.values(), key=len, reverse=True)
_TYPE = re.compile(rf"({'|'.join(_NAMES)})(?:\s+(?=của\b|\S))?", re.IGNORECASE)
_NUMBER_LINE = re.compile(r"Số\s*:?\s*(?P<number>\d{0,5}[^\n,;]{0,60})", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,5}(?:\s*/\s*\d{4})?\s*[/-]\s*[A-ZĐ][\w&]*(?:\s*[-/]\s*[A-ZĐ][\w&]*)*")
_BLANK_NUMBER = re.compile(r"[\s.…_]*/\s*[A-ZĐ][\w&]*(?:\s*-\s*[A-ZĐ][\w&]*)*")
_DATE_LINE = re.compile(
    r"(?P<place>[^\W\d_][^,;:\n]{1,40}),\s*ngày\s*(?P<day>\d\d?|[.…_\s]*)\s*"
    r"tháng\s*(?P<month>\d\d?|[.…_\s]*)\s*năm\s*(?P<year>(?:19|20)\d\d)"
)
_OPENING = re.compile(r"(?:Căn cứ|Trên cơ sở|Thực hiện|Để |Nhằm |Xét |Theo |Sau khi )")
_ABOUT = re.compile(r"^(?:Về việc|V/v)\s*:?\s*", re.IGNORECASE)
_YEARS = re.compile(
    r"(?<!học )\b((?:19|20)\d\d)\s*(?:[-–]|đến(?: năm)?)\s*((?:19|20)\d\d)\b"
    r"|(?<!đến )năm\s+((?:19|20)\d\d)(?!\s*[-–/]\s*\d)"
)
_HEADING_LINES = 30


def read_header(text: Text) -> Header:
    """Return the heading of a document; what it does not say stays None."""
    blocks = text.blocks
    preamble = _preamble(blocks)
    issue = find_announcement(preamble)
    number, blank = _number(preamble)
    number = number or issue.number
    type_name, type_index = _type(preamble, number)
    title = _title(preamble, type_index) or issue.title
    place, date_words, issued_on, year = _date(preamble)
    issued_on = issued_on or issue.issued_on
    period = _period(title)
    issuer = issue.issuer or find_issuer(blocks, preamble, place, type_index)
    based_on, cites = _cited(blocks, preamble, number)
    return Header(
        number=number,
        number_blank=blank and number is None,
        issued_on=issued_on,
        place=place,
        issuer=issuer,
        type=type_name,
        title=title,
        period=period,
        year=_plan_year(period, issued_on, year),
        signer=find_signer(blocks),
        based_on=based_on,
        cites=cites,
        date_words=date_words,
    )


def _preamble(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks before the first numbered heading, within the body."""
    kept: list[Block] = []
    for block in body_of(blocks):
        found = MARKER.match(block.text)
        if found and not found["bullet"] and not block.cell:
            break
        kept.append(block)
    return tuple(kept)


def _number(blocks: Sequence[Block]) -> tuple[Words | None, bool]:
    """Return the number, and whether a place for it is there but left open."""
    for block in blocks[:_HEADING_LINES]:
        line = _NUMBER_LINE.match(block.text)
        if line is None:
            continue
        begin = line.start("number")
        found = _NUMBER.match(block.text, begin)
        if found:
            place = block.start + found.start(), block.start + found.end()
            return Words(plain_number(found[0]), *place), False
        if _BLANK_NUMBER.match(block.text, begin):
            return None, True
    return None, False


def _type(blocks: Sequence[Block], number: Words | None) -> tuple[str | None, int | None]:
    """Return the type and the index of the block that names it.

    A block that says only the type in capitals comes first, then the sign in the number (an
    official letter has none), then a first block that begins with the type.
    """
    for index, block in enumerate(blocks[:_HEADING_LINES]):
        found = _TYPE.match(block.text)
        if found and found[1].isupper():
            return _type_name(found[1]), index
    if number is not None:
        return _type_of_number(number.text), None
    found = _TYPE.match(blocks[0].text) if blocks else None
    return (_type_name(found[1]), 0) if found else (None, None)


def _type_name(words: str) -> str:
    return words[0].upper() + words[1:].lower()


def _type_of_number(number: str) -> str | None:
    signs = re.split(r"[/-]", number)[1:]
    return next((TYPES[sign] for sign in signs[:2] if sign in TYPES), LETTER)


def _title(blocks: Sequence[Block], index: int | None) -> Words | None:
    """Return the words after the type, over as many lines as they take."""
    if index is None:
        return None
    first = blocks[index]
    found = _TYPE.match(first.text)
    begin = first.start + (found.end() if found else 0)
    pieces = [first.text[begin - first.start :]] if begin < first.end else []
    begin, end = (begin, first.end) if pieces else (0, 0)
    for block in blocks[index + 1 :]:
        if _ends_title(block, pieces):
            break
        begin, end = begin or block.start, block.end
        pieces.append(block.text)
    text = " ".join(pieces).strip()
    about = _ABOUT.match(text)
    skipped = about.end() if about else 0
    return Words(text[skipped:], begin + skipped, end) if text[skipped:] else None


def _ends_title(block: Block, pieces: list[str]) -> bool:
    if pieces and (_OPENING.match(block.text) or len(block.text) > 300 or block.text[-1] in ";:."):
        return True
    return bool(MARKER.match(block.text)) or len(pieces) >= 5 or bool(_DATE_LINE.match(block.text))


def _date(
    blocks: Sequence[Block],
) -> tuple[str | None, Words | None, date | None, int | None]:
    """Return place, words, date and year of the date line; a draft leaves the day open."""
    for block in blocks[:_HEADING_LINES]:
        found = _DATE_LINE.fullmatch(block.text.rstrip(". "))
        if found:
            issued_on = None
            if found["day"].isdecimal() and found["month"].isdecimal():
                issued_on = read_date(found["day"], found["month"], found["year"])
            words = Words(block.text, block.start, block.end)
            return found["place"].strip(), words, issued_on, int(found["year"])
    return None, None, None, None


def _period(title: Words | None) -> tuple[date, date] | None:
    """Return the years that the title names; a school year is no calendar period."""
    found = _YEARS.search(title.text) if title else None
    if found is None:
        return None
    first, last = int(found[1] or found[3]), int(found[2] or found[3])
    return (date(first, 1, 1), date(last, 12, 31)) if first <= last else None


def _plan_year(
    period: tuple[date, date] | None, issued_on: date | None, year: int | None
) -> int | None:
    """Return the year that a date without one means: the plan's own, else that of its issue."""
    if period and period[0].year == period[1].year:
        return period[0].year
    return issued_on.year if issued_on else year


def _cited(
    blocks: Sequence[Block], preamble: Sequence[Block], number: Words | None
) -> tuple[tuple[Citation, ...], tuple[Citation, ...]]:
    own = number.text if number else None
    before = [one for one in find_citations(preamble) if one.number.text != own]
    known = {own, *(one.number.text for one in before)}
    after = find_citations(body_of(blocks[len(preamble) :]))
    return tuple(before), tuple(one for one in after if one.number.text not in known)
