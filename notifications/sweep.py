"""One round: announce, plan, fire, deliver. Every round sweeps the tables, which are the truth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

from notifications.announce import announce_events
from notifications.deliver import Delivery, deliver
from notifications.fire import fire_due
from notifications.plan import plan_deadlines, replan_calendar

Clock = Callable[[], dt.datetime]


@dataclass(slots=True)
class Sweep:
    """What one round did: events told, deadlines laid out, rungs projected anew, and so on."""

    announced: int = 0
    planned: int = 0
    replanned: int = 0
    fired: int = 0
    delivery: Delivery = field(default_factory=Delivery)
    # Whether mails wait for what other sweeps still fire.
    patient: bool = field(default=True, repr=False)


def sweep(clock: Clock, done: Sweep | None = None) -> Sweep:
    """Run the steps in order, each in transactions of its own; `clock` tells the present moment.

    A step that fails does not keep the next ones from running; its error is raised at the end.
    `done` is filled as the work goes on, for whoever wants to tell of it in spite of an error.
    """
    done = done or Sweep()
    with ExitStack() as last_first:
        last_first.callback(_deliver, done, clock)
        last_first.callback(_fire, done, clock)
        last_first.callback(_plan, done, clock)
        last_first.callback(_announce, done, clock)
    return done


def _announce(done: Sweep, clock: Clock) -> None:
    done.announced = announce_events(at=clock())


def _plan(done: Sweep, clock: Clock) -> None:
    done.planned = plan_deadlines(at=clock())
    done.replanned = replan_calendar(at=clock())


def _fire(done: Sweep, clock: Clock) -> None:
    # What cannot be fired must not keep the mails back.
    done.patient = False
    done.fired = fire_due(at=clock())
    done.patient = True


def _deliver(done: Sweep, clock: Clock) -> None:
    while (delivery := deliver(at=clock(), patient=done.patient)).seen:
        done.delivery += delivery
