"""What the pages of a correction show: the differences to choose from, and what a choice does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from tasks.models import PlanDraft
from workflows.correcting.comparison import Comparison, comparison_of
from workflows.correcting.differences import Change, Difference, Field

TITLE_SHOWN = 90  # characters of a title among the choices
_IN_WORDS = (Field.TITLE, Field.PRODUCT)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words: `tag` is "del" for what goes, "ins" for what comes, else empty."""

    tag: str
    words: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    change: Change
    is_chosen: bool

    @property
    def pieces(self) -> list[Piece]:
        """Before and after as one text with its changed words marked."""
        change = self.change
        if change.field in _IN_WORDS and change.before and change.after:
            return word_pieces(change.before, change.after)
        pieces = [Piece("del", change.before)] if change.before else []
        return [*pieces, Piece("ins", change.after)] if change.after else pieces


@dataclass(frozen=True, slots=True)
class DifferenceCard:
    """One item of the comparison; `choices` are the plan items it may be the same as."""

    difference: Difference
    rows: list[ChangeRow]
    choices: list[tuple[int, str]]
    pair: int
    is_doubtful: bool

    @property
    def is_new(self) -> bool:
        return self.difference.running is None


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    draft: PlanDraft
    found: Comparison
    cards: dict[str, list[DifferenceCard]]

    @property
    def numbers(self) -> dict[str, int]:
        return {kind: len(cards) for kind, cards in self.cards.items()}

    @property
    def to_look_at(self) -> list[DifferenceCard]:
        """What differs: changed items in the order of the document, then new, then missing ones."""
        return [card for kind in ("changed", "added", "removed") for card in self.cards[kind]]

    @property
    def same(self) -> list[DifferenceCard]:
        return self.cards["same"]


def comparison_page(draft: PlanDraft, *, today: dt.date) -> ComparisonPage:
    assert draft.corrects is not None
    found = comparison_of(draft, draft.corrects, today=today)
    choices = _choices(found)
    cards: dict[str, list[DifferenceCard]] = {
        kind: [] for kind in ("changed", "added", "removed", "same")
    }
    for difference in found.differences:
        rows = [ChangeRow(one, one.key in found.chosen) for one in difference.changes]
        cards[difference.kind].append(
            DifferenceCard(
                difference,
                rows,
                choices if difference.wanted is not None else [],
                found.pairs.get(difference.key, 0),
                difference.key in found.unknown,
            )
        )
    return ComparisonPage(draft, found, cards)


def _choices(found: Comparison) -> list[tuple[int, str]]:
    items = [
        (one.pk, Truncator(f"{one.item.code} {one.item.title}".strip()).chars(TITLE_SHOWN))
        for one in found.running
    ]
    return [(0, _("none: it is a new item")), *items]


def word_pieces(before: str, after: str) -> list[Piece]:
    """Both texts as one, word by word: what they share, what goes, what comes."""
    old, new = before.split(), after.split()
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("", " ".join(old[i:j])))
            continue
        if i < j:
            pieces.append(Piece("del", " ".join(old[i:j])))
        if k < m:
            pieces.append(Piece("ins", " ".join(new[k:m])))
    return pieces


def choice_of(
    found: Comparison, posted: Mapping[str, Any], ticked: Iterable[str]
) -> dict[str, Any]:
    """What the form says, as `PlanDraft.comparison` keeps it.

    What was ticked about an item that was given another pair is forgotten: it was about another
    item.
    """
    pairs = _posted_pairs(found, posted)
    moved = {key for key, pk in pairs.items() if pk != found.pairs[key]}
    shown = [
        change.key
        for difference in found.differences
        for change in difference.changes
        if difference.key not in moved and not change.blocked
    ]
    yes = set(ticked).intersection(shown)
    return {"pairs": pairs, "yes": sorted(yes), "no": sorted(set(shown) - yes)}


def _posted_pairs(found: Comparison, posted: Mapping[str, Any]) -> dict[str, int]:
    known = {0, *(one.pk for one in found.running)}
    pairs = dict(found.pairs)
    changed: list[str] = []
    for key in pairs:
        given = str(posted.get(f"pair-{key}", ""))
        if given.isdecimal() and int(given) in known and int(given) != pairs[key]:
            pairs[key] = int(given)
            changed.append(key)
    return _each_once(pairs, changed)


def _each_once(pairs: dict[str, int], changed: Sequence[str]) -> dict[str, int]:
    """A plan item that was just chosen is taken from the other item that had it."""
    taken = {pairs[key] for key in changed if pairs[key]}
    first: dict[int, str] = {}
    for key in changed:
        first.setdefault(pairs[key], key)
    return {key: 0 if pk in taken and first[pk] != key else pk for key, pk in pairs.items()}


def proposed_words(found: Comparison) -> str:
    """The reason that the record needs, as far as the document tells it."""
    given = found.given
    if given.number and given.number != found.plan.document.number:
        return _("According to %(number)s") % {"number": given.number}
    return _("According to the corrected text of %(number)s") % {
        "number": found.plan.document.number or found.plan.title
    }
