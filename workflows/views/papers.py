"""A report on paper: handing in its file, waiting until it is read, confirming what was read."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from tasks.models import PaperReport, PaperState, Report
from workflows.actions.papers import (
    discard_paper,
    hand_in_paper,
    receive_paper,
    require_receiver,
    retry_paper,
)
from workflows.errors import ActionRefused, NotAllowed
from workflows.forms.papers import PaperForms, PaperUploadForm
from workflows.jobs import read_paper_soon
from workflows.paper_reading import read_paper_report
from workflows.reading import shown_name
from workflows.uploads import ReadingPage
from workflows.views.base import ActingRequest, refuse, visible_or_404
from workflows.views.files import hand_out

REPORTS = Report.objects.select_related(
    "unit", "reviewer", "period", "plan__document", "plan__issuer", "plan__focal_unit"
)
PAPERS = PaperReport.objects.select_related(
    "report__unit",
    "report__reviewer",
    "report__period",
    "report__plan__document",
    "report__plan__issuer",
    "report__plan__focal_unit",
    "uploaded_by",
)
UNREAD = (PaperState.WAITING, PaperState.READING, PaperState.FAILED)


def _for_receiver(request: HttpRequest, report: Report) -> ActingRequest:
    request = cast(ActingRequest, request)
    try:
        require_receiver(request.actor, report)
    except NotAllowed as error:
        raise refuse(error) from error
    return request


def _own_paper(request: HttpRequest, pk: int) -> tuple[ActingRequest, PaperReport]:
    found = visible_or_404(cast(ActingRequest, request), PAPERS, plan="report__plan", pk=pk)
    return _for_receiver(request, found.report), found


def paper_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the file of a report that came on paper."""
    report = visible_or_404(cast(ActingRequest, request), REPORTS, pk=pk)
    request = _for_receiver(request, report)
    form = PaperUploadForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        form = PaperUploadForm(request.POST, request.FILES)
        status = 422
        if form.is_valid():
            try:
                paper = hand_in_paper(
                    report=report,
                    file=form.document,
                    file_name=form.file_name,
                    actor=request.actor,
                    at=request.at,
                )
            except ActionRefused as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                read_paper_soon(paper.pk)
                return redirect("paper", paper.pk)
    context = {"report": report, "form": form}
    return render(request, "workflows/paper_upload.html", context, status=status)


def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the reading is; then what was read, to be confirmed."""
    request, target = _own_paper(request, pk)
    if target.state == PaperState.RECEIVED:
        return redirect("report", target.report_id)
    if target.state != PaperState.REVIEWING:
        context = {"draft": target, "page": ReadingPage(target, request.at)}
        return render(request, "workflows/paper_reading.html", context)
    if request.method == "POST":
        return _confirm(request, target)
    read = read_paper_report(target, today=request.today)
    return _page(request, target, PaperForms(target.report, today=request.today, read=read))


def _confirm(request: ActingRequest, target: PaperReport) -> HttpResponse:
    """Receive it as confirmed; what was refused comes back as it was typed."""
    forms = PaperForms(target.report, today=request.today, data=request.POST)
    if not forms.is_valid():
        return _page(request, target, forms, status=422)
    try:
        receive_paper(paper=target, actor=request.actor, at=request.at, given=forms.given)
    except NotAllowed as error:
        raise refuse(error) from error
    except ActionRefused as refusal:
        forms.head.add_error(None, str(refusal))
        return _page(request, target, forms, status=409)
    messages.success(
        request,
        _("Received. The report of %(unit)s counts as handed in on the day the paper arrived.")
        % {"unit": target.report.unit.short_name},
    )
    return redirect("report", target.report_id)


def _page(
    request: ActingRequest, target: PaperReport, forms: PaperForms, *, status: int = 200
) -> HttpResponse:
    written = [section for section in target.report.sections.all() if section.text.strip()]
    context = {
        "paper": target,
        "report": target.report,
        "forms": forms,
        "name": shown_name(target),
        "is_refused": status != 200,
        "written": written,
    }
    return render(request, "workflows/paper.html", context, status=status)


@require_safe
def paper_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes; once the reading has ended, on to its end."""
    request, target = _own_paper(request, pk)
    if target.state not in UNREAD or target.state == PaperState.FAILED:
        answer: HttpResponse = HttpResponseClientRedirect(reverse("paper", args=[pk]))
        return answer
    context = {"draft": target, "page": ReadingPage(target, request.at)}
    return render(request, "workflows/partials/draft_reading_state.html", context)


@require_POST
def paper_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the paper read once more."""
    request, target = _own_paper(request, pk)
    try:
        retry_paper(paper=target, actor=request.actor, at=request.at)
        read_paper_soon(pk)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("paper", pk)


def paper_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Lay the paper aside, after a look at what that means."""
    request, target = _own_paper(request, pk)
    if request.method != "POST":
        context = {"paper": target, "report": target.report, "name": shown_name(target)}
        return render(request, "workflows/paper_discard.html", context)
    try:
        discard_paper(paper=target, actor=request.actor)
        messages.success(request, _("Laid aside. The report is what it was."))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("report", target.report_id)


@require_safe
def paper_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file, for everybody who may read the report."""
    found = visible_or_404(cast(ActingRequest, request), PAPERS, plan="report__plan", pk=pk)
    return hand_out(found.file, found.file_name or f"{shown_name(found)}.txt")


urlpatterns = [
    path("reports/<int:pk>/receive/", paper_upload, name="paper_upload"),
    path("papers/<int:pk>/", paper, name="paper"),
    path("papers/<int:pk>/progress/", paper_progress, name="paper_progress"),
    path("papers/<int:pk>/retry/", paper_retry, name="paper_retry"),
    path("papers/<int:pk>/discard/", paper_discard, name="paper_discard"),
    path("papers/<int:pk>/file/", paper_file, name="paper_file"),
]
