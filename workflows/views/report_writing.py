"""Writing a report: several officers, each in the sections they have in hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tasks.models import WRITABLE, Report
from workflows.actions.report_comments import settle_comment
from workflows.actions.reports import present_report, require_writer, save_report
from workflows.errors import ActionRefused, NotAllowed
from workflows.forms.reports import SectionForm
from workflows.inbox import standings_of
from workflows.report_desk import Desk
from workflows.views.base import ActingRequest, refuse, visible_or_404
from workflows.views.report_sources import (
    answer_about_sources,
    is_about_sources,
    sources_context,
)
from workflows.views.reports import REPORTS, rest_day


def report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of all sections. With htmx a press on one section answers with that section."""
    request = cast(ActingRequest, request)
    target = visible_or_404(request, REPORTS, pk=pk)
    try:
        require_writer(request.actor, target)
    except NotAllowed as error:
        raise refuse(error) from error
    desk = _desk(request, target)
    if request.method == "POST":
        return _sent(request, desk)
    if target.state not in WRITABLE:
        messages.info(request, _("The report has left your desk; it cannot be edited now."))
        return redirect("report", pk)
    return _page(request, desk, desk.begun())


def _desk(request: ActingRequest, target: Report) -> Desk:
    return Desk(target, actor=request.actor, at=request.at, today=request.today)


def _sent(request: ActingRequest, desk: Desk) -> HttpResponse:
    forms = desk.sent(request.POST)
    source, _dash, key = request.POST.get("insert", "").partition("-")
    if request.htmx:
        pressed = _pressed(forms, key or request.POST.get("only", ""))
        return _sent_alone(request, desk, pressed, source)
    if not all(form.is_valid() for form in forms if form.is_bound):
        return _page(request, desk, forms)
    if source:
        pressed = _pressed(forms, key)
        changed = desk.inserted(pressed, source)
        return _page(request, desk, [changed if form is pressed else form for form in forms])
    return _save(request, desk, forms)


def _pressed(forms: Sequence[SectionForm], key: str) -> SectionForm:
    """The sent form of the section whose button was pressed."""
    for form in forms:
        if form.is_bound and str(form.section.pk) == key:
            return form
    raise Http404


def _sent_alone(request: ActingRequest, desk: Desk, form: SectionForm, source: str) -> HttpResponse:
    """Take a text over into one section, which saves nothing, or save this section."""
    if not form.is_valid():
        return _section(request, desk, form)
    if source:
        return _section(request, desk, desk.inserted(form, source))
    return _save_one(request, desk, form)


def _save(request: ActingRequest, desk: Desk, forms: Sequence[SectionForm]) -> HttpResponse:
    """Save, and present when that button was pressed. What was refused comes back as written."""
    target = desk.report
    if refusal := _keep(request, target, [form for form in forms if form.is_bound]):
        messages.error(request, refusal)
        fresh = _desk(request, target)
        return _page(request, fresh, fresh.rebased(forms), status=409)
    if is_about_sources(request):
        return answer_about_sources(request, target)
    if "present" not in request.POST:
        messages.success(request, _("Saved. The report is still with you."))
        return redirect("report_edit", target.pk)
    try:
        present_report(report=target, actor=request.actor, at=request.at)
    except ActionRefused as refused:
        messages.error(request, _("Saved, but not presented. %(why)s") % {"why": refused})
        return redirect("report_edit", target.pk)
    messages.success(request, _("Presented. The leader is told."))
    return redirect("report", target.pk)


def _save_one(request: ActingRequest, desk: Desk, form: SectionForm) -> HttpResponse:
    refusal = _keep(request, desk.report, [form])
    fresh = _desk(request, desk.report)
    if refusal:
        return _section(request, fresh, fresh.rebased([form])[0], refusal=refusal)
    saved = next(one for one in fresh.begun() if one.section.pk == form.section.pk)
    return _section(request, fresh, saved, is_saved=True)


def _keep(request: ActingRequest, target: Report, forms: Sequence[SectionForm]) -> str:
    """Save the texts and settle what was ticked, or say why nothing was saved."""
    about: dict[str, Any] = {"actor": request.actor, "at": request.at}
    try:
        with transaction.atomic():
            save_report(report=target, texts=[form.given for form in forms], **about)
            for form in forms:
                for comment in form.section.comments.filter(pk__in=form.to_settle):
                    settle_comment(comment=comment, **about)
    except NotAllowed as error:
        raise refuse(error) from error
    except ActionRefused as refusal:
        return str(refusal)
    return ""


def _section(
    request: ActingRequest,
    desk: Desk,
    form: SectionForm,
    *,
    refusal: str = "",
    is_saved: bool = False,
) -> HttpResponse:
    """One section alone. Always 200: a refusal is part of what it shows."""
    (shown,) = desk.shown([form])
    context = {
        "report": desk.report,
        "earlier": desk.earlier,
        "it": shown,
        "refusal": refusal,
        "is_saved": is_saved,
    }
    return render(request, "workflows/partials/report_section_form.html", context)


def _page(
    request: ActingRequest, desk: Desk, forms: Sequence[SectionForm], *, status: int = 0
) -> HttpResponse:
    (how,) = standings_of([desk.report], {}, request.today).values()
    shown = desk.shown(forms)
    context = {
        "report": desk.report,
        "earlier": desk.earlier,
        "sections": shown,
        "standing": how,
        "rest_day": rest_day(how),
        "is_prefilled": any(one.is_proposed for one in shown),
        "is_overtaken": any(form.is_overtaken for form in forms),
        **sources_context(desk.report),
    }
    return render(request, "workflows/report_edit.html", context, status=status or _status(forms))


def _status(forms: Sequence[SectionForm]) -> int:
    if any("revision" in form.errors for form in forms):
        return 409
    return 422 if any(form.errors for form in forms) else 200
