"""What a file of units would do to the registry: one outcome for each line, nothing written."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks.models import Unit, UnitAlias, UnitKind
from tasks.rules.names import fold
from tasks.running import open_parts
from tasks.unit_files.columns import (
    BETWEEN_ALIASES,
    COLUMNS,
    DATES,
    REQUIRED,
    by_kind,
    read_day,
    read_flag,
)
from tasks.unit_files.read import BEYOND, LINE, Row

_CODE = re.compile(r"[-\w]+", re.ASCII)
_LENGTHS = {"code": 40, "name": 200, "short_name": 60, "email": 254}


class Outcome(StrEnum):
    WRONG = "wrong"
    ADDED = "added"
    CHANGED = "changed"
    CLOSED = "closed"
    UNCHANGED = "unchanged"


OUTCOMES = {
    Outcome.WRONG: gettext_lazy("wrong"),
    Outcome.ADDED: gettext_lazy("new"),
    Outcome.CHANGED: gettext_lazy("changed"),
    Outcome.CLOSED: gettext_lazy("closed"),
    Outcome.UNCHANGED: gettext_lazy("unchanged"),
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a line cannot be taken, or what should be known of it, at one column."""

    column: str
    message: str

    @property
    def label(self) -> str:
        return str(COLUMNS.get(self.column, ""))


@dataclass(slots=True)
class Line:
    """One line of the file beside the unit it is about."""

    number: int
    code: str
    name: str
    unit: Unit | None
    values: dict[str, Any] = field(default_factory=dict)
    new_aliases: list[str] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    errors: list[Flaw] = field(default_factory=list)
    warnings: list[Flaw] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        if self.errors:
            return Outcome.WRONG
        if self.unit is None:
            return Outcome.ADDED
        if not self.changes:
            return Outcome.UNCHANGED
        closes = self.unit.valid_until is None and self.values.get("valid_until")
        return Outcome.CLOSED if closes else Outcome.CHANGED

    @property
    def label(self) -> str:
        return str(OUTCOMES[self.outcome])


@dataclass(frozen=True, slots=True)
class Comparison:
    """All lines of a file; `absent` units are in the registry only, and stay as they are."""

    lines: list[Line]
    absent: int

    @property
    def counts(self) -> dict[Outcome, int]:
        found = Counter(line.outcome for line in self.lines)
        return {outcome: found[outcome] for outcome in Outcome}

    @property
    def is_sound(self) -> bool:
        return not any(line.errors for line in self.lines)

    @property
    def changes_anything(self) -> bool:
        return any(line.outcome is not Outcome.UNCHANGED for line in self.lines)


def compare(rows: Iterable[Row]) -> Comparison:
    """Compare the rows of `read_units` with the registry as it is now; four queries."""
    rows = list(rows)
    known = {unit.code: unit for unit in Unit.objects.select_related("parent")}
    codes = Counter(row.get("code", "") for row in rows)
    compared = _Compared(rows, known, codes)
    lines = [compared.line(row) for row in rows]
    _refuse_circles(lines, known)
    return Comparison(lines, len(known.keys() - codes.keys()))


