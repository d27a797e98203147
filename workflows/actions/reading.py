"""A document on its way to a review: handed in, leased to one worker, read or refused.

The web process only stores the file. A job reads it, in a process of its own with limits; the
row of the draft says who may, so that a message lost or sent twice changes nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tasks.models import DraftState, Plan, PlanDraft, PlanState
from tasks.rules.calendar import local_date
from workflows.access import Actor, require
from workflows.actions.drafts import fill_review, locked_draft, require_drafter
from workflows.actions.leases import WAKE_AGAIN, held, let_go, wait_anew
from workflows.errors import ActionRefused

# Documents of one unit that may wait at the same time.
MOST_WAITING = 20


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
    wait_anew(fresh, at=at)
    fresh.save(update_fields=["state", "attempts", "failure", "progress", "leased_until"])
    return fresh


@transaction.atomic
def keep_reading(draft: PlanDraft, reading: dict[str, Any], *, at: dt.datetime) -> PlanDraft:
    """Keep what was read and open the review; nobody is told. Raises `LeaseLost`."""
    fresh = held(draft)
    fill_review(fresh, reading, today=local_date(at))
    let_go(fresh)
    fresh.save()
    return fresh
