"""More time: asked for by the lead, decided by the supervising leader."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tasks.models import (
    Deadline,
    DeadlineKind,
    Extension,
    ExtensionState,
    Participation,
    PlanItem,
    Verb,
)
from tasks.punctuality import extensions_granted
from tasks.rules.calendar import local_date
from workflows.access import Actor, require
from workflows.actions.base import locked_part, needed, record
from workflows.actions.deadlines import fulfil, move, open_extension_decision
from workflows.actions.work import require_lead
from workflows.errors import ActionRefused, Overtaken


def request_extension(
    *, participation: Participation, actor: Actor, at: dt.datetime, due_on: dt.date, reason: str
) -> Extension:
    """The lead asks for a later date. The present date stays in force until a decision."""
    reason = needed(reason)
    with locked_part(participation) as part:
        require_lead(actor, part)
        deadline = part.deadlines.filter(kind=DeadlineKind.ITEM, closed_at__isnull=True).first()
        if deadline is None:
            raise ActionRefused(_("This part has no open date that could be extended."))
        _refuse_useless(deadline, due_on, local_date(at))
        _refuse_beyond_limit(deadline)
        extension = Extension.objects.create(
            deadline=deadline,
            due_on_before=deadline.due_on,
            requested_due_on=due_on,
            reason=reason,
            requested_by=actor.person,
            requested_at=at,
        )
        open_extension_decision(extension, part=part, by=actor.person, at=at)
        record(
            Verb.EXTENSION_REQUESTED,
            actor=actor,
            at=at,
            plan=part.item.plan,
            participation=part,
            deadline=deadline,
            words=reason,
            details=_dates(extension.due_on_before, due_on),
        )
        return extension


def grant_extension(
    *,
    extension: Extension,
    actor: Actor,
    at: dt.datetime,
    words: str = "",
    due_on: dt.date | None = None,
) -> None:
    """Set the new date: the one asked for, or another that the leader names."""
    part = extension.deadline.participation
    assert part is not None
    with locked_part(part) as part:
        require_supervisor(actor, part.item)
        fresh = _undecided(extension)
        deadline = fresh.deadline
        new_date = due_on or fresh.requested_due_on
        if new_date <= deadline.due_on:
            raise ActionRefused(_("An extension has to set a later date than the present one."))
        if deadline.closed_at is not None:
            raise Overtaken(_("The work was handed in meanwhile; there is nothing to extend."))
        _refuse_beyond_limit(deadline)
        _decide(fresh, ExtensionState.GRANTED, actor, at, words.strip())
        move(deadline, due_on=new_date, reason=fresh.reason[:300], by=actor.person, at=at)
        record(
            Verb.EXTENSION_GRANTED,
            actor=actor,
            at=at,
            plan=part.item.plan,
            participation=part,
            deadline=deadline,
            words=words,
            details=_dates(fresh.due_on_before, new_date),
        )


def refuse_extension(*, extension: Extension, actor: Actor, at: dt.datetime, reason: str) -> None:
    reason = needed(reason)
    part = extension.deadline.participation
    assert part is not None
    with locked_part(part) as part:
        require_supervisor(actor, part.item)
        fresh = _undecided(extension)
        _decide(fresh, ExtensionState.REFUSED, actor, at, reason)
        record(
            Verb.EXTENSION_REFUSED,
            actor=actor,
            at=at,
            plan=part.item.plan,
            participation=part,
            deadline=fresh.deadline,
            words=reason,
        )


def require_supervisor(actor: Actor, item: PlanItem) -> None:
    require(
        actor,
        "approve_for_unit",
        unit=item.plan.issuer,
        right="supervise_planitem",
        on=item,
    )


def _undecided(extension: Extension) -> Extension:
    fresh = Extension.objects.select_related("deadline").get(pk=extension.pk)
    if fresh.state != ExtensionState.REQUESTED:
        raise Overtaken(_("This request has already been decided."))
    return fresh


def _decide(
    extension: Extension, state: ExtensionState, actor: Actor, at: dt.datetime, words: str
) -> None:
    extension.state = state
    extension.decision_words = words
    extension.decided_by = actor.person
    extension.decided_at = at
    extension.save()
    fulfil(extension.answer_deadlines.all(), at=at)


def _refuse_useless(deadline: Deadline, due_on: dt.date, today: dt.date) -> None:
    if due_on <= max(deadline.due_on, today):
        raise ActionRefused(
            _("Ask for a date after %(date)s.")
            % {"date": max(deadline.due_on, today).strftime("%d/%m/%Y")}
        )
    if deadline.extensions.filter(state=ExtensionState.REQUESTED).exists():
        raise Overtaken(_("A request for this date is already waiting for a decision."))


def _refuse_beyond_limit(deadline: Deadline) -> None:
    limit = settings.DONDOC_EXTENSION_LIMIT
    if limit and extensions_granted(deadline) >= limit:
        raise ActionRefused(
            ngettext(
                "This date was already extended once, and more is not allowed here. Raise an "
                "obstacle instead: the leader can then suspend, re-assign or cancel the item.",
                "This date was already extended %(limit)s times, and more is not allowed here. "
                "Raise an obstacle instead: the leader can then suspend, re-assign or cancel the "
                "item.",
                limit,
            )
            % {"limit": limit}
        )


def _dates(before: dt.date, after: dt.date) -> dict[str, str]:
    return {"before": before.isoformat(), "after": after.isoformat()}
