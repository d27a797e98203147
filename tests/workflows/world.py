"""One plan with everybody who could want something of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.test import Client

from tasks.models import MembershipRole, Person, Plan, Unit
from tasks.rules.calendar import local_instant
from tests.factories import lead_part, make_person, make_plan, make_unit
from workflows.access import Actor, sync_memberships

DAY = dt.date(2023, 3, 16)
AT = local_instant(DAY, 9)
OFFICER, LEADER, READER = MembershipRole.OFFICER, MembershipRole.LEADER, MembershipRole.READER

# Role in the matrix → the unit's name in the world, and the post held there.
POSTS = {
    "own lead": ("lead", OFFICER),
    "own lead's leader": ("lead", LEADER),
    "other lead": ("other_lead", OFFICER),
    "own coordinator": ("coordinator", OFFICER),
    "other unit": ("stranger", OFFICER),
    "focal": ("focal", OFFICER),
    "focal's leader": ("focal", LEADER),
    "issuing officer": ("issuer", OFFICER),
    "supervisor": ("issuer", LEADER),
    "read-only": ("lead", READER),
}
ROLES = (*POSTS, "administrator", "anonymous")


@dataclass
class World:
    units: dict[str, Unit]
    people: dict[str, Person]
    plan: Plan
    actors: dict[str, Actor] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        client = Client()
        if role != "anonymous":
            client.force_login(self.people[role])
        return client

    def actor(self, role: str) -> Actor:
        unit, _post = POSTS[role]
        return Actor(self.people[role], self.units[unit])


def make_world(*, items: int = 1) -> World:
    names = ("lead", "other_lead", "coordinator", "stranger", "focal", "issuer")
    units = {name: make_unit(may_issue=name == "issuer") for name in names}
    people = {
        role: make_person(units[unit], post, sync=False) for role, (unit, post) in POSTS.items()
    }
    people["administrator"] = make_person()
    people["administrator"].is_staff = True
    people["administrator"].save()
    sync_memberships(today=DAY)
    plan = make_plan(
        leads=[units["lead"], units["other_lead"]],
        coordinating=[units["coordinator"]],
        focal=units["focal"],
        issuer=units["issuer"],
        items=items,
    )
    return World(units, people, plan)


__all__ = ["AT", "DAY", "POSTS", "ROLES", "World", "lead_part", "make_world"]
