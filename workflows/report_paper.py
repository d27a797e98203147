"""What pages show of a report's paper: paragraphs with links to their sources, and its files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks.models import Recurrence, Report, ReportFile, ReportFileState, ReportingPeriod
from tasks.reporting.content import Note, Paragraph, ReportContent, Section
from tasks.reporting.gathering import GATHERED, paper_of
from workflows.access import Actor, visible_reports
from workflows.making import GATHERING, KEEPING, WRITING

# After this somebody who waits should hear why.
SLOW = dt.timedelta(minutes=1)
_STAGES: dict[str, str | Promise] = {
    GATHERING: gettext_lazy("What the report says is being gathered."),
    WRITING: gettext_lazy("The file is being written."),
    KEEPING: gettext_lazy("The file is being stored."),
}


@dataclass(frozen=True, slots=True)
class NoteLink:
    """A note as a page cites it; without an address for a reader who may not see the source."""

    note: Note
    url: str


@dataclass(frozen=True, slots=True)
class ShownParagraph:
    paragraph: Paragraph
    notes: Sequence[NoteLink]
    # A statement of a consolidated report that names no source.
    is_unsourced: bool


@dataclass(frozen=True, slots=True)
class ShownSection:
    section: Section
    paragraphs: Sequence[ShownParagraph]


def visible_sources(actor: Actor, notes: Iterable[Note]) -> set[int]:
    """The keys of the reports that the notes cite and the actor may open. One query."""
    cited = {note.report for note in notes}
    readable = visible_reports(actor).filter(pk__in=cited)
    return set(readable.values_list("pk", flat=True))


def paper_sections(paper: ReportContent, readable: set[int]) -> Iterator[ShownSection]:
    """The sections of a report for a reader who may open the reports `readable`."""
    links = {note.number: NoteLink(note, _url(note, readable)) for note in paper.notes}
    for section in paper.sections:
        yield ShownSection(
            section,
            [
                ShownParagraph(
                    one,
                    [links[number] for number in one.notes if number in links],
                    is_unsourced=is_unsourced(paper, one),
                )
                for one in paper.lines(section)
            ],
        )


def cited_context(report: Report, actor: Actor, *, today: dt.date) -> dict[str, Any]:
    """For the page of a report: periods that it overlaps and, of a consolidated one, its paragraphs
    with their sources, by the position of the section.
    """
    overlaps = {"overlaps": overlapping_periods(report)}
    if not report.is_consolidated:
        return overlaps
    paper = paper_of(GATHERED.get(pk=report.pk), today=today)
    shown = paper_sections(paper, visible_sources(actor, paper.notes))
    return {**overlaps, "cited": {one.section.position: one.paragraphs for one in shown}}


def overlapping_periods(report: Report) -> list[ReportingPeriod]:
    """Other periods of the same obligation whose figures cover some of the same days.

    The second report of a half-yearly duty is about the whole year, and so holds the first.
    """
    period = report.period
    is_half_yearly = period.obligation.recurrence == Recurrence.HALF_YEARLY
    if is_half_yearly or period.data_from is None or period.data_to is None:
        return []
    alike = ReportingPeriod.objects.filter(
        obligation=period.obligation_id,
        data_from__lte=period.data_to,
        data_to__gte=period.data_from,
    )
    return list(alike.exclude(pk=period.pk))


def is_unsourced(paper: ReportContent, paragraph: Paragraph) -> bool:
    """Whether a paragraph of a consolidated report says something without naming its source."""
    known = paper.note_by_number
    cites = any(number in known for number in paragraph.notes)
    says = paragraph.text != paper.words.nothing
    return paper.is_consolidated and says and not paragraph.is_heading and not cites


def _url(note: Note, readable: set[int]) -> str:
    if note.report not in readable:
        return ""
    return f"{reverse('report', args=[note.report])}#section-{note.position}"


@dataclass(frozen=True, slots=True)
class FilePage:
    """How far the making of a file is, at the instant `at`."""

    file: ReportFile
    at: dt.datetime

    @property
    def is_going_on(self) -> bool:
        return self.file.state in (ReportFileState.WAITING, ReportFileState.MAKING)

    @property
    def is_ready(self) -> bool:
        return bool(self.file.state == ReportFileState.READY)

    @property
    def words(self) -> str:
        """How far it is, in one sentence."""
        if self.is_ready:
            return _("The file is ready.")
        if not self.is_going_on:
            return _(
                "The file could not be made after %(number)s attempts. Nothing of the report is"
                " lost. Try again; if it fails again, tell your administrator."
            ) % {"number": self.file.attempts}
        stage = self.file.progress.get("stage", "")
        return str(_STAGES.get(stage, _("The file waits for its turn.")))

    @property
    def percent(self) -> int | None:
        done, total = (self.file.progress.get(name, 0) for name in ("done", "total"))
        return round(100 * done / total) if total else None

    @property
    def is_slow(self) -> bool:
        return self.is_going_on and self.at - self.file.asked_at > SLOW
