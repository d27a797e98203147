"""What an administrator decided about the working calendar, and the record of each decision."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks.models.unit import Person


class CalendarException(models.Model):
    """A day whose nature was decided for one year, such as a swap day. It has the last word."""

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("is a working day"))
    note = models.CharField(_("decision"), max_length=200, blank=True)

    class Meta:
        ordering = ("day",)
        verbose_name = _("calendar exception")
        verbose_name_plural = _("calendar exceptions")

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"


class CalendarYear(models.Model):
    """A year whose public holidays and swap days somebody compared with the decisions."""

    year = models.PositiveSmallIntegerField(
        _("year"), unique=True, validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    verified_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    verified_at = models.DateTimeField()

    class Meta:
        ordering = ("year",)

    def __str__(self) -> str:
        return str(self.year)


class CalendarChange(models.Model):
    """One decision as it was entered or taken back: the event of the calendar.

    `before` and `after` say for each day (ISO) whether it was decided to be worked; a day that
    follows the rule is null. `waiting` is how many reminders had to be projected anew.
    """

    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    note = models.CharField(_("decision"), max_length=200, blank=True)
    before = models.JSONField()
    after = models.JSONField()
    moved = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-at", "-pk")
        # Serves the page of the calendar and the auditor: the newest change.
        indexes: ClassVar = [models.Index(fields=("-at", "-id"), name="calendar_change_at")]

    def __str__(self) -> str:
        return ", ".join(sorted(self.after))

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("A change of the calendar is written once and never changed.")
        super().save(*args, **kwargs)

    @property
    def days(self) -> list[tuple[dt.date, bool | None]]:
        """Each day as it was decided."""
        return [(dt.date.fromisoformat(day), worked) for day, worked in sorted(self.after.items())]
