"""Who acts next: one process for each plan item, one for each report.

No business rule lives here. The gates read the state that the actions have set. Flow and node
names are stored as text: renaming one needs a data migration.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.lock import SelectForUpdateLock

from tasks.models import (
    ParticipationState,
    PlanItem,
    Report,
    ReportState,
    Role,
    Unit,
)
from workflows.access import judge_right
from workflows.nodes import SplitEach, UnitStep

# Waiting is right: the work under the lock is short, and sixteen people may act at once.
ROW_LOCK = SelectForUpdateLock(nowait=False, attempts=1)


def seed(activation: Activation) -> Any:
    """The participation or report a step is about, handed on along its branch."""
    return activation.task.seed


def own_unit(activation: Activation) -> Unit:
    return seed(activation).unit  # type: ignore[no-any-return]


def focal_unit(activation: Activation) -> Unit:
    return seed(activation).item.plan.focal_unit  # type: ignore[no-any-return]


def judging_right(activation: Activation) -> str:
    """Nobody judges their own work: the focal unit's own part is for its leader to accept."""
    return judge_right(seed(activation))


def reviewing_unit(activation: Activation) -> Unit:
    return seed(activation).reviewer  # type: ignore[no-any-return]


def heir(activation: Activation) -> Any:
    """After a decline was settled: the same participation, or the one that replaced it."""
    part = seed(activation)
    return part.replaced_by or part


def parts_of(role: Role) -> Any:
    def seeds(activation: Activation) -> Any:
        return activation.process.artifact.participations.filter(role=role).order_by("pk")

    return seeds


def has_state(state: str) -> Any:
    def condition(activation: Activation) -> bool:
        return bool(seed(activation).state == state)

    return condition


class PlanItemFlow(flow.Flow):
    """A plan item: units acknowledge, leads carry out, the focal unit judges.

    Coordinating units run beside the leads: no unit's silence blocks another unit's work.
    """

    lock_impl = ROW_LOCK
    process_title = _("Plan item")

    start = flow.StartHandle(this.begin).Annotation(title=_("Issued")).Next(this.fork)
    fork = flow.Split().Always(this.each_lead).Always(this.each_coordinator)

    each_lead = SplitEach(parts_of(Role.LEAD)).Next(this.acknowledge)
    acknowledge = (
        UnitStep("acknowledge_for_unit", own_unit)
        .Annotation(title=_("Lead unit acknowledges"))
        .Next(this.lead_took_it, task_seed=seed)
    )
    lead_took_it = (
        flow.If(has_state(ParticipationState.DECLINED))
        .Then(this.settle, task_seed=seed)
        .Else(this.carry_out, task_seed=seed)
    )
    settle = (
        UnitStep("act_for_unit", focal_unit)
        .Annotation(title=_("Focal unit settles the refusal"))
        .Next(this.acknowledge, task_seed=heir)
    )
    carry_out = (
        UnitStep("act_for_unit", own_unit)
        .Annotation(title=_("Lead unit carries out"))
        .Next(this.judge, task_seed=seed)
    )
    judge = (
        UnitStep(judging_right, focal_unit)
        .Annotation(title=_("Focal unit accepts or returns"))
        .Next(this.was_accepted, task_seed=seed)
    )
    was_accepted = (
        flow.If(has_state(ParticipationState.ACCEPTED))
        .Then(this.all_leads_done)
        .Else(this.carry_out, task_seed=seed)
    )
    all_leads_done = flow.Join().Next(this.completed)
    # The item is done: coordinating units that never answered are not asked any more.
    completed = flow.TerminateEnd().Annotation(title=_("Completed"))

    each_coordinator = SplitEach(parts_of(Role.COORDINATING)).Next(this.acknowledge_coordination)
    acknowledge_coordination = (
        UnitStep("acknowledge_for_unit", own_unit)
        .Annotation(title=_("Coordinating unit acknowledges"))
        .Next(this.coordinator_took_it, task_seed=seed)
    )
    coordinator_took_it = (
        flow.If(has_state(ParticipationState.DECLINED))
        .Then(this.settle_coordination, task_seed=seed)
        .Else(this.coordinating)
    )
    settle_coordination = (
        UnitStep("act_for_unit", focal_unit)
        .Annotation(title=_("Focal unit settles the refusal"))
        .Next(this.acknowledge_coordination, task_seed=heir)
    )
    coordinating = flow.End().Annotation(title=_("Coordinating"))

    def begin(self, activation: Activation, item: PlanItem) -> Any:
        activation.process.artifact = item
        return activation.process


class ReportFlow(flow.Flow):
    """A report: the unit writes, its leader approves, the receiving unit accepts."""

    lock_impl = ROW_LOCK
    process_title = _("Report")

    start = (
        flow.StartHandle(this.begin)
        .Annotation(title=_("Owed"))
        .Next(this.write, task_seed=lambda activation: activation.process.artifact)
    )
    write = (
        UnitStep("act_for_unit", own_unit)
        .Annotation(title=_("Unit writes"))
        .Next(this.approve, task_seed=seed)
    )
    approve = (
        UnitStep("approve_for_unit", own_unit)
        .Annotation(title=_("Leader approves"))
        .Next(this.was_approved, task_seed=seed)
    )
    was_approved = (
        flow.If(has_state(ReportState.SUBMITTED))
        .Then(this.review, task_seed=seed)
        .Else(this.write, task_seed=seed)
    )
    review = (
        UnitStep("act_for_unit", reviewing_unit)
        .Annotation(title=_("Receiving unit accepts or returns"))
        .Next(this.was_accepted, task_seed=seed)
    )
    was_accepted = (
        flow.If(has_state(ReportState.ACCEPTED))
        .Then(this.accepted)
        .Else(this.write, task_seed=seed)
    )
    accepted = flow.End().Annotation(title=_("Accepted"))

    def begin(self, activation: Activation, report: Report) -> Any:
        activation.process.artifact = report
        return activation.process
