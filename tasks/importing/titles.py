"""The title of a document, over as many lines as it takes, and the period it names."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from tasks.importing.blocks import MARKER, Block
from tasks.importing.head_lines import Part, Piece, read_date_line, take_apart
from tasks.importing.letterhead import is_agency
from tasks.importing.results import Words

_ABOUT = re.compile(r"^(?:Về việc|V/v)\s*:?\s*", re.IGNORECASE)
OPENING = re.compile(
    r"(?:Căn cứ|Trên cơ sở|Thực hiện|Để |Nhằm |Xét |Theo |Sau khi |Kính gửi|\(|Điều 1|Phần thứ"
    r"|Chương I\b|Phần I\b)"
)
_OFFICE = re.compile(
    r"(?:PHÓ )?(?:CHỦ TỊCH|BỘ TRƯỞNG|GIÁM ĐỐC|TỔNG GIÁM ĐỐC|CỤC TRƯỞNG|TỔNG CỤC TRƯỞNG|CHÁNH"
    r"|HIỆU TRƯỞNG|VIỆN TRƯỞNG|THỐNG ĐỐC|THỦ TƯỚNG|CHÍNH PHỦ|TỔNG BÍ THƯ|TRƯỞNG BAN)\b"
)
_UNFINISHED = re.compile(r"(?:,|\b(?:của|và|với|cho|do|tại|về|trong|giữa))$", re.IGNORECASE)
_OF_AGENCY = re.compile(r"của\s+(?P<name>[^,;]{4,90})", re.IGNORECASE)
_LONGEST_LINE, _LONGEST_CAPITALS = 200, 600  # characters
_MOST_LINES, _LONGEST_AGENCY = 6, 12  # lines, words

_FULL_DATE = re.compile(r"ngày\s*\d\d?\s*(?:tháng\s*\d\d?\s*năm\s*|[/.-]\s*\d\d?\s*[/.-]\s*)\d{4}")
_YEARS = re.compile(
    r"(?<!học )\b((?:19|20)\d\d)\s*(?:[-–]|đến(?: hết)?(?: năm)?)\s*((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"(?:(?P<count>\d\d?|sáu|chín|ba) tháng (?P<half>đầu|cuối) năm|quý (?P<quarter>IV|I{1,3}|[1-4])"
    r"|tháng (?P<month>\d\d?))\s*(?:năm|/|-|,)?\s*(?P<year>(?:19|20)\d\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!đến )năm\s+((?:19|20)\d\d)(?!\s*[-–/]\s*\d)", re.IGNORECASE)
_COUNTS = {"ba": 3, "sáu": 6, "chín": 9}
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def read_title(blocks: Sequence[Block], index: int, skip: int) -> tuple[Words | None, Words | None]:
    """Return the title below the type, and the agency that a line "của …" names before it.

    The type stands in the block at *index*, its words end after *skip* characters.
    """
    lines = list(_lines(blocks, index, skip))
    agency = None
    found = _OF_AGENCY.fullmatch(lines[0].text) if lines else None
    if found and _is_name(found["name"]):
        agency = Words(found["name"], lines[0].start + found.start("name"), lines[0].end)
        lines = lines[1:]
    text = " ".join(line.text for line in lines)
    about = _ABOUT.match(text)
    skipped = about.end() if about else 0
    if not text[skipped:]:
        return None, agency
    return Words(text[skipped:], lines[0].start + skipped, lines[-1].end), agency


def _is_name(text: str) -> bool:
    short = len(text.split()) <= _LONGEST_AGENCY
    return short and is_agency(text) and " về " not in text.lower()


def _lines(blocks: Sequence[Block], index: int, skip: int) -> list[Words]:
    first = blocks[index]
    rest = first.text[skip:].strip(" :.-")
    start = first.start + first.text.find(rest, skip) if rest else first.end
    lines = [Words(rest, start, start + len(rest))] if rest else []
    for block in blocks[index + 1 :]:
        if not lines and (read_date_line(block) or _is_heading(block)):
            continue
        if _ends(block, lines):
            break
        lines.append(Words(block.text, block.start, block.end))
    return _without_office(lines)


def _without_office(lines: list[Words]) -> list[Words]:
    """Return the lines without the agency that decides, which acts name below the title."""
    while len(lines) > 1 and lines[-1].text.isupper() and is_agency(lines[-1].text):
        if _UNFINISHED.search(lines[-2].text):
            break
        lines = lines[:-1]
    return lines


def _ends(block: Block, lines: Sequence[Words]) -> bool:
    """Tell whether the title is over before *block*."""
    longest = _LONGEST_CAPITALS if block.text.isupper() else _LONGEST_LINE
    if lines and (block.text[-1] in ";:." or len(block.text) > longest):
        return True
    if lines and (OPENING.match(block.text) or _OFFICE.match(block.text)):
        return True
    if lines and block.text.isupper() and not lines[-1].text.isupper():
        return True
    if block.text.startswith("(") or read_date_line(block) or len(lines) >= _MOST_LINES:
        return True
    return bool(MARKER.match(block.text)) or _is_heading(block)


def _is_heading(block: Block) -> bool:
    """Tell a line of the letterhead, which the reading order may have put below the type."""
    return any(piece.part in (Part.MOTTO, Part.NUMBER) for piece in take_apart((block,)))


def read_subject(pieces: Sequence[Piece]) -> Words | None:
    """Return what an official letter is about ("V/v …"), over the lines that it takes.

    Between two of its lines a line of the other column may stand.
    """
    begins = [place for place, piece in enumerate(pieces) if piece.part is Part.SUBJECT]
    if not begins:
        return None
    subject = pieces[begins[0]].words
    for piece in pieces[begins[0] + 1 :]:
        text = piece.words.text
        if piece.part is Part.NAME and not (text.isupper() or is_agency(text)):
            subject = Words(f"{subject.text} {text}".strip(), subject.start, piece.words.end)
        elif piece.part is Part.NAME:
            break
    return subject if subject.text else None


def read_period(title: Words | None) -> tuple[date, date] | None:
    """Return the time that the title names; a school year is no calendar period."""
    if title is None:
        return None
    text = _FULL_DATE.sub("", title.text)
    years, part, year = _YEARS.search(text), _PART.search(text), _YEAR.search(text)
    if part:
        return _part_of_year(part)
    if years and int(years[1]) <= int(years[2]):
        return date(int(years[1]), 1, 1), date(int(years[2]), 12, 31)
    return (date(int(year[1]), 1, 1), date(int(year[1]), 12, 31)) if year else None


def _part_of_year(found: re.Match[str]) -> tuple[date, date] | None:
    first, last = 1, 12
    if found["count"]:
        count = _COUNTS.get(found["count"].lower()) or int(found["count"])
        first, last = (1, count) if found["half"].lower() == "đầu" else (13 - count, 12)
    elif found["quarter"]:
        quarter = _QUARTERS[found["quarter"].upper()]
        first, last = 3 * quarter - 2, 3 * quarter
    else:
        first = last = int(found["month"])
    if not 1 <= first <= last <= 12:
        return None
    year = int(found["year"])
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])
