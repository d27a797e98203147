"""What the pages of targets and indicators show. A fixed number of queries for each page."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.safestring import SafeString

from tasks.indicators import TargetRow, current_figures, local_sum, row_of, target_rows, unit_tree
from tasks.models import (
    Indicator,
    ItemState,
    Measurement,
    Plan,
    PlanItem,
    Target,
    Unit,
)
from tasks.reporting.charts import chart_of, chart_svg
from tasks.rules.progress import Standing, expected
from tasks.rules.rollup import Difference, Figure, Rule, Tree, combine, differences, total
from tasks.words import bounds_words, phase_words
from workflows.access import Actor, visible_plans
from workflows.actions.targets import may_set

TARGETS = Target.objects.select_related("indicator", "unit", "plan__document")
ALONE = Tree({})
NO_SOURCE = Q(source="", report__isnull=True, evidence__isnull=True)


def visible_targets(actor: Actor) -> QuerySet[Target]:
    """The targets of the plans that the actor may see."""
    return TARGETS.filter(plan__in=visible_plans(actor))


def visible_indicators(actor: Actor) -> QuerySet[Indicator]:
    """Indicators with a target the actor may see; all of them for whoever keeps the registry."""
    if actor.person.has_perm("tasks.change_unit"):
        return Indicator.objects.all()
    return Indicator.objects.filter(
        Exists(Target.objects.filter(indicator=OuterRef("pk"), plan__in=visible_plans(actor)))
    )


@dataclass(frozen=True, slots=True)
class UnitRow:
    """What one unit contributes to a target, and until when."""

    unit: Unit
    value: Decimal | None
    until: dt.date
    has_source: bool


@dataclass(frozen=True, slots=True)
class YearRow:
    """One point of the line beside what the pace asks for then."""

    day: dt.date
    value: Decimal
    wanted: Decimal | None


@dataclass(frozen=True, slots=True)
class TargetCard:
    """A target as a page shows it; `local` are the targets below that help to reach it."""

    row: TargetRow
    wanted: str
    phase: str
    picture: SafeString
    years: list[YearRow]
    units: list[UnitRow]
    local: list[tuple[Target, str]]
    local_words: str

    @property
    def target(self) -> Target:
        return self.row.target


def plan_targets(plan: Plan, *, today: dt.date) -> dict[str, Any]:
    """The targets of a plan with all that was measured, and what is missing."""
    targets = TARGETS.filter(plan=plan).select_related("item", "under__plan__document")
    cards = target_cards(target_rows(targets, today=today))
    keys = {figure.key for card in cards for figure in card.row.total.counted}
    unsourced = Measurement.objects.filter(NO_SOURCE, pk__in=keys).select_related(
        "indicator", "unit"
    )
    bare = PlanItem.objects.filter(plan=plan, targets__isnull=True)
    return {
        "cards": cards,
        "unsourced": list(unsourced),
        "bare_items": list(bare.exclude(state=ItemState.CANCELLED)) if cards else [],
        "standings": standing_counts(card.row for card in cards),
    }


def standing_counts(rows: Iterable[TargetRow]) -> list[tuple[Standing, int]]:
    """How many targets stand how, worst first."""
    found = [row.standing for row in rows]
    return [(standing, found.count(standing)) for standing in Standing]


def target_cards(rows: Iterable[TargetRow]) -> list[TargetCard]:
    """Cards of the rows. Three queries."""
    rows = list(rows)
    figures = [figure for row in rows for figure in row.total.counted]
    units = Unit.objects.in_bulk({figure.unit for figure in figures})
    bare = set(
        Measurement.objects.filter(NO_SOURCE, pk__in=[one.key for one in figures]).values_list(
            "pk", flat=True
        )
    )
    local: dict[int, list[Target]] = defaultdict(list)
    below = TARGETS.filter(under__in=[row.target.pk for row in rows]).order_by("unit__name", "pk")
    for target in below:
        assert target.under_id is not None
        local[target.under_id].append(target)
    return [_card(row, units, bare, local[row.target.pk]) for row in rows]


def _card(
    row: TargetRow, units: dict[int, Unit], bare: set[int], local: list[Target]
) -> TargetCard:
    target, pace = row.target, row.progress.pace
    together = local_sum(local)
    return TargetCard(
        row=row,
        wanted=bounds_words(target.low, target.high),
        phase=phase_words(target.start_on, target.end_on),
        picture=chart_svg(chart_of(row)),
        years=[
            YearRow(point.day, point.value, expected(pace, point.day) if pace else None)
            for point in row.points
        ],
        units=_unit_rows(row, units, bare),
        local=[(one, bounds_words(one.low, one.high)) for one in local],
        local_words=bounds_words(*together) if local else "",
    )


def _unit_rows(row: TargetRow, units: dict[int, Unit], bare: set[int]) -> list[UnitRow]:
    rule = Rule(row.target.indicator.aggregation)
    parts: dict[int, list[Figure]] = defaultdict(list)
    for figure in row.total.counted:
        parts[figure.unit].append(figure)
    found = [
        UnitRow(
            unit=units[pk],
            value=combine(listed, rule),
            until=max(figure.end for figure in listed),
            has_source=not bare & {figure.key for figure in listed},
        )
        for pk, listed in parts.items()
    ]
    return sorted(found, key=lambda one: (-(one.value or Decimal()), one.unit.name))


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure that counts, with those that stood there before, the newest first."""

    now: Measurement
    before: list[Measurement]
    has_source: bool
    may_correct: bool


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A unit of the tree: what it says itself and what it makes with all below it."""

    unit: Unit
    depth: int
    own: Decimal | None
    whole: Decimal | None


def indicator_page(indicator: Indicator, actor: Actor, *, today: dt.date) -> dict[str, Any]:
    """The phases of an indicator, its figures with their corrections, and the tree of units."""
    targets = list(visible_targets(actor).filter(indicator=indicator).order_by("start_on", "pk"))
    tree, figures = unit_tree(), current_figures([indicator.pk])[indicator.pk]
    rows = [row_of(target, figures, tree, today=today) for target in targets]
    seen = {unit for one in targets for top in tree.scope(one.unit_id) for unit in tree.under(top)}
    told = Measurement.objects.filter(indicator=indicator, unit__in=seen)
    chosen = next((row for row in rows if row.target.start_on <= today <= row.target.end_on), None)
    chosen = chosen or (rows[-1] if rows else None)
    return {
        "cards": target_cards(rows),
        "entries": _entries(told, _correctable(chosen, actor)),
        "chosen": chosen,
        "tree": _tree_rows(chosen, figures, tree) if chosen else [],
        "differences": _difference_rows(chosen, figures, tree) if chosen else [],
    }


def _correctable(chosen: TargetRow | None, actor: Actor) -> set[int]:
    """The units whose figures the actor corrects."""
    if chosen is None or actor.unit is None or not actor.may("act_for_unit"):
        return set()
    target = chosen.target
    return {actor.unit.pk, target.unit_id} if may_set(actor, target.plan) else {actor.unit.pk}


def _entries(told: QuerySet[Measurement], correctable: set[int]) -> list[Entry]:
    """One query, however many figures and corrections."""
    rows = told.select_related("unit", "entered_by", "evidence", "report__plan", "report__unit")
    listed = list(rows.order_by("-covers_to", "unit__name", "pk"))
    by_key = {one.pk: one for one in listed}
    return [
        Entry(one, _earlier(one, by_key), _has_source(one), one.unit_id in correctable)
        for one in listed
        if one.replaced_at is None
    ]


def _earlier(one: Measurement, by_key: dict[int, Measurement]) -> list[Measurement]:
    found = []
    before = by_key.get(one.replaces_id or 0)
    while before is not None:
        found.append(before)
        before = by_key.get(before.replaces_id or 0)
    return found


def _has_source(one: Measurement) -> bool:
    return bool(one.source or one.report_id or one.evidence_id)


def _tree_rows(chosen: TargetRow, figures: list[Figure], tree: Tree) -> list[TreeRow]:
    """The units with figures of the phase and all that stand above them, as a tree."""
    rule, target = Rule(chosen.target.indicator.aggregation), chosen.target
    names = Unit.objects.in_bulk()
    shown: list[TreeRow] = []

    def walk(pk: int, depth: int) -> None:
        whole = total(figures, tree, pk, rule, target.start_on, target.end_on)
        if not whole.counted and pk != target.unit_id:
            return
        own = total(figures, ALONE, pk, rule, target.start_on, target.end_on)
        shown.append(TreeRow(names[pk], depth, own.value, whole.value))
        for child in sorted(tree.children.get(pk, ()), key=lambda one: names[one].name):
            walk(child, depth + 1)

    for top in tree.scope(target.unit_id):
        walk(top, 0)
    return shown


def _difference_rows(
    chosen: TargetRow, figures: list[Figure], tree: Tree
) -> list[tuple[Unit, Difference]]:
    target = chosen.target
    rule = Rule(target.indicator.aggregation)
    found = differences(figures, tree, target.unit_id, rule, target.start_on, target.end_on)
    units = Unit.objects.in_bulk({one.unit for one in found})
    return [(units[one.unit], one) for one in found]
