"""The tolerance of `docs/reading.md`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bench.reading import source_removed
from tests.bench.scoring import likeness, name_key, number, score

ITEM = {
    "code": "II.1",
    "title": "Trồng cây xanh dọc đường làng",
    "lead": ["Sở A"],
    "coordinating": ["UBND xã B"],
    "start": None,
    "due": "2024-06-30",
    "recurring": None,
}
REPORT = {"who": "Sở A", "to": ["UBND tỉnh"], "via": None, "due": "2024-12-10", "recurring": None}


def shares(expected: dict[str, Any], reading: dict[str, Any]) -> dict[str, Any]:
    measured = score(expected, {"items": [], **reading}).shares
    return {name: share.value for name, share in measured.items() if share.value is not None}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Uỷ ban nhân dân tỉnh", "UBND Tỉnh"),
        ("Phòng Văn hóa – Thông tin", "phòng Văn hoá-Thông tin"),
        ("Sở KH&CN", "Sở KH và CN"),
        ("Các đơn vị liên quan", "đơn vị liên quan"),
        ("các hội: Hội A, Hội B", "Các hội: Hội A, Hội B và Hội C"),
    ],
)
def test_spellings_of_one_name_are_the_same(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_accents_tell_names_apart() -> None:
    assert name_key("Hội Nông dân") != name_key("Hội Nông dàn")


def test_likeness_is_the_share_of_the_shorter_text() -> None:
    assert likeness("Trồng cây", "Trồng cây xanh dọc đường") == 1.0
    assert likeness("Trồng cây", "Trồng lúa xanh") == 0.5
    assert likeness("", "Trồng cây") == 0.0


@pytest.mark.parametrize(("text", "value"), [("2.305", 2305.0), ("0,7", 0.7), ("1.234,5", 1234.5)])
def test_number_is_read_in_vietnamese_writing(text: str, value: float) -> None:
    assert number(text) == value


def test_equal_reading_is_wholly_right() -> None:
    same = {"items": [ITEM], "reports": [REPORT], "number": "1/KH-UBND"}
    assert set(shares(same, same).values()) == {1.0}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"lead": ["Sở A", "Sở C"]}, "leads"),
        ({"coordinating": []}, "coordinators"),
        ({"due": "2024-06-29"}, "times"),
        ({"start": "2024-01-01"}, "times"),
    ],
)
def test_one_wrong_field_lowers_its_measure_only(change: dict[str, Any], wrong: str) -> None:
    found = shares({"items": [ITEM]}, {"items": [{**ITEM, **change}]})
    assert {name for name, value in found.items() if value == 0.0} == {wrong}


def test_missed_item_is_wrong_in_every_field() -> None:
    other = {**ITEM, "code": "III.2", "title": "Mua máy tính"}
    found = shares({"items": [ITEM, other]}, {"items": [ITEM]})
    assert (found["item_recall"], found["item_precision"]) == (0.5, 1.0)
    assert (found["leads"], found["coordinators"], found["times"]) == (0.5, 0.5, 0.5)


def test_invented_item_lowers_precision() -> None:
    other = {**ITEM, "code": "III.2", "title": "Mua máy tính"}
    found = shares({"items": [ITEM]}, {"items": [ITEM, other]})
    assert (found["item_recall"], found["item_precision"]) == (1.0, 0.5)


def test_paraphrase_is_paired_by_its_code() -> None:
    read = {**ITEM, "title": "Phát động trồng thêm nhiều loại hoa và cây cảnh ở khu dân cư mới"}
    assert shares({"items": [ITEM]}, {"items": [read]})["item_recall"] == 1.0
    assert shares({"items": [ITEM]}, {"items": [{**read, "code": "V.9"}]})["item_recall"] == 0.0


def test_invented_report_counts_among_the_asked() -> None:
    other = {**REPORT, "due": "2024-12-20"}
    assert shares({"reports": [REPORT]}, {"reports": [REPORT, other]})["reports"] == 0.5
    assert shares({"reports": []}, {"reports": [other]})["reports"] == 0.0
    assert "reports" not in shares({"reports": []}, {"reports": []})


def test_wrong_report_is_counted_once() -> None:
    assert shares({"reports": [REPORT]}, {"reports": [{**REPORT, "via": "Sở B"}]}) == {
        "reports": 0.0
    }


def test_rule_counts_only_where_it_has_a_date() -> None:
    vague, read = {**REPORT, "rule": "no date given"}, {**REPORT, "rule": None}
    assert shares({"reports": [vague]}, {"reports": [read]})["reports"] == 1.0
    yearly = {**REPORT, "rule": "yearly 12-01"}
    assert shares({"reports": [yearly]}, {"reports": [read]})["reports"] == 0.0


def test_target_is_a_value_or_a_range() -> None:
    target = {"name": "cây", "value_text": "2.305", "unit": "cây"}
    read = {"name": "cây xanh", "value": 2305, "min": 2305, "max": 2305, "unit": "cây"}
    assert shares({"targets": [target]}, {"targets": [read]})["targets"] == 1.0
    ranged = {"min": 1, "max": 2, "unit": "cây", "period": "2022-2025"}
    assert shares({"targets": [ranged]}, {"targets": [{**ranged, "max": 3}]})["targets"] == 0.0


def test_header_compares_only_what_is_expected() -> None:
    reading = {"number": None, "issuer": "UBND tỉnh A", "signer": "Lê Văn B"}
    expected = {"number": None, "issuer": "Ủy ban nhân dân tỉnh A"}
    assert shares(expected, reading) == {"header": 1.0}
    assert shares({"number": "1/KH"}, reading) == {"header": 0.0}


def test_figures_and_the_number_of_proposals_count() -> None:
    figure = {"name": "thành viên đến nay", "value": 23}
    expected = {"facts": [figure], "proposals": 2}
    assert shares(expected, {"facts": [figure], "proposals": [1, 2]})["figures"] == 1.0
    assert shares(expected, {"facts": [{**figure, "value": 15}], "proposals": []})["figures"] == 0


def test_source_line_is_not_part_of_the_document() -> None:
    assert source_removed(b"source: x\nKH") == b"KH"
    assert source_removed(b"KH\nsource: x") == b"KH\nsource: x"
