"""An official document as .docx, in the layout of Decree 30/2020/NĐ-CP, appendix I.

A4; margins 20 mm above and below, 30 mm left, 20 mm right; Times New Roman; two-column head
without borders; page numbers top centre from the second page on; signature right, recipients
left. Styles, tables and numbers of pages are Word's own, so that the text stays editable.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from django.utils import translation
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
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph as DocxParagraph

from tasks.importing.edited_letter import SECTION_MARK
from tasks.reporting.chart_png import chart_png
from tasks.reporting.charts import chart_words
from tasks.reporting.content import Head, Paragraph, ReportContent, TotalRow
from tasks.reporting.docx_xml import (
    Footnotes,
    append,
    clean,
    number_headings,
    paragraph,
    picture,
    table,
)
from tasks.reporting.prefill import PLAN_LANGUAGE
from tasks.reporting.steady import FIRST_DAY, steady

FONT = "Times New Roman"
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
_BODY_SIZE = 14  # points
_WORTH_A_TABLE = 2  # rows
# Millimetres: together the width of a page upright, and of one laid across.
_TOTALS_WIDTHS = (50, 16, 16, 16, 16, 16, 16, 14)
_FIGURE_WIDTHS = (42, 18, 20, 22, 26, 32)
_CHART_WIDTH = 120  # mm
_ANNEX_WIDTHS = (18, 89, 50, 28, 22, 40)
_SMALLER = (("Head", 13), ("Recipient", 11), ("Cell", 12), ("footnote text", 10))
_CENTRE, _BOTH, _LEFT = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
    WD_ALIGN_PARAGRAPH.LEFT,
)


def letter(content: ReportContent) -> bytes:
    """Return the report as a Word file; the same content always gives the same bytes."""
    document = Document()
    _lay_out(document)
    _head(document, content.head)
    _titles(document, content)
    footnotes = Footnotes()
    append(document, _body(document, content, footnotes))
    footnotes.attach(document)
    _signature(document, content)
    _annex(document, content)
    document.core_properties.title = f"{content.kind} {content.subject}"
    document.core_properties.identifier = content.identifier
    document.core_properties.author = content.head.issuer
    document.core_properties.created = document.core_properties.modified = FIRST_DAY
    written = io.BytesIO()
    document.save(written)
    return steady(written.getvalue())


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
    for name, italic in (("Heading 1", False), ("Heading 2", False), ("Heading 3", True)):
        _heading(document.styles[name], italic)
    document.styles["Heading 1"].font.all_caps = True
    for name, size, indent in (("Body Text", 14, 10), ("List Bullet", 14, 10)):
        style = document.styles[name]
        _use_font(style, size)
        style.paragraph_format.alignment = _BOTH
        style.paragraph_format.first_line_indent = Mm(indent)
        style.paragraph_format.left_indent = Mm(0)
    for name, size in _SMALLER:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        _use_font(style, size)
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.line_spacing = 1.0
    title = document.styles.add_style("Table Title", WD_STYLE_TYPE.PARAGRAPH)
    title.base_style = document.styles["Normal"]
    title.font.bold = True
    title.paragraph_format.alignment = _CENTRE
    title.paragraph_format.keep_with_next = True
    reference = document.styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER)
    reference.font.superscript = True
    number_headings(document)


def _use_font(style: ParagraphStyle, size: int) -> None:
    style.font.name, style.font.size = FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _heading(style: ParagraphStyle, italic: bool) -> None:
    _use_font(style, _BODY_SIZE)
    style.font.bold, style.font.italic = not italic, italic
    style.font.color.rgb = None
    style.paragraph_format.first_line_indent = Mm(10)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(6)
    style.paragraph_format.keep_with_next = True


def _page_number(paragraph: DocxParagraph) -> None:
    """Write Word's own field of the page number, centred."""
    paragraph.alignment = _CENTRE
    field_code = OxmlElement("w:fldSimple")
    field_code.set(qn("w:instr"), "PAGE")
    shown = OxmlElement("w:r")
    shown.append(OxmlElement("w:t"))
    field_code.append(shown)
    paragraph._p.append(field_code)


def _head(document: Docx, head: Head) -> None:
    table = _borderless(document, 2, (72, 100))
    left, right = table.rows[0].cells
    if head.above:
        _say(left, head.above.upper(), first=True)
    _say(left, head.issuer.upper(), bold=True, first=not head.above)
    _rule(left)
    _say(right, MOTTO[0], bold=True, first=True).runs[0].font.size = Pt(12)
    _say(right, MOTTO[1], bold=True)
    _rule(right)
    number, day = table.rows[1].cells
    _say(number, f"Số:        {head.number_sign}", first=True)
    _say(day, _place_and_day(head), italic=True, first=True)


