"""Quantities in sentences written for these tests."""

import pytest

from tasks.rules.quantities import find_quantities, value_of


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("trồng 100 - 120 cây", 100, 120, "cây"),
        ("trồng từ 1 đến 2 cây", 1, 2, "cây"),
        ("trồng 01 – 03 cây", 1, 3, "cây"),
        ("ít nhất 85% giáo viên", 85, None, "%"),
        ("từ 85% trở lên", 85, None, "%"),
        ("không quá 3 vụ", None, 3, "vụ"),
        ("giảm còn dưới 2,5%", None, 2.5, "%"),
        ("tăng 1,0 - 1,5%/năm", 1.0, 1.5, "%/năm"),
        ("hỗ trợ 2.305 nhà ở", 2305, 2305, "nhà"),
        ("kinh phí 1,25 tỷ đồng", 1.25, 1.25, "tỷ đồng"),
        ("đạt 75 triệu đồng/người/năm", 75, 75, "triệu đồng/người/năm"),
        ("đón 1,2 triệu lượt khách", 1.2, 1.2, "triệu lượt khách"),
        ("xây dựng bốn (04) tuyến đường", 4, 4, "tuyến đường"),
        ("xây dựng 04 (bốn) tuyến đường", 4, 4, "tuyến đường"),
        ("tối thiểu hai cụm", 2, None, "cụm"),
        ("12/15 xã đạt chuẩn", 12, 12, "xã"),
        ("trồng 3 lũy tre xanh", 3, 3, "lũy tre"),
        ("trồng 1.200ha", 1200, 1200, "ha"),
        ("thành lập 05 HTX mới", 5, 5, "HTX"),
        ("đạt 14 bác sĩ/vạn dân", 14, 14, "bác sĩ/vạn dân"),
    ],
)
def test_quantity_has_bounds_and_unit(
    text: str, low: float | None, high: float | None, unit: str
) -> None:
    (found,) = find_quantities(text)
    assert (found.low, found.high, found.unit) == (low, high, unit)


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("tăng từ 15 lên 23 cây", 15, 23),
        ("giảm từ 5,2% năm 2022 xuống còn 4,1% năm 2023", 5.2, 4.1),
        ("nâng số cây từ 5 đến 10 cây", 5, 10),
    ],
)
def test_change_has_the_value_before(text: str, before: float, after: float) -> None:
    (found,) = find_quantities(text)
    assert (found.before, found.low, found.high) == (before, after, after)


@pytest.mark.parametrize(
    "text",
    [
        "Quyết định số 36/QĐ-UBND ngày 07/01/2020",
        "Điều 5, khoản 2 và Phụ lục 1",
        "trong tháng 6 năm 2023 và quý 2",
        "giai đoạn 2021 - 2025, đến năm 2030",
        "Chương trình 135 và Đề án 06",
        "cách mạng công nghiệp 4.0, trực 24/7",
        "lúc 7 giờ 30",
        "phường Đức Thắng, đường số 5",
        "số cây trên 10.000 dân",
    ],
)
def test_number_that_says_which_one_is_no_quantity(text: str) -> None:
    assert find_quantities(text) == ()


def test_words_about_a_number_belong_to_it() -> None:
    text = "đón khoảng 23.000 khách"
    (found,) = find_quantities(text)
    assert (text[found.start : found.end], found.approximate) == ("khoảng 23.000 khách", True)


@pytest.mark.parametrize(
    ("text", "value"), [("2.305", 2305), ("0,7", 0.7), ("1.5", 1.5), ("12.345,6", 12345.6)]
)
def test_dot_groups_thousands_and_comma_is_the_sign(text: str, value: float) -> None:
    assert value_of(text) == value
