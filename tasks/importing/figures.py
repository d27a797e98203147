"""Results in numbers that a report tells: what was reached, from what, in which time."""

import re
from collections.abc import Iterable, Iterator

from tasks.importing.measured import Measured, measure
from tasks.importing.outline import Entry
from tasks.importing.results import Figure, Header, Words
from tasks.importing.topics import Placed, Topic, place_lines

_REPORT = "Báo cáo"
_PLANNED = re.compile(r"\b(?:phấn đấu|dự kiến|sẽ|chỉ tiêu giao|kế hoạch giao|mục tiêu)\b", re.I)
# "một số sản phẩm … như: A, B, C": the text names the things and leaves the counting to others.
_LISTED = re.compile(
    r"(?:[Mm]ột số|[Cc]ác|[Nn]hững)\s+(?P<thing>[^,;:.()]{3,150}?)"
    r"\s+(?:như|gồm|bao gồm|là|gồm có)\s*:\s*"
    r"(?P<list>[^;:.]+?)\s*(?:\.|;|…|$)"
)
_BRACKETS = re.compile(r"\([^()]*\)")
_LIST_SIGN = re.compile(r"\s*,\s*|\s+và\s+")
_CERTAIN, _INFERRED, _COUNTED = 0.9, 0.7, 0.5
_LEAST_LISTED = 2


def read_figures(entries: Iterable[Entry], header: Header) -> tuple[Figure, ...]:
    """Return the results in numbers: all of a report but its plans, else those of sections on
    results, which tell where a plan begins.
    """
    lines = place_lines(entries)
    return tuple(figure for line in lines for figure in _figures(line, header))


def _figures(line: Placed, header: Header) -> Iterator[Figure]:
    if line.entry.block.cell or not _tells_results(line, header):
        return
    above = [one.body.text for one in line.headings]
    for measured in measure(line.entry.body, above, header.year):
        if not _PLANNED.search(measured.clause.text):
            yield _figure(measured, line, header)
    if header.type == _REPORT:
        yield from _counted(line)


def _tells_results(line: Placed, header: Header) -> bool:
    if line.topic in (Topic.TARGETS, Topic.PROPOSALS, Topic.WORK, Topic.PURPOSE):
        return header.type == _REPORT and line.topic is Topic.WORK and not _is_ahead(line)
    return header.type == _REPORT or line.topic in (Topic.RESULTS, Topic.OBSTACLES)


def _is_ahead(line: Placed) -> bool:
    """Tell the plans for the time to come at the end of a report."""
    root = line.headings[-1].body.text if line.headings else ""
    return bool(re.search(r"phương hướng|nhiệm vụ|kế hoạch|thời gian tới|chỉ tiêu", root, re.I))


def _figure(measured: Measured, line: Placed, header: Header) -> Figure:
    quantity, period = measured.quantity, measured.period
    label = period.label if period else None
    if label is None and header.period:
        label = str(header.period[1].year)
    return Figure(
        name=measured.name,
        low=quantity.low,
        high=quantity.high,
        unit=quantity.unit,
        value=measured.value,
        before=quantity.before,
        period=label,
        approximate=quantity.approximate,
        section=line.entry.code,
        line=line.entry.block.line,
        confidence=_CERTAIN if period else _INFERRED,
    )


def _counted(line: Placed) -> Iterator[Figure]:
    """Yield a figure for the things that a sentence lists by name after a colon."""
    body = line.entry.body
    text = _BRACKETS.sub(lambda found: "_" * len(found[0]), body.text)
    for found in _LISTED.finditer(text):
        names = [name for name in _LIST_SIGN.split(found["list"]) if name.strip(" _")]
        if len(names) < _LEAST_LISTED or not all(name.strip()[0].isupper() for name in names):
            continue
        begin, end = (body.start + place for place in found.span("thing"))
        first, last = (body.start + place for place in found.span("list"))
        yield Figure(
            name=Words(found["thing"], begin, end),
            low=float(len(names)),
            high=float(len(names)),
            unit=None,
            value=Words(body.text[first - body.start : last - body.start], first, last),
            counted=True,
            section=line.entry.code,
            line=line.entry.block.line,
            confidence=_COUNTED,
        )
