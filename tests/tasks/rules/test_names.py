"""Spelling rules for names."""

import unicodedata

import pytest

from tasks.rules.names import fold, match_key, tidy


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Uỷ ban nhân dân", "Ủy ban nhân dân"),
        ("Sở Văn hoá", "Sở Văn hóa"),
        ("Sở Lao động- Thương binh và Xã hội", "Sở Lao động – Thương binh và Xã hội"),
        ("Sở Kế hoạch & Đầu tư", "Sở Kế hoạch và Đầu tư"),
        ("SỞ  NỘI VỤ", "Sở Nội vụ"),
        ("Ðài Truyền hình", "Đài Truyền hình"),
        (unicodedata.normalize("NFD", "Sở Y tế"), "Sở Y tế"),
    ],
)
def test_key_is_equal_for_two_spellings_of_one_name(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(("one", "other"), [("Sơn Hà", "Sơn Hạ"), ("Sở Nội vụ", "Sở Ngoại vụ")])
def test_key_differs_for_two_names(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)


@pytest.mark.parametrize("word", ["hoàn thành", "quý", "toàn", "khuyến", "quỹ"])
def test_key_keeps_syllables_with_one_spelling(word: str) -> None:
    assert match_key(word) == word


def test_fold_removes_every_accent_and_the_bar_of_the_letter_d() -> None:
    assert fold("Ðường  Điện Biên Phủ") == "duong dien bien phu"


def test_tidy_keeps_words_and_line_breaks() -> None:
    assert tidy("Ðề\u00a0án\n\u200bUỷ ban") == "Đề án\nUỷ ban"
