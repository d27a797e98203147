"""One invented plan in every form that plans are sent in."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from hypothesis import strategies as st
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from tests.tasks.importing.samples import docx_bytes

FONTS = Path("/usr/share/fonts/truetype/dejavu")
LABELS = ("TT", "Nội dung nhiệm vụ", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời gian hoàn thành")

VERBS = ("Khảo sát", "Rà soát", "Xây dựng", "Tổ chức", "Đánh giá", "Nâng cấp", "Đào tạo")
THINGS = (
    "hệ thống cấp nước sạch ở các thôn vùng cao",
    "tủ sách dùng chung của trường học",
    "bến xe khách phía Đông và các điểm dừng đón trả khách trên tuyến",
    "đội ngũ hướng dẫn viên du lịch cộng đồng",
    "phần mềm quản lý hộ nuôi trồng thủy sản, kèm tài liệu hướng dẫn cho cán bộ xã và hợp tác xã",
    "chợ phiên nông sản",
)
UNITS = (
    "Sở Y tế",
    "Sở Giáo dục và Đào tạo",
    "Sở Văn hóa, Thể thao và Du lịch",
    "Sở Nông nghiệp và Phát triển nông thôn",
    "Công an tỉnh",
    "Tỉnh đoàn",
    "Sở Khoa học và Công nghệ",
)
TIMES = ("tháng 6/2024", "Quý III/2024", "trước ngày 15/9/2024", "Thường xuyên", "Cả năm 2024")


@dataclass(frozen=True)
class Task:
    title: str
    leads: tuple[str, ...]
    coordinators: tuple[str, ...]
    time: str

    @property
    def cells(self) -> tuple[str, ...]:
        return self.title, ", ".join(self.leads), ", ".join(self.coordinators), self.time


@dataclass(frozen=True)
class Plan:
    tasks: tuple[Task, ...]


@st.composite
def plans(draw: Callable[..., Any], least: int = 1, most: int = 12) -> Plan:
    """Invent a plan; no title and no unit occurs twice where that would make a doubt."""
    titles = st.builds(
        lambda verb, thing: f"{verb} {thing}", *map(st.sampled_from, (VERBS, THINGS))
    )
    names = draw(st.lists(titles, min_size=least, max_size=most, unique=True))
    tasks = []
    for name in names:
        units = draw(st.lists(st.sampled_from(UNITS), min_size=1, max_size=4, unique=True))
        leads = draw(st.integers(1, min(2, len(units))))
        time = draw(st.sampled_from(TIMES))
        tasks.append(Task(name, tuple(units[:leads]), tuple(units[leads:]), time))
    return Plan(tuple(tasks))


LEFT = ("ỦY BAN NHÂN DÂN", "TỈNH AN BÌNH", "Số: 118/KH-UBND")
RIGHT = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "An Bình, ngày 20 tháng 02 năm 2024",
)
TITLE = ("KẾ HOẠCH", "Nâng cao đời sống các thôn vùng cao năm 2024")
OPENING = (
    "Thực hiện Nghị quyết số 45/NQ-HĐND ngày 12/01/2024 của Hội đồng nhân dân tỉnh, Ủy ban nhân "
    "dân tỉnh ban hành kế hoạch với những nội dung như sau:",
    "I. MỤC ĐÍCH",
    "Giúp người dân các thôn vùng cao tiếp cận dịch vụ công thuận tiện hơn, nhất là người cao "
    "tuổi, trẻ em và đồng bào ở xa trung tâm xã.",
    "II. NHIỆM VỤ",
)
CLOSING = (
    "III. TỔ CHỨC THỰC HIỆN",
    "1. Các cơ quan được giao nhiệm vụ tại Mục II gửi báo cáo kết quả về UBND tỉnh (qua Sở Y tế) "
    "trước ngày 30/11/2024.",
    "2. Sở Y tế tổng hợp, báo cáo UBND tỉnh trước ngày 15/12/2024.",
    "Nơi nhận:",
    "- Như trên;",
    "- Lưu: VT.",
)


def task_lines(task: Task) -> Iterator[str]:
    yield f"{task.title}."
    yield f"- Đơn vị chủ trì: {', '.join(task.leads)}."
    if task.coordinators:
        yield f"- Đơn vị phối hợp: {', '.join(task.coordinators)}."
    yield f"- Thời gian hoàn thành: {task.time}."


def list_lines(plan: Plan) -> list[str]:
    """Return the plan as paragraphs."""
    lines = [*LEFT, *RIGHT, *TITLE, *OPENING]
    for number, task in enumerate(plan.tasks, start=1):
        title, *roles = task_lines(task)
        lines += [f"{number}. {title}", *roles]
    return [*lines, *CLOSING]


def rows(plan: Plan) -> list[tuple[str, ...]]:
    return [(str(number), *task.cells) for number, task in enumerate(plan.tasks, start=1)]


def as_text(plan: Plan) -> bytes:
    return "\n".join(list_lines(plan)).encode()


def as_decomposed_text(plan: Plan) -> bytes:
    return unicodedata.normalize("NFD", "\n".join(list_lines(plan))).encode()


def as_lookalike_text(plan: Plan) -> bytes:
    return "\n".join(list_lines(plan)).replace("Đ", "Ð").encode()


def as_utf16_text(plan: Plan) -> bytes:
    return "\r\n".join(list_lines(plan)).encode("utf-16")


def as_wrapped_text(plan: Plan) -> bytes:
    """Return the plan with lines of at most 72 letters, and a page number in the middle."""
    lines: list[str] = []
    for paragraph in list_lines(plan):
        line = ""
        for word in paragraph.split():
            if len(line) + len(word) > 71:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines.append(line)
    middle = len(lines) * 2 // 3
    return "\n".join([*lines[:middle], "", "2", "\f", *lines[middle:]]).encode()


def as_markdown(plan: Plan) -> bytes:
    table = [f"| {' | '.join(row)} |" for row in (LABELS, *rows(plan))]
    table.insert(1, "|---" * len(LABELS) + "|")
    lines = [*LEFT, *RIGHT, *(f"**{line}**" for line in TITLE), *OPENING, "", *table, "", *CLOSING]
    return "\n\n".join(lines).replace("|\n\n|", "|\n|").encode()


def as_docx_list(plan: Plan) -> bytes:
    document = docx.Document()
    for line in list_lines(plan):
        document.add_paragraph(line)
    return docx_bytes(document)


def as_numbered_docx(plan: Plan) -> bytes:
    """Return the plan with numbers and bullets that Word counts."""
    document = docx.Document()
    for line in (*LEFT, *RIGHT, *TITLE, *OPENING):
        document.add_paragraph(line)
    for task in plan.tasks:
        title, *roles = task_lines(task)
        document.add_paragraph(title, style="List Number")
        for role in roles:
            document.add_paragraph(role.removeprefix("- "), style="List Bullet")
    for line in CLOSING:
        document.add_paragraph(line)
    return docx_bytes(document)


def as_docx_table(plan: Plan) -> bytes:
    return docx_bytes(_table_document([[LABELS, *rows(plan)]], plan))


def as_cut_docx_table(plan: Plan) -> bytes:
    """Return the plan with its table cut in two by hand, the heading copied."""
    found = rows(plan)
    middle = len(found) // 2
    pieces = [[LABELS, *found[:middle]], [LABELS, *found[middle:]]]
    return docx_bytes(_table_document(pieces if middle else [[LABELS, *found]], plan))


def _table_document(pieces: list[list[tuple[str, ...]]], plan: Plan) -> Document:
    document = docx.Document()
    head = document.add_table(rows=1, cols=2).rows[0].cells
    head[0].text, head[1].text = "\n".join(LEFT), "\n".join(RIGHT)
    for line in TITLE:
        document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for line in OPENING:
        document.add_paragraph(line)
    for piece in pieces:
        table = document.add_table(len(piece), len(LABELS), style="Table Grid")
        for cell, text in zip(table._cells, (text for row in piece for text in row), strict=True):
            cell.text = text
        document.add_paragraph()
    for line in CLOSING:
        document.add_paragraph(line)
    return document


def as_xlsx(plan: Plan) -> bytes:
    """Return the plan as an annex: the heading above, the table below, the closing lines."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for line in (*LEFT, *RIGHT, *TITLE, *OPENING):
        sheet.append([line])
    for row in (LABELS, *rows(plan)):
        sheet.append([int(cell) if cell.isdecimal() else cell for cell in row])
    for line in CLOSING:
        sheet.append([line])
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _style(**options: Any) -> ParagraphStyle:
    if "Body" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Body", FONTS / "DejaVuSerif.ttf"))
    usual = {"fontName": "Body", "fontSize": 13, "leading": 17, "spaceAfter": 6}
    return ParagraphStyle("s", **{**usual, **options})


