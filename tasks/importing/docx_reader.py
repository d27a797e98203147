"""Word documents to lines: paragraphs, list numbers and table cells in document order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain, count, islice
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn

from tasks.importing.blocks import Cell, Line
from tasks.importing.bounds import bounded
from tasks.importing.docx_numbering import Numbering
from tasks.importing.docx_package import MAX_UNPACKED, check_package
from tasks.importing.docx_text import Fonts, alternative, based_on, paragraph_text, text_boxes
from tasks.importing.errors import CorruptDocumentError, DocumentError
from tasks.importing.table_joins import join_tables

Element = Any  # an lxml element; python-docx types its children no further

_LOOKED_THROUGH = {
    qn("w:sdt"),
    qn("w:sdtContent"),
    qn("w:ins"),
    qn("w:moveTo"),
    qn("w:customXml"),
    qn("w:smartTag"),
}
_CONTENTS = re.compile(r"TOC\s*\d*|Table of Contents", re.IGNORECASE)
# What the heading of an official document has on one of its first lines.
_HEAD = re.compile(r"CỘNG H[ÒO][ÀA] XÃ HỘI|ĐẢNG CỘNG SẢN VIỆT NAM|^\s*Số\s*:", re.IGNORECASE | re.M)
_HEAD_LINES = 40
_SMALL = 2  # columns; a nested table of more is one of its own
_NO_MEMORY = 2  # libxml2's XML_ERR_NO_MEMORY, which lxml calls an error of syntax


def read_docx(data: bytes, filename: str, max_unpacked: int = MAX_UNPACKED) -> Iterator[Line]:
    """Yield the lines of a .docx file; tracked deletions are left out, insertions kept.

    Raises what `check_package` and `bounded` raise, or CorruptDocumentError.
    """
    check_package(data, filename, max_unpacked)
    try:
        lines = _Walk.through(docx.Document(BytesIO(data)))
        yield from join_tables(bounded(lines, filename))
    except (MemoryError, DocumentError):
        raise
    except Exception as error:
        if getattr(error, "code", None) == _NO_MEMORY:
            raise MemoryError from error
        # python-docx reports damage with whatever the parser or its own lookups raise.
        part = type(error).__name__
        raise CorruptDocumentError(filename=filename, part=part) from error


@dataclass(slots=True)
class _Walk:
    """One pass through a document, which counts lines, tables and list numbers."""

    numbering: Numbering
    styles: dict[str, tuple[str, str]]
    fonts: Fonts
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    tables: "count[int]" = field(default_factory=count)

    @classmethod
    def through(cls, document: Document) -> Iterator[Line]:
        numbering, styles = Numbering.of(_numbering_root(document)), document.styles.element
        walk = cls(numbering, _style_lists(styles, numbering), Fonts(styles))
        lines = walk.blocks(document.element.body)
        first = list(islice(lines, _HEAD_LINES))
        if not any(_HEAD.search(line.text) for line in first):
            yield from walk.page_heading(document)
        yield from chain(first, lines)

    def page_heading(self, document: Document) -> Iterator[Line]:
        """Yield the heading of the document where it stands in the header of the first page."""
        section = next(iter(document.sections), None)
        if section is None:
            return
        first = section.different_first_page_header_footer
        header = section.first_page_header if first else section.header
        if header.is_linked_to_previous:
            return
        lines = list(self.blocks(header._element))
        if any(_HEAD.search(line.text) for line in lines):
            yield from lines

    def blocks(self, parent: Element, cell: Cell | None = None) -> Iterator[Line]:
        for element in _content(parent):
            if element.tag == qn("w:tbl"):
                yield from self.table(element, cell)
            else:
                yield from self.paragraph(element, cell)

    def table(self, table: Element, outer: Cell | None = None) -> Iterator[Line]:
        """Yield the cells; a vertically merged cell repeats in the rows it covers.

        A table of one column is a frame around its contents, and a small one within the cell
        *outer* only sets out the words of that cell: their contents are no cells.
        """
        rows = list(_rows(table))
        widest = max((len(cells) for _before, cells in rows), default=0)
        if widest <= 1 or (outer is not None and (widest <= _SMALL or len(rows) == 1)):
            for cell in chain.from_iterable(cells for _before, cells in rows):
                yield from self.blocks(cell, outer)
            return
        index = next(self.tables)
        above: dict[int, list[str]] = {}
        for row_index, (column, cells) in enumerate(rows):
            for cell in cells:
                place = Cell(index, row_index, column)
                if _continues_left(cell):
                    pass
                elif _continues_above(cell) and column in above:
                    yield from (Line(text, next(self.numbers), place) for text in above[column])
                else:
                    lines = list(self.blocks(cell, place))
                    above[column] = [line.text for line in lines if line.cell == place]
                    yield from lines
                column += _width(cell)

    def paragraph(self, paragraph: Element, cell: Cell | None = None) -> Iterator[Line]:
        text = paragraph_text(paragraph, self.fonts)
        if text or not _is_deleted(paragraph):
            marker = self.marker(paragraph)
            if marker == "- " and text.startswith("- "):
                marker = ""
            for index, line in enumerate(text.split("\n")):
                yield Line(line if index else marker + line, next(self.numbers), cell)
        for box in text_boxes(paragraph):
            yield from self.blocks(box, cell)

    def marker(self, paragraph: Element) -> str:
        """Return the list number before a paragraph, by its own properties or its style's."""
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        name = "" if style is None else style.get(qn("w:val"), "")
        inherited = self.styles.get(name, ("", ""))
        list_id = _property(own, "w:numId") or inherited[0]
        depth = _property(own, "w:ilvl") or inherited[1] or "0"
        return self.numbering.marker(list_id, int(depth)) if list_id not in ("", "0") else ""


