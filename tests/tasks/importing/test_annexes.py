"""A plan and its annexes as one reading."""

from __future__ import annotations

import datetime as dt

from tasks.importing.annexes import read_documents

PLAN = """ỦY BAN NHÂN DÂN TỈNH BÌNH LÂM
Số: 88/KH-UBND
Bình Lâm, ngày 10 tháng 3 năm 2024
KẾ HOẠCH
Trồng cây ven đường năm 2024
I. NHIỆM VỤ
1. Khảo sát các tuyến đường
- Đơn vị chủ trì: Sở Xây dựng
- Thời gian: Quý II/2024
"""
ANNEX = """| TT | Nhiệm vụ | Chủ trì | Thời gian |
|---|---|---|---|
| 1 | Ươm cây giống cho các huyện | Sở Nông nghiệp | trong quý III |
| 2 | Giao cây cho các trường học | Sở Giáo dục | trong quý IV |
"""


def files(*texts: str) -> list[tuple[bytes, str]]:
    return [(text.encode(), f"{number}.txt") for number, text in enumerate(texts)]


def test_annex_continues_the_plan_in_its_year() -> None:
    reading = read_documents(files(PLAN, ANNEX))
    assert reading.header.number is not None
    assert [item.timeframe.due for item in reading.items] == [
        dt.date(2024, 6, 30),
        dt.date(2024, 9, 30),
        dt.date(2024, 12, 31),
    ]


def test_places_of_an_annex_count_on() -> None:
    reading = read_documents(files(PLAN, ANNEX, ANNEX))
    found = [reading.text[item.title.start : item.title.end] for item in reading.items]
    assert found == [item.title.text for item in reading.items]
    assert len(found) == 5
    assert sorted(item.line for item in reading.items) == [item.line for item in reading.items]
