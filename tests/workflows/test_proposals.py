"""Proposals: raised with a report or on an item, answered, refused, passed on, withdrawn."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks.models import (
    Deadline,
    DeadlineKind,
    Proposal,
    ProposalState,
    ReportState,
)
from tests.workflows.acts import (
    LATER,
    acknowledged,
    last_event,
    presented,
    refused,
    report_of,
    small_world,
    submitted,
    versions,
    written,
)
from tests.workflows.world import AT, World
from workflows.access import visible_plans
from workflows.actions import proposals, reports, supervision, work
from workflows.actions.proposals import Addressee, Letter
from workflows.errors import ActionRefused, NotAllowed, Overtaken

pytestmark = pytest.mark.django_db
ASKED = "Đề nghị bố trí kinh phí"


def raised(world: World, unit: str = "focal", name: str = "") -> Proposal:
    return proposals.raise_proposal(
        participation=acknowledged(world),
        actor=world.actor("own lead"),
        at=AT,
        words=ASKED,
        addressee=Addressee(None if name else world.units[unit], name),
    )


def in_report(world: World, unit: str = "stranger") -> Proposal:
    return proposals.write_proposal(
        report=report_of(world),
        actor=world.actor("own lead"),
        at=AT,
        words=ASKED,
        addressee=Addressee(world.units[unit]),
    )


def fresh(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_related("addressee", "plan__focal_unit").get(pk=proposal.pk)


def clock(proposal: Proposal) -> Deadline:
    return proposal.answer_deadlines.order_by("-pk")[0]


def test_proposal_on_an_item_gives_its_addressee_ten_working_days() -> None:
    world = small_world()
    deadline = clock(raised(world))
    assert (deadline.kind, deadline.unit) == (DeadlineKind.PROPOSAL, world.units["focal"])
    assert deadline.due_on == dt.date(2023, 3, 30)
    assert last_event() == ("proposal_raised", str(world.units["lead"]), ASKED)


def test_addressee_without_a_part_sees_the_plan_once_it_is_asked() -> None:
    world = small_world()
    stranger = world.actor("other unit")
    assert not visible_plans(stranger).exists()
    proposal = raised(world, "stranger")
    assert list(visible_plans(stranger)) == [world.plan]
    proposals.answer_proposal(proposal=proposal, actor=stranger, at=LATER, words="Đồng ý")
    found = fresh(proposal)
    assert (found.state, found.answer, found.answered_by) == (
        ProposalState.ANSWERED,
        "Đồng ý",
        stranger.person,
    )
    assert clock(proposal).fulfilled_on == dt.date(2023, 3, 23)


@pytest.mark.parametrize("role", ["own lead", "other lead", "focal", "supervisor", "read-only"])
def test_only_staff_of_the_addressee_answers(role: str) -> None:
    world = small_world()
    proposal = raised(world, "coordinator")
    with refused(NotAllowed):
        proposals.answer_proposal(proposal=proposal, actor=world.actor(role), at=AT, words="Đồng ý")


def test_refusal_needs_its_reason_and_ends_the_proposal() -> None:
    world = small_world()
    proposal, focal = raised(world), world.actor("focal")
    with refused():
        proposals.refuse_proposal(proposal=proposal, actor=focal, at=AT, reason=" ")
    proposals.refuse_proposal(proposal=proposal, actor=focal, at=AT, reason="Chưa có nguồn")
    assert fresh(proposal).state == ProposalState.REFUSED
    with refused(Overtaken):
        proposals.answer_proposal(proposal=proposal, actor=focal, at=AT, words="Đồng ý")


def test_passing_on_moves_the_answer_to_the_new_addressee_with_the_whole_time() -> None:
    world = small_world()
    proposal = raised(world)
    proposals.pass_on_proposal(
        proposal=proposal,
        actor=world.actor("focal"),
        at=LATER,
        addressee=Addressee(world.units["stranger"]),
        reason="Thuộc thẩm quyền của Sở",
    )
    deadline = clock(proposal)
    assert deadline.unit == world.units["stranger"]
    assert versions(deadline) == [
        (1, dt.date(2023, 3, 30), ""),
        (2, dt.date(2023, 4, 6), "Thuộc thẩm quyền của Sở"),
    ]
    with refused(NotAllowed):
        proposals.answer_proposal(
            proposal=proposal, actor=world.actor("focal"), at=LATER, words="Đồng ý"
        )


def test_proposal_to_a_body_outside_is_answered_by_the_focal_unit_with_its_letter() -> None:
    world = small_world()
    proposal, focal = raised(world, name="Bộ Khoa học và Công nghệ"), world.actor("focal")
    assert clock(proposal).unit == world.units["focal"]
    with refused():
        proposals.answer_proposal(proposal=proposal, actor=focal, at=LATER, words="Đồng ý")
    with refused():
        tomorrow = Letter("12/BKHCN-VP", dt.date(2023, 3, 24))
        proposals.answer_proposal(
            proposal=proposal, actor=focal, at=LATER, words="Đồng ý", letter=tomorrow
        )
    letter = Letter("12/BKHCN-VP", dt.date(2023, 3, 22))
    proposals.answer_proposal(
        proposal=proposal, actor=focal, at=LATER, words="Đồng ý", letter=letter
    )
    found = fresh(proposal)
    assert (found.letter_number, found.letter_date) == ("12/BKHCN-VP", dt.date(2023, 3, 22))


def test_proposal_must_name_somebody_else() -> None:
    world = small_world(reports=True)
    with refused():
        in_report(world, "lead")
    with refused():
        proposals.write_proposal(
            report=report_of(world),
            actor=world.actor("own lead"),
            at=AT,
            words=ASKED,
            addressee=Addressee(None, "  "),
        )


def test_proposal_of_a_report_is_due_once_the_report_is_handed_in() -> None:
    world = small_world(reports=True)
    proposal = in_report(world)
    assert proposal.state == ProposalState.WRITTEN
    assert not proposal.answer_deadlines.exists()
    assert not visible_plans(world.actor("other unit")).exists()
    submitted(world)
    assert fresh(proposal).state == ProposalState.OPEN
    assert clock(proposal).unit == world.units["stranger"]


def test_written_proposal_can_be_changed_and_one_handed_in_cannot() -> None:
    world = small_world(reports=True)
    proposal = in_report(world)
    change = {
        "report": report_of(world),
        "actor": world.actor("own lead"),
        "at": AT,
        "proposal": proposal,
        "words": "Đề nghị tập huấn",
        "addressee": Addressee(world.units["focal"]),
    }
    proposals.write_proposal(**change)
    assert (fresh(proposal).words, fresh(proposal).addressee) == (
        "Đề nghị tập huấn",
        world.units["focal"],
    )
    presented(world)
    with refused(Overtaken):
        proposals.write_proposal(**change)


def test_returned_report_takes_back_what_nobody_answered() -> None:
    world = small_world(reports=True)
    answered, waiting = in_report(world, "focal"), in_report(world)
    focal = world.actor("focal")
    submitted(world)
    proposals.answer_proposal(proposal=answered, actor=focal, at=AT, words="Đồng ý")
    reports.return_report(report=report_of(world), actor=focal, at=AT, reason="Bổ sung")
    assert [fresh(one).state for one in (answered, waiting)] == ["answered", "written"]
    assert clock(waiting).closed_at
    assert not clock(waiting).fulfilled_on
    written(world)
    submitted_again = submitted(world)
    assert submitted_again.state == ReportState.SUBMITTED
    assert [fresh(one).state for one in (answered, waiting)] == ["answered", "open"]
    assert waiting.answer_deadlines.filter(closed_at__isnull=True).count() == 1


def test_proposer_withdraws_with_a_reason() -> None:
    world = small_world()
    proposal = raised(world)
    with refused(NotAllowed):
        proposals.withdraw_proposal(
            proposal=proposal, actor=world.actor("focal"), at=AT, reason="Không cần"
        )
    with refused(ActionRefused):
        proposals.withdraw_proposal(proposal=proposal, actor=world.actor("own lead"), at=AT)
    proposals.withdraw_proposal(
        proposal=proposal, actor=world.actor("own lead"), at=AT, reason="Đã giải quyết"
    )
    assert fresh(proposal).state == ProposalState.WITHDRAWN
    assert clock(proposal).closed_at
    assert not clock(proposal).fulfilled_on


def test_what_is_only_written_is_removed_without_a_reason() -> None:
    world = small_world(reports=True)
    proposal = in_report(world)
    proposals.withdraw_proposal(proposal=proposal, actor=world.actor("own lead"), at=AT)
    assert fresh(proposal).state == ProposalState.WITHDRAWN
    assert last_event()[0] == "proposal_removed"


def test_obstacle_without_an_answer_becomes_a_proposal() -> None:
    world = small_world()
    part, own = acknowledged(world), world.actor("own lead")
    obstacle = work.raise_obstacle(participation=part, actor=own, at=AT, words="Thiếu kinh phí")
    given = {"participation": part, "actor": own, "at": LATER, "words": ASKED}
    addressee = Addressee(world.units["issuer"])
    proposals.raise_proposal(**given, addressee=addressee, obstacle=obstacle)
    assert obstacle.answer_deadlines.get().closed_at == LATER
    with refused(Overtaken):
        work.answer_obstacle(obstacle=obstacle, actor=world.actor("focal"), at=LATER, words="x")
    with refused(Overtaken):
        proposals.raise_proposal(**given, addressee=addressee, obstacle=obstacle)


def test_plan_with_an_open_proposal_is_not_closed() -> None:
    world = small_world()
    raised(world)
    top = world.actor("supervisor")
    supervision.cancel_item(item=world.plan.items.get(), actor=top, at=AT, reason="x")
    with refused():
        supervision.close_plan(plan=world.plan, actor=top, at=AT)
