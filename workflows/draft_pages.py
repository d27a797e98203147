"""What the pages of a draft show: the cards of the review beside the text of the document."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from tasks.duty_words import rule_words
from tasks.models import (
    Aggregation,
    CitationRelation,
    DraftState,
    Indicator,
    PlanDraft,
    Recurrence,
    Role,
    Target,
    Unit,
)
from tasks.rules.calendar import DAY
from tasks.rules.schedules import Schedule
from tasks.words import bounds_words, phase_words
from workflows.actions.drafts import registry_of
from workflows.drafting.convert import rule_of
from workflows.drafting.doubts import Doubt, find_doubts, label_of
from workflows.drafting.edits import card_of, find_duty, find_item, find_target
from workflows.drafting.history import HEADER, ORDERS
from workflows.drafting.marks import Stretch, sources, stretches
from workflows.drafting.registry import Registry
from workflows.drafting.review import (
    LEADS,
    Duty,
    Item,
    Name,
    Review,
    TargetLine,
    day_of,
    kept_targets,
    names_of,
    places,
)
from workflows.forms.draft_cards import ChoiceForm
from workflows.forms.targets import target_label

# Of a recurring duty: how many dates after the first are shown, if they come soon enough.
FOLLOWING_SHOWN = 3
FOLLOWING_WITHIN = dt.timedelta(days=800)

FIRST_SHOWN = 4  # doubts named at the top of the page
LONG = 30  # lines from which on a card is shown in brief until one comes to it


@dataclass(frozen=True, slots=True)
class NameRow:
    """A name of the plan and what it stands for; `form` where a person has to choose."""

    name: Name
    short: str
    full: str
    doubts: list[Doubt]
    members: list[Unit] = field(default_factory=list)
    form: ChoiceForm | None = None
    is_line: bool = True

    @property
    def is_shown_whole(self) -> bool:
        """Whether the words of the plan say something that the unit's name does not."""
        return bool(self.name["name"]) and self.name["name"] not in (self.short, self.full)


@dataclass(frozen=True, slots=True)
class ItemCard:
    item: Item
    place: str
    names: dict[str, list[NameRow]]
    start_on: dt.date | None
    due_on: dt.date | None
    recurrence: Any
    title_doubts: list[Doubt]
    time_doubts: list[Doubt]
    role_doubts: dict[str, list[Doubt]]
    doubts: int
    section: str
    is_brief: bool = False
    is_item: bool = True

    @property
    def key(self) -> str:
        return self.item["key"]

    @property
    def leads(self) -> list[NameRow]:
        return self.names[Role.LEAD]

    @property
    def coordinators(self) -> list[NameRow]:
        return self.names[Role.COORDINATING]

    @property
    def recurs(self) -> bool:
        return self.item["recurrence"] not in (Recurrence.DATED, Recurrence.NONE)


@dataclass(frozen=True, slots=True)
class DutyCard:
    duty: Duty
    reporter: NameRow
    via: NameRow
    due_on: dt.date | None
    recurrence: Any
    time_doubts: list[Doubt]
    doubts: int
    # On which days it recurs, in words, and the dates that follow the first.
    days: str = ""
    following: Sequence[dt.date] = ()
    is_brief: bool = False
    is_item: bool = False

    @property
    def key(self) -> str:
        return self.duty["key"]

    @property
    def is_of_leads(self) -> bool:
        return self.duty["who"] == LEADS

    @property
    def recurs(self) -> bool:
        return self.duty["recurrence"] not in (Recurrence.DATED, Recurrence.NONE)


@dataclass(frozen=True, slots=True)
class TargetCard:
    """A target as it is read; `indicator` is the known one that is meant, `above` what it helps."""

    target: TargetLine
    wanted: str
    phase: str
    baseline: Decimal | None
    indicator: str
    above: str
    unit: str
    adds_up: Any
    name_doubts: list[Doubt]
    value_doubts: list[Doubt]
    phase_doubts: list[Doubt]
    doubts: int
    is_brief: bool = False
    is_item: bool = False
    is_target: bool = True

    @property
    def key(self) -> str:
        return self.target["key"]


Line = ItemCard | DutyCard | TargetCard


