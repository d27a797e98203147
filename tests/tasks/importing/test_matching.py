"""Raw names to units."""

import pytest

from tasks.importing.matching import Match, Matcher, MatchKind

UNITS = [
    ("khcn", ["Sở Khoa học và Công nghệ"]),
    ("tckh", ["Phòng Tài chính – Kế hoạch"]),
    ("ubnd", ["UBND tỉnh Quảng Ngãi", "Ủy ban nhân dân tỉnh Quảng Ngãi"]),
    ("ldtbxh", ["Sở Lao động - Thương binh và Xã hội"]),
    ("nongdan", ["Hội Nông dân tỉnh"]),
    ("sonha", ["Trung tâm Y tế huyện Sơn Hà"]),
    ("sontay", ["Trung tâm Y tế huyện Sơn Tây"]),
]
GROUPS = [("huyen", ["UBND các huyện, thị xã, thành phố"])]
MATCHER = Matcher(UNITS, GROUPS)


@pytest.mark.parametrize(
    ("raw", "ref", "kind"),
    [
        ("Sở Khoa học và Công nghệ", "khcn", MatchKind.EXACT),
        ("Sở KH&CN", "khcn", MatchKind.ABBREVIATION),
        ("SKHCN", "khcn", MatchKind.ABBREVIATION),
        ("Sở Khoa học và Công nghệ tỉnh Quảng Ngãi", "khcn", MatchKind.ALIAS),
        ("Sở khoa học & công nghệ", "khcn", MatchKind.EXACT),
        ("Phòng Kế hoạch - Tài chính", "tckh", MatchKind.WORD_ORDER),
        ("Phòng Tài chính - Kế hoạch", "tckh", MatchKind.EXACT),
        ("UBND tỉnh", "ubnd", MatchKind.ALIAS),
        ("Uỷ ban nhân dân tỉnh", "ubnd", MatchKind.ALIAS),
        ("Sở Lao động TB&XH", "ldtbxh", MatchKind.ABBREVIATION),
        ("Sở Lao động- Thương binh và Xã hội tỉnh", "ldtbxh", MatchKind.ALIAS),
        ("Hội Nông dân", "nongdan", MatchKind.ALIAS),
        ("So Khoa hoc va Cong nghe", "khcn", MatchKind.FUZZY),
        ("Sở Khoa học và Công nghê", "khcn", MatchKind.FUZZY),
    ],
)
def test_name_resolves_to_its_unit(raw: str, ref: str, kind: MatchKind) -> None:
    match = MATCHER.resolve(raw)
    assert (match.ref, match.kind, match.is_group) == (ref, kind, False)


@pytest.mark.parametrize(
    "raw",
    [
        "các đơn vị có liên quan",
        "Các đơn vị liên quan",
        "các cơ quan, đơn vị liên quan",
        "các quan đơn vị liên quan",
    ],
)
def test_open_group_names_nobody(raw: str) -> None:
    assert MATCHER.resolve(raw) == Match(MatchKind.OPEN_GROUP, confidence=1.0)


def test_known_group_is_a_group() -> None:
    match = MATCHER.resolve("UBND các huyện, thị xã, thành phố")
    assert (match.ref, match.is_group) == ("huyen", True)


@pytest.mark.parametrize(
    "raw",
    [
        "Sở Khoa học và Công nghệ tỉnh Bình Định",
        "Trung tâm Y tế huyện Sơn Hạ",
        "Trung tâm Y tế huyện Sơn Tịnh",
        "Sở Ngoại vụ",
        "Sở",
        "",
    ],
)
def test_other_unit_stays_unknown(raw: str) -> None:
    assert MATCHER.resolve(raw) == Match(MatchKind.UNKNOWN)


def test_two_equally_good_units_stay_unknown_and_are_both_listed() -> None:
    match = MATCHER.resolve("Trung tâm Y tế")
    assert match == Match(MatchKind.UNKNOWN, candidates=("sonha", "sontay"))


def test_city_of_the_same_name_is_not_the_province() -> None:
    matcher = Matcher([("so", ["Sở Y tế"])], place="Quảng Ngãi")
    assert matcher.resolve("Sở Y tế thành phố Quảng Ngãi") == Match(MatchKind.UNKNOWN)
