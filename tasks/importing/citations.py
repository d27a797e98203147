"""Numbers of official documents, as Decree 30/2020/NĐ-CP and the Party's rules form them."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from tasks.importing.blocks import Block
from tasks.importing.results import Citation, Words

_SIGN = r"[A-ZĐ][A-Za-zĐđƯưÔô&]*"
# 60/KH-UBND, 31/2008/QĐ-UBND, 52/SKHCN-QLCN; a blank may stand at any of the signs.
_STATE = rf"\d{{1,5}}\s?/\s?(?:(?:19|20)\d\d\s?/\s?)?{_SIGN}(?:\s?-\s?{_SIGN})+"
# 08-NQ/TU, 37-QĐ/ĐTN.
_PARTY = r"\d{1,5}\s?-\s?[A-ZĐ][A-Za-zĐđ]{1,3}\s?/\s?[A-ZĐ]{2,}[A-ZĐa-z]*"
_SHORT = r"\d{1,5}\s?/\s?(?:KH|HD|BC|CT|NQ|QĐ|TB|TTr|CV)\b"
NUMBER = re.compile(rf"(?<![\d/.-])(?:{_STATE}|{_PARTY}|{_SHORT})")
_DATE = re.compile(
    r"\s*,?\s*ngày\s*(\d\d?)\s*(?:[/.-]|tháng)\s*(\d\d?)\s*(?:[/.-]|năm)\s*((?:19|20)\d\d)", re.I
)


def find_citations(blocks: Iterable[Block]) -> tuple[Citation, ...]:
    """Return the documents named in *blocks*, each once, in the order of their first mention."""
    cited: dict[str, Citation] = {}
    for block in blocks:
        for citation in _citations(block):
            cited.setdefault(citation.number.text, citation)
    return tuple(cited.values())


def _citations(block: Block) -> Iterator[Citation]:
    for found in NUMBER.finditer(block.text):
        place = block.start + found.start(), block.start + found.end()
        yield Citation(Words(plain_number(found[0]), *place), _date_after(block.text, found.end()))


def _date_after(text: str, place: int) -> date | None:
    found = _DATE.match(text, place)
    return read_date(found[1], found[2], found[3]) if found else None


def read_date(day: str, month: str, year: str) -> date | None:
    """Return the date, or None where there is no such day."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def plain_number(text: str) -> str:
    """Return a document number without the blanks that typing left in it."""
    return "".join(text.split())
