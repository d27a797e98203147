"""What the pages say about proposals: what somebody can do with one, those of a report."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from tasks.models import WRITABLE, PlanState, Proposal, ProposalState, Report
from tasks.proposals import rows_of, shown_to, with_clock
from tasks.queries import working_calendar
from workflows.access import Actor
from workflows.inbox import Offer


def offers_on(actor: Actor, proposal: Proposal) -> list[Offer]:
    """What the actor can do with the proposal, the usual choice first."""
    if proposal.plan.state == PlanState.CLOSED:
        return []
    offers: list[Offer] = []
    if proposal.state == ProposalState.OPEN and actor.may(
        "act_for_unit", unit=proposal.answering_unit
    ):
        offers += _answers(proposal)
    if _may_change(actor, proposal):
        offers.append(Offer("proposal_change", _("Change"), proposal.pk, not offers))
    if _may_withdraw(actor, proposal):
        offers.append(Offer("proposal_withdraw", _("Withdraw"), proposal.pk, is_dangerous=True))
    return offers


def _answers(proposal: Proposal) -> list[Offer]:
    return [
        Offer("proposal_answer", _("Answer"), proposal.pk, is_primary=True),
        Offer("proposal_refuse", _("Refuse"), proposal.pk),
        Offer("proposal_pass_on", _("Pass on"), proposal.pk),
    ]


def _may_change(actor: Actor, proposal: Proposal) -> bool:
    report = proposal.report
    return bool(
        proposal.state == ProposalState.WRITTEN
        and report is not None
        and report.state in WRITABLE
        and actor.may("act_for_unit", unit=proposal.unit)
    )


def _may_withdraw(actor: Actor, proposal: Proposal) -> bool:
    if proposal.state == ProposalState.WRITTEN:
        return _may_change(actor, proposal)
    is_open = proposal.state == ProposalState.OPEN
    return bool(is_open and actor.may("act_for_unit", unit=proposal.unit))


def proposals_on_report(report: Report, actor: Actor, *, today: dt.date) -> dict[str, Any]:
    """The proposals of a report for its page, and whether the actor may add some. Two queries."""
    shown = report.proposals.filter(shown_to(actor.unit))
    found = with_clock(shown.exclude(state=ProposalState.WITHDRAWN))
    found = found.order_by("raised_at", "pk")
    writes = report.state in WRITABLE and actor.may("act_for_unit", unit=report.unit)
    return {
        "proposals": [
            (row, offers_on(actor, row.proposal))
            for row in rows_of(found, today=today, calendar=working_calendar())
        ],
        "adds_proposals": writes and report.plan.state != PlanState.CLOSED,
    }
