"""What can become of one attempt to hand something over, whatever the channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Fate(Enum):
    SENT = "sent"
    RETRY = "retry"
    REFUSED = "refused"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt.

    `doubtful`: the other side may have taken it all the same. `broken`: the line is at fault, not
    what was on it; whatever comes next would probably meet the same. `details` are fields of the
    parcel to be recorded with it, such as what was answered.
    """

    fate: Fate
    error: str = ""
    doubtful: bool = False
    broken: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)
