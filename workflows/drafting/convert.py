"""From a review to what issuing needs. Reads units through the registry, writes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from tasks.models import (
    Aggregation,
    CitationRelation,
    Direction,
    Indicator,
    Person,
    PlanDraft,
    Recurrence,
    Role,
    Target,
    Unit,
    UnitGroup,
)
from tasks.rules.schedules import Cycle, rule_for
from workflows.actions.issuing import (
    CitationInput,
    ItemInput,
    NamedUnit,
    PlanInput,
    ReportInput,
)
from workflows.actions.targets import TargetInput
from workflows.drafting.merged import merged_roles
from workflows.drafting.registry import SUCCESSOR, Registry
from workflows.drafting.review import (
    UNIT,
    Duty,
    Item,
    Name,
    Review,
    TargetLine,
    day_of,
    is_settled,
    kept_duties,
    kept_items,
    kept_targets,
    names_of,
)


def plan_input(review: Review, draft: PlanDraft, registry: Registry) -> PlanInput:
    """What `issue_plan` would be given now; `problems` says whether it could be.

    A group becomes its members on the day of the document. Where no issuer is chosen the draft's
    own unit stands in; names that nobody has settled are left out.
    """
    issuer = _unit(review["issuer"]["unit"], registry) or draft.unit
    items = kept_items(review)
    used = {item["section"] for item in items}
    return PlanInput(
        number=review["number"],
        title=review["title"],
        issuer=issuer,
        issued_on=day_of(review["issued_on"]),
        focal_unit=_unit(review["focal"], registry),
        kind=review["kind"],
        signer=review["signer"],
        issuer_name=review["issuer"]["name"][:200],
        supervising_leader=_person(review["leader"]),
        start_on=day_of(review["start_on"]),
        end_on=day_of(review["end_on"]),
        text=draft.text,
        file_name=draft.file_name,
        sections=_sections(review, used),
        items=[_item(item, draft.text, registry) for item in items],
        reports=[_report(duty, registry) for duty in kept_duties(review)],
        targets=_targets(review, issuer, registry),
        citations=[
            CitationInput(cited["number"], CitationRelation(cited["relation"]))
            for cited in review["citations"]
            if cited["relation"]
        ],
    )


def _unit(pk: int | None, registry: Registry) -> Unit | None:
    return registry.units.get(pk) if pk else None


def _person(pk: int | None) -> Person | None:
    return Person.objects.filter(pk=pk).first() if pk else None


def _sections(review: Review, used: set[str]) -> list[tuple[str, str]]:
    """The sections that hold items; of a code that is used twice, the first."""
    found: dict[str, str] = {}
    for section in review["sections"]:
        if section["code"] in used:
            found.setdefault(section["code"], section["title"])
    return list(found.items())


def _item(item: Item, text: str, registry: Registry) -> ItemInput:
    leads = named_units(names_of(item, Role.LEAD), registry)
    taken = {one.unit.pk for one in leads}
    merged = merged_roles(item)
    helpers = [n for n in names_of(item, Role.COORDINATING) if n["unit"] not in merged]
    return ItemInput(
        code=item["code"],
        title=item["title"],
        section_code=item["section"],
        product=item["product"],
        timeframe_text=item["timeframe_text"],
        recurrence=Recurrence(item["recurrence"]),
        start_on=day_of(item["start_on"]),
        due_on=day_of(item["due_on"]),
        source_text=_source_text(item, text),
        leads=leads,
        coordinating=named_units(helpers, registry, taken),
        open_groups=_open_groups(item, registry),
    )


def named_units(
    names: Iterable[Name], registry: Registry, taken: Iterable[int] = ()
) -> list[NamedUnit]:
    """The units behind the names.

    A member of a group that is named itself, or that is among `taken`, is not asked twice, nor is
    a unit that carries on the work of several.
    """
    names = _once_after_merger(names)
    alone = [
        NamedUnit(registry.units[name["unit"]], name["name"] or registry.units[name["unit"]].name)
        for name in names
        if name["unit"] and name["unit"] in registry.units
    ]
    seen = {one.unit.pk for one in alone} | set(taken)
    for group in (name["group"] for name in names if name["group"]):
        members = [(unit, name) for unit, name in registry.asked_in(group) if unit.pk not in seen]
        seen |= {unit.pk for unit, _name in members}
        alone += [NamedUnit(unit, name[:300]) for unit, name in members]
    return alone


def _once_after_merger(names: Iterable[Name]) -> list[Name]:
    """The names without those whose work passed to a unit that is named besides."""
    names = list(names)
    seen = {name["unit"] for name in names if name["kind"] != SUCCESSOR}
    kept: list[Name] = []
    for name in names:
        if name["kind"] == SUCCESSOR and name["unit"]:
            if name["unit"] in seen:
                continue
            seen.add(name["unit"])
        kept.append(name)
    return kept


def _open_groups(item: Item, registry: Registry) -> list[UnitGroup]:
    groups = [registry.open_group(name["name"]) for name in item["names"] if name["open"]]
    return list({id(group): group for group in groups}.values())


def _source_text(item: Item, text: str) -> str:
    """The words of the plan from the title of the item to its last unit or its time."""
    spans = [*item["source"].values(), *(name["source"] for name in item["names"])]
    ends = [span for span in spans if span]
    if not ends or "title" not in item["source"]:
        return ""
    return text[item["source"]["title"][0] : max(span[1] for span in ends)]


def _targets(review: Review, issuer: Unit, registry: Registry) -> list[TargetInput]:
    lines = kept_targets(review)
    indicators = Indicator.objects.in_bulk([one["indicator"] for one in lines if one["indicator"]])
    above = Target.objects.select_related("plan__document").in_bulk(
        [one["under"] for one in lines if one["under"]]
    )
    return [
        replace(
            _target(line, _unit(line["unit"], registry) or issuer),
            indicator=indicators.get(line["indicator"] or 0),
            under=above.get(line["under"] or 0),
        )
        for line in lines
    ]


def _target(target: TargetLine, unit: Unit) -> TargetInput:
    return TargetInput(
        name=target["name"],
        unit=unit,
        start_on=day_of(target["start_on"]),
        end_on=day_of(target["end_on"]),
        low=_number(target["low"]),
        high=_number(target["high"]),
        measure=target["measure"],
        aggregation=Aggregation(target["aggregation"]),
        direction=Direction(target["direction"]),
        baseline=_number(target["baseline"]),
        is_soft=target["soft"],
        is_approximate=target["approximate"],
        source_text=target["text"],
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _report(duty: Duty, registry: Registry) -> ReportInput:
    named = duty["reporter"] if duty["who"] == UNIT and is_settled(duty["reporter"]) else None
    due_on = day_of(duty["due_on"])
    group = named["group"] if named else None
    return ReportInput(
        due_on=due_on,
        unit=_unit(named["unit"], registry) if named else None,
        group=UnitGroup.objects.get(pk=group) if group else None,
        members=[one.unit for one in named_units([named], registry)] if named and group else (),
        via=_unit(duty["via"]["unit"], registry),
        recipients=duty["to"],
        recurrence=Recurrence(duty["recurrence"]),
        rule=rule_of(duty, due_on),
        source_text=duty["text"],
    )


def rule_of(duty: Duty, due_on: dt.date | None) -> str:
    """The days on which it recurs, from the date that the reviewer settled on."""
    if due_on is None or duty["recurrence"] not in frozenset(Cycle):
        return ""
    return rule_for(Cycle(duty["recurrence"]), due_on, duty.get("rule") or "")
