"""The lead unit does the work; the focal unit accepts it or sends it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from tasks.models import (
    AT_WORK,
    Deadline,
    DeadlineKind,
    Evidence,
    ExtensionState,
    Obstacle,
    Participation,
    ParticipationState,
    PlanItem,
    ProgressUpdate,
    Role,
    Verb,
)
from workflows.access import Actor, judge_right, require
from workflows.actions.assignment import require_focal
from workflows.actions.base import advance, attempt, locked_part, needed, record
from workflows.actions.deadlines import (
    abandon,
    fulfil,
    open_obstacle_answer,
    pass_answer_on,
    reopen,
)
from workflows.errors import ActionRefused, Overtaken
from workflows.flows import PlanItemFlow


def update_progress(
    *,
    participation: Participation,
    actor: Actor,
    at: dt.datetime,
    percent: int,
    words: str,
    files: Iterable[File[bytes]] = (),
) -> ProgressUpdate:
    """The lead's officer says how far the part is (0 to 100), in words and with evidence."""
    with locked_part(participation) as part:
        _require_at_work(actor, part)
        update = _post(part, actor, at, percent, needed(words), files)
        part.percent = percent
        part.save()
        record(
            Verb.PROGRESSED,
            actor=actor,
            at=at,
            plan=part.item.plan,
            participation=part,
            words=words,
            details={"percent": percent},
        )
        return update


def raise_obstacle(
    *, participation: Participation, actor: Actor, at: dt.datetime, words: str
) -> Obstacle:
    """The lead asks the focal unit for help; the question stays on the record."""
    words = needed(words)
    with locked_part(participation) as part:
        _require_at_work(actor, part)
        obstacle = Obstacle.objects.create(
            participation=part, words=words, raised_by=actor.person, raised_at=at
        )
        open_obstacle_answer(obstacle, by=actor.person, at=at)
        record(
            Verb.OBSTACLE_RAISED,
            actor=actor,
            at=at,
            plan=part.item.plan,
            participation=part,
            words=words,
        )
        return obstacle


def answer_obstacle(*, obstacle: Obstacle, actor: Actor, at: dt.datetime, words: str) -> None:
    words = needed(words)
    with locked_part(obstacle.participation) as part:
        fresh = Obstacle.objects.select_related("passed_to").get(pk=obstacle.pk)
        fresh.participation = part
        require_obstacle_answerer(actor, fresh)
        open_ones = Obstacle.objects.filter(
            pk=obstacle.pk, answered_at__isnull=True, proposal__isnull=True
        )
        if not open_ones.update(answer=words, answered_by=actor.person, answered_at=at):
            raise Overtaken(_("This obstacle has already been answered."))
        fulfil(obstacle.answer_deadlines.all(), at=at)
        record(
            Verb.OBSTACLE_ANSWERED,
            actor=actor,
            at=at,
            plan=part.item.plan,
            participation=part,
            words=words,
        )


def pass_on_obstacle(*, obstacle: Obstacle, actor: Actor, at: dt.datetime, reason: str) -> None:
    """The focal unit cannot answer it: the issuing unit is asked, with the whole time for it."""
    reason = needed(reason)
    with locked_part(obstacle.participation) as part:
        require_focal(actor, part)
        plan = part.item.plan
        if plan.issuer_id == plan.focal_unit_id:
            raise ActionRefused(_("The focal unit issued the plan itself: nobody is above it."))
        waiting = Obstacle.objects.filter(
            pk=obstacle.pk, answered_at__isnull=True, passed_to=None, proposal__isnull=True
        )
        if not waiting.update(passed_to=plan.issuer):
            raise Overtaken(_("This obstacle has been answered or passed on meanwhile."))
        pass_answer_on(
            obstacle.answer_deadlines.all(), to=plan.issuer, reason=reason, by=actor.person, at=at
        )
        record(
            Verb.OBSTACLE_PASSED_ON,
            actor=actor,
            at=at,
            plan=plan,
            participation=part,
            words=reason,
            details={"to": plan.issuer.short_name},
        )


