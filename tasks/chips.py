"""Chips: the tone, the mark and the words by which a standing or a state is shown.

Never by colour alone: every tone that asks for attention has a mark, and all have words.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasks.rules.progress import Standing as TargetStanding
from tasks.rules.timeliness import Standing, Timeliness
from tasks.words import standing_words


class Tone(enum.StrEnum):
    """What a chip's colour means; the style sheet and the mail templates know these names."""

    NEUTRAL = "neutral"
    SOON = "soon"
    LATE = "late"
    WAITING = "waiting"
    DONE = "done"
    OFF = "off"


# The mark as a character, for mail and documents, where there are no pictures.
MARKS = {"clock": "◷", "alert": "●", "waiting": "○", "tick": "✓", "pause": "‖", "back": "↩", "": ""}


@dataclass(frozen=True, slots=True)
class Chip:
    """`icon` names a picture of the sprite; `mark` is the same as one character."""

    tone: Tone
    icon: str
    words: str

    @property
    def mark(self) -> str:
        return MARKS[self.icon]


class HasState(Protocol):
    state: str

    def get_state_display(self) -> str: ...


_STANDINGS = {
    Timeliness.NO_DEADLINE: (Tone.NEUTRAL, ""),
    Timeliness.IN_TERM: (Tone.NEUTRAL, ""),
    Timeliness.DUE_SOON: (Tone.SOON, "clock"),
    Timeliness.OVERDUE: (Tone.LATE, "alert"),
    Timeliness.DONE_ON_TIME: (Tone.DONE, "tick"),
    Timeliness.DONE_LATE: (Tone.DONE, "tick"),
    Timeliness.PAUSED: (Tone.OFF, "pause"),
}

# By the stored value: items, participations, reports, extensions and drafts share their words.
_STATES = {
    "assigned": (Tone.WAITING, "waiting"),
    "claimed": (Tone.WAITING, "waiting"),
    "presented": (Tone.WAITING, "waiting"),
    "submitted": (Tone.WAITING, "waiting"),
    "requested": (Tone.WAITING, "waiting"),
    "open": (Tone.WAITING, "waiting"),
    "reviewing": (Tone.WAITING, "waiting"),
    "waiting": (Tone.WAITING, "waiting"),
    "reading": (Tone.WAITING, "waiting"),
    "failed": (Tone.LATE, "alert"),
    "applied": (Tone.DONE, "tick"),
    "declined": (Tone.NEUTRAL, "back"),
    "returned": (Tone.NEUTRAL, "back"),
    "refused": (Tone.NEUTRAL, "back"),
    "accepted": (Tone.DONE, "tick"),
    "answered": (Tone.DONE, "tick"),
    "completed": (Tone.DONE, "tick"),
    "granted": (Tone.DONE, "tick"),
    "suspended": (Tone.OFF, "pause"),
    "replaced": (Tone.OFF, ""),
    "cancelled": (Tone.OFF, ""),
    "withdrawn": (Tone.OFF, ""),
    "closed": (Tone.OFF, ""),
    "discarded": (Tone.OFF, ""),
}


def standing_chip(standing: Standing, today: dt.date | None = None) -> Chip:
    """The chip of a standing; `today` (local date) as in `standing_words`."""
    tone, icon = _STANDINGS[standing.timeliness]
    return Chip(tone, icon, standing_words(standing, today))


def state_chip(thing: HasState) -> Chip:
    """The chip of an item, a participation, a report, a plan, an extension or a draft."""
    tone, icon = _STATES.get(thing.state, (Tone.NEUTRAL, ""))
    return Chip(tone, icon, str(thing.get_state_display()))


_TARGETS: dict[TargetStanding, tuple[Tone, str, str | Promise]] = {
    TargetStanding.BEHIND: (Tone.LATE, "alert", _("behind the pace")),
    TargetStanding.NO_FIGURES: (Tone.WAITING, "waiting", _("no figures yet")),
    TargetStanding.ON_PACE: (Tone.NEUTRAL, "", _("on pace")),
    TargetStanding.REACHED: (Tone.DONE, "tick", _("reached")),
}
TARGET_WORDS = {standing: words for standing, (_tone, _icon, words) in _TARGETS.items()}


def target_chip(standing: TargetStanding) -> Chip:
    """How a target stands by its figures."""
    tone, icon, words = _TARGETS[standing]
    return Chip(tone, icon, str(words))
