"""Adding, splitting, merging and moving the lines of a plan under review."""

from __future__ import annotations

import copy
import re

from tasks.models import Aggregation, Direction, Recurrence, Role
from workflows.drafting.edits import choice_of, new_key
from workflows.drafting.review import (
    LEADS,
    Duty,
    Item,
    Name,
    Review,
    Span,
    TargetLine,
    blank_name,
    names_of,
)

_CODE_LENGTH, _TITLE_LENGTH, _PRODUCT_LENGTH, _TIME_LENGTH = 30, 5000, 500, 300


def add_item(review: Review, after: str = "") -> str:
    """Add an empty item after `after`, or at the end, in the same section. Returns its key."""
    items = review["items"]
    place = position_of(review, after) if after else len(items) - 1
    key = new_key(review, "i")
    new = Item(
        key=key,
        code="",
        section=items[place]["section"] if items else "",
        title="",
        product="",
        timeframe_text="",
        recurrence=Recurrence.DATED.value,
        start_on=None,
        due_on=None,
        soft=False,
        names=[],
        warnings=[],
        dropped=False,
        source={},
    )
    items.insert(place + 1, new)
    return key


def add_item_of_words(review: Review, text: str, begin: int, end: int) -> str:
    """Add an item whose title is `text[begin:end]`, where these words stand in the document.

    It comes after the last item whose words begin earlier. Returns its key.
    """
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    earlier = [
        item["key"]
        for item in review["items"]
        if item["source"].get("title", [len(text)])[0] < begin
    ]
    key = add_item(review, earlier[-1]) if earlier else add_item(review)
    item = review["items"][position_of(review, key)]
    item["title"] = " ".join(text[begin:end].split())[:_TITLE_LENGTH]
    item["source"] = {"title": [begin, end]}
    return key


def add_target(review: Review) -> str:
    """Add an empty target. Returns its key."""
    key = new_key(review, "t")
    review["targets"].append(
        TargetLine(
            key=key,
            name="",
            measure="",
            indicator=None,
            candidates=[],
            low=None,
            high=None,
            baseline=None,
            start_on=review["start_on"],
            end_on=review["end_on"],
            aggregation=Aggregation.SUM.value,
            direction=Direction.UP.value,
            unit=review["issuer"]["unit"],
            under=None,
            soft=False,
            approximate=False,
            text="",
            warnings=[],
            dropped=False,
            source={},
        )
    )
    return key


def add_duty(review: Review) -> str:
    """Add an empty reporting duty. Returns its key."""
    key = new_key(review, "r")
    review["duties"].append(
        Duty(
            key=key,
            who=LEADS,
            reporter=blank_name(new_key(review, "n")),
            via=blank_name(new_key(review, "n")),
            to=[],
            text="",
            due_text="",
            due_on=None,
            recurrence=Recurrence.DATED.value,
            warnings=[],
            dropped=False,
            source={},
        )
    )
    return key


def position_of(review: Review, key: str) -> int:
    """The place of an item in the list. Raises `KeyError` where there is none."""
    for position, item in enumerate(review["items"]):
        if item["key"] == key:
            return position
    raise KeyError(key)


def split_item(review: Review, key: str, pieces: list[str], text: str) -> list[str]:
    """Make one item of each of the `pieces` of its title; all keep its units and its time.

    The first keeps the code, the others get free ones after it. `text` is the document, in which
    the words of each piece are looked for. Returns the keys of the items.
    """
    position = position_of(review, key)
    item = review["items"][position]
    span = item["source"].get("title")
    spans = find_pieces(text, span, pieces)
    others = [copy.deepcopy(item) for _piece in pieces[1:]]
    for other in others:
        other["key"] = new_key(review, "i")
        for name in other["names"]:
            name["key"] = new_key(review, "n")
    for one, piece, found in zip([item, *others], pieces, spans, strict=True):
        one["title"] = piece
        one["source"] = {**one["source"], "title": found} if found else _without_title(one)
    review["items"][position + 1 : position + 1] = others
    for other in others:
        other["code"] = free_code(review, item["code"])
    return [item["key"], *(other["key"] for other in others)]


def _without_title(item: Item) -> dict[str, Span]:
    return {name: span for name, span in item["source"].items() if name != "title"}


