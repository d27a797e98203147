"""A report as a page to print, and as the files that offices print, sign and send."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from tasks.models import FileFormat, Report, ReportFile, ReportFileState
from tasks.reporting.charts import chart_svg
from tasks.reporting.gathering import GATHERED, paper_of
from workflows.access import visible_reports
from workflows.actions.report_files import ask_file, retry_file
from workflows.errors import ActionRefused
from workflows.jobs import make_soon
from workflows.report_paper import FilePage, paper_sections, visible_sources
from workflows.views.base import ActingRequest, visible_or_404, visible_report_or_404
from workflows.views.files import hand_out

_FILES = ReportFile.objects.select_related(
    "report__unit", "report__period", "report__plan__document", "version", "asked_by"
)


@require_safe
def report_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as a page that prints on A4; each note leads to its source."""
    acting = cast(ActingRequest, request)
    report = visible_report_or_404(acting, GATHERED, pk=pk)
    paper = paper_of(report, today=acting.today)
    context = {
        "report": report,
        "paper": paper,
        "shown": list(paper_sections(paper, visible_sources(acting.actor, paper.notes))),
        "charts": [chart_svg(row.chart) for row in paper.figures if row.chart],
    }
    return render(request, "workflows/report_paper.html", context)


@require_POST
def report_file_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a file made, and wait for it on a page of its own."""
    acting = cast(ActingRequest, request)
    report = visible_report_or_404(acting, Report.objects.all(), pk=pk)
    if request.POST.get("format") not in FileFormat.values:
        raise Http404
    try:
        file = ask_file(
            report=report,
            wanted=FileFormat(request.POST["format"]),
            actor=acting.actor,
            at=acting.at,
        )
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("report", pk)
    make_soon(file.pk)
    return redirect("report_file", file.pk)


@require_safe
def report_file(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the file is; once it is made, where to get it."""
    acting, file = _file(request, pk)
    context = {"file": file, "report": file.report, "page": FilePage(file, acting.at)}
    return render(request, "workflows/report_file.html", context)


@require_safe
def report_file_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes; once the file is made, on to its end."""
    acting, file = _file(request, pk)
    page = FilePage(file, acting.at)
    if not page.is_going_on:
        answer: HttpResponse = HttpResponseClientRedirect(reverse("report_file", args=[pk]))
        return answer
    return render(
        request, "workflows/partials/report_file_state.html", {"file": file, "page": page}
    )


@require_safe
def report_file_download(request: HttpRequest, pk: int) -> FileResponse:
    _acting, file = _file(request, pk)
    if file.state != ReportFileState.READY:
        raise Http404(_("The file is not ready yet."))
    report = file.report
    name = slugify(f"bao-cao {report.plan} {report.unit.short_name}") or f"bao-cao-{report.pk}"
    return hand_out(file.file, f"{name}.{file.format}")


@require_POST
def report_file_retry(request: HttpRequest, pk: int) -> HttpResponse:
    acting, file = _file(request, pk)
    retry_file(file=file, actor=acting.actor, at=acting.at)
    make_soon(pk)
    return redirect("report_file", pk)


def _file(request: HttpRequest, pk: int) -> tuple[ActingRequest, ReportFile]:
    acting = cast(ActingRequest, request)
    readable = visible_reports(acting.actor)
    file = _FILES.filter(pk=pk, report__in=readable.values("pk")).first()
    return acting, file or visible_or_404(acting, _FILES, plan="report__plan", pk=pk)
