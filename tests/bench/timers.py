"""viewflow's own timers, as a flow that escalates when nobody acts in time."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable

from viewflow import this
from viewflow.workflow import STATUS, flow
from viewflow.workflow.lock import SelectForUpdateLock
from viewflow.workflow.models import Process, Task
from viewflow.workflow.timers import fire_due_timers

from notifications.kinds import Audience, Channel, Kind, MessageState
from notifications.models import Message
from tasks.models import Deadline, Membership, MembershipRole
from tests.bench.country import DUE_ON, MORNING
from tests.bench.filling import insert, series, settle

_LONG_AFTER = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
_OFFICER, _LEADER = MembershipRole.OFFICER, MembershipRole.LEADER
# What is said on that morning of a date, and to whom.
_SAYINGS = {
    DUE_ON[0]: ("before-10", Kind.REMINDER, (_OFFICER,)),
    DUE_ON[1]: ("before-3", Kind.REMINDER, (_OFFICER,)),
    DUE_ON[2]: ("day", Kind.DUE_TODAY, (_OFFICER, _LEADER)),
}


class Waiting(flow.Flow):  # type: ignore[misc]
    """Somebody has to acknowledge; once the time is over, people are reminded of the deadline."""

    lock_impl = SelectForUpdateLock(nowait=False, attempts=1)

    start = flow.StartHandle(this.begin).Next(this.acknowledge)
    acknowledge = (
        flow.Handle(this.acted).OnTimeout(dt.timedelta(0), this.escalate, interrupting=False)
    ).Next(this.end)
    escalate = flow.Function(this.remind).Next(this.escalated)
    escalated = flow.End()
    end = flow.End()

    def begin(self, activation: object, *, deadline: Deadline | None) -> None:
        activation.process.artifact = deadline  # type: ignore[attr-defined]

    def acted(self, activation: object) -> None: ...

    def remind(self, activation: object) -> None:
        """Without a deadline a timer that does nothing."""
        deadline = activation.process.artifact  # type: ignore[attr-defined]
        if deadline is not None:
            _remind(deadline.pk)


def _remind(key: int) -> None:
    """The rows that the product writes, as a project of viewflow would write them."""
    deadline = Deadline.objects.select_related("unit", "plan__document", "participation__item").get(
        pk=key
    )
    rung, kind, roles = _SAYINGS[deadline.due_on]
    people = Membership.objects.filter(unit=deadline.unit, role__in=roles)
    facts = _facts(deadline)
    Message.objects.bulk_create(
        Message(
            recipient_id=one.person_id,
            channel=channel,
            kind=kind,
            audience=Audience(one.role),
            deadline=deadline,
            version=deadline.version,
            rung=rung,
            params=facts,
            created_at=MORNING,
            deliver_after=MORNING,
            state=MessageState.SENT if channel == Channel.IN_APP else MessageState.PENDING,
        )
        for one in people
        for channel in (Channel.IN_APP, Channel.EMAIL)
    )


def _facts(deadline: Deadline) -> dict[str, object]:
    part, plan = deadline.participation, deadline.plan
    assert part is not None
    return {
        "thing": deadline.kind,
        "plan": plan.document.number,
        "plan_title": plan.title,
        "target": "item",
        "target_id": part.item_id,
        "today": MORNING.date(),
        "code": part.item.code,
        "title": part.item.title,
        "unit": deadline.unit.short_name,
        "role": part.role,
        "due_on": deadline.due_on,
        "original_due_on": deadline.original_due_on,
        "percent": part.percent,
        "audience_unit": deadline.unit.short_name,
        "audience_unit_id": deadline.unit_id,
    }


def crowd(waiting: int) -> None:
    """As many other processes, each with an open task and a timer that is not due."""
    Waiting.start.run(deadline=None)
    Task.objects.filter(flow_task_type="TIMER").update(scheduled=_LONG_AFTER)
    for model, own in ((Process, {"id": "t.id + n"}), (Task, {"process_id": "t.process_id + n"})):
        columns = {
            field.attname: f"t.{field.column}"
            for field in model._meta.concrete_fields
            if not field.primary_key
        }
        insert(model, f"{model._meta.db_table} AS t CROSS JOIN {series(waiting)}", **columns | own)
    settle(Process, Task)


def timers_per_second(deadlines: Iterable[Deadline | None]) -> float:
    """Arm a timer for each and let viewflow's dispatcher fire them."""
    timers = 0
    for deadline in deadlines:
        Waiting.start.run(deadline=deadline)
        timers += 1
    started = time.perf_counter()
    fired = fire_due_timers()
    spent = time.perf_counter() - started
    assert fired == timers
    assert not Task.objects.filter(status=STATUS.ERROR).exists()
    return float(fired / spent)
