"""Word documents to lines: paragraphs, list numbers and table cells in document order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn

from tasks.importing.blocks import Cell, Line
from tasks.importing.docx_numbering import Numbering
from tasks.importing.docx_package import MAX_UNPACKED, check_package
from tasks.importing.errors import CorruptDocumentError

Element = Any  # an lxml element; python-docx types its children no further

_SKIPPED = {qn("w:del"), qn("w:moveFrom"), qn("w:pict"), qn("w:drawing"), qn("w:txbxContent")}
_BREAKS = {qn("w:br"), qn("w:cr")}


def read_docx(data: bytes, filename: str, max_unpacked: int = MAX_UNPACKED) -> list[Line]:
    """Return the lines of a .docx file; tracked deletions are left out, insertions kept.

    Raises CompressedTooFarError, UnsafeDocumentError or CorruptDocumentError.
    """
    check_package(data, filename, max_unpacked)
    try:
        return list(_Walk.through(docx.Document(BytesIO(data))))
    except Exception as error:
        # python-docx reports damage with whatever the parser or its own lookups raise.
        part = type(error).__name__
        raise CorruptDocumentError(filename=filename, part=part) from error


@dataclass(slots=True)
class _Walk:
    """One pass through a document, which counts lines, tables and list numbers."""

    numbering: Numbering
    styles: dict[str, Element]
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    tables: "count[int]" = field(default_factory=count)

    @classmethod
    def through(cls, document: Document) -> Iterator[Line]:
        walk = cls(Numbering.of(_numbering_root(document)), _style_lists(document))
        for element in _content(document.element.body):
            if element.tag == qn("w:tbl"):
                yield from walk.table(element)
            else:
                yield from walk.paragraph(element)

    def table(self, table: Element) -> Iterator[Line]:
        """Yield the cells; a vertically merged cell repeats in the rows it covers."""
        index = next(self.tables)
        above: dict[int, list[str]] = {}
        for row_index, row in enumerate(table.iter(qn("w:tr"))):
            column = 0
            for cell in row.findall(qn("w:tc")):
                place = Cell(index, row_index, column)
                lines = list(self.cell(cell, place))
                if _continues_above(cell):
                    repeated = above.get(column, [])
                    lines = [Line(text, next(self.numbers), place) for text in repeated]
                above[column] = [line.text for line in lines]
                yield from lines
                column += _width(cell)

    def cell(self, cell: Element, place: Cell) -> Iterator[Line]:
        for element in _content(cell):
            if element.tag == qn("w:p"):
                yield from self.paragraph(element, place)

    def paragraph(self, paragraph: Element, cell: Cell | None = None) -> Iterator[Line]:
        marker = self.marker(paragraph)
        for index, line in enumerate("".join(_text(paragraph)).split("\n")):
            yield Line(line if index else marker + line, next(self.numbers), cell)

    def marker(self, paragraph: Element) -> str:
        """Return the list number before a paragraph, by its own properties or its style's."""
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        inherited = self.styles.get(style.get(qn("w:val"), "")) if style is not None else None
        list_id = _property(own, "w:numId") or _property(inherited, "w:numId")
        depth = _property(own, "w:ilvl") or _property(inherited, "w:ilvl") or "0"
        return self.numbering.marker(list_id, int(depth)) if list_id not in ("", "0") else ""


def _numbering_root(document: Document) -> Element | None:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering"):
            part: Any = relation.target_part
            return part.element
    return None


def _style_lists(document: Document) -> dict[str, Element]:
    """Return the numbering properties of the paragraph styles that have some, by style id."""
    lists: dict[str, Element] = {}
    for style in document.styles.element.findall(qn("w:style")):
        properties = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if properties is not None:
            lists[style.get(qn("w:styleId"), "")] = properties
    return lists


def _content(parent: Element) -> Iterator[Element]:
    """Yield paragraphs and tables, looking through content controls and tracked insertions."""
    for child in parent:
        if child.tag in (qn("w:p"), qn("w:tbl")):
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")):
            yield from _content(child)


def _continues_above(cell: Element) -> bool:
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val")) != "restart"


def _width(cell: Element) -> int:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return int(span.get(qn("w:val"), 1)) if span is not None else 1


def _property(properties: Element | None, name: str) -> str:
    found = None if properties is None else properties.find(qn(name))
    return "" if found is None else str(found.get(qn("w:val"), ""))


def _text(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag == qn("w:tab"):
            yield " "
        elif child.tag in _BREAKS:
            yield "\n"
        elif child.tag in (qn("w:noBreakHyphen"), qn("w:softHyphen")):
            yield "-" if child.tag == qn("w:noBreakHyphen") else ""
        else:
            yield from _text(child)
