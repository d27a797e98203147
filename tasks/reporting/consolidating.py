"""A consolidated report and its sources: the draft made of them, and what is not in it yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import translation

from tasks.models import (
    LeftOut,
    PlanItem,
    Report,
    ReportSection,
    ReportState,
    SectionKind,
    SourceNote,
)
from tasks.reporting.assembly import Draft, ItemName, UnitText, by_section, by_unit
from tasks.reporting.gathering import general_heading
from tasks.reporting.prefill import PLAN_LANGUAGE, prefill
from tasks.reporting.statements import (
    Cited,
    Source,
    Statement,
    key_of,
    lines_of,
    not_taken_over,
    unmarked,
)
from tasks.rules.names import fold


def accepted_sources(report: Report) -> list[Report]:
    """The unit reports that may be consolidated, by the name of the unit. Two queries."""
    sections = ReportSection.objects.order_by("position")
    return list(
        report.sources.filter(state=ReportState.ACCEPTED)
        .select_related("unit")
        .prefetch_related(Prefetch("sections", sections))
        .order_by("unit__name", "pk")
    )


def assemble(report: Report, *, today: dt.date, language: str = PLAN_LANGUAGE) -> dict[int, Draft]:
    """The draft from the accepted sources, by the key of the section of `report`.

    What was written already follows what the units wrote, else what is on record about figures
    and proposals. A constant number of queries; nothing is saved.
    """
    own = list(report.sections.all())
    told: dict[int, list[UnitText]] = {section.pk: [] for section in own}
    for source in accepted_sources(report):
        for section in source.sections.all():
            target = section_for(section, own)
            told[target.pk].append(UnitText(section.pk, source.unit.name, section.text))
    recorded = prefill(report, today=today, language=language)
    drafts: dict[int, Draft] = {}
    last = 0
    with translation.override(language):
        for section in own:
            draft = drafts[section.pk] = Draft(last)
            if section.kind == SectionKind.RESULTS:
                by_section(draft, told[section.pk], item_names(report), general_heading())
            else:
                by_unit(draft, told[section.pk])
            last += len(draft.notes)
            draft.lines += ["", *(section.text.strip() or recorded[section.pk]).splitlines()]
    return drafts


def section_for(source: ReportSection, own: Sequence[ReportSection]) -> ReportSection:
    """Where the text of a source belongs: the section of its kind and title, else of its kind.

    What fits nowhere goes to the first section, so that nothing is left behind.
    """
    alike = [one for one in own if one.kind == source.kind]
    titled = [one for one in alike or own if fold(one.title) == fold(source.title)]
    if source.kind == SectionKind.FREE:
        return (titled or list(own))[0]
    return (titled or alike or list(own))[0]


def item_names(report: Report) -> list[ItemName]:
    items = PlanItem.objects.filter(plan=report.plan_id).select_related("section")
    return [
        ItemName(item.pk, item.code, item.title, str(item.section or ""))
        for item in items.order_by("position")
    ]


@dataclass(frozen=True, slots=True)
class Missing:
    """A sentence of a source that the draft does not say."""

    source: Report
    section: ReportSection
    words: str

    @property
    def key(self) -> str:
        return key_of(self.words)


@dataclass(frozen=True, slots=True)
class Account:
    """Where every sentence of the accepted sources is that is not in the draft."""

    missing: Sequence[Missing]
    left_out: Sequence[LeftOut]
    # Accepted reports of which nothing was taken over yet.
    new: Sequence[Report]
    # Whether anything was taken over at all.
    is_begun: bool

    @property
    def by_source(self) -> Iterator[tuple[Report, list[Missing]]]:
        """The missing sentences of each report, in the order of the reports."""
        grouped: dict[int, list[Missing]] = {}
        for one in self.missing:
            grouped.setdefault(one.source.pk, []).append(one)
        for found in grouped.values():
            yield found[0].source, found


def account_of(report: Report) -> Account:
    """Compare the saved draft with its accepted sources. A constant number of queries."""
    sources = accepted_sources(report)
    sections = {section.pk: section for one in sources for section in one.sections.all()}
    reports = {one.pk: one for one in sources}
    cited = _reports_by_note(report)
    listed = not_taken_over(
        _lines(report.sections.all(), cited),
        [Source(one.report_id, one.pk, one.text) for one in sections.values()],
    )
    left_out = list(
        LeftOut.objects.filter(report=report).select_related("source__report__unit", "decided_by")
    )
    decided = {(one.source_id, key_of(one.words)) for one in left_out}
    told = set(cited.values())
    return Account(
        missing=[
            _missing(one, reports, sections)
            for one in listed
            if (one.section, one.key) not in decided
        ],
        left_out=left_out,
        new=[one for one in sources if one.pk not in told],
        is_begun=bool(told),
    )


def _reports_by_note(report: Report) -> dict[int, int]:
    notes = SourceNote.objects.filter(report=report)
    return dict(notes.values_list("number", "source__report"))


def _lines(sections: Iterable[ReportSection], cited: Mapping[int, int]) -> Iterator[Cited]:
    for section in sections:
        for line in lines_of(section.text):
            text, notes = unmarked(line)
            yield Cited(text, tuple({cited[number] for number in notes if number in cited}))


def _missing(
    one: Statement, reports: Mapping[int, Report], sections: Mapping[int, ReportSection]
) -> Missing:
    return Missing(reports[one.report], sections[one.section], one.words)
