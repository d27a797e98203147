"""Bars of several shares: where each piece begins and how wide it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.chips import Tone

BAR_WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a whole: how many, in which tone, called what."""

    tone: Tone
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A share laid out on a bar `BAR_WIDTH` wide."""

    tone: Tone
    words: str
    x: int
    width: int


def share_segments(shares: Sequence[Share]) -> list[Segment]:
    """Lay the shares side by side over the whole width; empty shares take no place."""
    total = sum(share.count for share in shares)
    segments, seen = [], 0
    for share in shares:
        start, seen = seen, seen + share.count
        if share.count:
            x, end = BAR_WIDTH * start // total, BAR_WIDTH * seen // total
            segments.append(Segment(share.tone, share.words, x, end - x))
    return segments
