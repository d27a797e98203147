"""Choosing the unit to act for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from workflows.middleware import SESSION_KEY, acting_units
from workflows.views.base import refuse, safe_next


@require_POST
def acting_unit(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("unit", "")
    units = {str(unit.pk): unit for unit in acting_units(request.user)}  # type: ignore[arg-type]
    if wanted not in units:
        raise refuse("")
    request.session[SESSION_KEY] = units[wanted].pk
    return redirect(safe_next(request, reverse("home")))
