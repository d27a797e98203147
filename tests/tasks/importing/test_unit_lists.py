"""Lists of unit names."""

import pytest

from tasks.importing.results import Words
from tasks.importing.unit_lists import split_units
from tests.tasks.importing.office_names import GROUPS, OFFICES


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
        (
            "Sở LĐTB&XH, Sở KH&CN và Công an tỉnh",
            ["Sở LĐTB&XH", "Sở KH&CN", "Công an tỉnh"],
        ),
        (
            "Sở Lao động - Thương binh và Xã hội, Sở Y tế",
            ["Sở Lao động - Thương binh và Xã hội", "Sở Y tế"],
        ),
        (
            "Sở Lao động, Thương binh và Xã hội; Bảo hiểm xã hội tỉnh",
            ["Sở Lao động, Thương binh và Xã hội", "Bảo hiểm xã hội tỉnh"],
        ),
        (
            "Các Sở: Văn hóa, Thể thao và Du lịch, Lao động - Thương binh và Xã hội, Y tế",
            [
                "Sở Văn hóa, Thể thao và Du lịch",
                "Sở Lao động - Thương binh và Xã hội",
                "Sở Y tế",
            ],
        ),
        (
            "Các Sở: KH&CN, GD&ĐT, Tài chính và Công Thương",
            ["Sở KH&CN", "Sở GD&ĐT", "Sở Tài chính", "Sở Công Thương"],
        ),
        (
            "các phòng: Tài chính - Kế hoạch, Nội vụ, Kinh tế và Hạ tầng",
            ["phòng Tài chính - Kế hoạch", "phòng Nội vụ", "phòng Kinh tế và Hạ tầng"],
        ),
        (
            "Sở VH,TT&DL, Đài PT&TH tỉnh, Báo Thuận Giang",
            ["Sở VH,TT&DL", "Đài PT&TH tỉnh", "Báo Thuận Giang"],
        ),
        (
            "Uỷ ban MTTQ Việt Nam tỉnh và các tổ chức chính trị - xã hội",
            ["Uỷ ban MTTQ Việt Nam tỉnh", "các tổ chức chính trị - xã hội"],
        ),
        (
            "BCH Quân sự, Công an, Phòng Tài chính – Kế hoạch",
            ["BCH Quân sự", "Công an", "Phòng Tài chính – Kế hoạch"],
        ),
        (
            "Báo và Phát thanh, Truyền hình tỉnh; Đoàn TNCS Hồ Chí Minh",
            ["Báo và Phát thanh, Truyền hình tỉnh", "Đoàn TNCS Hồ Chí Minh"],
        ),
        (
            "Sở Nông nghiệp và PTNT, Sở Tài nguyên và Môi trường",
            ["Sở Nông nghiệp và PTNT", "Sở Tài nguyên và Môi trường"],
        ),
        (
            "Văn phòng Đoàn ĐBQH và HĐND tỉnh, Văn phòng UBND tỉnh",
            ["Văn phòng Đoàn ĐBQH và HĐND tỉnh", "Văn phòng UBND tỉnh"],
        ),
        ("", []),
    ],
)
def test_list_is_cut_only_between_names(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize("joined", ["Sở Y tế, {}, Hội X", "Sở Y tế; {} và Hội X"])
def test_registered_name_in_a_list_is_never_cut(joined: str) -> None:
    known = [name for row in (*OFFICES.values(), *GROUPS.values()) for name in row]
    assert [names(joined.format(name)) for name in known] == [
        ["Sở Y tế", name, "Hội X"] for name in known
    ]


def test_each_name_knows_its_place() -> None:
    text = "Sở A, Sở B và Sở C."
    places = [name.span for name in split_units(Words(text, 10, 10 + len(text)))]
    assert [text[start - 10 : end - 10] for start, end in places] == ["Sở A", "Sở B", "Sở C"]
