"""Headings of many makes, written for these tests."""

from typing import Any

import pytest

from tests.tasks.importing.samples import read

MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
FREE = "Độc lập - Tự do - Hạnh phúc"
SECTION = "I. MỤC TIÊU\n1. Trồng cây ven đường.\n"


def facts(text: str, *keys: str) -> tuple[Any, ...]:
    reading = read(text)
    return tuple(reading[key] for key in keys)


@pytest.mark.parametrize(
    ("head", "issuer"),
    [
        (f"ỦY BAN NHÂN DÂN\nTỈNH AN BÌNH\n{MOTTO}", "Ủy ban nhân dân tỉnh An Bình"),
        (
            f"ỦY BAN NHÂN DÂN      {MOTTO}\nPHƯỜNG TÂN HÒA      {FREE}",
            "Ủy ban nhân dân phường Tân Hòa",
        ),
        (f"UBND TỈNH AN BÌNH\nSỞ Y TẾ\n{MOTTO}", "Sở Y tế"),
        (
            f"UBND TỈNH AN BÌNH {MOTTO}\nSỞ NÔNG NGHIỆP VÀ {FREE}\nMÔI TRƯỜNG",
            "Sở Nông nghiệp và Môi trường",
        ),
        (f"BỘ Y TẾ\n{MOTTO}", "Bộ Y tế"),
        (f"BỘ Y TẾ\nCỤC PHÒNG BỆNH\n{MOTTO}", "Cục Phòng bệnh"),
        (f"{MOTTO}\n{FREE}\nHỘI ĐỒNG NHÂN DÂN\nXÃ SƠN HẢI", "Hội đồng nhân dân xã Sơn Hải"),
        (f"DỰ THẢO\nCHÍNH PHỦ\n{MOTTO}", "Chính phủ"),
    ],
)
def test_issuer_is_the_last_agency_of_the_letterhead(head: str, issuer: str) -> None:
    text = f"{head}\nSố: 9/KH-ABC\nKẾ HOẠCH\nTrồng cây năm 2024\n{SECTION}"
    assert facts(text, "issuer", "number") == (issuer, "9/KH-ABC")


def test_committee_that_issues_is_named_with_its_place() -> None:
    text = (
        "TỈNH ỦY AN BÌNH            ĐẢNG CỘNG SẢN VIỆT NAM\n*\n"
        "Số 12-KH/TU            An Bình, ngày 5 tháng 3 năm 2023\nKẾ HOẠCH\nvề trồng cây\n"
        f"{SECTION}Nơi nhận:\n- Như trên.\nT/M BAN THƯỜNG VỤ\nBÍ THƯ\nLê Văn Tám\n"
    )
    assert facts(text, "number", "date", "issuer", "signer") == (
        "12-KH/TU",
        "2023-03-05",
        "Ban Thường vụ Tỉnh ủy An Bình",
        "Lê Văn Tám",
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("An Bình, ngày 5 tháng 3 năm 2023", "2023-03-05"),
        ("An Bình, ngày05 tháng 3năm 2023", "2023-03-05"),
        ("An Bình, ngày 1 5 tháng 3 năm 2023", "2023-03-15"),
        ("TP. An Bình, ngày 05/3/2023", "2023-03-05"),
        ("An Bình, ngày    tháng 3 năm 2023", None),
        ("An Bình, ngày 31 tháng 2 năm 2023", None),
    ],
)
def test_date_line_is_read_with_its_gaps(line: str, expected: str | None) -> None:
    assert facts(f"SỞ Y TẾ\nSố: 9/KH-SYT\n{line}\nKẾ HOẠCH\nA\n{SECTION}", "date") == (expected,)


def test_date_of_a_document_in_the_title_is_not_the_own_one() -> None:
    text = f"KẾ HOẠCH\nthực hiện Quyết định số 9/QĐ-UBND ngày 5 tháng 3 năm 2023\n{SECTION}"
    assert facts(text, "number", "date", "based_on") == (None, None, ["9/QĐ-UBND"])


def test_letter_has_its_subject_as_title() -> None:
    text = (
        f"SỞ Y TẾ {MOTTO}\nSố: 88/SYT-NV {FREE}\nV/v rà soát giường bệnh và\n"
        "An Bình, ngày 5 tháng 3 năm 2023\nmáy thở quý I/2023\nKính gửi: Các bệnh viện.\n"
        "Sở Y tế đề nghị các bệnh viện rà soát giường bệnh.\n"
    )
    assert facts(text, "type", "title", "number", "date", "period") == (
        "Công văn",
        "rà soát giường bệnh và máy thở quý I/2023",
        "88/SYT-NV",
        "2023-03-05",
        ["2023-01-01", "2023-03-31"],
    )


def test_plan_without_a_number_has_that_of_its_decision() -> None:
    text = (
        "KẾ HOẠCH\nTrồng cây năm 2024\n(Ban hành kèm theo Quyết định số 55/QĐ-UBND ngày 12 tháng 5 "
        f"năm 2024 của Chủ tịch UBND tỉnh An Bình)\n{SECTION}"
    )
    assert facts(text, "number", "date", "issuer", "title") == (
        "55/QĐ-UBND",
        "2024-05-12",
        "UBND tỉnh An Bình",
        "Trồng cây năm 2024",
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("KÉ HOẠCH", "Kế hoạch"),
        ("K Ế H O Ạ C H", "Kế hoạch"),
        ("CHƯƠNG TRÌNH HÀNH ĐỘNG", "Chương trình hành động"),
        ("THÔNG BÁO", "Thông báo"),
    ],
)
def test_type_is_read_with_its_misprints(line: str, expected: str) -> None:
    assert facts(f"SỞ Y TẾ\n{line}\nTrồng cây\n{SECTION}", "type", "title") == (
        expected,
        "Trồng cây",
    )


