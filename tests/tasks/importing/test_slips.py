"""Slips of recognition are corrected with a doubt; what may be meant so stays."""

import pytest

from tasks.importing.slips import corrected
from tests.tasks.importing.samples import HEADING, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- Phân đấu đạt 20 hộ", "- Phấn đấu đạt 20 hộ"),
        ("Phần đầu đến năm 2030 có 5 tổ", "Phấn đấu đến năm 2030 có 5 tổ"),
        ("tư vấn, ương tạo hộ kinh doanh", "tư vấn, ươm tạo hộ kinh doanh"),
        ("KẼ HOẠCH", "KẾ HOẠCH"),
        ("Đon vị chú trì", "Đơn vị chủ trì"),
        ("Phôi hợp", "Phối hợp"),
        ("Quý IH/2024", "Quý III/2024"),
        ("quý Il năm 2024", "quý II năm 2024"),
        ("trước ngày l5/O6/2024", "trước ngày 15/06/2024"),
        ("trước 1O/2O24", "trước 10/2024"),
        ("ƯBND xã, UBNĐ huyện", "UBND xã, UBND huyện"),
        ("Nơi nhân:", "Nơi nhận:"),
    ],
)
def test_slip_is_corrected_and_named(text: str, expected: str) -> None:
    found, slips = corrected(text, 7)
    assert found == expected
    assert slips
    assert {slip.line for slip in slips} == {7}


@pytest.mark.parametrize(
    "text",
    [
        "Trung ương tạo điều kiện",
        "sửa chữa phần đầu của tuyến đường",
        "làm chủ tri thức, làm chủ trí tuệ nhân tạo",
        "hóa đơn vi phạm, dự báo cao hơn, hoàn thanh toán",
        "các quan hệ lao động; chu trình; phôi hợp tử",
        "Quý II/2024, quý IV năm 2024; Quý thầy cô",
        "II/2024; I/1/2024; Lộ 10/2024; 60/KH-UBND",
        "ngày 15/06/2024 và 6/2024",
    ],
)
def test_words_that_may_be_meant_stay(text: str) -> None:
    assert corrected(text, 1) == (text, [])


def test_slip_is_a_doubt_on_its_line() -> None:
    reading = read(f"{HEADING}I. NHIÊM VỤ\n1. Trồng cây.\n- Đon vị chủ trì: Sở Y tế.\n")
    assert reading["items"][0]["lead"] == ["Sở Y tế"]
    assert [
        (one["line"], one["params"]) for one in reading["warnings"] if "slip" in one["code"]
    ] == [
        (5, {"found": "NHIÊM VỤ", "word": "NHIỆM VỤ"}),
        (7, {"found": "Đon vị", "word": "Đơn vị"}),
    ]


def test_drawn_bullet_in_pasted_text_is_a_bullet() -> None:
    reading = read(f"{HEADING}I. VIỆC\n1. Trồng cây.\n\uf0b7 Đơn vị chủ trì: Sở Y tế.\n")
    assert reading["items"][0]["lead"] == ["Sở Y tế"]
    assert "\uf0b7" not in reading["text"]
