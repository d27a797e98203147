"""Files made to hurt are refused with words that say what to do, soon and without harm."""

import os
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.importing.docx_package import MEGABYTE
from tasks.importing.errors import DocumentError
from tasks.importing.file_kinds import EXTENSIONS
from tasks.importing.isolation import Limits, read_isolated
from tasks.importing.reading import read_document
from tests.bench.speed import invented
from tests.tasks.importing import hostile
from tests.tasks.importing.variants import (
    FONTS,
    as_docx_table,
    as_pdf_list,
    as_pdf_table,
    as_text,
    as_xlsx,
)

OLD_WORD = hostile.OLE + "WordDocument".encode("utf-16-le")
OLD_EXCEL = hostile.OLE + "Workbook".encode("utf-16-le")
LOCKED = hostile.OLE + "EncryptedPackage".encode("utf-16-le")
MERGED = '<w:vMerge w:val="restart"/>'
WIDE = '<w:gridSpan w:val="2000000000"/>'
_MOST = 5.0  # CPU seconds for a file that does nothing but harm


def refusal(data: bytes, filename: str) -> DocumentError:
    started = time.process_time()
    with pytest.raises(DocumentError) as caught:
        read_document(data, filename)
    assert time.process_time() - started < _MOST
    assert "%(" not in caught.value.message
    return caught.value


def open_document(kind: str) -> bytes:
    return hostile.repacked(EMPTY_ZIP, {"mimetype": kind.encode(), "content.xml": b"<x/>"})


EMPTY_ZIP = b"PK\x05\x06" + bytes(18)


@pytest.mark.parametrize(
    ("data", "filename", "code", "advice"),
    [
        (OLD_WORD, "a.doc", "format_old_word", ".docx"),
        (OLD_WORD, "a.docx", "format_old_word", ".docx"),
        (OLD_EXCEL, "a.xls", "format_old_excel", ".xlsx"),
        (OLD_EXCEL, "a.xlsx", "format_old_excel", ".xlsx"),
        (LOCKED, "a.docx", "document_locked", "remove the password"),
        (LOCKED, "a.xlsx", "document_locked", "remove the password"),
        (b"{\\rtf1\\ansi plan}", "a.rtf", "format_other", ".docx"),
        (b"{\\rtf1\\ansi plan}", "a.doc", "format_other", ".docx"),
        (b"<html><body>plan</body></html>", "a.doc", "format_other", ".docx"),
        (open_document("application/vnd.oasis.opendocument.text"), "a.odt", "format_other", "docx"),
        (EMPTY_ZIP, "a.docx", "document_corrupt", "save it again"),
        (EMPTY_ZIP, "a.zip", "format_unsupported", ".docx"),
        (b"MZ\x90\x00" * 90, "a.exe", "format_unsupported", ".docx"),
    ],
)
def test_file_of_another_kind_is_refused_with_advice(
    data: bytes, filename: str, code: str, advice: str
) -> None:
    found = refusal(data, filename)
    assert (found.code, advice in found.message) == (code, True)


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_empty_file_is_refused_as_empty(extension: str) -> None:
    assert refusal(b"", f"a{extension}").code == "document_empty"


