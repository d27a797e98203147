"""What a person chose about being told. Who never chose has no row, and the usual applies."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.ladder import DEFAULT_TIME
from notifications.wishes import AS_SHIPPED, Wishes
from tasks.models import Person


class Preference(models.Model):
    person = models.OneToOneField(Person, models.CASCADE, related_name="preference")
    by_email = models.BooleanField(_("by e-mail"), default=True)
    by_bridge = models.BooleanField(_("by message bridge"), default=True)
    morning_at = models.TimeField(_("hour of the digest"), default=DEFAULT_TIME)
    # Both empty: no hour is quiet.
    quiet_from = models.TimeField(null=True, blank=True, default=AS_SHIPPED.quiet_from)
    quiet_until = models.TimeField(null=True, blank=True, default=AS_SHIPPED.quiet_until)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")

    def __str__(self) -> str:
        return str(self.person)

    @property
    def wishes(self) -> Wishes:
        return Wishes(
            by_email=self.by_email,
            by_bridge=self.by_bridge,
            morning_at=self.morning_at,
            quiet_from=self.quiet_from,
            quiet_until=self.quiet_until,
        )


def wishes_of(people: Iterable[int]) -> dict[int, Wishes]:
    """The wishes of those who chose. One query; the others have `AS_SHIPPED`."""
    chosen = Preference.objects.filter(person__in=set(people))
    return {one.person_id: one.wishes for one in chosen}


def wishes_of_person(person: Person) -> Wishes:
    """Needs the person's `preference`, or asks for it."""
    chosen: Preference | None = getattr(person, "preference", None)
    return chosen.wishes if chosen is not None else AS_SHIPPED
