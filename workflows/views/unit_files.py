"""The registry as files: take it out, hand a list in, see what it would do, apply it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tasks.models import RegistryImport, Unit
from tasks.unit_files.compare import OUTCOMES, Outcome, compare
from tasks.unit_files.write import units_csv, units_xlsx
from workflows.actions.unit_files import apply_file, fingerprint, keep_file
from workflows.errors import ActionRefused
from workflows.forms.units import UnitFileForm
from workflows.views.units import registrar

LINES_PER_PAGE = 100
FILES_SHOWN = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def unit_files(request: HttpRequest) -> HttpResponse:
    """Both ways: the registry as a file, and a file for the registry."""
    request = registrar(request)
    form = UnitFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        kept = keep_file(
            rows=form.rows,
            file_name=form.cleaned_data["file"].name,
            actor=request.actor,
            at=request.at,
        )
        return redirect("unit_file", kept.pk)
    files = RegistryImport.objects.defer("rows").select_related("uploaded_by", "applied_by")
    context = {"form": form, "files": files[:FILES_SHOWN]}
    status = 422 if form.is_bound else 200
    return render(request, "workflows/unit_files.html", context, status=status)


@require_safe
def unit_export(request: HttpRequest, kind: str) -> HttpResponse:
    request = registrar(request)
    units = Unit.objects.select_related("parent").order_by("code")
    content: str | bytes
    if kind == "xlsx":
        content, media = units_xlsx(units), XLSX
    else:
        content, media = units_csv(units), "text/csv; charset=utf-8"
    name = f"don-vi-{request.today:%Y-%m-%d}.{kind}"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        content, content_type=media, headers={"Content-Disposition": disposition or ""}
    )


@require_safe
def unit_file(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would do, line by line; what is wrong comes first."""
    request = registrar(request)
    kept = get_object_or_404(RegistryImport.objects.select_related("applied_by"), pk=pk)
    comparison = compare(kept.rows)
    chosen = request.GET.get("show", "")
    shown = [
        line
        for line in comparison.lines
        if (line.outcome == chosen if chosen in OUTCOMES else line.outcome != Outcome.UNCHANGED)
    ]
    order = list(Outcome)
    shown.sort(key=lambda line: (order.index(line.outcome), line.number))
    context = {
        "kept": kept,
        "comparison": comparison,
        "counts": [
            (outcome, OUTCOMES[outcome], count) for outcome, count in comparison.counts.items()
        ],
        "chosen": chosen,
        "page": Paginator(shown, LINES_PER_PAGE).get_page(request.GET.get("page")),
        "fingerprint": fingerprint(comparison),
    }
    return render(request, "workflows/unit_file.html", context)


@require_POST
def unit_file_apply(request: HttpRequest, pk: int) -> HttpResponse:
    request = registrar(request)
    kept = get_object_or_404(RegistryImport, pk=pk)
    try:
        done = apply_file(
            kept=kept,
            actor=request.actor,
            at=request.at,
            expected=request.POST.get("fingerprint", ""),
        )
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("unit_file", pk)
    counts = done.counts
    message = _("Taken over: %(added)s new, %(changed)s changed, %(closed)s closed.")
    messages.success(request, message % {outcome.value: counts[outcome] for outcome in counts})
    return redirect("unit_list")


urlpatterns = [
    path("units/files/", unit_files, name="unit_files"),
    path("units/units.csv", unit_export, {"kind": "csv"}, name="unit_export_csv"),
    path("units/units.xlsx", unit_export, {"kind": "xlsx"}, name="unit_export_xlsx"),
    path("units/files/<int:pk>/", unit_file, name="unit_file"),
    path("units/files/<int:pk>/apply/", unit_file_apply, name="unit_file_apply"),
]
