"""A whole service of real Celery processes on the drill's database, with a broker that may die."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from celery.signals import worker_process_init

from config.celery import app
from tests.crash.mailserver import free_port, wait_for_port
from tests.crash.processes import Fuse, finish, start

WORKERS, BEATS = 3, 2
DEADLY = 150  # boundaries that nobody who works outlives; a sweep with all to do has more
TICK = 1.0  # seconds between two wake-ups of one beat


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
    """Three workers and two beats; each is replaced as soon as it was killed.

    They are children of the drill, which has already loaded what a start from nothing would load.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        roles = ["worker"] * WORKERS + ["beat"] * BEATS
        self.running = [(role, self._start(role, place)) for place, role in enumerate(roles)]

    def _start(self, role: str, place: int) -> int:
        options = {
            "worker": ["--concurrency=1", f"--hostname=worker{place}@drill"],
            "beat": [f"--schedule={self.folder}/beat{place}", "--pidfile="],
        }

        def serve() -> None:
            os.setpgid(0, 0)
            with (self.folder / "celery.log").open("ab") as log:
                os.dup2(log.fileno(), sys.stdout.fileno())
                os.dup2(log.fileno(), sys.stderr.fileno())
            worker_process_init.connect(_make_mortal)
            app.start([role, "--loglevel=INFO", *options[role]])

        pid = start(serve)
        # Whichever of the two comes first: it may be killed before it has come that far.
        with suppress(PermissionError):
            os.setpgid(pid, pid)
        return pid

    def kill_one(self, chance: random.Random) -> None:
        place = chance.randrange(len(self.running))
        role, pid = self.running[place]
        _kill(pid)
        self.running[place] = role, self._start(role, place)

    def stop(self) -> None:
        for _role, pid in self.running:
            _kill(pid)


def _make_mortal(**_about: object) -> None:
    """Whoever does a worker's work dies of it, sooner or later; Celery notices and goes on."""
    Fuse(random.randint(1, DEADLY)).install()


def _kill(pid: int) -> None:
    """SIGKILL for the process and its children at once."""
    os.killpg(pid, signal.SIGKILL)
    finish(pid)


def sail(folder: Path, chance: random.Random, seconds: float) -> None:
    """Let a service run while its processes and its broker are killed again and again."""
    broker = Broker(folder)
    app.conf.update(
        beat_schedule={"tick": {"task": "notifications.tick", "schedule": TICK}},
        **({"broker_url": broker.url} if broker.url else {}),
    )
    fleet = Fleet(folder)
    try:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, chance.uniform(0.3, 1.5)))
            fleet.kill_one(chance)
            if chance.random() < 0.2:
                broker.die()
                time.sleep(chance.uniform(0.5, 2))
                broker.return_()
    finally:
        fleet.stop()
        broker.die()
