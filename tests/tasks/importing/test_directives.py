"""Tasks in prose under the names of units."""

from typing import Any

import pytest

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
