"""How much is done on time: by the date a plan was issued with, and by the date as extended.

Both rates stand side by side, so that an extension neither hides a delay nor punishes whoever
asked for it in time.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from tasks.models import Deadline, DeadlineKind, ExtensionState
from tasks.overview import Scope

# The third extension of one date is pointed out wherever it is asked for or counted.
FLAGGED_EXTENSION = 3

WORK = (DeadlineKind.ITEM, DeadlineKind.REPORT, DeadlineKind.CONSOLIDATED)


@dataclass(frozen=True, slots=True)
class Rate:
    """Of `judged` dates, which are over or done, `on_time` were kept."""

    on_time: int
    judged: int

    @property
    def percent(self) -> int | None:
        """Rounded down, so that only a clean record reads 100; None when nothing is judged."""
        return 100 * self.on_time // self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Punctuality:
    """`extended` dates have another date than at issue; `often` were extended three times."""

    original: Rate
    present: Rate
    extended: int
    often: int


def punctuality(scope: Scope) -> Punctuality:
    """Over the items and reports of the scope. Two queries.

    What is suspended, or was called off without being done, is not judged.
    """
    counted = (
        scope.deadlines()
        .filter(kind__in=WORK)
        .aggregate(
            on_time_original=Count("pk", filter=Q(fulfilled_on__lte=F("original_due_on"))),
            judged_original=Count("pk", filter=_judged("original_due_on", scope)),
            on_time_present=Count("pk", filter=Q(fulfilled_on__lte=F("due_on"))),
            judged_present=Count("pk", filter=_judged("due_on", scope)),
            extended=Count("pk", filter=Q(due_on__gt=F("original_due_on"))),
        )
    )
    return Punctuality(
        original=Rate(counted["on_time_original"], counted["judged_original"]),
        present=Rate(counted["on_time_present"], counted["judged_present"]),
        extended=counted["extended"],
        often=_often(scope.deadlines()).count(),
    )


def _judged(due_on: str, scope: Scope) -> Q:
    over = Q(closed_at__isnull=True, paused_at__isnull=True, **{f"{due_on}__lt": scope.today})
    return Q(fulfilled_on__isnull=False) | over


def _often(deadlines: QuerySet[Deadline]) -> QuerySet[Deadline]:
    granted = Count("extensions", filter=Q(extensions__state=ExtensionState.GRANTED))
    return deadlines.annotate(granted=granted).filter(granted__gte=FLAGGED_EXTENSION)


def extensions_granted(deadline: Deadline) -> int:
    """How often the date was extended; a return that keeps the date is no extension."""
    return deadline.extensions.filter(state=ExtensionState.GRANTED).count()
