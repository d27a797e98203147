"""From an edited letter back to the texts of a report's sections, with their marks. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tasks.importing.errors import ForeignLetterError, OtherReportError, SectionsLostError
from tasks.models import SectionKind
from tasks.reporting.statements import key_of, lines_of, marked, unmarked
from tasks.rules.names import fold

# The sign at which a letter ends.
_END = "./."
# What the letter says of a section without text, in any language it may be written in.
_NOTHING = tuple(map(key_of, ("Không.", "Không có.", "None.")))


@dataclass(frozen=True, slots=True)
class OwnSection:
    """A section of the report as it is saved."""

    position: int
    kind: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Returned:
    """The texts that come back, by position, and the lines among them that lost their source."""

    texts: Mapping[int, str]
    unsourced: Sequence[str]


def returned(
    reading: Mapping[str, Any],
    sections: Sequence[OwnSection],
    *,
    filename: str,
    identifier: str,
    notes: Collection[int],
) -> Returned:
    """What a reading by `edited_letter` changes in `sections`; what is the same keeps its words.

    A paragraph whose words are those of a saved line gets the marks of that line back if its
    footnote was lost. Numbers that are not among `notes` are dropped. Raises `OtherReportError`,
    `ForeignLetterError` or `SectionsLostError`.
    """
    if reading["identifier"] not in ("", identifier):
        raise OtherReportError(filename=filename)
    found = _by_section(reading["paragraphs"], sections)
    if not found:
        raise ForeignLetterError(filename=filename)
    if lost := [one.title for one in sections if _is_printed(one) and one.position not in found]:
        raise SectionsLostError(filename=filename, sections="; ".join(lost))
    texts: dict[int, str] = {}
    unsourced: list[str] = []
    for section in sections:
        if section.position in found:
            lines = list(_lines(found[section.position], section.text, notes))
            texts[section.position] = _text(lines, section.text)
            unsourced += _lost(lines, section.text)
    return Returned(texts, unsourced)


def _is_printed(section: OwnSection) -> bool:
    return bool(section.text.strip()) or section.kind != SectionKind.FIGURES


def _by_section(
    paragraphs: Iterable[Mapping[str, Any]], sections: Sequence[OwnSection]
) -> dict[int, list[dict[str, Any]]]:
    """The paragraphs below each heading of a section; what stands before the first is no text."""
    known = {one.position for one in sections}
    titles = {fold(one.title): one.position for one in sections}
    found: dict[int, list[dict[str, Any]]] = {}
    current: list[dict[str, Any]] | None = None
    for one in paragraphs:
        position = one["section"] if one["section"] in known else None
        if position is None and one["level"] == 1:
            position = titles.get(fold(_unnumbered(one["text"])))
        if position is not None:
            current = found.setdefault(position, [])
        elif current is not None:
            current.append(dict(one))
    if current and current[-1]["text"].endswith(_END):
        current[-1]["text"] = current[-1]["text"].removesuffix(_END) + "."
    return found


def _unnumbered(title: str) -> str:
    """A heading without the number that somebody wrote out before it."""
    number, dot, rest = title.partition(". ")
    return rest if dot and number.isalnum() else title


def _lines(
    paragraphs: Sequence[Mapping[str, Any]], saved: str, notes: Collection[int]
) -> Iterable[tuple[str, int]]:
    """Each line with its marks, and its level."""
    before: dict[str, list[str]] = {}
    for line in lines_of(saved):
        before.setdefault(key_of(unmarked(line)[0]), []).append(line)
    for one in paragraphs:
        text, typed = unmarked(one["text"])
        cited = [number for number in (*one["notes"], *typed) if number in notes]
        if same := before.get(key_of(text)):
            text, marks = unmarked(same.pop(0))
            cited = cited or list(marks)
        elif not saved.strip() and key_of(text) in _NOTHING:
            continue
        yield marked(text, dict.fromkeys(cited)), one["level"]


def _text(lines: Sequence[tuple[str, int]], saved: str) -> str:
    """The lines with a blank one before each heading; the saved text if nothing else changed."""
    if [line for line, _level in lines] == lines_of(saved):
        return saved
    told: list[str] = []
    for at, (line, level) in enumerate(lines):
        if level and at and not lines[at - 1][1]:
            told.append("")
        told.append(line)
    return "\n".join(told)


def _lost(lines: Iterable[tuple[str, int]], saved: str) -> list[str]:
    """The new lines that cite nothing, where the section had sources to cite."""
    if not any(unmarked(line)[1] for line in lines_of(saved)):
        return []
    known = {key_of(line) for line in lines_of(saved)}
    bare = [line for line, level in lines if not level and not unmarked(line)[1]]
    return [line for line in bare if key_of(line) not in known]
