"""The trials: what is killed, when, and how it is judged afterwards."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.utils import timezone

from tests.crash import world
from tests.crash.databases import Database, database, lay_tables
from tests.crash.fleet import sail
from tests.crash.mailserver import FAULTS, PATIENCE, MailServer
from tests.crash.processes import Fuse, ask, finish, kill, start
from tests.crash.world import LATER, MORNING, ROUND, ROUNDS, Ledger, Verdict, judge

SWEEPERS = 3
DAY = dt.timedelta(days=1)
# A server that was stopped for two days; a clock set forward, back, and right again.
CLOCKS: dict[str, tuple[dt.datetime, ...]] = {
    "48 hours of downtime": (MORNING, MORNING + 2 * DAY),
    "clock forward and back": (MORNING + 3 * DAY, MORNING - DAY, MORNING, MORNING + 4 * DAY),
}
T = TypeVar("T")


@dataclass(slots=True)
class Drill:
    """One database, one mail server, and the chance that decides when somebody dies."""

    database: Database
    mail: MailServer
    chance: random.Random
    short: bool
    references: dict[tuple[dt.datetime, ...], Ledger]

    def some(self, choices: Sequence[T], few: int) -> Sequence[T]:
        """All the choices; in the short form a few, spread evenly."""
        if not self.short or len(choices) <= few:
            return choices
        return [choices[place * len(choices) // few] for place in range(few)]

    def times(self, many: int, few: int) -> range:
        return range(few if self.short else many)

    def undisturbed(self, clocks: tuple[dt.datetime, ...]) -> Ledger:
        """What sweeps at these moments leave behind when nothing goes wrong."""
        if clocks not in self.references:
            self.begin()
            for clock in clocks:
                ask(partial(world.run, clock))
            self.references[clocks] = self.after(clocks[-1])
        return self.references[clocks]

    def begin(self, fault: str = "") -> None:
        self.database.refill()
        self.mail.begin(fault)

    def after(self, at: dt.datetime) -> Ledger:
        """Let the following hours mend what they can, then read what there is."""
        self.mail.behave()

        def recover_and_record() -> dict[str, Any]:
            world.recover(at)
            return world.record(at + LATER + ROUND * ROUNDS)

        return Ledger(**ask(recover_and_record))

    def verdict(self, clocks: tuple[dt.datetime, ...]) -> Verdict:
        """Recover and judge: any part of the sweeps before the last may not have been."""
        found, taken = self.after(clocks[-1]), self.mail.taken()
        parts = itertools.product((False, True), repeat=len(clocks) - 1)
        references = [self._kept((*itertools.compress(clocks, part), clocks[-1])) for part in parts]
        return judge(found, references, taken)

    def _kept(self, clocks: tuple[dt.datetime, ...]) -> Ledger:
        return self.references[clocks]

    def know(self, clocks: tuple[dt.datetime, ...]) -> None:
        """Make the references that `verdict` will need; this uses the database."""
        for part in itertools.product((False, True), repeat=len(clocks) - 1):
            self.undisturbed((*itertools.compress(clocks, part), clocks[-1]))

    def boundaries(self) -> int:
        """How many boundaries one undisturbed sweep passes."""
        self.begin()

        def count() -> int:
            fuse = Fuse().install()
            world.run(MORNING)
            return fuse.passed + 1

        return int(ask(count))


def sweep_until(kill_at: int | None, clock: dt.datetime = MORNING) -> bool:
    """One sweep in a process that dies at a boundary; returns whether it lived."""

    def victim() -> None:
        fuse = Fuse(kill_at).install()
        world.run(clock)
        fuse.step()

    return finish(start(victim))


# The kinds of trial


def every_boundary(drill: Drill) -> Iterable[Verdict]:
    """A sweep dies between any two things it does."""
    for kill_at in drill.some(range(1, drill.boundaries() + 1), 16):
        drill.begin()
        sweep_until(kill_at)
        yield drill.verdict((MORNING,))


def random_moments(drill: Drill) -> Iterable[Verdict]:
    """Three sweepers at once are killed at any moment and started again."""
    for _trial in drill.times(100, 3):
        drill.begin()
        _storm(drill, deaths=4)
        yield drill.verdict((MORNING,))


def database_restarts(drill: Drill) -> Iterable[Verdict]:
    """The database server dies and comes back below three sweepers."""
    if drill.database.name == "sqlite":
        return
    for _trial in drill.times(10, 1):
        drill.begin()
        _storm(drill, deaths=2, between=drill.database.restart)
        yield drill.verdict((MORNING,))


def _storm(drill: Drill, *, deaths: int, between: Callable[[], None] | None = None) -> None:
    def sweeper() -> None:
        while True:
            world.run(MORNING)

    running = [start(sweeper) for _ in range(SWEEPERS)]
    for _death in range(deaths):
        time.sleep(drill.chance.uniform(0.01, 0.4))
        victim = running.pop(drill.chance.randrange(len(running)))
        kill(victim)
        finish(victim)
        if between is not None:
            between()
        running.append(start(sweeper))
    for victim in running:
        kill(victim)
        finish(victim)


def mail_faults(drill: Drill) -> Iterable[Verdict]:
    """The mail server refuses, stalls or hangs up, and the sender may die of it too."""
    boundaries = drill.boundaries()
    for fault in FAULTS:
        for trial in drill.times(4, 2):
            drill.begin(fault)
            sweep_until(drill.chance.randint(boundaries // 2, boundaries) if trial else None)
            yield drill.verdict((MORNING,))


def clocks(drill: Drill) -> Iterable[Verdict]:
    """The clock jumps, or everything stands still for two days, and a sweep dies at it."""
    for moments in CLOCKS.values():
        drill.know(moments)
        for _trial in drill.times(20, 2):
            drill.begin()
            dies = drill.chance.randrange(len(moments) - 1)
            for place, moment in enumerate(moments):
                sweep_until(drill.chance.randint(1, 200) if place == dies else None, moment)
            yield drill.verdict(moments)


def whole_service(drill: Drill) -> Iterable[Verdict]:
    """Two beats and three workers of Celery; they and their broker are killed and come back."""
    moment = timezone.now()
    drill.undisturbed((moment,))
    for _trial in drill.times(6, 1):
        drill.begin()
        sail(drill.mail.folder, drill.chance, 12)
        yield drill.verdict((moment,))


TRIALS = (
    every_boundary,
    random_moments,
    database_restarts,
    mail_faults,
    clocks,
    whole_service,
)


def run_drill(folder: Path, *, seed: int, short: bool, kind: str | None = None) -> None:
    """Run every kind of trial (or one) on the database of the settings; print the figures."""
    mail = MailServer(folder / "mail")
    try:
        with database(folder) as server:
            drill = Drill(server, mail, random.Random(seed), short, {})
            _prepare(drill)
            total = Verdict()
            for trial in TRIALS:
                if kind in (None, trial.__name__):
                    total += _report(trial, drill)
            print(json.dumps(asdict(total)), flush=True)
    finally:
        mail.stop()


def _prepare(drill: Drill) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", drill.mail.port
    settings.EMAIL_TIMEOUT = PATIENCE

    lay_tables()
    world.build()
    drill.database.keep_as_template()
    # Every child inherits what this process has loaded: words, templates, holidays.
    drill.begin()
    world.recover(MORNING)
    drill.undisturbed((MORNING,))


def _report(trial: Callable[[Drill], Iterable[Verdict]], drill: Drill) -> Verdict:
    started, sum_ = time.monotonic(), Verdict()
    for verdict in trial(drill):
        sum_ += verdict
    name = trial.__name__.replace("_", " ")
    figures = ", ".join(f"{value} {key}" for key, value in asdict(sum_).items())
    print(f"  {name:18} {figures} ({time.monotonic() - started:.0f} s)", flush=True)
    return sum_
