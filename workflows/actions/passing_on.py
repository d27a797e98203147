"""Handing one running thing to a successor unit. Only succession calls these, under its locks.

The unit of the thing itself changes, so that its dates, its steps, its files and its history go
with it; the event keeps the name of the unit that had it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from tasks.models import (
    ANSWERS,
    GONE,
    Deadline,
    Membership,
    Obstacle,
    Participation,
    ParticipationState,
    Plan,
    Proposal,
    Report,
    ReportComment,
    ReportingObligation,
    Role,
    Unit,
    Verb,
)
from tasks.rules.calendar import local_date
from tasks.running import OPEN_PROPOSALS, open_parts, open_reports
from workflows.access import (
    Actor,
    grant_item,
    grant_participations,
    grant_plan,
    grant_report,
    judge_right,
    revoke_participation,
    revoke_plan,
    revoke_report,
)
from workflows.actions.base import process_of, record
from workflows.actions.deadlines import abandon
from workflows.actions.owed_reports import NOT_HANDED_IN, call_off_report
from workflows.actions.proposals import locked_proposal
from workflows.flows import PlanItemFlow, ReportFlow
from workflows.nodes import end_branch

# Of two parts of one unit in one role, the one that is furthest on stays.
_RANK = (
    ParticipationState.ACCEPTED,
    ParticipationState.DECLINED,
    ParticipationState.ASSIGNED,
    ParticipationState.RETURNED,
    ParticipationState.ACKNOWLEDGED,
    ParticipationState.CLAIMED,
)
_OPEN = (STATUS.NEW, STATUS.ASSIGNED)


def pass_part(part: Participation, heir: Unit, *, actor: Actor, at: dt.datetime) -> None:
    """Give a running part to `heir`, with its dates, its open steps and its rights.

    Where the heir has a part in the item already, the two become one: leading goes before
    coordinating, and of two in one role the one that is furthest on stays.
    """
    part = Participation.objects.select_related("unit", "item__plan__document").get(pk=part.pk)
    if part.state in GONE:
        return
    old = part.unit
    rival = part.item.participations.filter(unit=heir).exclude(state__in=GONE)
    for other in rival.select_related("unit", "item__plan"):
        kept, folded = _kept_and_folded(part, other)
        _fold(folded, kept, actor=actor, at=at)
        if folded.pk == part.pk:
            return
    revoke_participation(part)
    _hand_steps(part, old, heir)
    # A date that was met counts again when the work is returned, so it goes along.
    part.deadlines.filter(unit=old).exclude(kind__in=ANSWERS).update(unit=heir)
    part.unit = heir
    part.officer = _still_there(part, heir, at)
    part.save()
    part.proposals.filter(unit=old).update(unit=heir)
    grant_participations(part.item, [part])
    _align_judging(part)
    _record(old, heir, actor, at, plan=part.item.plan, participation=part)


def first_to_pass(part: Participation) -> tuple[bool, int, int, int]:
    """The order in which parts pass on, to sort by: what will stay goes before what is folded.

    So a part that is folded never had the unit of its heir, and its history names the unit of
    its day.
    """
    rank = _RANK.index(ParticipationState(part.state)) if part.state in _RANK else 0
    return part.role != Role.LEAD, -rank, -part.percent, part.pk


def _kept_and_folded(
    part: Participation, other: Participation
) -> tuple[Participation, Participation]:
    """Which of two parts of one unit stays; of two that stand alike, the one that was there."""
    if first_to_pass(part)[:-1] < first_to_pass(other)[:-1]:
        return part, other
    return other, part


def _fold(folded: Participation, kept: Participation, *, actor: Actor, at: dt.datetime) -> None:
    """End one of two parts; what was asked about it is still to be answered, on the other."""
    folded.fold()
    folded.replaced_by = kept
    folded.save()
    Participation.objects.filter(replaced_by=folded).update(replaced_by=kept)
    revoke_participation(folded)
    folded.obstacles.filter(answered_at__isnull=True).update(participation=kept)
    folded.deadlines.filter(kind="obstacle", closed_at__isnull=True).update(participation=kept)
    abandon(folded.deadlines.all(), at=at)
    end_branch(PlanItemFlow.all_leads_done, process_of(folded.item), folded)
    record(
        Verb.PART_FOLDED,
        actor=actor,
        at=at,
        plan=folded.item.plan,
        participation=kept,
        details={"from": folded.unit.short_name, "role": folded.role},
    )


def _still_there(part: Participation, heir: Unit, at: dt.datetime) -> Any:
    """The officer in charge, where they hold a post in the new unit; else somebody has to say."""
    posts = Membership.objects.current(local_date(at)).filter(unit=heir, person=part.officer_id)
    return part.officer if posts.exists() else None


_OWN_STEPS = (
    PlanItemFlow.acknowledge,
    PlanItemFlow.acknowledge_coordination,
    PlanItemFlow.carry_out,
    ReportFlow.write,
    ReportFlow.approve,
)


def _hand_steps(seed: Participation | Report, old: Unit, heir: Unit) -> None:
    """Let the unit's own open steps about `seed` wait for `heir`."""
    _steps(_OWN_STEPS, ContentType.objects.get_for_model(seed), [seed.pk]).filter(
        owner_permission_content_type=ContentType.objects.get_for_model(Unit),
        owner_permission_obj_pk=str(old.pk),
    ).update(owner_permission_obj_pk=str(heir.pk))


