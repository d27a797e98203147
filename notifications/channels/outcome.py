"""What can become of one attempt to hand something over, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Fate(Enum):
    SENT = "sent"
    RETRY = "retry"
    REFUSED = "refused"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt.

    `doubtful`: the other side may have taken it all the same. `broken`: the line is at fault, not
    what was on it; whatever comes next would probably meet the same.
    """

    fate: Fate
    error: str = ""
    doubtful: bool = False
    broken: bool = False
