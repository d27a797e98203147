"""Which cards of an open review page have to be drawn anew, and where they belong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from tasks.models import PlanDraft
from workflows.draft_pages import Line, ReviewPage, card_at
from workflows.drafting.history import CONFIRMED, HEADER, ORDERS, Changes, cards_in, parts_of


@dataclass(frozen=True, slots=True)
class Swap:
    """A card that takes the place of the one with its key, or comes after `after`."""

    key: str
    card: Line | None = None
    after: str = ""


@dataclass(frozen=True, slots=True)
class Swaps:
    """`gone` are taken away first; then come `cards`, those that were moved among them."""

    gone: list[str]
    cards: list[Swap]

    @property
    def keys(self) -> set[str]:
        return {swap.key for swap in self.cards}


def swaps(page: ReviewPage, since: int, also: Iterable[str]) -> Swaps:
    """What changed in the review after revision `since`, and the cards `also`."""
    edits = page.draft.edits.filter(revision__gt=since).order_by("revision")
    steps: list[Changes] = list(edits.values_list("changes", flat=True))
    moved = set(edits.values_list("card", flat=True))
    now = parts_of(page.review)
    gone: list[str] = []
    placed: dict[str, str] = {}
    for order in ORDERS:
        before = next((one[order][0] for one in steps if order in one), now[order])
        is_move = before != now[order] and set(before) == set(now[order])
        kept = _kept(before, now[order], moved if is_move else set())
        gone += [key for key in before if key not in kept]
        placed |= _arriving(kept, now[order], f"{order}-top")
    changed = {*_changed(page.draft, steps), *also} - {*placed, *ORDERS}
    cards = [Swap(key, page.card_of(key), after) for key, after in placed.items()]
    cards += [Swap(key, page.card_of(key)) for key in sorted(changed) if key in now]
    return Swaps(gone, cards)


def _changed(draft: PlanDraft, steps: list[Changes]) -> set[str]:
    """The cards that say something else, or whose doubts were confirmed."""
    found: set[str] = set()
    for changes in steps:
        found |= cards_in(changes)
        doubts = [part for part in changes if part.startswith(CONFIRMED)]
        places = (doubt.removeprefix(CONFIRMED).split(".")[0] for doubt in doubts)
        found |= {card_at(draft.review, place) or HEADER for place in places}
    return found


def _kept(before: list[str], now: list[str], moved: set[str]) -> set[str]:
    """The lines that stay where they are while those that were `moved` go past them."""
    first, second = ([key for key in keys if key not in moved] for keys in (before, now))
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return {key for block in blocks for key in first[block.a : block.a + block.size]}


def _arriving(kept: set[str], now: list[str], top: str) -> dict[str, str]:
    """Each line that is new at its place, with the element after which it comes."""
    return {key: ([top, *now])[position] for position, key in enumerate(now) if key not in kept}
