"""Ladders in the database: shipped, replaced, and answers with a clock of their own."""

import datetime as dt

import pytest

from notifications.book import Book, climbing, kind_of
from notifications.defaults import DEFAULTS
from notifications.fire import fire_due
from notifications.kinds import LadderKind
from notifications.models import Ladder, LadderRung, Message, ScheduledRung
from notifications.plan import plan_deadlines
from notifications.shipping import ship_ladders
from tasks.models import Deadline, DeadlineKind, Extension, Report
from tests.factories import ISSUED_AT, lead_part, make_plan, make_unit
from tests.notifications.scene import Scene, at, make_scene, rungs, told
from workflows.access import Actor
from workflows.actions import assignment, extensions, work

pytestmark = pytest.mark.django_db
RAISED = at(2023, 6, 12, 9)


def at_work(scene: Scene) -> Actor:
    actor = Actor(scene.officer, scene.unit)
    assignment.acknowledge(participation=scene.part, actor=actor, at=ISSUED_AT)
    return actor


def asked_for_time(scene: Scene) -> Extension:
    return extensions.request_extension(
        participation=scene.part,
        actor=at_work(scene),
        at=RAISED,
        due_on=dt.date(2023, 7, 31),
        reason="Chờ hướng dẫn",
    )


def test_shipped_ladders_are_the_defaults_and_are_shipped_once() -> None:
    ship_ladders()
    shipped = {
        LadderKind(ladder.kind): [
            (rung.key, rung.audience, rung.repeat_every) for rung in ladder.in_order()
        ]
        for ladder in Ladder.objects.prefetch_related("rungs")
    }
    assert shipped == {
        kind: [(rung.key, rung.audience, rung.repeat_every) for rung in rungs]
        for kind, rungs in DEFAULTS.items()
    }


def test_ship_lays_schedules_of_an_earlier_release_anew() -> None:
    scene = make_scene()
    deadline = scene.only(DeadlineKind.ITEM)
    ScheduledRung.objects.filter(rung="before-10").update(state="fired", fired_at=ISSUED_AT)
    ScheduledRung.objects.update(step=None)
    LadderRung.objects.all().delete()
    Ladder.objects.all().delete()
    ship_ladders()
    assert plan_deadlines(at=at(2023, 6, 20)) == 1
    states = {(rung, state) for _version, rung, state, _reason in rungs(deadline)}
    assert ("before-10", "planned") not in states
    assert {rung for rung, state in states if state == "planned"} == {
        "before-3",
        "day",
        "after-1",
        "after-3",
        "after-5",
    }


def test_coordinating_unit_climbs_a_ladder_that_stops_at_the_focal_unit() -> None:
    lead, helper = make_unit(), make_unit()
    plan = make_plan(leads=[lead], coordinating=[helper])
    kinds = {
        deadline.unit: kind_of(deadline)
        for deadline in Deadline.objects.filter(plan=plan, kind="acknowledgement")
    }
    assert kinds == {lead: LadderKind.ACKNOWLEDGEMENT, helper: LadderKind.COORDINATION}
    found = Deadline.objects.filter(climbing(LadderKind.COORDINATION))
    assert [deadline.unit for deadline in found] == [helper]
    top = Book([plan.pk]).page(LadderKind.COORDINATION).rungs[-1]
    assert (top.audience, top.repeat_every) == (("focal", "leader"), 5)


def test_presented_report_reminds_the_leader_who_has_to_approve_it() -> None:
    scene = make_scene()
    scene.only(DeadlineKind.REPORT)
    Report.objects.filter(pk=scene.report.pk).update(state="presented")
    fire_due(at=at(2023, 12, 5))
    assert told() == {(scene.leader, "reminder", "leader")}
    assert Message.objects.filter(recipient=scene.leader)[0].facts["presented"] is True


def test_unanswered_obstacle_climbs_from_the_focal_unit_to_the_supervisor() -> None:
    scene = make_scene()
    work.raise_obstacle(
        participation=scene.part, actor=at_work(scene), at=RAISED, words="Thiếu kinh phí"
    )
    deadline = scene.only(DeadlineKind.OBSTACLE)
    assert (deadline.unit, deadline.due_on) == (scene.plan.focal_unit, dt.date(2023, 6, 15))
    climb = []
    for day in (15, 16, 20):
        Message.objects.all().delete()
        fire_due(at=at(2023, 6, day))
        climb.append({person for person, _kind, _audience in told()})
    focal = {scene.focal, scene.focal_leader}
    assert climb == [{scene.focal}, focal, {scene.supervisor, scene.focal_leader}]


def test_answer_closes_the_clock_of_the_obstacle() -> None:
    scene = make_scene()
    obstacle = work.raise_obstacle(
        participation=scene.part, actor=at_work(scene), at=RAISED, words="Thiếu kinh phí"
    )
    focal = Actor(scene.focal, scene.plan.focal_unit)
    work.answer_obstacle(obstacle=obstacle, actor=focal, at=at(2023, 6, 14), words="Đã bổ sung")
    deadline = Deadline.objects.get(obstacle=obstacle)
    assert (deadline.closed_at, deadline.fulfilled_on) == (at(2023, 6, 14), dt.date(2023, 6, 14))


def test_undecided_extension_reminds_the_supervisor_until_it_is_decided() -> None:
    scene = make_scene()
    extension = asked_for_time(scene)
    deadline = scene.only(DeadlineKind.EXTENSION)
    assert (deadline.unit, deadline.due_on) == (scene.plan.issuer, dt.date(2023, 6, 15))
    fire_due(at=at(2023, 6, 15))
    assert told() == {(scene.supervisor, "due_today", "supervisor")}
    extensions.refuse_extension(
        extension=extension,
        actor=Actor(scene.supervisor, scene.plan.issuer),
        at=at(2023, 6, 15, 9),
        reason="Không có lý do mới",
    )
    assert fire_due(at=at(2023, 6, 20)) == 0


def test_work_handed_in_stops_the_clock_of_its_extension() -> None:
    scene = make_scene()
    extension = asked_for_time(scene)
    actor = Actor(scene.officer, scene.unit)
    work.claim_completion(participation=scene.part, actor=actor, at=at(2023, 6, 13), words="Xong")
    deadline = extension.answer_deadlines.get()
    assert (deadline.closed_at, deadline.fulfilled_on) == (at(2023, 6, 13), None)
    focal = Actor(scene.focal, scene.plan.focal_unit)
    part = lead_part(scene.plan, scene.unit)
    work.return_completion(participation=part, actor=focal, at=at(2023, 6, 14), reason="Thiếu")
    deadline.refresh_from_db()
    assert (deadline.closed_at, deadline.version) == (None, 2)
