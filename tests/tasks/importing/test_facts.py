"""Targets, figures and proposals of documents written for these tests."""

from typing import Any

import pytest

from tests.tasks.importing.samples import codes, read

PLAN = "Số: 7/KH-UBND\nAn Bình, ngày 5 tháng 01 năm 2024\nKẾ HOẠCH\nTrồng cây năm 2024\n"
REPORT = "SỞ Y TẾ\nSố: 7/BC-SYT\nBÁO CÁO\nKết quả trồng cây năm 2024\n"
TARGET = ("name", "min", "max", "unit", "period", "by", "soft")


def targets(text: str) -> list[tuple[Any, ...]]:
    return [tuple(one[key] for key in TARGET) for one in read(PLAN + text)["targets"]]


def test_target_has_name_bounds_unit_and_the_period_of_its_heading() -> None:
    text = "I. MỤC TIÊU\n1. Đến năm 2027\n- Phấn đấu trồng ít nhất 500 cây xanh ven đường.\n"
    assert targets(text) == [
        ("trồng cây xanh ven đường", 500, None, "cây xanh", "2027", "2027-12-31", True)
    ]


def test_period_of_the_clause_is_nearer_than_that_of_the_heading() -> None:
    text = (
        "I. CHỈ TIÊU GIAI ĐOẠN 2024 - 2028\n"
        "- Đến năm 2025, 60% tuyến đường có cây xanh; đến năm 2028 đạt 80%.\n"
        "- Mỗi năm trồng 200 cây.\n- Trồng 900 cây trước ngày 30/9/2026.\n- Có 3 vườn ươm.\n"
    )
    assert [one[4:6] for one in targets(text)] == [
        ("2025", "2025-12-31"),
        ("2028", "2028-12-31"),
        ("hằng năm", None),
        ("2026", "2026-09-30"),
        ("2024-2028", "2028-12-31"),
    ]


def test_target_without_a_period_has_that_of_the_document() -> None:
    reading = read(f"{PLAN}I. MỤC TIÊU\n- Trồng 500 cây.\n")
    (target,) = reading["targets"]
    assert (target["period"], target["by"], target["confidence"]) == ("2024", "2024-12-31", 0.85)


def test_clauses_of_one_line_are_targets_of_their_own() -> None:
    text = "I. MỤC TIÊU\n- Trồng 500 cây, trong đó 50 cây ăn quả; lập 2 - 3 vườn ươm.\n"
    assert [one[:4] for one in targets(text)] == [
        ("Trồng cây", 500, 500, "cây"),
        ("cây ăn quả", 50, 50, "cây"),
        ("lập vườn ươm", 2, 3, "vườn"),
    ]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Tỷ lệ cây sống: năm 2025 đạt 93%, năm 2026 đạt 95%", ["Tỷ lệ cây sống"] * 2),
        ("Số cây đạt 40 cây, tăng 5% so với năm 2023", ["Số cây", "Số cây tăng so với năm 2023"]),
        ("72 xã đạt 19 tiêu chí nông thôn mới", ["xã đạt 19 tiêu chí nông thôn mới"]),
        ("100% vườn có nước. Tối thiểu 30% vườn có điện", ["vườn có nước", "vườn có điện"]),
        ("Có 45 HTX hoạt động hiệu quả (chiếm 30%)", ["HTX hoạt động hiệu quả"] * 2),
        ("100% (15/15) xã có vườn", ["xã có vườn"]),
        ("Các chỉ tiêu gồm 5 nhóm:", []),
    ],
)  # fmt: skip
def test_name_is_that_of_the_clause_or_of_what_it_goes_on_with(line: str, names: list[str]) -> None:
    assert [one[0] for one in targets(f"I. CHỈ TIÊU\n- {line}\n")] == names


def test_heading_with_two_periods_lends_its_first_one() -> None:
    text = "I. MỤC TIÊU ĐẾN NĂM 2025, ĐỊNH HƯỚNG ĐẾN NĂM 2030\n- Trồng 500 cây.\n"
    assert [one[4] for one in targets(text)] == ["2025"]


