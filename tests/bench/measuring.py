"""The measurements of `make bench-deadlines` on the database of the settings."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from notifications.fire import fire_due
from notifications.models import ScheduledRung
from notifications.plan import plan_deadlines
from notifications.sweep import sweep
from tasks.models import Deadline
from tests.bench import raw
from tests.bench.country import LAID_OUT_AT, MORNING, Country
from tests.bench.filling import execute, is_postgres
from tests.bench.mailing import measure_mail, peak_memory
from tests.bench.timers import crowd, timers_per_second
from tests.crash.databases import Database, database, lay_tables

# A service's ordinary server: every commit is on the disk before it is answered.
CAREFUL = "-c shared_buffers=1GB -c max_wal_size=8GB"


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything there is; deadlines are open ones."""

    large: Country
    small: Country
    mailed: Country
    mails: int
    timers: int


def _size(deadlines: int, waiting: int, mails: int, timers: int) -> Size:
    return Size(
        large=Country(deadlines, waiting, units=500),
        small=Country(max(deadlines // 100, 200), 0, units=50),
        # Three items due today in each unit: a digest of three for its officer and its leader.
        mailed=Country(3 * mails, 3 * mails // 2, units=mails // 2, mix=(0, 0, 10), grants=True),
        mails=mails,
        timers=timers,
    )


SIZES = {
    "full": _size(1_000_000, 100_000, 10_000, 500),
    "small": _size(100_000, 10_000, 1_000, 200),
    "tiny": _size(4_000, 400, 40, 20),
}


@dataclass(slots=True)
class Bench:
    database: Database
    size: Size
    runs: int

    def world(self, country: Country) -> None:
        """An empty product filled with this world, as the template of what follows."""
        self.database.clear()
        lay_tables()
        started = time.perf_counter()
        country.fill()
        raw.prepare()
        tell(f"{country.deadlines:,} open deadlines made", time.perf_counter() - started)
        self.keep()
        self.again()

    def keep(self) -> None:
        self.database.keep_as_template()

    def again(self) -> None:
        """The template once more, with nothing left to write to the disk."""
        self.database.reset()
        if is_postgres():
            execute("CHECKPOINT")


def tell(what: str, seconds: float, note: str = "") -> None:
    print(f"  {what:46} {seconds:9.3f} s  {note}".rstrip(), flush=True)


def timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def measure(folder: Path, size: str, runs: int, only: str | None) -> dict[str, float]:
    """All figures, or those of one part; what was not measured is 0."""
    names = ("fire_vs_raw", "fire_vs_viewflow", "empty_1m_vs_10k", "mails_per_s")
    figures = dict.fromkeys(names, 0.0)
    with database(folder, CAREFUL) as server:
        bench = Bench(server, SIZES[size], runs)
        if only in (None, "mail"):
            bench.world(bench.size.mailed)
            figures["mails_per_s"] = measure_mail(bench, bench.size.mails, folder, tell)
        if only in (None, "sweep", "fire"):
            figures |= _measure_firing(bench)
    return {key: round(value, 2) for key, value in figures.items()}


def _measure_firing(bench: Bench) -> dict[str, float]:
    bench.world(bench.size.small)
    small = _empty_sweep(bench)
    _bare_timers(bench)
    bench.world(bench.size.large)
    samples = [_sample(bench) for _ in range(bench.runs)]
    ours, bare, plan, fire, raw_fire = (
        statistics.median(column) for column in zip(*samples, strict=True)
    )
    large = _empty_sweep(bench)
    rate = bench.size.large.waiting / fire
    tell("laid out and fired", ours, f"plan {plan:.2f}, fire {fire:.2f}: {rate:,.0f} rungs/s")
    bare_rate = bench.size.large.waiting / raw_fire
    tell("the same rows by bare SQL", bare, f"fire {raw_fire:.2f}: {bare_rate:,.0f} rungs/s")
    return {
        "fire_vs_raw": ours / bare,
        "fire_vs_viewflow": rate / _telling_timers(bench),
        "empty_1m_vs_10k": large / small,
    }


def _bare_timers(bench: Bench) -> None:
    """viewflow at its best: timers that do nothing, with hardly anything in the tables."""
    nothing = [None] * bench.size.timers
    timers = statistics.median(timers_per_second(nothing) for _ in range(bench.runs))
    tell("one timer of viewflow that does nothing", 1 / timers, f"{timers:,.0f}/s")


def _telling_timers(bench: Bench) -> float:
    """viewflow like for like: timers that write the same messages, among as many open tasks."""
    bench.again()
    crowd(bench.size.large.deadlines // 2)
    waiting = Deadline.objects.filter(planned_version=0).order_by("pk")
    samples = []
    for number in range(bench.runs):
        first = number * bench.size.timers
        samples.append(timers_per_second(waiting[first : first + bench.size.timers]))
    timers = statistics.median(samples)
    tell("one timer of viewflow that tells the same", 1 / timers, f"{timers:,.0f}/s")
    return timers


def _sample(bench: Bench) -> tuple[float, float, float, float, float]:
    """Seconds: ours, bare, our planning, our firing, bare firing. Both leave the same rows."""
    bench.again()
    raw_plan, raw_fire = timed(raw.plan), timed(raw.fire)
    expected = raw.written()
    bench.again()
    before = peak_memory()
    plan = timed(lambda: plan_deadlines(at=LAID_OUT_AT))
    fire = timed(lambda: fire_due(at=MORNING))
    assert raw.written() == expected
    memory = f"at most {peak_memory()} MB, {before} MB before"
    tell("  bare: plan, fire", raw_plan + raw_fire, f"{raw_plan:.2f} + {raw_fire:.2f}")
    tell("  ours: plan, fire", plan + fire, f"{plan:.2f} + {fire:.2f}; {memory}")
    return plan + fire, raw_plan + raw_fire, plan, fire, raw_fire


def _empty_sweep(bench: Bench) -> float:
    """The median time of a sweep that finds nothing to do, once the database has tidied up."""
    if is_postgres():
        # What autovacuum does within a minute of a morning's firing.
        execute("VACUUM ANALYZE")
    planned = ScheduledRung.objects.filter(state="planned").count()
    sweep(lambda: MORNING)
    seconds = statistics.median(timed(lambda: sweep(lambda: MORNING)) for _ in range(20))
    tell(f"empty sweep among {planned:,} planned rungs", seconds)
    return seconds
