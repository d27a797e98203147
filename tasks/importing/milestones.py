"""Tasks written as a list of dates: "- Cuối tháng 3 năm 2024: họp giao ban"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tasks.importing.headings import cut
from tasks.importing.items import item_confidence
from tasks.importing.outline import Entry, Kind
from tasks.importing.results import Item, Words
from tasks.importing.unit_lists import HEAD, split_units, trimmed
from tasks.importing.verbs import VERB_AFTER_UNITS
from tasks.rules.names import fold
from tasks.rules.time_phrases import find_phrases
from tasks.rules.timeframe import Context, Timeframe, read_timeframe

_LONGEST_TIME = 50
_PROGRESS = re.compile(r"tien do|lo trinh|thoi gian thuc hien|ke hoach thoi gian")


def read_milestones(entries: Sequence[Entry], context: Context) -> tuple[Item, ...]:
    """Return one task for each bullet that begins with a time and a colon, numbered as they stand.

    A section on the progress of the work that says in one paragraph what is done from when until
    when is one task too.
    """
    return (*_items(entries, context), *_progress(entries, context))


def _items(entries: Sequence[Entry], context: Context) -> Iterator[Item]:
    ordinal = 0
    for entry in entries:
        if entry.coded:
            ordinal = 0
        if entry.kind is not Kind.BULLET or entry.block.cell:
            continue
        ordinal += 1
        colon = entry.body.text.find(":", 0, _LONGEST_TIME)
        time = cut(entry.body, 0, max(colon, 0))
        timeframe = read_timeframe(time.text, context.ending())
        if timeframe.due is not None:
            yield _item(entry, time, timeframe, ordinal)


def _progress(entries: Sequence[Entry], context: Context) -> Iterator[Item]:
    for heading, entry, after in zip(entries, entries[1:], [*entries[2:], None], strict=False):
        alone = after is None or after.coded
        if not (heading.coded and _PROGRESS.match(fold(heading.body.text)) and alone):
            continue
        times = list(find_phrases(entry.body.text)) if entry.kind is Kind.TEXT else []
        if len(times) > 1 and not entry.block.cell:
            yield _from_until(heading, entry, times, context)


def _from_until(
    heading: Entry, entry: Entry, times: list[tuple[int, int]], context: Context
) -> Item:
    """Return the task of a paragraph: from its first time until its last one."""
    context = context.ending()
    first, last = (
        read_timeframe(entry.body.text[slice(*time)], context) for time in (times[0], times[-1])
    )
    return Item(
        code=heading.code,
        section=heading.section,
        title=entry.body,
        timeframe=replace(last, start=first.start),
        time=cut(entry.body, times[0][0], times[-1][1]),
        line=entry.block.line,
        confidence=item_confidence(last, False, True),
    )


def _item(entry: Entry, time: Words, timeframe: Timeframe, ordinal: int) -> Item:
    rest = trimmed(cut(entry.body, len(time.text) + 1, len(entry.body.text)))
    verb = VERB_AFTER_UNITS.search(rest.text) if HEAD.match(rest.text) else None
    leads = split_units(cut(rest, 0, verb.start())) if verb else ()
    title = trimmed(cut(rest, verb.start(), len(rest.text))) if verb else rest
    return Item(
        code=f"{entry.code}.{ordinal}" if entry.code else None,
        section=entry.code,
        title=title,
        timeframe=timeframe,
        leads=leads,
        time=time,
        line=entry.block.line,
        confidence=item_confidence(timeframe, bool(leads), True),
    )
