"""Taking a file of units into the registry: first it is kept and compared, then applied."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tasks.models import RegistryImport, Unit
from tasks.unit_files.compare import Comparison, Line, Outcome, compare
from tasks.unit_files.read import Row
from workflows.access import Actor, require_registrar
from workflows.actions.aliases import add_alias
from workflows.actions.registry import save_unit
from workflows.errors import ActionRefused, Overtaken


def keep_file(*, rows: list[Row], file_name: str, actor: Actor, at: dt.datetime) -> RegistryImport:
    """Keep the lines of a file for comparing; the registry stays as it is."""
    require_registrar(actor)
    return RegistryImport.objects.create(
        rows=rows, file_name=file_name[-200:], uploaded_by=actor.person, uploaded_at=at
    )


@transaction.atomic
def apply_file(*, kept: RegistryImport, actor: Actor, at: dt.datetime, expected: str) -> Comparison:
    """Enter and change all units of the file, or none.

    `expected` is the `fingerprint` of the comparison the person looked at. Raises `NotAllowed`,
    `Overtaken` when the registry has changed since or the file was applied, and `ActionRefused`
    when a line is wrong. Units that the file leaves out stay, and so do their aliases.
    """
    require_registrar(actor)
    fresh = RegistryImport.objects.select_for_update().get(pk=kept.pk)
    if fresh.applied_at is not None:
        raise Overtaken(_("This file was already applied."))
    # One writer at a time: what is compared here is what is written.
    list(Unit.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    comparison = compare(fresh.rows)
    if not comparison.is_sound:
        raise ActionRefused(_("The file has lines that are wrong; nothing was changed."))
    if fingerprint(comparison) != expected:
        raise Overtaken(
            _("The registry has changed since you looked. Look again at what would change.")
        )
    _apply(comparison, actor, at)
    fresh.applied_by, fresh.applied_at = actor.person, at
    fresh.save(update_fields=["applied_by", "applied_at"])
    return comparison


def fingerprint(comparison: Comparison) -> str:
    """A short text that differs when the comparison would do anything else."""
    told = [(line.code, line.outcome.value, line.changes) for line in comparison.lines]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _apply(comparison: Comparison, actor: Actor, at: dt.datetime) -> None:
    lines = [line for line in comparison.lines if line.outcome is not Outcome.UNCHANGED]
    units = {line.code: _save(line, actor, at) for line in lines}
    # Only now does every unit above exist.
    above = {unit.code: unit for unit in Unit.objects.all()}
    for line in lines:
        if "parent" in line.values:
            given = {"parent": above.get(line.values["parent"])}
            save_unit(unit=units[line.code], given=given, actor=actor, at=at)
        for text in line.new_aliases:
            add_alias(unit=units[line.code], text=text, issuer=None, actor=actor, at=at)


def _save(line: Line, actor: Actor, at: dt.datetime) -> Unit:
    given: dict[str, Any] = {k: v for k, v in line.values.items() if k != "parent"}
    return save_unit(unit=line.unit, given=given, actor=actor, at=at)
