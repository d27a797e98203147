"""The list of facts that portals of legal documents put above a text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tasks.importing.blocks import Block
from tasks.importing.citations import NUMBER, plain_number, read_date
from tasks.importing.doc_types import LETTER, NAMES
from tasks.importing.results import Words

_LABELS = {
    "number": r"số hiệu(?: văn bản)?|số[, /]*ký hiệu",
    "issued_on": r"ngày ban hành|ngày ký",
    "type": r"loại văn bản|hình thức văn bản",
    "issuer": r"cơ quan ban hành|nơi ban hành",
    "signer": r"người ký",
    "title": r"trích yếu(?: nội dung)?",
}
_LINE = re.compile(
    "|".join(f"(?P<{name}>{words})" for name, words in _LABELS.items()), re.IGNORECASE
)
_SIGNS = " :|\t"
_DATE = re.compile(r"(\d\d?)[/.-](\d\d?)[/.-]((?:19|20)\d\d)")
# "Chỉ thị 06/CT-UBND năm 2025 về … do tỉnh An Bình ban hành": the name of the page.
_TITLE = re.compile(
    rf"(?:{'|'.join(NAMES)}|{LETTER})\s+(?:số\s+)?{NUMBER.pattern}\s+(?:năm \d{{4}}\s+)?"
    r"(?:về(?: việc)?\s+)?(?P<title>.+?)(?:\s+do\s.{3,80}\sban hành)?$",
    re.IGNORECASE,
)
_FIRST_LINES = 60


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list says; None where it has no such line."""

    number: Words | None = None
    issued_on: date | None = None
    type: Words | None = None
    issuer: Words | None = None
    signer: Words | None = None
    title: Words | None = None


def read_listed(blocks: Sequence[Block]) -> Listed:
    """Return the facts of the lines "Số hiệu: …", "Người ký: …"; at least two make a list."""
    found: dict[str, Words] = {}
    for block in blocks[:_FIRST_LINES]:
        label = _LINE.match(block.text)
        value = _value(block, label.end()) if label else None
        if label and label.lastgroup and value:
            found.setdefault(label.lastgroup, value)
    if len(found) < 2:
        return Listed()
    title = _TITLE.match(blocks[0].text)
    if title:
        begin, end = (blocks[0].start + place for place in title.span("title"))
        found.setdefault("title", Words(title["title"], begin, end))
    issued = _DATE.match(found["issued_on"].text) if "issued_on" in found else None
    number = found.get("number")
    return Listed(
        number=replace(number, text=plain_number(number.text)) if number else None,
        issued_on=read_date(issued[1], issued[2], issued[3]) if issued else None,
        **{key: found.get(key) for key in ("type", "issuer", "signer", "title")},
    )


def _value(block: Block, begin: int) -> Words | None:
    rest = block.text[begin:]
    text = rest.strip(_SIGNS)
    if not text or rest[0] not in _SIGNS:
        return None
    start = block.start + begin + rest.index(text)
    return Words(text, start, start + len(text))
