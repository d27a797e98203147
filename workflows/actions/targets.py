"""Targets of a plan: set when it is issued, put right by its focal unit later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from tasks.models import (
    Aggregation,
    Direction,
    Indicator,
    Plan,
    PlanItem,
    Target,
    Unit,
    Verb,
)
from tasks.rules.names import fold
from tasks.words import bounds_words, phase_words
from workflows.access import Actor, require
from workflows.actions.base import record, refuse_closed
from workflows.errors import ActionRefused


@dataclass(frozen=True, slots=True)
class TargetInput:
    """How much of what one phase is to bring; `low` and `high` bound it, one may be open.

    Without `indicator` the one of that name and measure is taken, or made.
    """

    name: str
    unit: Unit
    start_on: dt.date | None
    end_on: dt.date | None
    low: Decimal | None = None
    high: Decimal | None = None
    measure: str = ""
    indicator: Indicator | None = None
    aggregation: Aggregation = Aggregation.SUM
    direction: Direction = Direction.UP
    baseline: Decimal | None = None
    under: Target | None = None
    item: PlanItem | None = None
    is_soft: bool = False
    is_approximate: bool = False
    source_text: str = ""


def target_problems(targets: Sequence[TargetInput]) -> list[str]:
    """What keeps targets from being set, each naming its place; empty when they can be."""
    problems = [words for one in targets for words in _problems(one)]
    seen: set[tuple[object, ...]] = set()
    for one in targets:
        thing = one.indicator.pk if one.indicator else (fold(one.name), one.measure)
        key = (thing, one.unit.pk, one.start_on, one.end_on)
        if key in seen:
            problems.append(
                _g("Target “%(name)s” stands twice for the same days.") % {"name": one.name}
            )
        seen.add(key)
    return problems


def _problems(target: TargetInput) -> Iterator[str]:
    name = {"name": target.name}
    if not target.name.strip():
        yield _g("A target has no name.")
    if target.low is None and target.high is None:
        yield _g("Target “%(name)s” does not say how much.") % name
    elif target.low is not None and target.high is not None and target.high < target.low:
        yield _g("Target “%(name)s” has its range reversed: the lower number comes first.") % name
    if target.start_on is None or target.end_on is None:
        yield _g("Target “%(name)s” does not say for which days.") % name
    elif target.end_on < target.start_on:
        yield _g("Target “%(name)s” ends before it begins.") % name


def create_targets(plan: Plan, targets: Iterable[TargetInput]) -> list[Target]:
    """The targets of a plan that is being issued; ask `target_problems` first."""
    return [_create(plan, one, position) for position, one in enumerate(targets, 1)]


def _create(plan: Plan, wanted: TargetInput, position: int) -> Target:
    target = Target(plan=plan, position=position, source_text=wanted.source_text)
    _fill(target, wanted)
    target.save()
    return target


def _fill(target: Target, wanted: TargetInput) -> None:
    assert wanted.start_on is not None
    assert wanted.end_on is not None
    target.indicator = wanted.indicator or _indicator(wanted)
    target.unit, target.under, target.item = wanted.unit, wanted.under, wanted.item
    target.start_on, target.end_on = wanted.start_on, wanted.end_on
    target.low, target.high, target.baseline = wanted.low, wanted.high, wanted.baseline
    target.is_soft, target.is_approximate = wanted.is_soft, wanted.is_approximate


def _indicator(wanted: TargetInput) -> Indicator:
    found, _new = Indicator.objects.get_or_create(
        folded_name=fold(wanted.name),
        measure=wanted.measure,
        defaults={
            "name": wanted.name,
            "aggregation": wanted.aggregation,
            "direction": wanted.direction,
        },
    )
    return found


def may_set(actor: Actor, plan: Plan) -> bool:
    """Whether the actor sets targets of the running plan: staff of its focal unit."""
    return actor.may("act_for_unit", unit=plan.focal_unit) and actor.person.has_perm(
        "tasks.consolidate_plan", plan
    )


@transaction.atomic
def set_target(
    *, plan: Plan, target: Target | None, wanted: TargetInput, actor: Actor, at: dt.datetime
) -> Target:
    """Add a target to a running plan, or put `target` right; only the focal unit's staff may.

    Raises `NotAllowed`, or `ActionRefused` with what is wrong; then nothing is changed.
    """
    require(actor, "act_for_unit", unit=plan.focal_unit, right="consolidate_plan", on=plan)
    fresh = Plan.objects.select_for_update().get(pk=plan.pk)
    refuse_closed(fresh)
    if problems := target_problems([wanted]):
        raise ActionRefused(" ".join(problems))
    if target is None:
        target = Target(plan=fresh, position=fresh.targets.count() + 1)
    _fill(target, wanted)
    _refuse_second(target)
    target.save()
    words = f"{target.indicator.name}: {_bounds(target)}"
    record(Verb.TARGET_SET, actor=actor, at=at, plan=fresh, words=words)
    return target


def _same(target: Target) -> QuerySet[Target]:
    """Other targets of the plan for the same indicator, unit and phase."""
    return Target.objects.filter(
        plan=target.plan_id,
        indicator=target.indicator_id,
        unit=target.unit_id,
        start_on=target.start_on,
        end_on=target.end_on,
    ).exclude(pk=target.pk)


def _refuse_second(target: Target) -> None:
    if _same(target).exists():
        raise ActionRefused(_("The plan has a target for this indicator, unit and phase already."))


def _bounds(target: Target) -> str:
    wanted = bounds_words(target.low, target.high)
    return f"{wanted} {target.indicator.measure} ({phase_words(target.start_on, target.end_on)})"


def move_target(target: Target, heir: Unit) -> None:
    """Let the target be that of `heir`, unless it has one for the same indicator and phase."""
    target.unit = heir
    if not _same(target).exists():
        target.save(update_fields=["unit"])
