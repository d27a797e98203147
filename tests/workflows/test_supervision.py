"""Suspending, resuming, cancelling, urging, taking note, and closing."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks.models import (
    Deadline,
    Event,
    FollowUp,
    ItemState,
    OverdueNotice,
    ParticipationState,
    Plan,
    PlanState,
    SectionKind,
    Verb,
)
from tests.workflows.acts import (
    DUE,
    LATER,
    acknowledged,
    answer_deadline,
    claimed,
    completed,
    item_deadline,
    item_of,
    last_event,
    open_nodes,
    part_of,
    refused,
    report_of,
    small_world,
)
from tests.workflows.world import AT, World
from workflows.actions import extensions, reports, supervision
from workflows.actions.reports import texts_by_kind
from workflows.errors import NotAllowed, Overtaken

pytestmark = pytest.mark.django_db


def suspend(world: World, role: str = "supervisor", reason: str = "Chờ kinh phí") -> None:
    supervision.suspend_item(item=item_of(world), actor=world.actor(role), at=AT, reason=reason)


def resume(world: World) -> None:
    supervision.resume_item(item=item_of(world), actor=world.actor("supervisor"), at=LATER)


def cancel(world: World, role: str = "supervisor", reason: str = "Không còn cần") -> None:
    supervision.cancel_item(item=item_of(world), actor=world.actor(role), at=LATER, reason=reason)


def close(world: World, role: str = "supervisor") -> None:
    supervision.close_plan(plan=world.plan, actor=world.actor(role), at=LATER)


def closed_plan() -> World:
    world = small_world()
    cancel(world)
    close(world)
    return world


def test_suspending_stops_every_clock_of_the_item() -> None:
    world = small_world()
    claimed(world)
    suspend(world)
    assert item_of(world).state == ItemState.SUSPENDED
    open_ones = Deadline.objects.filter(closed_at__isnull=True)
    assert set(open_ones.values_list("paused_at", flat=True)) == {AT}
    assert item_deadline(part_of(world)).paused_at is None
    assert last_event() == (Verb.SUSPENDED, str(world.units["issuer"]), "Chờ kinh phí")


@pytest.mark.parametrize(
    ("started", "state"), [(False, ItemState.ISSUED), (True, ItemState.IN_PROGRESS)]
)
def test_resuming_goes_back_to_where_it_stood(started: bool, state: ItemState) -> None:
    world = small_world()
    if started:
        acknowledged(world)
    suspend(world)
    resume(world)
    assert (item_of(world).state, item_of(world).state_before_suspension) == (state, "")
    assert not Deadline.objects.filter(paused_at__isnull=False).exists()
    assert item_deadline(part_of(world)).due_on == DUE
    assert last_event()[0] == Verb.RESUMED


def test_resumed_item_can_be_acknowledged() -> None:
    world = small_world()
    suspend(world)
    resume(world)
    assert acknowledged(world).state == ParticipationState.ACKNOWLEDGED


def test_suspending_twice_and_resuming_what_runs_are_overtaken() -> None:
    world = small_world()
    with refused(Overtaken):
        resume(world)
    suspend(world)
    with refused(Overtaken):
        suspend(world)


def test_suspending_and_cancelling_need_a_reason() -> None:
    world = small_world()
    with refused():
        suspend(world, reason="")
    with refused():
        cancel(world, reason=" ")


@pytest.mark.parametrize("role", ["own lead's leader", "focal's leader", "issuing officer"])
def test_only_the_issuers_leader_suspends_and_cancels(role: str) -> None:
    world = small_world()
    with refused(NotAllowed):
        suspend(world, role)
    with refused(NotAllowed):
        cancel(world, role)


def test_cancelling_ends_every_part_and_clock() -> None:
    world = small_world()
    acknowledged(world)
    cancel(world)
    item = item_of(world)
    states = set(item.participations.values_list("state", flat=True))
    assert (item.state, states) == (ItemState.CANCELLED, {ParticipationState.CANCELLED})
    assert not Deadline.objects.filter(closed_at__isnull=True).exists()
    assert item_deadline(part_of(world)).fulfilled_on is None
    assert open_nodes(item) == []
    assert last_event() == (Verb.CANCELLED, str(world.units["issuer"]), "Không còn cần")


def test_cancelling_keeps_what_was_done() -> None:
    world = small_world()
    part = acknowledged(world)
    cancel(world)
    assert answer_deadline(part).fulfilled_on == dt.date(2023, 3, 16)
    assert Event.objects.filter(verb=Verb.ACKNOWLEDGED).count() == 1


def test_suspended_item_can_be_cancelled() -> None:
    world = small_world()
    suspend(world)
    cancel(world)
    assert item_of(world).state == ItemState.CANCELLED


@pytest.mark.parametrize("act", [suspend, resume, cancel])
def test_finished_item_cannot_be_changed(act: object) -> None:
    world = small_world()
    completed(world)
    assert callable(act)
    with refused(Overtaken):
        act(world)


@pytest.mark.parametrize("role", ["focal", "focal's leader", "supervisor"])
def test_follow_up_is_recorded(role: str) -> None:
    world = small_world()
    deadline = item_deadline(part_of(world))
    supervision.follow_up(
        deadline=deadline, actor=world.actor(role), at=LATER, words=" Đề nghị khẩn trương "
    )
    sent = FollowUp.objects.get()
    assert (sent.deadline, sent.words, sent.sent_by, sent.sent_at) == (
        deadline,
        "Đề nghị khẩn trương",
        world.people[role],
        LATER,
    )
    event = Event.objects.order_by("-pk")[0]
    assert (event.verb, event.deadline) == (Verb.FOLLOWED_UP, deadline)


@pytest.mark.parametrize("role", ["own lead", "own lead's leader", "own coordinator", "other unit"])
def test_follow_up_and_notice_are_for_overseers(role: str) -> None:
    world = small_world()
    deadline = item_deadline(part_of(world))
    with refused(NotAllowed):
        supervision.follow_up(deadline=deadline, actor=world.actor(role), at=AT)
    with refused(NotAllowed):
        supervision.take_notice(deadline=deadline, actor=world.actor(role), at=AT)


def test_follow_up_of_handed_in_work_is_overtaken() -> None:
    world = small_world()
    deadline = item_deadline(claimed(world))
    with refused(Overtaken):
        supervision.follow_up(deadline=deadline, actor=world.actor("focal"), at=AT)
    with refused(Overtaken):
        supervision.take_notice(deadline=deadline, actor=world.actor("supervisor"), at=AT)


def test_notice_is_taken_once_by_each_leader() -> None:
    world = small_world()
    deadline = item_deadline(part_of(world))
    for role in ("supervisor", "supervisor", "focal's leader"):
        supervision.take_notice(deadline=deadline, actor=world.actor(role), at=LATER)
    assert OverdueNotice.objects.count() == 2
    assert Event.objects.filter(verb=Verb.NOTICE_TAKEN).count() == 2


def test_notice_holds_for_one_version_of_the_date() -> None:
    world = small_world()
    part = acknowledged(world)
    supervisor = world.actor("supervisor")
    supervision.take_notice(deadline=item_deadline(part), actor=supervisor, at=AT)
    extension = extensions.request_extension(
        participation=part,
        actor=world.actor("own lead"),
        at=AT,
        due_on=dt.date(2023, 9, 30),
        reason="x",
    )
    extensions.grant_extension(extension=extension, actor=supervisor, at=AT)
    supervision.take_notice(deadline=item_deadline(part), actor=supervisor, at=LATER)
    taken = OverdueNotice.objects.order_by("version").values_list("version", flat=True)
    assert list(taken) == [1, 2]


@pytest.mark.parametrize("role", ["supervisor", "focal", "focal's leader"])
def test_finished_plan_can_be_closed(role: str) -> None:
    world = small_world()
    completed(world)
    close(world, role)
    plan = Plan.objects.get()
    assert (plan.state, plan.closed_at) == (PlanState.CLOSED, LATER)
    assert last_event()[0] == Verb.PLAN_CLOSED


def test_plan_with_open_items_cannot_be_closed() -> None:
    world = small_world()
    with refused():
        close(world)


def test_plan_with_open_reports_cannot_be_closed() -> None:
    world = small_world(reports=True)
    cancel(world)
    with refused():
        close(world)


def test_plan_is_closed_once_and_not_by_a_lead() -> None:
    world = small_world()
    cancel(world)
    with refused(NotAllowed):
        close(world, "own lead's leader")
    close(world)
    with refused(Overtaken):
        close(world)


def test_closed_plan_refuses_every_change_of_its_items() -> None:
    world = closed_plan()
    with refused():
        acknowledged(world)
    with refused():
        suspend(world)
    with refused():
        supervision.follow_up(
            deadline=item_deadline(part_of(world)), actor=world.actor("supervisor"), at=AT
        )


def test_closed_plan_refuses_a_report() -> None:
    world = small_world(reports=True)
    Plan.objects.filter(pk=world.plan.pk).update(state=PlanState.CLOSED, closed_at=AT)
    report = report_of(world)
    texts = texts_by_kind(report, {SectionKind.RESULTS: "Đã làm"})
    with refused():
        reports.save_report(report=report, actor=world.actor("own lead"), at=AT, texts=texts)
