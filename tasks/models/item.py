"""Plan items, who takes part in them, and what happens while they run."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from tasks.models.plan import Plan, Section
from tasks.models.unit import Person, Unit, UnitGroup


class ItemState(models.TextChoices):
    DRAFT = "draft", _("draft")
    ISSUED = "issued", _("issued")
    IN_PROGRESS = "in_progress", _("in progress")
    COMPLETED = "completed", _("completed")
    SUSPENDED = "suspended", _("suspended")
    CANCELLED = "cancelled", _("cancelled")


class Recurrence(models.TextChoices):
    DATED = "dated", _("by a date")
    YEARLY = "yearly", _("every year")
    HALF_YEARLY = "half-yearly", _("every half-year")
    QUARTERLY = "quarterly", _("every quarter")
    MONTHLY = "monthly", _("every month")
    WEEKLY = "weekly", _("every week")
    CONTINUOUS = "continuous", _("continuously")
    CONDITIONAL = "conditional", _("as the situation requires")
    NONE = "none", _("no time given")


class PlanItem(FSMModelMixin, models.Model):
    """One line of a plan. When it is due lives in `Deadline`; the words of the plan live here."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items")
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True)
    code = models.CharField(_("code"), max_length=30, blank=True)
    title = models.TextField(_("what"))
    product = models.CharField(_("product"), max_length=500, blank=True)
    position = models.PositiveIntegerField()
    state = FSMField(_("state"), choices=ItemState.choices, default=ItemState.DRAFT, protected=True)
    # What a suspended item goes back to.
    state_before_suspension = models.CharField(max_length=20, blank=True)
    timeframe_text = models.CharField(_("time, in the plan's words"), max_length=300, blank=True)
    recurrence = models.CharField(max_length=12, choices=Recurrence, default=Recurrence.DATED)
    start_on = models.DateField(_("starts on"), null=True, blank=True)
    due_on = models.DateField(
        _("due on, as issued"),
        null=True,
        blank=True,
        help_text=_("The date at issue; extensions live on the deadline."),
    )
    source_text = models.TextField(_("source sentence"), blank=True)
    open_groups = models.ManyToManyField(UnitGroup, blank=True, related_name="+")

    class Meta:
        ordering = ("position",)
        verbose_name = _("plan item")
        verbose_name_plural = _("plan items")
        permissions = (
            ("lead_planitem", "Can lead the item"),
            ("coordinate_planitem", "Can coordinate in the item"),
            ("consolidate_planitem", "Can accept and return work on the item"),
            ("supervise_planitem", "Can supervise the item"),
        )
        constraints: ClassVar = [
            models.CheckConstraint(
                name="item_due_after_it_starts",
                condition=Q(start_on__isnull=True)
                | Q(due_on__isnull=True)
                | Q(due_on__gte=F("start_on")),
            ),
            models.UniqueConstraint(fields=("plan", "position"), name="item_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()

    @transition(field=state, source=ItemState.DRAFT, target=ItemState.ISSUED)
    def issue(self) -> None: ...

    @transition(
        field=state, source=(ItemState.ISSUED, ItemState.IN_PROGRESS), target=ItemState.IN_PROGRESS
    )
    def begin(self) -> None: ...

    @transition(field=state, source=ItemState.IN_PROGRESS, target=ItemState.COMPLETED)
    def complete(self) -> None: ...

    @transition(
        field=state, source=(ItemState.ISSUED, ItemState.IN_PROGRESS), target=ItemState.SUSPENDED
    )
    def suspend(self) -> None:
        self.state_before_suspension = self.state

    @transition(
        field=state,
        source=ItemState.SUSPENDED,
        target=ItemState.IN_PROGRESS,
        conditions=[lambda item: item.state_before_suspension == ItemState.IN_PROGRESS],
    )
    def resume(self) -> None:
        self.state_before_suspension = ""

    @transition(
        field=state,
        source=ItemState.SUSPENDED,
        target=ItemState.ISSUED,
        conditions=[lambda item: item.state_before_suspension == ItemState.ISSUED],
    )
    def resume_unstarted(self) -> None:
        self.state_before_suspension = ""

    @transition(
        field=state,
        source=(ItemState.ISSUED, ItemState.IN_PROGRESS, ItemState.SUSPENDED),
        target=ItemState.CANCELLED,
    )
    def cancel(self) -> None: ...


class Role(models.TextChoices):
    LEAD = "lead", _("lead")
    COORDINATING = "coordinating", _("coordinating")


class ParticipationState(models.TextChoices):
    ASSIGNED = "assigned", _("waiting to be acknowledged")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    DECLINED = "declined", _("declined")
    CLAIMED = "claimed", _("completion reported")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")
    REPLACED = "replaced", _("re-assigned")
    CANCELLED = "cancelled", _("cancelled")


AT_WORK = (ParticipationState.ACKNOWLEDGED, ParticipationState.RETURNED)
# Parts that nobody answers for any more.
GONE = (ParticipationState.REPLACED, ParticipationState.CANCELLED)


class Participation(FSMModelMixin, models.Model):
    """A unit's part in an item. Several leads are common; each answers for itself."""

    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="participations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="participations")
    role = models.CharField(_("role"), max_length=12, choices=Role)
    # The name of the day of issue, as the plan wrote it: units are renamed later.
    name_in_plan = models.CharField(_("name in the plan"), max_length=300, blank=True)
    state = FSMField(
        _("state"),
        choices=ParticipationState.choices,
        default=ParticipationState.ASSIGNED,
        protected=True,
    )
    officer = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="assigned_work"
    )
    percent = models.PositiveSmallIntegerField(
        _("progress"), default=0, validators=[MaxValueValidator(100)]
    )
    # After a merger one part may take the place of several.
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces"
    )

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("item", "unit", "role"),
                condition=~Q(state__in=("replaced", "cancelled")),
                name="unit_once_per_item_and_role",
            ),
            models.CheckConstraint(name="percent_within_hundred", condition=Q(percent__lte=100)),
        ]
        # Serves "the parts of my unit" and each plan's lists.
        indexes: ClassVar = [
            models.Index(fields=("unit", "role", "state"), name="participation_unit_role")
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.item}"

    @transition(
        field=state, source=ParticipationState.ASSIGNED, target=ParticipationState.ACKNOWLEDGED
    )
    def acknowledge(self) -> None: ...

    @transition(field=state, source=ParticipationState.ASSIGNED, target=ParticipationState.DECLINED)
    def decline(self) -> None: ...

    @transition(field=state, source=ParticipationState.DECLINED, target=ParticipationState.ASSIGNED)
    def insist(self) -> None: ...

    @transition(field=state, source=ParticipationState.DECLINED, target=ParticipationState.REPLACED)
    def replace(self) -> None: ...

    @transition(
        field=state,
        source=(
            ParticipationState.ASSIGNED,
            ParticipationState.ACKNOWLEDGED,
            ParticipationState.DECLINED,
            ParticipationState.CLAIMED,
            ParticipationState.RETURNED,
            ParticipationState.ACCEPTED,
        ),
        target=ParticipationState.REPLACED,
    )
    def fold(self) -> None:
        """A merger gave the unit another part in the item: that one carries on."""

    @transition(
        field=state,
        source=AT_WORK,
        target=ParticipationState.CLAIMED,
        conditions=[lambda part: part.role == Role.LEAD],
    )
    def claim(self) -> None:
        self.percent = 100

    @transition(field=state, source=ParticipationState.CLAIMED, target=ParticipationState.RETURNED)
    def return_to_lead(self) -> None: ...

    @transition(field=state, source=ParticipationState.CLAIMED, target=ParticipationState.ACCEPTED)
    def accept(self) -> None: ...

    @transition(
        field=state,
        source=(
            ParticipationState.ASSIGNED,
            ParticipationState.ACKNOWLEDGED,
            ParticipationState.DECLINED,
            ParticipationState.CLAIMED,
            ParticipationState.RETURNED,
        ),
        target=ParticipationState.CANCELLED,
    )
    def cancel(self) -> None: ...


