"""Words of a PDF page in the order in which people read them."""

from io import BytesIO

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tasks.importing.errors import DocumentError
from tests.bench.speed import invented
from tests.tasks.importing.pdfs import HEIGHT, cells, grid, pdf, prepare, words
from tests.tasks.importing.test_variants import facts
from tests.tasks.importing.variants import FONTS, as_docx_table, as_pdf_table

pytestmark = pytest.mark.skipif(not FONTS.exists(), reason="fonts-dejavu-core is not installed")

LONG = "Khảo sát hiện trạng hệ thống cấp nước ở các thôn vùng cao"  # some 400 points
TABLE = [60.0, 100.0, 350.0, 500.0]


def test_line_that_the_margin_broke_is_joined() -> None:
    page = [
        (98.0, 100.0, LONG),
        (70.0, 117.0, "và các xã ven sông, kèm"),
        (70.0, 134.0, LONG + " X"),
    ]
    assert words(pdf(page)) == [f"{LONG} và các xã ven sông, kèm", f"{LONG} X"]


def test_line_with_room_for_the_next_word_ends_its_paragraph() -> None:
    page = [(70.0, 100.0, "Sở Y tế"), (70.0, 117.0, "Sở Nội vụ"), (70.0, 134.0, LONG)]
    assert words(pdf(page)) == ["Sở Y tế", "Sở Nội vụ", LONG]


def test_paragraph_goes_on_over_a_page() -> None:
    first = [(98.0, 760.0, LONG)]
    second = [(300.0, 40.0, "2"), (70.0, 80.0, "và đô thị"), (70.0, 97.0, "2. Việc sau")]
    assert words(pdf(first, second)) == [f"{LONG} và đô thị", "2. Việc sau"]


def test_heading_of_two_columns_is_read_column_by_column() -> None:
    rows = (("SỞ Y TẾ", "CỘNG HÒA XÃ HỘI"), ("Số: 9/KH-SYT", "An Bình, ngày 3 tháng 4 năm 2024"))
    page = [
        (left, 80.0 + 17 * row, text)
        for row, pair in enumerate(rows)
        for left, text in zip((70.0, 300.0), pair, strict=True)
    ]
    assert words(pdf([*page, (70.0, 140.0, LONG)])) == [
        *(row[0] for row in rows),
        *(row[1] for row in rows),
        LONG,
    ]


def test_values_beside_labels_are_no_columns() -> None:
    page = [
        (70.0, 100.0, "Chủ trì:"), (200.0, 100.0, "Sở Y tế"),
        (70.0, 117.0, "Thời gian:"), (200.0, 117.0, "Quý II"),
    ]  # fmt: skip
    assert words(pdf(page)) == ["Chủ trì: Sở Y tế", "Thời gian: Quý II"]


def test_running_heads_feet_and_page_numbers_are_left_out() -> None:
    pages = [
        [(70.0, 30.0, "UBND tỉnh An Bình"), (70.0, 200.0, f"Việc {n}."), (290.0, 820.0, f"- {n} -")]
        for n in (1, 2, 3)
    ]
    assert words(pdf(*pages)) == ["Việc 1.", "Việc 2.", "Việc 3."]


def test_last_line_of_the_text_is_no_running_foot() -> None:
    body = [(70.0, 700.0 + 17 * row, f"dòng {row}.") for row in range(6)]
    pages = [[*body, (70.0, 802.0, "Thời gian: Quý II.")] for _n in range(3)]
    assert words(pdf(*pages)).count("Thời gian: Quý II.") == 3


def test_stamp_of_a_signature_is_left_out() -> None:
    stamp = ["Người ký: Ủy ban nhân dân", "Email: x@an", "Thời gian ký: 15.03.2024"]
    page = [(350.0, 30.0 + 10 * row, text) for row, text in enumerate(stamp)]
    assert words(pdf([*page, (70.0, 100.0, "KẾ HOẠCH")])) == ["KẾ HOẠCH"]


def table_page(canvas: Canvas, texts: list[tuple[float, float, str]], rows: list[float]) -> None:
    prepare(canvas)
    grid(canvas, TABLE, rows)
    for left, top, text in texts:
        canvas.drawString(left, HEIGHT - top, text)
    canvas.showPage()