def _place_and_day(head: Head) -> str:
    day = head.issued_on
    words = f"ngày {day:%d} tháng {day:%m} năm {day:%Y}" if day else "ngày      tháng      năm"
    return f"{head.place}, {words}" if head.place else words.capitalize()


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
) -> DocxParagraph:
    paragraph: DocxParagraph = cell.paragraphs[0] if first else cell.add_paragraph()
    paragraph.style, paragraph.alignment = style, aligned
    run = paragraph.add_run(clean(text))
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


def _titles(document: Docx, content: ReportContent) -> None:
    for text, before in ((content.kind.upper(), 12), (content.subject, 0)):
        paragraph = document.add_paragraph()
        paragraph.alignment = _CENTRE
        paragraph.paragraph_format.space_before = Pt(before)
        paragraph.add_run(clean(text)).bold = True


def _body(document: Docx, content: ReportContent, footnotes: Footnotes) -> Iterator[str]:
    for text in (content.opening, *content.overview):
        yield paragraph(text, "BodyText")
    if content.is_consolidated:
        yield from _totals(content)
    last = content.sections[-1] if content.sections else None
    for number, section in enumerate(content.sections, 1):
        mark = number, f"{SECTION_MARK}{section.position}"
        yield paragraph(section.title, "Heading1", mark=mark)
        lines = content.lines(section)
        for at, line in enumerate(lines, 1):
            is_end = section is last and at == len(lines)
            yield _line(line, _ended(line.text) if is_end else line.text, content, footnotes)
        if content.has_figures(section):
            yield from _figures(document, content)


def _ended(text: str) -> str:
    """The last line with the sign at which a letter ends."""
    return text.rstrip(" ./") + "./."


def _line(line: Paragraph, text: str, content: ReportContent, footnotes: Footnotes) -> str:
    if line.is_heading:
        return paragraph(text, f"Heading{line.level}")
    notes = content.note_by_number
    cited = "".join(footnotes.cite(notes[number].label) for number in line.notes if number in notes)
    return paragraph(text, "BodyText", after=cited)


def _totals(content: ReportContent) -> Iterator[str]:
    """How many items are in each class: by section of the plan and, where several, by unit."""
    words = content.words
    for title, name, rows in (
        (words.by_section, words.section, content.by_section),
        (words.by_unit, words.unit, content.by_unit),
    ):
        if len(rows) < _WORTH_A_TABLE:
            continue
        cells = [_counts(row.name, row) for row in rows] + [_counts(words.total, content.overall)]
        yield paragraph(title, "TableTitle")
        yield table((name, words.total, *words.class_names), _TOTALS_WIDTHS, cells)
        yield paragraph("", "Cell")


def _counts(name: str, row: TotalRow) -> tuple[str, ...]:
    return (name, str(row.total), *map(str, row.counts))


def _figures(document: Docx, content: ReportContent) -> Iterator[str]:
    """The figures as a table, then the picture of each target that is the unit's to reach."""
    yield paragraph(content.words.figures, "TableTitle")
    yield table(content.words.figure_headings, _FIGURE_WIDTHS, content.figure_cells)
    yield paragraph("", "Cell")
    for chart in (row.chart for row in content.figures if row.chart):
        with translation.override(PLAN_LANGUAGE):
            words = chart_words(chart)
        drawn = picture(document, chart_png(chart), chart.name, words, _CHART_WIDTH)
        yield paragraph(chart.name, "TableTitle")
        yield paragraph("", "Cell", after=drawn)


def _signature(document: Docx, content: ReportContent) -> None:
    table = _borderless(document, 1, (80, 80))
    left, right = table.rows[0].cells
    _say(left, "Nơi nhận:", bold=True, italic=True, first=True, aligned=_LEFT)
    for recipient in content.recipients:
        _say(left, f"- {recipient}", style="Recipient", aligned=_LEFT)
    _say(right, content.signer_post.upper(), bold=True, first=True)
    for _line in range(4):
        _say(right, "")
    _say(right, content.signer, bold=True)


def _annex(document: Docx, content: ReportContent) -> None:
    """Every row on pages laid across, after the letter."""
    if not content.annex:
        return
    _landscape(document.add_section(WD_SECTION.NEW_PAGE))
    rows = [
        (
            row.code,
            row.title,
            row.unit,
            f"{row.due_on:%d/%m/%Y}" if row.due_on else "",
            f"{row.percent} %",
            row.standing,
        )
        for row in content.annex
    ]
    title = paragraph(content.words.annex_title, "TableTitle")
    append(document, (title, table(content.words.annex_headings, _ANNEX_WIDTHS, rows)))


def _landscape(section: Section) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.different_first_page_header_footer = False
