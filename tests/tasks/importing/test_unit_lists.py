"""Lists of unit names."""

import pytest

from tasks.importing.results import Words
from tasks.importing.unit_lists import split_units


def names(text: str) -> list[str]:
    return [name.text for name in split_units(Words(text, 0, len(text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sở A và các đơn vị liên quan.", ["Sở A", "các đơn vị liên quan"]),
        (
            "Sở Văn hóa, Thể thao và Du lịch; Tỉnh đoàn",
            ["Sở Văn hóa, Thể thao và Du lịch", "Tỉnh đoàn"],
        ),
        ("các bộ, ngành, địa phương", ["các bộ, ngành, địa phương"]),
        ("các Vụ: Kế hoạch, Công nghiệp nhẹ", ["Vụ Kế hoạch", "Vụ Công nghiệp nhẹ"]),
        (
            "Các Sở: Nội vụ, Khoa học và Công nghệ và Tài chính",
            ["Sở Nội vụ", "Sở Khoa học và Công nghệ", "Sở Tài chính"],
        ),
        ("Sở Kế hoạch & Đầu tư và Sở Tài chính", ["Sở Kế hoạch & Đầu tư", "Sở Tài chính"]),
        (
            "các tổ chức đoàn thể (Hội Nông dân, Hội Phụ nữ)",
            ["các tổ chức đoàn thể", "Hội Nông dân", "Hội Phụ nữ"],
        ),
        ("Bộ Tài chính (Kho bạc Nhà nước)", ["Bộ Tài chính (Kho bạc Nhà nước)"]),
        (
            "Ban Quản lý Khu kinh tế và các Khu công nghiệp",
            ["Ban Quản lý Khu kinh tế và các Khu công nghiệp"],
        ),
        (
            "UBND các huyện, thị xã, thành phố, Công an tỉnh",
            ["UBND các huyện, thị xã, thành phố", "Công an tỉnh"],
        ),
        ("", []),
    ],
)
def test_list_is_cut_only_between_names(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_each_name_knows_its_place() -> None:
    text = "Sở A, Sở B và Sở C."
    places = [name.span for name in split_units(Words(text, 10, 10 + len(text)))]
    assert [text[start - 10 : end - 10] for start, end in places] == ["Sở A", "Sở B", "Sở C"]
