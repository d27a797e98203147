"""Headings whose lines were broken within a phrase, as copies of printed columns have them."""

import re
from collections.abc import Iterator, Sequence

from tasks.importing.blocks import Block
from tasks.importing.doc_types import type_at
from tasks.rules.names import CAPITAL, SMALL, fold

MOTTOES = (
    "cong hoa xa hoi chu nghia viet nam",
    "doc lap - tu do - hanh phuc",
    "dang cong san viet nam",
)
_PROPER = f"[{CAPITAL}][{SMALL}]+"
# What follows belongs to the number or the date that begins here.
_OPEN = re.compile(r"(?:^|\s)(?:so\s*:?|ngay|thang|nam)$|^[^:;]{2,40},$")
_GOES_ON = re.compile(r"\d|/|ngay\b|thang\b|nam\b")
_PLACE = re.compile(rf"{_PROPER}(?: {_PROPER}){{0,2}}")
_REST_OF_PLACE = re.compile(rf"{_PROPER}(?: {_PROPER}){{0,2}},\s*ngày")
_HEAD_WORDS = ("uy", "uy ban", "hoi", "hoi dong", "chinh", "thu", "thu tuong", "bo", "so", "tinh")
_HEAD_WORDS_ALONE = frozenset((*_HEAD_WORDS, "thanh", "huyen", "dang", "van phong", "tong"))
_EDGES = " |"
_HEADING_LINES = 40


def mend_heading(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with the broken phrases of the first lines joined.

    A joined block keeps its place in the text: a blank stands for the line break between the two.
    """
    head, rest = blocks[:_HEADING_LINES], blocks[_HEADING_LINES:]
    return (*_joined(head), *rest)


def _joined(blocks: Sequence[Block]) -> Iterator[Block]:
    current: Block | None = None
    for block in blocks:
        if not block.text.strip(_EDGES):
            continue
        if current and _belongs(current, block):
            text = current.text + " " * (block.start - current.end) + block.text
            current = Block(text, current.start, current.line, current.cell)
            continue
        if current:
            yield current
        current = block
    if current:
        yield current


def _belongs(before: Block, block: Block) -> bool:
    if before.cell != block.cell or len(before.text) + len(block.text) > 160:
        return False
    first, second = before.text.strip(_EDGES), block.text.strip(_EDGES)
    key, after = fold(first), fold(second)
    if _OPEN.search(key) and _GOES_ON.match(after):
        return True
    if any(_goes_on(motto, key, after) for motto in MOTTOES):
        return True
    if _PLACE.fullmatch(first) and _REST_OF_PLACE.match(second):
        return True
    if not (first.isupper() and second.isupper()):
        return False
    return key in _HEAD_WORDS_ALONE or (not type_at(first) and _is_type(f"{first} {second}"))


def _goes_on(motto: str, key: str, after: str) -> bool:
    """Tell whether a line ends within a motto that the next one goes on with."""
    words = motto.split()
    cuts = ((" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words)))
    return any(
        f" {key}".endswith(f" {begin}") and (end.startswith(after) or after.startswith(end))
        for begin, end in cuts
    )


def _is_type(text: str) -> bool:
    """Tell a type that a line break cut in two ("KẾ" and "HOẠCH")."""
    found = type_at(text)
    return found is not None and found[1] == len(text)
