"""What a person still has to look at in a review, in the order of the document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from tasks.importing.cautions import MESSAGES
from tasks.models import Role, Unit
from tasks.rules.names import fold
from workflows.drafting.merged import merged_in_role, merged_roles, named_twice
from workflows.drafting.registry import SUCCESSOR, Registry
from workflows.drafting.review import (
    ASSUMED,
    UNIT,
    Duty,
    Item,
    Name,
    Review,
    TargetLine,
    is_settled,
    kept_duties,
    kept_items,
    kept_targets,
    names_of,
    places,
)

# Below this a match is shown to a person: it overlooked a slip or missing accents.
SURE = 0.8
# From here on only accents were missing.
LIKELY = 0.7
# The reader's doubts that hardly are any: the document gives the year elsewhere.
_SAFE = ("year_inferred",)


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing to look at: `card` and `place` are anchors of the page.

    A doubt that `blocks` keeps the plan from being issued; any other can be confirmed as it is.
    One that `is_safe` changes nothing that a unit would be asked, or was hardly in doubt: these
    can be confirmed together.
    """

    code: str
    card: str
    place: str
    message: str
    blocks: bool = False
    is_safe: bool = False

    @property
    def key(self) -> str:
        return f"{self.place}.{self.code}"


def find_doubts(review: Review, registry: Registry, unit: Unit) -> list[Doubt]:
    """Every doubt that is neither settled nor confirmed; `unit` is the one that would issue."""
    found = [
        *_about_header(review, unit),
        *_about_items(review, registry),
        *(doubt for duty in kept_duties(review) for doubt in _about_duty(review, duty, registry)),
        *_about_targets(review),
    ]
    confirmed = set(review["confirmed"])
    return [doubt for doubt in found if doubt.blocks or doubt.key not in confirmed]


def _about_header(review: Review, unit: Unit) -> Iterator[Doubt]:
    if not review["number"]:
        yield _blocking("number", "header", "h-number", _("The plan has no number."))
    if not review["issued_on"]:
        yield _blocking("date", "header", "h-date", _("The plan has no date of issue."))
    if not review["title"]:
        yield _blocking("title", "header", "h-title", _("The plan has no title."))
    yield from _about_issuer(review["issuer"], unit)
    if review["focal"] is None:
        message = _("No focal unit is chosen: somebody has to consolidate.")
        yield _blocking("focal", "header", "h-focal", message)
    if not kept_items(review) and not kept_targets(review):
        yield _blocking("items", "items", "items", _("The plan has no items."))
    for code in review["warnings"]:
        yield Doubt(code, "header", "header", str(MESSAGES[code]))


def _about_issuer(issuer: Name, unit: Unit) -> Iterator[Doubt]:
    if issuer["unit"] is None:
        message = _("Choose the unit that issues the plan.")
        if issuer["name"]:
            message = _("“%(name)s” is not a unit known here: choose the one that issues.")
        yield _blocking("issuer", "header", "h-issuer", message % {"name": issuer["name"]})
    elif issuer["unit"] != unit.pk:
        message = _("Only the issuing unit can issue this plan, and you act for %(unit)s.")
        yield _blocking("issuer", "header", "h-issuer", message % {"unit": unit.short_name})
    elif issuer["kind"] == ASSUMED:
        message = _("The document does not say who issued it: is it %(unit)s?")
        yield Doubt("assumed", "header", "h-issuer", message % {"unit": unit.name})


def _about_items(review: Review, registry: Registry) -> Iterator[Doubt]:
    called, items = places(review), kept_items(review)
    codes = Counter(item["code"] for item in items)
    for item in items:
        words = item["code"] or Truncator(item["title"]).words(12)
        params: dict[str, object] = {"place": called[item["key"]], "item": words}
        yield from _about_item(item, registry, params, is_repeated=codes[item["code"]] > 1)
        yield from _about_time(review, item, params)


def _about_item(
    item: Item, registry: Registry, params: dict[str, object], *, is_repeated: bool
) -> Iterator[Doubt]:
    key = item["key"]
    if not item["title"].strip():
        yield _blocking("title", key, f"{key}-title", _("Item %(place)s has no words.") % params)
    if not item["code"]:
        message = str(MESSAGES["code_missing"]) % params
        yield Doubt("code_missing", key, f"{key}-title", message, is_safe=True)
    elif is_repeated:
        yield Doubt("code_repeated", key, f"{key}-title", str(MESSAGES["code_repeated"]) % params)
    for name in item["names"]:
        yield from _about_name(name, key, registry)
    yield from _about_leads(item, registry, params)


def _about_leads(item: Item, registry: Registry, params: dict[str, object]) -> Iterator[Doubt]:
    key, leads = item["key"], names_of(item, Role.LEAD)
    if all(is_settled(name) for name in leads) and not any(asked(n, registry) for n in leads):
        message = _("Item %(place)s has no lead unit.") % params
        yield _blocking("lead", key, f"{key}-{Role.LEAD}", message)
    for role in Role:
        if named_twice(item, role).keys() - merged_in_role(item, role):
            message = _("Item %(place)s names a unit twice.") % params
            yield _blocking(f"twice-{role}", key, f"{key}-{role}", message)
    for unit in merged_roles(item):
        message = _(
            "After a merger %(unit)s both leads and coordinates item %(place)s:"
            " it will be asked once, as lead."
        )
        named = {**params, "unit": registry.units[unit].name}
        yield Doubt("merged", key, f"{key}-{Role.COORDINATING}", message % named)


def asked(name: Name, registry: Registry) -> bool:
    """Whether the name leads to at least one unit."""
    return bool(name["unit"] or (name["group"] and registry.members_of(name["group"])))


