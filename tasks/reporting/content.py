"""What a report says, as plain data: the letter, the workbook and the page show only this.

Nothing here reads a row. `gathering.gather` fills it; what was handed in keeps it as JSON, so that
its files are made from the record and not from rows that have moved on.
"""

from __future__ import annotations

import datetime as dt
import functools
import types
import typing
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeVar

from tasks.models import SectionKind
from tasks.overview import CLASSES
from tasks.reporting.figures import FigureRow, shown
from tasks.rules.timeliness import Timeliness

T = TypeVar("T")

# The columns of every table of totals: the official four classes, then the two others.
COUNTED = ("done_on_time", "done_late", "in_term", "overdue", "no_deadline", "paused")
CLASS_OF: dict[Timeliness, str] = {
    one: name for name, members in CLASSES.items() for one in members
}
_BODY, _PART, _UNIT = 0, 2, 3  # levels of a paragraph: text, section of the plan, unit


@dataclass(frozen=True, slots=True)
class Head:
    """Who writes, and the number, place and day of the letter; an unknown day leaves room."""

    issuer: str
    above: str
    number_sign: str
    place: str
    issued_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Note:
    """Where a statement comes from. `quote` is what the source said, word for word."""

    number: int
    words: str
    quote: str
    unit: str
    section: str
    item: str
    # The report that said so, and the place of the section in it.
    report: int
    position: int
    handed_in_on: dt.date | None

    @property
    def label(self) -> str:
        """The note as it stands below a page; its number is read back from an edited letter."""
        return f"[{self.number}] {self.words}"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of a section: text with the notes it cites, or a heading of level 2 or 3."""

    text: str
    level: int = _BODY
    notes: tuple[int, ...] = ()

    @property
    def is_heading(self) -> bool:
        return self.level != _BODY


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the outline with its paragraphs; `position` names it in the report."""

    position: int
    kind: str
    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """How one lead unit stands with one item; `percent` from 0 to 100, `counted` in `COUNTED`."""

    section: str
    code: str
    title: str
    unit: str
    due_on: dt.date | None
    percent: int
    standing: str
    counted: str
    is_unstarted: bool = False
    is_returned: bool = False
    is_extended: bool = False


@dataclass(frozen=True, slots=True)
class TotalRow:
    """How many of one section's or unit's rows are in each class, in the order of `COUNTED`."""

    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Words:
    """The fixed words of tables, kept with the record: a later wording changes no old file."""

    annex_title: str
    annex_headings: tuple[str, ...]
    class_name: str
    class_names: tuple[str, ...]
    total: str
    by_section: str
    by_unit: str
    section: str
    unit: str
    figures: str
    figure_headings: tuple[str, ...]
    sources: str
    nothing: str
    items_sheet: str
    sections_sheet: str
    units_sheet: str


@dataclass(frozen=True, slots=True)
class ReportContent:
    """A whole report as it stood on the local date `as_of`."""

    as_of: dt.date
    is_consolidated: bool
    head: Head
    kind: str
    subject: str
    opening: str
    overview: tuple[str, ...]
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
    annex: tuple[AnnexRow, ...]
    figures: tuple[FigureRow, ...]
    signer_post: str
    signer: str
    recipients: tuple[str, ...]
    words: Words
    # Tells an edited letter of this report from one of another.
    identifier: str = ""

    @property
    def overall(self) -> TotalRow:
        counted = totals_by("", self.annex)
        return counted[0] if counted else TotalRow("", (0,) * len(COUNTED))

    def lines(self, section: Section) -> tuple[Paragraph, ...]:
        """What stands below the heading of a section; one without text or figures says so."""
        is_told = bool(section.paragraphs) or self.has_figures(section)
        return section.paragraphs if is_told else (Paragraph(self.words.nothing),)

    def has_figures(self, section: Section) -> bool:
        """Whether the table of the figures stands in the section."""
        return section.kind == SectionKind.FIGURES and bool(self.figures)

    @property
    def figure_cells(self) -> list[tuple[str, ...]]:
        """The figures as a table of words: below `figure_headings`, one row for each target."""
        return [
            (
                row.name,
                row.measure,
                shown(row.value),
                shown(row.since_start),
                f"{row.wanted} ({row.phase})",
                "; ".join(f"{one.unit}: {shown(one.value)}" for one in row.units),
            )
            for row in self.figures
        ]

    @property
    def note_by_number(self) -> dict[int, Note]:
        return {note.number: note for note in self.notes}

    @property
    def by_section(self) -> list[TotalRow]:
        """In the order of the plan; rows without a section come together."""
        return totals_by("section", self.annex)

    @property
    def by_unit(self) -> list[TotalRow]:
        return sorted(totals_by("unit", self.annex), key=lambda row: row.name)

    def as_json(self) -> dict[str, Any]:
        plain = _plain(self)
        assert isinstance(plain, dict)
        return plain

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ReportContent:
        """The content that `as_json` gave. Raises `KeyError` or `TypeError` for anything else."""
        return _built(cls, data)


def totals_by(field: str, rows: Sequence[AnnexRow]) -> list[TotalRow]:
    """Count the rows by one of their fields, in the order of first appearance; "" counts all."""
    counted: dict[str, dict[str, int]] = {}
    for row in rows:
        key = str(getattr(row, field)) if field else ""
        numbers = counted.setdefault(key, dict.fromkeys(COUNTED, 0))
        numbers[row.counted] += 1
    return [TotalRow(name, tuple(numbers.values())) for name, numbers in counted.items()]


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, dt.date) else value


@functools.cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _built(kind: type[T], data: dict[str, Any]) -> T:
    hints = _hints(typing.cast(Any, kind))
    return kind(**{name: _value(hints[name], value) for name, value in data.items()})


def _value(kind: Any, value: Any) -> Any:
    if typing.get_origin(kind) is types.UnionType:
        if value is None:
            return None
        kind = typing.get_args(kind)[0]
    if typing.get_origin(kind) is tuple:
        return tuple(_value(typing.get_args(kind)[0], one) for one in value)
    if kind is dt.date:
        return dt.date.fromisoformat(value)
    return _built(typing.cast("type[Any]", kind), value) if is_dataclass(kind) else value