@pytest.mark.parametrize(
    "text",
    [
        "I. QUAN ĐIỂM, MỤC TIÊU\n1. Quan điểm\nDựa trên 3 trụ cột.\n",
        "I. TÌNH HÌNH\n1. Đã trồng 500 cây theo chỉ tiêu được giao.\n",
        "I. NHIỆM VỤ\n1. Mỗi thôn trồng ít nhất 01 hàng cây.\n",
        "I. MỤC TIÊU\n1. Thực hiện Đề án 06 trong 5 năm.\n",
        "I. KINH PHÍ\nTổng kinh phí là 5 tỷ đồng.\n",
    ],
)
def test_number_that_sets_no_target_is_left_alone(text: str) -> None:
    assert targets(text) == []


def test_sentence_that_strives_sets_a_target_in_any_section() -> None:
    text = "I. NỘI DUNG\n1. Phân đấu trồng 500 cây. Thành phố phấn đấu trồng 500 cây.\n"
    reading = read(PLAN + text)
    (target,) = reading["targets"]
    assert (target["value"], target["soft"], target["confidence"]) == (500, True, 0.65)


def test_spans_point_at_the_words_of_a_target() -> None:
    reading = read(f"{PLAN}I. MỤC TIÊU\n- Trồng từ 500 - 600 cây.\n")
    (target,) = reading["targets"]
    assert reading["text"][slice(*target["source"]["value"])] == "từ 500 - 600 cây"
    assert reading["text"][slice(*target["source"]["name"])] == "Trồng từ 500 - 600 cây"


def test_line_with_a_target_is_no_task() -> None:
    reading = read(f"{PLAN}I. MỘT SỐ CHỈ TIÊU NĂM 2024\n1. Trồng 500 cây.\n2. Lập 3 vườn ươm.\n")
    assert (reading["items"], len(reading["targets"])) == ([], 2)


def test_table_of_indicators_gives_a_target_for_each_year() -> None:
    table = (
        "I. MỤC TIÊU\n| TT | Chỉ tiêu | ĐVT | Năm 2025 | Năm 2026 |\n|---|---|---|---|---|\n"
        "| 1 | Cây trồng mới | cây | 1.500 | ≥ 2.000 |\n| 2 | Tỷ lệ cây sống | % | 80 - 85 | |\n"
    )
    assert [one[:5] for one in targets(table)] == [
        ("Cây trồng mới", 1500, 1500, "cây", "2025"),
        ("Cây trồng mới", 2000, None, "cây", "2026"),
        ("Tỷ lệ cây sống", 80, 85, "%", "2025"),
    ]


def test_table_of_tasks_sets_no_targets() -> None:
    table = (
        "I. NHIỆM VỤ\n| TT | Nội dung | Kết quả | Đơn vị chủ trì | Thời gian |\n"
        "|---|---|---|---|---|\n"
        "| 1 | Trồng cây | 01 báo cáo | Sở A | Quý II/2024 |\n"
    )
    reading = read(PLAN + table)
    assert (reading["targets"], len(reading["items"])) == ([], 1)


def test_report_tells_figures_with_what_they_grew_from() -> None:
    reading = read(
        f"{REPORT}I. KẾT QUẢ\n1. Số vườn ươm tăng từ 15 lên 23 vườn, đạt 115% kế hoạch.\n"
        "II. PHƯƠNG HƯỚNG NĂM 2025\n1. Trồng 900 cây.\n"
    )
    keys = ("name", "value", "unit", "before", "period")
    assert [tuple(one[key] for key in keys) for one in reading["facts"]] == [
        ("Số vườn ươm tăng vườn", 23, "vườn", 15, "2024"),
        ("Số vườn ươm kế hoạch", 115, "%", None, "2024"),
    ]


def test_report_table_puts_the_plan_beside_the_result() -> None:
    table = (
        "I. KẾT QUẢ\n| TT | Chỉ tiêu | ĐVT | Kế hoạch | Thực hiện | Tỷ lệ |\n"
        "|---|---|---|---|---|---|\n| 1 | Cây trồng mới | cây | 1.500 | 1.620 | 108% |\n"
    )
    reading = read(REPORT + table)
    (figure,) = reading["facts"]
    assert (figure["value"], figure["planned"], figure["unit"]) == (1620, 1500, "cây")
    assert reading["targets"] == []


