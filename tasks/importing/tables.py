"""Tasks written as rows of a table with labelled columns."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tasks.importing.blocks import Block
from tasks.importing.items import item_confidence
from tasks.importing.outline import Entry
from tasks.importing.results import Item, Words
from tasks.importing.role_lines import Role, asks_for_end
from tasks.importing.unit_lists import split_units
from tasks.rules.names import place_tones
from tasks.rules.timeframe import Context, read_timeframe

_COLUMNS = (
    (Role.CODE, re.compile(r"(?:stt|tt|số tt|số thứ tự|mã)\b")),
    (Role.COORDINATING, re.compile(r".*phối hợp")),
    (
        Role.LEAD,
        re.compile(r".*(?:chủ trì|phụ trách|(?:đơn vị|cơ quan|bộ phận|trách nhiệm) thực hiện)"),
    ),
    (Role.TIME, re.compile(r"(?:thời (?:gian|hạn|điểm)|tiến độ|hạn|ngày hoàn thành|lộ trình)")),
    (
        Role.TITLE,
        re.compile(r"(?:nội dung|nhiệm vụ|công việc|hoạt động|tên|đầu việc|hạng mục|giải pháp)"),
    ),
)
_COLUMN_NUMBER = re.compile(r"\(?\d{1,2}\)?")  # a row that numbers the columns
_HOUR = re.compile(r"\d{1,2}\s*(?:h|giờ|:)\s*\d{0,2}", re.IGNORECASE)

Row = dict[int, list[Block]]


@dataclass(slots=True)
class _Table:
    """The rows of one table, and where in the outline it stands."""

    entry: Entry
    rows: dict[int, Row] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))


@dataclass(frozen=True, slots=True)
class TableItems:
    """The tasks of all tables, and the first blocks of tables that are agendas of hours."""

    items: tuple[Item, ...]
    agendas: tuple[Block, ...]


def read_tables(entries: Iterable[Entry], year: int | None) -> TableItems:
    """Return one task for each row of the tables whose columns say who leads or by when."""
    items: list[Item] = []
    agendas: list[Block] = []
    for table in _tables(entries):
        header, roles = _header(table)
        if Role.TITLE not in roles or not {Role.LEAD, Role.TIME} & roles.keys():
            continue
        rows = [row for index, row in table.rows.items() if index > header]
        if _is_agenda(rows, roles):
            agendas.append(table.entry.block)
        else:
            label = _value(table.rows[header], roles, Role.TIME)
            context = Context(year, label is not None and asks_for_end(label.text.lower()))
            items.extend(_rows(table, rows, roles, context))
    return TableItems(tuple(items), tuple(agendas))


def _tables(entries: Iterable[Entry]) -> list[_Table]:
    tables: dict[int, _Table] = {}
    for entry in entries:
        place = entry.block.cell
        if place:
            table = tables.setdefault(place.table, _Table(entry))
            table.rows[place.row][place.column].append(entry.block)
    return list(tables.values())


def _header(table: _Table) -> tuple[int, dict[Role, int]]:
    """Return the row with the most labels among the first three, and the columns of its roles."""
    best: tuple[int, dict[Role, int]] = (-1, {})
    for index in list(table.rows)[:3]:
        roles: dict[Role, int] = {}
        for column, blocks in table.rows[index].items():
            role = _column_role(_joined(blocks).text)
            if role and role not in roles:
                roles[role] = column
        if len(roles) > len(best[1]):
            best = index, roles
    return best


def _column_role(label: str) -> Role | None:
    words = place_tones(label.lower()).strip()
    return next((role for role, pattern in _COLUMNS if pattern.match(words)), None)


def _is_agenda(rows: list[Row], roles: dict[Role, int]) -> bool:
    times = [_value(row, roles, Role.TIME) for row in rows]
    named = [time for time in times if time]
    return bool(named) and sum(bool(_HOUR.search(time.text)) for time in named) * 2 > len(named)


def _rows(table: _Table, rows: list[Row], roles: dict[Role, int], context: Context) -> list[Item]:
    items: list[Item] = []
    section = table.entry.code
    for row in rows:
        title = _value(row, roles, Role.TITLE)
        if title is not None and _COLUMN_NUMBER.fullmatch(title.text):
            continue
        if title is None or len(row) == 1:  # a heading across the table
            section = _heading_code(row, table.entry.code) or section
            continue
        items.append(_item(row, roles, title, section, len(items) + 1, context))
    return items


def _heading_code(row: Row, above: str) -> str | None:
    text = _joined(next(iter(row.values()))).text if row else ""
    found = re.match(r"([IVX]+|[A-H]|\d{1,2})\s*[.)]", text)
    return ".".join(part for part in (above, found[1]) if part) if found else None


def _item(
    row: Row, roles: dict[Role, int], title: Words, section: str, ordinal: int, context: Context
) -> Item:
    number, time = _value(row, roles, Role.CODE), _value(row, roles, Role.TIME)
    leads, coordinators = _value(row, roles, Role.LEAD), _value(row, roles, Role.COORDINATING)
    timeframe = read_timeframe(time.text if time else "", context)
    # Where the table does not number its rows, their order does.
    own = number.text.strip(" .)") if number else str(ordinal)
    return Item(
        code=".".join(part for part in (section, own) if part),
        section=section,
        title=title,
        timeframe=timeframe,
        leads=split_units(leads) if leads else (),
        coordinators=split_units(coordinators) if coordinators else (),
        time=time,
        line=min(block.line for blocks in row.values() for block in blocks),
        confidence=item_confidence(timeframe, leads is not None, True),
    )


def _value(row: Row, roles: dict[Role, int], role: Role) -> Words | None:
    blocks = row.get(roles[role]) if role in roles else None
    words = _joined(blocks) if blocks else None
    return words if words and words.text.strip("-–. ") else None


def _joined(blocks: list[Block]) -> Words:
    return Words("\n".join(block.text for block in blocks), blocks[0].start, blocks[-1].end)
