"""Tables of indicators: a row for each, columns for unit, plan, result or single years."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from tasks.importing.blocks import Block
from tasks.importing.outline import Entry
from tasks.importing.periods import find_periods, year_period
from tasks.importing.results import Figure, Header, Target, Words
from tasks.importing.topics import Topic, place_lines
from tasks.rules.names import place_tones
from tasks.rules.quantities import NUMBER, find_quantities, value_of


class Column(StrEnum):
    """What a column of such a table holds."""

    CODE = "code"
    NAME = "name"
    UNIT = "unit"
    TARGET = "target"
    RESULT = "result"
    YEAR = "year"
    OTHER = "other"


# The first that matches decides.
_LABELS = (
    (Column.CODE, re.compile(r"(?:stt|tt|số tt|mã số)\b")),
    (Column.UNIT, re.compile(r"(?:đơn vị tính|đvt|đơn vị đo|đơn vị$)")),
    (
        Column.OTHER,
        re.compile(
            r".*(?:ghi chú|tỷ lệ|so sánh|so với|chủ trì|phối hợp|thời gian|thực hiện nhiệm vụ"
            r"|cơ quan|phụ trách|theo dõi|nguồn|căn cứ|kinh phí)"
        ),
    ),
    (
        Column.RESULT,
        re.compile(r".*(?:thực hiện|kết quả|đạt được|ước|thực trạng|hiện trạng|đã đạt)"),
    ),
    (
        Column.NAME,
        re.compile(
            r"(?:(?:tên|nội dung|các|danh mục|nhóm) )*(?:chỉ tiêu|tiêu chí|chỉ số|mục tiêu)"
            r"(?! (?:năm|giao|kế hoạch|đến|phấn đấu|giai đoạn|quý|\d))|nội dung|hạng mục"
        ),
    ),
    (
        Column.TARGET,
        re.compile(r".*(?:kế hoạch|chỉ tiêu|mục tiêu|phấn đấu|giá trị|dự kiến|giao|cần đạt)"),
    ),
    (Column.YEAR, re.compile(r"(?:đến |năm |giai đoạn )*(?:19|20)\d\d")),
)
_VALUE = re.compile(
    rf"(?:(?P<least>≥|>=|>|từ|trên|ít nhất|tối thiểu)|(?P<most>≤|<=|<|dưới|không quá|tối đa))?\s*"
    rf"(?P<low>{NUMBER})\s*(?P<sign>%)?(?:\s*(?:-|–|đến)\s*(?P<high>{NUMBER}))?\s*(?P<unit>%|[^\d]*)$",
    re.IGNORECASE,
)
_HEADER_ROWS = 2
_LONGEST_LABEL = 80  # characters

Row = dict[int, list[Block]]


@dataclass(slots=True)
class _Table:
    """The rows of a table, and the lines above it, the nearest first."""

    entry: Entry
    above: tuple[str, ...]
    topic: Topic | None
    rows: dict[int, Row] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))


@dataclass(frozen=True, slots=True)
class _Value:
    """A number of a row with its column."""

    name: Words
    unit: str | None
    low: float | None
    high: float | None
    words: Words
    column: Column
    label: str


@dataclass(frozen=True, slots=True)
class Indicators:
    """What the tables set as targets and tell as results."""

    targets: tuple[Target, ...]
    figures: tuple[Figure, ...]


def read_indicator_tables(entries: Iterable[Entry], header: Header) -> Indicators:
    """Return targets and results from the tables that have a column of names and of numbers.

    Years alone over the columns are targets in a section of targets and results in a report. A
    plan beside a result is no target any more: it stays with the figure.
    """
    targets: list[Target] = []
    figures: list[Figure] = []
    for table in _tables(entries):
        values = list(_values(table))
        reached = {value.name for value in values if value.column is Column.RESULT}
        planned = {value.name: value.low for value in values if value.column is Column.TARGET}
        for value in values:
            if not _is_target(value, table, header):
                plan = planned.get(value.name) if value.column is Column.RESULT else None
                figures.append(replace(_figure(value, table, header), planned=plan))
            elif value.name not in reached:
                targets.append(_target(value, table, header))
    return Indicators(tuple(targets), tuple(figures))


def _tables(entries: Iterable[Entry]) -> Iterable[_Table]:
    tables: dict[int, _Table] = {}
    title = ""
    for line in place_lines(entries):
        place = line.entry.block.cell
        if place is None:
            title = line.entry.body.text
            continue
        above = (title, *(one.body.text for one in line.headings))
        table = tables.setdefault(place.table, _Table(line.entry, above, line.topic))
        table.rows[place.row][place.column].append(line.entry.block)
    return tables.values()


def _values(table: _Table) -> Iterator[_Value]:
    first, columns, labels = _header(table)
    kinds = set(columns.values())
    if Column.NAME not in kinds or not kinds & {Column.TARGET, Column.RESULT, Column.YEAR}:
        return
    if Column.UNIT not in kinds and not _mostly_numbers(table, first, columns):
        return
    for index, row in table.rows.items():
        if index > first:
            yield from _row_values(row, columns, labels)


def _header(table: _Table) -> tuple[int, dict[int, Column], dict[int, str]]:
    """Return the last row of the header, the kind of each column and its words.

    In a header of two rows the lower one ("2024" below "Kế hoạch") adds to the words above it.
    """
    columns: dict[int, Column] = {}
    labels: dict[int, str] = {}
    last = -1
    for index in list(table.rows)[:_HEADER_ROWS]:
        found = {
            at: label
            for at, blocks in table.rows[index].items()
            if len(label := _text(blocks)) <= _LONGEST_LABEL and _kind(label)
        }
        if len(found) < 2 and last >= 0:
            break
        for at, label in found.items():
            labels[at] = f"{labels.get(at, '')} {label}".strip()
        last = index if found else last
    for at, label in labels.items():
        columns[at] = _kind(label) or Column.OTHER
    return last, columns, labels


def _kind(label: str) -> Column | None:
    words = place_tones(" ".join(label.lower().split()))
    return next((kind for kind, pattern in _LABELS if pattern.match(words)), None)


def _mostly_numbers(table: _Table, first: int, columns: dict[int, Column]) -> bool:
    """Tell a table of numbers from one of tasks, whose "kết quả" are words."""
    held = [
        _text(blocks)
        for index, row in table.rows.items()
        for at, blocks in row.items()
        if index > first and columns.get(at) in (Column.TARGET, Column.RESULT, Column.YEAR)
    ]
    return bool(held) and 2 * sum(bool(_VALUE.match(text)) for text in held) > len(held)


def _row_values(row: Row, columns: dict[int, Column], labels: dict[int, str]) -> Iterator[_Value]:
    kinds = {kind: at for at, kind in reversed(columns.items())}
    name, unit = row.get(kinds[Column.NAME]), row.get(kinds.get(Column.UNIT, -1))
    if not name:
        return
    for at, kind in columns.items():
        if kind in (Column.TARGET, Column.RESULT, Column.YEAR) and at in row:
            value = _value(_words(name), _text(unit or []), _words(row[at]), kind, labels[at])
            if value:
                yield value


def _value(name: Words, unit: str, cell: Words, kind: Column, label: str) -> _Value | None:
    found = _VALUE.match(cell.text)
    if found is None or len(found["unit"]) > _LONGEST_LABEL:
        return _value_in_words(name, unit, cell, kind, label)
    low = value_of(found["low"])
    high = value_of(found["high"]) if found["high"] else low
    own = (found["sign"] or found["unit"]).strip(" .;,()") or unit
    in_header = re.search(r"\((?P<unit>%|[^()\d]+)\)", label)
    own = own or (in_header["unit"] if in_header else "")
    bounds = (None if found["most"] else low, None if found["least"] else high)
    return _Value(name, own or None, *bounds, cell, kind, label)


def _value_in_words(name: Words, unit: str, cell: Words, kind: Column, label: str) -> _Value | None:
    """Return the one quantity of a cell that says it in words ("đạt từ 95% trở lên")."""
    found = find_quantities(cell.text)
    if len(found) != 1:
        return None
    return _Value(name, found[0].unit or unit, found[0].low, found[0].high, cell, kind, label)


def _is_target(value: _Value, table: _Table, header: Header) -> bool:
    if value.column is Column.YEAR:
        return header.type != "Báo cáo" or table.topic is Topic.TARGETS
    return value.column is Column.TARGET


def _target(value: _Value, table: _Table, header: Header) -> Target:
    label, by = _period(value, table, header)
    return Target(
        value.name, value.low, value.high, value.unit, value.words, label, by,
        section=table.entry.code, line=table.entry.block.line, confidence=0.85,
    )  # fmt: skip


def _figure(value: _Value, table: _Table, header: Header) -> Figure:
    label, _by = _period(value, table, header)
    return Figure(
        value.name, value.low, value.high, value.unit, value.words, period=label,
        section=table.entry.code, line=table.entry.block.line, confidence=0.85,
    )  # fmt: skip


def _period(value: _Value, table: _Table, header: Header) -> tuple[str | None, date | None]:
    """Return the period that the column names, else a line above the table, else the document."""
    bare = re.search(r"\b((?:19|20)\d\d)\b", value.label)
    found = find_periods(value.label, header.year)
    period = found[-1] if found else year_period(int(bare[1])) if bare else None
    above = (named[-1] for text in table.above if (named := find_periods(text, header.year)))
    period = period or next(above, None)
    if period is None and header.period:
        return str(header.period[1].year), header.period[1]
    return (period.label, period.by) if period else (None, None)


def _text(blocks: Sequence[Block]) -> str:
    return " ".join(block.text for block in blocks)


def _words(blocks: Sequence[Block]) -> Words:
    return Words(_text(blocks), blocks[0].start, blocks[-1].end)