def test_things_named_in_a_list_are_counted_with_a_doubt() -> None:
    text = "I. KẾT QUẢ\n1. Một số vườn đạt chuẩn như: Vườn Xanh, Vườn Mới (xã A), Vườn Cao.\n"
    (figure,) = read(REPORT + text)["facts"]
    assert (figure["value"], figure["counted"], figure["confidence"]) == (3, True, 0.5)


def proposals(text: str) -> list[tuple[list[str], str, int]]:
    found = read(REPORT + text)["proposals"]
    return [(one["to"], one["text"], len(one["details"])) for one in found]


def test_proposals_have_the_addressee_of_the_line_above() -> None:
    text = (
        "I. ĐỀ XUẤT, KIẾN NGHỊ\nKính đề nghị UBND tỉnh xem xét một số nội dung sau:\n"
        "- Cấp kinh phí:\n+ Mua cây.\n+ Làm đất.\n- Ban hành quy chế.\nSở Y tế kính báo cáo./.\n"
    )
    assert proposals(text) == [
        (["UBND tỉnh"], "Cấp kinh phí:", 2),
        (["UBND tỉnh"], "Ban hành quy chế.", 0),
    ]


def test_proposals_below_their_addressees_belong_to_them() -> None:
    text = (
        "I. KIẾN NGHỊ\n1. Đối với UBND tỉnh\n- Cấp kinh phí.\n2. Đối với Sở Tài chính\n"
        "Hướng dẫn quyết toán.\n"
    )
    assert proposals(text) == [
        (["UBND tỉnh"], "Cấp kinh phí.", 0),
        (["Sở Tài chính"], "Hướng dẫn quyết toán.", 0),
    ]


@pytest.mark.parametrize(
    ("text", "addressees"),
    [
        (
            "II. KIẾN NGHỊ\n1. Đề nghị Sở A cấp vốn.\n2. Đề nghị Sở B cấp đất.\n",
            [["Sở A"], ["Sở B"]],
        ),
        ("II. KIẾN NGHỊ\nKhông.\n", []),
        ("II. KHÓ KHĂN VÀ KIẾN NGHỊ\n1. Khó khăn\n- Thiếu vốn.\n2. Kiến nghị\n- Cấp vốn.\n", [[]]),
        ("Để làm tốt, Sở Y tế kiến nghị Sở A xem xét cấp vốn.\n", [["Sở A"]]),
        ("II. KIẾN NGHỊ\n1. Với Trung ương\nSớm ban hành nghị định.\n", [["Trung ương"]]),
        ("II. KIẾN NGHỊ\n- Đối với Sở A: Cấp vốn.\n- Đối với Sở B: Xem.\n", [["Sở A"], ["Sở B"]]),
    ],
)  # fmt: skip
def test_proposals_are_found_in_reports_of_other_makes(
    text: str, addressees: list[list[str]]
) -> None:
    assert [one[0] for one in proposals(f"I. KẾT QUẢ\n1. Đã làm.\n{text}")] == addressees


def test_plan_that_asks_others_proposes_nothing() -> None:
    text = "I. TỔ CHỨC\n1. Đề nghị Hội Nông dân tỉnh vận động hội viên trồng cây.\n"
    assert read(PLAN + text)["proposals"] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{PLAN}I. NỘI DUNG\n1. Phấn đấu trồng 500 cây.\n", "target_unclear"),
        (f"{REPORT}I. KẾT QUẢ\n1. Một số vườn đạt chuẩn như: Vườn A, Vườn B.\n", "figure_counted"),
        ("I. VIỆC\n1. Quán triệt Nghị quyết này.\nII. KHÁC\n1. Khác.\n", "type_inferred"),
    ],
)
def test_what_was_put_together_is_doubted(text: str, code: str) -> None:
    assert code in codes(read(text))


def test_what_was_read_is_not_doubted() -> None:
    found = codes(read(f"{PLAN}I. MỤC TIÊU\n1. Trồng 500 cây.\n"))
    assert not {"target_unclear", "figure_counted", "type_inferred"} & {*found}
