"""A plan with somebody in every post around it, and what they were told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from notifications.kinds import Channel
from notifications.models import Message, ScheduledRung
from notifications.plan import plan_deadlines
from tasks.models import (
    Deadline,
    DeadlineKind,
    Event,
    MembershipRole,
    Participation,
    Person,
    Plan,
    Proposal,
    Report,
    Unit,
    Verb,
)
from tasks.rules.calendar import local_instant
from tests.factories import ISSUED_AT, lead_part, make_person, make_plan, make_unit
from workflows.access import Actor
from workflows.actions.proposals import Addressee, raise_proposal

OFFICER, LEADER, CLERK = MembershipRole.OFFICER, MembershipRole.LEADER, MembershipRole.CLERK


def at(year: int, month: int, day: int, hour: int = 7, minute: int = 30) -> dt.datetime:
    return local_instant(dt.date(year, month, day), hour, minute)


@dataclass(frozen=True, slots=True)
class Scene:
    plan: Plan
    unit: Unit
    officer: Person
    leader: Person
    clerk: Person
    focal: Person
    focal_leader: Person
    supervisor: Person

    @property
    def part(self) -> Participation:
        return lead_part(self.plan, self.unit)

    @property
    def report(self) -> Report:
        return Report.objects.get(plan=self.plan, is_consolidated=False)

    @property
    def consolidated(self) -> Report:
        return Report.objects.get(plan=self.plan, is_consolidated=True)

    def proposal(self) -> Proposal:
        """Made by the unit's leader on its part, for the focal unit to answer by 29/3/2023."""
        return raise_proposal(
            participation=self.part,
            actor=Actor(self.leader, self.unit),
            at=ISSUED_AT,
            words="Đề nghị bố trí kinh phí",
            addressee=Addressee(self.plan.focal_unit),
        )

    def deadline(self, kind: DeadlineKind) -> Deadline:
        return Deadline.objects.get(plan=self.plan, kind=kind, closed_at__isnull=True)

    def only(self, kind: DeadlineKind) -> Deadline:
        """Close every other deadline and forget the events, so that one clock runs alone."""
        deadline = self.deadline(kind)
        Deadline.objects.exclude(pk=deadline.pk).update(closed_at=ISSUED_AT)
        Event.objects.update(announced_at=ISSUED_AT)
        plan_deadlines(at=ISSUED_AT)
        return deadline

    def happens(self, verb: Verb, moment: dt.datetime, **about: object) -> Event:
        """Only this event waits to be announced."""
        Event.objects.update(announced_at=ISSUED_AT)
        return Event.objects.create(verb=verb, at=moment, plan=self.plan, **about)


def make_scene(due_on: dt.date = dt.date(2023, 6, 30), items: int = 1) -> Scene:
    unit, focal = make_unit("Sở A"), make_unit("Sở KH&CN")
    issuer = make_unit("UBND tỉnh", may_issue=True)
    people = {
        "officer": make_person(unit, OFFICER, name="Chuyên viên"),
        "leader": make_person(unit, LEADER, name="Lãnh đạo"),
        "clerk": make_person(unit, CLERK, name="Văn thư"),
        "focal": make_person(focal, OFFICER, name="Đầu mối"),
        "focal_leader": make_person(focal, LEADER, name="Lãnh đạo đầu mối"),
        "supervisor": make_person(issuer, LEADER, name="Chủ tịch"),
    }
    plan = make_plan(leads=[unit], focal=focal, issuer=issuer, items=items, due_on=due_on)
    return Scene(plan=plan, unit=unit, **people)


def told(channel: Channel = Channel.IN_APP, **only: object) -> set[tuple[Person, str, str]]:
    """Every message there is: whom, which kind, for which reason."""
    messages = Message.objects.filter(channel=channel, **only).select_related("recipient")
    found = [(message.recipient, message.kind, message.audience) for message in messages]
    assert len(found) == len(set(found)), "somebody was told twice"
    return set(found)


def rungs(deadline: Deadline) -> list[tuple[int, str, str, str]]:
    """The schedule of a deadline: version, rung, state and reason, in ladder order."""
    rows = ScheduledRung.objects.filter(deadline=deadline).order_by("version", "fire_at", "pk")
    return list(rows.values_list("version", "rung", "state", "reason"))
