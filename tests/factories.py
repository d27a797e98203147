"""Small makers of what tests need. Every name is unique unless a test gives one."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence

from tasks.models import (
    Membership,
    MembershipRole,
    Participation,
    Person,
    Plan,
    Role,
    Unit,
)
from tasks.rules.calendar import local_date, local_instant
from workflows.access import Actor, role_groups
from workflows.actions.issuing import ItemInput, NamedUnit, PlanInput, ReportInput, issue_plan

_numbers = itertools.count(1)
ISSUED_AT = local_instant(dt.date(2023, 3, 15), 9)


def make_unit(name: str = "", *, may_issue: bool = False) -> Unit:
    number = next(_numbers)
    name = name or f"Sở Thử nghiệm {number}"
    return Unit.objects.create(
        code=f"unit-{number}", name=name, short_name=name, may_issue=may_issue
    )


def make_person(
    unit: Unit | None = None,
    role: MembershipRole = MembershipRole.OFFICER,
    *,
    name: str = "",
    sync: bool = True,
) -> Person:
    """Somebody with a post and its rights. Without `sync`, `sync_memberships` has to follow."""
    number = next(_numbers)
    person = Person.objects.create_user(
        username=f"person{number}",
        email=f"person{number}@example.vn",
        full_name=name or f"Người {number}",
    )
    if unit is not None:
        Membership.objects.create(person=person, unit=unit, role=role)
        if sync:
            person.groups.add(role_groups([unit])[unit.pk, role])
    return person


def make_actor(unit: Unit, role: MembershipRole = MembershipRole.OFFICER) -> Actor:
    return Actor(make_person(unit, role), unit)


def make_plan(
    *,
    leads: Sequence[Unit] = (),
    coordinating: Sequence[Unit] = (),
    focal: Unit | None = None,
    issuer: Unit | None = None,
    items: int = 1,
    due_on: dt.date | None = dt.date(2023, 6, 30),
    report_on: dt.date | None = dt.date(2023, 12, 10),
    consolidated_on: dt.date | None = dt.date(2023, 12, 20),
    at: dt.datetime = ISSUED_AT,
) -> Plan:
    """An issued plan whose items all have the same leads and coordinating units."""
    issuer = issuer or make_unit(may_issue=True)
    focal = focal or make_unit()
    reports = []
    if report_on:
        reports.append(ReportInput(due_on=report_on, via=focal))
    if consolidated_on:
        reports.append(ReportInput(due_on=consolidated_on, unit=focal))
    named = [NamedUnit(unit, unit.name) for unit in leads or [make_unit()]]
    helpers = [NamedUnit(unit, unit.name) for unit in coordinating]
    plan_input = PlanInput(
        number=f"{next(_numbers)}/KH-UBND",
        title="Kế hoạch thử nghiệm",
        issuer=issuer,
        issued_on=local_date(at),
        focal_unit=focal,
        items=[
            ItemInput(
                code=f"I.{number}",
                title=f"Nhiệm vụ {number}",
                due_on=due_on,
                leads=named,
                coordinating=helpers,
            )
            for number in range(1, items + 1)
        ],
        reports=reports,
    )
    actor = Actor(make_person(issuer), issuer)
    return issue_plan(plan_input=plan_input, draft=None, actor=actor, at=at)


def lead_part(plan: Plan, unit: Unit | None = None) -> Participation:
    """The first lead participation of the plan (of `unit`, when given)."""
    parts = Participation.objects.filter(item__plan=plan, role=Role.LEAD).order_by("pk")
    return (parts.filter(unit=unit) if unit else parts)[0]