def find_pieces(text: str, span: Span | None, pieces: list[str]) -> list[Span | None]:
    """Where each piece stands within `span` of the text, one after the other; None if nowhere."""
    if span is None:
        return [None for _piece in pieces]
    begin, end = span
    found: list[Span | None] = []
    for piece in pieces:
        words = r"\s+".join(re.escape(word) for word in piece.split())
        match = re.compile(words).search(text, begin, end) if words else None
        found.append([match.start(), match.end()] if match else None)
        begin = match.end() if match else begin
    return found


def free_code(review: Review, code: str) -> str:
    """The first of "II.1.d.2", "II.1.d.3", … that no item has; no code stays no code."""
    taken = {item["code"] for item in review["items"]}
    number = 2
    while code and (new := f"{code[: _CODE_LENGTH - 4]}.{number}") in taken:
        number += 1
    return new if code else ""


def merge_items(review: Review, key: str, into: str) -> None:
    """Add what item `key` says to item `into`; `key` is no longer an item of its own."""
    gone, kept = (review["items"][position_of(review, one)] for one in (key, into))
    first, second = (gone, kept) if _is_before(review, key, into) else (kept, gone)
    kept["title"] = _joined(first["title"], second["title"], _TITLE_LENGTH, " ")
    kept["product"] = _joined(first["product"], second["product"], _PRODUCT_LENGTH)
    words = _joined(first["timeframe_text"], second["timeframe_text"], _TIME_LENGTH)
    kept["timeframe_text"] = words
    _join_times(kept, gone)
    _join_names(kept, gone)
    kept["warnings"] = list(dict.fromkeys([*kept["warnings"], *gone["warnings"]]))
    kept["source"] = _joined_sources(review, kept, gone)
    kept["dropped"] = False
    review["items"].remove(gone)


def _is_before(review: Review, one: str, other: str) -> bool:
    return position_of(review, one) < position_of(review, other)


def _joined(first: str, second: str, length: int, between: str = "; ") -> str:
    """Both texts, each only once."""
    parts = dict.fromkeys(part for part in (first.strip(), second.strip()) if part)
    return between.join(parts)[:length]


def _join_times(kept: Item, gone: Item) -> None:
    """From the earlier beginning to the later end. ISO dates sort as dates do."""
    starts = [day for day in (kept["start_on"], gone["start_on"]) if day]
    dues = [day for day in (kept["due_on"], gone["due_on"]) if day]
    kept["start_on"], kept["due_on"] = min(starts, default=None), max(dues, default=None)
    if kept["recurrence"] == Recurrence.NONE:
        kept["recurrence"] = gone["recurrence"]


def _join_names(kept: Item, gone: Item) -> None:
    for role in Role:
        known = {_meaning(name) for name in names_of(kept, role)}
        for name in names_of(gone, role):
            if _meaning(name) not in known:
                kept["names"].append(name)
                known.add(_meaning(name))


def _meaning(name: Name) -> tuple[str, str]:
    choice = choice_of(name)
    return (choice, "") if name["unit"] or name["group"] else (choice, name["name"])


def _joined_sources(review: Review, kept: Item, gone: Item) -> dict[str, Span]:
    """Neighbours have their words in one stretch; for others, the words of the kept item do."""
    places = [position_of(review, item["key"]) for item in (kept, gone)]
    sources = {**gone["source"], **kept["source"]}
    both = [item["source"]["title"] for item in (kept, gone) if "title" in item["source"]]
    if len(both) == len(places) and abs(places[0] - places[1]) == 1:
        sources["title"] = [min(span[0] for span in both), max(span[1] for span in both)]
    return sources


def move_item(review: Review, key: str, steps: int) -> None:
    """Move an item one place up (-1) or down (+1).

    At the border of a section it first passes the heading: the next press passes the neighbour.
    """
    position = position_of(review, key)
    target = position + steps
    if not 0 <= target < len(review["items"]):
        return
    item, neighbour = review["items"][position], review["items"][target]
    if item["section"] != neighbour["section"]:
        item["section"] = neighbour["section"]
        return
    review["items"][position], review["items"][target] = neighbour, item


def place_after(review: Review, key: str, after: str) -> None:
    """Move an item right after another one, into its section."""
    if key == after:
        return
    item = review["items"].pop(position_of(review, key))
    position = position_of(review, after)
    item["section"] = review["items"][position]["section"]
    review["items"].insert(position + 1, item)
