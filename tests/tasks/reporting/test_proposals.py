"""What a report lists of proposals and obstacles, and what became of each."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict

import pytest
from django.utils import translation

from tasks.models import Proposal, Report, SectionKind
from tasks.reporting.prefill import prefill
from tasks.reporting.proposals import obstacles_of, proposals_of
from tests.workflows.acts import LATER, acknowledged, report_of, small_world, submitted
from tests.workflows.world import AT, World
from workflows.actions import proposals, work
from workflows.actions.proposals import Addressee

pytestmark = pytest.mark.django_db


def write(world: World, words: str, unit: str = "focal") -> Proposal:
    return proposals.write_proposal(
        report=report_of(world),
        actor=world.actor("own lead"),
        at=AT,
        words=words,
        addressee=Addressee(world.units[unit]),
    )


@pytest.fixture
def world() -> World:
    """One report with three proposals: answered, refused, still open elsewhere."""
    world = small_world(reports=True)
    first, second = write(world, "Tăng kinh phí"), write(world, "Thêm biên chế")
    write(world, "Tập huấn", "stranger")
    submitted(world)
    focal = world.actor("focal")
    proposals.answer_proposal(proposal=first, actor=focal, at=LATER, words="Đã bố trí")
    proposals.refuse_proposal(proposal=second, actor=focal, at=LATER, reason="Hết chỉ tiêu")
    return world


def consolidated(world: World) -> Report:
    return Report.objects.get(plan=world.plan, is_consolidated=True)


def test_consolidated_report_lists_every_proposal_with_what_became_of_it(world: World) -> None:
    lines = proposals_of(consolidated(world))
    assert [(one.words, one.state) for one in lines] == [
        ("Tăng kinh phí", "answered"),
        ("Thêm biên chế", "refused"),
        ("Tập huấn", "open"),
    ]
    with translation.override("en"):
        assert [one.outcome for one in lines] == [
            "Answered on 23 Mar 2023: Đã bố trí.",
            "Refused on 23 Mar 2023. Reason: Hết chỉ tiêu.",
            "Not answered yet (due on 30 Mar 2023).",
        ]
    assert {one.report for one in lines} == {report_of(world).pk}
    assert json.loads(json.dumps(asdict(lines[0])))["answered_on"] == "2023-03-23"


def test_what_is_only_written_or_was_withdrawn_is_not_consolidated(world: World) -> None:
    third = Proposal.objects.get(words="Tập huấn")
    actor = world.actor("own lead")
    proposals.withdraw_proposal(proposal=third, actor=actor, at=LATER, reason="Đã có lớp")
    report = Report.objects.get(unit=world.units["other_lead"])
    proposals.write_proposal(
        report=report,
        actor=world.actor("other lead"),
        at=LATER,
        words="Chưa trình",
        addressee=Addressee(world.units["focal"]),
    )
    told = [one.words for one in proposals_of(consolidated(world))]
    assert told == ["Tăng kinh phí", "Thêm biên chế"]
    assert [one.words for one in proposals_of(report)] == ["Chưa trình"]


def test_first_text_of_the_consolidated_report_names_the_outcomes(world: World) -> None:
    report = consolidated(world)
    texts = prefill(report, today=dt.date(2023, 12, 12), language="en")
    section = report.sections.get(kind=SectionKind.PROPOSALS)
    name, focal = world.units["lead"].name, world.units["focal"].name
    assert texts[section.pk].splitlines()[-3:] == [
        f"- {name} proposes to {focal}: Tăng kinh phí. Answered on 23 Mar 2023: Đã bố trí.",
        f"- {name} proposes to {focal}: Thêm biên chế."
        " Refused on 23 Mar 2023. Reason: Hết chỉ tiêu.",
        f"- {name} proposes to {world.units['stranger'].name}: Tập huấn."
        " Not answered yet (due on 30 Mar 2023).",
    ]


def test_obstacle_is_listed_with_who_was_asked_and_the_answer() -> None:
    world = small_world(reports=True)
    given = {"actor": world.actor("own lead"), "at": AT}
    obstacle = work.raise_obstacle(participation=acknowledged(world), words="Thiếu vốn", **given)
    focal = world.actor("focal")
    work.pass_on_obstacle(obstacle=obstacle, actor=focal, at=LATER, reason="Vượt thẩm quyền")
    (line,) = obstacles_of(consolidated(world))
    assert (line.unit, line.asked, line.answer) == (
        world.units["lead"].name,
        world.units["issuer"].name,
        "",
    )
    work.answer_obstacle(
        obstacle=obstacle, actor=world.actor("issuing officer"), at=LATER, words="Bổ sung vốn"
    )
    (line,) = obstacles_of(consolidated(world))
    assert (line.answer, line.answered_on) == ("Bổ sung vốn", "2023-03-23")
