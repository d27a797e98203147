"""Duties to report that stand as a list of periods: "- Báo cáo quý: trước ngày …".

A list follows a sentence that says who reports to whom: bullets after "như sau", or lines that
begin with a period or with "Thời gian gửi báo cáo".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tasks.importing.headings import VERB, cut
from tasks.importing.outline import Entry, Kind
from tasks.importing.report_clauses import find_time
from tasks.importing.results import Duty, Words
from tasks.importing.unit_lists import trimmed
from tasks.rules.names import fold
from tasks.rules.time_phrases import find_phrases
from tasks.rules.timeframe import Context, Timeframe, read_timeframe

_FOR = re.compile(r"\b(?:cho|đối với)\s+(?=các\b)")
_INTRODUCES = re.compile(r"(?:như sau|sau đây|gồm|cụ thể)\s*:?$")
_PERIOD_LINE = re.compile(
    r"bao cao (?:dinh ky )?(?:hang )?(?:tuan|thang|quy|0?[69] thang|sau thang|nam|so ket|tong ket)"
    r"|thoi (?:gian|han|diem)(?: gui| nop| thuc hien)*(?: che do)? bao cao"
    r"|(?:dot|lan|ky) (?:\d|i|mot|hai|dau)"
)
_KINDS = (
    ("half-yearly", re.compile(r"bao cao (?:so ket )?(?:dinh ky )?(?:0?6|sau) thang")),
    ("yearly", re.compile(r"bao cao (?:tong ket )?(?:hang )?nam(?! \d)")),
)


def introduces(duty: Duty) -> bool:
    """Tell whether a duty only says what the list below it is about."""
    return bool(_INTRODUCES.search(duty.text.text))


def read_listed(
    entries: Sequence[Entry], found: Sequence[Duty], context: Context
) -> Iterator[tuple[Duty, Duty]]:
    """Yield each duty that is one dated line of a list, after the duty that introduces the list."""
    intros = {duty.line: duty for duty in found}
    intro: Duty | None = None
    for entry in entries:
        own = intros.get(entry.block.line)
        if own is not None and not (intro and _is_row(entry, intro)):
            intro = own
        elif intro is not None and _is_row(entry, intro):
            row = _row(entry, intro, context)
            if row is not None:
                yield intro, row
        elif entry.coded or (entry.kind is Kind.TEXT and not entry.block.cell):
            intro = None


def is_period(text: str) -> bool:
    """Tell whether words begin with the period of a report: "Báo cáo quý", "Đợt 1"."""
    return bool(_PERIOD_LINE.match(fold(text)))


def _is_row(entry: Entry, intro: Duty) -> bool:
    if entry.block.line == intro.line or entry.block.cell:
        return False
    if introduces(intro) and entry.kind is Kind.BULLET:
        return True
    return is_period(entry.body.text)


def _row(entry: Entry, intro: Duty, context: Context) -> Duty | None:
    text = entry.body.text
    time = find_time(entry.body, list(find_phrases(text)), 0, 0, len(text))
    if time is None:
        return None
    timeframe = read_timeframe(time.text, context.ending())
    who = intro.who or _addressed(intro.text)
    timeframe = by_kind(text, timeframe)
    return replace(
        intro, who=who, text=entry.body, time=time, timeframe=timeframe, line=entry.block.line
    )


def _addressed(words: Words) -> Words | None:
    """Return the units in "quy định cho các … xây dựng": those to whom a list is addressed."""
    found = _FOR.search(words.text)
    verb = VERB.search(words.text, found.end()) if found else None
    return trimmed(cut(words, found.end(), verb.start())) if found and verb else None


def by_kind(text: str, timeframe: Timeframe) -> Timeframe:
    """Let "Báo cáo 6 tháng … trước ngày 05/6" recur: its date has no year and its name a period."""
    if timeframe.recurrence or timeframe.due is None or "year_inferred" not in timeframe.warnings:
        return timeframe
    words = fold(text)
    begins = (0, words.rfind(": ") + 2)
    recurrence = next(
        (often for often, period in _KINDS if any(period.match(words, at) for at in begins)), None
    )
    if recurrence is None:
        return timeframe
    rule = f"yearly {timeframe.due:%m-%d}"
    return Timeframe(timeframe.text, recurrence=recurrence, rule=rule, confidence=0.8)