def two_pages() -> bytes:
    """Return a table whose second row is cut by the page, below a repeated heading."""
    buffer = BytesIO()
    canvas = Canvas(buffer, A4)
    heading = [(65.0, 95.0, "TT"), (105.0, 95.0, "Nhiệm vụ"), (355.0, 95.0, "Đơn vị")]
    first = [
        (65.0, 120.0, "1"),
        (105.0, 120.0, "Trồng cây xanh dọc các tuyến đường"),
        (355.0, 120.0, "Sở A"),
    ]
    table_page(canvas, [*heading, *first], [80.0, 105.0, 130.0])
    rest = [
        (105.0, 120.0, "của thị trấn"),
        (65.0, 145.0, "2"),
        (105.0, 145.0, "Tưới"),
        (355.0, 145.0, "Sở B"),
    ]
    table_page(canvas, [*heading, *rest], [80.0, 105.0, 130.0, 155.0])
    canvas.save()
    return buffer.getvalue()


def test_table_over_two_pages_is_one_table() -> None:
    assert cells(two_pages())[3:] == [
        (0, 1, 0, "1"),
        (0, 1, 1, "Trồng cây xanh dọc các tuyến đường của thị trấn"),
        (0, 1, 2, "Sở A"),
        (0, 2, 0, "2"),
        (0, 2, 1, "Tưới"),
        (0, 2, 2, "Sở B"),
    ]


@pytest.mark.parametrize("turn", [90, 270])
def test_text_drawn_sideways_is_turned(turn: int) -> None:
    buffer = BytesIO()
    canvas = Canvas(buffer, A4)
    prepare(canvas)
    canvas.translate(300, 400)
    canvas.rotate(turn)
    canvas.drawString(-200, 50, "Việc đầu.")
    canvas.drawString(-200, 20, "Việc sau.")
    canvas.save()
    assert words(buffer.getvalue()) == ["Việc đầu.", "Việc sau."]


def test_letters_drawn_twice_to_look_bold_are_read_once() -> None:
    assert words(pdf([(70.0, 100.0, "KẾ HOẠCH"), (70.4, 100.0, "KẾ HOẠCH")])) == ["KẾ HOẠCH"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pdf([(70.0, 100.0, "a")], encrypt=StandardEncryption("secret")), "document_locked"),
        (pdf([(70.0, 100.0, "a")])[:300], "document_corrupt"),
        (b"%PDF-1.7\n%%EOF", "document_corrupt"),
    ],
)
def test_file_that_cannot_be_opened_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as caught:
        words(data)
    assert caught.value.code == code


def test_long_table_reads_like_the_same_table_in_word() -> None:
    plan = invented(40)
    assert facts(as_pdf_table(plan), "a.pdf") == facts(as_docx_table(plan), "a.docx")


def test_row_that_the_page_leaves_open_is_a_row() -> None:
    buffer = BytesIO()
    canvas = Canvas(buffer, A4)
    prepare(canvas)
    grid(canvas, TABLE, [80.0, 105.0])
    canvas.lines([(x, HEIGHT - 105.0, x, HEIGHT - 140.0) for x in TABLE])
    for left, top, text in ((65, 95, "TT"), (105, 95, "Việc"), (65, 120, "1"), (105, 120, "Trồng")):
        canvas.drawString(left, HEIGHT - top, text)
    canvas.save()
    assert cells(buffer.getvalue())[2:] == [(0, 1, 0, "1"), (0, 1, 1, "Trồng")]


def test_number_broken_by_a_narrow_column_is_one_number() -> None:
    buffer = BytesIO()
    canvas = Canvas(buffer, A4)
    prepare(canvas)
    grid(canvas, [60.0, 82.0, 350.0], [80.0, 120.0])
    for left, top, text in ((62, 95, "10"), (62, 112, "4"), (105, 95, "Trồng 10"), (105, 112, "4")):
        canvas.drawString(left, HEIGHT - top, text)
    canvas.save()
    assert [place[3] for place in cells(buffer.getvalue())] == ["104", "Trồng 10", "4"]


def test_bullet_of_a_drawing_font_is_a_bullet() -> None:
    page = [
        (70.0, 100.0, "\uf400"), (90.0, 100.0, "Sở Y tế."),
        (70.0, 117.0, "\uf400"), (90.0, 117.0, "Sở Nội vụ."),
    ]  # fmt: skip
    assert words(pdf(page)) == ["• Sở Y tế.", "• Sở Nội vụ."]


def test_recipients_begin_a_line_of_their_own() -> None:
    page = [(70.0, 100.0, LONG), (70.0, 117.0, "Nơi nhận: " + LONG)]
    assert words(pdf(page)) == [LONG, "Nơi nhận: " + LONG]
