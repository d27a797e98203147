"""Word documents read like the same words in plain text."""

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement

from tests.tasks.importing.samples import (
    HEADING,
    PLAN,
    codes,
    plan_as_docx,
    read,
    read_docx,
    without_places,
)

ROWS = [
    ("STT", "Nội dung nhiệm vụ", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời gian hoàn thành"),
    ("1", "Trồng cây", "Sở A", "Sở B, Sở C", "tháng 6/2024"),
    ("2", "Tưới cây", "Sở A", "các đơn vị liên quan", "Thường xuyên"),
]


def heading() -> WordDocument:
    document = Document()
    for line in HEADING.splitlines():
        document.add_paragraph(line)
    return document


def add_table(document: WordDocument) -> None:
    document.add_paragraph("I. VIỆC")
    table = document.add_table(rows=len(ROWS), cols=5)
    for cells, texts in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(cells.cells, texts, strict=True):
            cell.text = text


def test_docx_reads_like_text() -> None:
    expected = read(PLAN.read_text(encoding="utf-8"))
    assert without_places(read_docx(plan_as_docx())) == without_places(expected)


def test_table_gives_one_item_for_each_row() -> None:
    document = heading()
    add_table(document)
    items = read_docx(document)["items"]
    assert [(item["code"], item["title"], item["lead"]) for item in items] == [
        ("I.1", "Trồng cây", ["Sở A"]),
        ("I.2", "Tưới cây", ["Sở A"]),
    ]
    assert [item["due"] for item in items] == ["2024-06-30", None]


def test_row_that_numbers_the_columns_is_no_item() -> None:
    document = heading()
    add_table(document)
    for index, cell in enumerate(document.tables[0].rows[1].cells, start=1):
        cell.text = f"({index})"
    assert [item["title"] for item in read_docx(document)["items"]] == ["Tưới cây"]


def test_column_that_asks_for_the_end_gives_no_start() -> None:
    document = heading()
    add_table(document)
    document.tables[0].cell(1, 4).text = "2025"
    item = read_docx(document)["items"][0]
    assert (item["start"], item["due"]) == (None, "2025-12-31")


def test_table_reads_like_the_same_table_in_markdown() -> None:
    document = heading()
    add_table(document)
    lines = [f"| {' | '.join(row)} |" for row in ROWS]
    text = "\n".join([HEADING + "I. VIỆC", lines[0], "|---|---|---|---|---|", *lines[1:]])
    assert without_places(read_docx(document)) == without_places(read(text))


def test_vertically_merged_cell_counts_for_each_row() -> None:
    document = heading()
    add_table(document)
    column = document.tables[0].columns[2].cells
    column[2].text = ""
    column[1].merge(column[2])
    assert [item["lead"] for item in read_docx(document)["items"]] == [["Sở A"], ["Sở A"]]


def test_heading_across_the_table_is_no_item() -> None:
    document = heading()
    add_table(document)
    cells = document.tables[0].rows[1].cells
    for cell in cells:
        cell.text = ""
    cells[0].merge(cells[4]).text = "Giai đoạn sau"
    assert [item["title"] for item in read_docx(document)["items"]] == ["Tưới cây"]


def test_automatic_numbers_become_codes() -> None:
    document = heading()
    document.add_paragraph("I. VIỆC")
    for title in ("Trồng cây", "Tưới cây"):
        document.add_paragraph(title, style="List Number")
        document.add_paragraph("Đơn vị thực hiện: Sở A", style="List Bullet")
    assert [item["code"] for item in read_docx(document)["items"]] == ["I.1", "I.2"]


def test_two_column_heading_is_read() -> None:
    document = Document()
    cells = document.add_table(rows=1, cols=2).rows[0].cells
    cells[0].text = "SỞ Y TẾ\nSố: 9/KH-SYT"
    cells[1].text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nAn Bình, ngày 3 tháng 4 năm 2024"
    document.add_paragraph("KẾ HOẠCH")
    document.add_paragraph("Tiêm chủng năm 2024")
    reading = read_docx(document)
    assert (reading["number"], reading["date"]) == ("9/KH-SYT", "2024-04-03")
    assert (reading["title"], reading["issuer"]) == ("Tiêm chủng năm 2024", "Sở Y tế")


def test_tracked_deletion_is_left_out_and_insertion_kept() -> None:
    document = heading()
    document.add_paragraph("I. VIỆC")
    document.add_paragraph("1. Trồng cây")
    paragraph = document.add_paragraph("- Đơn vị thực hiện: ")
    for tag, name, text in (("w:del", "w:delText", "Sở A"), ("w:ins", "w:t", "Sở B")):
        change, run, words = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(name)
        words.text = text
        run.append(words)
        change.append(run)
        paragraph._p.append(change)
    assert read_docx(document)["items"][0]["lead"] == ["Sở B"]


def test_agenda_of_hours_is_no_list_of_tasks() -> None:
    document = heading()
    table = document.add_table(rows=2, cols=3)
    texts = ("Thời gian", "Nội dung", "Đơn vị phụ trách", "7h00 - 7h15", "Khai mạc", "Sở A")
    for cell, text in zip(table._cells, texts, strict=True):
        cell.text = text
    reading = read_docx(document)
    assert (reading["items"], codes(reading)[-1]) == ([], "agenda_table")
