"""After migrating, every kind of deadline has a ladder; what somebody saved is left alone."""

from __future__ import annotations

from typing import Any

from django.apps import apps as present
from django.db import transaction
from django.utils import timezone

from notifications.defaults import DEFAULTS
from notifications.kinds import LadderKind
from notifications.models.ladders import columns_of


def ship_ladders(apps: Any = None, *, using: str = "default") -> None:
    """Write the ladders that are missing, and let the planner lay out their deadlines anew.

    `apps` is the registry of the state migrated to, where the tables may not exist yet.
    """
    apps = apps or present
    try:
        ladders = apps.get_model("notifications", "Ladder").objects.using(using)
        deadlines = apps.get_model("tasks", "Deadline").objects.using(using)
    except LookupError:
        return
    with transaction.atomic(using=using):
        known = set(ladders.filter(plan=None).values_list("kind", flat=True))
        missing = [kind for kind in LadderKind if kind not in known]
        for kind in missing:
            _ship(apps, ladders, kind, using)
        if missing:
            deadlines.filter(closed_at__isnull=True).update(planned_version=0)


def _ship(apps: Any, ladders: Any, kind: LadderKind, using: str) -> None:
    rung_model = apps.get_model("notifications", "LadderRung")
    ladder = ladders.create(kind=kind.value, version=1, saved_at=timezone.now())
    rung_model.objects.using(using).bulk_create(
        [rung_model(ladder=ladder, **columns_of(rung)) for rung in DEFAULTS[kind]]
    )
