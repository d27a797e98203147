"""What changed between two versions of a report, word by word."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

_WORDS = re.compile(r"\s+|\S+")
# Beyond so many words on a side two passages are shown as one taken out and one put in.
_LONGEST = 3_000
# So few words that stayed between two changes only make these hard to read: blanks count, too.
_TOO_FEW = 5


class Change(enum.StrEnum):
    SAME = "same"
    OUT = "out"
    IN = "in"


# What a run of words is, the words before, and the words after.
Run = tuple[Change, Sequence[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a section, and whether they stayed, went out or came in."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class SectionChange:
    """One section with its text in both versions."""

    title: str
    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        return any(piece.change != Change.SAME for piece in self.pieces)


def changes(old: dict[str, Any] | None, new: dict[str, Any]) -> list[SectionChange]:
    """Compare the contents of two versions, by the position of their sections.

    Without an older one everything stays as it is.
    """
    if old is None:
        old = new
    before = {section["position"]: section for section in old["sections"]}
    after = {section["position"]: section for section in new["sections"]}
    return [
        SectionChange(
            (after.get(position) or before[position])["title"],
            tuple(_pieces(_text(before, position), _text(after, position))),
        )
        for position in sorted({*before, *after})
    ]


def _text(sections: dict[int, dict[str, Any]], position: int) -> str:
    return str(sections[position]["text"]) if position in sections else ""


def _pieces(old: str, new: str) -> Iterator[Piece]:
    """First by lines, which is fast, then by words inside the lines that differ."""
    for change, gone, come in _compared(old.splitlines(True), new.splitlines(True)):
        if change == Change.SAME:
            yield Piece(Change.SAME, "".join(gone))
        else:
            yield from _words("".join(gone), "".join(come))


def _words(old: str, new: str) -> Iterator[Piece]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > _LONGEST:
        runs: list[Run] = [(Change.OUT, before, after)]
    else:
        runs = _readable(list(_compared(before, after)))
    for change, gone, come in runs:
        if change == Change.SAME:
            yield Piece(Change.SAME, "".join(gone))
            continue
        if gone:
            yield Piece(Change.OUT, "".join(gone))
        if come:
            yield Piece(Change.IN, "".join(come))


def _readable(runs: Sequence[Run]) -> list[Run]:
    """The runs, with changes that only a few words keep apart made one."""
    joined: list[Run] = []
    for number, (change, gone, come) in enumerate(runs):
        inside = 0 < number < len(runs) - 1
        if change == Change.SAME and inside and len(gone) < _TOO_FEW:
            change = Change.OUT
        if change == Change.OUT and joined and joined[-1][0] == Change.OUT:
            _change, gone_before, come_before = joined.pop()
            gone, come = [*gone_before, *gone], [*come_before, *come]
        joined.append((change, gone, come))
    return joined


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    """The runs that stayed, and those that were replaced by others; either may be empty."""
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield Change.SAME if kind == "equal" else Change.OUT, old[a:b], new[c:d]
