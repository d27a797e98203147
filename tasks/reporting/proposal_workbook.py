"""The register of proposals as an Excel workbook: one line each, dates as dates, with a filter."""

from __future__ import annotations

import io
from collections.abc import Iterable

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from tasks.proposals import ProposalRow
from tasks.reporting.overdue import safe_cell
from tasks.rules.calendar import local_date
from tasks.words import standing_words

_WIDTHS = (18, 24, 60, 30, 14, 14, 22, 18, 60, 14, 24)  # characters
_DATES = (5, 6, 10)


def proposals_workbook(rows: Iterable[ProposalRow]) -> bytes:
    """The rows under a heading, in the language that is active."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _("Proposals")
    sheet.append(_headings())
    for row in rows:
        sheet.append(_cells(row))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        for column in _DATES:
            line[column - 1].number_format = "dd/mm/yyyy"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_WIDTHS))}{sheet.max_row}"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _headings() -> list[str]:
    return [
        _("Plan"),
        _("Proposed by"),
        _("Proposal"),
        _("Addressed to"),
        _("Proposed on"),
        _("Answer due on"),
        _("Standing"),
        _("State"),
        _("Answer"),
        _("Answered on"),
        _("Letter"),
    ]


def _cells(row: ProposalRow) -> list[object]:
    proposal = row.proposal
    texts = (
        str(proposal.plan),
        proposal.unit.name,
        proposal.words,
        proposal.addressed_to,
    )
    return [
        *(safe_cell(text) for text in texts),
        local_date(proposal.raised_at),
        row.standing.due_on,
        standing_words(row.standing) if row.standing.due_on else "",
        proposal.get_state_display(),
        safe_cell(proposal.answer),
        local_date(proposal.answered_at) if proposal.answered_at else None,
        safe_cell(proposal.letter_number),
    ]
