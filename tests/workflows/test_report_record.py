"""Versions that are kept of a report, and what is said to its sections."""

from __future__ import annotations

from typing import Any

import pytest

from tasks.models import Occasion, ReportComment, ReportState, SectionKind, Verb
from tests.workflows.acts import (
    LATER,
    last_event,
    presented,
    refused,
    report_of,
    small_world,
    submitted,
    written,
)
from tests.workflows.world import AT, World
from workflows.actions import reports
from workflows.actions.report_comments import comment_section, settle_comment
from workflows.errors import NotAllowed, Overtaken

pytestmark = pytest.mark.django_db


def comment(world: World, role: str = "focal", words: str = "Thiếu số liệu") -> ReportComment:
    section = report_of(world).sections.get(kind=SectionKind.RESULTS)
    return comment_section(section=section, actor=world.actor(role), at=LATER, words=words)


def settle(world: World, one: ReportComment, role: str = "own lead", words: str = "") -> None:
    settle_comment(comment=one, actor=world.actor(role), at=LATER, words=words)


def give_back(world: World, reason: str = "") -> None:
    about: dict[str, Any] = {"report": report_of(world), "at": LATER, "reason": reason}
    reports.return_report(actor=world.actor("focal"), **about)


def occasions(world: World) -> list[tuple[int, str]]:
    return list(report_of(world).versions.values_list("number", "occasion"))


class TestVersions:
    def test_each_change_of_hands_keeps_one(self) -> None:
        world = small_world(reports=True)
        submitted(world)
        give_back(world, "Viết lại")
        submitted(world)
        reports.accept_report(report=report_of(world), actor=world.actor("focal"), at=LATER)
        assert occasions(world) == [
            (1, Occasion.PRESENTED),
            (2, Occasion.SUBMITTED),
            (3, Occasion.RETURNED),
            (4, Occasion.PRESENTED),
            (5, Occasion.SUBMITTED),
            (6, Occasion.ACCEPTED),
        ]

    def test_version_keeps_the_text_that_is_rewritten_later(self) -> None:
        world = small_world(reports=True)
        presented(world)
        leader = world.actor("own lead's leader")
        reports.send_back_report(report=report_of(world), actor=leader, at=AT, reason="Viết lại")
        written(world, "Bản hai")
        first = report_of(world).versions.get(number=1)
        assert first.content["sections"][0]["text"] == "Đã làm"
        assert (first.made_by, first.made_at) == (world.people["own lead"], AT)

    def test_same_content_has_the_same_digest(self) -> None:
        world = small_world(reports=True)
        submitted(world)
        one, two = report_of(world).versions.all()
        assert len(one.digest) == 64
        two.content = dict(reversed(one.content.items()))
        assert two.digest == one.digest
        two.content = {"sections": []}
        assert two.digest != one.digest


class TestComments:
    @pytest.mark.parametrize(
        ("prepare", "role"), [(presented, "own lead's leader"), (submitted, "focal")]
    )
    def test_whoever_decides_next_comments(self, prepare: Any, role: str) -> None:
        world = small_world(reports=True)
        prepare(world)
        said = comment(world, role)
        assert (said.unit, said.made_by) == (world.actor(role).unit, world.people[role])
        assert last_event() == (Verb.REPORT_COMMENTED, str(said.unit), "")

    @pytest.mark.parametrize(
        ("prepare", "role"),
        [
            (written, "own lead's leader"),
            (written, "focal"),
            (presented, "own lead"),
            (presented, "focal"),
            (submitted, "own lead's leader"),
            (submitted, "other lead"),
            (submitted, "supervisor"),
        ],
    )
    def test_nobody_else_comments(self, prepare: Any, role: str) -> None:
        world = small_world(reports=True)
        prepare(world)
        with refused(NotAllowed):
            comment(world, role)

    def test_comment_needs_words(self) -> None:
        world = small_world(reports=True)
        submitted(world)
        with refused():
            comment(world, words=" \n")

    def test_comment_stands_for_the_reason_of_returning(self) -> None:
        world = small_world(reports=True)
        submitted(world)
        with refused():
            give_back(world)
        comment(world)
        give_back(world)
        assert report_of(world).state == ReportState.RETURNED
        assert last_event()[0] == Verb.REPORT_RETURNED
        assert last_event()[2] != ""

    def test_comment_of_the_leader_is_no_reason_of_the_receiver(self) -> None:
        world = small_world(reports=True)
        presented(world)
        comment(world, "own lead's leader")
        leader = world.actor("own lead's leader")
        reports.submit_report(report=report_of(world), actor=leader, at=AT)
        with refused():
            give_back(world)

    def test_writer_settles_it_once(self) -> None:
        world = small_world(reports=True)
        submitted(world)
        said = comment(world)
        give_back(world)
        settle(world, said, words="Đã bổ sung")
        said.refresh_from_db()
        assert (said.answer, said.settled_by) == ("Đã bổ sung", world.people["own lead"])
        assert last_event()[0] == Verb.REPORT_COMMENT_SETTLED
        with refused(Overtaken):
            settle(world, said)

    def test_nobody_settles_before_the_report_is_back_or_for_another_unit(self) -> None:
        world = small_world(reports=True)
        submitted(world)
        said = comment(world)
        with refused(Overtaken):
            settle(world, said)
        give_back(world)
        for role in ("focal", "other lead", "supervisor"):
            with refused(NotAllowed):
                settle(world, said, role)

    def test_only_the_two_units_see_what_was_said(self) -> None:
        world = small_world(reports=True)
        submitted(world)
        comment(world)
        seen = {
            name: ReportComment.objects.seen_by(unit).count() for name, unit in world.units.items()
        }
        assert seen == {
            "lead": 1, "focal": 1, "other_lead": 0, "coordinator": 0, "stranger": 0, "issuer": 0,
        }  # fmt: skip

    def test_leaders_words_stay_in_the_house(self) -> None:
        world = small_world(reports=True)
        presented(world)
        comment(world, "own lead's leader")
        assert not ReportComment.objects.seen_by(world.units["focal"]).exists()