def _numbering_root(document: Document) -> Element | None:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering"):
            part: Any = relation.target_part
            return part.element
    return None


def _style_lists(root: Element, numbering: Numbering) -> dict[str, tuple[str, str]]:
    """Return list id and depth of the styles that number their paragraphs, by style id."""
    styles = {style.get(qn("w:styleId"), ""): style for style in root.findall(qn("w:style"))}
    lists: dict[str, tuple[str, str]] = {}
    for name in styles:
        for style in based_on(styles, name):
            properties = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            list_id = _property(properties, "w:numId")
            if list_id:
                depth = _property(properties, "w:ilvl") or numbering.depth_of_style(list_id, name)
                lists[name] = list_id, depth
                break
    return lists


def _content(parent: Element) -> Iterator[Element]:
    """Yield paragraphs and tables, looking through content controls and tracked insertions."""
    for child in parent:
        child = alternative(child)
        if child.tag == qn("w:tbl") or (child.tag == qn("w:p") and not _is_contents(child)):
            yield child
        elif child.tag in _LOOKED_THROUGH and not _is_list_of_contents(child):
            yield from _content(child)


def _is_contents(paragraph: Element) -> bool:
    """Tell whether a paragraph is an entry of the table of contents."""
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return style is not None and bool(_CONTENTS.fullmatch(style.get(qn("w:val"), "")))


def _is_list_of_contents(control: Element) -> bool:
    gallery = control.find(f"{qn('w:sdtPr')}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}")
    return gallery is not None and bool(_CONTENTS.fullmatch(gallery.get(qn("w:val"), "")))


def _is_deleted(paragraph: Element) -> bool:
    return paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None


def _rows(table: Element) -> Iterator[tuple[int, list[Element]]]:
    """Yield the first column and the cells of each row that is not deleted."""
    for row in _inside(table, qn("w:tr")):
        properties = row.find(qn("w:trPr"))
        if properties is None or properties.find(qn("w:del")) is None:
            yield int(_property(properties, "w:gridBefore") or 0), list(_inside(row, qn("w:tc")))


def _inside(parent: Element, tag: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, not those of tables in its cells."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _LOOKED_THROUGH:
            yield from _inside(child, tag)


def _continues_above(cell: Element) -> bool:
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val")) != "restart"


def _continues_left(cell: Element) -> bool:
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:hMerge')}")
    return merge is not None and merge.get(qn("w:val")) != "restart"


def _width(cell: Element) -> int:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return int(span.get(qn("w:val"), 1)) if span is not None else 1


def _property(properties: Element | None, name: str) -> str:
    found = None if properties is None else properties.find(qn(name))
    return "" if found is None else str(found.get(qn("w:val"), ""))
