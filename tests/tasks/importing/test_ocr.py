"""Pictures of pages: read where tesseract knows Vietnamese, refused by name elsewhere."""

import shutil
import subprocess
from io import BytesIO
from unittest import mock

import pypdfium2
import pytest
from PIL import Image, ImageDraw

from tasks.importing import ocr
from tasks.importing.errors import DocumentError
from tasks.importing.progress import SCANNED_PAGES, Report
from tasks.importing.readers import read_file
from tasks.importing.reading import read_document
from tasks.importing.scanned_rules import find_rules, straightened
from tests.tasks.importing.variants import FONTS, Plan, Task, as_pdf_table

PROGRAM = shutil.which("tesseract")
LANGUAGES = (
    subprocess.run([PROGRAM, "--list-langs"], capture_output=True, text=True, check=False).stdout
    if PROGRAM
    else ""
)
needs_tesseract = pytest.mark.skipif(
    "vie" not in LANGUAGES.split() or not FONTS.exists(),
    reason="tesseract-ocr, tesseract-ocr-vie or fonts-dejavu-core is not installed",
)
PLAN = Plan(
    (
        Task(
            "Khảo sát hệ thống cấp nước ở các thôn vùng cao", ("Sở Giáo dục",), (), "tháng 6/2024"
        ),
        Task(
            "Tổ chức chợ phiên nông sản của các xã",
            ("Sở Nội vụ",),
            ("Tỉnh đoàn",),
            "trước ngày 15/9/2024",
        ),
    )
)


UNSURE = ((96, "Quý"), (69.5, "II/2024"), (60, "xã"), (80, "2024"), (50, "15/9,"))


def scan(data: bytes, angle: float = 0.0) -> bytes:
    """Return a PDF as a scanner makes it: a picture of each page."""
    pages = [
        page.render(scale=200 / 72, grayscale=True).to_pil().rotate(angle, fillcolor=255)
        for page in pypdfium2.PdfDocument(data)
    ]
    buffer = BytesIO()
    pages[0].save(buffer, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    return buffer.getvalue()


def picture(kind: str = "PNG") -> bytes:
    buffer = BytesIO()
    Image.new("L", (200, 280), 255).save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.slow
@needs_tesseract
@pytest.mark.parametrize("angle", [0.0, 0.5])
def test_scanned_table_is_read_with_a_doubt(angle: float) -> None:
    seen: list[tuple[int, int, str]] = []
    data = scan(as_pdf_table(PLAN), angle)
    reading = read_document(data, "scan.pdf", progress=lambda *at: seen.append(at))
    assert [(item.title.text, item.timeframe.text) for item in reading.items] == [
        (task.title, task.time) for task in PLAN.tasks
    ]
    assert (0, 1, SCANNED_PAGES) in seen
    assert ("ocr_text", {"page": 1}) in [(one.code, one.params) for one in reading.cautions]


@needs_tesseract
def test_empty_picture_is_refused_as_empty() -> None:
    with (
        mock.patch.object(ocr.Scanner, "_tesseract", return_value=""),
        pytest.raises(DocumentError) as caught,
    ):
        read_file(picture(), "a.png")
    assert caught.value.code == "document_empty"


@pytest.mark.parametrize("data", [picture(), picture("JPEG"), picture("TIFF")])
def test_without_tesseract_a_picture_is_refused_by_what_to_install(data: bytes) -> None:
    with (
        mock.patch.object(ocr, "_languages", return_value=frozenset()),
        pytest.raises(DocumentError) as caught,
    ):
        read_file(data, "a.txt")
    assert caught.value.code == "scanner_missing"
    assert "tesseract-ocr-vie" in caught.value.message


def test_page_that_takes_too_long_is_a_doubt() -> None:
    report = Report()
    late = subprocess.TimeoutExpired("tesseract", 1)
    with (
        mock.patch.object(ocr, "_languages", return_value=frozenset({"vie"})),
        mock.patch("subprocess.run", side_effect=late),
    ):
        page = ocr.Scanner("a.png", report).page(Image.new("L", (200, 280), 255), 3)
    assert (page.words, [(one.code, one.params) for one in report.cautions]) == (
        [],
        [("page_unread", {"page": 3})],
    )


def test_numbers_that_were_hard_to_recognise_are_named() -> None:
    row = "5\t1\t1\t1\t1\t1\t10\t10\t50\t20\t{}\t{}"
    table = "\n".join(["heading", *(row.format(*one) for one in UNSURE)])
    report = Report()
    with (
        mock.patch.object(ocr, "_languages", return_value=frozenset({"vie"})),
        mock.patch.object(ocr.Scanner, "_tesseract", return_value=table),
    ):
        ocr.Scanner("a.png", report).page(Image.new("L", (200, 280), 255), 3)
    assert [one.params for one in report.cautions if one.code == "ocr_unsure"] == [
        {"page": 3, "words": "II/2024, 15/9"}
    ]


def test_too_many_scanned_pages_are_refused_before_the_first() -> None:
    buffer = BytesIO()
    pages = [Image.new("1", (20, 28), 1) for _page in range(4)]
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    pdf = BytesIO()
    pages[0].save(pdf, "PDF", save_all=True, append_images=pages[1:])
    for data in (buffer.getvalue(), pdf.getvalue()):
        with (
            mock.patch.object(ocr, "MAX_SCANNED_PAGES", 3),
            mock.patch.object(ocr, "_languages", return_value=frozenset({"vie"})),
            mock.patch.object(ocr.Scanner, "_tesseract", side_effect=AssertionError),
            pytest.raises(DocumentError) as caught,
        ):
            read_file(data, "a.pdf")
        assert (caught.value.code, caught.value.params["pages"]) == ("too_many_scanned_pages", 4)


def ruled() -> Image.Image:
    drawn = Image.new("L", (500, 700), 255)
    draw = ImageDraw.Draw(drawn)
    for at in (50, 250, 450):
        draw.line((50, at, 450, at), fill=0, width=3)
        draw.line((at, 50, at, 450), fill=0, width=3)
    return drawn


def test_ruled_lines_are_found() -> None:
    rules = find_rules(ruled())
    assert sorted((rule.upright, round((rule.x0 + rule.x1) / 2, -1)) for rule in rules) == [
        (False, 250), (False, 250), (False, 250), (True, 50), (True, 250), (True, 450),
    ]  # fmt: skip


def test_page_laid_in_askew_is_straightened() -> None:
    crooked = ruled().rotate(1.0, Image.Resampling.BICUBIC, fillcolor=255)
    assert len(find_rules(straightened(crooked))) == 6
