"""A report as the official letter that is signed and sent, and its annex as a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import F
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tasks.models import Report, SectionKind, Unit
from tasks.overview import PartRow, Scope, lead_parts, part_rows
from tasks.queries import working_calendar
from tasks.reporting.official_letter import Annex, Letter, letter_docx
from tasks.reporting.prefill import PLAN_LANGUAGE
from tasks.rules.calendar import local_date
from tasks.rules.roman import roman
from tasks.words import standing_words

_KIND = "Báo cáo"
_WIDTHS = (18, 89, 50, 28, 22, 40)  # millimetres, together the width of a page laid across


@dataclass(frozen=True, slots=True)
class AnnexLine:
    """How one lead unit stands with one item; `percent` from 0 to 100."""

    code: str
    title: str
    unit: str
    due_on: dt.date | None
    percent: int
    standing: str


def report_docx(report: Report, *, today: dt.date) -> bytes:
    """Return the report as a Word file, in the language of the plan.

    How the items stand is told as of the day it was handed in, else of the local date `today`.
    """
    with translation.override(PLAN_LANGUAGE):
        return letter_docx(_letter(report, today))


def annex_lines(report: Report, *, today: dt.date) -> list[AnnexLine]:
    """Return the lead parts that the report answers for: all of the plan, or its unit's own."""
    with translation.override(PLAN_LANGUAGE):
        return list(_annex_lines(report, _as_of(report, today)))


def _as_of(report: Report, today: dt.date) -> dt.date:
    return local_date(report.submitted_at) if report.submitted_at else today


def _letter(report: Report, today: dt.date) -> Letter:
    plan, unit = report.plan, report.unit
    document = plan.document
    subject = _("results of carrying out %(plan)s") % {"plan": f"{document.kind} {plan}".strip()}
    opening = _("%(unit)s reports on %(subject)s (%(period)s) as follows:") % {
        "unit": unit.name,
        "subject": subject,
        "period": report.period,
    }
    lines = list(_annex_lines(report, _as_of(report, today)))
    return Letter(
        issuer=unit.name,
        above=unit.parent.name if unit.parent else "",
        number_sign=f"/BC-{_sign(unit)}",
        place=_place(unit),
        kind=_KIND,
        subject=subject[:1].upper() + subject[1:],
        opening=opening,
        sections=_sections(report),
        signer_post=_post(report),
        signer=str(report.approved_by or ""),
        recipients=_recipients(report),
        issued_on=local_date(report.submitted_at) if report.submitted_at else None,
        annexes=[_annex(plan, lines)] if lines else [],
    )


def _sections(report: Report) -> list[tuple[str, str]]:
    """The headings, numbered, with their texts; without figures there is no heading for them."""
    told = [
        section
        for section in report.sections.all()
        if section.text.strip() or section.kind != SectionKind.FIGURES
    ]
    return [
        (f"{roman(n)}. {section.title.upper()}", section.text.strip() or _("None."))
        for n, section in enumerate(told, 1)
    ]


def _sign(unit: Unit) -> str:
    """The unit in the number of its letters: the capitals of its short name."""
    return "".join(letter for letter in unit.short_name if letter.isupper())


def _place(unit: Unit) -> str:
    """The province or district in whose name the unit stands, from the committee above it."""
    above = unit
    while above.parent:
        above = above.parent
    for kind in ("tỉnh ", "thành phố ", "huyện ", "quận "):
        _before, found, place = above.name.partition(kind)
        if found:
            return place
    return ""


def _post(report: Report) -> str:
    return (report.approved_by.position if report.approved_by else "") or _("Head of the unit")


def _recipients(report: Report) -> list[str]:
    obligation = report.period.obligation
    names = [f"{name};" for name in obligation.recipient_names]
    if obligation.via and obligation.via.name not in obligation.recipient_names:
        names.append(f"{obligation.via.name};")
    return [*names, "Lưu: VT."]


def _annex(plan: object, lines: Sequence[AnnexLine]) -> Annex:
    return Annex(
        title=_("ANNEX: HOW THE ITEMS OF %(plan)s STAND") % {"plan": plan},
        headings=headings(),
        widths=_WIDTHS,
        rows=[
            (
                line.code,
                line.title,
                line.unit,
                date_format(line.due_on, "SHORT_DATE_FORMAT") if line.due_on else "",
                f"{line.percent} %",
                line.standing,
            )
            for line in lines
        ],
    )


def headings() -> tuple[str, ...]:
    """Return the labels of the columns of an annex, in the language that is active."""
    return (_("Code"), _("What"), _("Lead"), _("Due on"), _("Progress"), _("Standing"))


def _annex_lines(report: Report, day: dt.date) -> Iterator[AnnexLine]:
    unit = None if report.is_consolidated else report.unit_id
    scope = Scope([report.plan_id], today=day, calendar=working_calendar(), unit=unit)
    dates = {about: F(f"clock__{about}") for about in ("due_on", "fulfilled_on", "paused_at")}
    parts = lead_parts(scope).annotate(**dates).select_related("unit", "item")
    for row in part_rows(parts.order_by("item__position", "unit__name"), scope):
        yield _line(row)


def _line(row: PartRow) -> AnnexLine:
    item = row.part.item
    return AnnexLine(
        code=item.code,
        title=item.title,
        unit=row.part.unit.name,
        due_on=row.standing.due_on,
        percent=row.part.percent,
        standing=str(standing_words(row.standing)),
    )
