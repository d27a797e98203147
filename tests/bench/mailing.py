"""How many digests a second are written and handed to a mail server on the loopback."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from django.conf import settings

from notifications.deliver import deliver
from notifications.fire import fire_due
from notifications.kinds import MailState, MessageState
from notifications.models import Mail, Message
from notifications.plan import plan_deadlines
from tests.bench.country import LAID_OUT_AT, MORNING
from tests.bench.sink import SinkServer
from tests.crash.processes import finish, start

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
        rates = {}
        for workers in WORKERS:
            seconds = statistics.median(
                _delivered(stage, sink, workers, mails) for _ in range(stage.runs)
            )
            rates[workers] = mails / seconds
            words = f"{rates[workers]:,.0f} mails/s"
            tell(f"{mails:,} digests by {workers} worker(s)", seconds, words)
    finally:
        sink.stop()
    return rates[1]


def _delivered(stage: Stage, sink: SinkServer, workers: int, mails: int) -> float:
    """Seconds until everything was sent, and nothing twice."""
    stage.again()
    sink.empty()
    started = time.perf_counter()
    running = [start(_work) for _ in range(workers)]
    ends = [finish(worker) for worker in running]
    seconds = time.perf_counter() - started
    assert all(ends)
    taken = sink.taken()
    assert len(taken) == len(set(taken)) == mails, f"{len(taken)} mails instead of {mails}"
    assert Mail.objects.filter(state=MailState.SENT).count() == mails
    assert not Message.objects.filter(state=MessageState.PENDING).exists()
    return seconds


def _work() -> None:
    while deliver(at=MORNING).seen:
        pass
