"""The draft of a consolidated report, put together from the accepted reports of the units.

Results stand by section of the plan, then by unit; everything else by unit. Each line ends with
the mark of a note that says where it comes from. Pure: plain data in, lines and notes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tasks.reporting.statements import lines_of, marked, rounded
from tasks.rules.names import fold

# So many letters of an item's title tell it from a line that only begins with the same number.
_TELLING = 12


@dataclass(frozen=True, slots=True)
class ItemName:
    """An item of the plan, and the heading of the section it stands in."""

    pk: int
    code: str
    title: str
    section: str


@dataclass(frozen=True, slots=True)
class UnitText:
    """One section of an accepted report: `section` is its key, `unit` the heading it gets."""

    section: int
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Sourced:
    """One statement to be noted: from which section, about which item, in which words."""

    number: int
    section: int
    item: int | None
    quote: str


class Draft:
    """What is being put together: its lines and their notes, numbered on from `last`."""

    def __init__(self, last: int = 0) -> None:
        self.lines: list[str] = []
        self.notes: list[Sourced] = []
        self._last = last

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def head(self, text: str) -> None:
        if self.lines:
            self.lines.append("")
        self.lines.append(text)

    def state(self, line: str, section: int, item: int | None = None) -> None:
        """Add what a source says, with a note of its own."""
        self._last += 1
        self.lines.append(marked(rounded(line), [self._last]))
        self.notes.append(Sourced(self._last, section, item, line))


def by_unit(draft: Draft, texts: Iterable[UnitText]) -> None:
    """Each unit's lines under its name."""
    for told in texts:
        lines = lines_of(told.text)
        if lines:
            draft.head(told.unit)
        for line in lines:
            draft.state(line, told.section)


def by_section(
    draft: Draft, texts: Iterable[UnitText], items: Sequence[ItemName], general: str
) -> None:
    """Each unit's lines under the section of the plan whose items they are about.

    Lines before the first item stand first, under the heading `general`. Where the plan has at
    most one section there is nothing to sort.
    """
    sections = list(dict.fromkeys(item.section for item in items if item.section))
    if len(sections) <= 1:
        by_unit(draft, texts)
        return
    placed: dict[str, list[tuple[UnitText, list[tuple[ItemName | None, str]]]]] = {
        name: [] for name in (general, *sections)
    }
    for told in texts:
        parts: dict[str, list[tuple[ItemName | None, str]]] = {}
        for item, line in _about(lines_of(told.text), items):
            parts.setdefault(item.section if item and item.section else general, []).append(
                (item, line)
            )
        for name, lines in parts.items():
            placed[name].append((told, lines))
    for name, tellings in placed.items():
        if tellings:
            draft.head(name)
        for told, lines in tellings:
            draft.lines.append(told.unit)
            for item, line in lines:
                draft.state(line, told.section, item.pk if item else None)


def _about(
    lines: Iterable[str], items: Sequence[ItemName]
) -> Iterable[tuple[ItemName | None, str]]:
    """Each line with the item it is about: the last one that was named before it."""
    by_code = {fold(item.code.rstrip(".")): item for item in items if item.code}
    by_title = {fold(item.title): item for item in items}
    current: ItemName | None = None
    for line in lines:
        current = _named(line, by_code, by_title) or current
        yield current, line


def _named(
    line: str, by_code: dict[str, ItemName], by_title: dict[str, ItemName]
) -> ItemName | None:
    """The item that a line names by its code and the beginning of its title, or by its title."""
    code, _blank, rest = line.partition(" ")
    item = by_code.get(fold(code.rstrip(".):")))
    if item is not None and fold(rest)[:_TELLING] == fold(item.title)[:_TELLING]:
        return item
    return by_title.get(fold(line.rstrip(" .:;")))
