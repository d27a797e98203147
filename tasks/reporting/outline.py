"""The headings of a report: what the focal unit asks for, and the sections that begin from it."""

from __future__ import annotations

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


def default_outline(obligation: ReportingObligation) -> None:
    """Give a new obligation the usual headings, in the language of the plan."""
    with translation.override(PLAN_LANGUAGE):
        OutlineSection.objects.bulk_create(
            OutlineSection(obligation=obligation, kind=kind, title=str(title), position=position)
            for position, (kind, title) in enumerate(DEFAULT_OUTLINE, 1)
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
