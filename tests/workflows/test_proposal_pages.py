"""The pages of proposals: what each unit is shown and offered, and how much it costs."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tasks.models import Deadline, Proposal
from tests.workflows.world import AT, World, lead_part, make_world
from workflows.actions import assignment, proposals, work
from workflows.actions.proposals import Addressee
from workflows.inbox import Bucket, inbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = make_world()
    part = lead_part(world.plan, world.units["lead"])
    assignment.acknowledge(participation=part, actor=world.actor("own lead"), at=AT)
    return world


def propose(world: World, words: str = "Tăng kinh phí", unit: str = "focal") -> Proposal:
    return proposals.raise_proposal(
        participation=lead_part(world.plan, world.units["lead"]),
        actor=world.actor("own lead"),
        at=AT,
        words=words,
        addressee=Addressee(world.units[unit]),
    )


def offered(world: World, role: str, proposal: Proposal) -> set[str]:
    page = world.client(role).get(reverse("proposal", args=[proposal.pk]))
    return {offer.name for offer in page.context["offers"]}


def test_each_unit_is_offered_its_own_verbs(world: World) -> None:
    proposal = propose(world)
    assert offered(world, "focal", proposal) == {
        "proposal_answer",
        "proposal_refuse",
        "proposal_pass_on",
    }
    assert offered(world, "own lead", proposal) == {"proposal_withdraw"}
    assert offered(world, "read-only", proposal) == set()
    assert offered(world, "other lead", proposal) == set()


def test_tabs_tell_what_is_ours_to_answer_from_what_we_proposed(world: World) -> None:
    propose(world)
    propose(world, "Tập huấn", "stranger")
    address = reverse("proposal_list")
    seen = {}
    for role in ("focal", "own lead", "other unit"):
        page = world.client(role).get(address)
        seen[role] = {name: count for name, _label, count in page.context["tabs"]}
    assert seen == {
        "focal": {"mine": 1, "ours": 0, "all": 2},
        "own lead": {"mine": 0, "ours": 2, "all": 2},
        "other unit": {"mine": 1, "ours": 0, "all": 2},
    }


def test_what_is_written_in_a_report_is_seen_by_its_own_unit_only(world: World) -> None:
    report = world.plan.reports.get(unit=world.units["lead"])
    written = proposals.write_proposal(
        report=report,
        actor=world.actor("own lead"),
        at=AT,
        words="Chưa trình",
        addressee=Addressee(world.units["focal"]),
    )
    address = reverse("proposal_list") + "?tab=all"
    counts = {
        role: len(world.client(role).get(address).context["rows"]) for role in ("own lead", "focal")
    }
    assert counts == {"own lead": 1, "focal": 0}
    page = reverse("proposal", args=[written.pk])
    assert world.client("own lead").get(page).status_code == 200
    assert world.client("focal").get(page).status_code == 404
    for address in (reverse("home"), reverse("report", args=[report.pk])):
        assert "Chưa trình" not in world.client("focal").get(address).content.decode()


def test_register_costs_the_same_for_one_proposal_and_thirty(world: World) -> None:
    client, address = world.client("focal"), reverse("proposal_list")
    propose(world)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for number in range(29):
        propose(world, f"Đề nghị {number}")
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(address).context["rows"]) == 30
    assert len(many) == len(one)


def test_workbook_has_the_filtered_lines_with_dates_as_dates(world: World) -> None:
    propose(world)
    propose(world, "=HYPERLINK()", "stranger")
    answer = world.client("focal").get(reverse("proposal_export") + "?tab=all")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert {row[2] for row in rows} == {"Tăng kinh phí", "'=HYPERLINK()"}
    assert str(rows[0][5]) == "2023-03-30 00:00:00"
    assert sheet.auto_filter.ref == "A1:K3"


def test_inbox_of_whoever_must_answer_holds_proposals_and_obstacles(world: World) -> None:
    proposal = propose(world)
    obstacle = work.raise_obstacle(
        participation=lead_part(world.plan, world.units["lead"]),
        actor=world.actor("own lead"),
        at=AT,
        words="Thiếu vốn",
    )
    due = Deadline.objects.get(proposal=proposal).due_on
    rows = inbox(world.actor("focal"), today=due.replace(day=31))
    told = [(row.bucket, row.subject) for row in rows if row.question]
    assert told == [(Bucket.OVERDUE, obstacle), (Bucket.OVERDUE, proposal)]
    assert not [row for row in inbox(world.actor("read-only"), today=due) if row.question]


def test_late_answer_stands_on_the_page_of_the_supervisor(world: World) -> None:
    proposal = propose(world, unit="stranger")
    Deadline.objects.filter(proposal=proposal).update(due_on="2023-03-01")
    page = world.client("supervisor").get(reverse("supervise") + "?kind=answer")
    assert reverse("proposal", args=[proposal.pk]) in page.content.decode()


def test_refused_form_comes_back_with_what_was_typed(world: World) -> None:
    proposal = propose(world)
    address = reverse("proposal_pass_on", args=[proposal.pk])
    page = world.client("focal").post(address, {"reason": "Không thuộc thẩm quyền"})
    assert page.status_code == 422
    assert "Không thuộc thẩm quyền" in page.content.decode()
