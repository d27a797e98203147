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
    ARTICLE = "article"
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


_ATTACHED = re.compile(
    r"(?:PHỤ LỤC|Phụ lục|BIỂU|DANH MỤC|BẢNG|KẾ HOẠCH|CHƯƠNG TRÌNH|ĐỀ ÁN|PHƯƠNG ÁN|QUY CHẾ|QUY ĐỊNH)"
    r"(?![^\W\d_]*[:;])"
)


def parts_of(blocks: Iterable[Block]) -> Iterator[tuple[Block, ...]]:
    """Yield the body, then each annex or attached document after the recipients of the one before.

    The recipients, the signature and whatever else stands there belong to none; tables do.
    """
    part: list[Block] = []
    inside = True
    for block in blocks:
        if inside and is_end(block):
            yield tuple(part)
            part, inside = [], False
        elif not inside and not block.cell and _ATTACHED.match(block.text):
            yield tuple(part)
            part, inside = [], True
        if inside or block.cell:
            part.append(block)
    yield tuple(part)


def outline(blocks: Iterable[Block]) -> tuple[Entry, ...]:
    """Return the blocks of the body and of its annexes, each under its headings.

    "III", "1." and "1.1." give III.1.1; a letter stands below the number before it. An annex
    counts anew: its codes are its own.
    """
    return tuple(entry for part in parts_of(blocks) for entry in _outlined(part))


def _outlined(blocks: Iterable[Block]) -> list[Entry]:
    entries: list[Entry] = []
    path: dict[Kind, tuple[str, ...]] = {}
    for block in blocks:
        found = None if block.cell else MARKER.match(block.text)
        kind, code = _kind(found)
        if code:
            path = {level: codes for level, codes in path.items() if _above(level, kind)}
            path[kind] = code
        begin = found.end() if found else 0
        body = Words(block.text[begin:], block.start + begin, block.end)
        entries.append(Entry(block, kind, tuple(sum(path.values(), ())), body))
    return entries


def _above(level: Kind, kind: Kind) -> bool:
    order = list(Kind)
    return order.index(level) < order.index(kind)


def _kind(found: re.Match[str] | None) -> tuple[Kind, tuple[str, ...]]:
    if found is None:
        return Kind.TEXT, ()
    if found["roman"]:
        return Kind.ROMAN, (found["roman"].upper(),)
    if found["article"]:
        return Kind.ARTICLE, (f"Điều {found['article']}",)
    if found["part"]:
        return Kind.PART, (found["part"],)
    if found["number"]:
        return Kind.NUMBER, tuple(found["number"].split("."))
    if found["letter"]:
        return Kind.LETTER, (found["letter"],)
    return Kind.BULLET, ()