def _about_name(name: Name, card: str, registry: Registry) -> Iterator[Doubt]:
    words = {"name": name["name"]}
    if not is_settled(name):
        message = _("“%(name)s” is not known here: choose who is meant.")
        if name["candidates"]:
            message = _("“%(name)s” can be several units: choose one.")
        if name["kind"] == SUCCESSOR:
            message = _("“%(name)s” no longer exists; several units carry on its work: choose.")
        yield _blocking("name", card, name["key"], message % words)
    elif name["open"] and name["role"] == Role.LEAD:
        message = _("“%(name)s” leads, but names nobody: choose the units.")
        yield Doubt("open", card, name["key"], message % words)
    elif name["group"] and not registry.members_of(name["group"]):
        message = _("The group “%(name)s” had no members on the day of the plan: choose the units.")
        yield _blocking("empty", card, name["key"], message % words)
    elif name["confidence"] < SURE:
        message = _("“%(name)s” was read as %(unit)s: is that right?")
        if name["kind"] == SUCCESSOR:
            message = _("“%(name)s” no longer exists; %(unit)s carries on its work: is that right?")
        shown = {**words, "unit": label_of(name, registry)}
        is_safe = name["confidence"] >= LIKELY
        yield Doubt("match", card, name["key"], message % shown, is_safe=is_safe)


def label_of(name: Name, registry: Registry) -> str:
    """What the name stands for, in the words of the registry."""
    if name["unit"] in registry.units:
        return registry.units[name["unit"]].name
    if name["group"] in registry.groups:
        return registry.groups[name["group"]].name
    return name["name"]


def _about_time(review: Review, line: Item, params: dict[str, object]) -> Iterator[Doubt]:
    key, place = line["key"], f"{line['key']}-time"
    yield from _time_warnings(line, line["timeframe_text"])
    start, due, issued = line["start_on"], line["due_on"], review["issued_on"]
    # ISO dates sort as dates do.
    if start and due and due < start:
        message = _("Item %(place)s is due before it starts.")
        yield _blocking("before_start", key, place, message % params)
    elif due and issued and due < issued:
        message = _("This date is before the date of the plan itself.")
        yield Doubt("before_issue", key, place, message)


def _time_warnings(line: Item | Duty, words: str) -> Iterator[Doubt]:
    for code in line["warnings"]:
        params = {"time": words, "item": words, "due": line["due_on"]}
        message = str(MESSAGES[code]) % params
        if code == "time_missing":
            message = _("The plan gives no time: set a date, or leave it without one.")
        is_safe = code in _SAFE
        yield Doubt(code, line["key"], f"{line['key']}-time", message, is_safe=is_safe)


def _about_duty(review: Review, duty: Duty, registry: Registry) -> Iterator[Doubt]:
    key = duty["key"]
    if not duty["who"]:
        message = _("It is not clear who has to report: choose.")
        yield _blocking("who", key, duty["reporter"]["key"], message)
    elif duty["who"] == UNIT:
        yield from _about_name(duty["reporter"], key, registry)
    if duty["via"]["name"] and not is_settled(duty["via"]):
        yield from _about_name(duty["via"], key, registry)
    if duty["due_on"] is None:
        yield _blocking("due", key, f"{key}-time", _("A reporting duty has no date."))
        return
    yield from _time_warnings(duty, duty["due_text"])
    if review["issued_on"] and duty["due_on"] < review["issued_on"]:
        message = _("This date is before the date of the plan itself.")
        yield Doubt("before_issue", key, f"{key}-time", message)


def _about_targets(review: Review) -> Iterator[Doubt]:
    seen: Counter[tuple[object, ...]] = Counter()
    for target in kept_targets(review):
        thing = target["indicator"] or (fold(target["name"]), fold(target["measure"]))
        seen[(phase := (thing, target["unit"], target["start_on"], target["end_on"]))] += 1
        yield from _about_target(target, is_repeated=seen[phase] > 1)


def _about_target(target: TargetLine, *, is_repeated: bool) -> Iterator[Doubt]:
    key, name = target["key"], {"name": Truncator(target["name"]).words(12)}
    naming, amount, phase = f"{key}-name", f"{key}-value", f"{key}-phase"
    if not target["name"].strip():
        yield _blocking("name_missing", key, naming, _("A target has no name."))
    elif target["candidates"] and target["indicator"] is None:
        message = _("“%(name)s” is much like an indicator known here: is it the same?")
        yield Doubt("indicator", key, naming, message % name)
    low, high = target["low"], target["high"]
    if low is None and high is None:
        message = _("Target “%(name)s” does not say how much.")
        yield _blocking("amount", key, amount, message % name)
    elif low is not None and high is not None and Decimal(high) < Decimal(low):
        message = _("Target “%(name)s” has its range reversed: the lower number comes first.")
        yield _blocking("reversed", key, amount, message % name)
    for code in target["warnings"]:
        yield Doubt(code, key, amount, str(MESSAGES[code]) % name)
    start, end = target["start_on"], target["end_on"]
    if not start or not end:
        message = _("Target “%(name)s” does not say for which days.")
        yield _blocking("phase", key, phase, message % name)
    elif end < start:
        message = _("Target “%(name)s” ends before it begins.")
        yield _blocking("phase", key, phase, message % name)
    elif is_repeated:
        message = _("Target “%(name)s” stands twice for the same days.")
        yield _blocking("repeated", key, phase, message % name)


def _blocking(code: str, card: str, place: str, message: str) -> Doubt:
    return Doubt(code, card, place, message, blocks=True)
