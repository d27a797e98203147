"""The numbered outline of a document: which block stands under which heading."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tasks.importing.blocks import MARKER, Block
from tasks.importing.results import Words


class Kind(StrEnum):
    """How a block begins."""

    PART = "part"
    ROMAN = "roman"
    NUMBER = "number"
    LETTER = "letter"
    BULLET = "bullet"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Entry:
    """A block with its place in the outline.

    `path` holds the codes from the outermost heading down to the one that governs the block,
    its own included. `body` is the text after the marker.
    """

    block: Block
    kind: Kind
    path: tuple[str, ...]
    body: Words

    @property
    def coded(self) -> bool:
        """Tell whether the block has a number or letter of its own."""
        return self.kind not in (Kind.BULLET, Kind.TEXT)

    @property
    def code(self) -> str:
        return ".".join(self.path)

    @property
    def section(self) -> str:
        """Return the code of the heading above."""
        return ".".join(self.path[:-1] if self.coded else self.path)


_END = re.compile(r"Nơi\s+nhận\s*:?$|Nơi\s+nhận\s*:", re.IGNORECASE)


def is_end(block: Block) -> bool:
    """Tell whether the list of recipients begins here, which ends the body of a document."""
    return bool(_END.match(block.text))


def body_of(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks before the list of recipients."""
    for block in blocks:
        if is_end(block):
            return
        yield block


def outline(blocks: Iterable[Block]) -> tuple[Entry, ...]:
    """Return the blocks of the body, each under its headings.

    "III", "1." and "1.1." give III.1.1; a letter stands below the number before it.
    """
    entries: list[Entry] = []
    path: dict[Kind, tuple[str, ...]] = {}
    for block in body_of(blocks):
        found = None if block.cell else MARKER.match(block.text)
        kind, code = _kind(found)
        if code:
            path = {level: codes for level, codes in path.items() if _above(level, kind)}
            path[kind] = code
        begin = found.end() if found else 0
        body = Words(block.text[begin:], block.start + begin, block.end)
        entries.append(Entry(block, kind, tuple(sum(path.values(), ())), body))
    return tuple(entries)


def _above(level: Kind, kind: Kind) -> bool:
    order = list(Kind)
    return order.index(level) < order.index(kind)


def _kind(found: re.Match[str] | None) -> tuple[Kind, tuple[str, ...]]:
    if found is None:
        return Kind.TEXT, ()
    if found["roman"]:
        return Kind.ROMAN, (found["roman"].upper(),)
    if found["part"]:
        return Kind.PART, (found["part"],)
    if found["number"]:
        return Kind.NUMBER, tuple(found["number"].split("."))
    if found["letter"]:
        return Kind.LETTER, (found["letter"],)
    return Kind.BULLET, ()