class _Compared:
    """What every line is held against; looked up once for the whole file."""

    def __init__(self, rows: list[Row], known: dict[str, Unit], codes: Counter[str]) -> None:
        self.known, self.codes, self.kinds = known, codes, by_kind()
        self.by_name: dict[str, str] = {fold(unit.name): unit.code for unit in known.values()}
        self.aliases: dict[int, set[str]] = {}
        general = UnitAlias.objects.filter(issuer__isnull=True)
        for unit, folded in general.values_list("unit_id", "folded"):
            self.aliases.setdefault(unit, set()).add(folded)
        work = open_parts().values("unit").annotate(count=Count("pk"))
        self.work = dict(work.values_list("unit", "count"))

    def line(self, row: Row) -> Line:
        code = row.get("code", "")
        line = Line(int(row[LINE]), code, row.get("name", ""), self.known.get(code))
        line.errors += self._about_code(code)
        if BEYOND in row:
            message = _("“%(text)s” stands beyond the last column: put quotes around the names.")
            line.errors.append(Flaw("aliases", message % {"text": row[BEYOND]}))
        for column in COLUMNS:
            if column in row and column != "aliases":
                self._take(line, column, row[column])
        self._fill_in(line)
        self._about_days(line)
        self._about_aliases(line, row.get("aliases", ""))
        line.changes = list(self._changes(line))
        line.warnings += self._about_name(line)
        return line

    def _about_code(self, code: str) -> Iterator[Flaw]:
        if not code:
            yield Flaw("code", _("The code is missing."))
        elif self.codes[code] > 1:
            yield Flaw("code", _("The code “%(code)s” stands twice in the file.") % {"code": code})

    def _take(self, line: Line, column: str, text: str) -> None:
        """Put the value of one cell into the line, or say what is wrong with it."""
        try:
            line.values[column] = self._value(column, text)
        except (ValueError, ValidationError) as error:
            said = error.messages[0] if isinstance(error, ValidationError) else str(error)
            line.errors.append(Flaw(column, said))

    def _value(self, column: str, text: str) -> Any:
        if len(text) > _LENGTHS.get(column, len(text)):
            raise ValidationError(
                _("Longer than %(count)s characters.") % {"count": _LENGTHS[column]}
            )
        match column:
            case "code" if text and not _CODE.fullmatch(text):
                raise ValidationError(
                    _("“%(text)s”: only letters without accents, digits and hyphens.")
                    % {"text": text}
                )
            case "name" if not text:
                raise ValidationError(_("The name is missing."))
            case "email" if text:
                validate_email(text)
            case "kind":
                return self._kind(text)
            case "parent":
                return self._parent(text)
            case "may_issue":
                return _flag(text)
            case _ if column in DATES:
                return _day(text)
        return text

    def _kind(self, text: str) -> str:
        kind = self.kinds.get(fold(text or "department"))
        if kind is None:
            known = ", ".join(str(label) for label in UnitKind.labels)
            raise ValidationError(
                _("Nobody knows the kind “%(kind)s”. Known are: %(known)s.")
                % {"kind": text, "known": known}
            )
        return kind

    def _parent(self, code: str) -> str:
        if code and code not in self.known and code not in self.codes:
            raise ValidationError(
                _("No unit has the code “%(code)s”, here or in the file.") % {"code": code}
            )
        return code

    def _fill_in(self, line: Line) -> None:
        """A new unit without a short name goes by its name."""
        if line.unit is None and not line.values.get("short_name"):
            line.values["short_name"] = str(line.values.get("name", ""))[:60]
        elif line.values.get("short_name") == "":
            del line.values["short_name"]

    def _about_days(self, line: Line) -> None:
        unit = line.unit
        first = line.values.get("valid_from", unit.valid_from if unit else None)
        last = line.values.get("valid_until", unit.valid_until if unit else None)
        if first and last and last < first:
            line.errors.append(Flaw("valid_until", _("The last day is before the first.")))
        elif unit and unit.valid_until is None and last and self.work.get(unit.pk):
            message = _("%(count)s parts are under way here: merge or split the unit to move them.")
            line.warnings.append(Flaw("valid_until", message % {"count": self.work[unit.pk]}))

    def _about_aliases(self, line: Line, text: str) -> None:
        """Aliases of the file are added; those it leaves out stay: reviewers taught them."""
        has = self.aliases.get(line.unit.pk, set()) if line.unit else set()
        given = [one.strip() for one in text.split(BETWEEN_ALIASES)]
        fresh = {fold(one): one for one in given if one and fold(one) not in has}
        line.new_aliases = list(fresh.values())
        if any(len(one) > 200 for one in line.new_aliases):
            message = _("Longer than %(count)s characters.") % {"count": 200}
            line.errors.append(Flaw("aliases", message))

    def _changes(self, line: Line) -> Iterator[tuple[str, str, str]]:
        """The columns that differ: label, value now, value of the file."""
        for column, value in line.values.items():
            before = _present(line.unit, column) if line.unit else ""
            if before != value and (line.unit or value) and (line.unit or column not in REQUIRED):
                yield str(COLUMNS[column]), _shown(column, before), _shown(column, value)
        if line.new_aliases:
            yield str(COLUMNS["aliases"]), "", "; ".join(line.new_aliases)

    def _about_name(self, line: Line) -> Iterator[Flaw]:
        owner = self.by_name.get(fold(line.name))
        if line.unit is None and owner is not None:
            message = _("The unit “%(code)s” has this name already.")
            yield Flaw("name", message % {"code": owner})


def _present(unit: Unit, column: str) -> Any:
    if column == "parent":
        return unit.parent.code if unit.parent else ""
    return getattr(unit, column)


def _shown(column: str, value: Any) -> str:
    if column == "kind" and value:
        return str(UnitKind(value).label)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def _flag(text: str) -> bool:
    found = read_flag(text)
    if found is None:
        raise ValidationError(_("Write x or leave it empty, not “%(text)s”.") % {"text": text})
    return found


def _day(text: str) -> dt.date | None:
    try:
        return read_day(text)
    except ValueError as error:
        raise ValidationError(
            _("“%(text)s” is no date. Write it as 01/03/2025.") % {"text": text}
        ) from error


def _refuse_circles(lines: list[Line], known: dict[str, Unit]) -> None:
    """Mark the lines that would put a unit, over others, above itself."""
    above = {unit.code: unit.parent.code if unit.parent else "" for unit in known.values()}
    above |= {line.code: line.values["parent"] for line in lines if "parent" in line.values}
    for line in lines:
        place, seen = line.code, set[str]()
        while place and place not in seen:
            seen.add(place)
            place = above.get(place, "")
        if place and place == line.code:
            line.errors.append(Flaw("parent", _("The unit would stand above itself.")))
