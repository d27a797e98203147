"""Documents that a text names, and what it does with them; written for these tests."""

from typing import Any

import pytest

from tests.tasks.importing.samples import read

PLAN = "Số: 7/KH-UBND\nAn Bình, ngày 5 tháng 01 năm 2024\nKẾ HOẠCH\nTrồng cây năm 2024\n"
SECTION = "I. VIỆC\n1. Trồng cây.\n"


def cited(text: str) -> dict[str, dict[str, Any]]:
    return {one["number"]: one for one in read(text)["cites"]}


@pytest.mark.parametrize(
    ("words", "relation"),
    [
        ("Căn cứ Quyết định số 5/QĐ-TTg ngày 3/4/2023 của Thủ tướng Chính phủ;", "based_on"),
        ("Thực hiện Nghị quyết số 5-NQ/TU ngày 3/4/2023 của Tỉnh ủy,", "implements"),
        ("Quyết định này thay thế Quyết định số 5/QĐ-UBND ngày 3/4/2023.", "replaces"),
        ("Sửa đổi, bổ sung một số điều của Quyết định số 5/2023/QĐ-UBND.", "amends"),
        ("Trả lời Công văn số 5/SNV-CCHC ngày 3/4/2023 của Sở Nội vụ,", "responds_to"),
        ("(Ban hành kèm theo Quyết định số 5/QĐ-UBND)", "attached_to"),
        ("Số liệu ở Báo cáo số 5/BC-UBND cho thấy điều đó.", "mentions"),
    ],
)
def test_relation_is_said_before_the_number(words: str, relation: str) -> None:
    (found,) = cited(f"{PLAN}{words}\n{SECTION}").values()
    assert found["relation"] == relation


def test_document_in_the_subject_of_another_is_only_mentioned() -> None:
    text = (
        "Căn cứ Quyết định số 5/QĐ-UBND ngày 3/4/2023 của Chủ tịch UBND tỉnh An Bình về việc ban "
        "hành Kế hoạch thực hiện Nghị quyết số 8-NQ/TU, theo đề nghị của Sở Y tế tại Tờ trình số "
        "9/TTr-SYT ngày 1/1/2024,\n"
    )
    reading = read(f"{PLAN}{text}{SECTION}")
    assert reading["based_on"] == ["5/QĐ-UBND", "9/TTr-SYT"]
    first = reading["cites"][0]
    assert (first["date"], first["type"], first["issuer"]) == (
        "2023-04-03",
        "Quyết định",
        "Chủ tịch UBND tỉnh An Bình",
    )


def test_list_of_documents_shares_its_relation() -> None:
    text = "Thực hiện Kế hoạch số 5/KH-UBND về trồng cây; Kế hoạch số 6/KH-UBND ngày 1/2/2023,\n"
    assert read(f"{PLAN}{text}{SECTION}")["based_on"] == ["5/KH-UBND", "6/KH-UBND"]


def test_report_answers_the_letter_that_asked_for_it() -> None:
    reading = read(
        "BÁO CÁO\nKết quả trồng cây năm 2023\nThực hiện Công văn số 5/SYT-NV ngày 3/4/2023 của Sở "
        "Y tế về việc báo cáo kết quả thực hiện Kế hoạch số 6/KH-UBND, UBND xã báo cáo như sau:\n"
        f"{SECTION}"
    )
    assert (reading["responds_to"], reading["about"]) == ("5/SYT-NV", "6/KH-UBND")
    assert reading["based_on"] == []


def test_plan_that_carries_out_a_letter_answers_nothing() -> None:
    text = "Thực hiện Công văn số 5/SYT-NV ngày 3/4/2023 của Sở Y tế, UBND xã ban hành Kế hoạch.\n"
    reading = read(f"{PLAN}{text}{SECTION}")
    assert (reading["responds_to"], reading["based_on"]) == (None, ["5/SYT-NV"])


def test_law_is_cited_by_its_number() -> None:
    text = "Căn cứ Luật Lưu trữ số 33/2024/QH15 ngày 21/6/2024;\n"
    (law,) = cited(f"{PLAN}{text}{SECTION}").values()
    assert (law["number"], law["type"], law["relation"]) == ("33/2024/QH15", "Luật", "based_on")


def test_documents_below_a_heading_of_grounds_are_grounds() -> None:
    text = (
        "I. CĂN CỨ PHÁP LÝ\n- Nghị định số 42/2022/NĐ-CP ngày 24/6/2022 của Chính phủ;\n"
        "- Quyết định số 5/QĐ-UBND sửa đổi, bổ sung Quyết định số 4/QĐ-UBND.\nII. VIỆC\n"
        "1. Thực hiện Kế hoạch số 8/KH-UBND.\n"
    )
    assert read(f"{PLAN}{text}")["based_on"] == ["42/2022/NĐ-CP", "5/QĐ-UBND"]


def test_documents_of_one_issuer_are_listed_by_their_numbers() -> None:
    text = "Căn cứ các Nghị quyết của HĐND tỉnh: số 66/NQ-HĐND ngày 9/12/2023; số 5/NQ-HĐND;\n"
    assert read(f"{PLAN}{text}{SECTION}")["based_on"] == ["66/NQ-HĐND", "5/NQ-HĐND"]
