"""The traps of viewflow that `docs/architecture.md` names: each test fails without the care."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections
from django.test import Client
from django.urls import get_resolver, reverse
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import STATUS

from tasks.models import Event, Participation, ParticipationState, PlanItem, Role, Verb
from tests.factories import lead_part, make_actor, make_plan, make_unit
from tests.workflows.world import AT, make_world
from workflows.access import Actor, revoke_participation
from workflows.actions import assignment, work
from workflows.errors import ActionRefused, NotAllowed, Overtaken
from workflows.flows import PlanItemFlow, ReportFlow
from workflows.models import UnitRoleGroup


def process_of_item(item: PlanItem) -> Any:
    content_type = ContentType.objects.get_for_model(PlanItem)
    return Process.objects.get(artifact_content_type=content_type, artifact_object_id=item.pk)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_sixteen_leads_at_once_join_exactly_once() -> None:
    """With viewflow's default lock the last acceptances make several joins and a stuck process."""
    units = [make_unit() for _ in range(16)]
    focal = make_unit()
    plan = make_plan(leads=units, focal=focal, report_on=None, consolidated_on=None)
    actors = [make_actor(unit) for unit in units]
    judge = make_actor(focal)
    parts = [lead_part(plan, unit) for unit in units]
    failures = run_together(
        [
            _act(assignment.acknowledge, part, actor)
            for part, actor in zip(parts, actors, strict=True)
        ]
    )
    for part, actor in zip(parts, actors, strict=True):
        work.claim_completion(participation=part, actor=actor, at=AT, words="x")
    failures += run_together([_act(work.accept_completion, part, judge) for part in parts])
    process = process_of_item(plan.items.get())
    joins = Task.objects.filter(process=process, flow_task=PlanItemFlow.all_leads_done)
    assert failures == []
    assert [join.status for join in joins] == [STATUS.DONE]
    assert process.status == STATUS.DONE
    assert plan.items.get().state == "completed"
    assert Event.objects.filter(verb=Verb.ITEM_COMPLETED).count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_people_acknowledging_at_once_leave_one_event() -> None:
    plan = make_plan(report_on=None, consolidated_on=None)
    part = lead_part(plan)
    actors = [make_actor(part.unit), make_actor(part.unit)]
    failures = run_together([_act(assignment.acknowledge, part, actor) for actor in actors])
    assert [type(failure) for failure in failures] == [Overtaken]
    assert Event.objects.filter(verb=Verb.ACKNOWLEDGED).count() == 1


def _act(action: Any, part: Participation, actor: Actor) -> Any:
    return lambda: action(participation=part, actor=actor, at=AT)


def run_together(calls: list[Any]) -> list[Exception]:
    """Run the calls in as many threads, released at once; return what they raised."""
    failures: list[Exception] = []
    barrier = threading.Barrier(len(calls))

    def run(call: Any) -> None:
        try:
            barrier.wait()
            call()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.django_db
def test_flows_lock_the_process_row() -> None:
    from viewflow.workflow.lock import SelectForUpdateLock

    assert isinstance(PlanItemFlow.lock_impl, SelectForUpdateLock)
    assert isinstance(ReportFlow.lock_impl, SelectForUpdateLock)


@pytest.mark.django_db
def test_step_of_one_unit_is_closed_to_the_other_lead() -> None:
    """The stock node would ask about the process, on which both units have rights."""
    world = make_world()
    part = lead_part(world.plan, world.units["lead"])
    with pytest.raises(NotAllowed):
        assignment.acknowledge(participation=part, actor=world.actor("other lead"), at=AT)
    step = Task.objects.get(
        flow_task=PlanItemFlow.acknowledge, seed_object_id=part.pk, status=STATUS.NEW
    )
    assert step.flow_task.can_assign(world.people["other lead"], step) is False
    assert step.flow_task.can_assign(world.people["own lead"], step) is True


