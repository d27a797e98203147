"""A whole plan, written for this test in the official form."""

import unicodedata
from typing import Any

import pytest

from tasks.importing.blocks import LONGEST_PARAGRAPH, Line, normalise
from tasks.importing.reading import read_pasted
from tasks.importing.serialising import as_json
from tests.tasks.importing.samples import HEADING, PLAN, codes, read

TASK = "I. VIỆC\n1. Trồng cây\n- Đơn vị thực hiện: Sở A\n- Thời gian thực hiện: {time}\n"


@pytest.fixture
def plan() -> dict[str, Any]:
    return read(PLAN.read_text(encoding="utf-8"))


def test_heading_is_read(plan: dict[str, Any]) -> None:
    facts = ("number", "date", "issuer", "type", "period", "signer", "based_on")
    assert {fact: plan[fact] for fact in facts} == {
        "number": "118/KH-UBND",
        "date": "2024-02-20",
        "issuer": "Ủy ban nhân dân tỉnh An Bình",
        "type": "Kế hoạch",
        "period": ["2024-01-01", "2024-12-31"],
        "signer": "Lê Minh Hòa",
        "based_on": ["45/QĐ-TTg", "77/TTr-SVHTTDL"],
    }


def test_title_joins_its_lines(plan: dict[str, Any]) -> None:
    assert plan["title"] == (
        "Phát triển văn hóa đọc và thư viện cộng đồng trên địa bàn tỉnh An Bình năm 2024"
    )


def test_items_carry_code_and_section(plan: dict[str, Any]) -> None:
    assert [(item["code"], item["section"]) for item in plan["items"]] == [
        ("II.1.a", "II.1"),
        ("II.1.b", "II.1"),
        (None, "II.1"),
        ("II.2.1", "II.2"),
    ]


def test_items_carry_their_units(plan: dict[str, Any]) -> None:
    culture = "Sở Văn hóa, Thể thao và Du lịch"
    others = ["Sở Nội vụ", "Sở Tài chính", "Sở Thông tin và Truyền thông"]
    assert [(item["lead"], item["coordinating"]) for item in plan["items"]] == [
        ([culture], ["UBND các huyện, thị xã, thành phố", "các đơn vị có liên quan"]),
        (["Sở Giáo dục và Đào tạo", culture], others),
        (["Tỉnh đoàn An Bình"], []),
        ([culture], ["Các hội nghề nghiệp", "Hội Nhà văn tỉnh", "Hội Nhà báo tỉnh"]),
    ]


def test_items_carry_their_time(plan: dict[str, Any]) -> None:
    keys = ("start", "due", "recurring")
    assert [tuple(item[key] for key in keys) for item in plan["items"]] == [
        (None, "2024-04-30", None),
        ("2024-04-01", "2024-09-30", None),
        (None, None, "continuous"),
        (None, "2024-04-21", None),
    ]


def test_hard_line_break_inside_a_title_is_joined(plan: dict[str, Any]) -> None:
    title = "Lập danh mục sách dùng chung cho thư viện trường học và thư viện xã."
    assert plan["items"][1]["title"] == title


def test_duties_say_who_reports_to_whom_and_when(plan: dict[str, Any]) -> None:
    keys = ("who", "to", "via", "due", "rule")
    culture = "Sở Văn hóa, Thể thao và Du lịch"
    ministry = "Bộ Văn hóa, Thể thao và Du lịch"
    leads = "Các cơ quan được giao nhiệm vụ tại Mục II"
    assert [tuple(duty[key] for key in keys) for duty in plan["reports"]] == [
        (culture, ["UBND tỉnh", ministry], None, "2024-12-15", None),
        (leads, ["UBND tỉnh"], culture, None, "yearly 11-30"),
    ]


def test_difficulties_have_a_way_of_their_own(plan: dict[str, Any]) -> None:
    culture = "Sở Văn hóa, Thể thao và Du lịch"
    assert [(way["who"], way["to"], way["via"]) for way in plan["obstacles"]] == [
        ("các cơ quan, địa phương", ["UBND tỉnh"], culture)
    ]


