"""Duties to report: who reports, to whom, through whom and by when.

A sentence may hold several: each address ("báo cáo UBND tỉnh", "gửi về Sở A") after words of
reporting begins one, unless it only says what the first is for ("để tổng hợp, báo cáo …").
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tasks.importing.duty_lists import by_kind, introduces, is_period, read_listed
from tasks.importing.headings import asked_of_all, cut, subject_of
from tasks.importing.outline import Entry, Kind
from tasks.importing.report_clauses import (
    Address,
    find_addresses,
    find_opening,
    find_subject,
    find_time,
    find_via,
)
from tasks.importing.results import Duty, Words
from tasks.importing.unit_lists import split_units, trimmed
from tasks.rules.names import CAPITAL, SMALL
from tasks.rules.time_phrases import find_phrases
from tasks.rules.timeframe import Context, Timeframe, read_timeframe

# What is sent is said before the ";" of "Lập báo cáo năm; gửi về Sở A".
_SENTENCE = re.compile(r"(?<=[.;])\s+(?=[^\W\d_])(?!gửi\b)")
_OBSTACLE = re.compile(r"khó khăn|vướng mắc|phát sinh", re.IGNORECASE)
_PERIOD_WITH_TIME = re.compile(
    r"\b(?P<period>(?:0?6|sáu) tháng(?: đầu năm)?|quý|tháng|năm)\s*\((?P<time>[^()]{4,60})\)", re.I
)
_ITSELF = re.compile(r"Nhà trường\b")
# What stands behind a short name where it is said in full, and names that have it already.
_CALLED = rf"(?!Các\b)[{CAPITAL}][{SMALL}]+"
_PLACE = rf"(?:(?:tỉnh|thành phố|huyện|quận) )?(?:{_CALLED} ){{0,3}}{_CALLED}\b|nhà trường"
_PLACED = re.compile(r"\b(?:tỉnh|thành phố|huyện|quận|xã|phường|thị xã|nhà trường)\b|^các", re.I)
_UNDATED = 0.5


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, its times, the unit of its heading, and the unit named before in its line."""

    words: Words
    times: list[tuple[int, int]]
    entry: Entry
    heading: Words | None
    subject: Words | None


def read_duties(
    entries: Sequence[Entry], context: Context, issuer: Words | None = None, text: str = ""
) -> tuple[tuple[Duty, ...], tuple[Duty, ...]]:
    """Return the duties to report, the earliest first, and the ways to raise difficulties.

    `issuer` is who reports where a document says it of itself ("Nhà trường … gửi báo cáo"), and
    `text` is where a short name may stand in full.
    """
    found = list(_found(entries, context))
    listed = list(read_listed(entries, found, context))
    replaced = {duty.line for duty, _ in listed if not _is_timed(duty)}
    obstacles = tuple(duty for duty in found if _OBSTACLE.search(duty.text.text))
    stated = [
        duty
        for duty in found
        if duty not in obstacles and duty.line not in replaced and not introduces(duty)
    ]
    duties = [*stated, *(row for _, row in listed)]
    duties.sort(key=lambda duty: duty.timeframe.due or date.max)
    names = _FullNames(text)
    return (
        tuple(_in_full(duty, names, issuer) for duty in duties),
        tuple(_in_full(duty, names, issuer) for duty in obstacles),
    )


def _found(entries: Sequence[Entry], context: Context) -> Iterator[Duty]:
    """Yield the duties of all sentences; a part that names but a period repeats the one before."""
    before: Duty | None = None
    for sentence in _sentences(entries):
        duties = list(_read(sentence, context))
        if not duties and before and before.line == sentence.entry.block.line:
            duties = list(_repeated(before, sentence, context))
        yield from duties
        before = duties[-1] if duties else before


def _repeated(before: Duty, sentence: _Sentence, context: Context) -> Iterator[Duty]:
    words = sentence.words
    time = find_time(words, sentence.times, 0, 0, len(words.text))
    if time is not None and is_period(words.text):
        timeframe = by_kind(words.text, _timeframe(time, context))
        yield replace(before, text=trimmed(words, " ./;"), time=time, timeframe=timeframe)


