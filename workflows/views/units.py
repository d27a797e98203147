"""The registry of units, for the administrator: list, page, changes, names."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tasks.models import Unit, UnitAlias
from workflows.access import require_registrar
from workflows.actions.aliases import add_alias, forget_alias
from workflows.actions.registry import save_unit
from workflows.errors import ActionRefused, NotAllowed
from workflows.forms.units import AliasForm, UnitFilter, UnitForm
from workflows.unit_pages import in_tree_order, listed_units, unit_page, unit_rows
from workflows.views.base import ActingRequest, refuse

UNITS_PER_PAGE = 100


def registrar(request: HttpRequest) -> ActingRequest:
    """The request of somebody who keeps the registry, else 403."""
    request = cast(ActingRequest, request)
    try:
        require_registrar(request.actor)
    except NotAllowed as error:
        raise refuse(error) from error
    return request


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """The units as a tree; a search shows what it found under what stands above."""
    request = registrar(request)
    form = UnitFilter(request.GET)
    words, kind, state = (form.value(name) for name in ("q", "kind", "state"))
    units = in_tree_order(listed_units(words, kind, state, request.today))
    page = Paginator(units, UNITS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": unit_rows(page, request.today),
        "is_filtered": bool(words or kind or state),
    }
    return render(request, "workflows/unit_list.html", context)


@require_safe
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    request = registrar(request)
    return _unit_page(request, pk, AliasForm())


def _unit_page(
    request: ActingRequest, pk: int, alias_form: AliasForm, status: int = 200
) -> HttpResponse:
    found = get_object_or_404(Unit.objects.select_related("parent"), pk=pk)
    context = {**unit_page(found, today=request.today), "alias_form": alias_form}
    return render(request, "workflows/unit.html", context, status=status)


def unit_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new unit, or the fields of one."""
    request = registrar(request)
    found = get_object_or_404(Unit, pk=pk) if pk else None
    if request.method != "POST":
        return _edit_page(request, UnitForm(instance=found), found)
    form = UnitForm(request.POST, instance=Unit.objects.get(pk=pk) if pk else None)
    if not form.is_valid():
        return _edit_page(request, form, found, status=422)
    try:
        saved = save_unit(unit=found, given=form.cleaned_data, actor=request.actor, at=request.at)
    except ActionRefused as refusal:
        form.add_error("parent", str(refusal))
        return _edit_page(request, form, found, status=422)
    messages.success(request, _("Saved."))
    return redirect("unit", saved.pk)


def _edit_page(
    request: ActingRequest, form: UnitForm, found: Unit | None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "unit": found}
    return render(request, "workflows/unit_edit.html", context, status=status)


@require_POST
def unit_alias_add(request: HttpRequest, pk: int) -> HttpResponse:
    request = registrar(request)
    form = AliasForm(request.POST)
    if not form.is_valid():
        return _unit_page(request, pk, form, status=422)
    try:
        alias = add_alias(
            unit=get_object_or_404(Unit, pk=pk),
            actor=request.actor,
            at=request.at,
            **form.cleaned_data,
        )
    except ActionRefused as refusal:
        form.add_error("text", str(refusal))
        return _unit_page(request, pk, form, status=422)
    message = _("Documents that write “%(name)s” now mean this unit.")
    messages.success(request, message % {"name": alias.text})
    return redirect("unit", pk)


@require_POST
def unit_alias_remove(request: HttpRequest, pk: int, alias: int) -> HttpResponse:
    request = registrar(request)
    found = get_object_or_404(UnitAlias.objects.select_related("unit"), pk=alias, unit=pk)
    forget_alias(alias=found, actor=request.actor, at=request.at)
    message = _("“%(name)s” no longer means this unit. Issued plans stay as they are.")
    messages.success(request, message % {"name": found.text})
    return redirect("unit", pk)


urlpatterns = [
    path("units/", unit_list, name="unit_list"),
    path("units/new/", unit_edit, name="unit_new"),
    path("units/<int:pk>/", unit, name="unit"),
    path("units/<int:pk>/edit/", unit_edit, name="unit_edit"),
    path("units/<int:pk>/aliases/", unit_alias_add, name="unit_alias_add"),
    path(
        "units/<int:pk>/aliases/<int:alias>/remove/",
        unit_alias_remove,
        name="unit_alias_remove",
    ),
]
