"""From the rows of a report to what it says. A constant number of queries, however long it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from tasks.models import (
    Occasion,
    PaperState,
    Participation,
    ParticipationState,
    Report,
    ReportSection,
    ReportVersion,
    SectionKind,
    SourceNote,
    Unit,
)
from tasks.overview import PartRow, Scope, lead_parts, part_rows
from tasks.queries import working_calendar
from tasks.reporting.content import (
    CLASS_OF,
    AnnexRow,
    Head,
    Note,
    Paragraph,
    ReportContent,
    Section,
    Words,
)
from tasks.reporting.figures import figures_of
from tasks.reporting.preface import preface
from tasks.reporting.prefill import HANDED_IN, PLAN_LANGUAGE
from tasks.reporting.statements import key_of, lines_of, unmarked
from tasks.rules.calendar import WorkingCalendar, local_date
from tasks.words import standing_words

KIND = "Báo cáo"
# Under this name a version keeps the content.
PAPER = "paper"
PART_LEVEL, UNIT_LEVEL = 2, 3
GATHERED = Report.objects.select_related(
    "unit__parent__parent__parent",
    "plan__document",
    "approved_by",
    "period__obligation__via",
)
_CLAIMED = (ParticipationState.CLAIMED, ParticipationState.ACCEPTED)


def gather(report: Report, *, today: dt.date) -> ReportContent:
    """What the report says, in the language of the plan.

    How the items stand is told as of the day it was handed in, else of the local date `today`.
    `report` should come from `GATHERED`, which saves queries.
    """
    with translation.override(PLAN_LANGUAGE):
        return _gather(report, _handed_in_on(report) or today)


def paper_of(report: Report, *, today: dt.date) -> ReportContent:
    """What the report says: from the record once it was handed in, else as things stand now."""
    version = submitted_version(report)
    kept = version.content.get(PAPER) if version else None
    return ReportContent.from_json(kept) if kept else gather(report, today=today)


def submitted_version(report: Report) -> ReportVersion | None:
    """The version that the receiving unit has; None while the report is with its unit."""
    if report.state not in HANDED_IN:
        return None
    return report.versions.filter(occasion=Occasion.SUBMITTED).last()


def _handed_in_on(report: Report) -> dt.date | None:
    """A report that was returned is a draft again, whose letter has no day yet."""
    is_out = report.state in HANDED_IN and report.submitted_at
    return local_date(report.submitted_at) if is_out and report.submitted_at else None


def _gather(report: Report, day: dt.date) -> ReportContent:
    calendar = working_calendar()
    annex = tuple(_annex(report, day, calendar))
    notes = tuple(_notes(report))
    figures = tuple(figures_of(report))
    subject = _subject(report)
    return ReportContent(
        as_of=day,
        is_consolidated=report.is_consolidated,
        head=_head(report),
        kind=KIND,
        subject=subject[:1].upper() + subject[1:],
        opening=_("%(unit)s reports on %(subject)s (%(period)s) as follows:")
        % {"unit": report.unit.name, "subject": subject, "period": report.period},
        overview=tuple(preface(report, annex, day, calendar)) if report.is_consolidated else (),
        sections=tuple(_sections(report, annex, notes, has_figures=bool(figures))),
        notes=notes,
        annex=annex,
        figures=figures,
        signer_post=_post(report),
        signer=_signer(report),
        recipients=tuple(_recipients(report)),
        words=_words(report),
        identifier=identifier_of(report),
    )


def identifier_of(report: Report) -> str:
    """What the letter of a report carries unseen, so that it is known again when it comes back."""
    return f"don-doc:bao-cao:{report.pk}"


def _subject(report: Report) -> str:
    document = report.plan.document
    return _("results of carrying out %(plan)s") % {
        "plan": f"{document.kind} {report.plan}".strip()
    }


def _signer(report: Report) -> str:
    """Who approved it; a report on paper was signed by somebody outside of this system."""
    if not report.on_paper:
        return str(report.approved_by or "")
    paper = report.papers.filter(state=PaperState.RECEIVED).defer("text", "reading").first()
    return paper.signer if paper else ""


def _head(report: Report) -> Head:
    unit = report.unit
    return Head(
        issuer=unit.name,
        above=unit.parent.name if unit.parent else "",
        number_sign=f"/BC-{_sign(unit)}",
        place=_place(unit),
        issued_on=_handed_in_on(report),
    )


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


def _notes(report: Report) -> Iterable[Note]:
    if not report.is_consolidated:
        return
    rows = SourceNote.objects.filter(report=report).select_related("source__report__unit", "item")
    for row in rows:
        source = row.source.report
        handed_in = local_date(source.submitted_at) if source.submitted_at else None
        code = row.item.code.rstrip(".") if row.item else ""
        yield Note(
            number=row.number,
            words=_source_words(row.source, code, handed_in),
            quote=row.words,
            unit=source.unit.name,
            section=row.source.title,
            item=code,
            report=source.pk,
            position=row.source.position,
            handed_in_on=handed_in,
        )


def _source_words(section: ReportSection, code: str, handed_in: dt.date | None) -> str:
    words = {
        "unit": section.report.unit.name,
        "section": section.title,
        "item": code,
        "day": f"{handed_in:%d/%m/%Y}" if handed_in else "",
    }
    if code:
        return _("Report of %(unit)s handed in on %(day)s, “%(section)s”, item %(item)s.") % words
    return _("Report of %(unit)s handed in on %(day)s, “%(section)s”.") % words


def _sections(
    report: Report, annex: Sequence[AnnexRow], notes: Sequence[Note], *, has_figures: bool
) -> Iterable[Section]:
    levels = _levels(annex, notes)
    for section in report.sections.all():
        if section.kind == SectionKind.FIGURES and not section.text.strip() and not has_figures:
            continue  # a heading without figures would only ask a question
        yield Section(
            position=section.position,
            kind=section.kind,
            title=section.title,
            paragraphs=tuple(
                _paragraph(line, levels, cites=report.is_consolidated)
                for line in lines_of(section.text)
            ),
        )


def _levels(annex: Sequence[AnnexRow], notes: Sequence[Note]) -> dict[str, int]:
    """The lines that are headings: sections and items of the plan, and units."""
    parts = {row.section for row in annex} | {general_heading()}
    items = {f"{row.code.rstrip('.')}. {row.title}" for row in annex}
    return {
        **{key_of(words): PART_LEVEL for words in parts | items if words},
        **{key_of(note.unit): UNIT_LEVEL for note in notes},
    }


def _paragraph(line: str, levels: dict[str, int], *, cites: bool) -> Paragraph:
    text, notes = unmarked(line) if cites else (line, ())
    level = 0 if notes else levels.get(key_of(text), 0)
    return Paragraph(text, level, notes)


def general_heading() -> str:
    """Above what belongs to no item of the plan, in the language that is active."""
    return _("In general")


def _annex(report: Report, day: dt.date, calendar: WorkingCalendar) -> Iterable[AnnexRow]:
    unit = None if report.is_consolidated else report.unit_id
    scope = Scope([report.plan_id], today=day, calendar=calendar, unit=unit)
    dates = ("due_on", "original_due_on", "fulfilled_on", "paused_at")
    parts = lead_parts(scope).annotate(**{about: F(f"clock__{about}") for about in dates})
    named = parts.select_related("unit", "item__section")
    for row in part_rows(named.order_by("item__position", "unit__name", "pk"), scope):
        yield _annex_row(row)


def _annex_row(row: PartRow) -> AnnexRow:
    part, item, how = row.part, row.part.item, row.standing
    return AnnexRow(
        section=str(item.section or ""),
        code=item.code,
        title=item.title,
        unit=part.unit.name,
        due_on=how.due_on,
        percent=part.percent,
        standing=str(standing_words(how)),
        counted=CLASS_OF[how.timeliness],
        is_unstarted=_is_unstarted(part),
        is_returned=part.state == ParticipationState.RETURNED,
        is_extended=_is_extended(part),
    )


def _is_unstarted(part: Participation) -> bool:
    return part.percent == 0 and part.state not in _CLAIMED


def _is_extended(part: Participation) -> bool:
    dates = vars(part)  # annotated by `_annex`
    due, original = dates["due_on"], dates["original_due_on"]
    return bool(due and original and due > original)


def _words(report: Report) -> Words:
    return Words(
        annex_title=_("ANNEX: HOW THE ITEMS OF %(plan)s STAND") % {"plan": report.plan},
        annex_headings=(_("Code"), _("What"), _("Lead"), _("Due on"), _("Progress"), _("Standing")),
        class_name=_("Class"),
        class_names=(
            _("Done on time"),
            _("Done late"),
            _("In progress within the term"),
            _("In progress, overdue"),
            _("Without a date"),
            _("Suspended"),
        ),
        total=_("Total"),
        by_section=_("Items by section of the plan"),
        by_unit=_("Items by lead unit"),
        section=_("Section of the plan"),
        unit=_("Lead unit"),
        figures=_("Indicators and figures"),
        figure_headings=(
            _("Indicator"),
            _("Unit of measure"),
            _("In this period"),
            _("Since the beginning of the phase"),
            _("Target"),
            _("By unit"),
        ),
        sources=_("Sources"),
        nothing=_("None."),
        items_sheet=_("Items"),
        sections_sheet=_("By section"),
        units_sheet=_("By unit"),
    )
