"""Keeping the report as it stood when it changed hands."""

from __future__ import annotations

import datetime as dt

from tasks.models import Occasion, Report, ReportVersion
from tasks.reporting.report_record import content_of
from workflows.access import Actor


def keep_version(
    report: Report, occasion: Occasion, *, actor: Actor, at: dt.datetime
) -> ReportVersion:
    """Keep what the report says now under the next number. The caller holds the report's lock."""
    return ReportVersion.objects.create(
        report=report,
        number=report.versions.count() + 1,
        occasion=occasion,
        content=content_of(report),
        made_by=actor.person,
        made_at=at,
    )
