"""What the supervising leader and the focal unit may do with running work."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tasks.models import (
    Deadline,
    FollowUp,
    ItemState,
    OverdueNotice,
    ParticipationState,
    Plan,
    PlanItem,
    ProposalState,
    ReportState,
    Verb,
)
from workflows.access import Actor, require
from workflows.actions.base import (
    attempt,
    locked_item,
    needed,
    process_of,
    record,
    refuse_closed,
)
from workflows.actions.deadlines import abandon
from workflows.actions.extensions import require_supervisor
from workflows.errors import ActionRefused, NotAllowed, Overtaken


def suspend_item(*, item: PlanItem, actor: Actor, at: dt.datetime, reason: str) -> None:
    """Stop the work for now. Its clocks stand still and nobody is reminded."""
    reason = needed(reason)
    with locked_item(item, suspended=True) as fresh:
        require_supervisor(actor, fresh)
        attempt(fresh.suspend)
        fresh.save()
        _open_deadlines(fresh).update(paused_at=at)
        record(Verb.SUSPENDED, actor=actor, at=at, plan=fresh.plan, item=fresh, words=reason)


def resume_item(*, item: PlanItem, actor: Actor, at: dt.datetime, reason: str = "") -> None:
    """Let the work go on where it stood. The dates are what they were."""
    with locked_item(item, suspended=True) as fresh:
        require_supervisor(actor, fresh)
        unstarted = fresh.state_before_suspension == ItemState.ISSUED
        attempt(fresh.resume_unstarted if unstarted else fresh.resume)
        fresh.save()
        _open_deadlines(fresh).update(paused_at=None)
        record(Verb.RESUMED, actor=actor, at=at, plan=fresh.plan, item=fresh, words=reason)


def cancel_item(*, item: PlanItem, actor: Actor, at: dt.datetime, reason: str) -> None:
    """Call the work off for good. Everything stays readable; nothing more is expected."""
    reason = needed(reason)
    with locked_item(item, suspended=True) as fresh:
        require_supervisor(actor, fresh)
        call_off(fresh, at=at)
        record(Verb.CANCELLED, actor=actor, at=at, plan=fresh.plan, item=fresh, words=reason)


def call_off(item: PlanItem, *, at: dt.datetime) -> None:
    """Cancel a locked item with its parts, dates and flow. The caller has checked who may."""
    attempt(item.cancel)
    item.save()
    over = (
        ParticipationState.ACCEPTED,
        ParticipationState.REPLACED,
        ParticipationState.CANCELLED,
    )
    for part in item.participations.exclude(state__in=over):
        part.cancel()
        part.save()
    abandon(_open_deadlines(item), at=at)
    process = process_of(item)
    process.flow_class.instance.cancel(process)


@transaction.atomic
def follow_up(*, deadline: Deadline, actor: Actor, at: dt.datetime, words: str = "") -> FollowUp:
    """Send the unit an official reminder, which stays on the record."""
    fresh = _open_deadline(deadline)
    require_overseer(actor, fresh.plan)
    sent = FollowUp.objects.create(
        deadline=fresh, words=words.strip(), sent_by=actor.person, sent_at=at
    )
    record(Verb.FOLLOWED_UP, actor=actor, at=at, words=words.strip(), **_about(fresh))
    return sent


@transaction.atomic
def take_notice(*, deadline: Deadline, actor: Actor, at: dt.datetime) -> None:
    """A leader has seen that this is late: the escalation stops repeating, the lateness stays."""
    fresh = _open_deadline(deadline)
    require_overseer(actor, fresh.plan)
    _notice, made = OverdueNotice.objects.get_or_create(
        deadline=fresh,
        version=fresh.version,
        taken_by=actor.person,
        defaults={"taken_at": at},
    )
    if made:
        record(Verb.NOTICE_TAKEN, actor=actor, at=at, **_about(fresh))


@transaction.atomic
def close_plan(*, plan: Plan, actor: Actor, at: dt.datetime) -> None:
    """Close a plan whose items are over and whose reports are accepted."""
    fresh = Plan.objects.select_for_update().get(pk=plan.pk)
    require_overseer(actor, fresh)
    open_items = fresh.items.exclude(state__in=(ItemState.COMPLETED, ItemState.CANCELLED)).count()
    open_reports = fresh.reports.exclude(
        state__in=(ReportState.ACCEPTED, ReportState.CANCELLED)
    ).count()
    if open_items or open_reports:
        raise ActionRefused(
            _("Still open: %(items)s items and %(reports)s reports. Finish or cancel them first.")
            % {"items": open_items, "reports": open_reports}
        )
    unanswered = fresh.proposals.filter(state=ProposalState.OPEN).count()
    if unanswered:
        raise ActionRefused(
            ngettext(
                "%(count)s proposal still waits for an answer. No proposal is put away unanswered.",
                "%(count)s proposals still wait for an answer. No proposal is put away unanswered.",
                unanswered,
            )
            % {"count": unanswered}
        )
    attempt(fresh.close)
    fresh.closed_at = at
    fresh.save()
    record(Verb.PLAN_CLOSED, actor=actor, at=at, plan=fresh)


def _open_deadlines(item: PlanItem) -> QuerySet[Deadline]:
    return Deadline.objects.filter(participation__item=item, closed_at__isnull=True)


def _open_deadline(deadline: Deadline) -> Deadline:
    fresh = (
        Deadline.objects.select_for_update(of=("self",))
        .select_related("plan__issuer", "plan__focal_unit")
        .get(pk=deadline.pk)
    )
    refuse_closed(fresh.plan)
    if fresh.closed_at is not None:
        raise Overtaken(_("This has been handed in meanwhile; no reminder is needed."))
    return fresh


def _about(deadline: Deadline) -> dict[str, Any]:
    return {
        "plan": deadline.plan,
        "deadline": deadline,
        "participation": deadline.participation,
        "report": deadline.report,
        "proposal": deadline.proposal,
    }


def require_overseer(actor: Actor, plan: Plan) -> None:
    """Either the issuer's leader or the focal unit's staff."""
    try:
        require(actor, "approve_for_unit", unit=plan.issuer, right="supervise_plan", on=plan)
    except NotAllowed:
        require(actor, "act_for_unit", unit=plan.focal_unit, right="consolidate_plan", on=plan)
