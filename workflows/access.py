"""Who may do what: guardian's grants, written here and asked here.

Every unit has one group for each role; `sync_memberships` keeps the people in them, grants name
the groups. A person acts for one unit at a time: holding a right through another unit does not
count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase

from tasks.models import (
    Membership,
    MembershipRole,
    Participation,
    Person,
    Plan,
    PlanItem,
    Report,
    ReportState,
    Role,
    Substitution,
    Unit,
)
from workflows.errors import NotAllowed
from workflows.models import (
    PlanGroupObjectPermission,
    PlanItemGroupObjectPermission,
    ReportGroupObjectPermission,
    UnitGroupObjectPermission,
    UnitRoleGroup,
)

OFFICER, LEADER, CLERK, READER = (
    MembershipRole.OFFICER,
    MembershipRole.LEADER,
    MembershipRole.CLERK,
    MembershipRole.READER,
)
EVERYBODY = (OFFICER, LEADER, CLERK, READER)
STAFF = (OFFICER, LEADER)

UNIT_RIGHTS: dict[str, tuple[MembershipRole, ...]] = {
    "acknowledge_for_unit": (OFFICER, LEADER, CLERK),
    "act_for_unit": STAFF,
    "approve_for_unit": (LEADER,),
}
ROLE_RIGHTS = {Role.LEAD: "lead_planitem", Role.COORDINATING: "coordinate_planitem"}

Grant = tuple[str, Unit, Iterable[MembershipRole]]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person and the unit they act for; an administrator may have no unit."""

    person: Person
    unit: Unit | None

    def may(self, right: str, *, unit: Unit | None = None) -> bool:
        """Whether the person holds `right` (such as `act_for_unit`) for the unit they act for.

        With `unit`, also that this is the unit they act for.
        """
        if self.unit is None or (unit is not None and unit.pk != self.unit.pk):
            return False
        return bool(self.person.has_perm(f"tasks.{right}", self.unit))


def require(
    actor: Actor, unit_right: str, *, unit: Unit, right: str = "", on: models.Model | None = None
) -> None:
    """Refuse unless `actor` acts for `unit`, holds `unit_right` on it and `right` on the object.

    Raises `NotAllowed`. The unit is asked for each time: a grant revoked a moment ago counts.
    """
    allowed = actor.may(unit_right, unit=unit)
    if allowed and right and on is not None:
        allowed = actor.person.has_perm(f"tasks.{right}", on)
    if not allowed:
        raise NotAllowed(
            _("You cannot do this for %(unit)s. Check which unit you are acting for.")
            % {"unit": unit.short_name}
        )


def judge_right(part: Participation) -> str:
    """The right that accepting or returning a part takes, held on the focal unit."""
    own = part.unit_id == part.item.plan.focal_unit_id
    return "approve_for_unit" if own else "act_for_unit"


def role_groups(units: Iterable[Unit]) -> dict[tuple[int, str], Group]:
    """The group of each role of each unit, made with the unit's own grants where missing."""
    wanted = {unit.pk: unit for unit in units}
    found = _existing_groups(wanted)
    new = [unit for unit in wanted.values() if (unit.pk, READER.value) not in found]
    if new:
        _create_groups(new)
        found = _existing_groups(wanted)
        _grant_unit_rights(new, found)
    return found


def _existing_groups(wanted: Iterable[int]) -> dict[tuple[int, str], Group]:
    links = UnitRoleGroup.objects.filter(unit__in=wanted).select_related("group")
    return {(link.unit_id, link.role): link.group for link in links}


def _create_groups(units: list[Unit]) -> None:
    """Safe to run twice at once: whoever comes second finds the rows of the first."""
    names = {f"{unit.code}: {role.value}": (unit, role) for unit in units for role in EVERYBODY}
    Group.objects.bulk_create([Group(name=name) for name in names], ignore_conflicts=True)
    groups = Group.objects.filter(name__in=names).order_by("pk")
    UnitRoleGroup.objects.bulk_create(
        [
            UnitRoleGroup(unit=names[group.name][0], role=names[group.name][1], group=group)
            for group in groups
        ],
        ignore_conflicts=True,
    )


def _grant_unit_rights(units: list[Unit], groups: dict[tuple[int, str], Group]) -> None:
    permissions = permissions_of(Unit)
    UnitGroupObjectPermission.objects.bulk_create(
        [
            UnitGroupObjectPermission(
                permission_id=permissions[codename],
                group=groups[unit.pk, role],
                content_object=unit,
            )
            for unit in units
            for codename, roles in _rights_of(unit).items()
            for role in roles
        ],
        ignore_conflicts=True,
    )


def _rights_of(unit: Unit) -> dict[str, tuple[MembershipRole, ...]]:
    return {**UNIT_RIGHTS, "issue_for_unit": STAFF} if unit.may_issue else UNIT_RIGHTS


