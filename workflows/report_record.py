"""What the pages of a report show of its record: versions, what changed, what was said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tasks.models import WRITABLE, Occasion, Plan, Report, ReportSection, ReportState, ReportVersion
from tasks.reporting.version_changes import changes
from workflows.access import Actor
from workflows.actions.outlines import require_outliner
from workflows.actions.report_comments import require_commenter
from workflows.actions.reports import require_writer
from workflows.errors import NotAllowed
from workflows.report_desk import sections_with_comments

# What a unit presents to its own leader stays in the house.
LEFT_THE_HOUSE = (Occasion.SUBMITTED, Occasion.RETURNED, Occasion.ACCEPTED)


def versions_seen_by(actor: Actor, report: Report) -> list[ReportVersion]:
    """All versions for the reporting unit, for others those that left it; oldest first."""
    versions = report.versions.select_related("made_by")
    if actor.unit is None or actor.unit.pk != report.unit_id:
        versions = versions.filter(occasion__in=LEFT_THE_HOUSE)
    return list(versions)


def answered_by(versions: Sequence[ReportVersion]) -> ReportVersion | None:
    """The version that the newest one answers: the last that was given back, if any."""
    back = (Occasion.RETURNED, Occasion.SENT_BACK)
    return next((one for one in reversed(versions[:-1]) if one.occasion in back), None)


def record_context(actor: Actor, report: Report) -> dict[str, Any]:
    """The sections with their comments, and the versions, for the page of a report."""
    sections = sections_with_comments(report, actor)
    versions = versions_seen_by(actor, report)
    return {
        "sections": sections,
        "is_written": any(section.text for section in sections),
        "open_comments": _unsettled(sections),
        "may_comment": _may(require_commenter, actor, report),
        "may_settle": report.state in WRITABLE and _may(require_writer, actor, report),
        "may_outline": _may(require_outliner, actor, report.plan),
        "versions": versions,
        "submitted": _last_submitted(versions),
        **_since_given_back(report, versions),
    }


def _unsettled(sections: Sequence[ReportSection]) -> int:
    return sum(one.settled_at is None for section in sections for one in section.comments.all())


def _may(check: Callable[[Actor, Any], None], actor: Actor, target: Report | Plan) -> bool:
    try:
        check(actor, target)
    except NotAllowed:
        return False
    return True


def _last_submitted(versions: Sequence[ReportVersion]) -> ReportVersion | None:
    return next((one for one in reversed(versions) if one.occasion == Occasion.SUBMITTED), None)


def _since_given_back(report: Report, versions: Sequence[ReportVersion]) -> dict[str, Any]:
    """For whoever decides now: the version that was given back, and the headings changed since."""
    deciding = report.state in (ReportState.PRESENTED, ReportState.SUBMITTED)
    before = answered_by(versions) if deciding and versions else None
    if before is None:
        return {"given_back": None, "changed": []}
    found = changes(before.content, versions[-1].content)
    return {"given_back": before, "changed": [one.title for one in found if one.is_changed]}
