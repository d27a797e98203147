"""Whatever happens to a plan item, in whatever order: its rungs do what the reference says.

A handful of short lives in the quick suite; `MODEL_EXAMPLES=200 pytest tests/notifications/
test_model.py` lives more and longer ones.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from notifications.defaults import DEFAULTS
from notifications.fire import fire_due
from notifications.kinds import Channel, LadderKind, RungState
from notifications.models import Message, ScheduledRung
from notifications.plan import plan_deadlines, replan_calendar
from tasks.models import (
    CalendarException,
    Deadline,
    Extension,
    MembershipRole,
    Obstacle,
    Participation,
    Unit,
)
from tasks.models import ParticipationState as State
from tasks.queries import working_calendar
from tasks.rules.calendar import local_date
from tests.factories import ISSUED_AT, lead_part, make_actor, make_person, make_plan, make_unit
from tests.notifications.reference import Clock
from workflows.access import Actor
from workflows.actions.assignment import acknowledge, decline, reassign
from workflows.actions.extensions import grant_extension, refuse_extension, request_extension
from workflows.actions.supervision import resume_item, suspend_item
from workflows.actions.work import (
    accept_completion,
    answer_obstacle,
    claim_completion,
    raise_obstacle,
    return_completion,
)

EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "4"))
DAY = dt.timedelta(days=1)
ACKNOWLEDGE, ITEM = LadderKind.ACKNOWLEDGEMENT, LadderKind.ITEM
OBSTACLE, EXTENSION = LadderKind.OBSTACLE, LadderKind.EXTENSION
HOURS = st.integers(1, 30 * 24)


class Died(OperationalError):
    """The process is no more."""


def dying_at(statement: int) -> Callable[..., Any]:
    """Nothing reaches the database from this statement on, except what undoes."""
    left = statement

    def wrapper(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal left
        left -= 1
        if left <= 0 and not sql.startswith("ROLLBACK"):
            raise Died
        return execute(sql, *rest)

    return wrapper


def in_state(*states: State, suspended: bool = False) -> Callable[..., Any]:
    return precondition(lambda life: life.suspended is suspended and life.part().state in states)


class Life(RuleBasedStateMachine):
    """One item of one lead unit, from its issue to the acceptance of the work."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.now = ISSUED_AT
        self.suspended = False
        self.obstacle: Obstacle | None = None
        self.asked: Extension | None = None

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @initialize(days=st.integers(0, 60))
    def issue(self, days: int) -> None:
        focal, issuer = make_unit(), make_unit(may_issue=True)
        self.focal = make_actor(focal)
        make_person(focal, MembershipRole.LEADER)
        self.supervisor = make_actor(issuer, MembershipRole.LEADER)
        self.officer, unit = self._unit()
        due_on = local_date(self.now) + DAY * days
        self.plan = make_plan(
            leads=[unit], focal=focal, issuer=issuer, due_on=due_on,
            report_on=None, consolidated_on=None, at=self.now,
        )  # fmt: skip
        self.key = lead_part(self.plan).pk
        self.clocks = {ACKNOWLEDGE: self._answer(ACKNOWLEDGE, 5), ITEM: self._clock(due_on)}

    def _unit(self) -> tuple[Actor, Unit]:
        unit = make_unit()
        make_person(unit, MembershipRole.LEADER)
        return make_actor(unit), unit

    def _clock(self, due_on: dt.date, kind: LadderKind = ITEM) -> Clock:
        return Clock(DEFAULTS[kind], due_on, self.now)

    def _answer(self, kind: LadderKind, working_days: int) -> Clock:
        return self._clock(working_calendar().shift(local_date(self.now), working_days), kind)

    def part(self) -> Participation:
        return Participation.objects.get(pk=self.key)

    @in_state(State.ASSIGNED)
    @rule()
    def acknowledge(self) -> None:
        acknowledge(participation=self.part(), actor=self.officer, at=self.now)
        self.clocks[ACKNOWLEDGE].ticks = False

    @in_state(State.ASSIGNED)
    @rule()
    def pass_on(self) -> None:
        """The unit declines; the focal unit gives the work to another."""
        decline(participation=self.part(), actor=self.officer, at=self.now, reason="No")
        self.officer, unit = self._unit()
        heir = reassign(
            participation=self.part(), unit=unit, actor=self.focal, at=self.now, words="You"
        )
        self.key = heir.pk
        due_on = self.clocks[ITEM].due_on
        self.clocks = {ACKNOWLEDGE: self._answer(ACKNOWLEDGE, 5), ITEM: self._clock(due_on)}

    @precondition(lambda life: life.asked is None)
    @in_state(State.ACKNOWLEDGED, State.RETURNED)
    @rule(days=st.integers(1, 40), at_once=st.booleans())
    def ask_for_more_time(self, days: int, at_once: bool) -> None:
        due_on = max(self.clocks[ITEM].due_on, local_date(self.now)) + DAY * days
        self.asked = request_extension(
            participation=self.part(), actor=self.officer, at=self.now, due_on=due_on, reason="Late"
        )
        self.clocks[EXTENSION] = self._answer(EXTENSION, 3)
        if at_once:
            self.give_more_time()

    @precondition(lambda life: life.asked is not None)
    @in_state(State.ACKNOWLEDGED, State.RETURNED)
    @rule()
    def give_more_time(self) -> None:
        grant_extension(extension=self.asked, actor=self.supervisor, at=self.now)
        self.clocks[ITEM] = self._clock(self.asked.requested_due_on)
        self.clocks[EXTENSION].ticks = False
        self.asked = None

    @precondition(lambda life: life.asked is not None)
    @in_state(State.ACKNOWLEDGED, State.RETURNED, State.CLAIMED)
    @rule()
    def give_no_more_time(self) -> None:
        refuse_extension(extension=self.asked, actor=self.supervisor, at=self.now, reason="No")
        self.clocks[EXTENSION].ticks = False
        self.asked = None

    @precondition(lambda life: life.obstacle is None)
    @in_state(State.ACKNOWLEDGED, State.RETURNED)
    @rule()
    def meet_obstacle(self) -> None:
        self.obstacle = raise_obstacle(
            participation=self.part(), actor=self.officer, at=self.now, words="How?"
        )
        self.clocks[OBSTACLE] = self._answer(OBSTACLE, 3)

    @precondition(lambda life: life.obstacle is not None)
    @in_state(State.ACKNOWLEDGED, State.RETURNED, State.CLAIMED)
    @rule()
    def remove_obstacle(self) -> None:
        answer_obstacle(obstacle=self.obstacle, actor=self.focal, at=self.now, words="So")
        self.clocks[OBSTACLE].ticks = False
        self.obstacle = None

    @in_state(State.ASSIGNED, State.ACKNOWLEDGED, State.RETURNED)
    @rule()
    def suspend(self) -> None:
        item = self.part().item
        suspend_item(item=item, actor=self.supervisor, at=self.now, reason="Wait")
        self.suspended = True

    @precondition(lambda life: life.suspended)
    @rule()
    def resume(self) -> None:
        resume_item(item=self.part().item, actor=self.supervisor, at=self.now)
        self.suspended = False

    @in_state(State.ACKNOWLEDGED, State.RETURNED)
    @rule()
    def complete(self) -> None:
        claim_completion(participation=self.part(), actor=self.officer, at=self.now, words="Done")
        self.clocks[ITEM].ticks = False
        if self.asked is not None:
            self.clocks[EXTENSION].ticks = False

    @in_state(State.CLAIMED)
    @rule()
    def give_back(self) -> None:
        return_completion(participation=self.part(), actor=self.focal, at=self.now, reason="More")
        self.clocks[ITEM] = self._clock(self.clocks[ITEM].due_on)
        if self.asked is not None:
            self.clocks[EXTENSION] = self._clock(self.clocks[EXTENSION].due_on, EXTENSION)

    @in_state(State.CLAIMED)
    @rule()
    def accept(self) -> None:
        accept_completion(participation=self.part(), actor=self.focal, at=self.now)
        for clock in self.clocks.values():
            clock.ticks = False

    @rule(days=st.integers(-3, 30), worked=st.booleans())
    def change_calendar(self, days: int, worked: bool) -> None:
        day = local_date(self.now) + DAY * days
        CalendarException.objects.update_or_create(day=day, defaults={"is_working": worked})

    @rule(hours=HOURS)
    def time_passes(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)

    @rule(hours=HOURS, statement=st.integers(1, 40))
    def crash(self, hours: int, statement: int) -> None:
        """Time passes, and the sweep dies somewhere."""
        self.now += dt.timedelta(hours=hours)
        try:
            with connection.execute_wrapper(dying_at(statement)):
                self._sweep()
        except Died:
            # What had not been committed by then was undone, savepoint by savepoint.
            transaction.set_rollback(False)

    def _sweep(self) -> None:
        plan_deadlines(at=self.now)
        replan_calendar(at=self.now)
        fire_due(at=self.now)

    @invariant()
    def rungs_agree(self) -> None:
        self._sweep()
        calendar = working_calendar()
        for kind, clock in self.clocks.items():
            self._compare(kind, clock, calendar)

    def _compare(self, kind: LadderKind, clock: Clock, calendar: Any) -> None:
        if not self.suspended:
            clock.pass_to(self.now, calendar)
        deadline = Deadline.objects.filter(participation=self.key, kind=kind).latest("pk")
        rows = ScheduledRung.objects.filter(deadline=deadline, version=deadline.version)
        fired = rows.filter(state=RungState.FIRED).values_list("rung", "occurrence")
        assert sorted(fired) == sorted(clock.fired)
        told = Message.objects.filter(
            deadline=deadline, version=deadline.version, channel=Channel.IN_APP
        )
        assert set(told.values_list("rung", "occurrence")) == clock.fired
        assert (deadline.closed_at is None) is clock.ticks
        if clock.ticks:
            # Of every version: nothing of an older date is still to come.
            coming = ScheduledRung.objects.filter(deadline=deadline, state=RungState.PLANNED)
            planned = coming.values_list("rung", "fire_at")
            assert sorted(planned) == sorted(clock.moments(calendar).items())


@pytest.mark.django_db
def test_rungs_do_what_the_reference_says() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=15 if EXAMPLES < 50 else 40,
            deadline=None,
            derandomize=EXAMPLES < 50,
            suppress_health_check=list(HealthCheck),
        ),
    )
