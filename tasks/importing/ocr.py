"""Scanned pages to words, with tesseract; optional: without it a scan is refused by name."""

import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from statistics import median

import pypdfium2
from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from tasks.importing.blocks import Line
from tasks.importing.errors import (
    CompressedTooFarError,
    CorruptDocumentError,
    DocumentError,
    ScannerMissingError,
    TooManyScannedPagesError,
)
from tasks.importing.page import Page, Word
from tasks.importing.page_flow import read_pages
from tasks.importing.progress import SCANNED_PAGES, Report
from tasks.importing.scanned_rules import Rule, as_edge, find_rules, straightened

Box = tuple[float, float, float, float]
# Words, how sure tesseract is of them in percent, and the numbers that it is not sure of.
Recognised = tuple[list[Word], float, list[str]]

PAGE_SECONDS = 90.0
MAX_SCANNED_PAGES = 120  # as many as can be recognised within the time of one reading
_FEWEST_LETTERS = 8  # a page of a PDF with fewer is a picture
_PIXELS_PER_POINT = 300 / 72
_SHORT_SIDE, _LONG_SIDE = 595.0, 842.0  # points of A4, which scans are taken for
MOST_PIXELS = 60_000_000
_WIDEST = 6_000  # pixels
_LEAST_WIDTH = 1_600  # below, a picture is enlarged
_UNSURE = 75.0  # percent, below which a number or date is named as doubtful
_NUMBER = re.compile(r"\d|^[IVXlH|]+\b")
_POOR = 55.0  # mean confidence in percent, below which the page may lie on its side
_FORMATS = ("PNG", "JPEG", "TIFF")
# Page segmentation: a page of one column of text in varying sizes reads tables row by row.
_SEGMENTATION = "4"


class Scanner:
    """Recognises the pages of one document, and says so."""

    def __init__(self, filename: str, report: Report, seconds: float = PAGE_SECONDS) -> None:
        self.filename, self.report, self.seconds = filename, report, seconds
        self.counted = False

    def pdf_page(self, data: bytes, number: int, total: int) -> Page:
        """Return the words of a page of a PDF; raises ScannerMissingError without OCR."""
        self.report.progress(number - 1, total, SCANNED_PAGES)
        _require(self.filename)
        document = pypdfium2.PdfDocument(data)
        try:
            self._count(document)
            page = document[number - 1]
            longest = max(page.get_size())
            scale = min(_PIXELS_PER_POINT, _WIDEST / max(longest, 1.0))
            picture = page.render(scale=scale, grayscale=True).to_pil()
        finally:
            document.close()
        return self.page(picture, number)

    def _count(self, document: pypdfium2.PdfDocument) -> None:
        """Refuse too many scanned pages before the first is recognised, not after an hour."""
        if not self.counted and len(document) > MAX_SCANNED_PAGES:
            scanned = sum(page.get_textpage().count_chars() < _FEWEST_LETTERS for page in document)
            _check_pages(scanned, self.filename)
        self.counted = True

    def page(self, picture: Image.Image, number: int) -> Page:
        """Return the words of a picture; none, with a doubt, where recognising takes too long."""
        _require(self.filename)
        grey = _sized(picture.convert("L"))
        try:
            return self._recognised(grey, number)
        except subprocess.TimeoutExpired:
            self.report.doubt("page_unread", page=number)
            return Page(number, *_points(grey), [])

    def _recognised(self, grey: Image.Image, number: int) -> Page:
        grey = straightened(grey)
        rules = find_rules(grey)
        words, confidence, unsure = self._words(_without(grey, rules))
        turned = self._upright(grey) if confidence < _POOR else None
        if turned is not None:
            grey = straightened(turned)
            rules = find_rules(grey)
            words, _confidence, unsure = self._words(_without(grey, rules))
        self.report.doubt("ocr_text" if words else "page_unread", page=number)
        if unsure:
            self.report.doubt("ocr_unsure", page=number, words=", ".join(unsure))
        width, height = _points(grey)
        scale = width / grey.width
        placed = [_scaled(word, scale) for word in words]
        return Page(number, width, height, placed, [as_edge(rule, scale) for rule in rules])

    def _words(self, grey: Image.Image) -> Recognised:
        rows = self._tesseract(grey, "-l", "vie", "--psm", _SEGMENTATION, "tsv").splitlines()[1:]
        return _read_table(rows)

    def _upright(self, grey: Image.Image) -> Image.Image | None:
        """Return the picture turned upright, or None where it is or where nobody can tell."""
        if "osd" not in _languages():
            return None
        for line in self._tesseract(grey, "--psm", "0").splitlines():
            if line.startswith("Rotate:") and line.split()[1] != "0":
                return grey.rotate(-int(line.split()[1]), expand=True)
        return None

    def _tesseract(self, grey: Image.Image, *options: str) -> str:
        buffer = BytesIO()
        grey.save(buffer, "PNG", compress_level=1, dpi=(300, 300))
        done = subprocess.run(  # noqa: S603 - our own arguments
            [_program(), "stdin", "stdout", *options],
            input=buffer.getvalue(),
            capture_output=True,
            timeout=self.seconds,
            check=False,
        )
        return done.stdout.decode("utf-8", "replace")