def test_spans_point_at_the_words(plan: dict[str, Any]) -> None:
    text = plan["text"]
    for item in plan["items"]:
        assert text[slice(*item["source"]["title"])] == item["title"]
        assert text[slice(*item["source"]["time"])] == item["timeframe_text"]
        assert [text[slice(*span)] for span in item["source"]["lead"]] == item["lead"]


def test_doubts_are_listed_in_the_order_of_the_text(plan: dict[str, Any]) -> None:
    assert codes(plan) == [
        "open_group",
        "code_missing",
        "due_on_weekend",
        "due_on_weekend",
    ]


@pytest.mark.parametrize("form", ["NFD", "NFC"])
def test_unicode_form_does_not_matter(form: Any, plan: dict[str, Any]) -> None:
    text = PLAN.read_text(encoding="utf-8")
    assert read(unicodedata.normalize(form, text)) == plan


def test_lookalike_letter_reads_the_same_and_is_named(plan: dict[str, Any]) -> None:
    reading = read(PLAN.read_text(encoding="utf-8").replace("Đ", "\u00d0"))
    assert (reading["items"], reading["reports"]) == (plan["items"], plan["reports"])
    assert set(codes(reading)) - set(codes(plan)) == {"lookalike_letter"}


def test_document_without_units_invents_nothing() -> None:
    reading = read(HEADING + "I. MỤC TIÊU\n1. Trồng nhiều cây.\n2. Chăm sóc cây.\n")
    assert (reading["items"], reading["reports"], reading["targets"]) == ([], [], [])
    assert codes(reading) == ["issuer_missing", "no_items", "no_dates"]


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("31/2/2024", ["date_impossible"]),
        ("lúc thuận tiện", ["time_unknown"]),
        ("theo tình hình thực tế", ["time_conditional"]),
        ("từ ngày 20/5/2024 đến ngày 10/5/2024", ["due_before_start"]),
        ("trước ngày 11/5/2024", ["due_on_weekend"]),
        ("trước ngày 20/12/2023", ["due_before_issue"]),
        ("trước ngày 20/5", ["year_inferred"]),
        ("đầu năm 2024", ["time_ambiguous"]),
        ("Quý II/2024", []),
    ],
)
def test_doubtful_time_is_named(time: str, expected: list[str]) -> None:
    found = codes(read(HEADING + TASK.format(time=time)))
    assert [code for code in found if code not in ("issuer_missing", "no_dates")] == expected


def test_doubtful_units_and_codes_are_named() -> None:
    reading = read(
        HEADING + "I. VIỆC\n1. Trồng cây\n- Đơn vị phối hợp: Sở A\n"
        "1. Tưới cây\n- Đơn vị thực hiện: Sở A\n- Đơn vị phối hợp: Sở  A và Sở B\n"
    )
    assert sorted(set(codes(reading)) - {"issuer_missing", "no_dates"}) == [
        "code_repeated",
        "item_without_lead",
        "lead_coordinates",
        "time_missing",
    ]


def test_units_listed_below_an_empty_label_belong_to_it() -> None:
    reading = read(HEADING + "I. VIỆC\n1. Trồng cây\n- Đơn vị thực hiện:\n+ Sở A\n+ Sở B\n")
    assert reading["items"][0]["lead"] == ["Sở A", "Sở B"]


def test_lettered_role_lines_belong_to_the_number_above() -> None:
    text = "I. VIỆC\n1. Trồng cây\na) Chủ trì: Sở A\nb) Thời gian: Quý II/2024\n2. Tưới cây\n"
    items = read(HEADING + text)["items"]
    assert [(item["code"], item["lead"], item["due"]) for item in items] == [
        ("I.1", ["Sở A"], "2024-06-30")
    ]


def test_marker_without_a_blank_is_still_a_code() -> None:
    text = "I.VIỆC\n1.Trồng cây\na)Cây ăn quả\n-Chủ trì: Sở A\n"
    items = read(HEADING + text)["items"]
    assert [(item["code"], item["title"]) for item in items] == [("I.1.a", "Cây ăn quả")]


def test_time_of_the_plan_itself_is_no_task() -> None:
    assert (
        read(HEADING + "I. CHUNG\n1. Thời gian: 24/8/2024\n2. Địa điểm: Hội trường\n")["items"]
        == []
    )


