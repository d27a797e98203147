"""What every action does: lock, check the state, move the flow, write the event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed
from viewflow.workflow.exceptions import FlowLockFailed
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import STATUS

from tasks.models import (
    Event,
    ItemState,
    Participation,
    Plan,
    PlanItem,
    PlanState,
    Report,
    Verb,
)
from workflows.access import Actor
from workflows.errors import ActionRefused, NotAllowed, Overtaken


def process_of(target: PlanItem | Report) -> Process:
    """The one process that drives the item or report."""
    content_type = ContentType.objects.get_for_model(target)
    return Process.objects.get(artifact_content_type=content_type, artifact_object_id=target.pk)


@contextmanager
def _lock(target: PlanItem | Report) -> Iterator[None]:
    """A transaction that holds the process row of `target`; one writer at a time."""
    process = process_of(target)
    try:
        with process.flow_class.lock(process.pk):
            yield
    except FlowLockFailed as error:
        raise Overtaken(
            _("Somebody else is working on this at the same moment. Please try again.")
        ) from error


@contextmanager
def locked_item(item: PlanItem, *, suspended: bool = False) -> Iterator[PlanItem]:
    """The item, read afresh under its lock; refuses when it is over, suspended or closed.

    With `suspended`, a suspended item is let through.
    """
    with _lock(item):
        fresh = PlanItem.objects.select_related(
            "plan__focal_unit", "plan__issuer", "plan__document"
        ).get(pk=item.pk)
        refuse_closed(fresh.plan)
        if fresh.state in (ItemState.COMPLETED, ItemState.CANCELLED):
            raise Overtaken(
                _("This item is already %(state)s; nothing more can be changed.")
                % {"state": fresh.get_state_display()}
            )
        if fresh.state == ItemState.SUSPENDED and not suspended:
            raise ActionRefused(
                _("The item is suspended. It can go on after a supervisor resumes it.")
            )
        yield fresh


@contextmanager
def locked_part(participation: Participation) -> Iterator[Participation]:
    """The participation, read afresh under the lock of its item."""
    with locked_item(participation.item) as item:
        part = Participation.objects.select_related("unit", "officer").get(pk=participation.pk)
        part.item = item
        yield part


@contextmanager
def locked_report(report: Report) -> Iterator[Report]:
    """The report, read afresh under its lock; refuses when its plan is closed."""
    with _lock(report):
        fresh = Report.objects.select_related(
            "plan__focal_unit", "plan__issuer", "unit", "reviewer", "period"
        ).get(pk=report.pk)
        refuse_closed(fresh.plan)
        yield fresh


def refuse_closed(plan: Plan) -> None:
    if plan.state == PlanState.CLOSED:
        raise ActionRefused(_("The plan is closed. It can be read, but no longer changed."))


def attempt(transition: Callable[[], Any]) -> None:
    """Run an FSM transition, or refuse because somebody was quicker."""
    if not can_proceed(transition):
        raise Overtaken(
            _("This has changed since the page was opened. Look at its present state first.")
        )
    transition()


def advance(node: Any, seed: Participation | Report, actor: Actor) -> None:
    """Carry out the open step of `node` about `seed`, and move the flow on.

    The step is looked up through the locked process, so that no address can name a step of
    another one. Raises `Overtaken` when it is not open, `NotAllowed` when guardian says no.
    """
    step = _open_step(node, seed)
    if step is None:
        raise Overtaken(_("This step is already done. Look at its present state first."))
    if not node.can_assign(actor.person, step):
        raise NotAllowed(_("It is not your unit's turn."))
    _carry_out(node, step, actor)


def pass_over(nodes: Iterable[Any], seed: Participation | Report, actor: Actor) -> None:
    """Carry out those steps that are open, one after the other, whosever turn it is.

    For an act that makes them needless; the caller has asked for the right to it.
    """
    for node in nodes:
        step = _open_step(node, seed)
        if step is not None:
            _carry_out(node, step, actor)


def _open_step(node: Any, seed: Participation | Report) -> Task | None:
    target = seed.item if isinstance(seed, Participation) else seed
    return Task.objects.filter(
        process=process_of(target),
        flow_task=node,
        status=STATUS.NEW,
        seed_content_type=ContentType.objects.get_for_model(seed),
        seed_object_id=seed.pk,
    ).first()


def _carry_out(node: Any, step: Task, actor: Actor) -> None:
    activation = node.activation_class(step)
    activation.assign(actor.person)
    activation.start(None)
    activation.execute()


def record(verb: Verb, *, actor: Actor, at: dt.datetime, plan: Plan, **about: Any) -> Event:
    """Write what happened, in the transaction of the change itself."""
    participation: Participation | None = about.get("participation")
    if participation is not None:
        about.setdefault("item", participation.item)
    return Event.objects.create(
        verb=verb, actor=actor.person, unit=actor.unit, at=at, plan=plan, **about
    )


def needed(words: str) -> str:
    """The words of a reason, which the record cannot do without."""
    words = words.strip()
    if not words:
        raise ActionRefused(_("Write the reason: the record needs it."))
    return words
