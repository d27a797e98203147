"""Targets of a document on their way to its review: phase, indicator, baseline, target above."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tasks.models import Aggregation, Direction, Indicator, Target
from tasks.rules.names import fold
from tasks.rules.numbers import number_text
from tasks.rules.quantities import NUMBER, value_of
from workflows.drafting.review import TargetLine, text_of

# Two names say the same thing where so large a part of their words is common to both.
ALIKE = 0.6
MOST_CANDIDATES = 5
UNCLEAR = 0.8
_YEARS = re.compile(r"^(\d{4})(?:\s*-\s*(\d{4}))?$")
_NEAR = 30  # characters
_NUMBER_BEFORE = re.compile(rf"(?<![\d.,/])(?P<number>{NUMBER})\s*[-–]\s*$")
_PERCENT = ("%", "phần trăm", "điểm phần trăm", "điểm %")
_FALLS = re.compile(r"\b(?:giam|con duoi|khong qua|toi da|ha thap)\b")


@dataclass(frozen=True, slots=True)
class Known:
    """The indicators there are, and the targets of the documents that this one cites."""

    indicators: Sequence[Indicator]
    above: Sequence[Target]

    @classmethod
    def of(cls, cited: Iterable[str]) -> Known:
        """Two queries."""
        above = Target.objects.filter(plan__document__number__in=list(cited))
        return cls(
            list(Indicator.objects.order_by("name", "pk")),
            list(above.select_related("indicator", "plan__document").order_by("pk")),
        )


def target_lines(
    reading: dict[str, Any], *, unit: int | None, known: Known, new_key: Callable[[str], str]
) -> list[TargetLine]:
    """The lines of the review for the targets that were read; `unit` is whose figures count."""
    lines = [_line(one, reading, unit, known, new_key("t")) for one in reading["targets"]]
    first: dict[tuple[str, str], str] = {}
    for line in lines:
        thing, begins = (fold(line["name"]), line["measure"]), line["start_on"] or ""
        first[thing] = min(first.get(thing, begins), begins)
    for line in lines:
        # What was there before holds for the first phase; a later one begins where that ends.
        if line["start_on"] != first[fold(line["name"]), line["measure"]]:
            line["baseline"] = None
    return lines


def _line(
    read: dict[str, Any], reading: dict[str, Any], unit: int | None, known: Known, key: str
) -> TargetLine:
    read = _with_reversed_range(read, reading["text"])
    name, measure = _capital(read["name"][:300]), (read["unit"] or "")[:60]
    start, end = _phase(read, reading)
    likely = candidates(name, measure, known.indicators)
    same = next((one for one in likely if is_same(one, name, measure)), None)
    about = f"{read['name']} {read['text']}"
    return TargetLine(
        key=key,
        name=name,
        measure=measure,
        indicator=same.pk if same else None,
        candidates=[one.pk for one in likely],
        low=_number(read["min"]),
        high=_number(read["max"]),
        baseline=_baseline(read, reading),
        start_on=text_of(start),
        end_on=text_of(end),
        aggregation=_aggregation(measure).value,
        direction=(Direction.DOWN if _FALLS.search(fold(about)) else Direction.UP).value,
        unit=unit,
        under=_above(same, start, end, known.above) if same else None,
        soft=read["soft"],
        approximate=read["approximate"],
        text=_sentence(read, reading["text"]),
        warnings=["target_unclear"] if read["confidence"] < UNCLEAR else [],
        dropped=False,
        source={field: list(span) for field, span in read["source"].items()},
    )


def _with_reversed_range(read: dict[str, Any], text: str) -> dict[str, Any]:
    """The target with both bounds where the document has them the wrong way round ("120 - 100").

    The reader takes the second for a plain value; a person has to say what is meant.
    """
    begin, _end = read["source"]["value"]
    before = _NUMBER_BEFORE.search(text, max(0, begin - _NEAR), begin)
    if before is None or read["value"] is None or value_of(before["number"]) <= read["value"]:
        return read
    name = " ".join(read["name"].replace(before["number"], "", 1).split())
    first = value_of(before["number"])
    return {**read, "name": name, "min": first, "max": read["value"], "value": None}


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _number(value: float | int | None) -> str | None:
    return None if value is None else number_text(Decimal(str(value)))


def _phase(read: dict[str, Any], reading: dict[str, Any]) -> tuple[dt.date | None, dt.date | None]:
    """The days of "2022-2025" or "2023"; a single later year ends what the document begins."""
    years = _YEARS.match(read["period"] or "")
    end = dt.date.fromisoformat(read["by"]) if read["by"] else None
    if years and years[2]:
        return dt.date(int(years[1]), 1, 1), end or dt.date(int(years[2]), 12, 31)
    begins = (reading["period"] or [None])[0] or reading["date"]
    first = dt.date.fromisoformat(begins) if begins else None
    if end and first and first.year < end.year and first <= end:
        return first, end
    return (dt.date(end.year, 1, 1), end) if end else (None, None)


def _aggregation(measure: str) -> Aggregation:
    """Shares do not add up; things and money do."""
    return Aggregation.WEIGHTED if measure.startswith(_PERCENT) else Aggregation.SUM


def _baseline(read: dict[str, Any], reading: dict[str, Any]) -> str | None:
    """What the document tells of the same thing as reached before."""
    for fact in reading["facts"]:
        same_unit = fact["unit"] == read["unit"] and fact["value"] is not None
        if same_unit and _words(read["name"]) <= _words(fact["name"]):
            return _number(fact["value"])
    return None


def _sentence(read: dict[str, Any], text: str) -> str:
    begin, end = read["source"]["name"]
    return " ".join(text[begin:end].split())


def _words(name: str) -> set[str]:
    return set(re.findall(r"\w+", fold(name)))


def likeness(one: str, other: str) -> float:
    """How much of the words of two names is common to both, from 0 to 1."""
    first, second = _words(one), _words(other)
    return 2 * len(first & second) / (len(first) + len(second) or 1)


def is_same(indicator: Indicator, name: str, measure: str) -> bool:
    return indicator.folded_name == fold(name) and fold(indicator.measure) == fold(measure)


def candidates(name: str, measure: str, indicators: Iterable[Indicator]) -> list[Indicator]:
    """The indicators that may be meant, the likeliest first; those of another measure are none."""
    alike = [
        (likeness(name, one.name), one) for one in indicators if fold(one.measure) == fold(measure)
    ]
    found = [(share, one) for share, one in alike if share >= ALIKE]
    found.sort(key=lambda pair: (not is_same(pair[1], name, measure), -pair[0], pair[1].pk))
    return [one for _share, one in found[:MOST_CANDIDATES]]


def _above(
    indicator: Indicator, start: dt.date | None, end: dt.date | None, above: Iterable[Target]
) -> int | None:
    """The target of a cited document that this one helps to reach: the same thing and phase."""
    fitting = [one for one in above if one.indicator_id == indicator.pk and one.end_on == end]
    fitting.sort(key=lambda one: one.start_on != start)
    return fitting[0].pk if fitting else None
