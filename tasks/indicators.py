"""Targets with what was measured: a fixed number of queries for any number of targets."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tasks.models import Direction, Measurement, SuccessionKind, Target, Unit, UnitSuccession
from tasks.rules.progress import Aim, Point, Progress, Standing, added_to, progress
from tasks.rules.rollup import Figure, Heir, Rule, Total, Tree, total

WORST_FIRST = list(Standing)


def unit_tree() -> Tree:
    """The units of the administration as figures roll up along them. Two queries.

    A unit that gave away some of its functions goes on and keeps its figures.
    """
    ended = UnitSuccession.objects.exclude(kind=SuccessionKind.TRANSFER)
    successions = ended.values_list("predecessor_id", "successor_id", "effective_on")
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    return Tree.of(parents, [Heir(*one) for one in successions.order_by("pk")])


def current_figures(indicators: Collection[int]) -> dict[int, list[Figure]]:
    """The figures of each indicator that nothing replaced. One query."""
    rows = Measurement.objects.filter(indicator__in=indicators, replaced_at__isnull=True)
    found: dict[int, list[Figure]] = defaultdict(list)
    fields = ("indicator_id", "pk", "unit_id", "covers_from", "covers_to", "value", "weight")
    for indicator, *given in rows.values_list(*fields):
        found[indicator].append(Figure(*given))
    return found


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target, the value of all units together, and the line of it; the baseline included."""

    target: Target
    total: Total
    progress: Progress
    points: tuple[Point, ...]
    is_ahead: bool = False

    @property
    def standing(self) -> Standing:
        return self.progress.standing

    @property
    def rank(self) -> tuple[bool, int, str, dt.date]:
        """Worst first; phases that are still to come after all others."""
        name = self.target.indicator.folded_name
        return self.is_ahead, WORST_FIRST.index(self.standing), name, self.target.start_on


def target_rows(targets: Iterable[Target], *, today: dt.date) -> list[TargetRow]:
    """The targets in their order, as they stand on the local date `today`. Three queries.

    The targets come with their indicators.
    """
    targets = list(targets)
    figures = current_figures({target.indicator_id for target in targets})
    tree = unit_tree()
    return [row_of(one, figures[one.indicator_id], tree, today=today) for one in targets]


def row_of(
    target: Target,
    figures: Sequence[Figure],
    tree: Tree,
    *,
    today: dt.date,
    root: int | None = None,
) -> TargetRow:
    """One target by the figures of its indicator; or only the share of `root` and all below it."""
    aim = aim_of(target)
    if root not in (None, target.unit_id):
        aim = replace(aim, baseline=None)
    root = root or target.unit_id
    until = min(today, target.end_on)
    whole = total(figures, tree, root, aim.rule, aim.start, until)
    line = []
    for day in sorted({figure.end for figure in (*whole.counted, *whole.left)}):
        value = total(figures, tree, root, aim.rule, aim.start, day).value
        if value is not None:
            line.append(Point(day, value))
    begin = added_to(aim)
    points = tuple(Point(point.day, point.value + begin) for point in line)
    return TargetRow(target, whole, progress(aim, line), points, target.start_on > today)


def aim_of(target: Target) -> Aim:
    return Aim(
        rule=Rule(target.indicator.aggregation),
        rises=target.indicator.direction == Direction.UP,
        start=target.start_on,
        end=target.end_on,
        low=target.low,
        high=target.high,
        baseline=target.baseline,
    )


def local_sum(local: Iterable[Target]) -> tuple[Decimal, Decimal]:
    """What local targets promise together: the sums of their lower and of their upper bounds.

    One bound stands for the other where only one is set.
    """
    low, high = Decimal(), Decimal()
    for target in local:
        bounds = [bound for bound in (target.low, target.high) if bound is not None]
        low, high = low + bounds[0], high + bounds[-1]
    return low, high
