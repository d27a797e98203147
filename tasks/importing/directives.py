"""Tasks written as prose, in documents without role lines.

A directive may say who does what by headings ("a) Bộ Nội vụ" and below it "Chủ trì, phối hợp với …
ban hành … trước ngày …"), or in one sentence ("Giao Sở A chủ trì, phối hợp với …"). The unit of
the heading or the subject of the sentence leads.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from tasks.importing.deeds import WITH, deed_and_helpers
from tasks.importing.headings import (
    asked_of_all,
    asked_sentence,
    cut,
    unit_heading,
    unit_sentence,
)
from tasks.importing.items import item_confidence
from tasks.importing.outline import Entry, Kind
from tasks.importing.results import Item, Words
from tasks.importing.unit_lists import HEAD, split_units, trimmed
from tasks.importing.verbs import VERB_AFTER_UNITS
from tasks.rules.time_phrases import find_phrase, find_phrases
from tasks.rules.timeframe import Context, Timeframe, read_timeframe

# Whoever carries out a decision, or only watches over it, has no task of their own by that.
_FORMULA = re.compile(
    r"thi hành|triển khai (?:thực hiện )?(?:Quyết định|Chỉ thị|Kế hoạch) này"
    r"|^\W*(?:quan tâm|nghiêm túc|phối hợp|khẩn trương)?[, ]*(?:phối hợp|tổ chức)?[, ]*"
    r"(?:triển khai|thực hiện|triển khai thực hiện)\W*$"
)
_WATCHES = re.compile(
    r"\W*(?:(?:chủ trì|theo dõi|đôn đốc|kiểm tra|tổng hợp|báo cáo|hướng dẫn|giám sát)\W+)+"
    r"(?:việc|tình hình|kết quả)",
    re.IGNORECASE,
)
_LEADS_WITHIN = re.compile(r"[.;]\s+(?P<units>[^.;:()]{3,120}?)\s+(?:là đơn vị |làm )?chủ trì\b")
# Only a report, or only watching over the whole document: a duty, but no task of its own.
_ONLY_REPORTS = re.compile(
    r"\W*(?:(?:định kỳ|hằng năm|hàng năm|hằng quý|hàng quý|theo dõi|đôn đốc|gửi|lập|và)\W+)*"
    r"(?:tổng hợp(?: (?:tình hình|kết quả))?[^;]*?\W+)?báo cáo\b[^;]*$",
    re.IGNORECASE,
)
_ONLY_WATCHES = re.compile(
    r"\W*(?:(?:theo dõi|đôn đốc|kiểm tra|giám sát|hướng dẫn)\W+)+(?:các [^;]*?)?(?:việc )?"
    r"(?:triển khai )?thực hiện \w+ \w+ này\W*$",
    re.IGNORECASE,
)
_AIM = re.compile(r"(?:Mục tiêu|Mục đích|Yêu cầu|Quan điểm|Tổ chức thực hiện|Chỉ tiêu)\b", re.I)
_BY_WHEN = re.compile(r"trước|hoàn thành|chậm nhất|muộn nhất|xong", re.IGNORECASE)
_EXPLICIT = re.compile(r"^\W*chủ trì", re.IGNORECASE)


@dataclass(slots=True)
class _Group:
    """Units, and the lines below the heading or the one sentence that says what they do."""

    heading: Entry
    units: Words
    lines: list[list[Entry]] = field(default_factory=list)
    sentence: bool = False

    asks: bool = False  # "đề nghị các đơn vị:": the numbered lines that follow are theirs

    @property
    def apart(self) -> bool:
        """Tell whether its bullets are tasks of their own: shared with others, or dated, each."""
        bullets = [line[0].body.text for line in self.lines if line[0].kind is Kind.BULLET]
        dated = sum(bool(find_phrase(text)) for text in bullets)
        return any(WITH.search(text) for text in bullets) or dated > 1


def read_directives(
    entries: Sequence[Entry], context: Context, *, explicit: bool = False
) -> tuple[Item, ...]:
    """Return the tasks that headings and sentences give to units.

    Coded lines below a unit's heading are one task each. Where most headings have bullets with
    coordinating units of their own, each bullet is a task; else a heading with all its bullets is
    one. With `explicit` a sentence must say who leads or by when: resolutions call on everybody.
    """
    groups = list(_groups(entries, explicit))
    bulleted = [group for group in groups if group.lines[0][0].kind is Kind.BULLET]
    apart = sum(group.apart for group in bulleted) * 2 > len(bulleted)
    items: list[Item] = []
    for group in groups:
        if not group.sentence and group.lines[0][0].coded:
            items.extend(_item(group, line, context, line[0].code) for line in group.lines)
        elif apart and group in bulleted:
            codes = (f"{group.heading.code}.{at}" for at in range(1, len(group.lines) + 1))
            items.extend(
                _item(group, line, context, code)
                for line, code in zip(group.lines, codes, strict=True)
            )
        else:
            lines = [one for line in group.lines for one in line]
            items.append(_item(group, lines, context, group.heading.code))
    return tuple(item for item in items if not _is_no_task(item))


def _is_no_task(item: Item) -> bool:
    """Tell a lone line that only reports or watches over the whole document."""
    title = item.title.text
    return not item.details and bool(_ONLY_REPORTS.match(title) or _ONLY_WATCHES.match(title))


def _groups(entries: Sequence[Entry], explicit: bool) -> Iterator[_Group]:
    """Yield the units that have something to do; a plain line joins the line before it."""
    current: _Group | None = None
    for entry in entries:
        if entry.block.cell:
            continue
        if current is not None and _is_below(entry, current):
            _add_line(entry, current)
            continue
        begun = _begun(entry, explicit)
        if entry.coded or begun is not None:
            if current is not None and current.lines:
                yield current
            current = begun
    if current is not None and current.lines:
        yield current


def _is_below(entry: Entry, group: _Group) -> bool:
    """Tell whether a line tells more of what the units of the heading have to do."""
    if group.asks:
        own = entry.kind in (Kind.TEXT, Kind.PART, Kind.ROMAN) or unit_heading(entry)
        return not (own or unit_sentence(entry) or _AIM.match(entry.body.text))
    if entry.coded:
        depth = len(group.heading.path)
        return len(entry.path) > depth and entry.path[:depth] == group.heading.path
    return group.heading.coded and not (entry.kind is Kind.TEXT and asked_sentence(entry))


def _add_line(entry: Entry, group: _Group) -> None:
    if not group.lines or entry.coded or (entry.kind is Kind.BULLET and not _has_coded(group)):
        group.lines.append([])
    group.lines[-1].append(entry)


def _has_coded(group: _Group) -> bool:
    return group.lines[-1][0].coded


def _begun(entry: Entry, explicit: bool) -> _Group | None:
    """Return the group that a line begins: a heading, or a sentence with its subject."""
    said = asked_sentence(entry) or _told_sentence(entry)
    if said is not None:
        units, deed = said[0], trimmed(said[1])
        return (
            _Group(entry, units, [[replace(entry, body=deed)]], True)
            if (_is_task(entry, deed.text, explicit))
            else None
        )
    asked = asked_of_all(entry) if entry.kind is Kind.TEXT else None
    if asked is not None:
        return _Group(entry, asked, asks=True)
    within = _assigned_within(entry) if entry.coded else None
    if within is not None:
        return _Group(entry, within, [[entry]], True)
    units_of_heading = unit_heading(entry) if entry.coded else None
    return _Group(entry, units_of_heading) if units_of_heading else None


def _told_sentence(entry: Entry) -> tuple[Words, Words] | None:
    """Return the subject and the deed of a sentence; a plain line below a heading must be dated."""
    if entry.kind is Kind.TEXT and not (entry.path and find_phrase(entry.body.text)):
        return None
    return unit_sentence(entry)


def _assigned_within(entry: Entry) -> Words | None:
    """Return who leads where a later sentence says it: "Tổ chức hội nghị. Sở A chủ trì, …"."""
    found = _LEADS_WITHIN.search(entry.body.text)
    if found is None or not find_phrase(entry.body.text):
        return None
    units = cut(entry.body, *found.span("units"))
    return units if HEAD.match(units.text) and not VERB_AFTER_UNITS.search(units.text) else None


def _is_task(entry: Entry, deed: str, explicit: bool) -> bool:
    if _FORMULA.search(deed) or (not entry.coded and _WATCHES.match(deed)):
        return False
    return not explicit or bool(_EXPLICIT.match(deed) or find_phrase(deed))


def _item(group: _Group, lines: list[Entry], context: Context, code: str) -> Item:
    title, coordinators = deed_and_helpers(lines[0].body)
    time, timeframe = _time(lines, context)
    leads = split_units(group.units)
    above = group.heading
    return Item(
        code=code if above.coded or group.asks else None,
        section=above.section if code == above.code or group.asks else above.code,
        title=title,
        timeframe=timeframe,
        leads=leads,
        coordinators=coordinators,
        time=time,
        details=tuple(line.body for line in lines[1:]),
        line=lines[0].block.line,
        confidence=round(0.8 * item_confidence(timeframe, bool(leads), True), 2),
    )


def _time(lines: list[Entry], context: Context) -> tuple[Words | None, Timeframe]:
    """Return the first time that says by when, else the first of all."""
    times = [
        trimmed(cut(line.body, *place)) for line in lines for place in find_phrases(line.body.text)
    ]
    time = next((one for one in times if _BY_WHEN.search(one.text)), times[0] if times else None)
    if time is None:
        return None, Timeframe("", confidence=0.5, warnings=("time_missing",))
    return time, read_timeframe(time.text, context.ending())
