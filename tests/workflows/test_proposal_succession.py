"""Proposals of units that come and go: whoever carries on asks, and answers."""

from __future__ import annotations

import pytest

from tasks.models import Proposal
from tests.factories import lead_part, make_actor, make_plan, make_unit
from tests.workflows.test_succession import AT, admin, rename
from workflows.access import Actor
from workflows.actions import proposals
from workflows.actions.assignment import acknowledge
from workflows.actions.proposals import Addressee

pytestmark = pytest.mark.django_db
__all__ = ["admin"]


def raised() -> Proposal:
    lead, asked = make_unit("Sở A"), make_unit("Sở B")
    part, actor = lead_part(make_plan(leads=[lead])), make_actor(lead)
    acknowledge(participation=part, actor=actor, at=AT)
    return proposals.raise_proposal(
        participation=part, actor=actor, at=AT, words="Tăng vốn", addressee=Addressee(asked)
    )


def test_successor_of_the_addressee_answers_by_the_same_date(admin: Actor) -> None:
    proposal = raised()
    assert proposal.addressee is not None
    due_on = proposal.answer_deadlines.get().due_on
    heir = rename(proposal.addressee, admin)
    deadline = proposal.answer_deadlines.get()
    assert (deadline.unit, deadline.due_on) == (heir, due_on)
    proposals.answer_proposal(proposal=proposal, actor=make_actor(heir), at=AT, words="Đồng ý")
    assert Proposal.objects.get().addressee == heir


def test_successor_of_the_proposing_unit_may_withdraw(admin: Actor) -> None:
    proposal = raised()
    heir = rename(proposal.unit, admin)
    assert Proposal.objects.get().unit == heir
    proposals.withdraw_proposal(proposal=proposal, actor=make_actor(heir), at=AT, reason="Thôi")
    assert Proposal.objects.get().state == "withdrawn"
