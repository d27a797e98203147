"""Figures of many units and spans made one, without counting anything twice.

Over time, spans that overlap are never added: the longer one beats the shorter ones, a year its
quarters. Along the tree a unit's own figure stands for all below it. What a dissolved unit
reported stays its own, and counts until a figure of its successor covers the same days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Rule(StrEnum):
    """How figures of one indicator become one; the values of `Indicator.aggregation`."""

    SUM = "sum"
    LAST = "last"
    AVERAGE = "average"
    WEIGHTED = "weighted"


# A level rather than an amount: of each unit only the newest figure counts.
LATEST = (Rule.LAST, Rule.WEIGHTED)


@dataclass(frozen=True, slots=True)
class Figure:
    """A value of one unit for the days from `start` to `end`, both included (local dates)."""

    key: int
    unit: int
    start: dt.date
    end: dt.date
    value: Decimal
    weight: Decimal | None = None

    def overlaps(self, other: Figure) -> bool:
        return self.start <= other.end and other.start <= self.end

    def holds(self, other: Figure) -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Heir:
    """On `day` the work of `before` passed to `after`, so that its figures hold both from then."""

    before: int
    after: int
    day: dt.date


@dataclass(frozen=True, slots=True)
class Tree:
    """Units by key: the units under each, and who succeeded whom."""

    children: Mapping[int, Sequence[int]]
    heirs: Sequence[Heir] = ()

    @classmethod
    def of(cls, parents: Mapping[int, int | None], heirs: Sequence[Heir] = ()) -> Tree:
        children: dict[int, list[int]] = {}
        for unit, parent in parents.items():
            if parent is not None:
                children.setdefault(parent, []).append(unit)
        return cls(children, heirs)

    def under(self, root: int) -> list[int]:
        """The unit and all below it, each once."""
        found, waiting = [], [root]
        while waiting:
            unit = waiting.pop()
            found.append(unit)
            waiting += self.children.get(unit, ())
        return found

    def scope(self, root: int) -> list[int]:
        """The roots of everything that counts for `root`: itself, then those it carries on."""
        roots, seen = [root], set(self.under(root))
        for _each in self.heirs:
            new = {heir.before for heir in self.heirs if heir.after in seen} - seen
            roots += sorted(new)
            seen.update(*map(self.under, new))
        return roots


@dataclass(frozen=True, slots=True)
class Difference:
    """A unit says `own` for a span, and the units below it together say `below`."""

    unit: int
    start: dt.date
    end: dt.date
    own: Decimal
    below: Decimal


@dataclass(frozen=True, slots=True)
class Total:
    """One value and the figures it is made of; None where there are none.

    `left` are figures that were not counted because others hold them already, or because they
    have no weight.
    """

    value: Decimal | None
    counted: tuple[Figure, ...] = ()
    left: tuple[Figure, ...] = ()

    @property
    def until(self) -> dt.date | None:
        """The last day that the value speaks of."""
        return max((figure.end for figure in self.counted), default=None)


def total(
    figures: Iterable[Figure], tree: Tree, root: int, rule: Rule, start: dt.date, end: dt.date
) -> Total:
    """The value of `root` over the days from `start` to `end`.

    A figure belongs to the span in which it ends and the greater part of its days lies: the year
    of a report begins in December before.
    """
    known, usable = _of(figures, tree, root, rule, start, end)
    counter = _Counter(_without_inherited(usable, tree, rule), tree, rule)
    counted = [one for top in tree.scope(root) for one in counter.count(top)]
    kept = {one.key for one in counted}
    left = tuple(one for one in known if one.key not in kept)
    return Total(combine(counted, rule), tuple(counted), left)


def differences(
    figures: Iterable[Figure], tree: Tree, root: int, rule: Rule, start: dt.date, end: dt.date
) -> list[Difference]:
    """Where a unit says another value than the units below it make together."""
    _known, usable = _of(figures, tree, root, rule, start, end)
    counter = _Counter(usable, tree, rule)
    return [
        found
        for unit in tree.under(root)
        for own in counter.own(unit)
        if (found := counter.compare(own)) is not None
    ]


def _of(
    figures: Iterable[Figure], tree: Tree, root: int, rule: Rule, start: dt.date, end: dt.date
) -> tuple[list[Figure], list[Figure]]:
    """The figures of the span made at or below `root`, and those of them that can be used."""
    mine = {unit for top in tree.scope(root) for unit in tree.under(top)}
    known = [one for one in figures if one.unit in mine and _belongs(one, start, end)]
    return known, [one for one in known if rule is not Rule.WEIGHTED or one.weight]


def combine(figures: Sequence[Figure], rule: Rule) -> Decimal | None:
    """The one value of figures that are all to be counted; None of none."""
    if not figures:
        return None
    if rule is Rule.WEIGHTED:
        weight = sum((one.weight or Decimal() for one in figures), Decimal())
        weighted = sum((one.value * (one.weight or Decimal()) for one in figures), Decimal())
        return weighted / weight if weight else None
    added = sum((one.value for one in figures), Decimal())
    return added / len(figures) if rule is Rule.AVERAGE else added


def disjoint(figures: Iterable[Figure]) -> list[Figure]:
    """Figures of one unit of which no two overlap: longer spans first, of equal ones the later."""
    chosen: list[Figure] = []
    for one in sorted(figures, key=lambda one: (one.start - one.end, -one.end.toordinal())):
        if not _meets(one, chosen):
            chosen.append(one)
    return sorted(chosen, key=lambda one: one.start)


def _belongs(figure: Figure, start: dt.date, end: dt.date) -> bool:
    middle = figure.start + (figure.end - figure.start) / 2
    return start <= middle and figure.end <= end


def _without_inherited(figures: Sequence[Figure], tree: Tree, rule: Rule) -> list[Figure]:
    """The figures without those of a dissolved unit that its successor's figures hold already."""
    gone: set[int] = set()
    for heir in tree.heirs:
        later = [one for one in figures if one.unit == heir.after and one.end >= heir.day]
        gone |= {
            one.key
            for one in figures
            if one.unit == heir.before and any(rule in LATEST or one.overlaps(new) for new in later)
        }
    return [one for one in figures if one.key not in gone]


