"""The statements of a text, the notes they cite, and the law of no loss.

Whatever a unit said in an accepted report is either in the draft of the consolidated one or listed
as not taken over. Nothing about it is stored: `not_taken_over` derives it from the texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tasks.rules.names import tidy

_MARKS = re.compile(r"(?:\s*\[\d{1,6}\])+\s*$")
_NUMBER = re.compile(r"\d+")
_BULLET = re.compile(r"^[-–—+•*·]\s+")
# "II.1.b." or "3)" at the beginning of a line names it and is no sentence of its own.
_ENUMERATOR = re.compile(r"(?:[^\W_]{1,4})(?:\.[^\W_]{1,3})*[.)]")
_END = re.compile(r"(?<=[.!?…;])\s+")
_CLOSING = " \t.,;:!?…/"


def marked(text: str, numbers: Iterable[int]) -> str:
    """The line with the marks of its notes at its end: "Đã làm. [3] [7]"."""
    return " ".join([text, *(f"[{number}]" for number in numbers)])


def unmarked(line: str) -> tuple[str, tuple[int, ...]]:
    """The words of a line, and the numbers of the notes that stand at its end."""
    found = _MARKS.search(line)
    if found is None:
        return line.strip(), ()
    numbers = tuple(dict.fromkeys(int(one) for one in _NUMBER.findall(found.group())))
    return line[: found.start()].strip(), numbers


def rounded(text: str) -> str:
    """The text in round brackets, so that what a unit wrote is not taken for a mark of ours."""
    return text.replace("[", "(").replace("]", ")")


def lines_of(text: str) -> list[str]:
    """The paragraphs of a text, without the empty ones between them."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def sentences(line: str) -> list[str]:
    """The sentences of one line without marks; an enumerator stays with what it enumerates."""
    found: list[str] = []
    for piece in _END.split(_BULLET.sub("", line.strip())):
        if found and not _says_something(found[-1]):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return [one for one in found if key_of(one)]


def _says_something(piece: str) -> bool:
    return not _ENUMERATOR.fullmatch(piece) and any(letter.isalpha() for letter in piece)


def key_of(sentence: str) -> str:
    """What makes two sentences the same: their words, whatever the case, blanks and last point."""
    words = tidy(rounded(sentence)).casefold()
    return " ".join(_BULLET.sub("", words.strip()).split()).strip(_CLOSING)


@dataclass(frozen=True, slots=True)
class Source:
    """One section of an accepted report; `report` and `section` are its keys."""

    report: int
    section: int
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a source."""

    report: int
    section: int
    words: str

    @property
    def key(self) -> str:
        return key_of(self.words)


@dataclass(frozen=True, slots=True)
class Cited:
    """A line of the draft, and the reports that its notes name; none where it cites nothing."""

    text: str
    reports: tuple[int, ...]


def statements(sources: Iterable[Source]) -> list[Statement]:
    """Everything the sources say, sentence by sentence, in their order."""
    return [
        Statement(source.report, source.section, words)
        for source in sources
        for line in lines_of(source.text)
        for words in sentences(line)
    ]


def not_taken_over(draft: Iterable[Cited], sources: Sequence[Source]) -> list[Statement]:
    """What the sources say and the draft does not.

    A sentence counts as taken over where a line that cites the same report says it, else where a
    line says it that cites nothing. Each sentence of the draft covers one of a report: what two
    units say alike has to stand there for each of them, or in one line that cites both.
    """
    cited: dict[int, Counter[str]] = {}
    free: Counter[str] = Counter()
    for line in draft:
        keys = [key_of(words) for words in sentences(line.text)]
        for report in line.reports:
            cited.setdefault(report, Counter()).update(keys)
        if not line.reports:
            free.update(keys)
    return [one for one in statements(sources) if not _is_taken(one, cited, free)]


def _is_taken(one: Statement, cited: dict[int, Counter[str]], free: Counter[str]) -> bool:
    for said in (cited.get(one.report, Counter()), free):
        if said[one.key] > 0:
            said[one.key] -= 1
            return True
    return False
