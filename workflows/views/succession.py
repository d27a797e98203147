"""A unit is renamed, merged, split, or gives functions away: say it, look at it, do it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tasks.models import Unit
from workflows.actions.succession import refuse_unfit, succeed
from workflows.errors import ActionRefused, Overtaken
from workflows.forms.succession import ChoicesForm, SuccessionForm
from workflows.succeeding.moves import SORTS, Move, Sort, Succession, fingerprint, folds, moves_of
from workflows.views.base import ActingRequest
from workflows.views.units import registrar


@require_safe
def succession(request: HttpRequest, pk: int) -> HttpResponse:
    """First what happens; nothing is written by looking at what it would do."""
    request = registrar(request)
    unit = get_object_or_404(Unit, pk=pk)
    given = request.GET if "kind" in request.GET or "new" in request.GET else None
    form = SuccessionForm(
        given, unit=unit, today=request.today, initial={"effective_on": request.today}
    )
    return _form_page(request, unit, form)


def _form_page(
    request: ActingRequest, unit: Unit, form: SuccessionForm, status: int = 200
) -> HttpResponse:
    context = {"unit": unit, "form": form}
    return render(request, "workflows/succession.html", context, status=status)


@require_safe
def succession_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What would pass to whom, each thing with its choice."""
    request = registrar(request)
    unit = get_object_or_404(Unit, pk=pk)
    form = SuccessionForm(request.GET, unit=unit, today=request.today)
    if not form.is_valid():
        return _form_page(request, unit, form, status=422)
    decided = form.succession()
    try:
        refuse_unfit(decided, today=request.today)
    except ActionRefused as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, unit, form, status=422)
    return render(request, "workflows/succession_preview.html", _preview(unit, decided))


def _preview(unit: Unit, decided: Succession) -> dict[str, Any]:
    moves = moves_of(decided)
    choices = ChoicesForm(succession=decided, moves=moves)
    return {
        "unit": unit,
        "succession": decided,
        "kind": decided.kind.label,
        "groups": [
            (SORTS[sort], [(move, _field(choices, move)) for move in moves if move.sort is sort])
            for sort in Sort
            if any(move.sort is sort for move in moves)
        ],
        "several": len(decided.leaving) > 1,
        "folds": folds(decided, moves),
        "fingerprint": fingerprint(moves),
    }


def _field(choices: ChoicesForm, move: Move) -> BoundField | None:
    return choices[move.key] if move.key in choices.fields else None


@require_POST
def succession_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry out what the address says, with the choices of the form."""
    request = registrar(request)
    unit = get_object_or_404(Unit, pk=pk)
    form = SuccessionForm(request.GET, unit=unit, today=request.today)
    if not form.is_valid():
        return _form_page(request, unit, form, status=422)
    try:
        heirs = succeed(
            succession=form.succession(),
            choices=request.POST.dict(),
            expected=request.POST.get("fingerprint", ""),
            actor=request.actor,
            at=request.at,
        )
    except Overtaken as overtaken:
        messages.error(request, str(overtaken))
        query = request.GET.urlencode()
        return redirect(f"{request.path.removesuffix('apply/')}preview/?{query}")
    except ActionRefused as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, unit, form, status=422)
    message = _("Done: %(heirs)s carries on. Everybody concerned is told.")
    messages.success(request, message % {"heirs": ", ".join(heir.short_name for heir in heirs)})
    return redirect("unit", heirs[0].pk)


urlpatterns = [
    path("units/<int:pk>/succession/", succession, name="succession"),
    path("units/<int:pk>/succession/preview/", succession_preview, name="succession_preview"),
    path("units/<int:pk>/succession/apply/", succession_apply, name="succession_apply"),
]
