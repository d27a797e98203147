"""Steps that several action tests take, and what they look at afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from tasks.models import (
    Deadline,
    DeadlineKind,
    DeadlineVersion,
    Event,
    Evidence,
    Extension,
    Membership,
    Participation,
    Person,
    Plan,
    PlanItem,
    ProgressUpdate,
    Proposal,
    Report,
    ReportComment,
    ReportSection,
    ReportVersion,
    SectionKind,
)
from tests.factories import make_plan, make_unit
from tests.workflows.world import AT, DAY, POSTS, World
from workflows.access import sync_memberships
from workflows.actions import assignment, reports, work
from workflows.actions.reports import texts_by_kind
from workflows.errors import ActionRefused
from workflows.models import PlanItemGroupObjectPermission

LATER = AT + dt.timedelta(days=7)
DUE = dt.date(2023, 6, 30)
UNITS = ("lead", "other_lead", "coordinator", "stranger", "focal", "issuer")


def small_world(*, reports: bool = False) -> World:
    """`make_world` for action tests: people enter their posts at once, reports only if asked."""
    units = {unit: make_unit(may_issue=unit == "issuer") for unit in UNITS}
    people = {}
    for number, (role, (unit, post)) in enumerate(POSTS.items()):
        person = Person.objects.create(username=f"p{number}-{units[unit].pk}", full_name=role)
        Membership.objects.create(person=person, unit=units[unit], role=post)
        people[role] = person
    plan = make_plan(
        leads=[units["lead"], units["other_lead"]],
        coordinating=[units["coordinator"]],
        focal=units["focal"],
        issuer=units["issuer"],
        report_on=dt.date(2023, 12, 10) if reports else None,
        consolidated_on=dt.date(2023, 12, 20) if reports else None,
    )
    sync_memberships(today=DAY)
    return World(units, people, plan)


def part_of(world: World, unit: str = "lead") -> Participation:
    """The present state of a unit's part, read afresh."""
    return Participation.objects.select_related("item__plan", "unit").get(
        item__plan=world.plan, unit=world.units[unit]
    )


def item_of(world: World) -> PlanItem:
    return PlanItem.objects.select_related("plan").get(plan=world.plan)


def acknowledged(world: World, unit: str = "lead", role: str = "own lead") -> Participation:
    assignment.acknowledge(participation=part_of(world, unit), actor=world.actor(role), at=AT)
    return part_of(world, unit)


def declined(world: World, unit: str = "lead", role: str = "own lead") -> Participation:
    assignment.decline(
        participation=part_of(world, unit), actor=world.actor(role), at=AT, reason="Không phù hợp"
    )
    return part_of(world, unit)


def claimed(world: World, unit: str = "lead", role: str = "own lead") -> Participation:
    part = acknowledged(world, unit, role)
    work.claim_completion(participation=part, actor=world.actor(role), at=AT, words="Xong")
    return part_of(world, unit)


def completed(world: World) -> PlanItem:
    """Both leads are accepted; the coordinator never answered."""
    for unit, role in (("lead", "own lead"), ("other_lead", "other lead")):
        part = claimed(world, unit, role)
        work.accept_completion(participation=part, actor=world.actor("focal"), at=AT)
    return item_of(world)


def report_of(world: World, unit: str = "lead") -> Report:
    return Report.objects.get(plan=world.plan, unit=world.units[unit])


def written(world: World, results: str = "Đã làm") -> Report:
    report = report_of(world)
    return reports.save_report(
        report=report,
        actor=world.actor("own lead"),
        at=AT,
        texts=texts_by_kind(report, {SectionKind.RESULTS: results}),
    )


def presented(world: World) -> Report:
    reports.present_report(report=written(world), actor=world.actor("own lead"), at=AT)
    return report_of(world)


def submitted(world: World) -> Report:
    leader = world.actor("own lead's leader")
    reports.submit_report(report=presented(world), actor=leader, at=AT)
    return report_of(world)


def item_deadline(part: Participation) -> Deadline:
    return Deadline.objects.get(participation=part, kind=DeadlineKind.ITEM)


def answer_deadline(part: Participation) -> Deadline:
    """The latest deadline to acknowledge."""
    kind = DeadlineKind.ACKNOWLEDGEMENT
    return Deadline.objects.filter(participation=part, kind=kind).order_by("-pk")[0]


def versions(deadline: Deadline) -> list[tuple[int, dt.date, str]]:
    return list(deadline.versions.values_list("version", "due_on", "reason"))


def last_event() -> tuple[str, str, str]:
    """Verb, unit and words of what happened last."""
    event = Event.objects.select_related("unit").order_by("-pk")[0]
    return event.verb, str(event.unit), event.words


def open_nodes(target: PlanItem | Report) -> list[str]:
    """The names of the steps that wait, in alphabetical order."""
    steps = Task.objects.filter(
        process__artifact_object_id=target.pk,
        process__artifact_content_type__model=target._meta.model_name,
        status=STATUS.NEW,
    )
    return sorted(step.flow_task.name for step in steps)


def snapshot() -> list[list[tuple[object, ...]]]:
    """Everything an action could leave half done."""
    tables: tuple[Any, ...] = (
        Event,
        Task,
        Deadline,
        DeadlineVersion,
        Participation,
        PlanItem,
        Plan,
        Report,
        ReportSection,
        ReportComment,
        ReportVersion,
        Extension,
        ProgressUpdate,
        Proposal,
        Evidence,
        PlanItemGroupObjectPermission,
    )
    return [list(table.objects.order_by("pk").values_list()) for table in tables]


@contextmanager
def refused(kind: type[ActionRefused] = ActionRefused) -> Iterator[None]:
    """What happens inside is refused with exactly this error, and nothing is left behind."""
    before = snapshot()
    with pytest.raises(ActionRefused) as raised:
        yield
    assert type(raised.value) is kind
    assert snapshot() == before
