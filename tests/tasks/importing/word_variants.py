"""The invented plan as people really type it in Word."""

from collections.abc import Callable, Iterable
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml.ns import nsdecls

from tests.tasks.importing import hostile
from tests.tasks.importing.variants import (
    CLOSING,
    LABELS,
    LEFT,
    OPENING,
    RIGHT,
    TITLE,
    Plan,
    list_lines,
    rows,
    task_lines,
)

SIGNATURE = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "", "Trần Văn Bình")
_DELETED = '<w:del w:id="1" w:author="a"><w:r><w:delText>bỏ chữ này </w:delText></w:r></w:del>'
_HIDDEN = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn đi </w:t></w:r>"
_NOTE = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference/></w:r>'


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*parts: str) -> str:
    return f"<w:p>{''.join(parts)}</w:p>"


def paragraphs(lines: Iterable[str]) -> str:
    return "".join(paragraph(run(line)) for line in lines)


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def table(*rows_of_cells: Iterable[str]) -> str:
    return hostile.table(*("".join(cells) for cells in rows_of_cells))


def _ruled(table_of_tasks: str) -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{side} w:val="single" w:sz="4"/>' for side in sides)
    ruled = f"<w:tbl><w:tblPr><w:tblBorders>{lines}</w:tblBorders></w:tblPr>"
    return table_of_tasks.replace("<w:tbl>", ruled, 1)


def word(*parts: str) -> bytes:
    return hostile.word(
        f"<w:document {nsdecls('w', 'wp', 'r')} xmlns:v='urn:schemas-microsoft-com:vml'>"
        f"<w:body>{''.join(parts)}</w:body></w:document>"
    )


def _head() -> str:
    return table([cell(paragraphs(LEFT)), cell(paragraphs(RIGHT))])


def _task_table(plan: Plan) -> str:
    cells = ([cell(paragraphs([text])) for text in row] for row in (LABELS, *rows(plan)))
    return _ruled(table(*cells))


def with_tracked_changes(plan: Plan) -> bytes:
    """Return the plan with words deleted, inserted and moved, hidden, and notes to them."""
    body = []
    for line in list_lines(plan):
        first, blank, rest = line.partition(" ")
        kept = f'<w:ins w:id="2" w:author="a">{run(rest)}</w:ins>'
        body.append(paragraph(run(first + blank), _DELETED, _HIDDEN, kept, _NOTE))
    gone = '<w:p><w:pPr><w:rPr><w:del w:id="3" w:author="a"/></w:rPr></w:pPr></w:p>'
    return word(gone.join(body))


def with_controls_and_boxes(plan: Plan) -> bytes:
    """Return the plan as a form: its rows in content controls, its number in a text box."""
    control = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    inside = f"<w:txbxContent>{paragraphs(LEFT[2:])}</w:txbxContent>"
    box = f"<w:r><w:pict><v:textbox>{inside}</v:textbox></w:pict></w:r>"
    body = [
        control.format(
            "<w:tr>" + "".join(cell(control.format(paragraphs([t]))) for t in row) + "</w:tr>"
        )
        for row in (LABELS, *rows(plan))
    ]
    return word(
        paragraphs(LEFT[:1]), paragraph(run(LEFT[1]), box), paragraphs((*RIGHT, *TITLE, *OPENING)),
        control.format(f"<w:tbl>{''.join(body)}</w:tbl>"), paragraphs(CLOSING),
    )  # fmt: skip


def with_soft_breaks(plan: Plan) -> bytes:
    """Return the plan with each task as one paragraph of several lines."""
    tasks = []
    for number, task in enumerate(plan.tasks, start=1):
        title, *roles = task_lines(task)
        tasks.append(paragraph("<w:r><w:br/></w:r>".join(map(run, (f"{number}. {title}", *roles)))))
    return word(paragraphs((*LEFT, *RIGHT, *TITLE, *OPENING)), *tasks, paragraphs(CLOSING))


def with_page_breaks(plan: Plan) -> bytes:
    """Return the plan with a page break in the middle of each longer line."""
    body = []
    for line in list_lines(plan):
        words = line.split(" ")
        half = len(words) // 2
        at = next((at for at in range(half, len(words)) if words[at][:1].islower()), 0)
        pieces = [" ".join(words[:at]), " ".join(words[at:])] if at > 3 else [line]
        breaks = '<w:r><w:lastRenderedPageBreak/><w:br w:type="page"/></w:r>'
        body.append(paragraph(breaks.join(map(run, pieces))))
    return word(*body)


def with_tabs(plan: Plan) -> bytes:
    """Return the plan with the two sides of its head, and labels and values, set by tabs."""
    tab = "<w:r><w:tab/></w:r>"
    sides = zip(LEFT, RIGHT, strict=True)
    head = [paragraph(run(left), tab, tab, run(right)) for left, right in sides]
    body = []
    for line in list_lines(plan)[len(LEFT) + len(RIGHT) :]:
        before, colon, after = line.partition(": ")
        label = colon and before.startswith("- ")
        body.append(paragraph(run(f"{before}:"), tab, run(after)) if label else paragraphs([line]))
    return word(*head, *body)


def in_a_frame(plan: Plan) -> bytes:
    """Return the plan within a table of one cell, its tables nested in that."""
    inner = _head() + paragraphs((*TITLE, *OPENING)) + _task_table(plan) + paragraphs(CLOSING)
    return word(table([cell(inner)]))


def with_recipients_beside_the_signature(plan: Plan) -> bytes:
    """Return the plan as offices lay it out: a table for the head, and one at the end."""
    end = CLOSING.index("Nơi nhận:")
    foot = table([cell(paragraphs(CLOSING[end:])), cell(paragraphs(SIGNATURE))])
    return word(
        _head(), paragraphs((*TITLE, *OPENING)), _task_table(plan), paragraphs(CLOSING[:end]), foot
    )


def with_merged_cells(plan: Plan) -> bytes:
    """Return the plan with equal cells below one another merged, and a label over two columns."""
    above: dict[int, str] = {}
    body: list[list[str]] = [[cell(paragraphs([text])) for text in LABELS]]
    for row in rows(plan):
        cells = []
        for column, text in enumerate(row):
            merged = column >= 2 and above.get(column) == text
            state = "" if merged else ' w:val="restart"'
            cells.append(cell("<w:p/>" if merged else paragraphs([text]), f"<w:vMerge{state}/>"))
            above[column] = text
        body.append(cells)
    return word(_head(), paragraphs((*TITLE, *OPENING)), table(*body), paragraphs(CLOSING))


def in_cells_of_cells(plan: Plan) -> bytes:
    """Return the plan with the units of each row in a small table inside the cell."""
    body: list[list[str]] = [[cell(paragraphs([text])) for text in LABELS]]
    for row in rows(plan):
        units = [cell(table([cell(paragraphs([text]))]) + "<w:p/>") for text in row[2:4]]
        body.append([*(cell(paragraphs([t])) for t in row[:2]), *units, cell(paragraphs(row[4:]))])
    return word(_head(), paragraphs((*TITLE, *OPENING)), table(*body), paragraphs(CLOSING))


WORD: dict[str, Callable[[Plan], Any]] = {
    "tracked.docx": with_tracked_changes,
    "controls.docx": with_controls_and_boxes,
    "soft.docx": with_soft_breaks,
    "broken.docx": with_page_breaks,
    "tabs.docx": with_tabs,
    "frame.docx": in_a_frame,
    "office.docx": with_recipients_beside_the_signature,
    "merged.docx": with_merged_cells,
    "cells.docx": in_cells_of_cells,
}
