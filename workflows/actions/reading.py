"""A document on its way to a review: handed in, leased to one worker, read or refused.

The web process only stores the file. A job reads it, in a process of its own with limits; the
row of the draft says who may, so that a message lost or sent twice changes nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tasks.importing.errors import DocumentError
from tasks.models import DraftState, Plan, PlanDraft, PlanState
from tasks.rules.calendar import local_date
from workflows.access import Actor, require
from workflows.actions.drafts import fill_review, locked_draft, require_drafter
from workflows.errors import ActionRefused

# How long a worker may be silent before another one takes the document over.
LEASE = dt.timedelta(minutes=2)
# How often somebody is woken for a document that waits.
WAKE_AGAIN = dt.timedelta(minutes=1)
# A document that ended so many workers ends no more.
MOST_ATTEMPTS = 3
# Documents of one unit that may wait at the same time.
MOST_WAITING = 20
WORKER_LOST = "worker_lost"


class LeaseLost(Exception):
    """Another worker has this document now, or nobody wants it read any more."""


@transaction.atomic
def hand_in(
    *,
    file: File[bytes],
    actor: Actor,
    at: dt.datetime,
    file_name: str = "",
    corrects: Plan | None = None,
    instead_of: PlanDraft | None = None,
) -> PlanDraft:
    """Keep a document of the actor's unit, to be read by a job. Nothing of it is looked at.

    With `corrects`, it is a correction of that running plan, which the actor must be allowed to
    issue; `instead_of` is a draft that could not be read and is laid aside. Raises `NotAllowed`,
    or `ActionRefused` when too many documents of the unit wait already.
    """
    require_drafter(actor)
    assert actor.unit is not None
    if corrects is not None:
        require_corrector(actor, corrects)
    _refuse_crowd(actor)
    draft = PlanDraft(
        unit=actor.unit,
        uploaded_by=actor.person,
        uploaded_at=at,
        file_name=file_name[-200:],
        digest=digest_of(file),
        corrects=corrects,
        leased_until=at + WAKE_AGAIN,
    )
    draft.file.save(file_name[-80:] or "van-ban.txt", file, save=False)
    draft.save()
    if instead_of is not None:
        failed = locked_draft(instead_of, actor, (DraftState.FAILED,))
        failed.discard()
        failed.save(update_fields=["state"])
    return draft


def require_corrector(actor: Actor, plan: Plan) -> None:
    """Refuse whoever may not issue the plan, and every correction of a closed one."""
    require(actor, "issue_for_unit", unit=plan.issuer)
    if plan.state == PlanState.CLOSED:
        raise ActionRefused(_("The plan is closed. It can be read, but no longer changed."))


def pasted(text: str) -> File[bytes]:
    """Pasted text as the file that is kept of it."""
    return ContentFile(text.encode())


def digest_of(file: File[bytes]) -> str:
    """The SHA-256 of a file, which is left at its beginning."""
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _refuse_crowd(actor: Actor) -> None:
    waiting = PlanDraft.objects.filter(
        unit=actor.unit, state__in=(DraftState.WAITING, DraftState.READING)
    ).count()
    if waiting >= MOST_WAITING:
        raise ActionRefused(
            _("%(number)s documents of your unit are still to be read. Wait until they are.")
            % {"number": waiting}
        )


@transaction.atomic
def retry(*, draft: PlanDraft, actor: Actor, at: dt.datetime) -> PlanDraft:
    """Have a document read once more that could not be read. Raises as `hand_in` does."""
    fresh = locked_draft(draft, actor, (DraftState.FAILED,))
    fresh.wait_again()
    fresh.attempts, fresh.failure, fresh.progress = 0, {}, {}
    fresh.leased_until = at + WAKE_AGAIN
    fresh.save(update_fields=["state", "attempts", "failure", "progress", "leased_until"])
    return fresh


@transaction.atomic
def to_wake(*, at: dt.datetime) -> list[int]:
    """The keys of documents that nobody reads at `at` though they should be read.

    For each a worker is to be woken; none is named again within a minute.
    """
    due = PlanDraft.objects.filter(
        state__in=(DraftState.WAITING, DraftState.READING), leased_until__lt=at
    ).order_by("uploaded_at")
    keys = list(due.values_list("pk", flat=True)[:MOST_WAITING])
    due.filter(pk__in=keys, state=DraftState.WAITING).update(leased_until=at + WAKE_AGAIN)
    return keys


@transaction.atomic
def claim(pk: int, *, at: dt.datetime) -> PlanDraft | None:
    """Lease the document to the caller; None when it is not to be read, or another one reads it.

    A document whose readers died `MOST_ATTEMPTS` times is given up instead.
    """
    free = Q(state=DraftState.WAITING) | Q(state=DraftState.READING, leased_until__lt=at)
    draft = PlanDraft.objects.select_for_update(of=("self",)).filter(free, pk=pk).first()
    if draft is None:
        return None
    draft.begin_reading()
    if draft.attempts >= MOST_ATTEMPTS:
        _give_up(draft, WORKER_LOST, {})
        return None
    draft.attempts += 1
    draft.lease = uuid.uuid4()
    draft.leased_until = at + LEASE
    draft.progress = {}
    draft.save(update_fields=["state", "attempts", "lease", "leased_until", "progress"])
    return draft


def keep_lease(
    draft: PlanDraft, *, at: dt.datetime, progress: tuple[int, int, str] | None = None
) -> None:
    """Say that the reading goes on, and how far it is. Raises `LeaseLost`."""
    done, total, stage = progress or (0, 0, "")
    told = {"progress": {"done": done, "total": total, "stage": stage}} if progress else {}
    if not _own(draft).update(leased_until=at + LEASE, **told):
        raise LeaseLost


@transaction.atomic
def keep_reading(draft: PlanDraft, reading: dict[str, Any], *, at: dt.datetime) -> PlanDraft:
    """Keep what was read and open the review; nobody is told. Raises `LeaseLost`."""
    fresh = _own(draft).select_for_update(of=("self",)).select_related("unit").first()
    if fresh is None:
        raise LeaseLost
    fill_review(fresh, reading, today=local_date(at))
    fresh.lease = fresh.leased_until = None
    fresh.save()
    return fresh


@transaction.atomic
def keep_failure(draft: PlanDraft, error: DocumentError) -> None:
    """Keep why the document cannot be read; its file stays. Raises `LeaseLost`."""
    fresh = _own(draft).select_for_update(of=("self",)).first()
    if fresh is None:
        raise LeaseLost
    _give_up(fresh, error.code, dict(error.params))


def _own(draft: PlanDraft) -> QuerySet[PlanDraft]:
    return PlanDraft.objects.filter(pk=draft.pk, state=DraftState.READING, lease=draft.lease)


def _give_up(draft: PlanDraft, code: str, params: dict[str, object]) -> None:
    draft.fail()
    draft.failure = {"code": code, "params": {key: str(value) for key, value in params.items()}}
    draft.lease = draft.leased_until = None
    draft.save(update_fields=["state", "failure", "lease", "leased_until"])
