"""Keeping the registry of units: entering a unit and changing what is known of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasks.models import RegistryChange, RegistryVerb, Unit
from workflows.access import Actor, refresh_unit_rights, require_registrar
from workflows.errors import ActionRefused

# The fields of a unit that are kept by hand, and how a person calls them.
FIELDS: dict[str, str | Promise] = {
    "code": _("code"),
    "name": _("name"),
    "short_name": _("short name"),
    "kind": _("kind"),
    "parent": _("stands under"),
    "email": _("e-mail of the office"),
    "may_issue": _("may issue plans"),
    "valid_from": _("exists from"),
    "valid_until": _("exists until"),
}


@transaction.atomic
def save_unit(
    *, unit: Unit | None, given: Mapping[str, Any], actor: Actor, at: dt.datetime
) -> Unit:
    """Enter a unit, or change the fields of one; `given` holds the checked `FIELDS`.

    Grants follow, and the change is recorded; without a change nothing is. Work is not moved:
    that is what `workflows.actions.succession` does. Raises `NotAllowed`, or `ActionRefused` when
    the unit would stand above itself.
    """
    require_registrar(actor)
    fresh = Unit.objects.select_for_update().get(pk=unit.pk) if unit else Unit()
    before = {} if unit is None else _values(fresh)
    for field in FIELDS:
        if field in given:
            setattr(fresh, field, given[field])
    refuse_circle(fresh)
    changed = {
        field: [before.get(field, ""), value]
        for field, value in _values(fresh).items()
        if before.get(field, "") != value
    }
    if not changed:
        return fresh
    fresh.save()
    refresh_unit_rights(fresh)
    RegistryChange.objects.create(
        unit=fresh,
        actor=actor.person,
        at=at,
        verb=RegistryVerb.EDITED if unit else RegistryVerb.ADDED,
        details={"changed": changed} if unit else {},
    )
    return fresh


def refuse_circle(unit: Unit) -> None:
    """Refuse a unit that would stand, over others, above itself."""
    above, seen = unit.parent, {unit.pk}
    while above is not None:
        if above.pk in seen and unit.pk is not None:
            raise ActionRefused(
                _("%(unit)s cannot stand above itself: choose another unit above it.")
                % {"unit": unit.short_name}
            )
        seen.add(above.pk)
        above = above.parent


def _values(unit: Unit) -> dict[str, str]:
    """The fields as the record shows them."""
    return {field: _text(getattr(unit, field)) for field in FIELDS}


def _text(value: Any) -> str:
    if value in (None, ""):
        return ""
    return value.isoformat() if isinstance(value, dt.date) else str(value)