@pytest.mark.skipif(not FONTS.exists(), reason="fonts-dejavu-core is not installed")
@pytest.mark.parametrize("make", [as_docx_table, as_pdf_table, as_xlsx])
@pytest.mark.parametrize("extension", [".txt", ".docx", ".pdf", ".xlsx", ".png", ".doc"])
def test_content_decides_over_a_wrong_extension(make: object, extension: str) -> None:
    assert len(read_document(make(invented(2)), f"a{extension}").items) == 2  # type: ignore[operator]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (hostile.nested(80), "not_a_plan"),
        (hostile.nested(3_000), "document_corrupt"),
        (hostile.table(hostile.cell("Chủ trì") * 10_000), "not_a_plan"),
        (hostile.table(hostile.cell("a", WIDE) + hostile.cell("b")), "not_a_plan"),
        (hostile.table(hostile.cell("a", '<w:gridSpan w:val="x"/>') * 2), "document_corrupt"),
        (
            hostile.table(
                hostile.cell("trồng cây " * 500, MERGED) + hostile.cell("a"),
                *[hostile.cell("", "<w:vMerge/>") + hostile.cell("a")] * 500,
            ),
            "text_too_long",
        ),
        ("<w:p/>" * 20_000, "document_empty"),
    ],
)
def test_hostile_word_table_is_refused(body: str, code: str) -> None:
    assert refusal(hostile.word_body(body), "a.docx").code == code


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (hostile.laughs(), "document_unsafe"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "document_unsafe"),
        ('<?xml version="1.0"?><!DOCTYPE x><x/>'.encode("utf-16"), "document_unsafe"),
        (b"<a>" * 50_000 + b"</a>" * 50_000, "document_corrupt"),
        (b"<w:document", "document_corrupt"),
        (b"", "document_corrupt"),
    ],
)
def test_hostile_xml_is_refused(document: bytes, code: str) -> None:
    assert refusal(hostile.word(document), "a.docx").code == code


def test_package_of_too_many_parts_is_refused() -> None:
    parts = {f"word/media/{number}.txt": b"" for number in range(5_001)}
    assert refusal(hostile.word(b"<x/>", **parts), "a.docx").code == "document_parts"


def test_package_in_a_package_is_not_opened() -> None:
    bomb = hostile.word(b"<x/>", **{"word/media/a.bin": bytes(9_000_000)})
    data = hostile.word(b"<x/>", **{"word/media/b.zip": bomb})
    assert refusal(data, "a.docx").code in ("document_corrupt", "document_empty")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (hostile.merged_into_each_other(900), "too_many_lines"),
        (hostile.workbook([hostile.sheet_row(1, "A"), hostile.sheet_row(10**12, "XFD")]), None),
        (hostile.workbook([f'<row r="{row}"/>' for row in range(1, 30_000)]), "document_empty"),
        (hostile.workbook(['<row r="x"/>']), "document_corrupt"),
    ],
)
def test_hostile_workbook_is_refused(data: bytes, code: str | None) -> None:
    assert refusal(data, "a.xlsx").code == (code or "not_a_plan")


@pytest.mark.parametrize(
    "data",
    [
        hostile.looped_pages(),
        hostile.deep_pages(2_000),
        hostile.one_page(b"[" * 20_000),
        hostile.one_page(b"/X Do", hostile.stream(b"/X Do", b"/Subtype /Form /BBox [0 0 9 9]")),
        hostile.one_page(b"BT /F1 12 Tf (KE HOACH) Tj ET", box=b"0 0 1e40 1e40"),
        hostile.one_page(b"BT /F1 1e30 Tf (KE HOACH) Tj ET"),
        hostile.pdf(b"<< /Type /Catalog /Pages 1 0 R >>"),
        hostile.pdf(b"<< /Type /Catalog /Pages 9 0 R >>"),
    ],
)
def test_hostile_pdf_is_read_or_refused(data: bytes) -> None:
    started = time.process_time()
    with suppress(DocumentError):
        read_document(data, "a.pdf")
    assert time.process_time() - started < _MOST


WHOLE = {
    "a.docx": as_docx_table(invented(2)),
    "a.xlsx": as_xlsx(invented(2)),
    "a.txt": as_text(invented(2)),
    **({"a.pdf": as_pdf_list(invented(1))} if FONTS.exists() else {}),
}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(WHOLE)), st.floats(0, 1))
def test_cut_file_raises_nothing_but_a_refusal(filename: str, share: float) -> None:
    whole = WHOLE[filename]
    with suppress(DocumentError):
        assert read_document(whole[: int(len(whole) * share)], filename).text