@pytest.mark.django_db
def test_owner_of_a_step_loses_it_with_the_permission() -> None:
    """The stock node only compares the owner, and still says yes after a revocation."""
    world = make_world()
    part = lead_part(world.plan, world.units["lead"])
    step = Task.objects.get(flow_task=PlanItemFlow.acknowledge, seed_object_id=part.pk)
    person = world.people["own lead"]
    step.owner = person
    assert step.flow_task.can_execute(person, step) is True
    UnitRoleGroup.objects.filter(unit=part.unit).first().group.user_set.clear()
    person.groups.clear()
    again = type(person).objects.get(pk=person.pk)
    assert step.flow_task.can_execute(again, step) is False


@pytest.mark.django_db
def test_revoked_participation_is_refused_at_once() -> None:
    world = make_world()
    part = lead_part(world.plan, world.units["lead"])
    revoke_participation(part)
    response = world.client("own lead").post(reverse("acknowledge", args=[part.pk]))
    assert response.status_code == 403
    assert Participation.objects.get(pk=part.pk).state == ParticipationState.ASSIGNED


@pytest.mark.django_db
def test_no_address_takes_a_step_of_another_process() -> None:
    """viewflow's own addresses name a process and a task that need not belong together."""
    names = {key for key in get_resolver().reverse_dict if isinstance(key, str)}
    assert names & {"execute", "undo", "revive", "assign", "unassign", "cancel_process"} == set()
    world, other = make_world(), make_world()
    foreign = lead_part(other.plan, other.units["lead"])
    response = world.client("own lead").post(reverse("acknowledge", args=[foreign.pk]))
    assert response.status_code == 404
    assert Participation.objects.get(pk=foreign.pk).state == ParticipationState.ASSIGNED


@pytest.mark.django_db
def test_stock_queue_and_pages_are_out_of_reach() -> None:
    world = make_world()
    for address in ("/workflow/", "/workflow/inbox/", "/planitem/", "/report/"):
        assert world.client("own lead").get(address).status_code == 404


@pytest.mark.django_db
def test_inbox_costs_the_same_for_one_item_and_thirty(django_assert_max_num_queries: Any) -> None:
    """viewflow's `user_queue` asks twice for every grant."""
    counts = [_queries_of_home(items) for items in (1, 30)]
    assert counts[0] == counts[1]


def _queries_of_home(items: int) -> int:
    from django.test.utils import CaptureQueriesContext

    world = make_world(items=items)
    client: Client = world.client("own lead")
    client.get(reverse("home"))
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse("home")).status_code == 200
    return len(captured)


@pytest.mark.django_db
def test_silent_coordinator_does_not_hold_up_the_lead() -> None:
    world = make_world()
    item = world.plan.items.get()
    for name in ("lead", "other_lead"):
        role = "own lead" if name == "lead" else "other lead"
        part = lead_part(world.plan, world.units[name])
        assignment.acknowledge(participation=part, actor=world.actor(role), at=AT)
        work.claim_completion(participation=part, actor=world.actor(role), at=AT, words="x")
        work.accept_completion(participation=part, actor=world.actor("focal"), at=AT)
    assert PlanItem.objects.get(pk=item.pk).state == "completed"
    silent = item.participations.get(role=Role.COORDINATING)
    assert silent.state == ParticipationState.ASSIGNED
    assert not silent.deadlines.filter(closed_at__isnull=True).exists()


@pytest.mark.django_db
def test_state_cannot_be_set_past_the_transitions() -> None:
    plan = make_plan()
    with pytest.raises(AttributeError):
        lead_part(plan).state = ParticipationState.ACCEPTED


@pytest.mark.django_db
def test_refused_action_leaves_nothing_behind() -> None:
    world = make_world()
    part = lead_part(world.plan, world.units["lead"])
    before = (Event.objects.count(), Task.objects.count())
    with pytest.raises(ActionRefused):
        work.claim_completion(participation=part, actor=world.actor("own lead"), at=AT, words="x")
    assert (Event.objects.count(), Task.objects.count()) == before
