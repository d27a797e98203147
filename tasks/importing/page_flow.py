"""Pages to lines of a document: one paragraph for each, tables joined over the pages.

What repeats on the edges of the pages is left out. A line break is taken for one of the paragraph's
own where the next word would still have found room.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count, takewhile

from tasks.importing.blocks import MARKER, Cell, Line
from tasks.importing.page import Page, TextLine
from tasks.importing.page_columns import lines_of
from tasks.importing.page_tables import Grid, GridCell, find_grids, outside
from tasks.importing.table_joins import join_tables

Part = TextLine | Grid

_PAGE_NUMBER = re.compile(r"[-–—\s]*(?:trang\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?[-–—\s]*", re.IGNORECASE)
# A number in a column too narrow for it.
_BROKEN_NUMBER = re.compile(r"\d{1,3} \d{1,2}[.)]?|(?:\d{1,3}\.)+ ?\d{1,2}[.)]?")
_STAMP = re.compile(r"(?:Người ký|Ký bởi|Email|Cơ quan|Thời gian ký|Ngày ký)\s*:", re.IGNORECASE)
_ENDED = re.compile(r"[.;:!?…/]\s*[\"”’)\]]*$")
_RECIPIENTS = re.compile(r"Nơi nh\wn\s*:", re.IGNORECASE)
_EDGE = 0.12  # of the height of a page, in which running heads and feet stand
_INDENT = 6.0  # points
_SAME_COLUMN = 5.0
_SLACK = 0.5
_APART = 0.9  # of the height of a line, between the text and a running head or foot


def read_pages(pages: Iterable[Page]) -> Iterator[Line]:
    """Yield the paragraphs and cells of *pages*, numbered from 1 in reading order."""
    flow = [(page, _parts(page)) for page in pages]
    _remove_furniture(flow)
    numbers, tables = count(1), count()
    yield from join_tables(_lines(_joined_grids(flow), numbers, tables))


def _parts(page: Page) -> list[Part]:
    """Return the lines and tables of one page from the top down."""
    grids = find_grids(page)
    loose = outside(page, grids)
    parts: list[Part] = []
    for grid in grids:
        above = [word for word in loose if word.middle < grid.top]
        loose = [word for word in loose if word.middle >= grid.top]
        parts.extend(lines_of(above, page))
        parts.append(grid)
    parts.extend(lines_of(loose, page))
    return parts


def _remove_furniture(flow: list[tuple[Page, list[Part]]]) -> None:
    """Drop page numbers, heads and feet that repeat, and the stamp of a digital signature."""
    edges = [_edge_lines(page, parts) for page, parts in flow]
    seen = Counter(pattern for lines in edges for pattern in {_pattern(one) for one in lines})
    often = max(2, (len(flow) + 1) // 2)
    for (_page, parts), lines in zip(flow, edges, strict=True):
        stamp = [part for part in parts if isinstance(part, TextLine) and _STAMP.match(part.text)]
        dropped = {id(one) for one in lines if _is_furniture(one, seen, often)}
        dropped |= {id(one) for one in stamp} if len(stamp) >= 3 else set()
        parts[:] = [part for part in parts if id(part) not in dropped]


def _edge_lines(page: Page, parts: list[Part]) -> list[TextLine]:
    """Return the lines at the top and bottom of a page that stand apart from the text."""
    top, bottom = page.height * _EDGE, page.height * (1 - _EDGE)
    above = list(takewhile(lambda part: part.bottom < top, parts))
    below = list(takewhile(lambda part: part.top > bottom, reversed(parts)))
    return [*_apart(above, parts[len(above) :]), *_apart(below, parts[: -len(below) or None][::-1])]


def _apart(edge: list[Part], rest: list[Part]) -> list[TextLine]:
    """Return the lines of *edge*, outermost first, up to the widest gap before *rest*."""
    for size in range(len(edge), 0, -1):
        inner = edge[size] if size < len(edge) else (rest[0] if rest else None)
        outer = edge[size - 1]
        gap = 1e9 if inner is None else max(inner.top - outer.bottom, outer.top - inner.bottom)
        if isinstance(outer, TextLine) and gap > _APART * outer.height:
            return [one for one in edge[:size] if isinstance(one, TextLine)]
    return []


def _is_furniture(line: TextLine, seen: Counter[str], often: int) -> bool:
    if _PAGE_NUMBER.fullmatch(line.text):
        return True
    return seen[_pattern(line)] >= often and not MARKER.match(line.text)


def _pattern(line: TextLine) -> str:
    return re.sub(r"[0-9]+", "#", line.text.casefold())


def _joined_grids(flow: list[tuple[Page, list[Part]]]) -> list[Part]:
    """Return the parts of all pages, a table that goes on over a page as one."""
    parts: list[Part] = []
    for _page, found in flow:
        if found and parts:
            before, first = parts[-1], found[0]
            if isinstance(before, Grid) and isinstance(first, Grid) and _goes_on(before, first):
                _append(before, first)
                found = found[1:]
        parts.extend(found)
    return parts


def _goes_on(before: Grid, after: Grid) -> bool:
    return len(before.columns) == len(after.columns) and all(
        abs(one - other) <= _SAME_COLUMN
        for one, other in zip(before.columns, after.columns, strict=True)
    )


def _append(grid: Grid, after: Grid) -> None:
    """Add the rows of *after*: its repeated heading falls, a row cut by the page is joined."""
    skipped = 0
    _take_glued_heading(grid.row(0), after.row(0))
    while skipped < after.rows and _same_row(grid.row(skipped), after.row(skipped)):
        skipped += 1
    shift = grid.rows - skipped
    last, first = grid.row(grid.rows - 1), after.row(skipped)
    if _was_cut(last, first):
        for column, cell in first.items():
            if column in last:
                last[column].lines.extend(cell.lines)
        skipped += 1
        shift -= 1
    for cell in after.cells:
        if cell.row >= skipped:
            grid.add(GridCell(cell.row + shift, cell.end + shift, cell.column, cell.lines))
    grid.rows = max(grid.rows, after.rows + shift)


def _take_glued_heading(heading: dict[int, GridCell], first: dict[int, GridCell]) -> None:
    """Take the repeated heading away from a cut row, where no line is drawn between the two."""
    glued = {column: len(cell.lines) for column, cell in heading.items()}
    if heading.keys() != first.keys() or not any(
        len(cell.lines) > glued[column] for column, cell in first.items()
    ):
        return
    if all(
        _casefolded(cell.lines[: glued[column]]) == _casefolded(heading[column].lines)
        for column, cell in first.items()
    ):
        for column, cell in first.items():
            del cell.lines[: glued[column]]


def _casefolded(lines: list[TextLine]) -> list[str]:
    return [line.text.casefold() for line in lines]


def _same_row(one: dict[int, GridCell], other: dict[int, GridCell]) -> bool:
    texts = [{key: cell.text.casefold() for key, cell in row.items()} for row in (one, other)]
    return texts[0] == texts[1] and any(texts[0].values())


def _was_cut(last: dict[int, GridCell], first: dict[int, GridCell]) -> bool:
    """Tell whether the row at the top of a page goes on from the bottom of the one before.

    It has no number of its own, and some cell goes on in the middle of a sentence.
    """
    own = first.get(0)
    if own is None or own.text or not last or not last[min(last)].text:
        return False
    pairs = [
        (last[column].lines[-1], cell.lines[0])
        for column, cell in first.items()
        if cell.lines and column in last and last[column].lines
    ]
    return any(_goes_on_below(above, below) for above, below in pairs)


def _goes_on_below(above: TextLine, below: TextLine) -> bool:
    if MARKER.match(below.text) or _ENDED.search(above.text):
        return False
    return below.text[0].islower() or _is_full(above, below)


def _lines(parts: list[Part], numbers: "count[int]", tables: "count[int]") -> Iterator[Line]:
    paragraph: list[TextLine] = []
    for part in parts:
        if isinstance(part, TextLine) and paragraph and _is_soft(paragraph, part):
            paragraph.append(part)
            continue
        if paragraph:
            yield Line(_text(paragraph), next(numbers))
        paragraph = []
        if isinstance(part, Grid):
            yield from _cells(part, next(tables), numbers)
        else:
            paragraph = [part]
    if paragraph:
        yield Line(_text(paragraph), next(numbers))


def _cells(grid: Grid, table: int, numbers: "count[int]") -> Iterator[Line]:
    """Yield the cells row by row; one that covers several rows counts for each of them."""
    places = [(row, cell.column, cell) for cell in grid.cells for row in range(cell.row, cell.end)]
    for row, column, cell in sorted(places, key=lambda place: place[:2]):
        for paragraph in _paragraphs(cell.lines):
            text = _text(paragraph)
            if column == 0 and _BROKEN_NUMBER.fullmatch(text):
                text = text.replace(" ", "")
            yield Line(text, next(numbers), Cell(table, row, column))


def _paragraphs(lines: list[TextLine]) -> Iterator[list[TextLine]]:
    paragraph: list[TextLine] = []
    for line in lines:
        if paragraph and not _is_soft(paragraph, line):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _text(paragraph: list[TextLine]) -> str:
    return " ".join(line.text for line in paragraph)


def _is_soft(paragraph: list[TextLine], line: TextLine) -> bool:
    """Tell whether *line* continues a paragraph that the width of the page has broken."""
    above = paragraph[-1]
    if _RECIPIENTS.match(line.text) or above.apart or line.apart or not _is_full(above, line):
        return False
    if abs(above.height - line.height) > 0.25 * max(above.height, line.height):
        return False
    if line.page == above.page and line.top - above.bottom > 1.2 * line.height:
        return False
    if MARKER.match(line.text):
        # A number at the begin of a line, in a paragraph that itself began further right.
        return line.x0 < paragraph[0].x0 - _INDENT
    hangs = len(paragraph) == 1 and MARKER.match(above.text)
    return line.x0 <= above.x0 + _INDENT or bool(hangs) or _is_centred(above, line)


def _is_full(above: TextLine, line: TextLine) -> bool:
    """Tell whether the first word of *line* would not have found room on the line above."""
    left_free = max(above.x0 - above.left, 0.0) if _is_centred(above, line) else 0.0
    room = above.right - above.x1 + left_free
    return room < line.words[0].x1 - line.words[0].x0 + line.space + _SLACK


def _is_centred(above: TextLine, line: TextLine) -> bool:
    """Tell whether both lines stand in the middle of their column, away from its left edge."""
    return all(
        one.x0 - one.left > _INDENT
        and abs((one.x0 - one.left) - (one.right - one.x1)) < 2 * _INDENT
        for one in (above, line)
    )
