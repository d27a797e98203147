"""The layout of an official letter, read back from the file."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Docx
from docx.oxml.ns import qn

from tasks.reporting.official_letter import MOTTO, Annex, Letter, letter_docx

ANNEX = Annex("PHỤ LỤC", ("TT", "Nhiệm vụ"), (20, 100), [("1", "Trồng cây"), ("2", "Tưới cây")])
LETTER = Letter(
    issuer="Sở Nông nghiệp",
    above="Ủy ban nhân dân tỉnh An Bình",
    number_sign="/BC-SNN",
    place="An Bình",
    kind="Báo cáo",
    subject="Kết quả trồng cây năm 2024",
    opening="Sở Nông nghiệp báo cáo như sau:",
    sections=[("I. KẾT QUẢ", "1. Trồng cây\n- Đã trồng 2.305 cây."), ("II. ĐỀ XUẤT", "Không có.")],
    signer_post="Giám đốc",
    signer="Lê Văn Nam",
    recipients=["UBND tỉnh;", "Lưu: VT."],
    issued_on=dt.date(2024, 12, 5),
    annexes=[ANNEX],
)


@pytest.fixture
def document() -> Docx:
    return Document(io.BytesIO(letter_docx(LETTER)))


def test_head_names_the_issuer_left_and_the_motto_right(document: Docx) -> None:
    left, right = document.tables[0].rows[0].cells
    assert [one.text for one in left.paragraphs if one.text] == [
        "ỦY BAN NHÂN DÂN TỈNH AN BÌNH",
        "SỞ NÔNG NGHIỆP",
    ]
    assert [one.text for one in right.paragraphs if one.text] == list(MOTTO)


def test_number_and_day_stand_below_the_head(document: Docx) -> None:
    number, day = document.tables[0].rows[1].cells
    assert number.text.split() == ["Số:", "/BC-SNN"]
    assert day.text == "An Bình, ngày 05 tháng 12 năm 2024"


def test_page_is_a4_with_the_margins_of_the_decree(document: Docx) -> None:
    page = document.sections[0]
    assert page.page_width
    assert page.page_height
    assert [page.page_width.mm, page.page_height.mm] == pytest.approx([210, 297], abs=0.1)
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [margin.mm for margin in margins if margin] == pytest.approx([20, 20, 30, 20], abs=0.1)


def test_body_is_set_in_the_font_of_the_decree(document: Docx) -> None:
    fonts = {
        style.element.rPr.rFonts.get(qn(f"w:{script}"))
        for style in (document.styles["Normal"], document.styles["Heading 1"])
        for script in ("ascii", "hAnsi", "cs", "eastAsia")
    }
    assert fonts == {"Times New Roman"}


def test_sections_are_headings_and_the_body_ends_with_its_sign(document: Docx) -> None:
    told = [(one.style.name, one.text) for one in document.paragraphs if one.text and one.style]
    assert ("Heading 1", "I. KẾT QUẢ") in told
    assert ("Heading 2", "1. Trồng cây") in told
    assert ("Body Text", "- Đã trồng 2.305 cây.") in told
    assert told[-2] == ("Body Text", "Không có./.")


def test_signature_stands_right_and_recipients_left(document: Docx) -> None:
    left, right = document.tables[1].rows[0].cells
    assert [one.text for one in left.paragraphs] == ["Nơi nhận:", "- UBND tỉnh;", "- Lưu: VT."]
    assert [one.text for one in right.paragraphs if one.text] == ["GIÁM ĐỐC", "Lê Văn Nam"]


def test_pages_are_numbered_from_the_second_on(document: Docx) -> None:
    page = document.sections[0]
    assert page.different_first_page_header_footer is True
    assert page.first_page_header.paragraphs[0].text == ""
    assert "PAGE" in page.header.paragraphs[0]._p.xml


def test_annex_repeats_its_head_on_each_page_laid_across(document: Docx) -> None:
    table = document.tables[2]
    assert [cell.text for cell in table.rows[0].cells] == ["TT", "Nhiệm vụ"]
    assert table.rows[0]._tr.trPr is not None
    assert "w:tblHeader" in table.rows[0]._tr.trPr.xml
    assert [cell.text for cell in table.rows[2].cells] == ["2", "Tưới cây"]
    width = document.sections[-1].page_width
    assert width is not None
    assert width.mm == pytest.approx(297, abs=0.1)


def test_same_letter_is_the_same_file() -> None:
    assert letter_docx(LETTER) == letter_docx(LETTER)


def test_letter_without_a_day_leaves_room_for_it() -> None:
    undated = Letter(
        **{name: getattr(LETTER, name) for name in Letter.__slots__} | {"issued_on": None}
    )
    cells = Document(io.BytesIO(letter_docx(undated))).tables[0].rows[1].cells
    assert cells[1].text.split() == ["An", "Bình,", "ngày", "tháng", "năm"]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_letter_opens_in_libreoffice_and_becomes_a_pdf(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(letter_docx(LETTER))
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run([*command, f"-env:UserInstallation=file://{tmp_path}/profile"], check=True)
    assert path.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
