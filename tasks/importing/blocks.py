"""Lines of a document to blocks: one block for each paragraph or cell paragraph.

The normalised text of a document is its blocks joined by line breaks, so that a block's place
in that text is known, and every later reading can say where its words stand.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from tasks.importing.slips import Slip, corrected
from tasks.rules.names import tidy


@dataclass(frozen=True, slots=True)
class Cell:
    """The place of a cell: table and row count from 0 in document order, `column` from 0."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line as a reader found it; `number` counts from 1 in the source."""

    text: str
    number: int
    cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the normalised text, at [start, end) of it; `line` is that of the source."""

    text: str
    start: int
    line: int
    cell: Cell | None = None

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Text:
    """A normalised document: NFC, Đ for its look-alikes, no markup, sentences on one line.

    `lookalikes` are the source lines on which a look-alike of Đ was replaced, `slips` what was
    written for other words.
    """

    text: str
    blocks: tuple[Block, ...]
    lookalikes: tuple[int, ...] = ()
    slips: tuple[Slip, ...] = ()


LONGEST_PARAGRAPH = 10_000  # characters, some four pages
_ENDING = 40  # characters that show how a line ends, or whether it is but a marker
MARKER = re.compile(
    r"""(?:
        (?:(?:PHẦN|Phần|MỤC|Mục|CHƯƠNG|Chương)\s+)?(?P<roman>[IVX][IVXivx]{0,4})\s*(?:[.:)](?!\d)|/(?!\w)|[-–](?=\s))
      | (?:Điều|ĐIỀU)\s+(?P<article>\d{1,3})\s*[.:]
      | (?P<part>[A-H])\.(?=\s)
      | (?P<number>\d{1,2}(?:\.\d{1,2}){0,5})
            (?:[.)](?!\d)|(?<=\.\d)(?=\s)|(?<=\.\d\d)(?=\s)|[-–](?=\s[^\W\d_]))
      | \(?(?P<letter>[a-zđ])(?:\)|\.(?!\w))
      | (?P<bullet>[-–—+•*▪●○◦§Ø·])(?=\s|[^\W\d_])
    )\s*""",
    re.VERBOSE,
)
_ENDED = re.compile(r"[.;:!?…/]\s*[\"”’)\]]*$")
_UNFINISHED = re.compile(r"(?:,|\b(?:và|của|các|cho|với|tại|trên|về|hoặc))$")
# "Nghị định số", "ngày": the number follows, even where a copy breaks the line.
_BEFORE_DIGITS = re.compile(r"\b(?:số|ngày|tháng)\s*:?$", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"(?:-\s*)?\d{1,3}(?:\s*-)?|Trang\s+\d+(?:\s*/\s*\d+)?")
_RULER = re.compile(r"[-_*=.…~ ]{3,}")
_TAG = re.compile(r"</?(?:sub|sup|b|i|u|em|strong|p|div|span|center|font)\b[^>]{0,200}>", re.I)
_EMPHASIS = re.compile(
    r"\*\*+|__+|(?<![\w*(])[*_](?=[^\s*_])|(?<=[(])[*_](?=[^\s*_)])|(?<=[^\s*_(])[*_](?![\w*_])"
)
_ENTITIES = {"&nbsp;": " ", "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"'}
_ENTITY = re.compile("|".join(_ENTITIES))
_FOOTNOTE = re.compile(r"[¹²³⁰⁴-⁹]+|\[\^\w+\]")
_ESCAPE = re.compile(r"\\([-\\.*_#()\[\]+!])")
# Letters of the private area stand for drawings of fonts such as Wingdings.
_DRAWN = re.compile("[\ue000-\uf8ff]")
_DRAWN_BULLET = re.compile("^\\s*[\ue000-\uf8ff]\\s*")
_LOOKALIKE = re.compile("[\u00d0\u00f0\u0189\u0256]")


def normalise(lines: Iterable[Line]) -> Text:
    """Return the text of *lines* with markup, page numbers and hard line breaks removed."""
    kept: list[Line] = []
    lookalikes: list[int] = []
    for line in lines:
        if _LOOKALIKE.search(line.text):
            lookalikes.append(line.number)
        text = _clean(line.text)
        if text and (line.cell or not _is_furniture(text)):
            kept.extend(Line(piece, line.number, line.cell) for piece in _pieces(text))
    slips: list[Slip] = []
    blocks = tuple(_placed(_corrected(_joined(kept), slips)))
    text = "\n".join(block.text for block in blocks)
    return Text(text, blocks, tuple(lookalikes), tuple(slips))


def _corrected(lines: Iterable[Line], slips: list[Slip]) -> Iterator[Line]:
    for line in lines:
        text, found = corrected(line.text, line.number)
        slips += found
        yield replace(line, text=text) if found else line


def split_lines(text: str) -> Iterator[Line]:
    """Yield the lines of plain text or Markdown, a Markdown table as cells."""
    table, row = -1, 0
    for number, line in enumerate(re.split(r"\r\n?|\n|\f|\v|<br\s*/?>", text), start=1):
        if not _is_table_row(line):
            row = 0
            yield Line(line, number)
            continue
        table, row = (table + 1, 0) if row == 0 else (table, row)
        cells = line.strip().strip("|").split("|")
        if not all(re.fullmatch(r"\s*:?-+:?\s*", cell) for cell in cells):
            for column, cell in enumerate(cells):
                yield Line(cell, number, Cell(table, row, column))
        row += 1


def _is_table_row(line: str) -> bool:
    stripped = line.strip()
    return len(stripped) > 2 and stripped.startswith("|") and stripped.endswith("|")


def _clean(text: str) -> str:
    drawn = _DRAWN.sub(" ", _DRAWN_BULLET.sub("- ", text)) if _DRAWN.search(text) else text
    plain = _ENTITY.sub(lambda found: _ENTITIES[found[0]], _TAG.sub("", tidy(drawn))).strip()
    if _RULER.fullmatch(plain):
        return ""
    plain = _ESCAPE.sub(r"\1", _EMPHASIS.sub("", _FOOTNOTE.sub("", plain)))
    return " ".join(re.sub(r"^(?:#+|>)\s+", "", plain.strip()).split())


def _pieces(text: str) -> Iterator[str]:
    """Yield *text*, cut at blanks where it is longer than any paragraph is.

    What looks into a sentence from several of its words takes more than its length in time; so
    the time for a whole text grows with its length, whatever it holds.
    """
    begin = 0
    while len(text) - begin > LONGEST_PARAGRAPH:
        end = text.rfind(" ", begin + 1, begin + LONGEST_PARAGRAPH)
        end = end if end > 0 else begin + LONGEST_PARAGRAPH
        yield text[begin:end]
        begin = end + (text[end] == " ")
    yield text[begin:]


def _is_furniture(text: str) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(text) or _RULER.fullmatch(text))


def _joined(lines: list[Line]) -> Iterator[Line]:
    """Join lines that a hard break separates from the sentence they continue."""
    width, filled = _wrap_width(lines), _filled_width(lines)
    current: Line | None = None
    tail = 0
    for line in lines:
        full = tail + 1 + _first_word(line) > filled > 0
        if current is not None and _continues(current, line, (0 < 0.8 * width <= tail) or full):
            current = Line(f"{current.text} {line.text}", current.number, current.cell)
        else:
            if current is not None:
                yield current
            current = line
        tail = len(line.text)
    if current is not None:
        yield current


def _continues(before: Line, line: Line, full: bool) -> bool:
    """Tell whether *line* goes on with the words before; *full* says that a margin broke them."""
    if before.cell != line.cell or (before.text.isupper() and not _only_marker(before.text)):
        return False
    if len(before.text) + len(line.text) >= LONGEST_PARAGRAPH:
        return False
    if _only_marker(before.text):
        return not MARKER.match(line.text)
    end = before.text[-_ENDING:]
    if MARKER.match(line.text) or _ENDED.search(end):
        return False
    if line.text[0].isdigit() and _BEFORE_DIGITS.search(before.text):
        return True
    wrapped = full and not line.text.isupper()
    return line.text[0].islower() or wrapped or bool(_UNFINISHED.search(end))


def _only_marker(text: str) -> bool:
    text = text[:_ENDING]
    found = MARKER.match(text + " ")
    return found is not None and found.end() >= len(text)


def _wrap_width(lines: list[Line]) -> int:
    """Return the width at which lines were broken, or 0 for a document that was not wrapped."""
    broken = [
        len(line.text)
        for line, after in pairwise(lines)
        if after.text[0].islower() and not MARKER.match(after.text) and not line.cell
    ]
    often = len(broken) >= 5 and len(broken) * 8 >= len(lines)
    width = max(broken, default=0)
    return width if often and width <= 120 else 0


def _filled_width(lines: list[Line]) -> int:
    """Return the width of lines that were filled word by word, or 0 where they were not.

    Then no line is longer, and at nearly each break within a sentence the next word had no room.
    """
    plain = [line for line in lines if not line.cell]
    width = max((len(line.text) for line in plain), default=0)
    ends = [
        len(line.text) + 1 + _first_word(after) > width
        for line, after in pairwise(plain)
        if after.text[0].islower() and not MARKER.match(after.text)
    ]
    return width if width <= 120 and len(ends) >= 3 and sum(ends) >= 0.9 * len(ends) else 0


def _first_word(line: Line) -> int:
    return len(line.text.split(maxsplit=1)[0])


def _placed(lines: Iterable[Line]) -> Iterator[Block]:
    start = 0
    for line in lines:
        yield Block(line.text, start, line.number, line.cell)
        start += len(line.text) + 1