class ProgressUpdate(models.Model):
    """What the lead unit said about its part at one moment. Never changed afterwards."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="updates")
    percent = models.PositiveSmallIntegerField(validators=[MaxValueValidator(100)])
    words = models.TextField(_("what was done"))
    posted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    posted_at = models.DateTimeField()

    class Meta:
        ordering = ("-posted_at", "-pk")

    def __str__(self) -> str:
        return f"{self.percent} %"


class Evidence(models.Model):
    """A file that shows what an update claims."""

    update = models.ForeignKey(ProgressUpdate, models.CASCADE, related_name="evidence")
    file = models.FileField(_("file"), upload_to="evidence/%Y/%m/")
    name = models.CharField(_("file name"), max_length=200)

    def __str__(self) -> str:
        return self.name


class Obstacle(models.Model):
    """A difficulty the lead unit raised; it stays on the record with its answer."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="obstacles")
    words = models.TextField(_("difficulty"))
    # Who was asked instead of the focal unit: it passed the question on to the issuer.
    passed_to = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    raised_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-raised_at",)
        constraints: ClassVar = [
            models.CheckConstraint(
                name="answered_obstacle_has_words_and_moment",
                condition=Q(answered_at__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            )
        ]
        # Serves the focal unit's list of unanswered obstacles.
        indexes: ClassVar = [
            models.Index(
                fields=("participation",),
                condition=Q(answered_at__isnull=True),
                name="obstacle_unanswered",
            )
        ]

    def __str__(self) -> str:
        return self.words[:80]

    @property
    def answering_unit(self) -> Unit:
        """Who owes the answer: the focal unit, unless it passed the question on."""
        return self.passed_to or self.participation.item.plan.focal_unit
