"""Duties to report: who reports, to whom, through whom and by when."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tasks.importing.headings import VERB, cut, is_topic, subject_of
from tasks.importing.outline import Entry, Kind
from tasks.importing.results import Duty, Words
from tasks.importing.unit_lists import HEAD, split_units, starts_with_unit, trimmed
from tasks.rules.time_phrases import find_phrase
from tasks.rules.timeframe import Context, Timeframe, read_timeframe

_REPORT = re.compile(r"\bbáo cáo\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.;])\s+(?=[^\W\d_])")
# Words of politeness and of telling: "kính báo cáo", "nghe báo cáo", "việc báo cáo".
_NO_DUTY = re.compile(r"\b(?:kính|nghe|việc|theo|có|qua|mẫu|chế độ|xem xét|đã|các)\s+$", re.I)
_VIA = re.compile(r"\(?\s*\b(?:thông qua|qua)\s+(?P<via>[^();.]+)\)?", re.IGNORECASE)
_TO = re.compile(r"\b(?:về|cho|gửi|tới|lên|đến)\s+(?:cho\s+|về\s+)?")
_TO_END = re.compile(
    r"\s*(?:\(|;|\.(?:\s|$)|/|:|,?\s*\b(?:trước|chậm nhất|muộn nhất|định kỳ|hàng|hằng|vào ngày|khi"
    r"|để|theo|kết quả|tình hình|về|xem xét|cụ thể|thông qua|qua|tổng hợp|trong|kèm"
    r"|chỉ đạo|đúng)\b)"
)
_OBSTACLE = re.compile(r"khó khăn|vướng mắc|phát sinh", re.IGNORECASE)
_FOR = re.compile(r"\b(?:cho|đối với)\s+(?=các\b)")
_LISTED = re.compile(r"(?:như sau|sau đây|gồm|cụ thể)\s*:?$")
_UNDATED = 0.5
_NEAR = 30  # characters before a word that can bear on it


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One sentence of an entry, with the unit under whose heading it stands."""

    words: Words
    entry: Entry
    heading: Words | None


def read_duties(
    entries: Sequence[Entry], year: int | None
) -> tuple[tuple[Duty, ...], tuple[Duty, ...]]:
    """Return the duties to report, the earliest first, and the ways to raise difficulties."""
    found = [duty for sentence in _sentences(entries) for duty in _read(sentence, year)]
    found.extend(_listed(entries, found, year))
    obstacles = tuple(duty for duty in found if _OBSTACLE.search(duty.text.text))
    duties = [duty for duty in found if duty not in obstacles and not _introduces(duty)]
    duties.sort(key=lambda duty: duty.timeframe.due or date.max)
    return tuple(duties), obstacles


def _introduces(duty: Duty) -> bool:
    return bool(_LISTED.search(duty.text.text))


def _sentences(entries: Iterable[Entry]) -> Iterator[_Sentence]:
    headings: dict[tuple[str, ...], Words] = {}
    for entry in entries:
        if entry.block.cell:
            continue
        name = subject_of(entry) if entry.coded else None
        if name is not None:
            headings[entry.path] = name
        governing = (entry.path[:size] for size in range(len(entry.path), 0, -1))
        heading = next((headings[path] for path in governing if path in headings), None)
        for words in _split(entry.body):
            yield _Sentence(words, entry, heading)


def _split(words: Words) -> Iterator[Words]:
    begin = 0
    for found in _SENTENCE.finditer(words.text):
        yield cut(words, begin, found.start())
        begin = found.end()
    yield cut(words, begin, len(words.text))


def _read(sentence: _Sentence, year: int | None) -> Iterator[Duty]:
    text = sentence.words.text
    named = [found.end() for found in _TO.finditer(text) if HEAD.match(text, found.end())]
    for found in _REPORT.finditer(text):
        if _NO_DUTY.search(text, max(found.start() - _NEAR, 0), found.start()):
            continue
        recipients = _recipients(sentence.words, found.end(), named)
        if recipients:
            yield _duty(sentence, found, recipients, year)
            return


