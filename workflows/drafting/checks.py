"""What keeps a reviewed plan from being issued, and what the issuer should know beforehand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks.models import Membership, Role, Unit, UnitSuccession
from tasks.queries import working_calendar
from tasks.rules.calendar import WorkingCalendar
from tasks.words import long_date
from workflows.actions.issuing import PlanInput, problems_of
from workflows.drafting.doubts import Doubt
from workflows.drafting.merged import merged_roles
from workflows.drafting.registry import Registry
from workflows.drafting.review import (
    Item,
    Review,
    day_of,
    is_settled,
    kept_duties,
    kept_items,
    names_of,
    places,
)


@dataclass(frozen=True, slots=True)
class Remark:
    """Words about one place of the review; `place` is an anchor, empty for the whole plan."""

    message: str
    place: str = ""
    card: str = ""


def problems(review: Review, plan: PlanInput, doubts: Iterable[Doubt]) -> list[Remark]:
    """What keeps the plan from being issued, each with its place; empty when it can be."""
    own = [Remark(one.message, one.place, one.card) for one in doubts if one.blocks]
    said = {one.message for one in own} | _said_by_names(review)
    return own + [Remark(words) for words in problems_of(plan) if words not in said]


def _said_by_names(review: Review) -> set[str]:
    """The missing leads that the doubts about their names already tell."""
    called = places(review)
    return {
        _("Item %(place)s has no lead unit.") % {"place": called[item["key"]]}
        for item in kept_items(review)
        if not all(is_settled(name) for name in names_of(item, Role.LEAD))
    }


def cautions(
    review: Review, plan: PlanInput, registry: Registry, *, today: dt.date
) -> list[Remark]:
    """What does not keep the plan from being issued, but may surprise; `today` is local."""
    units = involved_units(plan)
    calendar = working_calendar()
    return [
        *_without_people(units, today),
        *_ended(units, registry),
        *_in_place_of(review, registry),
        *_dates(review, calendar, today),
        *_two_roles(review, registry),
        *_open_names(review),
        *_reporting(plan),
    ]


def involved_units(plan: PlanInput) -> list[Unit]:
    """Every unit that will be asked something, each once, by name."""
    parts = [one.unit for item in plan.items for one in (*item.leads, *item.coordinating)]
    reporters = [unit for report in plan.reports for unit in report.reporters(())]
    found = {unit.pk: unit for unit in (*parts, *reporters, plan.focal_unit) if unit}
    return sorted(found.values(), key=lambda unit: unit.name)


def _without_people(units: list[Unit], today: dt.date) -> Iterator[Remark]:
    posts = Membership.objects.current(today).filter(unit__in=units)
    staffed = set(posts.values_list("unit_id", flat=True))
    empty = [unit for unit in units if unit.pk not in staffed]
    if empty:
        message = ngettext(
            "Nobody is registered in %(units)s: nobody there will be told.",
            "Nobody is registered in these units, so nobody there will be told: %(units)s.",
            len(empty),
        )
        yield Remark(message % {"units": ", ".join(unit.short_name for unit in empty)})


def _ended(units: list[Unit], registry: Registry) -> Iterator[Remark]:
    gone = [unit for unit in units if not registry.exists_today(unit.pk)]
    if not gone:
        return
    heirs: dict[int, list[str]] = {}
    rows = UnitSuccession.objects.filter(predecessor__in=gone).select_related("successor")
    for row in rows:
        heirs.setdefault(row.predecessor_id, []).append(row.successor.name)
    for unit in gone:
        message = _("%(unit)s no longer exists: choose who carries on its work.")
        if unit.pk in heirs:
            message = _("%(unit)s no longer exists; its work passed to %(heirs)s.")
        yield Remark(message % {"unit": unit.name, "heirs": ", ".join(heirs.get(unit.pk, []))})


def _in_place_of(review: Review, registry: Registry) -> Iterator[Remark]:
    """The members of named groups that are no more, and who is asked in their place."""
    groups = {name["group"] for item in kept_items(review) for name in item["names"]}
    asked = {
        f"{unit.short_name} ({name})": None
        for group in sorted(filter(None, groups))
        for unit, name in registry.asked_in(group)
        if name != unit.name
    }
    if asked:
        message = _("Asked in place of units that no longer exist: %(units)s.")
        yield Remark(message % {"units": ", ".join(asked)})


@dataclass(frozen=True, slots=True)
class _Line:
    """An item or a reporting duty, as messages call it."""

    name: str
    card: str
    due: dt.date | None
    is_item: bool = True


def _lines(review: Review) -> list[_Line]:
    called = places(review)
    items = [
        _Line(called[item["key"]], item["key"], day_of(item["due_on"]))
        for item in kept_items(review)
    ]
    duties = [
        _Line(_("the report"), duty["key"], day_of(duty["due_on"]), is_item=False)
        for duty in kept_duties(review)
    ]
    return items + duties


def _dates(review: Review, calendar: WorkingCalendar, today: dt.date) -> Iterator[Remark]:
    lines = _lines(review)
    undated = [line for line in lines if line.due is None and line.is_item]
    past = [line for line in lines if line.due and line.due < today]
    resting: dict[dt.date, list[_Line]] = {}
    for line in lines:
        if line.due and line.due >= today and not calendar.is_working(line.due):
            resting.setdefault(line.due, []).append(line)
    yield from _together(_("Without a date, so that nobody is reminded: %(places)s."), undated)
    yield from _together(_("Already past, so that they are overdue at once: %(places)s."), past)
    for day, found in sorted(resting.items()):
        message = _("%(date)s is a day of rest: %(places)s.")
        yield from _together(message, found, date=long_date(day))


def _together(message: str, lines: list[_Line], **params: str) -> Iterator[Remark]:
    """One remark for all the lines; it leads to the first of them."""
    if lines:
        named = ", ".join(dict.fromkeys(line.name for line in lines))
        first = lines[0].card
        yield Remark(message % {"places": named, **params}, f"{first}-time", first)


def _two_roles(review: Review, registry: Registry) -> Iterator[Remark]:
    called = places(review)
    for item in kept_items(review):
        # What a merger brought about is folded, and said as a doubt.
        for unit in _leads_and_coordinates(item) - merged_roles(item):
            name = registry.units[unit].short_name if unit in registry.units else ""
            message = _("%(unit)s both leads and coordinates item %(place)s.")
            params = {"unit": name, "place": called[item["key"]]}
            yield Remark(message % params, f"{item['key']}-{Role.COORDINATING}", item["key"])


def _leads_and_coordinates(item: Item) -> set[int]:
    roles = [{name["unit"] for name in names_of(item, role) if name["unit"]} for role in Role]
    return {unit for unit in set.intersection(*roles) if unit}


def _open_names(review: Review) -> Iterator[Remark]:
    items = [item for item in kept_items(review) if any(name["open"] for name in item["names"])]
    if items:
        message = ngettext(
            "One item names an open group (“%(name)s”): nobody is asked for it.",
            "%(count)s items name an open group such as “%(name)s”: nobody is asked for it.",
            len(items),
        )
        name = next(name["name"] for name in items[0]["names"] if name["open"])
        yield Remark(message % {"count": len(items), "name": name}, items[0]["key"])


def _reporting(plan: PlanInput) -> Iterator[Remark]:
    if not plan.reports:
        yield Remark(_("The plan asks for no report."), "duties", "duties")
    elif plan.focal_unit and not any(one.unit == plan.focal_unit for one in plan.reports):
        message = _("No consolidated report by %(unit)s is asked for.")
        yield Remark(message % {"unit": plan.focal_unit.short_name}, "duties", "duties")