class ReviewPage:
    """One draft with its registry and doubts, ready for the template."""

    def __init__(self, draft: PlanDraft, *, today: dt.date, at: str = "") -> None:
        self.draft = draft
        self.review: Review = draft.review
        self.registry: Registry = registry_of(draft, today=today)
        self.doubts = find_doubts(self.review, self.registry, draft.unit)
        self.is_open = draft.state == DraftState.REVIEWING
        self.current = _doubt_at(self.doubts, at)
        self.place = at.split(".")[0]
        self.card = card_at(self.review, self.place)
        self.is_long = sum(len(self.review[order]) for order in ORDERS) > LONG
        self._by_place: dict[str, list[Doubt]] = defaultdict(list)
        for doubt in self.doubts:
            self._by_place[doubt.place].append(doubt)
        self._per_card = Counter(doubt.card for doubt in self.doubts)
        self._places = places(self.review)
        self._labels = _target_labels(self.review)
        self._sections = {one["code"]: one["title"] for one in reversed(self.review["sections"])}

    def context(self) -> dict[str, Any]:
        return {
            "page": self,
            "draft": self.draft,
            "review": self.review,
            "header": self.header(),
            "items": self.item_cards(),
            "duties": self.duty_cards(),
            "targets": self.target_cards(),
            **self.bar(),
        }

    def bar(self) -> dict[str, Any]:
        """What stands above the cards: how far the review has come, and the next doubts."""
        return {
            "numbers": self.numbers(),
            "current": self.current,
            "first_doubts": self.doubts[:FIRST_SHOWN],
            "more_doubts": self.doubts[FIRST_SHOWN:],
            "safe_doubts": [doubt for doubt in self.doubts if doubt.is_safe],
            "doubtful": " ".join(dict.fromkeys(doubt.place for doubt in self.doubts)),
        }

    def card_of(self, key: str) -> Line | None:
        """The card of one line; None for the header, and for a line that is no more."""
        if item := find_item(self.review, key):
            return self._item(item)
        if target := find_target(self.review, key):
            return self._target(target)
        duty = find_duty(self.review, key)
        return self._duty(duty) if duty else None

    @property
    def after_current(self) -> Doubt | None:
        """The doubt after the one that is looked at; after the last, the first again."""
        if not self.doubts:
            return None
        if self.current is None:
            return self.doubts[0]
        return self.doubts[(self.doubts.index(self.current) + 1) % len(self.doubts)]

    def stretches(self) -> Iterable[Stretch]:
        doubtful = {doubt.place for doubt in self.doubts}
        return stretches(self.draft.text, sources(self.review), doubtful)

    def item_cards(self) -> list[ItemCard]:
        return [self._item(item) for item in self.review["items"]]

    def duty_cards(self) -> list[DutyCard]:
        return [self._duty(duty) for duty in self.review["duties"]]

    def target_cards(self) -> list[TargetCard]:
        return [self._target(target) for target in self.review["targets"]]

    def header(self) -> dict[str, Any]:
        review = self.review
        units = self.registry.units
        return {
            "issuer": units.get(review["issuer"]["unit"] or 0),
            "focal": units.get(review["focal"] or 0),
            "issued_on": day_of(review["issued_on"]),
            "start_on": day_of(review["start_on"]),
            "end_on": day_of(review["end_on"]),
            "citations": [
                (one, CitationRelation(one["relation"]).label)
                for one in review["citations"]
                if one["relation"]
            ],
            "doubts": {
                place.removeprefix("h-"): found
                for place, found in self._by_place.items()
                if place.startswith("h-")
            },
            "general": self._by_place.get("header", []),
        }

    def numbers(self) -> dict[str, int]:
        items = [item for item in self.review["items"] if not item["dropped"]]
        duties = [duty for duty in self.review["duties"] if not duty["dropped"]]
        met = max(len(self.review.get("met", ())), len(self.doubts))
        return {
            "items": len(items),
            "duties": len(duties),
            "targets": len(kept_targets(self.review)),
            "met": met,
            "settled": met - len(self.doubts),
        }

    def _is_asked(self, doubts: list[Doubt]) -> bool:
        """Whether a form is needed now: a long list of units is not sent for every doubt."""
        return self.is_open and self.current in doubts and self.current_needs_choice

    @property
    def current_needs_choice(self) -> bool:
        return self.current is not None and self.current.code != "match"

    def _is_brief(self, key: str) -> bool:
        return self.is_long and key != self.card

    def _row(self, name: Name, *, leads: bool = False, is_line: bool = True) -> NameRow:
        unit = self.registry.units.get(name["unit"] or 0)
        full = label_of(name, self.registry)
        doubts = self._by_place.get(name["key"], [])
        return NameRow(
            name=name,
            short=unit.short_name if unit else full,
            full=full,
            doubts=doubts,
            members=self.registry.members_of(name["group"]) if name["group"] else [],
            form=self.choice_form(name, leads=leads) if self._is_asked(doubts) else None,
            is_line=is_line,
        )

    def choice_form(self, name: Name, data: Any = None, *, leads: bool = False) -> ChoiceForm:
        """The little form that says what a name stands for."""
        return ChoiceForm(
            data,
            registry=self.registry,
            candidates=name["candidates"],
            label=name["name"],
            leads=leads,
            initial={"revision": self.draft.revision},
            auto_id=f"{name['key']}-%s",
        )

    def _item(self, item: Item) -> ItemCard:
        key = item["key"]
        at = self._by_place
        return ItemCard(
            item=item,
            place=self._places.get(key, item["code"]),
            names={role: [self._row(name) for name in names_of(item, role)] for role in Role},
            start_on=day_of(item["start_on"]),
            due_on=day_of(item["due_on"]),
            recurrence=Recurrence(item["recurrence"]).label,
            title_doubts=at.get(f"{key}-title", []),
            time_doubts=at.get(f"{key}-time", []),
            role_doubts={role.value: at.get(f"{key}-{role}", []) for role in Role},
            doubts=self._per_card[key],
            section=self._sections.get(item["section"], ""),
            is_brief=self._is_brief(key),
        )

    def _duty(self, duty: Duty) -> DutyCard:
        key, due_on = duty["key"], day_of(duty["due_on"])
        rule = rule_of(duty, due_on)
        return DutyCard(
            duty=duty,
            reporter=self._row(duty["reporter"], leads=True, is_line=False),
            via=self._row(duty["via"], is_line=False),
            due_on=due_on,
            recurrence=Recurrence(duty["recurrence"]).label,
            time_doubts=self._by_place.get(f"{key}-time", []),
            doubts=self._per_card[key],
            days=rule_words(rule),
            following=_following(rule, due_on, day_of(self.review["end_on"])),
            is_brief=self._is_brief(key),
        )

    def _target(self, target: TargetLine) -> TargetCard:
        key, at = target["key"], self._by_place
        start, end = day_of(target["start_on"]), day_of(target["end_on"])
        unit = self.registry.units.get(target["unit"] or 0)
        return TargetCard(
            target=target,
            wanted=bounds_words(_number(target["low"]), _number(target["high"])),
            phase=phase_words(start, end) if start and end else "",
            baseline=_number(target["baseline"]),
            indicator=self._labels.get(("i", target["indicator"]), ""),
            above=self._labels.get(("t", target["under"]), ""),
            unit=unit.short_name if unit else "",
            adds_up=Aggregation(target["aggregation"]).label,
            name_doubts=at.get(f"{key}-name", []),
            value_doubts=at.get(f"{key}-value", []),
            phase_doubts=at.get(f"{key}-phase", []),
            doubts=self._per_card[key],
            is_brief=self._is_brief(key),
        )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _target_labels(review: Review) -> dict[tuple[str, int | None], str]:
    """The known indicators and the targets above that the review names. Two queries at most."""
    indicators = [one["indicator"] for one in review["targets"] if one["indicator"]]
    above = [one["under"] for one in review["targets"] if one["under"]]
    upper = Target.objects.filter(pk__in=above).select_related("indicator", "plan__document")
    found: dict[tuple[str, int | None], str] = {}
    if indicators:
        found |= {("i", one.pk): str(one) for one in Indicator.objects.filter(pk__in=indicators)}
    if above:
        found |= {("t", one.pk): target_label(one) for one in upper}
    return found


