"""A plan that a decision puts into force: "(Ban hành kèm theo Quyết định số …)"."""

import re
from collections.abc import Sequence

from tasks.importing.blocks import Block
from tasks.importing.citations import NUMBER, date_after, plain_number
from tasks.importing.issuer import Issue
from tasks.importing.letterhead import is_agency
from tasks.importing.results import Words

_ATTACHED = re.compile(
    r"^\(?\s*(?:được )?(?:Ban hành\s+)?(?:Kèm|kèm|Đính kèm) theo\s+\w+(?:\s\w+){0,3}?\s+số\s*:?\s*"
)
_OF = re.compile(
    r"\s+của\s+(?:(?:Chủ tịch|Bộ trưởng|Giám đốc|Cục trưởng|Hiệu trưởng|Tổng cục trưởng|Chánh)\s+)?"
    r"(?P<name>[^,;()]+)"
)


def find_attachment(blocks: Sequence[Block]) -> Issue:
    """Return number, date and issuer of the document that this one belongs to; empty if none."""
    for block in blocks:
        found = _ATTACHED.match(block.text)
        number = NUMBER.match(block.text, found.end()) if found else None
        if number:
            issued_on, end = date_after(block.text, number.end())
            return Issue(_issuer(block, end), _words(block, number), issued_on)
    return Issue()


def _issuer(block: Block, place: int) -> Words | None:
    found = _OF.match(block.text, place)
    if found is None or not is_agency(found["name"]):
        return None
    begin, end = found.span("name")
    return Words(found["name"].strip(), block.start + begin, block.start + end)


def _words(block: Block, number: re.Match[str]) -> Words:
    return Words(plain_number(number[0]), block.start + number.start(), block.start + number.end())