def _steps(nodes: Iterable[Any], kind: ContentType, seeds: Iterable[int]) -> Any:
    """The open steps of these nodes about these seeds."""
    which = Q()
    for node in nodes:
        which |= Q(flow_task=node)
    return Task.objects.filter(
        which, status__in=_OPEN, seed_content_type=kind, seed_object_id__in=list(seeds)
    )


def _align_judging(part: Participation) -> None:
    """Let the steps in which the focal unit decides about the part wait for it, as it now is.

    Whether the part is the focal unit's own, so that only its leader may judge it, may have
    changed.
    """
    plan = part.item.plan
    kind = ContentType.objects.get_for_model(Participation)
    focal = {"owner_permission_obj_pk": str(plan.focal_unit_id)}
    _steps(_SETTLING, kind, [part.pk]).update(**focal)
    right = f"tasks.{judge_right(part)}"
    _steps([PlanItemFlow.judge], kind, [part.pk]).update(owner_permission=right, **focal)


_SETTLING = (PlanItemFlow.settle, PlanItemFlow.settle_coordination)


def pass_report(report: Report, heir: Unit, *, actor: Actor, at: dt.datetime) -> None:
    """Give a report to `heir`. Where the heir owes one for the period itself, that one counts:
    the other is called off, its words stay readable, and what was handed in stays as it is.
    """
    report = Report.objects.select_related(
        "unit", "plan__document", "plan__issuer", "plan__focal_unit", "reviewer"
    ).get(pk=report.pk)
    if report.period.reports.filter(unit=heir).exists():
        if report.state in NOT_HANDED_IN:
            call_off_report(report, at)
        return
    old = report.unit
    revoke_report(report, old)
    _hand_steps(report, old, heir)
    report.deadlines.filter(unit=old).update(unit=heir)
    report.unit = heir
    report.save()
    report.proposals.filter(unit=old).update(unit=heir)
    ReportComment.objects.filter(section__report=report, unit=old).update(unit=heir)
    grant_plan(report.plan, [heir])
    grant_report(report)
    _record(old, heir, actor, at, plan=report.plan, report=report)


def pass_proposal(
    proposal: Proposal, old: Unit, heir: Unit, *, actor: Actor, at: dt.datetime
) -> None:
    """Let `heir` answer the proposal in place of `old`, by the date there is."""
    with locked_proposal(proposal) as fresh:
        if fresh.addressee_id != old.pk or fresh.state not in OPEN_PROPOSALS:
            return
        fresh.addressee = heir
        fresh.save()
        fresh.answer_deadlines.filter(closed_at__isnull=True).update(unit=heir)
        grant_plan(fresh.plan, [heir])
        _record(old, heir, actor, at, plan=fresh.plan, proposal=fresh)


def pass_plan(plan: Plan, old: Unit, heir: Unit, *, actor: Actor, at: dt.datetime) -> None:
    """Let `heir` issue or consolidate the plan in place of `old`, and judge what waits."""
    plan = Plan.objects.select_related("document", "issuer", "focal_unit").get(pk=plan.pk)
    issues, consolidates = plan.issuer_id == old.pk, plan.focal_unit_id == old.pk
    plan.issuer = heir if issues else plan.issuer
    plan.focal_unit = heir if consolidates else plan.focal_unit
    plan.save()
    revoke_plan(plan, old)
    grant_plan(plan, [])
    for item in plan.items.select_related("plan__issuer", "plan__focal_unit"):
        grant_item(item)
    _hand_judging(plan, old, heir)
    if consolidates:
        own = open_reports().filter(plan=plan, unit=old, is_consolidated=True)
        for report in own.select_related("period"):
            pass_report(report, heir, actor=actor, at=at)
    _record(old, heir, actor, at, plan=plan)


def _hand_judging(plan: Plan, old: Unit, heir: Unit) -> None:
    """What `old` has to judge, settle or answer in the plan now waits for `heir`."""
    reports = open_reports().filter(plan=plan, reviewer=old)
    for report in reports.select_related("unit", "reviewer"):
        revoke_report(report, old, judging=True)
        report.reviewer = heir
        report.save()
        ReportComment.objects.filter(section__report=report, unit=old).update(unit=heir)
        grant_report(report)
        _steps([ReportFlow.review], ContentType.objects.get_for_model(Report), [report.pk]).update(
            owner_permission_obj_pk=str(heir.pk)
        )
    for part in open_parts().filter(item__plan=plan).select_related("item__plan", "unit"):
        _align_judging(part)
    Deadline.objects.filter(plan=plan, unit=old, kind__in=ANSWERS, closed_at__isnull=True).update(
        unit=heir
    )
    Obstacle.objects.filter(
        participation__item__plan=plan, passed_to=old, answered_at__isnull=True
    ).update(passed_to=heir)
    Proposal.objects.filter(plan=plan, addressee=old, state__in=OPEN_PROPOSALS).update(
        addressee=heir
    )
    ReportingObligation.objects.filter(plan=plan, via=old).update(via=heir)
    ReportingObligation.objects.filter(plan=plan, unit=old).update(unit=heir)


def _record(
    old: Unit, heir: Unit, actor: Actor, at: dt.datetime, *, plan: Plan, **about: Any
) -> None:
    details = {"from": old.short_name, "from_name": old.name, "to": heir.short_name}
    record(Verb.UNIT_SUCCEEDED, actor=actor, at=at, plan=plan, details=details, **about)
