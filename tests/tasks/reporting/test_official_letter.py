"""The layout of an official letter, read back from the file."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Docx
from docx.oxml.ns import qn

from tasks.reporting.content import Head, Section
from tasks.reporting.official_letter import MOTTO, letter
from tests.tasks.reporting.papers import content


@pytest.fixture
def document() -> Docx:
    return Document(io.BytesIO(letter(content())))


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


def told(document: Docx) -> list[tuple[str, str]]:
    return [(one.style.name, one.text) for one in document.paragraphs if one.text and one.style]


def test_sections_are_headings_and_the_body_ends_with_its_sign(document: Docx) -> None:
    assert told(document)[4:] == [
        ("Table Title", "Theo mục"),
        ("Table Title", "Theo đơn vị"),
        ("Heading 1", "Kết quả"),
        ("Heading 2", "A. Trồng"),
        ("Heading 3", "Sở Nông nghiệp"),
        ("Body Text", "- Đã trồng 2.305 cây."),
        ("Heading 1", "Số liệu"),
        ("Table Title", "Số liệu"),
        ("Table Title", "Cây trồng mới"),
        ("Heading 1", "Đề xuất"),
        ("Body Text", "Không có./."),
        ("Table Title", "PHỤ LỤC"),
    ]


def test_headings_are_numbered_by_a_list_of_their_styles(document: Docx) -> None:
    numbering = document.part.numbering_part.element
    levels = {
        level.find(qn("w:pStyle")).get(qn("w:val")): (
            level.find(qn("w:numFmt")).get(qn("w:val")),
            level.find(qn("w:lvlText")).get(qn("w:val")),
        )
        for level in numbering.iter(qn("w:lvl"))
        if (level.find(qn("w:pStyle")) is not None)
        and level.find(qn("w:pStyle")).get(qn("w:val")).startswith("Heading")
    }
    assert levels == {
        "Heading1": ("upperRoman", "%1."),
        "Heading2": ("none", ""),
        "Heading3": ("decimal", "%3."),
    }
    for name in levels:
        style = document.styles.element.get_by_id(name)
        assert style.pPr.numPr.numId.val == 90


def test_each_statement_has_a_footnote_that_names_its_source() -> None:
    package = zipfile.ZipFile(io.BytesIO(letter(content())))
    body, notes = (package.read(f"word/{name}.xml").decode() for name in ("document", "footnotes"))
    assert body.count("<w:footnoteReference ") == 1
    assert "[1] Báo cáo của Sở Nông nghiệp." in notes
    assert 'Target="footnotes.xml"' in package.read("word/_rels/document.xml.rels").decode()
    assert "footnotes+xml" in package.read("[Content_Types].xml").decode()
    assert '<w:footnote w:id="-1"/>' in package.read("word/settings.xml").decode()


def test_letter_without_sources_has_no_footnotes() -> None:
    package = zipfile.ZipFile(io.BytesIO(letter(content(notes=()))))
    assert "word/footnotes.xml" not in package.namelist()


def test_totals_stand_in_tables_with_their_sum(document: Docx) -> None:
    by_section, by_unit = document.tables[1:3]
    rows = [[cell.text for cell in row.cells] for row in by_section.rows]
    assert rows[1:] == [
        ["A. Trồng", "2", "0", "0", "1", "1", "0", "0"],
        ["B. Tưới", "1", "0", "0", "1", "0", "0", "0"],
        ["Tổng cộng", "3", "0", "0", "2", "1", "0", "0"],
    ]
    assert [row.cells[0].text for row in by_unit.rows][1:] == ["Sở A", "Sở B", "Tổng cộng"]


def test_figures_stand_in_their_section_as_officials_write_them(document: Docx) -> None:
    (_head, figures) = document.tables[3].rows
    assert [cell.text for cell in figures.cells] == [
        "Cây trồng mới",
        "cây",
        "2.305",
        "2.305,5",
        "2.000–3.000 (2022–2025)",
        "Sở NN: 2.305",
    ]


def test_what_no_file_can_hold_is_left_out() -> None:
    broken = content(sections=(Section(1, "free", "Mục\x0b", ()),), signer="Lê\x00 Nam")
    document = Document(io.BytesIO(letter(broken)))
    assert ("Heading 1", "Mục") in told(document)


def test_signature_stands_right_and_recipients_left(document: Docx) -> None:
    left, right = document.tables[4].rows[0].cells
    assert [one.text for one in left.paragraphs] == ["Nơi nhận:", "- UBND tỉnh;", "- Lưu: VT."]
    assert [one.text for one in right.paragraphs if one.text] == ["GIÁM ĐỐC", "Lê Văn Nam"]


def test_pages_are_numbered_from_the_second_on(document: Docx) -> None:
    page = document.sections[0]
    assert page.different_first_page_header_footer is True
    assert page.first_page_header.paragraphs[0].text == ""
    assert "PAGE" in page.header.paragraphs[0]._p.xml


def test_annex_repeats_its_head_on_each_page_laid_across(document: Docx) -> None:
    table = document.tables[-1]
    assert [cell.text for cell in table.rows[0].cells][:2] == ["TT", "Nhiệm vụ"]
    assert table.rows[0]._tr.trPr is not None
    assert "w:tblHeader" in table.rows[0]._tr.trPr.xml
    assert [cell.text for cell in table.rows[2].cells] == [
        "I.2",
        "Nhiệm vụ 2",
        "Sở B",
        "31/12/2024",
        "50 %",
        "đúng tiến độ",
    ]
    width = document.sections[-1].page_width
    assert width is not None
    assert width.mm == pytest.approx(297, abs=0.1)


def test_same_letter_is_the_same_file() -> None:
    assert letter(content()) == letter(content())


def test_letter_without_a_day_leaves_room_for_it() -> None:
    undated = content(head=Head("Sở", "", "/BC-S", "An Bình", None))
    cells = Document(io.BytesIO(letter(undated))).tables[0].rows[1].cells
    assert cells[1].text.split() == ["An", "Bình,", "ngày", "tháng", "năm"]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_letter_opens_in_libreoffice_and_becomes_a_pdf(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(letter(content()))
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run([*command, f"-env:UserInstallation=file://{tmp_path}/profile"], check=True)
    assert path.with_suffix(".pdf").read_bytes().startswith(b"%PDF")


def test_targets_are_drawn_with_their_words_below_the_figures(document: Docx) -> None:
    (drawn,) = document.element.body.findall(f".//{qn('wp:docPr')}")
    assert drawn.get("name") == "Cây trồng mới"
    assert "31/12/2025: 2.000–3.000 cây." in drawn.get("descr")
    assert "1/12/2024: 2.305." in drawn.get("descr")
