"""Pieces of a Word document that python-docx has no call for, or is too slow to write one by one.

Footnotes are parts of their own in the package (ECMA-376 part 1, 11.3.7); headings are numbered by
a list of several levels that belongs to their styles, so that Word renumbers what is moved.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from docx.document import Document as Docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import serialize_for_reading
from docx.shared import Mm

# What XML cannot hold at all, and what people paste from elsewhere now and then.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_W = nsdecls("w")
_TWENTIETHS_IN_MM = 56.6929  # of a point
_HEADINGS = ((0, "upperRoman", "%1.", "Heading1"), (1, "none", "", "Heading2"),
             (2, "decimal", "%3.", "Heading3"))  # fmt: skip
_ABSTRACT_ID, _LIST_ID = 90, 90


def clean(text: str) -> str:
    """The text without what no XML can hold."""
    return _ILLEGAL.sub("", text)


def xml_text(text: str) -> str:
    return escape(clean(text))


@dataclass(slots=True)
class Footnotes:
    """The footnotes of a document, in the order in which they are cited."""

    texts: list[str] = field(default_factory=list)

    def cite(self, text: str) -> str:
        """Add a footnote and return the run that refers to it."""
        self.texts.append(text)
        return (
            '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
            f'<w:footnoteReference w:id="{len(self.texts)}"/></w:r>'
        )

    def attach(self, document: Docx) -> None:
        """Write the part, its two separators included; a document without notes gets none."""
        if not self.texts:
            return
        notes = "".join(_footnote(number, text) for number, text in enumerate(self.texts, 1))
        content = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
            f"<w:footnotes {_W}>{_separator(-1, 'separator')}"
            f"{_separator(0, 'continuationSeparator')}{notes}</w:footnotes>"
        )
        part = Part(
            PackURI("/word/footnotes.xml"),
            CONTENT_TYPE.WML_FOOTNOTES,
            content.encode(),
            document.part.package,
        )
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        settings = document.settings.element
        known = parse_xml(
            f'<w:footnotePr {_W}><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        )
        # The order of settings is fixed: footnotes stand before what is kept for compatibility.
        compat = settings.find(qn("w:compat"))
        settings.insert(0 if compat is None else settings.index(compat), known)


def _separator(number: int, kind: str) -> str:
    return (
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:spacing w:after="0"'
        f' w:line="240" w:lineRule="auto"/></w:pPr><w:r><w:{kind}/></w:r></w:p></w:footnote>'
    )


def _footnote(number: int, text: str) -> str:
    return (
        f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>'
        '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
        f'<w:r><w:t xml:space="preserve"> {xml_text(text)}</w:t></w:r></w:p></w:footnote>'
    )


def number_headings(document: Docx) -> None:
    """Number headings of level 1 "I.", and those of level 3 "1." anew below each of level 2."""
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:pStyle w:val="{style}"/><w:suff w:val="{"space" if text else "nothing"}"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
        for level, form, text, style in _HEADINGS
    )
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {_W} w:abstractNumId="{_ABSTRACT_ID}">'
            f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        ),
    )
    numbering.append(
        parse_xml(
            f'<w:num {_W} w:numId="{_LIST_ID}"><w:abstractNumId w:val="{_ABSTRACT_ID}"/></w:num>'
        )
    )
    for level, _form, _text, style_id in _HEADINGS:
        style = document.styles.element.get_by_id(style_id)
        properties = style.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level
        properties.get_or_add_numId().val = _LIST_ID


def paragraph(
    text: str, style: str, *, after: str = "", mark: tuple[int, str] | None = None
) -> str:
    """One paragraph; `after` is XML that follows its words, `mark` a bookmark around them."""
    words = f'<w:r><w:t xml:space="preserve">{xml_text(text)}</w:t></w:r>{after}'
    if mark is not None:
        number, name = mark
        words = (
            f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{words}'
            f'<w:bookmarkEnd w:id="{number}"/>'
        )
    return f'<w:p {_W}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{words}</w:p>'


def picture(document: Docx, png: bytes, name: str, words: str, width: int) -> str:
    """A run with a picture `width` millimetres wide; `words` say what it shows."""
    inline = document.part.new_pic_inline(io.BytesIO(png), Mm(width))
    inline.docPr.set("name", xml_text(name))
    inline.docPr.set("descr", words)
    drawn = serialize_for_reading(inline)
    return f"<w:r><w:drawing>{drawn}</w:drawing></w:r>"


def table(headings: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[str]]) -> str:
    """A table with lines; its first row is repeated on each page, and no row is cut in two.

    `widths` are in millimetres.
    """
    sizes = [round(width * _TWENTIETHS_IN_MM) for width in widths]
    grid = "".join(f'<w:gridCol w:w="{size}"/>' for size in sizes)
    head = _row(headings, sizes, is_head=True)
    return (
        f'<w:tbl {_W}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{''.join(_row(row, sizes) for row in rows)}</w:tbl>"
    )


def _row(texts: Sequence[str], sizes: Sequence[int], *, is_head: bool = False) -> str:
    properties = "<w:cantSplit/><w:tblHeader/>" if is_head else "<w:cantSplit/>"
    look = ('<w:jc w:val="center"/>', "<w:rPr><w:b/></w:rPr>") if is_head else ("", "")
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{size}" w:type="dxa"/></w:tcPr><w:p><w:pPr>'
        f'<w:pStyle w:val="Cell"/>{look[0]}</w:pPr><w:r>{look[1]}'
        f'<w:t xml:space="preserve">{xml_text(text)}</w:t></w:r></w:p></w:tc>'
        for size, text in zip(sizes, texts, strict=True)
    )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"


def append(document: Docx, pieces: Iterable[str]) -> None:
    """Put paragraphs and tables at the end of the body, before the properties of its last page.

    Each is parsed by itself: libxml2 takes seconds to move a large table whose namespace was
    declared on a parent that it leaves.
    """
    last = document.element.body.find(qn("w:sectPr"))
    for piece in pieces:
        last.addprevious(parse_xml(piece))
