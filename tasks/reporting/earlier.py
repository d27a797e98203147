"""What the unit wrote in the same place the last time it reported."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.models import Report, ReportSection, SectionKind
from tasks.reporting.prefill import HANDED_IN


@dataclass(frozen=True, slots=True)
class Earlier:
    """The unit's last report of the same obligation; `texts` by the key of the new section."""

    report: Report
    texts: dict[int, str]


def earlier_texts(report: Report) -> Earlier | None:
    """Return the texts of the last report handed in before this one; None when it is the first.

    Two queries, three when there is one; `report.period` should be at hand.
    """
    last = (
        Report.objects.filter(
            period__obligation=report.period.obligation_id,
            period__due_on__lt=report.period.due_on,
            unit=report.unit_id,
            is_consolidated=report.is_consolidated,
            state__in=HANDED_IN,
        )
        .select_related("period")
        .prefetch_related("sections")
        .order_by("-period__due_on")
        .first()
    )
    if last is None:
        return None
    said = list(last.sections.all())
    return Earlier(last, {section.pk: _same(section, said) for section in report.sections.all()})


def _same(section: ReportSection, said: list[ReportSection]) -> str:
    """The text under the same heading, or else the one that was filled with the same."""
    titled = [one.text for one in said if one.title == section.title]
    alike = [one.text for one in said if one.kind == section.kind != SectionKind.FREE]
    return next(iter([*titled, *alike]), "").strip()
