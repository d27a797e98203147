"""One page for each action of `ACTS`: look, say what is needed, do it, go back."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from workflows.errors import ActionRefused, NotAllowed
from workflows.forms import actions as forms
from workflows.views.act import Act
from workflows.views.act_table import ACTS
from workflows.views.base import ActingRequest, safe_next, visible_or_404
from workflows.views.subjects import facts, subject_of, subject_url


def act_view(request: HttpRequest, pk: int, act: Act) -> HttpResponse:
    """Show the form of `act`, or do it; a refusal comes back with the form as it was filled."""
    request = cast(ActingRequest, request)
    target = visible_or_404(request, act.target.all(), plan=act.plan, pk=pk)
    try:
        act.check(request.actor, target)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    about: dict[str, Any] = {"target": target, "actor": request.actor, "today": request.today}
    form = act.form(request.POST or None, request.FILES or None, **about)
    back = safe_next(request, subject_url(target))
    status = 200
    if request.method == "POST":
        form = act.form(request.POST, request.FILES, **about)
        status = _attempt(request, act, target, form)
        if status == 303:
            return redirect(back)
    context = {
        "act": act,
        "form": form,
        "target": target,
        "back": back,
        "facts": facts(target, today=request.today),
        "subject": subject_of(target),
        "subject_url": subject_url(target),
    }
    return render(request, "workflows/act.html", context, status=status)


def _attempt(request: ActingRequest, act: Act, target: Any, form: forms.ActionForm) -> int:
    """Do it, and say with which status the page answers."""
    if not form.is_valid():
        return 422
    try:
        act.perform(**{act.argument: target}, actor=request.actor, at=request.at, **form.arguments)
    except ActionRefused as refusal:
        form.add_error(None, str(refusal))
        return 409
    messages.success(request, str(act.done))
    return 303


urlpatterns: list[URLPattern] = [
    path(act.address, act_view, {"act": act}, name=act.name) for act in ACTS
]
