"""What administrators did to the registry of units: each change, and each file taken in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tasks.models.unit import Person, Unit


class RegistryVerb(models.TextChoices):
    ADDED = "added", _("entered the unit")
    EDITED = "edited", _("changed the unit")
    ALIAS_ADDED = "alias_added", _("added an alias")
    ALIAS_REMOVED = "alias_removed", _("removed an alias")
    SUCCEEDED = "succeeded", _("passed its work on")


class RegistryChange(models.Model):
    """One change of a unit. Written once, in the transaction of the change."""

    at = models.DateTimeField()
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="registry_changes")
    verb = models.CharField(max_length=16, choices=RegistryVerb)
    words = models.TextField(_("words"), blank=True)
    # For a change of fields: the name of each, with its value before and after.
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("change of the registry")
        verbose_name_plural = _("changes of the registry")
        # Serves the history on a unit's page.
        indexes: ClassVar = [models.Index(fields=("unit", "-at"), name="registry_change_unit_at")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.get_verb_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("A change of the registry is written once and never changed.")
        super().save(*args, **kwargs)


class RegistryImport(models.Model):
    """A file of units that was handed in, and whether it was applied.

    `rows` are its lines as text by column; nothing of them is in the registry before `applied_at`.
    """

    file_name = models.CharField(_("file name"), max_length=200)
    rows = models.JSONField()
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    applied_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-uploaded_at",)
        verbose_name = _("file of units")
        verbose_name_plural = _("files of units")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="applied_registry_import_has_its_person",
                condition=Q(applied_at__isnull=True, applied_by__isnull=True)
                | Q(applied_at__isnull=False, applied_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.file_name
