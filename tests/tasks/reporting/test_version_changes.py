"""What is shown as taken out of a report and put into it."""

from __future__ import annotations

import time
from typing import Any

from tasks.reporting.version_changes import Change, Piece, changes

SAME, OUT, IN = Change


def version(*texts: str) -> dict[str, Any]:
    return {
        "sections": [
            {"position": position, "kind": "free", "title": f"Mục {position}", "text": text}
            for position, text in enumerate(texts, 1)
        ]
    }


def pieces(old: str, new: str) -> list[tuple[Change, str]]:
    (one,) = changes(version(old), version(new))
    return [(piece.change, piece.text) for piece in one.pieces]


def test_changed_word_is_shown_between_those_that_stayed() -> None:
    assert pieces("Đã mở 12 lớp\nXong", "Đã mở 14 lớp\nXong") == [
        (SAME, "Đã mở "), (OUT, "12"), (IN, "14"), (SAME, " lớp\n"), (SAME, "Xong"),
    ]  # fmt: skip


def test_changes_that_few_words_keep_apart_are_read_as_one() -> None:
    assert pieces("Sinh viên bận thi nên vắng", "Hai tuần thi học kỳ vắng") == [
        (OUT, "Sinh viên bận thi nên"), (IN, "Hai tuần thi học kỳ"), (SAME, " vắng"),
    ]  # fmt: skip


def test_new_line_comes_in_whole() -> None:
    assert pieces("Một", "Một\nHai") == [(SAME, "Một"), (IN, "\nHai")]


def test_nothing_before_is_no_change() -> None:
    (one,) = changes(None, version("Một"))
    assert (one.pieces, one.is_changed) == ((Piece(SAME, "Một"),), False)


def test_sections_that_came_or_went_are_shown() -> None:
    found = changes(version("Một"), version("Một", "Hai"))
    assert [(one.title, one.is_changed) for one in found] == [("Mục 1", False), ("Mục 2", True)]
    back = changes(version("Một", "Hai"), version("Một"))
    assert back[1].pieces == (Piece(OUT, "Hai"),)


def test_two_long_texts_without_a_common_line_do_not_hold_up_the_page() -> None:
    old = "\n".join(f"dòng {n} cũ" for n in range(5_000))
    new = "\n".join(f"hàng {n} mới" for n in range(5_000))
    began = time.process_time()
    assert [change for change, _text in pieces(old, new)] == [OUT, IN]
    assert time.process_time() - began < 5