class _Counter:
    """Walks down from a unit and takes what nobody above has said already."""

    def __init__(self, figures: Iterable[Figure], tree: Tree, rule: Rule) -> None:
        self.tree, self.rule = tree, rule
        self.by_unit: dict[int, list[Figure]] = {}
        for one in figures:
            self.by_unit.setdefault(one.unit, []).append(one)

    def count(self, top: int) -> list[Figure]:
        return self._last(top) if self.rule in LATEST else self._apart(top, ())

    def own(self, unit: int) -> list[Figure]:
        return disjoint(self.by_unit.get(unit, ()))

    def compare(self, own: Figure) -> Difference | None:
        below = [one for child in self._children(own.unit) for one in self.count(child)]
        if self.rule in LATEST:
            same = [one for one in below if one.end == own.end]
        else:
            same = [one for one in below if own.holds(one)]
        value = combine(same, self.rule)
        if value is None or value == own.value:
            return None
        return Difference(own.unit, own.start, own.end, own.value, value)

    def _apart(self, unit: int, held: Sequence[Figure]) -> list[Figure]:
        """What counts of the unit and all below it, beside what is `held` above it."""
        own = disjoint(one for one in self.by_unit.get(unit, ()) if not _meets(one, held))
        taken = [*held, *own]
        return own + [one for child in self._children(unit) for one in self._apart(child, taken)]

    def _last(self, unit: int) -> list[Figure]:
        """The unit's last figure, unless a unit below it has a newer one."""
        below = [one for child in self._children(unit) for one in self._last(child)]
        own = sorted(self.by_unit.get(unit, ()), key=lambda one: (one.end, one.end - one.start))
        is_older = own and any(one.end > own[-1].end for one in below)
        return own[-1:] if own and not is_older else below

    def _children(self, unit: int) -> Sequence[int]:
        return self.tree.children.get(unit, ())


def _meets(figure: Figure, others: Iterable[Figure]) -> bool:
    return any(figure.overlaps(other) for other in others)
