"""Units of the administration, their names over time, and the people in them."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tasks.rules.names import fold


class UnitKind(models.TextChoices):
    COMMITTEE = "committee", _("People's committee")
    DEPARTMENT = "department", _("Department")
    PARTY = "party", _("Party body")
    UNION = "union", _("Mass organisation")
    SCHOOL = "school", _("School or institute")
    MINISTRY = "ministry", _("Ministry")
    OTHER = "other", _("Other body")


class UnitQuerySet(models.QuerySet["Unit"]):
    def valid_on(self, day: dt.date) -> UnitQuerySet:
        """Units that exist on `day` (a local date)."""
        started = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
        not_ended = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
        return self.filter(started & not_ended)

    def matching(self, words: str) -> UnitQuerySet:
        """Units with `words` in a name or alias, accents and case aside."""
        needle = fold(words)
        return self.filter(
            Q(folded_name__contains=needle) | Q(aliases__folded__contains=needle)
        ).distinct()


class Unit(models.Model):
    """A body that can be asked to do something.

    A unit that was merged, split or renamed keeps its row, so that an old plan still shows the
    name of its day; `successors` lead to whoever carries the work on.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind, default=UnitKind.DEPARTMENT)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    email = models.EmailField(_("e-mail of the office"), blank=True)
    may_issue = models.BooleanField(_("may issue plans"), default=False)
    valid_from = models.DateField(_("exists from"), null=True, blank=True)
    valid_until = models.DateField(_("exists until"), null=True, blank=True)
    successors = models.ManyToManyField(
        "self",
        symmetrical=False,
        through="UnitSuccession",
        through_fields=("predecessor", "successor"),
        related_name="predecessors",
    )
    folded_name = models.CharField(max_length=260, editable=False, db_index=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        permissions = (
            ("acknowledge_for_unit", "Can acknowledge assignments for the unit"),
            ("act_for_unit", "Can update work for the unit"),
            ("approve_for_unit", "Can approve for the unit, as its leader"),
            ("issue_for_unit", "Can issue plans for the unit"),
        )
        constraints: ClassVar = [
            models.CheckConstraint(
                name="unit_ends_after_it_starts",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return self.short_name

    def save(self, *args: object, **kwargs: object) -> None:
        self.folded_name = fold(f"{self.name} {self.short_name}")
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class UnitAlias(models.Model):
    """Another way in which documents write a unit's name.

    With an `issuer` it holds for the plans of that unit only, and goes before what others mean.
    An alias that a reviewer taught says who and when; one that an administrator wrote does not.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="aliases")
    text = models.CharField(_("alias"), max_length=200)
    folded = models.CharField(max_length=200, editable=False, db_index=True)
    issuer = models.ForeignKey(
        Unit,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only in plans of"),
    )
    learned_by = models.ForeignKey(
        "Person", models.SET_NULL, null=True, editable=False, related_name="+"
    )
    learned_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("unit", "folded"),
                condition=Q(issuer__isnull=True),
                name="alias_once_per_unit",
            ),
            models.UniqueConstraint(
                fields=("unit", "folded", "issuer"), name="alias_once_per_unit_and_issuer"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: object, **kwargs: object) -> None:
        self.folded = fold(self.text)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class SuccessionKind(models.TextChoices):
    RENAME = "rename", _("renamed")
    MERGE = "merge", _("merged")
    SPLIT = "split", _("split")
    TRANSFER = "transfer", _("functions transferred")


class UnitSuccession(models.Model):
    """On `effective_on`, work of the predecessor passed to the successor."""

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="succeeded_by")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="succeeds")
    kind = models.CharField(_("kind"), max_length=10, choices=SuccessionKind)
    effective_on = models.DateField(_("effective on"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("predecessor", "successor"), name="succession_once_per_pair"
            ),
            models.CheckConstraint(
                name="unit_does_not_succeed_itself",
                condition=~Q(predecessor=F("successor")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class UnitGroup(models.Model):
    """A name that stands for several units, such as all district committees.

    An open group ("các đơn vị liên quan") names nobody until a person resolves it.
    """

    name = models.CharField(_("name"), max_length=200, unique=True)
    is_open = models.BooleanField(_("names nobody in particular"), default=False)
    aliases = models.JSONField(_("other wordings"), default=list, blank=True)
    members = models.ManyToManyField(Unit, through="UnitGroupMember", related_name="unit_groups")

    class Meta:
        ordering = ("name",)
        verbose_name = _("group of units")
        verbose_name_plural = _("groups of units")

    def __str__(self) -> str:
        return self.name

    def members_on(self, day: dt.date) -> UnitQuerySet:
        """The units that belonged to the group on `day`."""
        memberships = (
            UnitGroupMember.objects.filter(group=self)
            .filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day))
            .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))
        )
        return Unit.objects.filter(pk__in=memberships.values("unit_id"))


class UnitGroupMember(models.Model):
    group = models.ForeignKey(UnitGroup, models.CASCADE)
    unit = models.ForeignKey(Unit, models.CASCADE)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("member of a group")
        verbose_name_plural = _("members of groups")

    def __str__(self) -> str:
        return f"{self.group}: {self.unit}"


class Language(models.TextChoices):
    VIETNAMESE = "vi", "Tiếng Việt"
    ENGLISH = "en", "English"


class Person(AbstractUser):
    """Somebody who signs in and can be told something."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("full name"), max_length=120)
    position = models.CharField(_("position"), max_length=120, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=Language, default=Language.VIETNAMESE
    )
    units = models.ManyToManyField(Unit, through="Membership", related_name="people")

    REQUIRED_FIELDS: ClassVar = ["email", "full_name"]

    class Meta:
        ordering = ("full_name",)
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name


class MembershipRole(models.TextChoices):
    OFFICER = "officer", _("officer")
    LEADER = "leader", _("leader")
    CLERK = "clerk", _("clerk")
    READER = "reader", _("reader")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, day: dt.date) -> MembershipQuerySet:
        """Memberships in force on `day` of people who can still sign in."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
            person__is_active=True,
        )


class Membership(models.Model):
    """A person's post in a unit, for as long as it lasts."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=MembershipRole)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("person", "unit", "role"), name="one_post_per_person_unit_role"
            )
        ]
        # Serves recipient look-ups: the people of a unit in a role.
        indexes: ClassVar = [models.Index(fields=("unit", "role"), name="membership_unit_role")]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()} ({self.unit})"


class SubstitutionQuerySet(models.QuerySet["Substitution"]):
    def standing(self) -> SubstitutionQuerySet:
        """Not called off."""
        return self.filter(ended_at__isnull=True)

    def in_force(self, day: dt.date) -> SubstitutionQuerySet:
        """Those of somebody away on `day` by somebody who can still sign in."""
        return self.standing().filter(
            starts_on__lte=day, ends_on__gte=day, substitute__is_active=True
        )


class Substitution(models.Model):
    """While `absent` is away, `substitute` acts and is told in their place, both days included.

    One called off (`ended_at`) keeps its dates, for the record.
    """

    absent = models.ForeignKey(Person, models.CASCADE, related_name="substituted_by")
    substitute = models.ForeignKey(Person, models.CASCADE, related_name="substitutes_for")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    entered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    entered_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("substitution")
        verbose_name_plural = _("substitutions")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="substitution_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="nobody_substitutes_themselves", condition=~Q(absent=F("substitute"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("absent", "starts_on", "ends_on"), name="substitution_absent_days")
        ]

    def __str__(self) -> str:
        return f"{self.absent} → {self.substitute}"
