"""Figures: entering them, and correcting one by another that keeps the first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from tasks.models import (
    WRITABLE,
    Aggregation,
    Evidence,
    Indicator,
    Measurement,
    Plan,
    Report,
    Target,
    Unit,
    Verb,
)
from tasks.rules.numbers import show_number
from workflows.access import Actor, require
from workflows.actions.base import locked_report, needed, record, refuse_closed
from workflows.errors import ActionRefused, NotAllowed, Overtaken


@dataclass(frozen=True, slots=True)
class FigureInput:
    """One value of a unit for the days from `covers_from` to `covers_to` (local dates).

    `source` are words: the number of a paper, a sentence. `weight` is for weighted averages: of
    how many.
    """

    indicator: Indicator
    unit: Unit
    covers_from: dt.date
    covers_to: dt.date
    value: Decimal
    weight: Decimal | None = None
    source: str = ""
    report: Report | None = None
    evidence: Evidence | None = None


def may_enter(actor: Actor, unit: Unit, plan: Plan) -> bool:
    """Whether the actor gives figures of `unit`: its own staff; for the unit a target of the plan
    names, also the focal unit's.
    """
    if actor.may("act_for_unit", unit=unit):
        return True
    consolidates = actor.may("act_for_unit", unit=plan.focal_unit) and actor.person.has_perm(
        "tasks.consolidate_plan", plan
    )
    return consolidates and plan.targets.filter(unit=unit).exists()


def enter_figures(
    *, plan: Plan, figures: Sequence[FigureInput], actor: Actor, at: dt.datetime
) -> list[Measurement]:
    """Keep figures for the targets of `plan`, all or none.

    Raises `NotAllowed`; `ActionRefused` where the plan has no such target, a weight is missing or
    the span runs backward; `Overtaken` where a figure of that unit and span is there already.
    """
    refuse_closed(plan)
    for unit in {figure.unit for figure in figures}:
        if not may_enter(actor, unit, plan):
            message = _("You cannot enter figures of %(unit)s.")
            raise NotAllowed(message % {"unit": unit.short_name})
    return keep_figures(plan=plan, figures=figures, actor=actor, at=at)


def enter_report_figures(
    *, report: Report, figures: Sequence[FigureInput], actor: Actor, at: dt.datetime
) -> list[Measurement]:
    """Keep the figures that a unit writes with its report; raises as `enter_figures` does."""
    with locked_report(report) as fresh:
        require(actor, "act_for_unit", unit=fresh.unit, right="write_report", on=fresh)
        if fresh.state not in WRITABLE:
            raise Overtaken(
                _("The report is “%(state)s” and cannot be edited now.")
                % {"state": fresh.get_state_display()}
            )
        own = [replace(one, report=fresh) for one in figures]
        return enter_figures(plan=fresh.plan, figures=own, actor=actor, at=at)


@transaction.atomic
def keep_figures(
    *, plan: Plan, figures: Sequence[FigureInput], actor: Actor, at: dt.datetime
) -> list[Measurement]:
    """`enter_figures` for callers that have asked for the right themselves, such as receiving a
    report on paper.
    """
    if not figures:
        return []
    locked = _locked({one.indicator.pk for one in figures})
    asked = set(Target.objects.filter(plan=plan).values_list("indicator_id", flat=True))
    kept = []
    for figure in figures:
        if figure.indicator.pk not in asked:
            message = _("This plan has no target for “%(name)s”.")
            raise ActionRefused(message % {"name": figure.indicator.name})
        _check(replace(figure, indicator=locked[figure.indicator.pk]))
        kept.append(_create(figure, actor=actor, at=at))
    details = {"figures": [one.pk for one in kept]}
    report = figures[0].report
    record(Verb.FIGURES_ENTERED, actor=actor, at=at, plan=plan, report=report, details=details)
    return kept


def _locked(indicators: Iterable[int]) -> dict[int, Indicator]:
    """The indicators under lock: no two figures of one span, no merging meanwhile."""
    rows = Indicator.objects.select_for_update().filter(pk__in=indicators).order_by("pk")
    return {one.pk: one for one in rows}


def _check(figure: FigureInput) -> None:
    if figure.covers_to < figure.covers_from:
        raise ActionRefused(_("The last day of the figure is before its first day."))
    _check_weight(figure.indicator, figure.weight)
    same = current_figure(figure)
    if same is not None:
        raise Overtaken(
            _("%(unit)s has a figure for these days already: %(value)s. Correct that one.")
            % {"unit": figure.unit.short_name, "value": show_number(same.value)}
        )


def _check_weight(indicator: Indicator, weight: Decimal | None) -> None:
    if indicator.aggregation == Aggregation.WEIGHTED and not (weight and weight > 0):
        raise ActionRefused(_("A weighted average needs its weight: of how many."))


def current_figure(figure: FigureInput) -> Measurement | None:
    """The figure that counts now for the same unit and days."""
    return Measurement.objects.filter(
        indicator=figure.indicator,
        unit=figure.unit,
        covers_from=figure.covers_from,
        covers_to=figure.covers_to,
        replaced_at__isnull=True,
    ).first()


def _create(figure: FigureInput, *, actor: Actor, at: dt.datetime) -> Measurement:
    return Measurement.objects.create(
        indicator=figure.indicator,
        unit=figure.unit,
        covers_from=figure.covers_from,
        covers_to=figure.covers_to,
        value=figure.value,
        weight=figure.weight,
        source=figure.source.strip(),
        report=figure.report,
        evidence=figure.evidence,
        entered_by=actor.person,
        entered_at=at,
    )


@dataclass(frozen=True, slots=True)
class Correction:
    value: Decimal
    reason: str
    source: str = ""
    weight: Decimal | None = None


@transaction.atomic
def correct_figure(
    *, measurement: Measurement, plan: Plan, to: Correction, actor: Actor, at: dt.datetime
) -> Measurement:
    """Put another figure in the place of one, which stays readable; returns the new one.

    A report that was handed in with the old figure keeps it. Raises `NotAllowed`, `Overtaken` when
    the figure was corrected a moment ago, `ActionRefused` without a reason.
    """
    refuse_closed(plan)
    _locked([measurement.indicator_id])
    old = Measurement.objects.select_related("indicator", "unit").get(pk=measurement.pk)
    if not may_enter(actor, old.unit, plan):
        message = _("You cannot enter figures of %(unit)s.")
        raise NotAllowed(message % {"unit": old.unit.short_name})
    if old.replaced_at is not None:
        raise Overtaken(_("This figure was corrected a moment ago. Look at the new one first."))
    reason = needed(to.reason)
    _check_weight(old.indicator, to.weight)
    old.replaced_at = at
    old.save(update_fields=["replaced_at"])
    new = Measurement.objects.create(
        indicator=old.indicator,
        unit=old.unit,
        covers_from=old.covers_from,
        covers_to=old.covers_to,
        value=to.value,
        weight=to.weight,
        source=to.source.strip(),
        report=old.report,
        evidence=old.evidence,
        entered_by=actor.person,
        entered_at=at,
        replaces=old,
        reason=reason,
    )
    _tell_corrected(old, new, plan, actor=actor, at=at)
    return new


def _tell_corrected(
    old: Measurement, new: Measurement, plan: Plan, *, actor: Actor, at: dt.datetime
) -> None:
    words = _g("%(name)s: %(old)s → %(new)s. %(reason)s") % {
        "name": old.indicator.name,
        "old": show_number(old.value),
        "new": show_number(new.value),
        "reason": new.reason,
    }
    record(Verb.FIGURE_CORRECTED, actor=actor, at=at, plan=plan, report=old.report, words=words)
