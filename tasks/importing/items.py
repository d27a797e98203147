"""Tasks written as a heading followed by role lines."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from tasks.importing.deeds import deed_and_helpers
from tasks.importing.headings import unit_sentence
from tasks.importing.outline import Entry, Kind
from tasks.importing.results import Item, Words
from tasks.importing.role_lines import Role, RoleValue, read_assignment, read_roles
from tasks.importing.unit_lists import split_units, starts_with_unit, trimmed
from tasks.rules.timeframe import Context, Timeframe, read_timeframe

# The labels that make a line a task; a product or a cost alone does not.
_LEADS = re.compile(r"\W*chủ trì\b", re.IGNORECASE)
_TELLING = frozenset({Role.LEAD, Role.COORDINATING, Role.ASSIGNED, Role.TIME})


@dataclass(slots=True)
class _Candidate:
    """A block that becomes a task as soon as a role line follows it."""

    entry: Entry
    title: Words
    section: str
    details: list[Entry] = field(default_factory=list)
    units: dict[Role, list[Words]] = field(default_factory=dict)
    times: list[RoleValue] = field(default_factory=list)
    said: dict[Role, Words] = field(default_factory=dict)
    awaited: Role | None = None

    @property
    def confirmed(self) -> bool:
        return bool(self.units or self.times)

    def add(self, role: RoleValue) -> None:
        """Take the value of one label; an empty one waits for the list below it."""
        self.awaited = None
        if role.role is Role.TIME:
            self.times.append(role)
        elif role.role in (Role.LEAD, Role.COORDINATING, Role.ASSIGNED):
            self.add_units(role.role, role.value)
            if not role.value.text:
                self.awaited = Role.LEAD if role.role is Role.ASSIGNED else role.role
        elif role.value.text:
            self.said.setdefault(role.role, role.value)

    def add_units(self, role: Role, value: Words) -> None:
        """Take a list of units; one that is assigned or leads may tell who only coordinates."""
        leads: tuple[Words, ...] = ()
        coordinators = split_units(value)
        if role is not Role.COORDINATING:
            leads, coordinators = read_assignment(value)
        for kind, units in ((Role.LEAD, leads), (Role.COORDINATING, coordinators)):
            if units or kind is role:
                self.units.setdefault(kind, []).extend(units)


def read_items(entries: Iterable[Entry], context: Context) -> tuple[Item, ...]:
    """Return the tasks in order; *context* supplies what a time does not say."""
    candidates: list[_Candidate] = []
    for entry in entries:
        if not entry.block.cell:
            _take(entry, candidates)
    return tuple(_item(one, context) for one in _retitled(candidates) if one.confirmed)


def _take(entry: Entry, candidates: list[_Candidate]) -> None:
    """Let one block begin a task, or add to the one before it."""
    current = candidates[-1] if candidates else None
    before, roles = read_roles(entry.body)
    known = any(role.role in _TELLING for role in roles) and (
        bool(before.text) or _is_below(entry, current)
    )
    if known and (before.text or current is None):
        current = _with_subject(_Candidate(entry, before, _section(entry, current)))
        candidates.append(current)
    if known and current is not None:
        for role in roles:
            current.add(role)
    elif current is not None and _belongs(entry, current, roles):
        if roles and not before.text:  # a product or a cost, which alone makes no task
            for role in roles:
                current.add(role)
        else:
            _add_line(entry, current)
    else:
        candidates.append(_Candidate(entry, trimmed(entry.body, " ;,-–"), _section(entry, current)))


def _with_subject(candidate: _Candidate) -> _Candidate:
    """Take who leads and helps from "Phòng A chủ trì, phối hợp với Phòng B xây dựng …"."""
    said = unit_sentence(replace(candidate.entry, body=candidate.title))
    if said is not None and _LEADS.match(said[1].text):
        candidate.title, helpers = deed_and_helpers(trimmed(said[1]))
        candidate.units[Role.LEAD] = list(split_units(said[0]))
        candidate.units[Role.COORDINATING] = list(helpers)
    return candidate


def _is_below(entry: Entry, current: _Candidate | None) -> bool:
    """Tell whether a line can give the units or time of the task above it.

    "1. Thời gian: …" right below a main section is about the plan itself; "a) Chủ trì: …" below
    a numbered task is about that task.
    """
    if not entry.coded:
        return True
    if current is None or current.entry.kind not in (Kind.NUMBER, Kind.LETTER):
        return False
    return len(entry.path) > len(current.entry.path)


def _belongs(entry: Entry, current: _Candidate, roles: tuple[RoleValue, ...]) -> bool:
    """Tell whether a line without units continues the task above it."""
    if entry.coded:
        return False
    if roles or (current.awaited and starts_with_unit(entry.body.text)):
        return True
    return not current.confirmed and current.entry.coded


def _add_line(entry: Entry, current: _Candidate) -> None:
    if current.awaited and starts_with_unit(entry.body.text):
        current.add_units(current.awaited, entry.body)
    elif not current.confirmed:
        current.details.append(entry)


def _section(entry: Entry, before: _Candidate | None) -> str:
    """Return the section of a task; one without a code stands beside the task before it."""
    if not entry.coded and before is not None and before.entry.path == entry.path:
        return before.section
    return entry.section


def _retitled(candidates: list[_Candidate]) -> list[_Candidate]:
    """Give a heading's first bullet its own task where the bullets after it are tasks too."""
    tasks = [one for one in candidates if one.confirmed]
    for one, after in pairwise(tasks):
        lone = len(one.details) == 1 and one.details[0].kind is Kind.BULLET
        beside = after.entry.kind is Kind.BULLET and after.entry.path == one.entry.path
        if lone and beside and one.entry.coded:
            first = one.details.pop()
            one.title, one.section = trimmed(first.body, " ;,-–"), one.entry.code
            one.entry, after.section = first, first.code
    return tasks


def _item(candidate: _Candidate, context: Context) -> Item:
    entry = candidate.entry
    time = _joined(candidate.times)
    completion = any(one.completion for one in candidate.times)
    timeframe = read_timeframe(time.text if time else "", replace(context, completion=completion))
    leads = tuple(candidate.units.get(Role.LEAD, ()))
    return Item(
        code=entry.code if entry.coded else None,
        section=candidate.section,
        title=candidate.title,
        timeframe=timeframe,
        leads=leads,
        coordinators=tuple(candidate.units.get(Role.COORDINATING, ())),
        time=time,
        details=tuple(detail.body for detail in candidate.details),
        product=candidate.said.get(Role.PRODUCT),
        budget=candidate.said.get(Role.BUDGET),
        director=candidate.said.get(Role.DIRECTOR),
        line=entry.block.line,
        confidence=item_confidence(timeframe, bool(leads), entry.coded),
    )


def _joined(times: list[RoleValue]) -> Words | None:
    """Return the words of the time; of several the text is joined and the first is shown."""
    if not times:
        return None
    text = "; ".join(time.value.text for time in times)
    return Words(text, times[0].value.start, times[0].value.end)


def item_confidence(timeframe: Timeframe, led: bool, coded: bool) -> float:
    """Return how sure a task is, from 0 to 1: each thing that is missing takes its share."""
    share = max(timeframe.confidence, 0.2)
    return round(share * (1.0 if led else 0.5) * (1.0 if coded else 0.8), 2)
