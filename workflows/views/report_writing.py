"""Writing a report: several officers, each in the sections they have in hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tasks.models import WRITABLE, Report, ReportSection
from tasks.reporting.prefill import prefill
from workflows.actions.reports import present_report, require_writer, save_report
from workflows.errors import ActionRefused, NotAllowed
from workflows.forms.reports import SectionForm
from workflows.inbox import standings_of
from workflows.views.base import ActingRequest, refuse, visible_or_404
from workflows.views.reports import REPORTS, rest_day


def report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    request = cast(ActingRequest, request)
    target = visible_or_404(request, REPORTS, pk=pk)
    try:
        require_writer(request.actor, target)
    except NotAllowed as error:
        raise refuse(error) from error
    if request.method == "POST":
        forms = _posted(request, target)
        valid = all(form.is_valid() for form in forms if form.is_bound)
        return _save(request, target, forms) if valid else _edit(request, target, forms)
    if target.state not in WRITABLE:
        messages.info(request, _("The report has left your desk; it cannot be edited now."))
        return redirect("report", pk)
    return _edit(request, target, _proposed(request, target))


def _sections(report: Report) -> list[ReportSection]:
    return list(report.sections.select_related("written_by"))


def _posted(request: ActingRequest, target: Report) -> list[SectionForm]:
    """The forms that were sent; a section without one shows what is saved."""
    forms = [SectionForm(section, section.text) for section in _sections(target)]
    return [
        SectionForm(form.section, "", request.POST)
        if form.add_prefix("revision") in request.POST
        else form
        for form in forms
    ]


def _proposed(request: ActingRequest, target: Report) -> list[SectionForm]:
    """The saved texts; what was never saved begins with what is on record, on request all."""
    sections, again = _sections(target), "again" in request.GET
    if not again and all(section.revision for section in sections):
        return [SectionForm(section, section.text) for section in sections]
    texts = prefill(target, today=request.today)
    return [
        SectionForm(section, texts[section.pk] if again or not section.revision else section.text)
        for section in sections
    ]


def _save(request: ActingRequest, target: Report, forms: Sequence[SectionForm]) -> HttpResponse:
    """Save, and present when that button was pressed. What was refused comes back as written."""
    about: dict[str, Any] = {"report": target, "actor": request.actor, "at": request.at}
    try:
        save_report(**about, texts=[form.given for form in forms if form.is_bound])
    except NotAllowed as error:
        raise refuse(error) from error
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        target.refresh_from_db(fields=["state"])
        return _edit(request, target, _rebased(target, forms), status=409)
    if "present" not in request.POST:
        messages.success(request, _("Saved. The report is still with you."))
        return redirect("report_edit", target.pk)
    try:
        present_report(**about)
    except ActionRefused as refusal:
        messages.error(request, _("Saved, but not presented. %(why)s") % {"why": refusal})
        return redirect("report_edit", target.pk)
    messages.success(request, _("Presented. The leader is told."))
    return redirect("report", target.pk)


def _rebased(target: Report, forms: Sequence[SectionForm]) -> list[SectionForm]:
    now = {section.pk: section for section in _sections(target)}
    return [
        form.rebased(now[form.section.pk]) if form.is_bound else form
        for form in forms
        if form.section.pk in now
    ]


def _edit(
    request: ActingRequest, target: Report, forms: Sequence[SectionForm], *, status: int = 0
) -> HttpResponse:
    (how,) = standings_of([target], {}, request.today).values()
    context = {
        "report": target,
        "forms": forms,
        "standing": how,
        "rest_day": rest_day(how),
        "is_prefilled": any(
            not form.is_bound and form.initial["text"] != form.section.text for form in forms
        ),
        "is_refused": any(form.errors for form in forms),
        "is_overtaken": any(form.is_overtaken for form in forms),
    }
    return render(request, "workflows/report_edit.html", context, status=status or _status(forms))


def _status(forms: Sequence[SectionForm]) -> int:
    if any("revision" in form.errors for form in forms):
        return 409
    return 422 if any(form.errors for form in forms) else 200
