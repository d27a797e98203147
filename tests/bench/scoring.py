"""How well a reading agrees with what a person read in the same document.

The conventions and tolerances are those of `docs/reading.md`; `test_scoring.py` holds them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tasks.rules.names import fold, match_key

Facts = dict[str, Any]

HEADER_EXACT = ("number", "date", "period")
HEADER_NAMED = ("issuer", "type", "responds_to", "about")
HEADER_LOOSE = ("title", "signer")
# Two titles are the same from this share of the shorter one's words on.
ALIKE = 0.6
# With the same code less will do: an expected title may be a paraphrase.
ALIKE_BESIDE_CODE = 0.25
MEASURES = (
    "item_recall",
    "item_precision",
    "leads",
    "coordinators",
    "times",
    "reports",
    "targets",
    "header",
    "figures",
)


@dataclass(slots=True)
class Share:
    """`right` of `asked`; a share of nothing is None, not perfect."""

    right: int = 0
    asked: int = 0

    def add(self, right: bool) -> None:
        self.right, self.asked = self.right + right, self.asked + 1

    def join(self, other: Share) -> None:
        self.right, self.asked = self.right + other.right, self.asked + other.asked

    @property
    def value(self) -> float | None:
        return self.right / self.asked if self.asked else None


@dataclass(slots=True)
class Score:
    """The measures of one document, and in `misses` a line for each thing that is wrong."""

    shares: dict[str, Share] = field(default_factory=lambda: {one: Share() for one in MEASURES})
    misses: list[str] = field(default_factory=list)

    def note(self, measure: str, right: bool, what: str) -> None:
        self.shares[measure].add(right)
        if not right:
            self.misses.append(f"{measure}: {what}")

    def join(self, other: Score) -> None:
        for measure, share in other.shares.items():
            self.shares[measure].join(share)


def score(expected: Facts, reading: Facts) -> Score:
    """Return the measures of `reading` (`as_json`) against a `*.expected.json`."""
    result = Score()
    _score_header(expected, reading, result)
    _score_items(expected.get("items", []), reading["items"], result)
    reports = {"reports": [*reading.get("reports", []), *_expected_ways(expected, reading)]}
    _score_lists("reports", expected, reading | reports, result, _same_report)
    _score_lists("targets", expected, reading, result, _same_target)
    _score_figures(expected, reading, result)
    return result


# Names and titles


def name_key(name: str | None) -> str:
    """Return a name for comparing: case, dashes, Ủy/Uỷ, "&" and "UBND" do not count.

    A group that lists its members after a colon is compared by its own words.
    """
    key = match_key(re.sub(r"^(các [^:]+):.*", r"\1", name or "", flags=re.I)).removeprefix("các ")
    return re.sub(r"\bubnd\b", "ủy ban nhân dân", key)


def likeness(one: str | None, other: str | None) -> float:
    """Return the share of the shorter text's words that the other one has, without accents."""
    words, others = (set(re.findall(r"\w+", fold(text or ""))) for text in (one, other))
    shorter = min(len(words), len(others))
    return len(words & others) / shorter if shorter else float(words == others)


def _names(names: Iterable[str]) -> set[str]:
    return {name_key(name) for name in names}


# The heading


def _score_header(expected: Facts, reading: Facts, result: Score) -> None:
    same: dict[str, Callable[[Any, Any], bool]] = {
        **dict.fromkeys(HEADER_EXACT, lambda known, read: bool(known == read)),
        **dict.fromkeys(HEADER_NAMED, lambda known, read: name_key(known) == name_key(read)),
        **dict.fromkeys(HEADER_LOOSE, _same_loosely),
    }
    for key, is_same in same.items():
        if key in expected:
            known, read = expected[key], reading.get(key)
            result.note("header", is_same(known, read), f"{key}: {known!r} was read as {read!r}")
    if "based_on" in expected:
        wanted, got = expected["based_on"], reading.get("based_on", [])
        right = _names(wanted) == _names(got)
        result.note("header", right, f"based_on: {wanted} was read as {got}")


def _same_loosely(known: str | None, read: str | None) -> bool:
    if not known or not read:
        return not known and not read
    return likeness(known, read) >= ALIKE


# Items


def _score_items(expected: list[Facts], items: list[Facts], result: Score) -> None:
    pairs = pair(expected, items, _item_likeness)
    found = {id(item) for _known, item in pairs if item is not None}
    for item in items:
        result.note("item_precision", id(item) in found, f"not expected: {_label(item)}")
    for known, read in pairs:
        result.note("item_recall", read is not None, f"not found: {_label(known)}")
        _score_item(known, read or {}, result)


def _score_item(known: Facts, read: Facts, result: Score) -> None:
    for measure, key in (("leads", "lead"), ("coordinators", "coordinating")):
        wanted, got = known.get(key) or [], read.get(key) or []
        right = bool(read) and _names(wanted) == _names(got)
        result.note(measure, right, f"{_label(known)}: {wanted} was read as {got}")
    wanted, got = _time(known), _time(read)
    result.note(
        "times", bool(read) and wanted == got, f"{_label(known)}: {wanted} was read as {got}"
    )


def _time(item: Facts) -> tuple[Any, ...]:
    return item.get("start"), item.get("due"), item.get("recurring")


def _label(item: Facts) -> str:
    return f"{item.get('code') or '-'} {item['title'][:60]}"


