"""The time of a reading grows with the length of its text, whatever the text holds."""

import pytest

from tests.bench.speed import (
    FORMS,
    ITEMS,
    REPEATED,
    calls,
    growth,
    invented,
    repeated,
    seconds,
)

# Four times the text; what looks at each word from each other word takes sixteen times as long.
_LONGER, _SLACK = 4, 9.0
_WORST = ("gửi báo cáo về ", "từ năm 2023 đến năm ", "| a ")


@pytest.mark.parametrize("words", _WORST)
def test_repeated_words_cost_no_more_than_their_length(words: str) -> None:
    assert growth(words, 5_000, _LONGER) < _SLACK


@pytest.mark.parametrize("form", ["list.docx", "table.docx", "table.xlsx", "wrapped.txt"])
def test_ten_times_the_items_are_at_most_twelve_times_the_work(form: str) -> None:
    short, long = (calls(FORMS[form](invented(items)), form) for items in (12, 120))
    assert long < 12 * short


@pytest.mark.slow
@pytest.mark.parametrize("words", REPEATED)
@pytest.mark.parametrize("length", [2_500, 10_000])
def test_any_repeated_words_cost_no_more_than_their_length(words: str, length: int) -> None:
    assert growth(words, length, _LONGER) < _SLACK


@pytest.mark.slow
@pytest.mark.parametrize("words", REPEATED)
def test_hundred_thousand_characters_take_seconds_at_most(words: str) -> None:
    assert seconds(repeated(words, 100_000), "plan.txt") < 8.0


def test_table_of_many_items_is_read_within_a_second() -> None:
    assert seconds(FORMS["table.docx"](invented(ITEMS)), "table.docx") < 1.0
