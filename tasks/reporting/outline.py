"""The headings of a report: what the focal unit asks for, and the sections that begin from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tasks.models import (
    OutlineSection,
    Report,
    ReportingObligation,
    ReportSection,
    SectionKind,
)
from tasks.reporting.prefill import PLAN_LANGUAGE

DEFAULT_OUTLINE = (
    (SectionKind.RESULTS, _("Results")),
    (SectionKind.FIGURES, pgettext_lazy("heading of a report", "Figures")),
    (SectionKind.DIFFICULTIES, _("Difficulties and causes")),
    (SectionKind.PROPOSALS, _("Suggestions")),
    (SectionKind.NEXT_STEPS, _("Next steps")),
)


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of an outline. `key` is that of the line it was made from; 0 is a new one."""

    title: str
    kind: str
    hint: str = ""
    key: int = 0


def headings_of(obligation: ReportingObligation) -> list[Heading]:
    """Return the outline as it stands, in its order."""
    return [Heading(one.title, one.kind, one.hint, one.pk) for one in obligation.outline.all()]


def default_headings() -> list[Heading]:
    """Return the usual headings, in the language of the plan."""
    with translation.override(PLAN_LANGUAGE):
        return [Heading(str(title), kind) for kind, title in DEFAULT_OUTLINE]


def default_outline(obligation: ReportingObligation) -> None:
    """Give a new obligation the usual headings."""
    keep_outline(obligation, default_headings())


def keep_outline(obligation: ReportingObligation, headings: Sequence[Heading]) -> None:
    """Put these headings in place of the outline; no report is changed by it."""
    obligation.outline.all().delete()
    OutlineSection.objects.bulk_create(
        OutlineSection(
            obligation=obligation,
            kind=heading.kind,
            title=heading.title,
            hint=heading.hint,
            position=position,
        )
        for position, heading in enumerate(headings, 1)
    )


def begin_sections(report: Report) -> None:
    """Give a new report an empty section under each heading of its obligation's outline."""
    ReportSection.objects.bulk_create(
        ReportSection(
            report=report,
            kind=heading.kind,
            title=heading.title,
            hint=heading.hint,
            position=heading.position,
        )
        for heading in report.period.obligation.outline.all()
    )


def append_sections(report: Report, headings: Sequence[Heading]) -> None:
    """Put empty sections at the end of a report that was begun; what is written stays."""
    last = max((section.position for section in report.sections.all()), default=0)
    ReportSection.objects.bulk_create(
        ReportSection(
            report=report,
            kind=heading.kind,
            title=heading.title,
            hint=heading.hint,
            position=position,
        )
        for position, heading in enumerate(headings, last + 1)
    )