def read_image(data: bytes, filename: str, report: Report) -> Iterator[Line]:
    """Yield the lines of a picture; each frame of a TIFF is a page.

    Raises ScannerMissingError, TooManyScannedPagesError, CompressedTooFarError or
    CorruptDocumentError.
    """
    _require(filename)
    try:
        yield from read_pages(_frames(data, filename, report))
    except (MemoryError, DocumentError):
        raise
    except (OSError, ValueError, SyntaxError, EOFError, UnidentifiedImageError) as error:
        raise CorruptDocumentError(filename=filename, part=type(error).__name__) from error


def _frames(data: bytes, filename: str, report: Report) -> Iterator[Page]:
    scanner = Scanner(filename, report)
    with Image.open(BytesIO(data), formats=_FORMATS) as picture:
        total = int(getattr(picture, "n_frames", 1))
        _check_pages(total, filename)
        for index in range(total):
            picture.seek(index)
            if picture.width * picture.height > MOST_PIXELS:
                size, limit = picture.width * picture.height // 1_000_000, MOST_PIXELS // 1_000_000
                raise CompressedTooFarError(filename=filename, size=size, limit=limit)
            report.progress(index, total, SCANNED_PAGES)
            yield scanner.page(ImageOps.exif_transpose(picture), index + 1)
        report.progress(total, total, SCANNED_PAGES)


def _check_pages(pages: int, filename: str) -> None:
    if pages > MAX_SCANNED_PAGES:
        raise TooManyScannedPagesError(filename=filename, pages=pages, limit=MAX_SCANNED_PAGES)


def _require(filename: str) -> None:
    if "vie" not in _languages():
        raise ScannerMissingError(filename=filename)


@cache
def _program() -> str:
    return shutil.which("tesseract") or ""


@cache
def _languages() -> frozenset[str]:
    """Return the languages that tesseract knows; none where it is not installed."""
    if not _program():
        return frozenset()
    done = subprocess.run(  # noqa: S603 - our own arguments
        [_program(), "--list-langs"], capture_output=True, timeout=20, check=False
    )
    return frozenset(done.stdout.decode("utf-8", "replace").split())


def _sized(grey: Image.Image) -> Image.Image:
    """Return a picture of a size at which letters are some thirty pixels high."""
    factor = 1.0
    if grey.width < _LEAST_WIDTH:
        factor = min(3.0, 2 * _LEAST_WIDTH / max(grey.width, 1))
    factor = min(factor, _WIDEST / max(grey.width, grey.height, 1))
    if factor == 1.0:
        return grey
    size = max(int(grey.width * factor), 1), max(int(grey.height * factor), 1)
    return grey.resize(size, Image.Resampling.LANCZOS)


def _points(grey: Image.Image) -> tuple[float, float]:
    width = _SHORT_SIDE if grey.width <= grey.height else _LONG_SIDE
    return width, width * grey.height / grey.width


def _without(grey: Image.Image, rules: list[Rule]) -> Image.Image:
    """Return the picture without its ruled lines, which would be read as letters."""
    if not rules:
        return grey
    clean = grey.copy()
    draw = ImageDraw.Draw(clean)
    for rule in rules:
        draw.rectangle((rule.x0 - 1, rule.top - 1, rule.x1 + 1, rule.bottom + 1), fill=255)
    return clean


def _read_table(rows: list[str]) -> Recognised:
    """Return the words of tesseract's table, all of one line equally high, and how sure it is."""
    lines: dict[tuple[str, ...], list[tuple[str, Box]]] = defaultdict(list)
    confidences: list[float] = []
    unsure: list[str] = []
    for row in rows:
        fields = row.split("\t")
        if len(fields) == 12 and fields[0] == "5" and fields[11].strip():
            left, top, width, height = map(float, fields[6:10])
            box = (left, top, left + width, top + height)
            lines[tuple(fields[2:5])].append((fields[11].strip(), box))
            confidences.append(float(fields[10]))
            if confidences[-1] < _UNSURE and _NUMBER.search(fields[11]):
                unsure.append(fields[11].strip(" ,.;:"))
    words: list[Word] = []
    for line in lines.values():
        middle = median((box[1] + box[3]) / 2 for _text, box in line)
        half = median((box[3] - box[1]) / 2 for _text, box in line)
        words.extend(Word(text, box[0], box[2], middle - half, middle + half) for text, box in line)
    mean = sum(confidences) / len(confidences) if confidences else 0.0
    return words, mean, unsure


def _scaled(word: Word, scale: float) -> Word:
    return Word(word.text, word.x0 * scale, word.x1 * scale, word.top * scale, word.bottom * scale)
