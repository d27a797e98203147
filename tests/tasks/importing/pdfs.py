"""Small PDF files for the tests, drawn by hand."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tasks.importing.pdf_reader import read_pdf
from tasks.importing.progress import Report
from tests.tasks.importing.variants import FONTS

Text = tuple[float, float, str]  # points from the left, points from the top, words
WIDTH, HEIGHT = A4


def pdf(*pages: Iterable[Text], **options: Any) -> bytes:
    """Return a file with words at places; options are those of the canvas."""
    buffer = BytesIO()
    canvas = Canvas(buffer, A4, **options)
    for page in pages:
        prepare(canvas)
        for left, top, words in page:
            canvas.drawString(left, HEIGHT - top, words)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def prepare(canvas: Canvas) -> None:
    if "Body" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Body", FONTS / "DejaVuSerif.ttf"))
    canvas.setFont("Body", 12)


def grid(canvas: Canvas, columns: list[float], rows: list[float]) -> None:
    """Draw the lines of a table, with places counted from the top."""
    canvas.grid(columns, [HEIGHT - row for row in rows])


def words(data: bytes) -> list[str]:
    return [line.text for line in read_pdf(data, "plan.pdf", Report())]


def cells(data: bytes) -> list[tuple[int, int, int, str]]:
    lines = read_pdf(data, "plan.pdf", Report())
    return [
        (line.cell.table, line.cell.row, line.cell.column, line.text) for line in lines if line.cell
    ]
