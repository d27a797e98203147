"""The page on which the focal unit sets the outline of the reports of an obligation."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tasks.models import ReportingObligation
from tasks.reporting.outline import default_headings, headings_of
from workflows.actions.outlines import effect_of, outline_mark, require_outliner, set_outline
from workflows.errors import ActionRefused, NotAllowed
from workflows.forms.outlines import OutlineRows, outline_rows
from workflows.views.base import ActingRequest, refuse, visible_or_404

OBLIGATIONS = ReportingObligation.objects.select_related(
    "plan__document", "plan__focal_unit", "unit", "group"
)


def outline(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the headings, look at what that does, then set them."""
    request = cast(ActingRequest, request)
    obligation = visible_or_404(request, OBLIGATIONS, pk=pk)
    try:
        require_outliner(request.actor, obligation.plan)
    except NotAllowed as error:
        raise refuse(error) from error
    if request.method != "POST":
        return _page(request, obligation, outline_rows(headings_of(obligation)))
    if "default" in request.POST:
        return _page(request, obligation, outline_rows(default_headings()))
    rows = outline_rows((), request.POST)
    if not rows.is_valid():
        return _page(request, obligation, rows, status=422)
    seen = request.POST.get("seen", "")
    if "save" not in request.POST or seen != outline_mark(rows.headings):
        return _page(request, obligation, rows, is_preview=True)
    return _save(request, obligation, rows)


def _save(
    request: ActingRequest, obligation: ReportingObligation, rows: OutlineRows
) -> HttpResponse:
    try:
        set_outline(
            obligation=obligation,
            headings=rows.headings,
            made_from=request.POST.get("made_from", ""),
            actor=request.actor,
            at=request.at,
        )
    except NotAllowed as error:
        raise refuse(error) from error
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return _page(request, obligation, rows, is_preview=True, status=409)
    messages.success(request, _("Set. Reports not begun yet are written under these headings."))
    return redirect("outline", obligation.pk)


def _page(
    request: ActingRequest,
    obligation: ReportingObligation,
    rows: OutlineRows,
    *,
    is_preview: bool = False,
    status: int = 200,
) -> HttpResponse:
    present = headings_of(obligation)
    context = {
        "obligation": obligation,
        "rows": rows,
        "present": present,
        "made_from": outline_mark(present),
        "headings": rows.headings if is_preview else [],
        "effect": effect_of(obligation, rows.headings) if is_preview else None,
        "seen": outline_mark(rows.headings) if is_preview else "",
    }
    return render(request, "workflows/outline.html", context, status=status)
