"""Tasks in prose under the names of units."""

from typing import Any

import pytest

from tasks.importing.reading import read_pasted
from tests.tasks.importing.samples import DATA, HEADING, read


@pytest.fixture(scope="module")
def notice() -> dict[str, Any]:
    return read((DATA / "thong-bao-giao-viec.txt").read_text(encoding="utf-8"))


def test_unit_of_the_heading_leads_each_task(notice: dict[str, Any]) -> None:
    associations = ["Hội Phụ nữ tỉnh", "các hội: Hội Nông dân, Hội Chữ thập đỏ"]
    assert [(item["code"], item["lead"]) for item in notice["items"]] == [
        ("2.a.1", ["Sở Công Thương"]),
        ("2.a.2", ["Sở Công Thương"]),
        ("2.b.1", ["Công an tỉnh"]),
        ("2.c", ["Sở Y tế"]),
        ("3", associations),
        ("4.1", ["Sở Công Thương"]),
        ("4.2", []),
    ]


def test_units_named_after_phoi_hop_coordinate(notice: dict[str, Any]) -> None:
    assert [item["coordinating"] for item in notice["items"][:3]] == [
        ["Sở Tài chính", "UBND thành phố An Bình"],
        [],
        ["các đơn vị liên quan"],
    ]


def test_deadline_in_the_sentence_is_the_due_date(notice: dict[str, Any]) -> None:
    assert [item["due"] for item in notice["items"]] == [
        "2024-03-18",
        None,
        "2024-04-30",
        None,
        None,
        "2024-03-31",
        "2024-05-31",
    ]


def test_title_begins_with_what_is_to_be_done(notice: dict[str, Any]) -> None:
    titles = [item["title"] for item in notice["items"]]
    assert titles[0] == "xây dựng bảng giá bến đỗ trước ngày 18 tháng 3 năm 2024"
    assert titles[5:] == ["hoàn thành bảng giá", "sơ kết"]


def test_type_and_issuer_of_a_notice_are_read(notice: dict[str, Any]) -> None:
    assert (notice["type"], notice["issuer"]) == ("Thông báo", "Văn phòng UBND tỉnh An Bình")


def test_report_gives_no_tasks() -> None:
    text = HEADING.replace("KẾ HOẠCH", "BÁO CÁO").replace("KH-", "BC-")
    assert read(text + "I. KẾT QUẢ\n1. Sở A\n- Đã trồng cây.\n")["items"] == []


def test_responsibilities_are_no_tasks_beside_role_lines() -> None:
    text = "I. VIỆC\n1. Trồng cây\n- Chủ trì: Sở A\nII. TỔ CHỨC\n1. Sở B\n- Theo dõi.\n"
    assert [item["code"] for item in read(HEADING + text)["items"]] == ["I.1"]


LETTER = """SỞ NỘI VỤ
Số: 35/SNV-CCHC
V/v khảo sát mức độ hài lòng
Sở Nội vụ đề nghị các cơ quan, đơn vị:
1. Cập nhật danh sách trên hệ thống, hoàn thành trước ngày 20/5/2024.
2. Lập báo cáo theo mẫu; gửi về Sở Nội vụ trước ngày 25/5/2024.
Trân trọng cảm ơn sự phối hợp.
"""


def test_numbered_lines_below_a_request_are_tasks_of_those_asked() -> None:
    reading = read_pasted(LETTER)
    assert [(one.code, str(one.timeframe.due)) for one in reading.items] == [
        ("1", "2024-05-20"),
        ("2", "2024-05-25"),
    ]
    assert {unit.text for one in reading.items for unit in one.leads} == {"các cơ quan, đơn vị"}
    assert [duty.who.text if duty.who else "" for duty in reading.duties] == ["các cơ quan, đơn vị"]


PARTY = """KẾ HOẠCH
học tập Nghị quyết năm 2022
II. NỘI DUNG
1. Hội nghị huyện: Tổ chức trước ngày 20/8/2022. Ban Tuyên giáo chủ trì, phối hợp với Văn phòng.
2. Cấp cơ sở: hoàn thành trước ngày 15/9/2022.
III. TỔ CHỨC
1. Đảng đoàn HĐND huyện
- Lãnh đạo xây dựng chương trình hành động trong quý IV/2022.
2. Ban Tuyên giáo
- Đôn đốc, kiểm tra việc thực hiện Kế hoạch này.
3. Văn phòng Huyện ủy
- Tổng hợp kết quả, báo cáo Thường trực Huyện ủy trước ngày 30/9/2022.
"""


def test_later_sentence_may_say_who_leads() -> None:
    items = {item.code: item for item in read_pasted(PARTY).items}
    assert [unit.text for unit in items["II.1"].leads] == ["Ban Tuyên giáo"]
    assert [unit.text for unit in items["II.1"].coordinators] == ["Văn phòng"]


def test_lines_that_only_report_or_watch_are_no_tasks() -> None:
    reading = read_pasted(PARTY)
    assert [item.code for item in reading.items] == ["II.1", "III.1"]
    assert [duty.who.text if duty.who else "" for duty in reading.duties] == ["Văn phòng Huyện ủy"]
