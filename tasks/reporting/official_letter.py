"""An official document as .docx, in the layout of Decree 30/2020/NĐ-CP, appendix I.

A4; margins 20 mm above and below, 30 mm left, 20 mm right; Times New Roman; two-column head
without borders; page numbers top centre from the second page on; signature right, recipients
left. Styles, tables and numbers of pages are Word's own, so that the text stays editable.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
# A zip holds no date before this one; with it the same letter is the same file, byte for byte.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NUMBERED = re.compile(r"\d+\. \S")
_LONGEST_HEADING = 120  # characters
_CENTRE, _BOTH, _LEFT = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
    WD_ALIGN_PARAGRAPH.LEFT,
)


@dataclass(frozen=True, slots=True)
class Annex:
    """A table on pages of its own; `widths` are in millimetres, one for each heading."""

    title: str
    headings: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands in an official document. `sections` are headings with their text.

    `number_sign` is what follows the number that the clerk gives ("/BC-SKHCN"). A day that is not
    known yet leaves room for it.
    """

    issuer: str
    above: str
    number_sign: str
    place: str
    kind: str
    subject: str
    opening: str
    sections: Sequence[tuple[str, str]]
    signer_post: str
    signer: str
    recipients: Sequence[str]
    issued_on: dt.date | None = None
    annexes: Sequence[Annex] = field(default_factory=tuple)


def letter_docx(letter: Letter) -> bytes:
    """Return the letter as a Word file; the same letter always gives the same bytes."""
    document = Document()
    _lay_out(document)
    _head(document, letter)
    _titles(document, letter)
    _body(document, letter)
    _signature(document, letter)
    for annex in letter.annexes:
        _annex(document, annex)
    document.core_properties.title = f"{letter.kind} {letter.subject}"
    document.core_properties.author = letter.issuer
    document.core_properties.created = document.core_properties.modified = dt.datetime(*_EPOCH)  # noqa: DTZ001
    return _steady(document)


