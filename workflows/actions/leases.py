"""One worker at a time for each row of leased work; a dead one is followed by another."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Protocol, TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet

from tasks.models import LeasedWork

# How long a worker may be silent before another one takes the work over.
LEASE = dt.timedelta(minutes=2)
# How often somebody is woken for work that waits.
WAKE_AGAIN = dt.timedelta(minutes=1)
# What ended so many workers ends no more.
MOST_ATTEMPTS = 3
# How many are named for each sweep.
MOST_WOKEN = 20
WORKER_LOST = "worker_lost"

W = TypeVar("W", bound=LeasedWork)


class LeaseLost(Exception):
    """Another worker has this work now, or nobody wants it done any more."""


@transaction.atomic
def to_wake(kind: type[LeasedWork], *, at: dt.datetime) -> list[int]:
    """The keys of rows that nobody works on at `at` though somebody should, the oldest first.

    For each a worker is to be woken; none is named again within a minute.
    """
    due = kind._default_manager.filter(
        state__in=(kind.WAITING, kind.WORKING), leased_until__lt=at
    ).order_by("pk")
    keys = list(due.values_list("pk", flat=True)[:MOST_WOKEN])
    due.filter(pk__in=keys, state=kind.WAITING).update(leased_until=at + WAKE_AGAIN)
    return keys


@transaction.atomic
def claim(kind: type[W], pk: int, *, at: dt.datetime) -> W | None:
    """Lease the row to the caller; None when there is nothing to do, or another one does it.

    What ended `MOST_ATTEMPTS` workers is given up instead.
    """
    free = Q(state=kind.WAITING) | Q(state=kind.WORKING, leased_until__lt=at)
    rows: QuerySet[W] = kind._default_manager.select_for_update(of=("self",))
    work = rows.filter(free, pk=pk).first()
    if work is None:
        return None
    work.begin_work()
    if work.attempts >= MOST_ATTEMPTS:
        give_up(work, WORKER_LOST, {})
        return None
    work.attempts += 1
    work.lease = uuid.uuid4()
    work.leased_until = at + LEASE
    work.progress = {}
    work.save(update_fields=["state", "attempts", "lease", "leased_until", "progress"])
    return work


def keep_lease(
    work: LeasedWork, *, at: dt.datetime, progress: tuple[int, int, str] | None = None
) -> None:
    """Say that the work goes on, and how far it is. Raises `LeaseLost`."""
    done, total, stage = progress or (0, 0, "")
    told = {"progress": {"done": done, "total": total, "stage": stage}} if progress else {}
    if not _own(work).update(leased_until=at + LEASE, **told):
        raise LeaseLost


def release(work: LeasedWork, *, at: dt.datetime) -> None:
    """The worker stumbled: the next sweep gives the work to another, if anyone still wants it."""
    _own(work).update(leased_until=at)


def held(work: W) -> W:
    """The row read afresh and locked, for its holder to end the work. Raises `LeaseLost`."""
    fresh = _own(work).select_for_update(of=("self",)).first()
    if fresh is None:
        raise LeaseLost
    return fresh


def let_go(work: LeasedWork) -> None:
    """The work has ended; the caller saves."""
    work.lease = work.leased_until = None


class Refusal(Protocol):
    """Why work cannot be done, as `DocumentError` says it: a stable code and what it is about."""

    code: str
    params: dict[str, object]


@transaction.atomic
def keep_failure(work: LeasedWork, refusal: Refusal) -> None:
    """Keep why the work cannot be done. Raises `LeaseLost`."""
    give_up(held(work), refusal.code, refusal.params)


def give_up(work: LeasedWork, code: str, params: Mapping[str, object]) -> None:
    work.fail()
    work.failure = {"code": code, "params": {key: str(value) for key, value in params.items()}}
    let_go(work)
    work.save(update_fields=["state", "failure", "lease", "leased_until"])


def wait_anew(work: LeasedWork, *, at: dt.datetime) -> None:
    """Forget earlier attempts, so that the work is done once more; the caller saves."""
    work.attempts, work.failure, work.progress = 0, {}, {}
    work.leased_until = at + WAKE_AGAIN


def _own(work: W) -> QuerySet[W]:
    rows: QuerySet[W] = type(work)._default_manager.filter(
        pk=work.pk, state=work.WORKING, lease=work.lease
    )
    return rows
