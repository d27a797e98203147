"""Targets of a plan in prose: how much of what by when, from the sections that set them."""

import re
from collections.abc import Iterable, Iterator

from tasks.importing.measured import Measured, measure
from tasks.importing.outline import Entry
from tasks.importing.results import Header, Target
from tasks.importing.topics import Placed, Topic, place_lines
from tasks.rules.names import fold

# "Phân đấu", "Phần đầu": what recognition makes of "Phấn đấu".
_STRIVES = re.compile(r"\bphan dau\b")
_AIMS = re.compile(r"\b(?:phan dau|chi tieu|muc tieu)\b")
_HEADING = re.compile(r"^(?:\w+ )?(?:mục tiêu|chỉ tiêu)", re.IGNORECASE)
_TOLD = re.compile(r"\b(?:đã|hiện có|hiện nay|vừa qua|so với cùng kỳ)\b", re.IGNORECASE)
_SAID_ONCE = 0.8
_CERTAIN, _BY_VERB, _PERIOD_OF_DOCUMENT = 0.95, 0.75, 0.1


def read_targets(entries: Iterable[Entry], header: Header) -> tuple[Target, ...]:
    """Return the targets that sentences set.

    They stand below a heading of targets; elsewhere only a sentence that strives for something
    ("phấn đấu …") sets one, unless it repeats one. What was reached before is none.
    """
    found: list[Target] = []
    for line in place_lines(entries):
        for target in _targets(line, header):
            if target.confidence >= _SAID_ONCE or _key(target) not in map(_key, found):
                found.append(target)
    return tuple(found)


def _key(target: Target) -> tuple[object, ...]:
    """Return by what a sentence outside the section is known to repeat a target."""
    return target.low, target.high, target.unit, target.by


def _targets(line: Placed, header: Header) -> Iterator[Target]:
    entry = line.entry
    confidence = _confidence(line)
    if entry.block.cell or not confidence or entry.body.text.endswith(":"):
        return
    above = [one.body.text for one in line.headings]
    for measured in measure(entry.body, above, header.year):
        if not _TOLD.search(measured.clause.text):
            yield _target(measured, line, header, confidence)


def _confidence(line: Placed) -> float:
    """Return how sure it is that the numbers of a line are targets; 0 where they are none."""
    text = line.entry.body.text
    if line.topic is Topic.TARGETS or (line.topic is None and _HEADING.match(text)):
        return _CERTAIN
    strives = _STRIVES if line.topic not in (Topic.PURPOSE, Topic.TARGETS) else _AIMS
    told = line.topic in (Topic.RESULTS, Topic.OBSTACLES, Topic.PROPOSALS)
    return _BY_VERB if strives.search(fold(text)) and not told else 0


def _target(measured: Measured, line: Placed, header: Header, confidence: float) -> Target:
    quantity, period = measured.quantity, measured.period
    of_document = period is None and header.period is not None
    return Target(
        name=measured.name,
        low=quantity.low,
        high=quantity.high,
        unit=quantity.unit,
        value=measured.value,
        period=period.label if period else _label(header),
        by=period.by if period else (header.period[1] if header.period else None),
        soft=bool(_STRIVES.search(fold(line.entry.body.text))),
        approximate=quantity.approximate,
        section=line.entry.code,
        line=line.entry.block.line,
        confidence=round(confidence - (_PERIOD_OF_DOCUMENT if of_document else 0), 2),
    )


def _label(header: Header) -> str | None:
    if header.period is None:
        return None
    first, last = (day.year for day in header.period)
    return str(first) if first == last else f"{first}-{last}"
