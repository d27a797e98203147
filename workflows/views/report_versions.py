"""The record of a report: its versions, what changed between two, and the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tasks.models import Occasion, ReportVersion
from tasks.queries import working_calendar
from tasks.reporting.version_changes import changes
from tasks.rules.calendar import local_date
from tasks.rules.timeliness import standing
from workflows.report_record import answered_by, versions_seen_by
from workflows.views.base import ActingRequest, visible_report_or_404
from workflows.views.reports import REPORTS


@require_safe
def report_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """The versions, and two of them side by side: by default the newest and what it answers."""
    acting = cast(ActingRequest, request)
    report = visible_report_or_404(acting, REPORTS, pk=pk)
    versions = versions_seen_by(acting.actor, report)
    new = _chosen(request, "new", versions) or (versions[-1] if versions else None)
    old = _chosen(request, "old", versions)
    if old is None and "old" not in request.GET:
        old = answered_by(versions)
    context = {
        "report": report,
        "versions": list(reversed(versions)),
        "old": old,
        "new": new,
        "sections": changes(old.content if old else None, new.content) if new else [],
    }
    return render(request, "workflows/report_versions.html", context)


def _chosen(
    request: HttpRequest, name: str, versions: Sequence[ReportVersion]
) -> ReportVersion | None:
    number = request.GET.get(name, "")
    return next((one for one in versions if str(one.number) == number), None)


@require_safe
def report_receipt(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What was handed in, by whom, when and to whom; for one submitted version, on one sheet."""
    acting = cast(ActingRequest, request)
    report = visible_report_or_404(acting, REPORTS, pk=pk)
    version = (
        report.versions.select_related("made_by")
        .filter(number=number, occasion=Occasion.SUBMITTED)
        .first()
    )
    if version is None:
        raise Http404
    # A paper is entered here after the day it arrived.
    arrived = report.submitted_at if report.on_paper else None
    handed_in = standing(
        due_on=report.period.due_on,
        fulfilled_on=local_date(arrived or version.made_at),
        paused=False,
        today=acting.today,
        calendar=working_calendar(),
    )
    context = {"report": report, "version": version, "standing": handed_in}
    return render(request, "workflows/report_receipt.html", context)