class _FullNames:
    """The names of a document, to say in full what it also says in short.

    "Sở GDĐT" is the "Sở GDĐT Đồng Tháp" among the recipients, where no other one is named.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def of(self, name: Words) -> Words:
        """Return the name with the one place or house that stands behind it elsewhere."""
        if _PLACED.search(name.text):
            return name
        longer = re.compile(rf"{re.escape(name.text)} (?P<more>{_PLACE})(?=\s*(?:[,;.()]|$))", re.M)
        found = {place["more"] for place in longer.finditer(self._text)}
        return replace(name, text=f"{name.text} {found.pop()}") if len(found) == 1 else name


def _in_full(duty: Duty, names: _FullNames, issuer: Words | None) -> Duty:
    who = issuer if duty.who and issuer and _ITSELF.fullmatch(duty.who.text) else duty.who
    return replace(duty, who=who, to=tuple(names.of(one) for one in duty.to))


def _is_timed(duty: Duty) -> bool:
    return bool(duty.timeframe.due or duty.timeframe.recurrence)


def _sentences(entries: Iterable[Entry]) -> Iterator[_Sentence]:
    headings: dict[tuple[str, ...], Words] = {}
    asked: Words | None = None
    for entry in entries:
        if entry.block.cell:
            continue
        if entry.kind is Kind.TEXT:
            asked = asked_of_all(entry)
        name = subject_of(entry) if entry.coded else None
        if name is not None:
            headings[entry.path] = name
        governing = (entry.path[:size] for size in range(len(entry.path), 0, -1))
        heading = next((headings[path] for path in governing if path in headings), None)
        subject: Words | None = None
        for words in _split(entry.body):
            subject = find_opening(words) or subject
            times = list(find_phrases(words.text))
            yield _Sentence(words, times, entry, heading or asked, subject)


def _split(words: Words) -> Iterator[Words]:
    begin = 0
    for found in _SENTENCE.finditer(words.text):
        yield cut(words, begin, found.start())
        begin = found.end()
    yield cut(words, begin, len(words.text))


def _read(sentence: _Sentence, context: Context) -> Iterator[Duty]:
    """Yield the duties of one sentence, each with the words from the one before to its own."""
    words = sentence.words
    begin, last = 0, None
    for address, end in find_addresses(words):
        if last is None and address.purpose:
            continue
        if last is not None and (address.too or address.purpose):
            last = _joined(last, address, sentence, begin, end, context)
            continue
        if last is not None:
            yield last
            begin = last.text.end - words.start
        last = _duty(sentence, address, begin, end, context, last)
    if last is not None:
        timeframe = by_kind(words.text, last.timeframe)
        whole = replace(last, text=trimmed(words, " ./"), timeframe=timeframe)
        yield from _for_each_period(whole, words, context) or (whole,)


def _for_each_period(duty: Duty, words: Words, context: Context) -> tuple[Duty, ...]:
    """Return a duty for each of "quý (trước ngày 10 …), năm (trước ngày 30/11)", if several."""
    found = list(_PERIOD_WITH_TIME.finditer(words.text))
    if len(found) < 2:
        return ()
    duties = []
    for one in found:
        time = trimmed(cut(words, *one.span("time")))
        timeframe = by_kind(f"Báo cáo {one['period']}", _timeframe(time, context))
        duties.append(replace(duty, time=time, timeframe=timeframe))
    return tuple(duties)


def _joined(
    duty: Duty, address: Address, sentence: _Sentence, begin: int, end: int, context: Context
) -> Duty:
    """Add to a duty whom it is sent to as well, or the time that stands after its purpose."""
    if not duty.time:
        time = find_time(sentence.words, sentence.times, begin, address.said, end)
        duty = replace(duty, time=time, timeframe=_timeframe(time, context))
    if address.too and not address.purpose:
        duty = replace(duty, to=(*duty.to, *split_units(address.units)))
    return duty


def _duty(
    sentence: _Sentence,
    address: Address,
    begin: int,
    end: int,
    context: Context,
    before: Duty | None,
) -> Duty:
    words = sentence.words
    own = find_subject(words, begin, address.marker)
    who = own or (before.who if before else None) or sentence.subject or sentence.heading
    time = find_time(words, sentence.times, begin, address.said, end)
    timeframe = _timeframe(time, context)
    return Duty(
        who=who,
        to=split_units(address.units),
        via=find_via(words, address.marker, end),
        text=trimmed(cut(words, begin, end), " ,./"),
        timeframe=timeframe,
        time=time,
        line=sentence.entry.block.line,
        confidence=round(max(timeframe.confidence, 0.2) * (1.0 if who else _UNDATED), 2),
    )


def _timeframe(time: Words | None, context: Context) -> Timeframe:
    if time is None:
        return Timeframe("", confidence=_UNDATED)
    return read_timeframe(time.text, context.ending())