def _duty(
    sentence: _Sentence, found: re.Match[str], recipients: tuple[Words, ...], year: int | None
) -> Duty:
    time, timeframe = _time(sentence.words, found.end(), year)
    who = _subject(sentence.words, found.start()) or sentence.heading
    return Duty(
        who=who,
        to=recipients,
        via=_via(sentence.words, found.end()),
        text=trimmed(sentence.words, " ./"),
        timeframe=timeframe,
        time=time,
        line=sentence.entry.block.line,
        confidence=round(max(timeframe.confidence, 0.2) * (1.0 if who else _UNDATED), 2),
    )


def _recipients(words: Words, place: int, named: Sequence[int]) -> tuple[Words, ...]:
    """Return the units right after "báo cáo", else those after "về", "gửi" or "cho".

    *named* are the places right after one of these words at which a unit begins, in order.
    """
    rest = words.text[place:]
    begin = place + len(rest) - len(rest.lstrip())
    if not HEAD.match(words.text, begin):
        following = bisect_left(named, place)
        if following == len(named):
            return ()
        begin = named[following]
    end = _TO_END.search(words.text, begin)
    return split_units(trimmed(cut(words, begin, end.start() if end else len(words.text))))


def _via(words: Words, place: int) -> Words | None:
    found = _VIA.search(words.text, place)
    if found is None or not starts_with_unit(found["via"]):
        return None
    begin, limit = found.span("via")
    end = _TO_END.search(words.text, begin, limit)
    return trimmed(cut(words, begin, end.start() if end else limit))


def _time(words: Words, place: int, year: int | None) -> tuple[Words | None, Timeframe]:
    found = find_phrase(words.text[place:])
    if found is None:
        return None, Timeframe("", confidence=_UNDATED)
    time = trimmed(cut(words, place + found[0], place + found[1]))
    return time, read_timeframe(time.text, Context(year, completion=True))


def _subject(words: Words, place: int) -> Words | None:
    """Return the unit that the sentence itself tells to report, if it names one."""
    starts = [0, *(found.end() for found in re.finditer(r"[,:]\s+", words.text[:place]))]
    for start in starts:
        verb = VERB.search(words.text, start)
        if HEAD.match(words.text, start) and verb and verb.start() <= place:
            name = trimmed(cut(words, start, verb.start()))
            if not is_topic(name.text):
                return name
    return None


def _listed(entries: Sequence[Entry], found: Sequence[Duty], year: int | None) -> Iterator[Duty]:
    """Yield one duty for each dated bullet below a sentence that says who reports to whom."""
    intros = {duty.line: duty for duty in found if _introduces(duty)}
    intro: Duty | None = None
    for entry in entries:
        if entry.kind is not Kind.BULLET:
            intro = intros.get(entry.block.line)
            continue
        time, timeframe = _time(entry.body, 0, year)
        if intro is not None and time is not None:
            who = intro.who or _addressed(intro.text)
            line = entry.block.line
            timeframe = _by_kind(entry.body.text, timeframe)
            yield replace(
                intro, who=who, text=entry.body, time=time, timeframe=timeframe, line=line
            )


def _addressed(words: Words) -> Words | None:
    """Return the units in "quy định cho các … xây dựng": those to whom a list is addressed."""
    found = _FOR.search(words.text)
    verb = VERB.search(words.text, found.end()) if found else None
    return trimmed(cut(words, found.end(), verb.start())) if found and verb else None


def _by_kind(text: str, timeframe: Timeframe) -> Timeframe:
    """Let "Báo cáo 6 tháng … trước ngày 05/6" recur: its date has no year and its name a period."""
    half = re.match(r"Báo cáo (?:0?6|sáu) tháng", text)
    if not half or timeframe.recurrence or timeframe.due is None:
        return timeframe
    rule = f"yearly {timeframe.due:%m-%d}"
    return Timeframe(timeframe.text, recurrence="half-yearly", rule=rule, confidence=0.8)