def test_pasted_text_reads_like_a_file(plan: dict[str, Any]) -> None:
    assert as_json(read_pasted(PLAN.read_text(encoding="utf-8"))) == plan


def test_roles_on_one_line_are_read() -> None:
    reading = read(HEADING + "I. VIỆC\n1. Trồng cây (Chủ trì: Sở A; phối hợp: Sở B, Sở C)\n")
    item = reading["items"][0]
    assert (item["title"], item["lead"]) == ("Trồng cây", ["Sở A"])
    assert item["coordinating"] == ["Sở B", "Sở C"]


def test_table_that_has_only_a_heading_holds_no_task() -> None:
    labels = "| TT | Nhiệm vụ | Chủ trì |\n|---|---|---|\n"
    assert read(f"{HEADING}{labels}\nGhi chú.\n")["items"] == []


def test_paragraph_longer_than_any_is_cut_at_a_blank() -> None:
    text = normalise([Line("trồng cây " * 3_000, 1)])
    assert [len(block.text) < LONGEST_PARAGRAPH for block in text.blocks] == [True] * 3
    assert text.text.replace("\n", " ") == ("trồng cây " * 3_000).strip()


BESIDE = """KẾ HOẠCH
Phòng, chống thiên tai năm 2023
I. CHUẨN BỊ
1. Kiểm tra công trình
- Thời gian: trước 30/4/2023
- Đơn vị thực hiện: Phòng Kinh tế
II. PHÂN CÔNG
1. Phòng Y tế: Chuẩn bị cơ số thuốc, hoàn thành trong tháng 5/2023.
2. Công an huyện: Giữ gìn trật tự khi có thiên tai.
III. TỔ CHỨC THỰC HIỆN
1. Phòng Nội vụ: Hướng dẫn việc khen thưởng trước ngày 01/6/2023.
"""


def test_dated_work_in_prose_stands_beside_listed_tasks() -> None:
    items = read_pasted(BESIDE).items
    assert [(item.code, item.leads[0].text) for item in items] == [
        ("I.1", "Phòng Kinh tế"),
        ("II.1", "Phòng Y tế"),
    ]


ASSIGNED = """KẾ HOẠCH
Tháng hành động vì an toàn thực phẩm năm 2024
III. CÁC HOẠT ĐỘNG
1. Thanh tra, kiểm tra
Phòng Thanh tra chủ trì, phối hợp với Phòng Pháp chế lập đoàn; thời gian: từ 20/4 đến 15/5/2024.
2. Truyền thông (Phòng Truyền thông chủ trì; các phòng phối hợp; thời gian: tháng 5/2024)
3. Tổng kết
"""


def test_sentence_before_a_label_names_who_leads() -> None:
    item = read_pasted(ASSIGNED).items[0]
    assert item.title.text == "lập đoàn"
    assert [unit.text for unit in item.leads] == ["Phòng Thanh tra"]
    assert [unit.text for unit in item.coordinators] == ["Phòng Pháp chế"]


def test_role_may_follow_its_units_in_brackets() -> None:
    item = read_pasted(ASSIGNED).items[1]
    assert (item.title.text, item.code) == ("Truyền thông", "III.2")
    assert [unit.text for unit in item.leads] == ["Phòng Truyền thông"]
    assert [unit.text for unit in item.coordinators] == ["các phòng"]
    assert str(item.timeframe.due) == "2024-05-31"


def test_heading_about_things_names_no_unit() -> None:
    assert len(read_pasted(ASSIGNED).items) == 2


CONCLUSION = """THÔNG BÁO
Kết luận cuộc họp giao ban tháng 3 năm 2024
1. Về vốn đầu tư
a) Các chủ đầu tư khẩn trương hoàn thiện hồ sơ, hoàn thành trong tháng 3/2024.
2. Về giải phóng mặt bằng
UBND các huyện tập trung giải phóng mặt bằng, xong trước 30/4/2024.
Các huyện đã có nhiều cố gắng.
"""


def test_dated_sentence_below_a_heading_is_a_task() -> None:
    items = read_pasted(CONCLUSION).items
    assert [(item.leads[0].text, str(item.timeframe.due)) for item in items] == [
        ("Các chủ đầu tư", "2024-03-31"),
        ("UBND các huyện", "2024-04-30"),
    ]
