"""Keeping the indicators: changing one, and making one of two that mean the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from tasks.models import Indicator, Measurement, Plan, Target, Verb
from tasks.rules.names import fold
from tasks.rules.numbers import show_number
from tasks.words import phase_words
from workflows.access import Actor
from workflows.actions.base import record
from workflows.errors import ActionRefused, NotAllowed

FIELDS = ("name", "measure", "aggregation", "direction", "source")


def may_keep(actor: Actor, indicator: Indicator) -> bool:
    """Whether the actor keeps the indicator: a registrar, or staff of a focal unit that uses it."""
    if actor.person.has_perm("tasks.change_unit"):
        return True
    if actor.unit is None or not actor.may("act_for_unit"):
        return False
    return Target.objects.filter(indicator=indicator, plan__focal_unit=actor.unit).exists()


def _require_keeper(actor: Actor, indicator: Indicator) -> None:
    if not may_keep(actor, indicator):
        raise NotAllowed(
            _("Indicators are kept by administrators and by the focal units of their plans.")
        )


@transaction.atomic
def change_indicator(
    *, indicator: Indicator, given: Mapping[str, Any], actor: Actor, at: dt.datetime
) -> Indicator:
    """Change how an indicator is called or counted; its figures are read anew from now on.

    Raises `NotAllowed`, or `ActionRefused` when there is another one of that name and measure.
    """
    _require_keeper(actor, indicator)
    fresh = Indicator.objects.select_for_update().get(pk=indicator.pk)
    same = Indicator.objects.filter(folded_name=fold(given["name"]), measure=given["measure"])
    if same.exclude(pk=fresh.pk).exists():
        raise ActionRefused(
            _("There is another indicator of this name and measure: merge the two instead.")
        )
    changed = {name: [getattr(fresh, name), given[name]] for name in FIELDS}
    details = {name: values for name, values in changed.items() if values[0] != values[1]}
    for name in details:
        setattr(fresh, name, given[name])
    fresh.save()
    if details:
        _tell(fresh, fresh.name, details, actor=actor, at=at)
    return fresh


def _tell(
    indicator: Indicator, words: str, details: dict[str, Any], *, actor: Actor, at: dt.datetime
) -> None:
    """One event in each plan that has a target of the indicator."""
    for plan in Plan.objects.filter(targets__indicator=indicator).distinct():
        record(Verb.INDICATOR_CHANGED, actor=actor, at=at, plan=plan, words=words, details=details)


@dataclass(frozen=True, slots=True)
class Merger:
    """What goes over from `gone` to `into`, and what stands in the way of it."""

    gone: Indicator
    into: Indicator
    targets: list[Target]
    figures: list[Measurement]
    obstacles: list[str]


def merger_of(gone: Indicator, into: Indicator) -> Merger:
    """A look beforehand. Writes nothing."""
    targets = Target.objects.filter(indicator=gone).select_related("plan__document", "unit")
    figures = Measurement.objects.filter(indicator=gone).select_related("unit")
    return Merger(gone, into, list(targets), list(figures), _obstacles(gone, into))


def _obstacles(gone: Indicator, into: Indicator) -> list[str]:
    found = []
    if gone.measure != into.measure:
        found.append(_g("They are measured in different units of measure."))
    kept = {_phase(one): one for one in Target.objects.filter(indicator=into)}
    for target in Target.objects.filter(indicator=gone).select_related("plan__document", "unit"):
        if _phase(target) in kept:
            found.append(
                _g("Plan %(plan)s has a target of both for %(unit)s, %(phase)s.")
                % {
                    "plan": target.plan,
                    "unit": target.unit.short_name,
                    "phase": phase_words(target.start_on, target.end_on),
                }
            )
    return found + _clashing_figures(gone, into)


def _phase(target: Target) -> tuple[object, ...]:
    return target.plan_id, target.unit_id, target.start_on, target.end_on


def _clashing_figures(gone: Indicator, into: Indicator) -> list[str]:
    """Two current figures of one unit and span: which one is right, only a person knows."""
    current = Measurement.objects.filter(replaced_at__isnull=True).select_related("unit")
    kept = {_span(one): one for one in current.filter(indicator=into)}
    return [
        _g("%(unit)s has a figure of both for %(span)s: %(first)s and %(second)s.")
        % {
            "unit": one.unit.short_name,
            "span": phase_words(one.covers_from, one.covers_to),
            "first": show_number(one.value),
            "second": show_number(kept[_span(one)].value),
        }
        for one in current.filter(indicator=gone)
        if _span(one) in kept
    ]


def _span(figure: Measurement) -> tuple[object, ...]:
    return figure.unit_id, figure.covers_from, figure.covers_to


@transaction.atomic
def merge_indicators(
    *, gone: Indicator, into: Indicator, actor: Actor, at: dt.datetime
) -> Indicator:
    """Give all targets and figures of `gone` to `into`; `gone` is no more.

    Raises `NotAllowed`, or `ActionRefused` with what stands in the way; then nothing is changed.
    """
    for one in (gone, into):
        _require_keeper(actor, one)
    rows = Indicator.objects.select_for_update().filter(pk__in=(gone.pk, into.pk)).order_by("pk")
    locked = {one.pk: one for one in rows}
    if len(locked) < len({gone.pk, into.pk}) or gone.pk == into.pk:
        raise ActionRefused(_("Choose two different indicators."))
    if obstacles := _obstacles(locked[gone.pk], locked[into.pk]):
        raise ActionRefused(" ".join(obstacles))
    Target.objects.filter(indicator=gone).update(indicator=into)
    Measurement.objects.filter(indicator=gone).update(indicator=into)
    locked[gone.pk].delete()
    words = _g("“%(gone)s” is now “%(into)s”.") % {"gone": gone.name, "into": into.name}
    _tell(into, words, {}, actor=actor, at=at)
    return into
