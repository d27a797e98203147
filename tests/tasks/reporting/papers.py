"""A report's content for tests: small, with everything in it once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tasks.reporting.charts import Chart
from tasks.reporting.content import (
    AnnexRow,
    Head,
    Note,
    Paragraph,
    ReportContent,
    Section,
    Words,
)
from tasks.reporting.figures import FigureRow, UnitFigure

WORDS = Words(
    annex_title="PHỤ LỤC",
    annex_headings=("TT", "Nhiệm vụ", "Chủ trì", "Thời hạn", "Tiến độ", "Tình trạng"),
    class_name="Loại",
    class_names=("Đúng hạn", "Trễ hạn", "Trong hạn", "Quá hạn", "Không hạn", "Tạm dừng"),
    total="Tổng cộng",
    by_section="Theo mục",
    by_unit="Theo đơn vị",
    section="Mục",
    unit="Đơn vị",
    figures="Số liệu",
    figure_headings=("Chỉ tiêu", "Đơn vị tính", "Trong kỳ", "Lũy kế", "Mục tiêu", "Theo đơn vị"),
    sources="Nguồn",
    nothing="Không có.",
    items_sheet="Nhiệm vụ",
    sections_sheet="Theo mục",
    units_sheet="Theo đơn vị",
)
NOTE = Note(
    number=1,
    words="Báo cáo của Sở Nông nghiệp.",
    quote="Đã trồng 2.305 cây.",
    unit="Sở Nông nghiệp",
    section="Kết quả",
    item="I.1",
    report=7,
    position=1,
    handed_in_on=dt.date(2024, 12, 4),
)
FIGURE = FigureRow(
    target=1,
    indicator=1,
    name="Cây trồng mới",
    measure="cây",
    phase="2022–2025",
    wanted="2.000–3.000",
    value="2305",
    since_start="2305.5",
    before=None,
    standing="",
    units=(UnitFigure("Sở NN", "2305", "Báo cáo"),),
    chart=Chart(
        name="Cây trồng mới",
        measure="cây",
        start="2022-01-01",
        end="2025-12-31",
        low="2000",
        high="3000",
        points=(("2024-12-01", "2305"),),
        pace=(("2022-01-01", "0"), ("2025-12-31", "2000")),
    ),
)


def row(
    number: int, section: str = "A. Trồng", unit: str = "Sở A", counted: str = "in_term"
) -> AnnexRow:
    return AnnexRow(
        section=section,
        code=f"I.{number}",
        title=f"Nhiệm vụ {number}",
        unit=unit,
        due_on=dt.date(2024, 12, 31),
        percent=50,
        standing="đúng tiến độ",
        counted=counted,
    )


def content(**changes: Any) -> ReportContent:
    parts: dict[str, Any] = {
        "as_of": dt.date(2024, 12, 5),
        "is_consolidated": True,
        "head": Head(
            issuer="Sở Nông nghiệp",
            above="Ủy ban nhân dân tỉnh An Bình",
            number_sign="/BC-SNN",
            place="An Bình",
            issued_on=dt.date(2024, 12, 5),
        ),
        "kind": "Báo cáo",
        "subject": "Kết quả trồng cây năm 2024",
        "opening": "Sở Nông nghiệp báo cáo như sau:",
        "overview": ("Tổng hợp từ 1 trong 2 báo cáo.",),
        "sections": (
            Section(
                1,
                "results",
                "Kết quả",
                (
                    Paragraph("A. Trồng", 2),
                    Paragraph("Sở Nông nghiệp", 3),
                    Paragraph("- Đã trồng 2.305 cây.", 0, (1,)),
                ),
            ),
            Section(2, "figures", "Số liệu", ()),
            Section(3, "proposals", "Đề xuất", ()),
        ),
        "notes": (NOTE,),
        "annex": (row(1), row(2, unit="Sở B", counted="overdue"), row(3, section="B. Tưới")),
        "figures": (FIGURE,),
        "signer_post": "Giám đốc",
        "signer": "Lê Văn Nam",
        "recipients": ("UBND tỉnh;", "Lưu: VT."),
        "words": WORDS,
    }
    return ReportContent(**parts | changes)
