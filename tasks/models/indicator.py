"""Indicators, the targets plans set for them, and what was measured."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tasks.models.item import Evidence, PlanItem
from tasks.models.plan import Plan
from tasks.models.report import Report
from tasks.models.unit import Person, Unit
from tasks.rules.names import fold
from tasks.rules.numbers import PLACES, WHOLE_DIGITS


def _number(label: Any, *, null: bool = True) -> models.DecimalField[Any, Any]:
    return models.DecimalField(
        label, max_digits=WHOLE_DIGITS + PLACES, decimal_places=PLACES, null=null, blank=null
    )


class Aggregation(models.TextChoices):
    """How measurements of one indicator become one figure, over time and over units.

    Over units, sums and last values add up. A weighted average, for shares, takes the last value of
    each unit; an average is that of all units and spans.
    """

    SUM = "sum", _("adds up over time")
    LAST = "last", _("the last value counts")
    AVERAGE = "average", _("average")
    WEIGHTED = "weighted", _("weighted average")


class Direction(models.TextChoices):
    UP = "up", _("more is better")
    DOWN = "down", _("less is better")


class Indicator(models.Model):
    """Something that is counted or measured, whoever sets targets for it."""

    name = models.CharField(_("indicator"), max_length=300)
    folded_name = models.CharField(max_length=400, editable=False, db_index=True)
    # "dự án", "%", "triệu đồng": the word for what one of it is.
    measure = models.CharField(_("unit of measure"), max_length=60, blank=True)
    aggregation = models.CharField(
        _("how it adds up"), max_length=10, choices=Aggregation, default=Aggregation.SUM
    )
    direction = models.CharField(
        _("direction"), max_length=4, choices=Direction, default=Direction.UP
    )
    source = models.CharField(_("where its figures come from"), max_length=300, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("folded_name", "measure"), name="indicator_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.measure})" if self.measure else self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded_name = fold(self.name)
        super().save(*args, **kwargs)


class Target(models.Model):
    """How much of an indicator a plan wants in one phase: a value, a range, or one open side.

    `under` is the target of the plan above that this one helps to reach.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="targets")
    item = models.ForeignKey(
        PlanItem, models.SET_NULL, null=True, blank=True, related_name="targets"
    )
    # Whose figures count: the unit itself and all below it.
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="targets")
    under = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="local_targets"
    )
    start_on = models.DateField(_("from"))
    end_on = models.DateField(_("until"))
    low = _number(_("at least"))
    high = _number(_("at most"))
    baseline = _number(_("baseline"))
    baseline_on = models.DateField(_("day of the baseline"), null=True, blank=True)
    is_soft = models.BooleanField(_("to strive for"), default=False)
    is_approximate = models.BooleanField(_("approximate"), default=False)
    source_text = models.TextField(_("source sentence"), blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="target_says_how_much",
                condition=Q(low__isnull=False) | Q(high__isnull=False),
            ),
            models.CheckConstraint(
                name="target_range_runs_upward",
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(high__gte=F("low")),
            ),
            models.CheckConstraint(
                name="target_phase_runs_forward", condition=Q(end_on__gte=F("start_on"))
            ),
            models.UniqueConstraint(
                fields=("plan", "indicator", "unit", "start_on", "end_on"),
                name="target_once_per_phase",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.start_on.year}–{self.end_on.year}"


class Measurement(models.Model):
    """One figure of one unit for one span of days. It is corrected by another, never changed.

    The current one of a span is the one that nothing replaced.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="measurements")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="measurements")
    covers_from = models.DateField(_("figures from"))
    covers_to = models.DateField(_("figures to"))
    value = _number(_("value"), null=False)
    # For a weighted average: of how many.
    weight = _number(_("weight"))
    report = models.ForeignKey(
        Report, models.PROTECT, null=True, blank=True, related_name="measurements"
    )
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="measurements"
    )
    # Where the figure was taken from, in words: a number of a paper, a sentence.
    source = models.TextField(_("source"), blank=True)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    reason = models.TextField(_("reason of the correction"), blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("covers_to", "covers_from", "pk")
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="measurement_span_runs_forward",
                condition=Q(covers_to__gte=F("covers_from")),
            ),
            models.CheckConstraint(
                name="correction_of_a_measurement_has_a_reason",
                condition=Q(replaces__isnull=True) | ~Q(reason=""),
            ),
            models.UniqueConstraint(
                fields=("indicator", "unit", "covers_from", "covers_to"),
                condition=Q(replaced_at__isnull=True),
                name="one_current_measurement_per_span",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value:f}"