def _lay_out(document: Docx) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    normal = document.styles["Normal"]
    _use_font(normal, 14)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.15
    for name, size, italic in (("Heading 1", 14, False), ("Heading 2", 14, True)):
        _heading(document.styles[name], size, italic)
    for name, size, indent in (("Body Text", 14, 10), ("List Bullet", 14, 10)):
        style = document.styles[name]
        _use_font(style, size)
        style.paragraph_format.alignment = _BOTH
        style.paragraph_format.first_line_indent = Mm(indent)
        style.paragraph_format.left_indent = Mm(0)
    for name, size in (("Head", 13), ("Recipient", 11), ("Cell", 12)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        _use_font(style, size)
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.line_spacing = 1.0


def _use_font(style: ParagraphStyle, size: int) -> None:
    style.font.name, style.font.size = FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _heading(style: ParagraphStyle, size: int, italic: bool) -> None:
    _use_font(style, size)
    style.font.bold, style.font.italic = not italic, italic
    style.font.color.rgb = None
    style.paragraph_format.first_line_indent = Mm(10)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(6)
    style.paragraph_format.keep_with_next = True


def _page_number(paragraph: Paragraph) -> None:
    """Write Word's own field of the page number, centred."""
    paragraph.alignment = _CENTRE
    field_code = OxmlElement("w:fldSimple")
    field_code.set(qn("w:instr"), "PAGE")
    shown = OxmlElement("w:r")
    shown.append(OxmlElement("w:t"))
    field_code.append(shown)
    paragraph._p.append(field_code)


def _head(document: Docx, letter: Letter) -> None:
    table = _borderless(document, 2, (72, 100))
    left, right = table.rows[0].cells
    if letter.above:
        _say(left, letter.above.upper(), first=True)
    _say(left, letter.issuer.upper(), bold=True, first=not letter.above)
    _rule(left)
    _say(right, MOTTO[0], bold=True, first=True).runs[0].font.size = Pt(12)
    _say(right, MOTTO[1], bold=True)
    _rule(right)
    number, day = table.rows[1].cells
    _say(number, f"Số:        {letter.number_sign}", first=True)
    _say(day, _place_and_day(letter), italic=True, first=True)


def _place_and_day(letter: Letter) -> str:
    day = letter.issued_on
    words = f"ngày {day:%d} tháng {day:%m} năm {day:%Y}" if day else "ngày      tháng      năm"
    return f"{letter.place}, {words}" if letter.place else words.capitalize()


def _borderless(document: Docx, rows: int, widths: Sequence[int]) -> Table:
    table: Table = document.add_table(rows, len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _set_widths(table, widths)
    return table


def _set_widths(table: Table, widths: Sequence[int]) -> None:
    """Give the columns their widths in millimetres, in the grid and, for Word, in each cell."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _say(
    cell: _Cell,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    first: bool = False,
    style: str = "Head",
    aligned: WD_ALIGN_PARAGRAPH = _CENTRE,
) -> Paragraph:
    paragraph: Paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    paragraph.style, paragraph.alignment = style, aligned
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    return paragraph


def _rule(cell: _Cell) -> None:
    """Draw the short line below a name: the lower border of an indented empty paragraph."""
    paragraph = cell.add_paragraph(style="Head")
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(20)
    paragraph.paragraph_format.line_spacing = Pt(3)
    borders = OxmlElement("w:pBdr")
    lower = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        lower.set(qn(f"w:{name}"), value)
    borders.append(lower)
    paragraph._p.get_or_add_pPr().append(borders)


def _titles(document: Docx, letter: Letter) -> None:
    for text, before in ((letter.kind.upper(), 12), (letter.subject, 0)):
        paragraph = document.add_paragraph()
        paragraph.alignment = _CENTRE
        paragraph.paragraph_format.space_before = Pt(before)
        paragraph.add_run(text).bold = True


def _body(document: Docx, letter: Letter) -> None:
    document.add_paragraph(letter.opening, style="Body Text")
    last = len(letter.sections) - 1
    for at, (heading, text) in enumerate(letter.sections):
        document.add_paragraph(heading, style="Heading 1")
        lines = _lines(text)
        if at == last and lines:
            lines[-1] = lines[-1].rstrip(" ./") + "./."  # the sign at which a letter ends
        for line in lines:
            document.add_paragraph(line, style=_style_of(line))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _style_of(line: str) -> str:
    return "Heading 2" if _NUMBERED.match(line) and len(line) < _LONGEST_HEADING else "Body Text"


def _signature(document: Docx, letter: Letter) -> None:
    table = _borderless(document, 1, (80, 80))
    left, right = table.rows[0].cells
    _say(left, "Nơi nhận:", bold=True, italic=True, first=True, aligned=_LEFT)
    for recipient in letter.recipients:
        _say(left, f"- {recipient}", style="Recipient", aligned=_LEFT)
    _say(right, letter.signer_post.upper(), bold=True, first=True)
    for _line in range(4):
        _say(right, "")
    _say(right, letter.signer, bold=True)


def _annex(document: Docx, annex: Annex) -> None:
    _landscape(document.add_section(WD_SECTION.NEW_PAGE))
    title = document.add_paragraph()
    title.alignment = _CENTRE
    title.add_run(annex.title).bold = True
    table = document.add_table(1, len(annex.headings), style="Table Grid")
    _fill(table.rows[0], annex.headings, bold=True)
    for texts in annex.rows:
        _fill(table.add_row(), texts)
    _set_widths(table, annex.widths)
    _repeat_on_each_page(table.rows[0])


def _landscape(section: Section) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.different_first_page_header_footer = False


def _repeat_on_each_page(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _fill(row: _Row, texts: Sequence[str], *, bold: bool = False) -> None:
    """Write a row that no page break cuts in two."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, text in zip(row.cells, texts, strict=True):
        aligned = _CENTRE if bold else _LEFT
        _say(cell, text, bold=bold, first=True, style="Cell", aligned=aligned)


def _steady(document: Docx) -> bytes:
    """Return the file with every entry dated alike."""
    written, steady = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(steady, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return steady.getvalue()
