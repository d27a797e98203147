"""Which tab of "my work" each situation is in, for each unit."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.workflows.acts import (
    acknowledged,
    claimed,
    completed,
    declined,
    item_of,
    part_of,
    presented,
    report_of,
    small_world,
    submitted,
    written,
)
from tests.workflows.world import AT, DAY, World
from workflows.access import Actor
from workflows.actions import reports, supervision, work
from workflows.inbox import Bucket, inbox, offers_by_seed

pytestmark = pytest.mark.django_db

IN_JUNE, IN_JULY = dt.date(2023, 6, 1), dt.date(2023, 7, 3)


def rows(world: World, role: str, today: dt.date = DAY) -> list[tuple[Bucket, list[str]]]:
    """The tab of each row and what can be done there, most urgent first."""
    found = inbox(world.actor(role), today=today)
    return [(row.bucket, [offer.name for offer in row.offers]) for row in found]


CARRY_OUT = ["progress", "claim", "obstacle", "extension_request", "proposal_raise"]
ACKNOWLEDGE = ["acknowledge", "decline"]


def test_new_assignment_is_to_acknowledge() -> None:
    world = small_world()
    for role in ("own lead", "own lead's leader", "other lead", "own coordinator"):
        assert rows(world, role) == [(Bucket.ACKNOWLEDGE, ACKNOWLEDGE)]
    for role in ("read-only", "other unit", "focal", "supervisor"):
        assert rows(world, role) == []


@pytest.mark.parametrize(
    ("today", "bucket"),
    [(dt.date(2023, 3, 22), Bucket.ACKNOWLEDGE), (dt.date(2023, 3, 23), Bucket.OVERDUE)],
)
def test_unanswered_assignment_turns_overdue(today: dt.date, bucket: Bucket) -> None:
    assert rows(small_world(), "own lead", today) == [(bucket, ACKNOWLEDGE)]


@pytest.mark.parametrize(
    ("today", "bucket"),
    [
        (IN_JUNE, Bucket.ONGOING),
        (dt.date(2023, 6, 20), Bucket.ONGOING),
        (dt.date(2023, 6, 21), Bucket.SOON),
        (dt.date(2023, 6, 30), Bucket.SOON),
        (dt.date(2023, 7, 1), Bucket.OVERDUE),
    ],
)
def test_work_moves_from_under_way_to_overdue(today: dt.date, bucket: Bucket) -> None:
    world = small_world()
    acknowledged(world)
    assert rows(world, "own lead", today) == [(bucket, CARRY_OUT)]


def test_acknowledged_coordinator_has_nothing_to_do() -> None:
    world = small_world()
    acknowledged(world, "coordinator", "own coordinator")
    assert rows(world, "own coordinator") == []


def test_declined_part_is_for_the_focal_unit_to_decide() -> None:
    world = small_world()
    declined(world)
    assert rows(world, "focal") == [(Bucket.DECIDE, ["reassign", "insist"])]
    assert rows(world, "own lead") == [(Bucket.WAITING, [])]


def test_claimed_part_is_for_the_focal_unit_to_judge() -> None:
    world = small_world()
    claimed(world)
    assert rows(world, "focal", IN_JULY) == [(Bucket.DECIDE, ["accept", "return_work"])]
    assert rows(world, "own lead", IN_JULY) == [(Bucket.WAITING, [])]


def test_returned_part_is_under_way_again() -> None:
    world = small_world()
    part = claimed(world)
    focal = world.actor("focal")
    work.return_completion(participation=part, actor=focal, at=AT, reason="Thiếu")
    assert rows(world, "own lead", IN_JUNE) == [(Bucket.ONGOING, CARRY_OUT)]
    assert rows(world, "own lead", IN_JULY) == [(Bucket.OVERDUE, CARRY_OUT)]
    assert rows(world, "focal") == []


def test_accepted_part_leaves_the_list() -> None:
    world = small_world()
    work.accept_completion(participation=claimed(world), actor=world.actor("focal"), at=AT)
    assert rows(world, "own lead") == []
    assert rows(world, "focal") == []


def test_completed_item_leaves_every_list() -> None:
    world = small_world()
    completed(world)
    assert [rows(world, role) for role in world.people] == [[]] * len(world.people)


def test_suspended_item_leaves_the_list_until_it_is_resumed() -> None:
    world = small_world()
    acknowledged(world)
    supervisor = world.actor("supervisor")
    supervision.suspend_item(item=item_of(world), actor=supervisor, at=AT, reason="Chờ")
    assert rows(world, "own lead") == []
    assert offers_by_seed(world.actor("own lead"), item_of(world)) == {}
    supervision.resume_item(item=item_of(world), actor=supervisor, at=AT)
    assert rows(world, "own lead") == [(Bucket.ONGOING, CARRY_OUT)]


def test_cancelled_item_leaves_the_list() -> None:
    world = small_world()
    supervision.cancel_item(
        item=item_of(world), actor=world.actor("supervisor"), at=AT, reason="Thôi"
    )
    assert rows(world, "own lead") == []


def test_report_waits_for_its_writer_then_its_leader_then_its_reader() -> None:
    world = small_world(reports=True)
    completed(world)
    assert rows(world, "own lead") == [(Bucket.ONGOING, ["report_edit"])]
    written(world)
    assert rows(world, "own lead") == [(Bucket.ONGOING, ["report_edit", "report_present"])]
    presented(world)
    assert rows(world, "own lead") == []
    approving = [(Bucket.DECIDE, ["report_submit", "report_send_back"])]
    assert rows(world, "own lead's leader") == approving


def test_submitted_report_is_for_the_receiving_unit_to_decide() -> None:
    world = small_world(reports=True)
    completed(world)
    submitted(world)
    assert rows(world, "own lead") == [(Bucket.WAITING, [])]
    decide, own = rows(world, "focal")
    assert decide == (Bucket.DECIDE, ["report_accept", "report_return"])
    assert own == (Bucket.ONGOING, ["report_edit"])
    reports.accept_report(report=report_of(world), actor=world.actor("focal"), at=AT)
    assert rows(world, "own lead") == []


@pytest.mark.parametrize(
    ("today", "bucket"),
    [
        (dt.date(2023, 11, 28), Bucket.ONGOING),
        (dt.date(2023, 11, 29), Bucket.SOON),
        (dt.date(2023, 12, 10), Bucket.SOON),
        (dt.date(2023, 12, 11), Bucket.OVERDUE),
    ],
)
def test_report_due_on_a_sunday_is_late_on_monday(today: dt.date, bucket: Bucket) -> None:
    world = small_world(reports=True)
    completed(world)
    assert [found for found, _offers in rows(world, "own lead", today)] == [bucket]


def test_rows_come_most_urgent_first() -> None:
    world = small_world(reports=True)
    acknowledged(world)
    tabs = [bucket for bucket, _offers in rows(world, "own lead", IN_JULY)]
    assert tabs == [Bucket.OVERDUE, Bucket.ONGOING]


def test_person_without_a_unit_has_an_empty_list() -> None:
    world = small_world()
    assert inbox(Actor(world.people["own lead"], None), today=DAY) == []


def test_offers_name_the_usual_choice_first_and_the_grave_one() -> None:
    world = small_world()
    part = part_of(world)
    offers = offers_by_seed(world.actor("own lead"), part.item)[part.pk]
    marks = [(offer.name, offer.is_primary, offer.is_dangerous) for offer in offers]
    assert marks == [("acknowledge", True, False), ("decline", False, True)]