@cache
def permissions_of(model: type[models.Model]) -> dict[str, int]:
    """The keys of a model's permissions by codename; they change with migrations only."""
    content_type = ContentType.objects.get_for_model(model)
    found = Permission.objects.filter(content_type=content_type)
    return dict(found.values_list("codename", "pk"))


def refresh_unit_rights(unit: Unit) -> None:
    """Bring the unit's own grants up to date after `may_issue` was changed."""
    groups = role_groups([unit])
    if not unit.may_issue:
        UnitGroupObjectPermission.objects.filter(
            content_object=unit, permission__codename="issue_for_unit"
        ).delete()
    _grant_unit_rights([unit], groups)


def _grant(
    table: type[GroupObjectPermissionBase],
    target: models.Model,
    grants: Iterable[Grant],
    groups: dict[tuple[int, str], Group],
) -> None:
    permissions = permissions_of(type(target))
    table.objects.bulk_create(
        [
            table(
                permission_id=permissions[codename],
                group=groups[unit.pk, role],
                content_object=target,
            )
            for codename, unit, roles in grants
            for role in roles
        ],
        ignore_conflicts=True,
    )


def grant_plan(plan: Plan, units: Iterable[Unit]) -> None:
    """Let the participating `units`, the focal unit and the issuer see the plan, and manage it."""
    everybody = {unit.pk: unit for unit in (*units, plan.focal_unit, plan.issuer)}.values()
    _grant(
        PlanGroupObjectPermission,
        plan,
        [
            *(("view_plan", unit, EVERYBODY) for unit in everybody),
            ("consolidate_plan", plan.focal_unit, STAFF),
            ("supervise_plan", plan.issuer, (LEADER,)),
        ],
        role_groups(everybody),
    )


def grant_item(item: PlanItem) -> None:
    """Let the focal unit judge the item and the issuer's leaders supervise it."""
    plan = item.plan
    _grant(
        PlanItemGroupObjectPermission,
        item,
        [
            ("consolidate_planitem", plan.focal_unit, STAFF),
            ("supervise_planitem", plan.issuer, (LEADER,)),
        ],
        role_groups([plan.focal_unit, plan.issuer]),
    )


def grant_participations(item: PlanItem, parts: Sequence[Participation]) -> None:
    """Let the units take their parts in the item, and see the plan."""
    groups = role_groups(part.unit for part in parts)
    _grant(
        PlanItemGroupObjectPermission,
        item,
        [(ROLE_RIGHTS[Role(part.role)], part.unit, (OFFICER, LEADER, CLERK)) for part in parts],
        groups,
    )
    _grant(
        PlanGroupObjectPermission,
        item.plan,
        [("view_plan", part.unit, EVERYBODY) for part in parts],
        groups,
    )


def revoke_participation(part: Participation) -> None:
    """The unit no longer has this part; it still sees the plan it was named in."""
    PlanItemGroupObjectPermission.objects.filter(
        content_object=part.item,
        permission__codename=ROLE_RIGHTS[Role(part.role)],
        group__unit_role__unit=part.unit,
    ).delete()


def grant_report(report: Report) -> None:
    _grant(
        ReportGroupObjectPermission,
        report,
        [
            ("write_report", report.unit, STAFF),
            ("approve_report", report.unit, (LEADER,)),
            ("accept_report", report.reviewer, STAFF),
        ],
        role_groups([report.unit, report.reviewer]),
    )


def revoke_report(report: Report, unit: Unit, *, judging: bool = False) -> None:
    """The unit no longer writes the report, or with `judging` no longer judges it."""
    rights = ("accept_report",) if judging else ("write_report", "approve_report")
    ReportGroupObjectPermission.objects.filter(
        content_object=report, permission__codename__in=rights, group__unit_role__unit=unit
    ).delete()


def revoke_plan(plan: Plan, unit: Unit) -> None:
    """The unit no longer issues or consolidates the plan; it still sees it.

    Call it once the plan names who does instead, then `grant_plan` and `grant_item`.
    """
    rights = ("consolidate", "supervise")
    PlanGroupObjectPermission.objects.filter(
        content_object=plan,
        permission__codename__in=[f"{right}_plan" for right in rights],
        group__unit_role__unit=unit,
    ).delete()
    PlanItemGroupObjectPermission.objects.filter(
        content_object__plan=plan,
        permission__codename__in=[f"{right}_planitem" for right in rights],
        group__unit_role__unit=unit,
    ).delete()


def _held_plans(actor: Actor, codename: str) -> Exists:
    """Whether the actor holds a right on a plan, for the unit they act for; one `EXISTS`."""
    return Exists(
        PlanGroupObjectPermission.objects.filter(
            content_object=OuterRef("pk"),
            permission__codename=codename,
            group__in=actor.person.groups.all(),
            group__unit_role__unit=actor.unit,
        )
    )


