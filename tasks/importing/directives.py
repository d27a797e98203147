"""Tasks written as prose under the name of a unit, in documents without role lines.

A conclusion or plan may say who does what by headings only: "a) Bộ Nội vụ" and below it "Chủ
trì, phối hợp với … ban hành … trước ngày …". The unit of the heading leads.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from tasks.importing.headings import asked_sentence, cut, unit_heading
from tasks.importing.items import item_confidence
from tasks.importing.outline import Entry, Kind
from tasks.importing.results import Item, Words
from tasks.importing.unit_lists import HEAD, split_units, trimmed
from tasks.rules.time_phrases import find_phrase
from tasks.rules.timeframe import Context, Timeframe, read_timeframe

_WITH = re.compile(
    r"(?:^|\b)(?:(?:[Cc]hủ trì|[Cc]hủ động),?\s+)?[Pp]hối hợp(?: chặt chẽ)?(?: với| cùng)?"
    r"(?: với)?\s+"
)
_LEADS = re.compile(r"^[Cc]hủ trì,?\s+")
# The verbs that follow a list of units without a sign between.
VERB_AFTER_UNITS = re.compile(
    r"(?<![Cc]ác),?\s+(?:ban hành|tổ chức|xây dựng|hướng dẫn|triển khai|thực hiện|chuẩn bị"
    r"|hoàn thành|đưa|phân bổ|chỉ đạo|vận động|tham mưu|kiểm tra|rà soát|đẩy mạnh"
    r"|để|trong việc|nhằm|cung cấp"
    r"|tăng cường|tuyên truyền|đề xuất|thẩm định|bố trí|quản lý|theo dõi|giám sát|tiếp tục"
    r"|thành lập|nghiên cứu|lập|trình|có(?! liên quan)|kết nối|hỗ trợ|mời)\b"
)


@dataclass(slots=True)
class _Group:
    """A heading that names units, with the lines below it."""

    heading: Entry
    units: Words
    lines: list[list[Entry]] = field(default_factory=list)

    @property
    def coordinates(self) -> bool:
        """Tell whether any of its bullets names the units it is shared with."""
        return any(
            line[0].kind is Kind.BULLET and _WITH.search(line[0].body.text) for line in self.lines
        )


def read_directives(entries: Sequence[Entry], year: int | None) -> tuple[Item, ...]:
    """Return the tasks below headings that name units.

    Where most headings have bullets with coordinating units of their own, each bullet is a task;
    else a heading with all its lines is one.
    """
    groups = list(_groups(entries))
    bulleted = [group for group in groups if group.lines[0][0].kind is Kind.BULLET]
    apart = sum(group.coordinates for group in bulleted) * 2 > len(bulleted)
    items: list[Item] = []
    for group in groups:
        if apart and group in bulleted:
            items.extend(_item(group, line, year, at) for at, line in enumerate(group.lines, 1))
        else:
            items.append(_item(group, [one for line in group.lines for one in line], year))
    return tuple(items)


def _groups(entries: Sequence[Entry]) -> Iterator[_Group]:
    """Yield the headings that name units and have lines below; a plain line joins its bullet."""
    current: _Group | None = None
    for entry in entries:
        if entry.coded:
            if current is not None and current.lines:
                yield current
            current = _begun(entry)
        elif current is not None and not entry.block.cell:
            if entry.kind is Kind.BULLET or not current.lines:
                current.lines.append([])
            current.lines[-1].append(entry)
    if current is not None and current.lines:
        yield current


def _begun(entry: Entry) -> _Group | None:
    asked = asked_sentence(entry)
    if asked is not None:
        return _Group(entry, asked[0], [[replace(entry, body=trimmed(asked[1]))]])
    units = unit_heading(entry)
    return _Group(entry, units) if units else None


def _item(group: _Group, lines: list[Entry], year: int | None, ordinal: int | None = None) -> Item:
    title, coordinators = _split(lines[0].body)
    time, timeframe = _time(lines, year)
    leads = split_units(group.units)
    code = group.heading.code
    return Item(
        code=f"{code}.{ordinal}" if ordinal else code,
        section=code if ordinal else group.heading.section,
        title=title,
        timeframe=timeframe,
        leads=leads,
        coordinators=coordinators,
        time=time,
        details=tuple(line.body for line in lines[1:]),
        line=lines[0].block.line,
        confidence=round(0.8 * item_confidence(timeframe, bool(leads), True), 2),
    )


def _split(body: Words) -> tuple[Words, tuple[Words, ...]]:
    """Return what is to be done, and the units that "phối hợp với" names before it."""
    found = _WITH.search(body.text)
    begin = found.end() if found else 0
    if found is None or not HEAD.match(body.text, begin):
        leads = _LEADS.match(body.text)
        return trimmed(cut(body, leads.end() if leads else 0, len(body.text))), ()
    group = re.compile(r"[Cc]ác \w+").match(body.text, begin)
    verb = VERB_AFTER_UNITS.search(body.text, group.end() if group else begin)
    end = verb.start() if verb else len(body.text)
    units = split_units(trimmed(cut(body, begin, end)))
    if found.start() > 0 or verb is None:
        return trimmed(body), units
    return trimmed(cut(body, end, len(body.text)), " ,.;"), units


def _time(lines: list[Entry], year: int | None) -> tuple[Words | None, Timeframe]:
    for line in lines:
        found = find_phrase(line.body.text)
        if found:
            time = trimmed(cut(line.body, *found))
            return time, read_timeframe(time.text, Context(year, completion=True))
    return None, Timeframe("", confidence=0.5, warnings=("time_missing",))
