"""viewflow's own timers, as a flow that escalates when nobody acts in time."""

from __future__ import annotations

import datetime as dt
import time

from viewflow import this
from viewflow.workflow import STATUS, flow
from viewflow.workflow.lock import SelectForUpdateLock
from viewflow.workflow.models import Task
from viewflow.workflow.timers import fire_due_timers


class Waiting(flow.Flow):  # type: ignore[misc]
    """Somebody has to acknowledge; once the time is over, a note is made of it."""

    lock_impl = SelectForUpdateLock(nowait=False, attempts=1)

    start = flow.StartHandle(this.begin).Next(this.acknowledge)
    acknowledge = (
        flow.Handle(this.acted).OnTimeout(dt.timedelta(0), this.escalate, interrupting=False)
    ).Next(this.end)
    escalate = flow.Function(this.note).Next(this.escalated)
    escalated = flow.End()
    end = flow.End()

    def begin(self, activation: object) -> None: ...

    def acted(self, activation: object) -> None: ...

    def note(self, activation: object) -> None: ...


def timers_per_second(timers: int) -> float:
    """Arm this many timers and let viewflow's dispatcher fire them."""
    for _ in range(timers):
        Waiting.start.run()
    started = time.perf_counter()
    fired = fire_due_timers()
    spent = time.perf_counter() - started
    left = Task.objects.filter(flow_task_type="TIMER", status=STATUS.SCHEDULED).count()
    assert (fired, left) == (timers, 0)
    return float(fired / spent)