def test_type_of_a_document_without_heading_is_what_it_calls_itself() -> None:
    text = "I. VIỆC\n1. Thực hiện Nghị quyết.\nII. KHÁC\n1. Các cấp ủy quán triệt Nghị quyết này.\n"
    assert facts(text, "type") == ("Nghị quyết",)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Trồng cây giai đoạn 2022 - 2025, định hướng đến năm 2030", ["2022-01-01", "2025-12-31"]),
        ("Trồng cây 6 tháng cuối năm 2024", ["2024-07-01", "2024-12-31"]),
        ("Trồng cây tháng 2 năm 2024", ["2024-02-01", "2024-02-29"]),
        ("Trồng cây đến năm 2030", None),
        ("Trồng cây năm học 2024 - 2025", None),
        ("Thực hiện Quyết định ngày 5 tháng 3 năm 2023 về trồng cây", None),
    ],
)
def test_period_is_that_of_the_title(title: str, expected: list[str] | None) -> None:
    assert facts(f"KẾ HOẠCH\n{title}\n{SECTION}", "period") == (expected,)


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        ("Nơi nhận:\n- Lưu: VT.\nTUQ. CHỦ TỊCH\nCHÁNH VĂN PHÒNG\nTS. Trần Văn Ba", "Trần Văn Ba"),
        ("Nơi nhận: KT. GIÁM ĐỐC\n- Như trên; PHÓ GIÁM ĐỐC\n- Lưu: VT. Lê Thị Tư", "Lê Thị Tư"),
        ("Nơi nhận:\n- Lưu: VT.\nGIÁM ĐỐC\n(Đã ký)\nĐỖ VĂN NĂM", "Đỗ Văn Năm"),
        ("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nHà Văn Sáu\nNơi nhận:\n- Lưu: VT.", "Hà Văn Sáu"),
    ],
)  # fmt: skip
def test_signer_is_the_name_below_a_post(signature: str, expected: str) -> None:
    text = f"Số: 9/KH-UBND\nKẾ HOẠCH\nTrồng cây\n{SECTION}{signature}\n"
    annex = "PHỤ LỤC\nDanh sách\n1. Phan Văn Chín\n"
    assert facts(text + annex, "signer") == (expected,)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            "THỦ\nTƯỚNG CHÍNH PHỦ\n-------\n|\nCỘNG\nHÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự "
            "do - Hạnh phúc\n|\nSố:\n88/QĐ-TTg\n|\nHà\nNội, ngày 12 tháng 01\nnăm 2018\n|\n",
            ("88/QĐ-TTg", "2018-01-12", "Thủ tướng Chính phủ"),
        ),
        (
            "ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI\nCHỦ NGHĨA VIỆT NAM |\nSố: 9/QĐ-UBND |\n"
            "An Bình, ngày\n05 tháng 3 năm 2023 |\n",
            ("9/QĐ-UBND", "2023-03-05", "Ủy ban nhân dân tỉnh An Bình"),
        ),
    ],
)
def test_heading_broken_within_its_phrases_is_mended(head: str, expected: tuple[str, ...]) -> None:
    text = f"{head}QUYẾT\nĐỊNH\nVỀ\nVIỆC TRỒNG CÂY TỈNH AN BÌNH\nỦY BAN NHÂN DÂN TỈNH AN BÌNH\n"
    found = facts(f"{text}Căn cứ Luật A;\n{SECTION}", "number", "date", "issuer", "type", "title")
    assert found == (*expected, "Quyết định", "TRỒNG CÂY TỈNH AN BÌNH")


def test_title_in_capitals_needs_no_type_line() -> None:
    text = (
        f"SỞ Y TẾ | {MOTTO} |\nSố: 9/KH-SYT | An Bình, ngày 5 tháng 3 năm 2023 |\n"
        f"TRỒNG CÂY THUỐC NAM NĂM 2023\nCăn cứ Luật A;\n{SECTION}"
    )
    assert facts(text, "type", "title", "period") == (
        "Kế hoạch",
        "TRỒNG CÂY THUỐC NAM NĂM 2023",
        ["2023-01-01", "2023-12-31"],
    )


def test_list_of_facts_above_the_text_fills_the_gaps() -> None:
    text = (
        "Kế hoạch 9/KH-UBND năm 2023 về trồng cây do tỉnh An Bình ban hành\nSố hiệu: 9/KH-UBND\n"
        "Ngày ban hành | 05/03/2023 |\nCơ quan ban hành Tỉnh An Bình\n"
        "Người ký\nNgười ký: Lê Văn A\n"
        f"{SECTION}"
    )
    assert facts(text, "number", "date", "issuer", "signer", "type", "title") == (
        "9/KH-UBND",
        "2023-03-05",
        "Tỉnh An Bình",
        "Lê Văn A",
        "Kế hoạch",
        "trồng cây",
    )
