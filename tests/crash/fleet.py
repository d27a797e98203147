"""A whole service of real Celery processes on the drill's database, with a broker that may die."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.crash.mailserver import free_port, wait_for_port

WORKERS, BEATS = 3, 2


class Broker:
    """A Redis server of its own; without Redis on the machine, the queue in files."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.program = shutil.which("redis-server")
        self.process = self._started()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0" if self.program else ""

    def _started(self) -> subprocess.Popen[bytes] | None:
        if self.program is None:
            return None
        command = [self.program, "--port", str(self.port), "--bind", "127.0.0.1"]
        process = subprocess.Popen(
            [*command, "--save", "", "--dir", str(self.folder)], stdout=subprocess.DEVNULL
        )
        wait_for_port(self.port)
        return process

    def die(self) -> None:
        """Everything in the queue is gone with it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def return_(self) -> None:
        self.process = self._started()


class Fleet:
    """Three workers and two beats; each is replaced as soon as it was killed."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder, self.environment = folder, {**os.environ, **environment}
        roles = ["worker"] * WORKERS + ["beat"] * BEATS
        self.running = [(role, self._start(role, place)) for place, role in enumerate(roles)]

    def _start(self, role: str, place: int) -> subprocess.Popen[bytes]:
        options = {
            "worker": ["--concurrency", "1", "--hostname", f"worker{place}@drill"],
            "beat": ["--schedule", str(self.folder / f"beat{place}"), "--pidfile="],
        }
        with (self.folder / "celery.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "config", role, *options[role]],
                env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def kill_one(self, chance: random.Random) -> None:
        place = chance.randrange(len(self.running))
        role, process = self.running[place]
        _kill(process)
        self.running[place] = role, self._start(role, place)

    def stop(self) -> None:
        for _role, process in self.running:
            _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL for the process and its children at once."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def sail(
    folder: Path, environment: Mapping[str, str], chance: random.Random, seconds: float
) -> None:
    """Let a service run while its processes and its broker are killed again and again."""
    broker = Broker(folder)
    fleet = Fleet(folder, {**environment, "DONDOC_BROKER_URL": broker.url})
    try:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, chance.uniform(2, 6)))
            fleet.kill_one(chance)
            if chance.random() < 0.2:
                broker.die()
                time.sleep(chance.uniform(0.5, 3))
                broker.return_()
    finally:
        fleet.stop()
        broker.die()
