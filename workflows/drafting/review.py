"""The shape of `PlanDraft.review`: plain data for JSON, dates as ISO text, units by key.

`key`s are stable for the life of a draft: forms, anchors and confirmed doubts name them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NotRequired, TypedDict

Span = list[int]
LEADS, UNIT = "leads", "unit"  # who owes a report: every lead unit, or the one that is named

ASSUMED = "assumed"  # the `kind` of an issuer that the document does not name


class Name(TypedDict):
    """A name as the plan writes it, and what it stands for.

    At most one of `unit` and `group` is set; `open` says that it names nobody in particular.
    `kind` tells how that was found ("chosen" by a person), `candidates` holds equally good units.
    """

    key: str
    name: str
    role: str
    unit: int | None
    group: int | None
    open: bool
    kind: str
    confidence: float
    candidates: list[int]
    source: Span | None


class Item(TypedDict):
    key: str
    code: str
    section: str
    title: str
    product: str
    timeframe_text: str
    recurrence: str
    start_on: str | None
    due_on: str | None
    soft: bool
    names: list[Name]
    warnings: list[str]
    dropped: bool
    source: dict[str, Span]


class Duty(TypedDict):
    """A duty to report; `who` is empty where the text does not say or nobody was recognised.

    `rule` are the days of a recurrence as the reader found them.
    """

    key: str
    who: str
    reporter: Name
    via: Name
    to: list[str]
    text: str
    due_text: str
    due_on: str | None
    recurrence: str
    rule: NotRequired[str]
    warnings: list[str]
    dropped: bool
    source: dict[str, Span]


class TargetLine(TypedDict):
    """How much of what, by when. Numbers are plain text ("12.5"); None leaves a side open.

    `indicator` is the known one that is meant, None for a new one; `candidates` are similar ones.
    `unit` is whose figures count, None for the issuer; `under` a target of a document above.
    """

    key: str
    name: str
    measure: str
    indicator: int | None
    candidates: list[int]
    low: str | None
    high: str | None
    baseline: str | None
    start_on: str | None
    end_on: str | None
    aggregation: str
    direction: str
    unit: int | None
    under: int | None
    soft: bool
    approximate: bool
    text: str
    warnings: list[str]
    dropped: bool
    source: dict[str, Span]


class Cited(TypedDict):
    key: str
    number: str
    relation: str
    source: Span | None


class Section(TypedDict):
    code: str
    title: str


class Review(TypedDict):
    number: str
    kind: str
    title: str
    issued_on: str | None
    signer: str
    issuer: Name
    focal: int | None
    leader: int | None
    start_on: str | None
    end_on: str | None
    sections: list[Section]
    items: list[Item]
    duties: list[Duty]
    targets: list[TargetLine]
    citations: list[Cited]
    warnings: list[str]
    confirmed: list[str]
    source: dict[str, Span]
    last_key: int
    saved_by: str
    doubts: int
    met: list[str]  # every doubt there ever was, settled or not


def day_of(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def text_of(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def kept_items(review: Review) -> list[Item]:
    return [item for item in review["items"] if not item["dropped"]]


def kept_duties(review: Review) -> list[Duty]:
    return [duty for duty in review["duties"] if not duty["dropped"]]


def kept_targets(review: Review) -> list[TargetLine]:
    return [target for target in review["targets"] if not target["dropped"]]


def names_of(item: Item, role: str) -> list[Name]:
    return [name for name in item["names"] if name["role"] == role]


def all_names(review: Review) -> Iterator[Name]:
    """Every name that may stand for a unit, dropped lines included."""
    yield review["issuer"]
    for item in review["items"]:
        yield from item["names"]
    for duty in review["duties"]:
        yield duty["reporter"]
        yield duty["via"]


def is_settled(name: Name) -> bool:
    return bool(name["unit"] or name["group"] or name["open"])


def places(review: Review) -> dict[str, str]:
    """How each kept item is called in messages: by its code, else by its position."""
    return {
        item["key"]: item["code"] or f"#{position}"
        for position, item in enumerate(kept_items(review), 1)
    }


def blank_name(key: str, role: str = "") -> Name:
    return Name(
        key=key,
        name="",
        role=role,
        unit=None,
        group=None,
        open=False,
        kind="unknown",
        confidence=0.0,
        candidates=[],
        source=None,
    )
