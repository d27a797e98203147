"""Vietnamese time phrases, row by row of the table of the domain."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.rules.time_phrases import find_phrase, find_phrases
from tasks.rules.timeframe import Context, Timeframe, read_timeframe

IN_2023 = Context(2023)
ISSUED = Context(2023, issued_on=date(2023, 3, 15))


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("phrase", "start", "due"),
    [
        ("Quý I – II/2023", "2023-01-01", "2023-06-30"),
        ("Quý I - II năm 2023", "2023-01-01", "2023-06-30"),
        ("Quý II/2023", "2023-04-01", "2023-06-30"),
        ("quý 4 năm 2023", "2023-10-01", "2023-12-31"),
        ("Cả năm 2023", "2023-01-01", "2023-12-31"),
        ("Năm 2023", "2023-01-01", "2023-12-31"),
        ("tháng 6/2023", None, "2023-06-30"),
        ("6/2025", None, "2025-06-30"),
        ("cuối tháng 3", None, "2023-03-31"),
        ("tháng 02/2024", None, "2024-02-29"),
        ("trong tháng 3 năm 2010", None, "2010-03-31"),
        ("trong quý I", None, "2023-03-31"),
        ("đầu quý I", None, "2023-03-31"),
        ("6 tháng đầu năm", "2023-01-01", "2023-06-30"),
        ("6 tháng cuối năm 2024", "2024-07-01", "2024-12-31"),
        ("trước ngày 10/12/2023", None, "2023-12-10"),
        ("Trước 10 tháng 3 năm 2010", None, "2010-03-10"),
        ("chậm nhất ngày 15/5/2023", None, "2023-05-15"),
        ("Ngày 24/8", "2023-08-24", "2023-08-24"),
        ("24, 25 và 26 tháng 8 năm 2026", "2026-08-24", "2026-08-26"),
        ("từ ngày 1/3 đến ngày 30/4/2023", "2023-03-01", "2023-04-30"),
        ("Từ tháng 1/2010 đến trước 30/9/2010", "2010-01-01", "2010-09-30"),
        ("từ năm 2023 đến năm 2025", "2023-01-01", "2025-12-31"),
        ("trước 2030", None, "2029-12-31"),
        ("đến năm 2025", None, "2025-12-31"),
        ("15-8-2023", "2023-08-15", "2023-08-15"),
        ("2023-05-31", "2023-05-31", "2023-05-31"),
        ("Quí IV/2023", "2023-10-01", "2023-12-31"),
        ("Q2/2023", "2023-04-01", "2023-06-30"),
        ("Quý I+II năm 2023", "2023-01-01", "2023-06-30"),
        ("trước 17h00 ngày 15/3/2023", None, "2023-03-15"),
        ("chậm nhất 16 giờ 30 ngày 15/3/2023", None, "2023-03-15"),
        ("trung tuần tháng 5/2023", "2023-05-11", "2023-05-20"),
        ("hạ tuần tháng 6/2023", None, "2023-06-30"),
        ("từ nay đến hết năm 2025", None, "2025-12-31"),
        ("Tuần 1 tháng 11/2023", None, "2023-11-30"),
        ("tuần thứ 2 tháng 5/2023", None, "2023-05-31"),
        ("Từ quý II/2023 đến quý I/2024", "2023-04-01", "2024-03-31"),
        ("Giai đoạn 2021 - 2025", "2021-01-01", "2025-12-31"),
    ],
)
def test_dated_phrase_gives_start_and_due(phrase: str, start: str | None, due: str) -> None:
    reading = read_timeframe(phrase, IN_2023)
    assert (reading.start, reading.due, reading.recurrence) == (day(start), day(due), None)


@pytest.mark.parametrize(
    ("phrase", "recurrence", "rule"),
    [
        ("trước ngày 01/12 hàng năm", "yearly", "yearly 12-01"),
        ("hàng năm", "yearly", "yearly 12-31"),
        ("Hằng năm", "yearly", "yearly 12-31"),
        ("15/6 và 01/12", "half-yearly", "yearly 06-15, 12-01"),
        ("định kỳ 6 tháng", "half-yearly", "yearly 06-30, 12-31"),
        ("ngày 22 hàng tháng", "monthly", "monthly day 22"),
        ("trước ngày 15 của tháng", "monthly", "monthly day 15"),
        (
            "trước ngày 05 tháng cuối cùng của mỗi quý",
            "quarterly",
            "day 05 of month 3, 6, 9, 12",
        ),
        ("hàng quý", "quarterly", "last day of month 3, 6, 9, 12"),
        ("hàng tuần", "weekly", "weekly day 5"),
        ("trước 16h thứ Năm hằng tuần", "weekly", "weekly day 4"),
        ("chủ nhật hàng tuần", "weekly", "weekly day 7"),
        ("ngày 10 của tháng sau", "monthly", "monthly day 10"),
        ("định kỳ hàng tháng, quý, năm", "monthly", "monthly last day"),
        ("trước ngày 05 của tháng đầu quý sau", "quarterly", "day 05 of month 1, 4, 7, 10"),
        ("10/3, 10/6, 10/9, 10/12", "quarterly", "yearly 03-10, 06-10, 09-10, 12-10"),
        ("3 tháng một lần", "quarterly", "last day of month 3, 6, 9, 12"),
        ("Tháng 3, 6, 9, 12 hàng năm", "quarterly", "yearly 03-31, 06-30, 09-30, 12-31"),
        ("02 lần/năm", "half-yearly", "yearly 06-30, 12-31"),
        ("6 tháng và hàng năm", "half-yearly", "yearly 06-30, 12-31"),
        ("tháng 01 và tháng 6 hàng năm", "half-yearly", "yearly 01-31, 06-30"),
        ("trước ngày 15/6 (6 tháng) và 15/12 (năm)", "half-yearly", "yearly 06-15, 12-15"),
        ("trước ngày 10 tháng 01 của năm sau", "yearly", "yearly 01-10"),
        ("hàng ngày", "continuous", None),
        ("ngay sau khi có hướng dẫn", "conditional", None),
        ("theo lộ trình của cấp trên", "conditional", None),
        ("Thường xuyên", "continuous", None),
        ("Theo tình hình thực tế tại địa phương", "conditional", None),
        ("khi có yêu cầu", "conditional", None),
    ],
)
def test_recurring_phrase_gives_a_rule_and_no_date(
    phrase: str, recurrence: str, rule: str | None
) -> None:
    reading = read_timeframe(phrase, IN_2023)
    assert (reading.recurrence, reading.rule) == (recurrence, rule)
    assert (reading.start, reading.due) == (None, None)


def test_year_and_the_following_years_is_continuous_from_its_first_day() -> None:
    reading = read_timeframe("năm 2023 và các năm tiếp theo", IN_2023)
    assert reading == Timeframe(
        "năm 2023 và các năm tiếp theo", start=date(2023, 1, 1), recurrence="continuous"
    )


def test_completion_label_leaves_only_the_end() -> None:
    reading = read_timeframe("2025", Context(2023, completion=True))
    assert (reading.start, reading.due) == (None, date(2025, 12, 31))


@pytest.mark.parametrize(
    ("phrase", "warnings", "confidence"),
    [
        ("", ("time_missing",), 0.0),
        ("càng sớm càng tốt", ("time_unknown",), 0.0),
        ("31/2/2023", ("date_impossible",), 0.0),
        ("tháng 13/2023", ("date_impossible",), 0.0),
        ("đầu quý I", ("year_inferred", "time_ambiguous"), 0.4),
        ("trước ngày 24/8", ("year_inferred",), 0.8),
        ("từ quý II/2023", ("time_open_end",), 1.0),
        ("tháng 3 và tháng 9/2023", ("time_several",), 0.6),
        ("năm học 2026 - 2027", ("time_unknown",), 0.0),
        ("Quý II/2023", (), 1.0),
        ("05 năm một lần", ("time_unknown",), 0.0),
    ],
)
def test_doubt_is_named_and_lowers_confidence(
    phrase: str, warnings: tuple[str, ...], confidence: float
) -> None:
    reading = read_timeframe(phrase, IN_2023)
    assert (reading.warnings, reading.confidence) == (warnings, confidence)


@pytest.mark.parametrize(
    ("phrase", "due"),
    [
        ("trong vòng 15 ngày kể từ ngày ban hành", date(2023, 3, 30)),
        ("sau 10 ngày làm việc kể từ ngày ký ban hành Kế hoạch này", date(2023, 3, 29)),
        ("trong thời hạn 02 tháng kể từ ngày Kế hoạch này được ban hành", date(2023, 5, 15)),
        ("30 ngày kể từ ngày 01/4/2023", date(2023, 5, 1)),
        ("02 tuần kể từ ngày ban hành", date(2023, 3, 29)),
        ("10 ngày kể từ ngày ban hành", date(2023, 3, 27)),
    ],
)
def test_counted_period_runs_from_its_day_to_a_working_day(phrase: str, due: date) -> None:
    reading = read_timeframe(phrase, ISSUED)
    assert (reading.due, reading.warnings) == (due, ("time_counted",))


@pytest.mark.parametrize(
    "phrase",
    [
        "chậm nhất 05 ngày làm việc sau khi nhận được văn bản",
        "15 ngày kể từ ngày ban hành Nghị quyết của Chính phủ",
    ],
)
def test_counted_period_from_an_unknown_day_has_no_date(phrase: str) -> None:
    reading = read_timeframe(phrase, ISSUED)
    assert (reading.due, reading.recurrence) == (None, "conditional")


def test_date_without_year_anywhere_stays_open() -> None:
    reading = read_timeframe("trước ngày 24/8")
    assert (reading.due, reading.warnings) == (None, ("time_without_year",))


@pytest.mark.parametrize(
    ("phrase", "soft"),
    [("phấn đấu trước 30/9/2010", True), ("duy trì hàng năm", True), ("Quý I", False)],
)
def test_words_of_effort_are_flagged(phrase: str, soft: bool) -> None:
    assert read_timeframe(phrase, IN_2023).soft is soft


def test_raw_words_are_kept() -> None:
    assert read_timeframe(" Cả năm  2023 ", IN_2023).text == "Cả năm  2023"


@given(st.text(alphabet="quý tháng năm trước 0123456789/-IV,đầu", max_size=40))
def test_reading_a_phrase_never_raises(phrase: str) -> None:
    reading = read_timeframe(phrase, IN_2023)
    assert 0.0 <= reading.confidence <= 1.0


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("gửi kết quả năm 2023 trước ngày 10/12/2023.", "trước ngày 10/12/2023"),
        ("gửi Sở Nội vụ trước ngày 01/12 hàng năm", "trước ngày 01/12 hàng năm"),
        ("nộp trước ngày 15 của tháng", "trước ngày 15 của tháng"),
        ("hoàn thành trong tháng 3 năm 2010;", "hoàn thành trong tháng 3 năm 2010"),
        ("kết quả năm 2023", None),
        ("trước 16h thứ Năm hàng tuần gửi Văn phòng", "trước 16h thứ Năm hàng tuần"),
        ("Báo cáo năm trước ngày 10 tháng 01 của năm sau", "trước ngày 10 tháng 01 của năm sau"),
        ("theo định kỳ 06 tháng một lần để theo dõi", "theo định kỳ 06 tháng một lần"),
        (
            "trong thời hạn 15 ngày kể từ ngày nhận, gửi lại",
            "trong thời hạn 15 ngày kể từ ngày nhận",
        ),
        ("theo Quyết định ngày 05/3/2021, giai đoạn 2021 - 2025", None),
    ],
)
def test_deadline_is_found_in_a_sentence(sentence: str, phrase: str | None) -> None:
    place = find_phrase(sentence)
    assert (sentence[slice(*place)] if place else None) == phrase


def test_each_deadline_of_a_sentence_is_found_once() -> None:
    sentence = (
        "hoàn thành trước ngày 30/6/2023, định kỳ hằng quý (trước ngày 20 của tháng cuối quý)"
    )
    assert [sentence[slice(*place)] for place in find_phrases(sentence)] == [
        "hoàn thành trước ngày 30/6/2023",
        "định kỳ hằng quý",
        "trước ngày 20 của tháng cuối quý",
    ]
