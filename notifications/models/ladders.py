"""Ladders as an administrator keeps them. A ladder in force is never changed, only replaced."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.kinds import Audience, Channel, LadderKind
from notifications.ladder import DEFAULT_TIME, DayKind, Rung
from tasks.models import MembershipRole, Person, Plan, Unit


class LadderQuerySet(models.QuerySet["Ladder"]):
    def in_force(self) -> LadderQuerySet:
        return self.filter(replaced_at__isnull=True)

    def general(self) -> LadderQuerySet:
        """Those of no plan in particular."""
        return self.filter(plan__isnull=True)


class Ladder(models.Model):
    """One version of the ladder of a kind of deadline; with `plan`, for that plan alone.

    Saving makes the next version and sets `replaced_at` here, so that a rung once laid out can
    always tell which words it followed.
    """

    kind = models.CharField(_("for"), max_length=16, choices=LadderKind)
    plan = models.ForeignKey(Plan, models.CASCADE, null=True, blank=True, related_name="ladders")
    version = models.PositiveIntegerField()
    # Nobody saved the one that the product came with.
    saved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects = LadderQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("ladder")
        verbose_name_plural = _("ladders")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("kind", "version"),
                condition=Q(plan__isnull=True),
                name="ladder_version_once",
            ),
            models.UniqueConstraint(
                fields=("plan", "kind", "version"),
                condition=Q(plan__isnull=False),
                name="plan_ladder_version_once",
            ),
            models.UniqueConstraint(
                fields=("kind",),
                condition=Q(plan__isnull=True, replaced_at__isnull=True),
                name="one_ladder_in_force",
            ),
            models.UniqueConstraint(
                fields=("plan", "kind"),
                condition=Q(plan__isnull=False, replaced_at__isnull=True),
                name="one_plan_ladder_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"

    def in_order(self) -> list[Rung]:
        """Its rungs as the pure rules want them, earliest first."""
        return [row.as_rung() for row in self.rungs.all()]


class LadderRung(models.Model):
    """One rung of one version: when, whom, by which ways besides the application itself."""

    ladder = models.ForeignKey(Ladder, models.CASCADE, related_name="rungs")
    # Days of `day_kind` from the date, before it when negative.
    offset = models.SmallIntegerField()
    day_kind = models.CharField(max_length=8, choices=DayKind.choices, default=DayKind.WORKING)
    at_time = models.TimeField(default=DEFAULT_TIME)
    audiences = models.JSONField(default=list)
    post_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    post_role = models.CharField(max_length=10, choices=MembershipRole, blank=True)
    channels = models.JSONField(default=list)
    # Working days from one time to the next; empty when it comes once.
    repeat_every = models.PositiveSmallIntegerField(null=True, blank=True)
    repeat_limit = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("offset", "day_kind", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("ladder", "offset", "day_kind"), name="ladder_rung_once"
            ),
            models.CheckConstraint(
                name="named_post_has_unit_and_role",
                condition=Q(post_unit__isnull=True, post_role="")
                | (Q(post_unit__isnull=False) & ~Q(post_role="")),
            ),
        ]

    def __str__(self) -> str:
        return self.as_rung().key

    def as_rung(self) -> Rung:
        post = (self.post_unit_id, self.post_role) if self.post_unit_id is not None else None
        return Rung(
            offset=self.offset,
            audience=tuple(Audience(one) for one in self.audiences),
            day_kind=DayKind(self.day_kind),
            at_time=self.at_time,
            channels=tuple(Channel(one) for one in self.channels),
            post=post,
            repeat_every=self.repeat_every,
            repeat_limit=self.repeat_limit,
            step_id=self.pk,
        )


def columns_of(rung: Rung) -> dict[str, Any]:
    """The columns of a `LadderRung` that says what `rung` says."""
    unit, role = rung.post or (None, "")
    return {
        "offset": rung.offset,
        "day_kind": rung.day_kind.value,
        "at_time": rung.at_time,
        "audiences": [audience.value for audience in rung.audience],
        "post_unit_id": unit,
        "post_role": role,
        "channels": [channel.value for channel in rung.channels],
        "repeat_every": rung.repeat_every,
        "repeat_limit": rung.repeat_limit,
    }
