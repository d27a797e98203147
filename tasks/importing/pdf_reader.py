"""PDF files to lines: the words and ruled lines of each page; pages that are pictures by OCR."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page as PdfPage
from pdfplumber.pdf import PDF
from pdfplumber.utils.text import extract_words

from tasks.importing.blocks import Line
from tasks.importing.bounds import MAX_CHARACTERS
from tasks.importing.errors import (
    CorruptDocumentError,
    DocumentError,
    EmptyDocumentError,
    LockedDocumentError,
    TextTooLongError,
)
from tasks.importing.ocr import Scanner
from tasks.importing.page import Edge, Page, Word
from tasks.importing.page_flow import read_pages
from tasks.importing.progress import PAGES, Report

Point = tuple[float, float]

_FEWEST_LETTERS = 8  # a page with fewer beside a picture is a scanned one
_DRAWN = re.compile("[\ue000-\uf8ff]")  # letters of the private area: bullets of Wingdings
_COVERED = 0.6  # of the page, by a picture that lies under recognised words
_MANY_CURVES = 300  # letters drawn as outlines


def read_pdf(data: bytes, filename: str, report: Report) -> Iterator[Line]:
    """Yield the lines of a PDF file.

    Raises LockedDocumentError, CorruptDocumentError, EmptyDocumentError for a file without words
    or pictures, and ScannerMissingError for a scan where no OCR is installed.
    """
    try:
        with pdfplumber.open(BytesIO(data)) as document:
            yield from read_pages(_pages(document, data, filename, report))
    except (MemoryError, DocumentError):
        raise
    except Exception as error:
        # pdfminer reports damage with whatever its parser or its own look-ups raise.
        if isinstance(error, PDFPasswordIncorrect) or any(
            isinstance(cause, PDFPasswordIncorrect) for cause in (*error.args, error.__cause__)
        ):
            raise LockedDocumentError(filename=filename) from error
        raise CorruptDocumentError(filename=filename, part=type(error).__name__) from error


def _pages(document: PDF, data: bytes, filename: str, report: Report) -> Iterator[Page]:
    scanner = Scanner(filename, report)
    total, length = len(document.pages), 0
    if not total:
        raise EmptyDocumentError(filename=filename)
    for number, pdf_page in enumerate(document.pages, start=1):
        report.progress(number - 1, total, PAGES)
        page = _page(pdf_page, number)
        if _is_picture(pdf_page, page):
            yield scanner.pdf_page(data, number, total)
        else:
            if _covered(pdf_page) and page.words:
                report.doubt("ocr_text", page=number)
            yield page
        pdf_page.close()
        length += sum(len(word.text) + 1 for word in page.words)
        if length > MAX_CHARACTERS:
            raise TextTooLongError(filename=filename, length=length, limit=MAX_CHARACTERS)
    report.progress(total, total, PAGES)


def _is_picture(pdf_page: PdfPage, page: Page) -> bool:
    letters = sum(len(word.text) for word in page.words if "(cid:" not in word.text)
    garbled = sum("(cid:" in word.text for word in page.words) * 3 > len(page.words) > 0
    if letters >= _FEWEST_LETTERS and not garbled:
        return False
    return garbled or bool(pdf_page.images) or len(pdf_page.curves) > _MANY_CURVES


def _covered(pdf_page: PdfPage) -> bool:
    area = float(pdf_page.width * pdf_page.height) or 1.0
    return any(image["width"] * image["height"] / area > _COVERED for image in pdf_page.images)


def _page(pdf_page: PdfPage, number: int) -> Page:
    """Return the words and ruled lines of a page, turned so that the words run to the right."""
    width, height = float(pdf_page.width), float(pdf_page.height)
    chars, edges = _single(pdf_page.chars), list(pdf_page.edges)
    turned = [char for char in chars if not char["upright"]]
    if len(turned) * 2 > len(chars):
        upwards = sum(char["matrix"][1] > 0 for char in turned) * 2 > len(turned)
        turn = _upwards(height) if upwards else _downwards(width)
        chars, edges = [_turned(one, turn) for one in turned], [_turned(one, turn) for one in edges]
        width, height = height, width
    else:
        chars = [char for char in chars if char["upright"]]
    found = extract_words(chars, x_tolerance_ratio=0.2)
    words = [
        Word(_DRAWN.sub("•", one["text"]), one["x0"], one["x1"], one["top"], one["bottom"])
        for one in found
        if one["text"].strip()
    ]
    return Page(number, width, height, words, edges)


def _single(chars: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return *chars* without those drawn a second time, a little aside, to look bold."""
    seen: dict[tuple[str, int, int], dict[str, Any]] = {}
    for char in chars:
        x, y = round(char["x0"]), round(char["top"])
        near = ((char["text"], x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
        if char["text"].isspace() or not any(place in seen for place in near):
            seen[char["text"], x, y] = char
    return list(seen.values())


def _upwards(height: float) -> Callable[[float, float], Point]:
    return lambda x, y: (height - y, x)


def _downwards(width: float) -> Callable[[float, float], Point]:
    return lambda x, y: (y, width - x)


def _turned(thing: Edge, turn: Callable[[float, float], Point]) -> Edge:
    one, other = turn(thing["x0"], thing["top"]), turn(thing["x1"], thing["bottom"])
    x0, x1 = sorted((one[0], other[0]))
    top, bottom = sorted((one[1], other[1]))
    turned = {**thing, "x0": x0, "x1": x1, "top": top, "bottom": bottom, "upright": True}
    turned |= {"width": x1 - x0, "height": bottom - top, "doctop": top}
    if "orientation" in thing:
        turned["orientation"] = "h" if thing["orientation"] == "v" else "v"
    return turned
