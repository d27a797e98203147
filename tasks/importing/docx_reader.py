"""Word documents to lines: paragraphs, list numbers and table cells in document order."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import count
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn

from tasks.importing.blocks import Cell, Line
from tasks.importing.docx_numbering import Numbering
from tasks.importing.errors import CompressedTooFarError, CorruptDocumentError, UnsafeDocumentError

Element = Any  # an lxml element; python-docx types its children no further

MEGABYTE = 1024 * 1024
MAX_UNPACKED = 200 * MEGABYTE
MAX_PARTS = 5_000
_SKIPPED = {qn("w:del"), qn("w:moveFrom"), qn("w:pict"), qn("w:drawing"), qn("w:txbxContent")}
_BREAKS = {qn("w:br"), qn("w:cr")}


def read_docx(data: bytes, filename: str, max_unpacked: int = MAX_UNPACKED) -> list[Line]:
    """Return the lines of a .docx file; tracked deletions are left out, insertions kept.

    Nothing is unpacked before its size is known. Raises CompressedTooFarError,
    UnsafeDocumentError or CorruptDocumentError.
    """
    _check_package(data, filename, max_unpacked)
    try:
        return list(_lines(docx.Document(BytesIO(data))))
    except RecursionError as error:
        raise CorruptDocumentError(filename=filename, part="word/document.xml") from error
    except Exception as error:
        # python-docx reports damage with whatever the parser or its own lookups raise.
        raise CorruptDocumentError(filename=filename, part=type(error).__name__) from error


def _check_package(data: bytes, filename: str, max_unpacked: int) -> None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            _check_size(package, filename, max_unpacked)
            for part in package.infolist():
                _check_part(package, part, filename)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, ValueError, KeyError) as error:
        raise CorruptDocumentError(filename=filename, part="zip") from error
    except (NotImplementedError, zipfile.LargeZipFile, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise CorruptDocumentError(filename=filename, part="zip") from error


def _check_size(package: zipfile.ZipFile, filename: str, max_unpacked: int) -> None:
    parts = package.infolist()
    size = sum(part.file_size for part in parts)
    if size > max_unpacked or len(parts) > MAX_PARTS:
        limit = max_unpacked // MEGABYTE
        raise CompressedTooFarError(filename=filename, size=size // MEGABYTE, limit=limit)


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, filename: str) -> None:
    """Read one part, which zipfile ends at its declared size, and refuse XML definitions."""
    content = package.read(part)
    if len(content) != part.file_size:
        raise CorruptDocumentError(filename=filename, part=part.filename)
    is_xml = part.filename.endswith((".xml", ".rels"))
    if is_xml and b"<!DOCTYPE" in content.replace(b"\0", b"").upper():
        raise UnsafeDocumentError(filename=filename, part=part.filename)


def _lines(document: Document) -> Iterator[Line]:
    numbering = Numbering.of(_numbering_root(document))
    numbers, tables = count(1), count()
    styles = _style_lists(document)
    for element in _content(document.element.body):
        if element.tag == qn("w:tbl"):
            yield from _table(element, next(tables), numbers, numbering, styles)
        else:
            yield from _paragraph(element, numbers, numbering, styles, None)


def _numbering_root(document: Document) -> Element | None:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering"):
            return relation.target_part.element  # type: ignore[attr-defined]
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


def _table(
    table: Element,
    index: int,
    numbers: "count[int]",
    numbering: Numbering,
    styles: dict[str, Element],
) -> Iterator[Line]:
    """Yield the cells of a table; a vertically merged cell repeats in the rows it covers."""
    above: dict[int, list[str]] = {}
    for row_index, row in enumerate(table.iter(qn("w:tr"))):
        column = 0
        for cell in row.findall(qn("w:tc")):
            place = Cell(index, row_index, column)
            lines = list(_cell(cell, place, numbers, numbering, styles))
            if _continues_above(cell):
                lines = [Line(text, next(numbers), place) for text in above.get(column, [])]
            above[column] = [line.text for line in lines]
            yield from lines
            column += _width(cell)


def _cell(
    cell: Element,
    place: Cell,
    numbers: "count[int]",
    numbering: Numbering,
    styles: dict[str, Element],
) -> Iterator[Line]:
    for element in _content(cell):
        if element.tag == qn("w:p"):
            yield from _paragraph(element, numbers, numbering, styles, place)


def _continues_above(cell: Element) -> bool:
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val")) != "restart"


def _width(cell: Element) -> int:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return int(span.get(qn("w:val"), 1)) if span is not None else 1


def _paragraph(
    paragraph: Element,
    numbers: "count[int]",
    numbering: Numbering,
    styles: dict[str, Element],
    cell: Cell | None,
) -> Iterator[Line]:
    marker = _marker(paragraph, numbering, styles)
    text = "".join(_text(paragraph))
    for index, line in enumerate(text.split("\n")):
        yield Line(line if index else marker + line, next(numbers), cell)


def _marker(paragraph: Element, numbering: Numbering, styles: dict[str, Element]) -> str:
    own = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    inherited = styles.get(style.get(qn("w:val"), "")) if style is not None else None
    list_id = _property(own, "w:numId") or _property(inherited, "w:numId")
    depth = _property(own, "w:ilvl") or _property(inherited, "w:ilvl") or "0"
    return numbering.marker(list_id, int(depth)) if list_id and list_id != "0" else ""


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
