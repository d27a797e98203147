"""Files made to hurt a reader: bombs, loops, entities, wrong sizes."""

import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO

import docx
import openpyxl

from tests.tasks.importing.samples import docx_bytes

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def repacked(data: bytes, parts: dict[str, bytes]) -> bytes:
    """Return a package with *parts* replaced or added."""
    buffer = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as package,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in package.namelist():
            made.writestr(name, parts.get(name, package.read(name)))
        for name in parts.keys() - set(package.namelist()):
            made.writestr(name, parts[name])
    return buffer.getvalue()


def word(document: bytes | str, **others: bytes) -> bytes:
    """Return a Word file whose document.xml is *document*."""
    content = document if isinstance(document, bytes) else document.encode()
    return repacked(docx_bytes(docx.Document()), {"word/document.xml": content, **others})


def word_body(body: str) -> bytes:
    return word(f"<w:document {W}><w:body>{body}</w:body></w:document>")


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def table(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def nested(depth: int) -> str:
    """Return tables in the cells of tables."""
    inner = cell("a")
    for _level in range(depth):
        inner = f"<w:tc>{table(inner + cell('b'))}<w:p/></w:tc>"
    return table(inner + cell("c"))


def laughs() -> bytes:
    """Return XML whose entities grow tenfold nine times."""
    grown = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY l0 "ha">{grown}]><x>&l9;</x>'.encode()


def workbook(rows: Iterable[str], after: str = "") -> bytes:
    """Return a workbook of one sheet with the XML of its rows."""
    made = openpyxl.Workbook()
    buffer = BytesIO()
    made.save(buffer)
    sheet = f'<worksheet xmlns="{_SHEET}"><sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'
    return repacked(buffer.getvalue(), {"xl/worksheets/sheet1.xml": sheet.encode()})


def sheet_row(number: int, *columns: str) -> str:
    cells = "".join(
        f'<c r="{column}{number}" t="inlineStr"><is><t>x</t></is></c>' for column in columns
    )
    return f'<row r="{number}">{cells}</row>'


def merged_into_each_other(rows: int) -> bytes:
    areas = "".join(f'<mergeCell ref="A{row}:A{rows}"/>' for row in range(1, rows))
    filled = (sheet_row(row, "A", "B") for row in range(1, rows + 1))
    return workbook(filled, f"<mergeCells>{areas}</mergeCells>")


def pdf(*objects: bytes) -> bytes:
    """Return a PDF of *objects*, numbered from 1; the first is its catalogue."""
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    count = len(objects) + 1
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (count, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, rows) + end


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"


def stream(content: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    head = b"<< /Length %d /Filter /FlateDecode %s >>" % (len(packed), entries)
    return head + b"\nstream\n" + packed + b"\nendstream"


def page(resources: bytes, box: bytes = b"0 0 600 800") -> bytes:
    return b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources << %s >> >>" % (
        box,
        resources,
    )


def one_page(content: bytes, *others: bytes, box: bytes = b"0 0 600 800") -> bytes:
    """Return a PDF of one page; object 5 is a font, the drawing /X is object 6."""
    resources = b"/Font << /F1 5 0 R >> /XObject << /X 6 0 R >>"
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return pdf(CATALOGUE, pages, page(resources, box), stream(content), FONT, *others)


def many_pages(count: int) -> bytes:
    """Return a PDF of pages that share their words."""
    kids = b" ".join(b"%d 0 R" % number for number in range(6, 6 + count))
    pages = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    line = b"0 -20 Td (Trong cay nam 2024 tai cac xa) Tj "
    words = stream(b"BT /F1 12 Tf 50 700 Td " + line * 30 + b"ET")
    shown = page(b"/Font << /F1 5 0 R >>")
    return pdf(CATALOGUE, pages, b"<< >>", words, FONT, *[shown] * count)


def looped_pages() -> bytes:
    inner = b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>"
    return pdf(CATALOGUE, b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>", inner)


def deep_pages(depth: int) -> bytes:
    levels = (b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (level + 3) for level in range(depth))
    return pdf(CATALOGUE, *levels, b"<< /Type /Page /MediaBox [0 0 9 9] >>")


def doubling_drawings(depth: int) -> bytes:
    """Return a PDF whose drawing holds two others, which hold two others each, and so on."""
    forms = (
        stream(
            b"/X Do /X Do",
            b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]"
            b" /Resources << /XObject << /X %d 0 R >> >>" % (7 + level),
        )
        for level in range(depth)
    )
    return one_page(b"/X Do", *forms)


def huge_picture(side: int) -> bytes:
    entries = b"/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8"
    sized = b"%s /Width %d /Height %d" % (entries, side, side)
    return one_page(b"q 600 0 0 800 0 0 cm /X Do Q", stream(bytes(100), sized))
