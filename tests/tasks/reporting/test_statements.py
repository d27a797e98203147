"""The law of no loss: what units said is in the draft or on the list, whatever is edited."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.reporting.statements import (
    Cited,
    Source,
    key_of,
    lines_of,
    marked,
    not_taken_over,
    sentences,
    statements,
    unmarked,
)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Đã làm. Chưa xong!", ["Đã làm.", "Chưa xong!"]),
        ("II.1.b. Tập huấn cán bộ", ["II.1.b. Tập huấn cán bộ"]),
        ("- Tổng thu 2.305 triệu đồng; chi 0,7 tỷ.", ["Tổng thu 2.305 triệu đồng;", "chi 0,7 tỷ."]),
        ("a) Có. b) Không.", ["a) Có.", "b) Không."]),
        (" . ", []),
    ],
)
def test_sentences_keep_their_numbers(line: str, said: list[str]) -> None:
    assert sentences(line) == said


def test_marks_stand_at_the_end_of_a_line() -> None:
    assert marked("Đã làm.", [3, 7]) == "Đã làm. [3] [7]"
    assert unmarked("Đã làm. [3] [7]") == ("Đã làm.", (3, 7))
    assert unmarked("Theo [3] đã làm.") == ("Theo [3] đã làm.", ())


def test_spelling_of_blanks_case_and_last_point_does_not_count() -> None:
    assert key_of("-  Đã  làm ;") == key_of("đã làm.")
    assert key_of("Có") != key_of("Cỏ")


def test_what_two_units_say_alike_is_asked_of_each() -> None:
    sources = [Source(1, 10, "Không có."), Source(2, 20, "Không có.")]
    assert not_taken_over([Cited("Không có.", (1,))], sources) == statements(sources)[1:]
    assert not_taken_over([Cited("Không có.", (1, 2))], sources) == []
    assert not_taken_over([Cited("Không có.", ()), Cited("Không có.", (1,))], sources) == []


def test_sentence_said_twice_is_needed_twice() -> None:
    sources = [Source(1, 10, "Chưa làm.\nChưa làm.")]
    assert len(not_taken_over([Cited("Chưa làm.", (1,))], sources)) == 1


WORDS = st.sampled_from(["Đã làm", "Chưa làm", "Có 2.305 cây", "không", "II.1.a", "Kết quả", "[1]"])
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(". ".join), max_size=5)
TEXTS = LINES.map("\n".join)
CHANGES = st.lists(
    st.tuples(st.sampled_from(["drop", "cut", "double", "swap", "unmark"]), st.integers(0))
)


@given(st.lists(TEXTS, min_size=1, max_size=4), CHANGES, TEXTS)
def test_nothing_is_lost_whatever_is_edited(
    texts: list[str], changes: list[tuple[str, int]], typed: str
) -> None:
    sources = [Source(number, number, text) for number, text in enumerate(texts)]
    draft = [Cited(line, (one.report,)) for one in sources for line in lines_of(one.text)]
    draft = edited(draft, changes) + [Cited(line, ()) for line in lines_of(typed)]
    listed = not_taken_over(draft, sources)
    everything = Counter((one.report, one.key) for one in statements(sources))
    taken = everything - Counter((one.report, one.key) for one in listed)
    assert taken + Counter((one.report, one.key) for one in listed) == everything
    # What is not listed stands in the draft: as often as the unit said it, under its own source
    # or without any.
    for (report, key), number in taken.items():
        lines = [one for one in draft if not one.reports or report in one.reports]
        said = Counter(key_of(words) for one in lines for words in sentences(one.text))
        assert said[key] >= number


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_untouched_draft_leaves_nothing_out(texts: list[str]) -> None:
    sources = [Source(number, number, text) for number, text in enumerate(texts)]
    draft = [Cited(line, (one.report,)) for one in sources for line in lines_of(one.text)]
    assert not_taken_over(draft, sources) == []


def edited(draft: list[Cited], changes: list[tuple[str, Any]]) -> list[Cited]:
    for how, number in changes:
        if not draft:
            return draft
        at = number % len(draft)
        line = draft[at]
        match how:
            case "drop":
                draft = draft[:at] + draft[at + 1 :]
            case "cut":
                draft[at] = Cited(line.text[: len(line.text) // 2], line.reports)
            case "double":
                draft = [*draft, line]
            case "swap":
                draft[at], draft[0] = draft[0], draft[at]
            case "unmark":
                draft[at] = Cited(line.text, ())
    return draft
