"""What people can do with proposals and with obstacles that wait: lines of the table of actions."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from tasks.models import Obstacle, Proposal, Report
from workflows.access import Actor
from workflows.actions import assignment, proposals, reports, work
from workflows.forms import actions as forms
from workflows.forms import proposals as own_forms
from workflows.views.act import PARTS, Act

PROPOSALS = Proposal.objects.select_related(
    "unit", "addressee", "report", "plan__document", "plan__focal_unit", "plan__issuer"
)
OBSTACLES = Obstacle.objects.select_related(
    "passed_to",
    "participation__unit",
    "participation__item__plan__document",
    "participation__item__plan__focal_unit",
    "participation__item__plan__issuer",
)
proposal = partial(Act, target=PROPOSALS, argument="proposal")
obstacle = partial(Act, target=OBSTACLES, argument="obstacle", plan="participation__item__plan")


def _require_writer(actor: Actor, target: Proposal) -> None:
    """Whoever writes the report may change what is only written in it."""
    if target.report is None:
        proposals.require_proposer(actor, target)
    else:
        reports.require_writer(actor, target.report)


def _change(*, proposal: Proposal, **given: Any) -> None:
    assert proposal.report is not None
    proposals.write_proposal(report=proposal.report, proposal=proposal, **given)


def _propose(*, obstacle: Obstacle, **given: Any) -> None:
    proposals.raise_proposal(participation=obstacle.participation, obstacle=obstacle, **given)


PROPOSAL_ACTS: tuple[Act, ...] = (
    obstacle(
        name="obstacle_answer",
        address="obstacles/<int:pk>/answer/",
        check=work.require_obstacle_answerer,
        form=forms.AnswerForm,
        perform=work.answer_obstacle,
        title=_("Answer the obstacle"),
        button=_("Send the answer"),
        done=_("Answered."),
    ),
    obstacle(
        name="obstacle_pass_on",
        address="obstacles/<int:pk>/pass-on/",
        check=lambda actor, target: assignment.require_focal(actor, target.participation),
        form=forms.ReasonForm,
        perform=work.pass_on_obstacle,
        title=_("Pass the obstacle on to the issuing unit"),
        button=_("Pass it on"),
        done=_("Passed on. The issuing unit is asked to answer."),
        consequence=_("The issuing unit has its own time to answer."),
    ),
    obstacle(
        name="obstacle_propose",
        address="obstacles/<int:pk>/propose/",
        check=lambda actor, target: work.require_lead(actor, target.participation),
        form=own_forms.ObstacleProposalForm,
        perform=_propose,
        title=_("Make the obstacle a proposal"),
        button=_("Send the proposal"),
        done=_("Sent. The unit it is addressed to has a date for its answer."),
        consequence=_("The answer to the obstacle is no longer waited for."),
    ),
    Act(
        name="proposal_raise",
        address="parts/<int:pk>/propose/",
        target=PARTS,
        argument="participation",
        plan="item__plan",
        check=work.require_lead,
        form=own_forms.ProposalForm,
        perform=proposals.raise_proposal,
        title=_("Make a proposal"),
        button=_("Send the proposal"),
        done=_("Sent. The unit it is addressed to has a date for its answer."),
    ),
    Act(
        name="proposal_write",
        address="reports/<int:pk>/propose/",
        target=Report.objects.select_related("plan__document", "unit", "reviewer", "period"),
        argument="report",
        check=reports.require_writer,
        form=own_forms.ProposalForm,
        perform=proposals.write_proposal,
        title=_("Add a proposal to the report"),
        button=_("Add the proposal"),
        done=_("Added. Whoever it is addressed to is asked when the report is submitted."),
    ),
    proposal(
        name="proposal_change",
        address="proposals/<int:pk>/change/",
        check=_require_writer,
        form=own_forms.ProposalChangeForm,
        perform=_change,
        title=_("Change the proposal"),
        button=_("Save the proposal"),
        done=_("Saved."),
    ),
    proposal(
        name="proposal_answer",
        address="proposals/<int:pk>/answer/",
        check=proposals.require_answerer,
        form=own_forms.ProposalAnswerForm,
        perform=proposals.answer_proposal,
        title=_("Answer the proposal"),
        button=_("Send the answer"),
        done=_("Answered. The unit that proposed it is told."),
    ),
    proposal(
        name="proposal_refuse",
        address="proposals/<int:pk>/refuse/",
        check=proposals.require_answerer,
        form=own_forms.ProposalRefusalForm,
        perform=proposals.refuse_proposal,
        title=_("Refuse the proposal"),
        button=_("Refuse with this reason"),
        done=_("Refused. The unit that proposed it is told why."),
        is_dangerous=True,
    ),
    proposal(
        name="proposal_pass_on",
        address="proposals/<int:pk>/pass-on/",
        check=proposals.require_answerer,
        form=own_forms.PassOnForm,
        perform=proposals.pass_on_proposal,
        title=_("Pass the proposal on"),
        button=_("Pass it on"),
        done=_("Passed on. The new addressee has its own time to answer."),
        consequence=_("The new addressee has the whole time for the answer."),
    ),
    proposal(
        name="proposal_withdraw",
        address="proposals/<int:pk>/withdraw/",
        check=proposals.require_proposer,
        form=own_forms.WithdrawalForm,
        perform=proposals.withdraw_proposal,
        title=_("Withdraw the proposal"),
        button=_("Withdraw the proposal"),
        done=_("Withdrawn."),
        consequence=_("Nobody is asked to answer it any more."),
        is_dangerous=True,
    ),
)
