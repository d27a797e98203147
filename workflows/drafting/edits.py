"""The corrections a person makes. Each changes the review it is given and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from tasks.models import CitationRelation
from tasks.rules.names import match_key
from tasks.rules.numbers import number_text
from workflows.drafting.review import (
    LEADS,
    UNIT,
    Cited,
    Duty,
    Item,
    Name,
    Review,
    Section,
    TargetLine,
    all_names,
    blank_name,
    is_settled,
    text_of,
)

CHOSEN = "chosen"
# Values of a select of units: "u12" is a unit, "g3" a group, these two are neither.
OPEN, REMOVE = "open", "remove"


def new_key(review: Review, letter: str) -> str:
    review["last_key"] += 1
    return f"{letter}{review['last_key']}"


def find_item(review: Review, key: str) -> Item | None:
    return next((item for item in review["items"] if item["key"] == key), None)


def find_duty(review: Review, key: str) -> Duty | None:
    return next((duty for duty in review["duties"] if duty["key"] == key), None)


def find_target(review: Review, key: str) -> TargetLine | None:
    return next((target for target in review["targets"] if target["key"] == key), None)


def find_name(review: Review, key: str) -> Name | None:
    return next((name for name in all_names(review) if name["key"] == key), None)


def card_of(review: Review, key: str) -> str:
    """The card on which the field or card `key` stands; empty where there is none."""
    for item in review["items"]:
        if key == item["key"] or any(name["key"] == key for name in item["names"]):
            return item["key"]
    for duty in review["duties"]:
        if key in (duty["key"], duty["reporter"]["key"], duty["via"]["key"]):
            return duty["key"]
    if find_target(review, key):
        return key
    return "header" if key in ("header", review["issuer"]["key"]) else ""


def choice_of(name: Name) -> str:
    """The value that a select of units shows for the name."""
    if name["unit"]:
        return f"u{name['unit']}"
    if name["group"]:
        return f"g{name['group']}"
    return OPEN if name["open"] else ""


def choose(name: Name, choice: str) -> None:
    """Let the name stand for what was chosen; what it stood for already stays as it was found."""
    if choice == choice_of(name):
        return
    name["unit"] = int(choice[1:]) if choice.startswith("u") else None
    name["group"] = int(choice[1:]) if choice.startswith("g") else None
    name["open"] = choice == OPEN
    name["kind"], name["confidence"] = CHOSEN, 1.0 if choice else 0.0


def settle(review: Review, key: str, choice: str) -> None:
    """Say what a name stands for; `REMOVE` takes it off its item, or off its reporting duty."""
    name = find_name(review, key)
    if name is None:
        return
    if choice == REMOVE:
        _remove(review, name)
    elif choice == LEADS:
        _let_leads_report(review, name)
    else:
        for one in (name, *_same_unknown(review, name)):
            choose(one, choice)
            _confirm_open(review, one)
            _follow_reporter(review, one)


def _same_unknown(review: Review, name: Name) -> list[Name]:
    """The other names in the same words that are not settled either: one answer serves all."""
    key = match_key(name["name"])
    if is_settled(name) or not key:
        return []
    return [
        one
        for one in all_names(review)
        if one is not name and not is_settled(one) and match_key(one["name"]) == key
    ]


def settle_one_more(review: Review, key: str, choice: str) -> None:
    """Put a unit before a name that stands for several; the name itself still waits."""
    for item in review["items"]:
        for position, name in enumerate(item["names"]):
            if name["key"] == key:
                more = add_name(review, item, name["role"], choice, name["name"])
                more["source"] = name["source"]
                item["names"].insert(position, item["names"].pop())
                return


def add_name(review: Review, item: Item, role: str, choice: str, words: str = "") -> Name:
    name = blank_name(new_key(review, "n"), role)
    name["name"] = words
    choose(name, choice)
    item["names"].append(name)
    return name


def _remove(review: Review, name: Name) -> None:
    for item in review["items"]:
        item["names"] = [one for one in item["names"] if one["key"] != name["key"]]
    for duty in review["duties"]:
        for field in (duty["reporter"], duty["via"]):
            if field["key"] == name["key"]:
                field["name"], field["source"] = "", None
                choose(field, "")


def _confirm_open(review: Review, name: Name) -> None:
    """Whoever says that a name names nobody need not be asked again."""
    if name["open"]:
        confirm(review, f"{name['key']}.open")


def _let_leads_report(review: Review, name: Name) -> None:
    for duty in review["duties"]:
        if duty["reporter"]["key"] == name["key"]:
            duty["who"] = LEADS


def _follow_reporter(review: Review, name: Name) -> None:
    for duty in review["duties"]:
        if duty["reporter"]["key"] == name["key"]:
            duty["who"] = UNIT if name["unit"] or name["group"] else duty["who"]


def confirm(review: Review, doubt: str) -> None:
    if doubt not in review["confirmed"]:
        review["confirmed"].append(doubt)


def set_dropped(review: Review, key: str, *, dropped: bool) -> None:
    line = find_item(review, key) or find_duty(review, key) or find_target(review, key)
    if line is not None:
        line["dropped"] = dropped


def change_header(review: Review, given: Mapping[str, Any]) -> None:
    """Take the checked fields of the header form."""
    for field in ("number", "kind", "title", "signer"):
        review[field] = given[field]
    for field in ("issued_on", "start_on", "end_on"):
        review[field] = text_of(given[field])  # type: ignore[literal-required]
    choose(review["issuer"], given["issuer"])
    review["focal"] = int(given["focal"][1:]) if given["focal"] else None
    review["leader"] = given["leader"].pk if given["leader"] else None
    for cited in review["citations"]:
        cited["relation"] = given[f"relation_{cited['key']}"]
    for number, section in enumerate(review["sections"]):
        section["title"] = given.get(f"section_{number}", section["title"])
    _add_to_header(review, given)


def _add_to_header(review: Review, given: Mapping[str, Any]) -> None:
    """A document and a section that the reading did not find."""
    if number := given["new_cited"]:
        relation = given["new_relation"] or CitationRelation.BASED_ON.value
        key = new_key(review, "c")
        review["citations"].append(Cited(key=key, number=number, relation=relation, source=None))
    if given["new_code"]:
        review["sections"].append(Section(code=given["new_code"], title=given["new_section"]))


def change_item(review: Review, key: str, given: Mapping[str, Any]) -> None:
    """Take the checked fields of an item form; a changed time settles the doubts about it."""
    item = cast(Item, find_item(review, key))
    before = _times(item)
    for field in ("code", "title", "section", "product", "timeframe_text", "recurrence"):
        item[field] = given[field]
    item["start_on"], item["due_on"] = text_of(given["start_on"]), text_of(given["due_on"])
    if _times(item) != before:
        item["warnings"] = []
    for name in list(item["names"]):
        settle(review, name["key"], given[f"name_{name['key']}"])
    for role, choices in given["added"]:
        for choice in choices:
            add_name(review, item, role, choice)


def change_duty(review: Review, key: str, given: Mapping[str, Any]) -> None:
    """Take the checked fields of the form of a reporting duty."""
    duty = cast(Duty, find_duty(review, key))
    duty["who"] = LEADS if given["who"] == LEADS else UNIT
    if duty["who"] == UNIT:
        choose(duty["reporter"], given["who"])
    duty["via"]["name"] = duty["via"]["name"] if given["via"] else ""
    choose(duty["via"], given["via"])
    if duty["due_on"] != text_of(given["due_on"]):
        duty["warnings"] = []
    duty["due_text"] = given["due_text"]
    duty["due_on"], duty["recurrence"] = text_of(given["due_on"]), given["recurrence"]
    duty["to"], duty["text"] = _lines(given["to"]), given["text"]


def change_target(review: Review, key: str, given: Mapping[str, Any]) -> None:
    """Take the checked fields of the form of a target; whoever saved it has looked at it."""
    target = cast(TargetLine, find_target(review, key))
    for field in ("name", "measure", "aggregation", "direction", "text"):
        target[field] = given[field]
    for field in ("low", "high", "baseline"):
        number = given[field]
        target[field] = None if number is None else number_text(number)  # type: ignore[literal-required]
    target["start_on"], target["end_on"] = text_of(given["start_on"]), text_of(given["end_on"])
    target["unit"] = int(given["unit"][1:]) if given["unit"] else None
    for field in ("indicator", "under"):
        target[field] = int(given[field]) if given[field] else None  # type: ignore[literal-required]
    target["warnings"] = []
    confirm(review, f"{key}-name.indicator")


def _times(item: Item) -> tuple[str, str | None, str | None]:
    return item["recurrence"], item["start_on"], item["due_on"]


def _lines(text: str) -> list[str]:
    return [line for part in text.splitlines() if (line := part.strip())]
