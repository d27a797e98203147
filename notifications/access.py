"""Who may see which plan, as guardian's table of groups says. Only asked here, never written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Protocol

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from guardian.utils import get_group_obj_perms_model

from tasks.models import Person, Plan, Unit


def readers_of(plans: Collection[int], people: Collection[int]) -> set[tuple[int, int]]:
    """Those of `people` who may see some of `plans`: (person, plan). One query."""
    grants = get_group_obj_perms_model(Plan).objects.filter(
        permission__codename="view_plan",
        permission__content_type__app_label="tasks",
        content_object__in=plans,
        group__user__in=people,
    )
    return set(grants.values_list("group__user", "content_object"))


class Actor(Protocol):
    """Whoever asks for a page: a person and the unit they act for (see the middleware)."""

    @property
    def person(self) -> Person: ...

    @property
    def unit(self) -> Unit | None: ...

    def may(self, right: str, *, unit: Unit | None = None) -> bool: ...


class ActingRequest(HttpRequest):
    """A request as the middleware leaves it for somebody who has signed in."""

    actor: Actor
    at: dt.datetime
    today: dt.date


def visible_plans(actor: Actor) -> QuerySet[Plan]:
    """The plans the actor may see for the unit they act for."""
    grants = get_group_obj_perms_model(Plan).objects.filter(
        content_object=OuterRef("pk"),
        permission__codename="view_plan",
        group__in=actor.person.groups.all(),
        group__unit_role__unit=actor.unit,
    )
    return Plan.objects.filter(Exists(grants)).select_related("document", "focal_unit", "issuer")


def may_keep_ladders(actor: Actor) -> bool:
    """An administrator keeps the ladders of everybody."""
    return bool(actor.person.has_perm("notifications.change_ladder"))


def may_keep_ladders_of(actor: Actor, plan: Plan) -> bool:
    """Besides them, the plan's focal unit and its supervising leaders keep those of the plan."""
    consolidates = actor.may("act_for_unit", unit=plan.focal_unit) and actor.person.has_perm(
        "tasks.consolidate_plan", plan
    )
    supervises = actor.may("approve_for_unit", unit=plan.issuer) and actor.person.has_perm(
        "tasks.supervise_plan", plan
    )
    return bool(consolidates or supervises or may_keep_ladders(actor))


def may_see_audits(person: Person | AnonymousUser) -> bool:
    """An administrator sees whether everybody is told who should be."""
    return bool(person.has_perm("notifications.view_auditrun"))