def as_pdf_list(plan: Plan, size: tuple[float, float] = A4) -> bytes:
    body = _style(alignment=TA_JUSTIFY, firstLineIndent=28)
    skipped = len(LEFT) + len(RIGHT) + len(TITLE)
    story = [Paragraph(line, body) for line in list_lines(plan)[skipped:]]
    return _pdf([*_pdf_head(), *story], size)


def as_pdf_table(plan: Plan, size: tuple[float, float] = A4) -> bytes:
    body, small = _style(alignment=TA_JUSTIFY, firstLineIndent=28), _style(fontSize=11, leading=14)
    data = [[Paragraph(text, small) for text in row] for row in (LABELS, *rows(plan))]
    width = size[0] - 130
    widths = [0.07 * width, *(share * width for share in (0.33, 0.22, 0.22, 0.16))]
    grid = TableStyle(
        [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    )
    table = LongTable(data, colWidths=widths, style=grid, repeatRows=1, splitInRow=1)
    story = [Paragraph(line, body) for line in OPENING]
    return _pdf([*_pdf_head(), *story, table, *(Paragraph(line, body) for line in CLOSING)], size)


def as_landscape_pdf_table(plan: Plan) -> bytes:
    return as_pdf_table(plan, landscape(A4))


def _pdf_head() -> list[Any]:
    centred = _style(alignment=TA_CENTER, fontSize=10, leading=14, spaceAfter=0)
    cells = [[[Paragraph(line, centred) for line in side] for side in (LEFT, RIGHT)]]
    head = Table(
        cells, colWidths=[190, 270], style=TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP")])
    )
    title = _style(alignment=TA_CENTER)
    return [head, Spacer(1, 14), *(Paragraph(line, title) for line in TITLE), Spacer(1, 8)]


def _pdf(story: list[Any], size: tuple[float, float]) -> bytes:
    def number(canvas: Any, document: Any) -> None:
        if document.page > 1:
            canvas.setFont("Body", 11)
            canvas.drawCentredString(size[0] / 2, size[1] - 40, str(document.page))

    buffer = BytesIO()
    frame = {"leftMargin": 70, "rightMargin": 50, "topMargin": 60, "bottomMargin": 55}
    template = SimpleDocTemplate(buffer, pagesize=size, **frame)
    template.build(story, onFirstPage=number, onLaterPages=number)
    return buffer.getvalue()


# Each form with the name that its file would have.
LISTS: dict[str, Callable[[Plan], bytes]] = {
    "nfd.txt": as_decomposed_text,
    "eth.txt": as_lookalike_text,
    "utf16.txt": as_utf16_text,
    "wrapped.txt": as_wrapped_text,
    "list.docx": as_docx_list,
    "numbered.docx": as_numbered_docx,
    "list.pdf": as_pdf_list,
}
TABLES: dict[str, Callable[[Plan], bytes]] = {
    "table.docx": as_docx_table,
    "cut.docx": as_cut_docx_table,
    "table.pdf": as_pdf_table,
    "wide.pdf": as_landscape_pdf_table,
    "table.xlsx": as_xlsx,
    "table.md": as_markdown,
}
