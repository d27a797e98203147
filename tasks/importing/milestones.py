"""Tasks written as a list of dates: "- Cuối tháng 3 năm 2024: họp giao ban"."""

from collections.abc import Iterator, Sequence

from tasks.importing.directives import VERB_AFTER_UNITS
from tasks.importing.headings import cut
from tasks.importing.items import item_confidence
from tasks.importing.outline import Entry, Kind
from tasks.importing.results import Item, Words
from tasks.importing.unit_lists import HEAD, split_units, trimmed
from tasks.rules.timeframe import Context, Timeframe, read_timeframe

_LONGEST_TIME = 50


def read_milestones(entries: Sequence[Entry], year: int | None) -> tuple[Item, ...]:
    """Return one task for each bullet that begins with a time and a colon.

    They are numbered in their section as they stand.
    """
    return tuple(_items(entries, year))


def _items(entries: Sequence[Entry], year: int | None) -> Iterator[Item]:
    ordinal = 0
    for entry in entries:
        if entry.coded:
            ordinal = 0
        if entry.kind is not Kind.BULLET or entry.block.cell:
            continue
        ordinal += 1
        colon = entry.body.text.find(":", 0, _LONGEST_TIME)
        time = cut(entry.body, 0, max(colon, 0))
        timeframe = read_timeframe(time.text, Context(year, completion=True))
        if timeframe.due is not None:
            yield _item(entry, time, timeframe, ordinal)


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