def _damaged(filename: str, places: list[float], junk: bytes) -> None:
    data = bytearray(WHOLE[filename])
    for place in places:
        at = int(place * (len(data) - 1))
        data[at : at + len(junk)] = junk
    with suppress(DocumentError):
        assert read_document(bytes(data), filename).text


FILES = st.sampled_from(sorted(WHOLE))
PLACES = st.lists(st.floats(0, 1), min_size=1, max_size=8)


@settings(max_examples=80, deadline=None)
@given(FILES, PLACES, st.binary(min_size=1, max_size=9))
def test_damaged_file_raises_nothing_but_a_refusal(
    filename: str, places: list[float], junk: bytes
) -> None:
    _damaged(filename, places, junk)


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(FILES, PLACES, st.binary(min_size=1, max_size=40))
def test_much_damage_raises_nothing_but_a_refusal(
    filename: str, places: list[float], junk: bytes
) -> None:
    _damaged(filename, places, junk)


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=1, max_size=400), st.sampled_from(EXTENSIONS), st.booleans())
def test_junk_raises_nothing_but_a_refusal(junk: bytes, extension: str, marked: bool) -> None:
    mark = {".pdf": b"%PDF-1.7\n", ".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff"}
    begin = mark.get(extension, b"PK\x03\x04") if marked else b""
    with suppress(DocumentError):
        read_document(begin + junk, f"a{extension}")


def isolated(tmp_path: Path, data: bytes, filename: str, limits: Limits) -> DocumentError:
    path = tmp_path / "1"
    path.write_bytes(data)
    with pytest.raises(DocumentError) as caught:
        read_isolated(path, filename, limits=limits)
    assert psutil.Process(os.getpid()).children(recursive=True) == []
    assert filename in caught.value.message
    return caught.value


LIMITS = Limits(seconds=30, cpu_seconds=20)


@pytest.mark.parametrize(
    ("data", "filename", "code", "limits"),
    [
        (hostile.doubling_drawings(40), "a.pdf", "reading_time", Limits(cpu_seconds=1)),
        (b"%PDF-1.7" + bytes(2_000), "a.pdf", "document_corrupt", LIMITS),
    ],
)
def test_child_is_ended_and_its_end_explained(
    tmp_path: Path, data: bytes, filename: str, code: str, limits: Limits
) -> None:
    assert isolated(tmp_path, data, filename, limits).code == code


def bomb(size: int) -> bytes:
    return hostile.word(b"<x/>", **{"word/media/a.bin": bytes(size)})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("packed.docx", "document_bomb"),
        ("paragraphs.docx", "reading_memory"),
        ("sparse.xlsx", "too_many_lines"),
        ("blank.xlsx", "document_empty"),
        ("pages.pdf", "text_too_long or reading_time"),  # as the machine is quick or slow
        ("operators.pdf", "not_a_plan"),
        ("inflated.pdf", "document_empty"),
    ],
)
def test_bomb_does_no_harm(tmp_path: Path, name: str, code: str) -> None:
    files = {
        "packed.docx": lambda: bomb(220 * MEGABYTE),
        "paragraphs.docx": lambda: hostile.word_body("<w:p/>" * 8_000_000),
        "sparse.xlsx": lambda: hostile.workbook(
            hostile.sheet_row(row, "A") for row in range(1, 400_000)
        ),
        "blank.xlsx": lambda: hostile.workbook(f'<row r="{n}"/>' for n in range(1, 1_000_001)),
        "pages.pdf": lambda: hostile.many_pages(10_000),
        "operators.pdf": lambda: hostile.one_page(b"BT /F1 9 Tf (ab) Tj ET\n" * 50_000),
        "inflated.pdf": lambda: hostile.one_page(b" " * 200_000_000),
    }
    # What outlives the limit on a slow machine need not be given all of it.
    cpu_seconds = 15 if "reading_time" in code else 60
    limits = Limits(seconds=500, cpu_seconds=cpu_seconds, memory=900 * MEGABYTE)
    assert isolated(tmp_path, files[name](), name, limits).code in code.split(" or ")
