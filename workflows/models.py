"""Guardian's tables: which group may do what on which object.

Direct foreign keys, so that lists can ask with one `EXISTS` and no grant outlives its object.
The groups are one for each unit and role; `access` keeps their members.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import Group
from django.db import models
from guardian.models import GroupObjectPermissionBase

from tasks.models import MembershipRole, Plan, PlanItem, Report, Unit


class UnitRoleGroup(models.Model):
    """The Django group of everybody who holds `role` in `unit` today."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="role_groups")
    role = models.CharField(max_length=10, choices=MembershipRole)
    group = models.OneToOneField(Group, models.CASCADE, related_name="unit_role")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("unit", "role"), name="one_group_per_unit_role")
        ]

    def __str__(self) -> str:
        return self.group.name


class UnitGroupObjectPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Unit, models.CASCADE)


class PlanGroupObjectPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Plan, models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        # Serves `visible_plans`: the plans a person's groups may see.
        indexes: ClassVar = [
            models.Index(fields=("group", "permission", "content_object"), name="grant_plan")
        ]


class PlanItemGroupObjectPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(PlanItem, models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        indexes: ClassVar = [
            models.Index(fields=("group", "permission", "content_object"), name="grant_item")
        ]


class ReportGroupObjectPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Report, models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        indexes: ClassVar = [
            models.Index(fields=("group", "permission", "content_object"), name="grant_report")
        ]
