"""Which item of the corrected document is which item of the running plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    """The likeliest pairs: equal titles first, then the most alike; each item at most once.

    0 where none is alike.
    """
    pairs = _equal(given, running)
    taken = set(pairs.values())
    left = [one for one in running if one.pk not in taken]
    scored = sorted(
        (
            (score, -place, key, pk)
            for place, (key, wanted) in enumerate(given)
            if key not in pairs
            for pk, score in _likenesses(wanted, left)
        ),
        reverse=True,
    )
    for _score, _place, key, pk in scored:
        if key not in pairs and pk not in taken:
            pairs[key] = pk
            taken.add(pk)
    return {key: pairs.get(key, 0) for key, _wanted in given}


def _equal(given: Sequence[tuple[str, ItemInput]], running: Sequence[RunningItem]) -> Pairs:
    """The items with the same title, of equal ones those with the same code first."""
    by_words: dict[str, list[RunningItem]] = {}
    for one in running:
        by_words.setdefault(match_key(one.item.title), []).append(one)
    pairs: Pairs = {}
    for same_code in (True, False):
        for key, wanted in given:
            found = by_words.get(match_key(wanted.title), []) if key not in pairs else []
            fit = next((o for o in found if not same_code or o.item.code == wanted.code), None)
            if fit is not None:
                pairs[key] = fit.pk
                found.remove(fit)
    return pairs


def _likenesses(wanted: ItemInput, running: Sequence[RunningItem]) -> Iterator[tuple[int, float]]:
    """The items that may be the same as `wanted`, and how much they resemble it."""
    matcher = SequenceMatcher(None, "", match_key(wanted.title), False)
    for one in running:
        same_code = bool(wanted.code) and wanted.code == one.item.code
        least = ALIKE_WITH_CODE if same_code else ALIKE
        matcher.set_seq1(match_key(one.item.title))
        if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
            continue
        ratio = matcher.ratio()
        if ratio >= least:
            yield one.pk, ratio + CODE_COUNTS * same_code


def settle(proposed: Pairs, chosen: Mapping[str, int], running: Sequence[RunningItem]) -> Pairs:
    """The pairs with what a person chose in place of what was proposed.

    A plan item that was chosen for one item is taken from the other that had it.
    """
    known = {one.pk for one in running}
    own = {key: pk for key, pk in chosen.items() if key in proposed and pk in known | {0}}
    taken = {pk for pk in own.values() if pk}
    kept = {key: 0 if pk in taken else pk for key, pk in proposed.items() if key not in own}
    return {key: own.get(key, kept.get(key, 0)) for key in proposed}