def require_obstacle_answerer(actor: Actor, obstacle: Obstacle) -> None:
    """Staff of the focal unit, or of the issuing unit once the question was passed on to it."""
    part = obstacle.participation
    if obstacle.passed_to is None:
        require_focal(actor, part)
        return
    plan = part.item.plan
    require(actor, "act_for_unit", unit=obstacle.passed_to, right="view_plan", on=plan)


def claim_completion(
    *,
    participation: Participation,
    actor: Actor,
    at: dt.datetime,
    words: str,
    files: Iterable[File[bytes]] = (),
) -> None:
    """The lead says its part is done. Its clock stops now, whenever the focal unit looks at it."""
    with locked_part(participation) as part:
        _require_at_work(actor, part)
        attempt(part.claim)
        part.save()
        _post(part, actor, at, 100, needed(words), files)
        fulfil(part.deadlines.filter(kind=DeadlineKind.ITEM), at=at)
        abandon(part.deadlines.filter(kind=DeadlineKind.EXTENSION), at=at)
        advance(PlanItemFlow.carry_out, part, actor)
        record(
            Verb.CLAIMED,
            actor=actor,
            at=at,
            plan=part.item.plan,
            participation=part,
            words=words,
        )


def return_completion(
    *, participation: Participation, actor: Actor, at: dt.datetime, reason: str
) -> None:
    """The focal unit is not content: the same date applies again."""
    reason = needed(reason)
    with locked_part(participation) as part:
        require_judge(actor, part)
        attempt(part.return_to_lead)
        part.save()
        dates = part.deadlines.filter(kind=DeadlineKind.ITEM)
        reopen(dates, reason=reason[:300], by=actor.person, at=at)
        undecided = part.deadlines.filter(extension__state=ExtensionState.REQUESTED)
        reopen(undecided, reason=reason[:300], by=actor.person, at=at)
        advance(PlanItemFlow.judge, part, actor)
        record(
            Verb.RETURNED,
            actor=actor,
            at=at,
            plan=part.item.plan,
            participation=part,
            words=reason,
        )


def accept_completion(
    *, participation: Participation, actor: Actor, at: dt.datetime, words: str = ""
) -> None:
    """The focal unit accepts one lead's part; with the last one the item is complete."""
    with locked_part(participation) as part:
        require_judge(actor, part)
        attempt(part.accept)
        part.save()
        advance(PlanItemFlow.judge, part, actor)
        plan = part.item.plan
        record(Verb.ACCEPTED, actor=actor, at=at, plan=plan, participation=part, words=words)
        complete_if_done(part.item, actor=actor, at=at)


def complete_if_done(item: PlanItem, *, actor: Actor, at: dt.datetime) -> None:
    """Complete a locked item when the part of its last lead has been accepted."""
    leads = item.participations.filter(role=Role.LEAD)
    gone = (ParticipationState.REPLACED, ParticipationState.CANCELLED)
    if leads.exclude(state__in=(*gone, ParticipationState.ACCEPTED)).exists():
        return
    item.complete()
    item.save()
    abandon(Deadline.objects.filter(participation__item=item), at=at)
    record(Verb.ITEM_COMPLETED, actor=actor, at=at, plan=item.plan, item=item)


def _post(
    part: Participation,
    actor: Actor,
    at: dt.datetime,
    percent: int,
    words: str,
    files: Iterable[File[bytes]],
) -> ProgressUpdate:
    update = ProgressUpdate.objects.create(
        participation=part, percent=percent, words=words, posted_by=actor.person, posted_at=at
    )
    for file in files:
        Evidence.objects.create(update=update, file=file, name=(file.name or "")[-200:])
    return update


def require_lead(actor: Actor, part: Participation) -> None:
    require(actor, "act_for_unit", unit=part.unit, right="lead_planitem", on=part.item)


def require_judge(actor: Actor, part: Participation) -> None:
    """Staff of the focal unit; for the focal unit's own part, its leader."""
    require_focal(actor, part, right=judge_right(part))


def _require_at_work(actor: Actor, part: Participation) -> None:
    require_lead(actor, part)
    if part.state not in AT_WORK:
        raise ActionRefused(
            _("The part of %(unit)s is “%(state)s”; this is possible while it is being worked on.")
            % {"unit": part.unit.short_name, "state": part.get_state_display()}
        )
