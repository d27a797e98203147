"""The words of a page outside its tables as lines, column by column."""

from collections.abc import Iterator, Sequence

from tasks.importing.blocks import MARKER
from tasks.importing.page import Page, TextLine, Word, rows_of

Row = list[Word]
Gap = tuple[float, float]

_NARROW = 0.8  # of the height of a line: what may lie between two columns
_WIDE = 2.5  # of the height: so much lies between columns only
_TEXT_COLUMN = 10  # lines, from which on a column is running text
_DEEPEST = 4
_TALLEST = 300  # rows, more than a page has; a drawing of letters may have any number
_LEAST_RIGHT = 0.8  # of the width of a page: where the margin begins at the earliest


def lines_of(words: Sequence[Word], page: Page) -> list[TextLine]:
    """Return the lines in reading order: in a stretch of columns the left column comes first."""
    rows = list(rows_of(words))
    if not rows:
        return []
    left = min(row[0].x0 for row in rows)
    # A page of short lines does not show its margin.
    right = max(page.width * _LEAST_RIGHT, *(word.x1 for row in rows for word in row))
    return list(_lines(rows, left, right, page.number, 0))


def _lines(rows: list[Row], left: float, right: float, page: int, depth: int) -> Iterator[TextLine]:
    index = 0
    while index < len(rows):
        end, gap = _band(rows, index) if depth < _DEEPEST else (index, (0.0, 0.0))
        if end <= index:
            yield TextLine(tuple(rows[index]), left, right, page, apart=depth > 0)
            index += 1
            continue
        for side in _sides(rows[index:end], gap):
            yield from _column(side, page, depth + 1)
        index = end


def _column(rows: list[Row], page: int, depth: int) -> Iterator[TextLine]:
    left = min(row[0].x0 for row in rows)
    right = max(word.x1 for row in rows for word in row)
    running = len(rows) >= _TEXT_COLUMN
    for line in _lines(rows, left, right, page, depth):
        yield TextLine(line.words, line.left, line.right, page, apart=not running)


def _sides(rows: list[Row], gap: Gap) -> Iterator[list[Row]]:
    middle = (gap[0] + gap[1]) / 2
    left = [[word for word in row if word.centre < middle] for row in rows]
    right = [[word for word in row if word.centre >= middle] for row in rows]
    for side in (left, right):
        kept = [row for row in side if row]
        if kept:
            yield kept


def _band(rows: list[Row], begin: int) -> tuple[int, Gap]:
    """Return the end of the longest stretch of columns that begins at a row, and their gap."""
    best: tuple[int, Gap] = (begin, (0.0, 0.0))
    for gap in _gaps(rows[begin]):
        end, common = _extend(rows, begin, gap)
        if end > best[0] and _are_columns(rows[begin:end], common):
            best = end, common
    return best


def _gaps(row: Row) -> list[Gap]:
    """Return what lies empty between the words of a row, if it is wide enough."""
    least = _NARROW * max(word.height for word in row)
    found: list[Gap] = []
    reached = row[0].x1
    for word in row[1:]:
        if word.x0 - reached >= least:
            found.append((reached, word.x0))
        reached = max(reached, word.x1)
    return found


def _extend(rows: list[Row], begin: int, gap: Gap) -> tuple[int, Gap]:
    """Follow a gap down to the last row that has words on both of its sides."""
    end, common = begin + 1, gap
    for index in range(begin + 1, min(begin + _TALLEST, len(rows))):
        row = rows[index]
        least = _NARROW * max(word.height for word in row)
        low = max((word.x1 for word in row if word.centre < sum(gap) / 2), default=0.0)
        high = min((word.x0 for word in row if word.centre >= sum(gap) / 2), default=1e9)
        narrowed = max(gap[0], low), min(gap[1], high)
        if narrowed[1] - narrowed[0] < least:
            break
        gap = narrowed
        if low > 0.0 and high < 1e9:
            end, common = index + 1, gap
    return end, common


def _are_columns(rows: list[Row], gap: Gap) -> bool:
    """Tell columns from numbers, labels and stretched blanks before words of the same line."""
    middle = (gap[0] + gap[1]) / 2
    lefts = [" ".join(word.text for word in row if word.centre < middle) for row in rows]
    two_sided = [
        text for text, row in zip(lefts, rows, strict=True) if text and row[-1].centre >= middle
    ]
    labels = sum(text.endswith(":") or _is_marker(text) for text in two_sided)
    if labels * 2 >= len(two_sided):
        return False
    height = max(word.height for word in rows[0])
    return len(two_sided) >= 2 or gap[1] - gap[0] >= _WIDE * height


def _is_marker(text: str) -> bool:
    found = MARKER.match(text + " ")
    return found is not None and found.end() >= len(text)
