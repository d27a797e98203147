"""The whole list of what people can do here.

Each line of `ACTS` names the form, who may see it, and the one function that does it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from tasks.models import Deadline, Extension, Plan, PlanItem
from workflows.access import Actor
from workflows.actions import assignment, extensions, supervision, work
from workflows.forms import actions as forms
from workflows.views.act import PARTS, Act
from workflows.views.duty_acts import DUTY_ACTS
from workflows.views.proposal_acts import PROPOSAL_ACTS
from workflows.views.report_acts import REPORT_ACTS

part = partial(Act, target=PARTS, argument="participation", plan="item__plan")
item = partial(
    Act,
    target=PlanItem.objects.select_related("plan__document", "plan__issuer", "section"),
    argument="item",
    check=extensions.require_supervisor,
)
deadline = partial(
    Act,
    target=Deadline.objects.select_related(
        "plan__document",
        "plan__issuer",
        "plan__focal_unit",
        "unit",
        "participation__item__plan__document",
        "report__period",
        "proposal__plan__document",
        "proposal__addressee",
    ),
    argument="deadline",
    check=lambda actor, target: supervision.require_overseer(actor, target.plan),
)


def _decide(
    *, extension: Extension, actor: Actor, at: Any, decision: str, words: str, due_on: Any
) -> None:
    if decision == "grant":
        extensions.grant_extension(
            extension=extension, actor=actor, at=at, words=words, due_on=due_on
        )
    else:
        extensions.refuse_extension(extension=extension, actor=actor, at=at, reason=words)


ACTS: tuple[Act, ...] = (
    part(
        name="acknowledge",
        address="parts/<int:pk>/acknowledge/",
        check=assignment.require_own,
        form=forms.AcknowledgeForm,
        perform=assignment.acknowledge,
        title=_("Acknowledge the assignment"),
        button=_("Acknowledge"),
        done=_("Acknowledged. The issuing side can see it now."),
    ),
    part(
        name="decline",
        address="parts/<int:pk>/decline/",
        check=assignment.require_own,
        form=forms.ReasonForm,
        perform=assignment.decline,
        title=_("Decline the assignment"),
        button=_("Decline with this reason"),
        done=_("Declined. The focal unit will answer."),
        consequence=_("The focal unit will re-assign the work or keep the assignment."),
        is_dangerous=True,
    ),
    part(
        name="insist",
        address="parts/<int:pk>/insist/",
        check=assignment.require_focal,
        form=forms.AnswerForm,
        perform=assignment.insist,
        title=_("Keep the assignment"),
        button=_("Keep the assignment"),
        done=_("Kept. The unit is asked again to acknowledge."),
    ),
    part(
        name="reassign",
        address="parts/<int:pk>/reassign/",
        check=assignment.require_focal,
        form=forms.ReassignForm,
        perform=assignment.reassign,
        title=_("Re-assign the work"),
        button=_("Re-assign"),
        done=_("Re-assigned. The new unit is asked to acknowledge."),
        consequence=_("The date stays the same; the new unit has its own time to acknowledge."),
    ),
    part(
        name="progress",
        address="parts/<int:pk>/progress/",
        check=work.require_lead,
        form=forms.ProgressForm,
        perform=work.update_progress,
        title=_("Update progress"),
        button=_("Save progress"),
        done=_("Progress saved."),
    ),
    part(
        name="obstacle",
        address="parts/<int:pk>/obstacle/",
        check=work.require_lead,
        form=forms.ObstacleForm,
        perform=work.raise_obstacle,
        title=_("Raise an obstacle"),
        button=_("Send to the focal unit"),
        done=_("Sent. The focal unit will answer."),
    ),
    part(
        name="extension_request",
        address="parts/<int:pk>/extension/",
        check=work.require_lead,
        form=forms.ExtensionForm,
        perform=extensions.request_extension,
        title=_("Ask for an extension"),
        button=_("Ask for the extension"),
        done=_("Asked. The present date stays in force until the decision."),
    ),
    part(
        name="claim",
        address="parts/<int:pk>/claim/",
        check=work.require_lead,
        form=forms.ClaimForm,
        perform=work.claim_completion,
        title=_("Report completion"),
        button=_("Report completion"),
        done=_("Reported. The focal unit will accept it or return it."),
    ),
    part(
        name="accept",
        address="parts/<int:pk>/accept/",
        check=work.require_judge,
        form=forms.RemarkForm,
        perform=work.accept_completion,
        title=_("Accept the completion"),
        button=_("Accept"),
        done=_("Accepted."),
    ),
    part(
        name="return_work",
        address="parts/<int:pk>/return/",
        check=work.require_judge,
        form=forms.ReasonForm,
        perform=work.return_completion,
        title=_("Return the work"),
        button=_("Return with this reason"),
        done=_("Returned. The same date applies again."),
        is_dangerous=True,
    ),
    Act(
        name="extension_decide",
        address="extensions/<int:pk>/decide/",
        target=Extension.objects.select_related(
            "deadline__participation__unit",
            "deadline__participation__item__plan__document",
            "deadline__participation__item__plan__issuer",
            "requested_by",
        ),
        argument="extension",
        plan="deadline__plan",
        check=lambda actor, target: extensions.require_supervisor(
            actor, target.deadline.participation.item
        ),
        form=forms.DecideForm,
        perform=_decide,
        title=_("Decide on the extension"),
        button=_("Decide"),
        done=_("Decided. The unit is told."),
    ),
    item(
        name="suspend",
        address="items/<int:pk>/suspend/",
        form=forms.ReasonForm,
        perform=supervision.suspend_item,
        title=_("Suspend the item"),
        button=_("Suspend with this reason"),
        done=_("Suspended. Its clocks stand still."),
        consequence=_("All clocks of the item stand still and nobody is reminded."),
        is_dangerous=True,
    ),
    item(
        name="resume",
        address="items/<int:pk>/resume/",
        form=forms.OptionalReasonForm,
        perform=supervision.resume_item,
        title=_("Resume the item"),
        button=_("Resume"),
        done=_("Resumed. The dates are what they were."),
    ),
    item(
        name="cancel",
        address="items/<int:pk>/cancel/",
        form=forms.ReasonForm,
        perform=supervision.cancel_item,
        title=_("Cancel the item"),
        button=_("Cancel the item for good"),
        done=_("Cancelled. Nothing more is expected."),
        consequence=_("This cannot be undone. Everything stays readable."),
        is_dangerous=True,
    ),
    *REPORT_ACTS,
    deadline(
        name="follow_up",
        address="deadlines/<int:pk>/follow-up/",
        form=forms.FollowUpForm,
        perform=supervision.follow_up,
        title=_("Follow up"),
        button=_("Send the official reminder"),
        done=_("The reminder is on its way, and on the record."),
    ),
    deadline(
        name="take_notice",
        address="deadlines/<int:pk>/notice/",
        form=forms.ConfirmForm,
        perform=supervision.take_notice,
        title=_("Take note of the delay"),
        button=_("Noted"),
        done=_("Noted. You will not be reminded of this delay again."),
        consequence=_("The repeated alerts stop. The delay itself stays visible."),
    ),
    Act(
        name="plan_close",
        address="plans/<int:pk>/close/",
        target=Plan.objects.select_related("document", "issuer", "focal_unit"),
        argument="plan",
        plan="pk",
        check=supervision.require_overseer,
        form=forms.ConfirmForm,
        perform=supervision.close_plan,
        title=_("Close the plan"),
        button=_("Close the plan for good"),
        done=_("Closed. It stays readable."),
        consequence=_("This cannot be undone. Everything stays readable."),
        is_dangerous=True,
    ),
    *PROPOSAL_ACTS,
    *DUTY_ACTS,
)
