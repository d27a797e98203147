"""What is said about single sections of a report, and settling it."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from tasks.models import WRITABLE, Report, ReportComment, ReportSection, ReportState, Verb
from workflows.access import Actor
from workflows.actions.base import locked_report, needed, record
from workflows.actions.reports import require_leader, require_reviewer, require_writer
from workflows.errors import NotAllowed, Overtaken


def comment_section(
    *, section: ReportSection, actor: Actor, at: dt.datetime, words: str
) -> ReportComment:
    """Say something about a section: the unit's leader before it is submitted, then the receiver.

    The words are for the two units only, so the event does not repeat them.
    """
    words = needed(words)
    with locked_report(section.report) as report:
        require_commenter(actor, report)
        assert actor.unit is not None
        comment = ReportComment.objects.create(
            section=section, words=words, unit=actor.unit, made_by=actor.person, made_at=at
        )
        _record(Verb.REPORT_COMMENTED, comment, report, actor, at)
        return comment


def settle_comment(
    *, comment: ReportComment, actor: Actor, at: dt.datetime, words: str = ""
) -> None:
    """The writers have dealt with it; `words` may say how. Raises `Overtaken` the second time."""
    with locked_report(comment.section.report) as report:
        require_writer(actor, report)
        fresh = ReportComment.objects.select_related("section").get(pk=comment.pk)
        if fresh.settled_at is not None:
            raise Overtaken(_("A colleague settled this comment already."))
        if report.state not in WRITABLE:
            raise Overtaken(_("The report has left your desk; it cannot be edited now."))
        fresh.answer, fresh.settled_by, fresh.settled_at = words.strip(), actor.person, at
        fresh.save()
        _record(Verb.REPORT_COMMENT_SETTLED, fresh, report, actor, at)


def _record(
    verb: Verb, comment: ReportComment, report: Report, actor: Actor, at: dt.datetime
) -> None:
    details = {"sections": [comment.section.title]}
    record(verb, actor=actor, at=at, plan=report.plan, report=report, details=details)


def require_commenter(actor: Actor, report: Report) -> None:
    """Whoever decides on the report next may comment on it."""
    if report.state == ReportState.PRESENTED:
        require_leader(actor, report)
    elif report.state == ReportState.SUBMITTED:
        require_reviewer(actor, report)
    else:
        raise NotAllowed(
            _("A report is commented on while it lies before the leader or the receiving unit.")
        )
