"""What is doubtful about a reading, for the person who confirms it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from tasks.importing.blocks import Text
from tasks.importing.matching import is_open_group
from tasks.importing.results import Caution, Duty, Header, Item, Span, Words
from tasks.rules.names import match_key
from tasks.rules.timeframe import Timeframe

_SATURDAY = 5


def find_cautions(
    text: Text, header: Header, items: tuple[Item, ...], duties: tuple[Duty, ...]
) -> tuple[Caution, ...]:
    """Return every doubt, in the order of the document."""
    found = [*(Caution("lookalike_letter", line) for line in text.lookalikes)]
    found.extend(
        Caution("slip_corrected", slip.line, None, {"found": slip.found, "word": slip.word})
        for slip in text.slips
    )
    found.extend(_about_header(header, text.text))
    found.extend(_about_plan(items, duties))
    repeated = Counter(item.code for item in items if item.code)
    for item in items:
        found.extend(_about_item(item, header.issued_on, repeated[item.code or ""]))
    for duty in duties:
        found.extend(_about_duty(duty, header.issued_on))
    return tuple(sorted(found, key=lambda caution: caution.line or 0))


def _about_header(header: Header, text: str) -> Iterator[Caution]:
    if header.number_blank:
        yield Caution("number_blank")
    elif header.number is None:
        yield Caution("number_missing")
    if header.issued_on is None:
        yield Caution("date_missing")
    if header.issuer is None:
        yield Caution("issuer_missing")
    elif not _is_spelt_out(header.issuer, text):
        yield Caution("issuer_inferred", None, header.issuer.span, {"name": header.issuer.text})


def _is_spelt_out(name: Words, text: str) -> bool:
    """Tell whether the text has each word of the name there, in whatever letters."""
    said = set(match_key(text[name.start : name.end]).split())
    return said.issuperset(match_key(name.text).split())


def _about_plan(items: tuple[Item, ...], duties: tuple[Duty, ...]) -> Iterator[Caution]:
    if not items:
        yield Caution("no_items")
    frames = [*(item.timeframe for item in items), *(duty.timeframe for duty in duties)]
    if not any(frame.due or frame.recurrence for frame in frames):
        yield Caution("no_dates")


def _about_item(item: Item, issued_on: date | None, uses: int) -> Iterator[Caution]:
    name = item.code or item.title.text[:60]
    line, span = item.line, item.title.span
    if not item.title.text:
        yield Caution("item_without_title", line, span)
    if item.code is None:
        yield Caution("code_missing", line, span, {"item": name})
    if uses > 1:
        yield Caution("code_repeated", line, span, {"item": name})
    if not item.leads:
        yield Caution("item_without_lead", line, span, {"item": name})
    yield from _about_units(item, name)
    yield from _about_time(item.timeframe, item.time, line, issued_on, {"item": name})


def _about_units(item: Item, name: str) -> Iterator[Caution]:
    leads = {match_key(lead.text) for lead in item.leads}
    for unit in item.coordinators:
        if match_key(unit.text) in leads:
            params = {"unit": unit.text, "item": name}
            yield Caution("lead_coordinates", item.line, unit.span, params)
    yield from _open_groups((*item.leads, *item.coordinators), item.line)


def _open_groups(units: Iterable[Words], line: int) -> Iterator[Caution]:
    for unit in units:
        if is_open_group(unit.text):
            yield Caution("open_group", line, unit.span, {"unit": unit.text})


def _about_duty(duty: Duty, issued_on: date | None) -> Iterator[Caution]:
    if duty.who is None:
        yield Caution("duty_without_subject", duty.line, duty.text.span)
    params = {"item": duty.text.text[:60]}
    yield from _about_time(duty.timeframe, duty.time, duty.line, issued_on, params)


def _about_time(
    frame: Timeframe, words: Words | None, line: int, issued_on: date | None, params: dict[str, str]
) -> Iterator[Caution]:
    span = words.span if words else None
    params = {**params, "time": frame.text}
    for code in frame.warnings:
        yield Caution(code, line, span, params)
    if frame.recurrence == "conditional":
        yield Caution("time_conditional", line, span, params)
    if frame.due is not None:
        yield from _about_due(frame, frame.due, line, span, issued_on)


def _about_due(
    frame: Timeframe, due: date, line: int, span: Span | None, issued_on: date | None
) -> Iterator[Caution]:
    params = {"time": frame.text, "due": due.isoformat()}
    if frame.start and due < frame.start:
        yield Caution("due_before_start", line, span, params)
    if due.weekday() >= _SATURDAY and _names_day(frame.text, due):
        yield Caution("due_on_weekend", line, span, params)
    if issued_on and due < issued_on:
        yield Caution("due_before_issue", line, span, params)


def _names_day(words: str, due: date) -> bool:
    """Tell a day that the words name from the mere end of a month, quarter or year."""
    return due.day in (int(number) for number in re.findall(r"\d+", words))
