"""A report as the files that offices print, sign and send."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from tasks.models import Report
from tasks.reporting.charts import chart_svg
from tasks.reporting.gathering import GATHERED, paper_of
from tasks.reporting.official_letter import letter
from tasks.reporting.report_workbook import workbook
from workflows.report_paper import paper_sections, visible_sources
from workflows.views.base import ActingRequest, visible_or_404

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def report_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The report in the layout of an official document, to sign and send."""
    report, acting = _report(request, pk)
    return _saved(letter(paper_of(report, today=acting.today)), WORD, report, "docx")


@require_safe
def report_annex(request: HttpRequest, pk: int) -> HttpResponse:
    """How each item of the report stands, as a workbook."""
    report, acting = _report(request, pk)
    return _saved(workbook(paper_of(report, today=acting.today)), EXCEL, report, "xlsx")


@require_safe
def report_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The same paper as a page that prints on A4; each note leads to its source."""
    report, acting = _report(request, pk)
    paper = paper_of(report, today=acting.today)
    context = {
        "report": report,
        "paper": paper,
        "shown": list(paper_sections(paper, visible_sources(acting.actor, paper.notes))),
        "charts": [chart_svg(row.chart) for row in paper.figures if row.chart],
    }
    return render(request, "workflows/report_paper.html", context)


def _report(request: HttpRequest, pk: int) -> tuple[Report, ActingRequest]:
    acting = cast(ActingRequest, request)
    return visible_or_404(acting, GATHERED, pk=pk), acting


def _saved(content: bytes, kind: str, report: Report, ending: str) -> HttpResponse:
    name = slugify(f"bao-cao {report.plan} {report.unit.short_name}") or f"bao-cao-{report.pk}"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
