"""The automatic numbers that Word draws before paragraphs, which the paragraph text lacks."""

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from docx.oxml.ns import qn

from tasks.rules.roman import roman

# An lxml element; python-docx types its children no further.
Element = Any


class Level(NamedTuple):
    """One level of a list: number format, text such as "%1.%2.", and first number."""

    format: str
    text: str
    start: int


_PLAIN = Level("decimal", "%1.", 1)


@dataclass(slots=True)
class Numbering:
    """Counts the list paragraphs of one document in reading order."""

    levels: dict[tuple[str, int], Level] = field(default_factory=dict)
    abstract_of: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    counters: dict[str, dict[int, int]] = field(default_factory=dict)
    styled: dict[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Element | None) -> "Numbering":
        """Return the numbering defined in the root element of numbering.xml, if there is one."""
        numbering = cls()
        for abstract in [] if root is None else root.findall(qn("w:abstractNum")):
            for level in abstract.findall(qn("w:lvl")):
                key = abstract.get(qn("w:abstractNumId")), _number(level.get(qn("w:ilvl")))
                numbering.levels[key] = _level(level)
                numbering.styled[key[0], _value(level, "w:pStyle")] = key[1]
        for number in [] if root is None else root.findall(qn("w:num")):
            numbering._add_list(number)
        return numbering

    def _add_list(self, number: Element) -> None:
        """Register a list; one that restarts gets levels and counters of its own."""
        name, abstract = number.get(qn("w:numId")), _value(number, "w:abstractNumId")
        self.sources[name] = abstract
        overrides = number.findall(qn("w:lvlOverride"))
        if not overrides:
            self.abstract_of[name] = abstract
            return
        own = self.abstract_of[name] = f"list {name}"
        for (source, depth), level in list(self.levels.items()):
            if source == abstract:
                self.levels[own, depth] = level
        for override in overrides:
            depth = _number(override.get(qn("w:ilvl")))
            start = _value(override, "w:startOverride")
            defined = override.find(qn("w:lvl"))
            known = self.levels.get((own, depth), _PLAIN)
            level = known if defined is None else _level(defined)
            self.levels[own, depth] = level._replace(start=_number(start, level.start))

    def depth_of_style(self, list_id: str, style: str) -> str:
        """Return the level that a list keeps for a paragraph style."""
        abstract = self.sources.get(list_id, "")
        return str(self.styled.get((abstract, style), 0))

    def marker(self, list_id: str, depth: int) -> str:
        """Count one paragraph of a list and return what Word draws before it."""
        name = self.abstract_of.get(list_id)
        if name is None:
            return ""
        level = self.levels.get((name, depth), _PLAIN)
        counts = self.counters.setdefault(name, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [key for key in counts if key > depth]:
            del counts[deeper]
        if level.format == "bullet":
            return "- "
        text = re.sub(r"%(\d)", lambda found: self._shown(name, int(found[1]) - 1), level.text)
        return f"{text} " if text.strip() else ""

    def _shown(self, name: str, depth: int) -> str:
        level = self.levels.get((name, depth), _PLAIN)
        return _format(self.counters[name].get(depth, level.start), level.format)


def _level(element: Element) -> Level:
    return Level(
        _value(element, "w:numFmt") or "decimal",
        _value(element, "w:lvlText") or "",
        _number(_value(element, "w:start"), 1),
    )


def _value(element: Element, child: str) -> str:
    found = element.find(qn(child))
    return "" if found is None else str(found.get(qn("w:val"), ""))


def _number(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isdecimal() else default


def _format(count: int, style: str) -> str:
    if style in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter.upper() if style == "upperLetter" else letter
    if style in ("lowerRoman", "upperRoman"):
        return roman(count) if style == "upperRoman" else roman(count).lower()
    if style == "none":
        return ""
    return f"{count:02}" if style == "decimalZero" else str(count)
