"""Keeping the report as it stood when it changed hands."""

from __future__ import annotations

import datetime as dt

from tasks.models import Occasion, Report, ReportVersion
from tasks.reporting.gathering import GATHERED, PAPER, gather
from tasks.reporting.report_record import content_of
from tasks.rules.calendar import local_date
from workflows.access import Actor


def keep_version(
    report: Report, occasion: Occasion, *, actor: Actor, at: dt.datetime
) -> ReportVersion:
    """Keep what the report says now under the next number. The caller holds the report's lock.

    What is handed in also keeps its paper: letter, annex and page are made from it ever after.
    """
    content = content_of(report)
    if occasion == Occasion.SUBMITTED:
        paper = gather(GATHERED.get(pk=report.pk), today=local_date(at))
        content[PAPER] = paper.as_json()
    return ReportVersion.objects.create(
        report=report,
        number=report.versions.count() + 1,
        occasion=occasion,
        content=content,
        made_by=actor.person,
        made_at=at,
    )
