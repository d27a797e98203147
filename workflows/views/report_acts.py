"""What people can do with a report, from presenting it to accepting it."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from tasks.models import Report, ReportComment, ReportSection
from workflows.actions import report_comments, reports
from workflows.forms import actions as forms
from workflows.views.act import Act


def _of_report(path: str) -> tuple[str, ...]:
    """What the page of an action shows of the report that lies under this path."""
    wanted = ("plan__document", "unit", "reviewer", "period")
    return tuple(f"{path}__{one}" for one in wanted)


report = partial(
    Act,
    target=Report.objects.select_related("plan__document", "unit", "reviewer", "period"),
    argument="report",
)

REPORT_ACTS: tuple[Act, ...] = (
    report(
        name="report_present",
        address="reports/<int:pk>/present/",
        check=reports.require_writer,
        form=forms.ConfirmForm,
        perform=reports.present_report,
        title=_("Present the report to the leader"),
        button=_("Present"),
        done=_("Presented. The leader is told."),
    ),
    report(
        name="report_send_back",
        address="reports/<int:pk>/send-back/",
        check=reports.require_leader,
        form=forms.GiveBackForm,
        perform=reports.send_back_report,
        title=_("Send the report back for rewriting"),
        button=_("Send back"),
        done=_("Sent back to the officers."),
    ),
    report(
        name="report_submit",
        address="reports/<int:pk>/submit/",
        check=reports.require_leader,
        form=forms.ConfirmForm,
        perform=reports.submit_report,
        title=_("Approve and submit the report"),
        button=_("Approve and submit"),
        done=_("Submitted. The receipt can be printed from this page."),
        consequence=_("The receiving unit gets it at once; it can no longer be edited here."),
    ),
    report(
        name="report_return",
        address="reports/<int:pk>/return/",
        check=reports.require_reviewer,
        form=forms.GiveBackForm,
        perform=reports.return_report,
        title=_("Return the report"),
        button=_("Return the report"),
        done=_("Returned. The same date applies again."),
        is_dangerous=True,
    ),
    report(
        name="report_accept",
        address="reports/<int:pk>/accept/",
        check=reports.require_reviewer,
        form=forms.ConfirmForm,
        perform=reports.accept_report,
        title=_("Accept the report"),
        button=_("Accept"),
        done=_("Accepted."),
    ),
    Act(
        name="report_comment",
        address="reports/sections/<int:pk>/comment/",
        target=ReportSection.objects.select_related(*_of_report("report")),
        argument="section",
        plan="report__plan",
        check=lambda actor, target: report_comments.require_commenter(actor, target.report),
        form=forms.CommentForm,
        perform=report_comments.comment_section,
        title=_("Comment on a section"),
        button=_("Keep the comment"),
        done=_("Kept. It goes along when you send the report back."),
    ),
    Act(
        name="report_comment_settle",
        address="reports/comments/<int:pk>/settle/",
        target=ReportComment.objects.select_related(*_of_report("section__report"), "made_by"),
        argument="comment",
        plan="section__report__plan",
        check=lambda actor, target: reports.require_writer(actor, target.section.report),
        form=forms.SettleForm,
        perform=report_comments.settle_comment,
        title=_("Settle a comment"),
        button=_("Settled"),
        done=_("Settled."),
    ),
)
