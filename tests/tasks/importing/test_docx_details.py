"""What Word keeps around the words: boxes, merges, tracked changes, controls, old fonts."""

from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tasks.importing.blocks import Cell
from tasks.importing.docx_reader import read_docx
from tests.tasks.importing.samples import docx_bytes, plan_as_docx
from tests.tasks.importing.samples import read_docx as read

MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
V = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:wps="urn:wps"'


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*parts: str) -> str:
    return f"<w:p>{''.join(parts)}</w:p>"


def cell(*parts: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(parts)}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def simple(*texts: str) -> str:
    return "".join(cell(paragraph(run(text))) for text in texts)


def document(*parts: str) -> Document:
    made = docx.Document()
    names = nsdecls("w") + f" {MC} {V}"
    root: Any = parse_xml(f"<w:body {names}>{''.join(parts)}</w:body>")
    made.element.body[:0] = list(root)
    return made


def lines(*parts: str) -> list[str]:
    found = read_docx(docx_bytes(document(*parts)), "plan.docx")
    return [line.text for line in found if line.text]


def cells(*parts: str) -> list[tuple[int, int, int, str]]:
    found = read_docx(docx_bytes(document(*parts)), "plan.docx")
    return [
        (line.cell.table, line.cell.row, line.cell.column, line.text)
        for line in found
        if isinstance(line.cell, Cell) and line.text
    ]


BOX = "<w:txbxContent>{}</w:txbxContent>".format(paragraph(run("Trong khung")))
CONTROL = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
TOC = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{BOX}</w:drawing></mc:Choice>"
            f"<mc:Fallback><w:pict>{BOX}</w:pict></mc:Fallback></mc:AlternateContent></w:r>",
            ["Trước", "Trong khung"],
        ),
        (run("ẩn", "<w:vanish/>") + run(" hiện"), ["Trước hiện"]),
        ('<w:hyperlink><w:r><w:t>Luật</w:t></w:r></w:hyperlink>', ["TrướcLuật"]),
        ("<w:r><w:softHyphen/><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r>", ["Trướca b"]),
        ("<w:r><w:br/><w:t>sau</w:t></w:r>", ["Trước", "sau"]),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r>", ["Trước"]),
        ("<w:r><w:footnoteReference w:id='2'/></w:r>", ["Trước"]),
        (f"<w:moveFrom>{run('đi')}</w:moveFrom><w:moveTo>{run('!')}</w:moveTo>", ["Trước!"]),
    ],
)  # fmt: skip
def test_words_of_a_paragraph(parts: str, expected: list[str]) -> None:
    assert lines(paragraph(run("Trước"), parts)) == expected


def test_drawn_bullet_is_a_bullet() -> None:
    symbol = '<w:r><w:sym w:font="Wingdings" w:char="F0A7"/></w:r>'
    assert lines(paragraph(symbol, run("Việc")), paragraph(run("\uf0b7 Hai"))) == [
        "- Việc",
        "- Hai",
    ]


def test_old_fonts_are_read_run_by_run() -> None:
    old = run("Së Y tÕ", '<w:rFonts w:ascii=".VnTime"/>')
    capitals = run("kÕ ho¹ch", '<w:rFonts w:ascii=".VnTimeH"/>')
    other = run("UÛy ban", '<w:rFonts w:ascii="VNI-Times"/>')
    assert lines(paragraph(old, run(" và Sở Nội vụ"))) == ["Sở Y tế và Sở Nội vụ"]
    assert lines(paragraph(capitals), paragraph(other)) == ["KẾ HOẠCH", "Ủy ban"]


def test_contents_list_is_left_out_and_controls_are_looked_through() -> None:
    parts = (
        CONTROL.format(TOC, paragraph(run("I. VIỆC 3"))),
        CONTROL.format("", paragraph(run("A"))),
    )
    assert lines(*parts) == ["A"]


