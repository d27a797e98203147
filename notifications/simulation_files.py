"""A played plan as a file for a spreadsheet: every message, and what was pointed out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from notifications.findings_of_play import points_of
from notifications.simulation_report import Play
from notifications.simulation_view import why_of
from tasks.reporting.overdue import BYTE_ORDER_MARK, safe_cell
from tasks.rules.calendar import LOCAL


def _headings() -> list[str]:
    return [
        _("Day"),
        _("Hour"),
        _("Person"),
        _("Address"),
        _("Unit"),
        _("As"),
        _("Kind"),
        _("What"),
        _("Due on"),
        _("Why"),
    ]


def _rows(play: Play) -> Iterator[list[str | int]]:
    for telling in play.tellings:
        person = play.people[telling.recipient.person_id]
        cells = (
            date_format(telling.day, "SHORT_DATE_FORMAT"),
            f"{telling.at.astimezone(LOCAL):%H:%M}",
            person.full_name,
            person.email,
            telling.recipient.unit.name,
            str(telling.recipient.audience.label),
            str(telling.kind.label),
            telling.obligation.what,
            date_format(telling.obligation.due_on, "SHORT_DATE_FORMAT"),
            why_of(telling),
        )
        yield [safe_cell(cell) for cell in cells]


def as_csv(play: Play) -> str:
    """Every message, one line each, under a line of headings, in the active language."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(_headings())
    writer.writerows(_rows(play))
    return text.getvalue()


def as_xlsx(play: Play) -> bytes:
    """Two sheets: the messages, and what to look at before issuing."""
    book = Workbook()
    messages = book.active
    assert messages is not None
    messages.title = _("Messages")
    messages.append(_headings())
    for row in _rows(play):
        messages.append(row)
    points = book.create_sheet(_("To look at"))
    for words in points_of(play):
        points.append([safe_cell(words)])
    for cell in messages[1]:
        cell.font = Font(bold=True)
    messages.freeze_panes = "A2"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