def _item_likeness(known: Facts, read: Facts) -> float:
    """Return how sure two items are one, from 0 (they are not)."""
    alike = likeness(known["title"], " ".join([read["title"], *read.get("details", [])]))
    same_code = bool(known.get("code")) and known["code"] == read.get("code")
    if alike < (ALIKE_BESIDE_CODE if same_code else ALIKE):
        return 0.0
    return alike + same_code + likeness(known["title"], read["title"])


def pair(
    expected: Sequence[Facts], found: Sequence[Facts], alike: Callable[[Facts, Facts], float]
) -> list[tuple[Facts, Facts | None]]:
    """Return each expected thing with the found one most like it; none is taken twice."""
    ranked = sorted(
        (
            (-likeness, place, at)
            for place, known in enumerate(expected)
            for at, read in enumerate(found)
            if (likeness := alike(known, read)) > 0
        ),
    )
    chosen: dict[int, int] = {}
    for _rank, place, at in ranked:
        if place not in chosen and at not in chosen.values():
            chosen[place] = at
    return [
        (known, found[chosen[place]] if place in chosen else None)
        for place, known in enumerate(expected)
    ]


# Reports and targets: right only as a whole


def _score_lists(
    measure: str,
    expected: Facts,
    reading: Facts,
    result: Score,
    same: Callable[[Facts, Facts], bool],
) -> None:
    """Count what is right among all that is expected or was read beyond it."""
    if measure not in expected:
        return
    known, read = expected[measure], list(reading.get(measure, []))
    pairs = pair(known, read, lambda one, other: float(same(one, other)))
    for wanted, got in pairs:
        result.note(measure, got is not None, f"not found: {_brief(wanted)}")
    taken = {id(got) for _wanted, got in pairs}
    unmatched = [one for one in read if id(one) not in taken]
    missed = sum(got is None for _wanted, got in pairs)
    for surplus in unmatched[missed:]:
        result.note(measure, False, f"not expected: {_brief(surplus)}")
    result.misses.extend(f"{measure}: read instead: {_brief(one)}" for one in unmatched[:missed])


def _expected_ways(expected: Facts, reading: Facts) -> list[Facts]:
    """Return the ways to raise difficulties that are expected as duties ("kind": "ad_hoc").

    A reading keeps them apart, and most expectations leave them out.
    """
    known = [one for one in expected.get("reports", []) if one.get("kind") == "ad_hoc"]
    return [
        way for way in reading.get("obstacles", []) if any(_same_report(one, way) for one in known)
    ]


def _same_report(known: Facts, read: Facts) -> bool:
    return (
        _same_reporter(known.get("who"), read.get("who"))
        and _names(_listed(known.get("to"))) == _names(read.get("to") or [])
        and name_key(known.get("via")) == name_key(read.get("via"))
        and known.get("due") == read.get("due")
        and known.get("recurring") == read.get("recurring")
        and (not _is_rule(known.get("rule")) or known["rule"] == read.get("rule"))
    )


def _same_reporter(known: str | None, read: str | None) -> bool:
    return name_key(known) == name_key(read) or bool(known and read and _same_loosely(known, read))


def _listed(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []


def _is_rule(rule: str | None) -> bool:
    return bool(rule) and any(letter.isdigit() for letter in str(rule))


def _same_target(known: Facts, read: Facts) -> bool:
    return (
        _bounds(known) == _bounds(read)
        and name_key(known.get("unit")) == name_key(read.get("unit"))
        and ("period" not in known or name_key(known["period"]) == name_key(read.get("period")))
        and ("name" not in known or _same_loosely(known["name"], read.get("name")))
        and ("by" not in known or str(read.get("by") or "").startswith(str(known["by"])))
    )


def _bounds(target: Facts) -> tuple[float | None, float | None]:
    """Return the least and the greatest value; "2.305" is two thousand three hundred and five."""
    if target.get("value_text") and target.get("value") is None and target.get("min") is None:
        value = number(target["value_text"])
        return value, value
    low = target.get("min", target.get("value"))
    return low, target.get("max", target.get("value"))


def number(text: str) -> float:
    """Return the number in Vietnamese writing: a dot groups thousands, a comma is the sign."""
    return float(text.strip().replace(".", "").replace(",", "."))


def _score_figures(expected: Facts, reading: Facts, result: Score) -> None:
    """Count the figures of a report; of its proposals only the number is expected."""
    left = list(reading.get("facts", []))
    for known, read in pair(expected.get("facts", []), left, _figure_likeness):
        result.note("figures", read is not None, f"not found: {_brief(known)}")
    if "proposals" in expected:
        wanted, got = expected["proposals"], len(reading.get("proposals", []))
        result.note("figures", wanted == got, f"{wanted} proposals were read as {got}")


def _figure_likeness(known: Facts, read: Facts) -> float:
    units = known.get("unit"), read.get("unit")
    if known["value"] != read["value"] or (units[0] and name_key(units[0]) != name_key(units[1])):
        return 0.0
    return likeness(known["name"], read["name"])


def _brief(thing: Facts) -> str:
    keys = [
        "who",
        "to",
        "via",
        "due",
        "rule",
        "recurring",
        "name",
        "value",
        "min",
        "max",
        "unit",
        "period",
        "by",
    ]
    return ", ".join(f"{key}={thing[key]!r}" for key in keys if thing.get(key) is not None)[:300]
