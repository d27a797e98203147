"""Which item of the corrected document is which item of the running plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from tasks.rules.names import match_key
from workflows.actions.issuing import ItemInput
from workflows.correcting.running import RunningItem

# Titles that resemble each other less are different items, unless their codes agree.
ALIKE = 0.72
ALIKE_WITH_CODE = 0.45
# Equal codes decide between titles that resemble each other equally.
CODE_COUNTS = 0.15

# The key of an item in the review → the key of the plan item, 0 for "it is new".
Pairs = dict[str, int]


def propose(given: Sequence[tuple[str, ItemInput]], running: Sequence[RunningItem]) -> Pairs:
    """The likeliest pairs: the most alike first, each item at most once. 0 where none is alike."""
    scored = sorted(
        (
            (score, -place, key, one.pk)
            for place, (key, wanted) in enumerate(given)
            for one in running
            if (score := _likeness(wanted, one))
        ),
        reverse=True,
    )
    pairs: Pairs = {}
    for _score, _place, key, pk in scored:
        if key not in pairs and pk not in pairs.values():
            pairs[key] = pk
    return {key: pairs.get(key, 0) for key, _wanted in given}


def _likeness(wanted: ItemInput, one: RunningItem) -> float:
    """How much two items resemble each other; 0 when they are not the same."""
    same_code = bool(wanted.code) and wanted.code == one.item.code
    least = ALIKE_WITH_CODE if same_code else ALIKE
    matcher = SequenceMatcher(None, match_key(wanted.title), match_key(one.item.title), False)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0
    ratio = matcher.ratio()
    return ratio + CODE_COUNTS * same_code if ratio >= least else 0


def settle(proposed: Pairs, chosen: Mapping[str, int], running: Sequence[RunningItem]) -> Pairs:
    """The pairs with what a person chose in place of what was proposed.

    A plan item that was chosen for one item is taken from the other that had it.
    """
    known = {one.pk for one in running}
    own = {key: pk for key, pk in chosen.items() if key in proposed and pk in known | {0}}
    taken = {pk for pk in own.values() if pk}
    kept = {key: 0 if pk in taken else pk for key, pk in proposed.items() if key not in own}
    return {key: own.get(key, kept.get(key, 0)) for key in proposed}
