"""Duties to report, sentence by sentence: who, to whom, through whom, by when."""

import pytest

from tasks.importing.duties import read_duties
from tasks.importing.outline import outline
from tasks.importing.readers import read_pasted_lines
from tasks.importing.results import Duty, Words
from tasks.rules.timeframe import Context

Row = tuple[str | None, list[str], str | None, str]


def read(text: str, issuer: Words | None = None) -> tuple[Duty, ...]:
    found = read_pasted_lines(text, "text")
    duties, _ = read_duties(outline(found.blocks), Context(2024), issuer, found.text)
    return duties


def rows(text: str) -> list[Row]:
    return [
        (
            duty.who.text if duty.who else None,
            [unit.text for unit in duty.to],
            duty.via.text if duty.via else None,
            str(duty.timeframe.due or duty.timeframe.rule or ""),
        )
        for duty in read(text)
    ]


@pytest.mark.parametrize(
    ("sentence", "row"),
    [
        (
            "Các phòng, ban báo cáo UBND huyện (qua Phòng Nội vụ) trước ngày 05/11/2024.",
            ("Các phòng, ban", ["UBND huyện"], "Phòng Nội vụ", "2024-11-05"),
        ),
        (
            "Định kỳ hằng quý, Tổ giúp việc tổng hợp, báo cáo Trưởng ban.",
            ("Tổ giúp việc", ["Trưởng ban"], None, "last day of month 3, 6, 9, 12"),
        ),
        (
            "Giao Sở Y tế đôn đốc và gửi báo cáo về UBND tỉnh, đồng gửi Sở Nội vụ "
            "trước ngày 20/12/2024.",
            ("Sở Y tế", ["UBND tỉnh", "Sở Nội vụ"], None, "2024-12-20"),
        ),
        (
            "Các xã, phường gửi kết quả về Phòng Tư pháp trước ngày 15/10/2024 để tổng hợp, "
            "báo cáo UBND quận.",
            ("Các xã, phường", ["Phòng Tư pháp"], None, "2024-10-15"),
        ),
        (
            "Các trường gửi Phòng Giáo dục tổng hợp báo cáo UBND huyện trước ngày 31/5/2024.",
            ("Các trường", ["Phòng Giáo dục"], None, "2024-05-31"),
        ),
        (
            "UBND tỉnh yêu cầu Giám đốc các sở thực hiện đầy đủ chế độ báo cáo định kỳ 6 tháng "
            "cho UBND tỉnh thông qua Sở Nội vụ.",
            ("Giám đốc các sở", ["UBND tỉnh"], "Sở Nội vụ", "yearly 06-30, 12-31"),
        ),
        (
            "Các đơn vị được giao chủ trì báo cáo UBND tỉnh trước ngày 15/11/2024.",
            ("Các đơn vị được giao chủ trì", ["UBND tỉnh"], None, "2024-11-15"),
        ),
        (
            "Các Chi cục định kỳ (vào ngày 22 hàng tháng) gửi báo cáo tiến độ về Văn phòng Sở.",
            ("Các Chi cục", ["Văn phòng Sở"], None, "monthly day 22"),
        ),
    ],
)
def test_duty_of_one_sentence(sentence: str, row: Row) -> None:
    assert rows(sentence) == [row]


@pytest.mark.parametrize(
    "sentence",
    [
        "Sau khi nghe báo cáo của Sở Xây dựng, Chủ tịch UBND tỉnh kết luận như sau.",
        "Kính báo cáo UBND tỉnh xem xét.",
        "Đồng ý với đề nghị của Sở Tài chính tại Báo cáo số 12/BC-STC.",
        "Trung tâm Y tế mời báo cáo viên cho Hội nghị.",
        "Các sở cử người phối hợp, gửi danh sách về Sở Nội vụ trước ngày 16/5/2024.",
    ],
)
def test_other_reports_are_no_duty(sentence: str) -> None:
    assert rows(sentence) == []


