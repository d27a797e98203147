"""A unit takes or refuses its part; the focal unit answers a refusal."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from tasks.models import (
    DeadlineKind,
    ItemState,
    Membership,
    Participation,
    ParticipationState,
    Person,
    Role,
    Unit,
    Verb,
)
from tasks.rules.calendar import local_date
from workflows.access import (
    ROLE_RIGHTS,
    Actor,
    grant_participations,
    require,
    revoke_participation,
)
from workflows.actions.base import advance, attempt, locked_part, needed, record
from workflows.actions.deadlines import abandon, fulfil, open_acknowledgements, open_deadline
from workflows.actions.owed_reports import hand_over_reports
from workflows.errors import ActionRefused
from workflows.flows import PlanItemFlow

ACKNOWLEDGE = {
    Role.LEAD: PlanItemFlow.acknowledge,
    Role.COORDINATING: PlanItemFlow.acknowledge_coordination,
}
SETTLE = {Role.LEAD: PlanItemFlow.settle, Role.COORDINATING: PlanItemFlow.settle_coordination}


def acknowledge(
    *, participation: Participation, actor: Actor, at: dt.datetime, officer: Person | None = None
) -> None:
    """The unit takes its part and may name the officer in charge. A lead may begin at once."""
    with locked_part(participation) as part:
        require_own(actor, part)
        _refuse_stranger(officer, part.unit, at)
        attempt(part.acknowledge)
        part.officer = officer or part.officer
        part.save()
        fulfil(part.deadlines.filter(kind=DeadlineKind.ACKNOWLEDGEMENT), at=at)
        if part.role == Role.LEAD and part.item.state == ItemState.ISSUED:
            part.item.begin()
            part.item.save()
        advance(ACKNOWLEDGE[Role(part.role)], part, actor)
        record(Verb.ACKNOWLEDGED, actor=actor, at=at, plan=part.item.plan, participation=part)


def decline(*, participation: Participation, actor: Actor, at: dt.datetime, reason: str) -> None:
    """The unit refuses its part with a reason; the focal unit has to answer."""
    reason = needed(reason)
    with locked_part(participation) as part:
        require_own(actor, part)
        attempt(part.decline)
        part.save()
        fulfil(part.deadlines.filter(kind=DeadlineKind.ACKNOWLEDGEMENT), at=at)
        advance(ACKNOWLEDGE[Role(part.role)], part, actor)
        record(
            Verb.DECLINED,
            actor=actor,
            at=at,
            plan=part.item.plan,
            participation=part,
            words=reason,
        )


def insist(*, participation: Participation, actor: Actor, at: dt.datetime, words: str) -> None:
    """The focal unit keeps the assignment and says why; the unit is asked again."""
    words = needed(words)
    with locked_part(participation) as part:
        require_focal(actor, part)
        attempt(part.insist)
        part.save()
        open_acknowledgements([part], by=actor.person, at=at)
        advance(SETTLE[Role(part.role)], part, actor)
        record(
            Verb.INSISTED, actor=actor, at=at, plan=part.item.plan, participation=part, words=words
        )


def reassign(
    *, participation: Participation, unit: Unit, actor: Actor, at: dt.datetime, words: str
) -> Participation:
    """The focal unit gives a declined part to another unit, which is asked to acknowledge.

    The refusing unit keeps its line in the history. Returns the new participation.
    """
    words = needed(words)
    with locked_part(participation) as part:
        require_focal(actor, part)
        _refuse_twice(part, unit)
        attempt(part.replace)
        heir = Participation.objects.create(
            item=part.item, unit=unit, role=part.role, name_in_plan=unit.name
        )
        part.replaced_by = heir
        part.save()
        revoke_participation(part)
        grant_participations(heir.item, [heir])
        _hand_over_deadline(part, heir, by=actor.person, at=at)
        hand_over_reports(part, heir, actor=actor, at=at)
        advance(SETTLE[Role(part.role)], part, actor)
        plan = part.item.plan
        record(
            Verb.REASSIGNED,
            actor=actor,
            at=at,
            plan=plan,
            participation=part,
            words=words,
            details={"to": unit.short_name},
        )
        record(Verb.ASSIGNED, actor=actor, at=at, plan=plan, participation=heir)
        return heir


def _hand_over_deadline(
    part: Participation, heir: Participation, *, by: Person, at: dt.datetime
) -> None:
    """The heir answers for the date of the part, and has its own clock to acknowledge."""
    open_acknowledgements([heir], by=by, at=at)
    due = part.deadlines.filter(kind=DeadlineKind.ITEM, closed_at__isnull=True)
    for deadline in due:
        open_deadline(
            DeadlineKind.ITEM,
            due_on=deadline.due_on,
            plan=deadline.plan,
            by=by,
            at=at,
            participation=heir,
        )
    abandon(part.deadlines.all(), at=at)


def require_focal(actor: Actor, part: Participation, *, right: str = "act_for_unit") -> None:
    require(
        actor,
        right,
        unit=part.item.plan.focal_unit,
        right="consolidate_planitem",
        on=part.item,
    )


def require_own(actor: Actor, part: Participation) -> None:
    require(
        actor,
        "acknowledge_for_unit",
        unit=part.unit,
        right=ROLE_RIGHTS[Role(part.role)],
        on=part.item,
    )


def _refuse_stranger(officer: Person | None, unit: Unit, at: dt.datetime) -> None:
    if officer is None:
        return
    posts = Membership.objects.current(local_date(at)).filter(unit=unit, person=officer)
    if not posts.exists():
        raise ActionRefused(
            _("%(person)s does not work in %(unit)s.")
            % {"person": officer, "unit": unit.short_name}
        )


def _refuse_twice(part: Participation, unit: Unit) -> None:
    taken = part.item.participations.filter(unit=unit, role=part.role).exclude(
        state=ParticipationState.REPLACED
    )
    if taken.exists():
        raise ActionRefused(
            _("%(unit)s already has this part in the item. Choose another unit.")
            % {"unit": unit.short_name}
        )
