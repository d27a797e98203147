"""What pages show of a report's text: its paragraphs, each with links to where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse

from tasks.models import Report
from tasks.reporting.content import Note, Paragraph, ReportContent, Section
from workflows.access import Actor, visible_plans


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
    readable = Report.objects.filter(pk__in=cited, plan__in=visible_plans(actor))
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
                for one in section.paragraphs
            ],
        )


def is_unsourced(paper: ReportContent, paragraph: Paragraph) -> bool:
    """Whether a paragraph of a consolidated report says something without naming its source."""
    known = paper.note_by_number
    cites = any(number in known for number in paragraph.notes)
    return paper.is_consolidated and not paragraph.is_heading and not cites


def _url(note: Note, readable: set[int]) -> str:
    if note.report not in readable:
        return ""
    return f"{reverse('report', args=[note.report])}#section-{note.position}"
