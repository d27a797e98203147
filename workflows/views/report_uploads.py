"""Uploading the edited letter of a report, and comparing it with the draft before it counts."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from tasks.models import Report, ReportSection, ReportUpload, ReportUploadState
from tasks.reporting.version_changes import changes
from workflows.actions.report_uploads import discard_letter, hand_in_letter, letter_of, take_over
from workflows.actions.reports import require_writer
from workflows.errors import ActionRefused, NotAllowed
from workflows.forms.report_uploads import LetterForm
from workflows.jobs import read_letter_soon
from workflows.report_reading import letter_failure
from workflows.views.base import ActingRequest, refuse, visible_or_404
from workflows.views.files import hand_out
from workflows.views.reports import REPORTS

_UPLOADS = ReportUpload.objects.select_related(
    "report__unit", "report__period", "report__plan__document", "uploaded_by"
)
_GOING_ON = (ReportUploadState.WAITING, ReportUploadState.READING)


def report_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the letter of a report that was edited in Word."""
    acting = cast(ActingRequest, request)
    report = visible_or_404(acting, REPORTS, pk=pk)
    _require_writer(acting, report)
    form = LetterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = hand_in_letter(
                report=report, file=file, file_name=file.name, actor=acting.actor, at=acting.at
            )
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("report", pk)
        read_letter_soon(upload.pk)
        return redirect("report_letter", upload.pk)
    context = {"report": report, "form": form}
    status = 422 if form.errors else 200
    return render(request, "workflows/report_upload.html", context, status=status)


@require_safe
def report_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the reading is; then what would change, section by section."""
    _acting, upload = _upload(request, pk)
    context = {"upload": upload, "report": upload.report, "is_going_on": upload.state in _GOING_ON}
    if upload.state == ReportUploadState.FAILED:
        context["failure"] = letter_failure(upload)
    elif upload.state == ReportUploadState.READ:
        context |= _comparison(upload)
    return render(request, "workflows/report_letter.html", context)


def _comparison(upload: ReportUpload) -> dict[str, object]:
    letter, sections = letter_of(upload), list(upload.report.sections.all())
    old = [_plain(one, one.text) for one in sections]
    new = [_plain(one, letter.texts.get(one.position, one.text)) for one in sections]
    compared = changes({"sections": old}, {"sections": new})
    return {
        "changes": [one for one in compared if one.is_changed],
        "unsourced": letter.unsourced,
        "revisions": " ".join(f"{one.pk}:{one.revision}" for one in sections),
    }


def _plain(section: ReportSection, text: str) -> dict[str, object]:
    return {"position": section.position, "title": section.title, "text": text}


@require_safe
def report_letter_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes; once the reading has ended, on to its end."""
    _acting, upload = _upload(request, pk)
    if upload.state not in _GOING_ON:
        answer: HttpResponse = HttpResponseClientRedirect(reverse("report_letter", args=[pk]))
        return answer
    return render(request, "workflows/partials/report_letter_state.html", {"upload": upload})


@require_POST
def report_letter_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the letter over into the draft."""
    acting, upload = _upload(request, pk)
    given = (pair.partition(":") for pair in request.POST.get("revisions", "").split())
    revisions = {
        int(key): int(number)
        for key, _colon, number in given
        if key.isdecimal() and number.isdecimal()
    }
    try:
        take_over(upload=upload, actor=acting.actor, at=acting.at, revisions=revisions)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("report_letter", pk)
    messages.success(request, _("Taken over. The draft now says what the letter said."))
    return redirect("report_edit", upload.report_id)


@require_POST
def report_letter_discard(request: HttpRequest, pk: int) -> HttpResponse:
    acting, upload = _upload(request, pk)
    try:
        discard_letter(upload=upload, actor=acting.actor)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("report_letter", pk)
    messages.success(request, _("Not taken over. The draft is as it was."))
    return redirect("report_edit", upload.report_id)


@require_safe
def report_letter_file(request: HttpRequest, pk: int) -> FileResponse:
    _acting, upload = _upload(request, pk)
    return hand_out(upload.file, upload.file_name)


def _upload(request: HttpRequest, pk: int) -> tuple[ActingRequest, ReportUpload]:
    acting = cast(ActingRequest, request)
    upload = visible_or_404(acting, _UPLOADS, plan="report__plan", pk=pk)
    _require_writer(acting, upload.report)
    return acting, upload


def _require_writer(request: ActingRequest, report: Report) -> None:
    try:
        require_writer(request.actor, report)
    except NotAllowed as error:
        raise refuse(error) from error