def test_deleted_row_and_paragraph_are_left_out() -> None:
    gone = "<w:trPr><w:del/></w:trPr>" + simple("1", "2")
    mark = (
        "<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr><w:rPr><w:del/></w:rPr></w:pPr></w:p>"
    )
    assert lines(mark, table(gone, simple("3", "4"))) == ["3", "4"]


def test_small_table_in_a_cell_is_words_of_the_cell() -> None:
    inner = table(simple("x", "y"), simple("z", "w"))
    outer = table(cell(paragraph(run("a")), inner, paragraph()) + simple("b"))
    assert cells(outer) == [*((0, 0, 0, text) for text in "axyzw"), (0, 0, 1, "b")]


def test_table_of_three_columns_in_a_cell_is_a_table_of_its_own() -> None:
    inner = table(simple("x", "y", "z"), simple("1", "2", "3"))
    outer = table(cell(paragraph(run("a")), inner, paragraph()) + simple("b"))
    assert [place[:2] for place in cells(outer)] == [(0, 0), *[(1, 0)] * 3, *[(1, 1)] * 3, (0, 0)]


def test_frame_of_one_column_is_no_table() -> None:
    assert cells(table(simple("KẾ HOẠCH"), simple("Năm 2024"))) == []


def test_spans_keep_their_columns() -> None:
    wide = cell(paragraph(run("rộng")), properties='<w:gridSpan w:val="2"/>')
    late = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + simple("b", "c")
    old = cell(paragraph(run("x")), properties='<w:hMerge w:val="restart"/>')
    rest = cell(paragraph(), properties="<w:hMerge/>")
    assert cells(table(wide + simple("c"), late, old + rest + simple("z"))) == [
        (0, 0, 0, "rộng"),
        (0, 0, 2, "c"),
        (0, 1, 1, "b"),
        (0, 1, 2, "c"),
        (0, 2, 0, "x"),
        (0, 2, 2, "z"),
    ]


HEADING = simple("TT", "Việc", "Đơn vị")


@pytest.mark.parametrize(
    "second", [table(HEADING, simple("2", "b", "B")), table(simple("2", "b", "B"))]
)
def test_table_cut_by_a_page_is_one_table(second: str) -> None:
    first = table(HEADING, simple("1", "a", "A"))
    assert cells(first, paragraph(), second)[3:] == [
        *((0, 1, column, text) for column, text in enumerate(("1", "a", "A"))),
        *((0, 2, column, text) for column, text in enumerate(("2", "b", "B"))),
    ]


def test_tables_with_words_between_stay_apart() -> None:
    both = table(HEADING, simple("1", "a", "A")), paragraph(run("Phụ lục")), table(HEADING)
    assert {place[0] for place in cells(*both)} == {0, 1}


def test_heading_repeated_inside_a_table_is_left_out() -> None:
    rows = table(HEADING, simple("1", "a", "A"), HEADING, simple("2", "b", "B"))
    assert [place[3] for place in cells(rows) if place[2] == 0] == ["TT", "1", "2"]


def test_heading_in_the_page_header_is_read_where_the_body_has_none() -> None:
    made = document(paragraph(run("KẾ HOẠCH")), paragraph(run("Trồng cây năm 2024")))
    made.sections[0].header.paragraphs[0].text = "Số: 5/KH-UBND"
    assert read(made)["number"] == "5/KH-UBND"
    whole = plan_as_docx()
    whole.sections[0].header.paragraphs[0].text = "Số: 5/KH-UBND"
    assert read(whole)["number"] == "118/KH-UBND"


def test_numbers_of_a_style_are_inherited_with_their_level() -> None:
    made = docx.Document()
    own = made.styles.add_style("Việc", 1)
    own.base_style = made.styles["List Number"]
    for title in ("Trồng", "Tưới"):
        made.add_paragraph(title, style="Việc")
    found = [line.text for line in read_docx(docx_bytes(made), "plan.docx")]
    assert found == ["1. Trồng", "2. Tưới"]
