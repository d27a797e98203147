"""Exceptions to the public working calendar."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


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