def visible_plans(actor: Actor) -> models.QuerySet[Plan]:
    """The plans the actor may see for the unit they act for."""
    return Plan.objects.filter(_held_plans(actor, "view_plan"))


def visible_reports(actor: Actor) -> models.QuerySet[Report]:
    """The reports the actor may see: those of visible plans, and the sources of others.

    What was handed in and is consolidated in a plan above is seen by that plan's focal unit.
    """
    consolidated = Plan.objects.filter(_held_plans(actor, "consolidate_plan"))
    used_above = Report.objects.filter(
        used_in__plan__in=consolidated, state__in=(ReportState.SUBMITTED, ReportState.ACCEPTED)
    )
    return Report.objects.filter(
        Q(plan__in=visible_plans(actor)) | Q(pk__in=used_above.values("pk"))
    )


def overseen_plans(actor: Actor) -> models.QuerySet[Any]:
    """The plans in which the actor may follow up, each with `may_decide` and `may_answer`.

    The issuer's leaders decide on extensions; the focal unit's staff answer obstacles.
    """
    plans = visible_plans(actor).annotate(
        may_decide=_held_plans(actor, "supervise_plan"),
        may_answer=_held_plans(actor, "consolidate_plan"),
    )
    return plans.filter(Q(may_decide=True) | Q(may_answer=True)).select_related("document")


def oversees_any(actor: Actor) -> bool:
    """Whether `overseen_plans` has any, for the menu of every page; one small query."""
    held = PlanGroupObjectPermission.objects.filter(
        permission__codename__in=("supervise_plan", "consolidate_plan"),
        group__in=actor.person.groups.all(),
        group__unit_role__unit=actor.unit,
    )
    return bool(held.exists())


REGISTRY = (
    "unit",
    "unitalias",
    "unitgroup",
    "unitgroupmember",
    "unitsuccession",
    "person",
    "membership",
    "substitution",
    "calendarexception",
)


KEPT_BY_ADMINISTRATORS = (
    "view_mail",
    "change_mail",
    "view_bridge",
    "change_bridge",
    "view_ladder",
    "change_ladder",
    "view_auditrun",
    "change_auditrun",
)


def require_registrar(actor: Actor) -> None:
    """Refuse whoever does not keep the registry of units. Raises `NotAllowed`.

    Keeping it is a right of the person, whichever unit they act for.
    """
    if not actor.person.has_perm("tasks.change_unit"):
        raise NotAllowed(_("Only an administrator keeps the registry of units."))


def sync_administrators() -> None:
    """Whoever is marked as staff keeps units, people and ladders, and sees the mail sent.

    An administrator gets no right on plans: those come from posts in units, as for anybody.
    """
    group, _made = Group.objects.get_or_create(name="administrators")
    registry = Permission.objects.filter(
        content_type__app_label="tasks", content_type__model__in=REGISTRY
    ).exclude(codename__endswith="_for_unit")
    mail = Permission.objects.filter(
        content_type__app_label="notifications",
        codename__in=KEPT_BY_ADMINISTRATORS,
    )
    group.permissions.set([*registry.exclude(codename="delete_person"), *mail])
    group.user_set.set(Person.objects.filter(is_staff=True, is_active=True))


@transaction.atomic
def sync_memberships(*, today: dt.date) -> int:
    """Put people into the groups of the posts they hold on the local date `today`.

    Substitutes join the groups of those they stand in for. Returns how many places changed.
    """
    links = UnitRoleGroup.objects.select_related("unit")
    group_of = {(link.unit_id, link.role): link.group_id for link in links}
    units = Unit.objects.filter(memberships__isnull=False).distinct()
    missing = [unit for unit in units if (unit.pk, OFFICER.value) not in group_of]
    group_of |= {key: group.pk for key, group in role_groups(missing).items()}

    posts = list(Membership.objects.current(today).values_list("person_id", "unit_id", "role"))
    wanted = {(person, group_of[unit, role]) for person, unit, role in posts}
    standing_in = Substitution.objects.in_force(today).values_list("absent_id", "substitute_id")
    for absent, substitute in standing_in:
        wanted |= {(substitute, group_of[unit, role]) for who, unit, role in posts if who == absent}

    places = Person.groups.through
    held = places.objects.filter(group__unit_role__isnull=False)
    present = {(place.person_id, place.group_id): place.pk for place in held}
    places.objects.filter(pk__in=[pk for key, pk in present.items() if key not in wanted]).delete()
    new = [places(person_id=who, group_id=group) for who, group in wanted - present.keys()]
    places.objects.bulk_create(new, ignore_conflicts=True)
    sync_administrators()
    return len(new) + len(present.keys() - wanted)
