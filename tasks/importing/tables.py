"""Tasks written as rows of a table with labelled columns, in any order and wording."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from tasks.importing.blocks import Block
from tasks.importing.columns import WORK, column_role
from tasks.importing.items import item_confidence
from tasks.importing.outline import Entry
from tasks.importing.results import Item, Words
from tasks.importing.role_lines import Role, asks_for_end, read_assignment
from tasks.importing.unit_lists import split_units
from tasks.rules.timeframe import Context, read_timeframe

_COLUMN_NUMBER = re.compile(r"\(?(?:\d{1,2}|[A-H])\)?")  # a row that numbers the columns
_HOUR = re.compile(r"\d{1,2}\s*(?:h|giờ|:)\s*\d{0,2}", re.IGNORECASE)
_GROUP_CODE = re.compile(r"[IVX]+|[A-H]", re.IGNORECASE)
_OWN_CODE = re.compile(r"(?P<code>[IVX]{1,5}|[A-H]|\d{1,2}(?:\.\d{1,2})*)\s*[.)]\s+")
_HEADER_ROWS = 3

Row = dict[int, list[Block]]
Roles = dict[Role, int]


@dataclass(slots=True)
class _Table:
    """The rows of one table, and where in the outline it stands."""

    entry: Entry
    rows: dict[int, Row] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    @property
    def width(self) -> int:
        return max(column for row in self.rows.values() for column in row) + 1


@dataclass(frozen=True, slots=True)
class TableItems:
    """The tasks of all tables, and the first blocks of tables that are agendas of hours."""

    items: tuple[Item, ...]
    agendas: tuple[Block, ...]


def read_tables(entries: Iterable[Entry], context: Context) -> TableItems:
    """Return one task for each row of the tables whose columns say who leads or by when.

    A table without a header goes on with the columns of the one before it.
    """
    items: list[Item] = []
    agendas: list[Block] = []
    before: _Rows | None = None
    for table in _tables(entries):
        header, roles = _header(table)
        within = replace(context, completion=_asks_for_end(table, header, roles))
        if before is not None and not roles and table.width == before.width:
            header, roles, within = -1, before.roles, before.context
        if Role.TITLE not in roles or not WORK & roles.keys():
            continue
        rows = [row for index, row in table.rows.items() if index > header]
        if _is_agenda(rows, roles):
            agendas.append(table.entry.block)
            continue
        before = _Rows(table.entry.code, roles, within, table.width)
        items.extend(before.items(rows))
    return TableItems(tuple(items), tuple(agendas))


def _tables(entries: Iterable[Entry]) -> list[_Table]:
    tables: dict[int, _Table] = {}
    for entry in entries:
        place = entry.block.cell
        if place:
            table = tables.setdefault(place.table, _Table(entry))
            table.rows[place.row][place.column].append(entry.block)
    return list(tables.values())


def _header(table: _Table) -> tuple[int, Roles]:
    """Return the last row of the header, and the columns of its roles.

    The header is the row with the most labels among the first three; a label of the row below it
    ("Chủ trì" under "Phân công") is nearer to its column and counts more.
    """
    rows = list(table.rows)[:_HEADER_ROWS]
    found = {index: _roles(table.rows[index]) for index in rows}
    best = max(rows, key=lambda index: len(found[index]), default=-1)
    roles = dict(found.get(best, {}))
    for index in rows:
        nearer = {role for role in found[index] if role in (Role.LEAD, Role.COORDINATING)}
        if index > best >= 0 and nearer and Role.TITLE not in found[index]:
            roles.pop(Role.ASSIGNED, None)
            return index, {**roles, **found[index]}
    return best, roles


def _roles(row: Row) -> Roles:
    roles: Roles = {}
    for column, blocks in row.items():
        role = column_role(_joined(blocks).text)
        if role and role not in roles:
            roles[role] = column
    return roles


def _asks_for_end(table: _Table, header: int, roles: Roles) -> bool:
    label = _value(table.rows[header], roles, Role.TIME) if roles else None
    return label is not None and asks_for_end(label.text.lower())


def _is_agenda(rows: list[Row], roles: Roles) -> bool:
    times = [_value(row, roles, Role.TIME) for row in rows]
    named = [time for time in times if time]
    return bool(named) and sum(bool(_HOUR.search(time.text)) for time in named) * 2 > len(named)


@dataclass(slots=True)
class _Rows:
    """The columns of a table, and what its rows so far said for those below them."""

    above: str
    roles: Roles
    context: Context
    width: int
    section: str = ""
    ordinal: int = 0
    units: dict[str, tuple[tuple[Words, ...], tuple[Words, ...]]] = field(default_factory=dict)

    def items(self, rows: Sequence[Row]) -> Iterator[Item]:
        self.section = self.section or self.above
        for row, after in zip_longest(rows, rows[1:]):
            title = self._value(row, Role.TITLE)
            if self._is_header(row) or (title and _COLUMN_NUMBER.fullmatch(title.text)):
                continue
            if title is None or self._is_heading(row, after):
                self.section = self._heading_code(row) or self.section
                continue
            self.ordinal += 1
            yield self._item(row, title)

    def _value(self, row: Row, role: Role) -> Words | None:
        return _value(row, self.roles, role)

    def _is_header(self, row: Row) -> bool:
        """Tell a header that is repeated on the next page."""
        found = _roles(row)
        return len(found) > 2 and all(self.roles.get(role) == found[role] for role in found)

    def _is_heading(self, row: Row, after: Row | None) -> bool:
        """Tell a row that only names the group of the rows below it."""
        if len(row) == 1 or len({_joined(blocks).text for blocks in row.values()}) == 1:
            return True
        if any(self._value(row, role) for role in (*WORK, Role.COORDINATING, Role.PRODUCT)):
            return False
        code, below = self._code(row), self._code(after) if after else None
        return bool(
            code
            and (
                _GROUP_CODE.fullmatch(code) or (below is not None and below.startswith(f"{code}."))
            )
        )

    def _code(self, row: Row) -> str | None:
        """Return the code in its column, else the one with which the title begins."""
        number, title = self._value(row, Role.CODE), self._value(row, Role.TITLE)
        if number:
            return number.text.strip(" .)")
        found = _OWN_CODE.match(title.text) if title else None
        return found["code"] if found else None

    def _heading_code(self, row: Row) -> str | None:
        code = self._code(row)
        found = _OWN_CODE.match(_joined(next(iter(row.values()))).text + " ") if row else None
        code = code if code and _OWN_CODE.match(f"{code}. ") else found["code"] if found else None
        return ".".join(part for part in (self.above, code) if part) if code else None

    def _item(self, row: Row, title: Words) -> Item:
        time = self._value(row, Role.TIME)
        leads, coordinators = self._units(row)
        timeframe = read_timeframe(time.text if time else "", self.context)
        # Where the table does not number its rows, their order does.
        own = self._code(row) or str(self.ordinal)
        self.units[own] = leads, coordinators
        return Item(
            code=".".join(part for part in (self.section, own) if part),
            section=self.section,
            title=_without_code(title),
            timeframe=timeframe,
            leads=leads,
            coordinators=coordinators,
            time=time,
            product=self._value(row, Role.PRODUCT),
            budget=self._value(row, Role.BUDGET),
            director=self._value(row, Role.DIRECTOR),
            line=min(block.line for blocks in row.values() for block in blocks),
            confidence=item_confidence(timeframe, bool(leads), True),
        )

    def _units(self, row: Row) -> tuple[tuple[Words, ...], tuple[Words, ...]]:
        """Return leads and coordinators; "2.1" without any has those of "2"."""
        leads, coordinators = self._value(row, Role.LEAD), self._value(row, Role.COORDINATING)
        assigned = None if leads else self._value(row, Role.ASSIGNED)
        if assigned or (leads and not coordinators):
            first, second = read_assignment(assigned or leads or Words("", 0, 0))
        else:
            first = split_units(leads) if leads else ()
            second = ()
        second = (*second, *(split_units(coordinators) if coordinators else ()))
        parent = (self._code(row) or "").rpartition(".")[0]
        return (first, second) if first or second else self.units.get(parent, ((), ()))


def _without_code(title: Words) -> Words:
    found = _OWN_CODE.match(title.text)
    begin = found.end() if found else 0
    return Words(title.text[begin:], title.start + begin, title.end)


def _value(row: Row, roles: Roles, role: Role) -> Words | None:
    blocks = row.get(roles[role]) if role in roles else None
    words = _joined(blocks) if blocks else None
    return words if words and words.text.strip("-–. ") else None


def _joined(blocks: list[Block]) -> Words:
    return Words("\n".join(block.text for block in blocks), blocks[0].start, blocks[-1].end)