def _doubt_at(doubts: list[Doubt], at: str) -> Doubt | None:
    """The doubt with this key, else the first at this place."""
    named = next((doubt for doubt in doubts if doubt.key == at), None)
    return named or next((doubt for doubt in doubts if doubt.place == at), None)


def card_at(review: Review, place: str) -> str:
    """The card on which a place of the page stands; empty where there is none."""
    if place.startswith("h-") or any(place == cited["key"] for cited in review["citations"]):
        return HEADER
    return card_of(review, place.split("-")[0])


def place_url(draft: PlanDraft, place: str, at: str = "") -> str:
    """The address of one place of the review; `at` is the doubt that is looked at."""
    query = f"?{urlencode({'at': at})}" if at else ""
    return f"{reverse('draft', args=[draft.pk])}{query}#{place}"


def next_doubt(before: list[Doubt], after: list[Doubt], place: str) -> Doubt | None:
    """The doubt that takes the place of the settled one: the one after it, else the first."""
    if not after:
        return None
    position = next((n for n, doubt in enumerate(before) if place in (doubt.place, doubt.key)), 0)
    return after[position] if position < len(after) else after[0]


def _following(rule: str, due_on: dt.date | None, last: dt.date | None) -> list[dt.date]:
    """The first dates of a rule after `due_on`, up to the end of the plan."""
    if not rule or due_on is None:
        return []
    ahead = due_on + FOLLOWING_WITHIN
    days = Schedule.parse(rule).between(due_on + DAY, min(ahead, last) if last else ahead)
    return days[:FOLLOWING_SHOWN]