def test_sentence_holds_a_duty_for_each_unit() -> None:
    text = (
        "Các sở báo cáo Sở Tài chính trước ngày 10/12/2024; Sở Tài chính tổng hợp, "
        "báo cáo UBND tỉnh trước ngày 20/12/2024."
    )
    assert rows(text) == [
        ("Các sở", ["Sở Tài chính"], None, "2024-12-10"),
        ("Sở Tài chính", ["UBND tỉnh"], None, "2024-12-20"),
    ]


def test_subject_carries_over_to_the_next_part_of_the_line() -> None:
    text = "1- Các chi bộ căn cứ Kế hoạch này tổ chức thực hiện; hằng năm báo cáo Ban Thường vụ."
    assert rows(text) == [("Các chi bộ", ["Ban Thường vụ"], None, "yearly 12-31")]


def test_bare_verb_belongs_to_the_heading() -> None:
    text = "2. Sở Du lịch\n- Đôn đốc các đơn vị.\n- Tổng hợp, báo cáo UBND tỉnh trước 30/11/2024."
    assert rows(text) == [("Sở Du lịch", ["UBND tỉnh"], None, "2024-11-30")]


def test_list_of_periods_takes_the_place_of_its_introduction() -> None:
    text = (
        "Các đơn vị báo cáo UBND huyện (qua Phòng Nội vụ) cụ thể như sau:\n"
        "- Báo cáo quý: trước ngày 18 tháng cuối quý;\n"
        "- Báo cáo 6 tháng: trước ngày 10/6;\n"
        "- Báo cáo năm: trước ngày 10/12."
    )
    assert rows(text) == [
        ("Các đơn vị", ["UBND huyện"], "Phòng Nội vụ", "day 18 of month 3, 6, 9, 12"),
        ("Các đơn vị", ["UBND huyện"], "Phòng Nội vụ", "yearly 06-10"),
        ("Các đơn vị", ["UBND huyện"], "Phòng Nội vụ", "yearly 12-10"),
    ]


def test_time_of_sending_may_stand_on_its_own_line() -> None:
    text = "Các xã gửi báo cáo về Phòng Kinh tế.\nThời hạn gửi báo cáo: trước ngày 25 hàng tháng."
    assert rows(text) == [("Các xã", ["Phòng Kinh tế"], None, "monthly day 25")]


def test_receiver_is_said_in_full_where_the_document_does() -> None:
    text = "Các lớp báo cáo kết quả về Sở GDĐT.\nNơi nhận:\n- Sở GDĐT An Bình (để báo cáo);"
    assert [duty.to[0].text for duty in read(text)] == ["Sở GDĐT An Bình"]


def test_school_that_speaks_of_itself_is_the_issuer() -> None:
    issuer = Words("Trường THPT Số 1", 0, 16)
    duties = read("Nhà trường gửi báo cáo về Sở Giáo dục trước ngày 30/5/2024.", issuer)
    assert [duty.who for duty in duties] == [issuer]


def test_periods_within_one_sentence_are_duties_of_their_own() -> None:
    text = (
        "Các xã báo cáo UBND huyện (qua Phòng Kinh tế): báo cáo 6 tháng trước ngày 10/6; "
        "báo cáo năm trước ngày 10/11; báo cáo đột xuất khi có yêu cầu."
    )
    assert [row[3] for row in rows(text)] == ["yearly 06-10", "yearly 11-10"]
    assert {row[2] for row in rows(text)} == {"Phòng Kinh tế"}


def test_each_period_with_its_time_in_brackets_is_a_duty() -> None:
    text = (
        "Các sở định kỳ hàng quý (trước ngày 10 tháng cuối quý), 6 tháng (trước ngày 10/6), "
        "năm (trước ngày 30/11) báo cáo kết quả về UBND tỉnh (qua Sở Nội vụ)."
    )
    assert [row[3] for row in rows(text)] == [
        "day 10 of month 3, 6, 9, 12",
        "yearly 06-10",
        "yearly 11-30",
    ]
