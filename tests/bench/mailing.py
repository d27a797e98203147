"""How many digests a second are written and handed to a mail server on the loopback."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from django.conf import settings

from notifications.deliver import BY_MAIL, compose_mails, deliver
from notifications.fire import fire_due
from notifications.kinds import MailState, MessageState
from notifications.models import Mail, Message
from notifications.parcels import send_batch
from notifications.plan import plan_deadlines
from tests.bench.country import LAID_OUT_AT, MORNING
from tests.bench.sink import SinkServer
from tests.crash.processes import ask, finish, start

WORKERS = (1, 2, 3)


class Stage(Protocol):
    """What a bench offers: the state kept as template, as often as wanted."""

    runs: int

    def keep(self) -> None: ...
    def again(self) -> None: ...


def measure_mail(stage: Stage, mails: int, folder: Path, tell: Callable[..., None]) -> float:
    """Mails a second with one worker, the median of some runs. Needs a country to be mailed."""
    plan_deadlines(at=LAID_OUT_AT)
    fire_due(at=MORNING)
    stage.keep()
    sink = SinkServer(folder)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    try:
        _warm_up(stage)
        _tell_shares(stage, sink, mails, tell)
        rates: dict[int, float] = {}
        for workers in WORKERS:
            runs = [_delivered(stage, sink, workers, mails) for _ in range(stage.runs)]
            seconds, busy = (statistics.median(column) for column in zip(*runs, strict=True))
            rates[workers] = mails / seconds
            words = (
                f"{rates[workers]:,.0f} mails/s, {busy * 1000 / mails:.2f} ms of a processor each"
            )
            tell(f"{mails:,} digests by {workers} worker(s)", seconds, words)
    finally:
        sink.stop()
    return rates[1]


def _each(seconds: float, mails: int) -> str:
    return f"{seconds * 1000 / mails:.2f} ms of a processor each"


def _warm_up(stage: Stage) -> None:
    """Workers live for days: what they load once is loaded before they are forked here."""
    stage.again()
    deliver(at=MORNING)


def _tell_shares(stage: Stage, sink: SinkServer, mails: int, tell: Callable[..., None]) -> None:
    """How the processor's time is divided, and what it does to the memory."""
    stage.again()
    sink.empty()
    found = ask(_compose_then_send)
    for what in ("composing", "sending"):
        tell(f"{mails:,} digests: {what}", found[what], _each(found[what], mails))
    words = f"{found['after']} MB at most, {found['before']} MB before"
    tell("memory of that worker", 0, words)


def _compose_then_send() -> dict[str, float]:
    before, started = peak_memory(), time.process_time()
    while compose_mails(MORNING, 100).seen:
        pass
    composed = time.process_time()
    while send_batch(BY_MAIL, MORNING, 100)[0]:
        pass
    return {
        "composing": composed - started,
        "sending": time.process_time() - composed,
        "before": before,
        "after": peak_memory(),
    }


def peak_memory() -> int:
    """The most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _delivered(stage: Stage, sink: SinkServer, workers: int, mails: int) -> tuple[float, float]:
    """Seconds until everything was sent, and nothing twice; seconds of processor of the workers."""
    stage.again()
    sink.empty()
    started, busy = time.perf_counter(), _processor_of_children()
    running = [start(_work) for _ in range(workers)]
    ends = [finish(worker) for worker in running]
    seconds, busy = time.perf_counter() - started, _processor_of_children() - busy
    assert all(ends)
    taken = sink.taken()
    assert len(taken) == len(set(taken)) == mails, f"{len(taken)} mails instead of {mails}"
    assert Mail.objects.filter(state=MailState.SENT).count() == mails
    assert not Message.objects.filter(state=MessageState.PENDING).exists()
    return seconds, busy


def _processor_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _work() -> None:
    while deliver(at=MORNING).seen:
        pass
