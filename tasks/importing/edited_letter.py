"""A report's letter that was edited in Word: its paragraphs, section by section, with the sources.

Headings of sections are found by their bookmarks, else by their style; what a paragraph cites by
the "[n]" with which our footnotes begin. Tables and what follows the letter are not read: they are
made from records.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from tasks.importing.docx_package import MEGABYTE, check_package
from tasks.importing.docx_text import Fonts, paragraph_text
from tasks.importing.errors import (
    CorruptDocumentError,
    DocumentError,
    DocumentTooLargeError,
    EmptyDocumentError,
    MacrosError,
    OtherFormatError,
    TextTooLongError,
    TrackedChangesError,
)
from tasks.importing.file_kinds import Kind, kind_of

Element = Any  # an lxml element; python-docx types its children no further

# A bookmark of this name and the section's position stands around each heading of a section.
SECTION_MARK = "muc_"
_MARK = re.compile(rf"{SECTION_MARK}(\d{{1,4}})")
_NOTE = re.compile(r"\s*\[(\d{1,6})\]")
_CHANGES = tuple(qn(f"w:{name}") for name in ("ins", "del", "moveFrom", "moveTo"))
_HEADINGS = {"Heading1": 1, "Heading2": 2, "Heading3": 3}
_SKIPPED = ("TableTitle", "Cell")
_MAX_CHARACTERS = 2_000_000
_PLACE = 60  # characters of the paragraph that a refusal names


def read_edited_letter(data: bytes, filename: str, max_size: int) -> dict[str, Any]:
    """Return the "identifier" of the letter and its "paragraphs" as plain data.

    A paragraph has its text, the numbers of its notes, its level (1 to 3 for a heading) and, where
    a bookmark says so, the position of the section that it heads. Raises DocumentError.
    """
    if len(data) > max_size:
        size, limit = (round(number / MEGABYTE, 1) for number in (len(data), max_size))
        raise DocumentTooLargeError(filename=filename, size=size, limit=limit)
    if not data.strip():
        raise EmptyDocumentError(filename=filename)
    kind = kind_of(data, filename)
    if kind is not Kind.WORD:
        raise OtherFormatError(filename=filename, format=kind.name)
    check_package(data, filename)
    _refuse_macros(data, filename)
    try:
        document = docx.Document(BytesIO(data))
        paragraphs = list(_paragraphs(document, filename))
    except (MemoryError, DocumentError):
        raise
    except Exception as error:
        # python-docx reports damage with whatever the parser or its own lookups raise.
        raise CorruptDocumentError(filename=filename, part=type(error).__name__) from error
    return {
        "identifier": document.core_properties.identifier or "",
        "paragraphs": paragraphs,
        "warnings": [],
    }


def _refuse_macros(data: bytes, filename: str) -> None:
    with zipfile.ZipFile(BytesIO(data)) as package:
        if any(name.lower().endswith("vbaproject.bin") for name in package.namelist()):
            raise MacrosError(filename=filename)


def _paragraphs(document: Document, filename: str) -> Iterator[dict[str, Any]]:
    fonts, notes = Fonts(document.styles.element), _notes(document)
    length = 0
    for element in _blocks(document.element.body):
        text = " ".join(paragraph_text(element, fonts).split())
        length += len(text)
        if length > _MAX_CHARACTERS:
            raise TextTooLongError(filename=filename, length=length, limit=_MAX_CHARACTERS)
        if next(element.iter(*_CHANGES), None) is not None:
            raise TrackedChangesError(filename=filename, place=text[:_PLACE])
        style = _style(element)
        if text and style not in _SKIPPED:
            yield {
                "text": text,
                "notes": list(dict.fromkeys(_cited(element, notes))),
                "level": _HEADINGS.get(style, 0),
                "section": _marked(element),
            }
        # The annex begins on pages of its own.
        if element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
            return


def _blocks(parent: Element) -> Iterator[Element]:
    """Yield the paragraphs outside of tables, those in content controls included."""
    for child in parent:
        if child.tag == qn("w:p"):
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), *_CHANGES):
            yield from _blocks(child)


def _style(paragraph: Element) -> str:
    found = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return "" if found is None else str(found.get(qn("w:val"), ""))


def _marked(paragraph: Element) -> int | None:
    for bookmark in paragraph.iter(qn("w:bookmarkStart")):
        if found := _MARK.fullmatch(bookmark.get(qn("w:name"), "")):
            return int(found[1])
    return None


def _notes(document: Document) -> dict[str, int]:
    """The number of our note in each footnote, by the footnote's own key in the file."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/footnotes"):
            root: Element = parse_xml(relation.target_part.blob)
            texts = {
                note.get(qn("w:id"), ""): "".join(one.text or "" for one in note.iter(qn("w:t")))
                for note in root.iter(qn("w:footnote"))
            }
            found = {key: _NOTE.match(text) for key, text in texts.items()}
            return {key: int(match[1]) for key, match in found.items() if match}
    return {}


def _cited(paragraph: Element, notes: dict[str, int]) -> Iterator[int]:
    for reference in paragraph.iter(qn("w:footnoteReference")):
        number = notes.get(reference.get(qn("w:id"), ""))
        if number is not None:
            yield number
