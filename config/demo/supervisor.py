"""Starts programs, watches them, and leaves none behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from config.demo import watchdog

PAUSE_SECONDS = 0.1
LAST_LINES = 15
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Program:
    """What to run under which name; the name is also its log's."""

    name: str
    command: Sequence[str]
    descriptors: tuple[int, ...] = ()


class Stopped(Exception):
    """Somebody asked the demonstration to end; nothing failed."""


class ProgramFailed(Exception):
    """A program ended that should have gone on, or failed at its one job."""

    def __init__(self, name: str, status: int | None, log: Path) -> None:
        ended = "did not answer in time" if status is None else f"ended with status {status}"
        super().__init__(f"{name} {ended}. The end of {log}:")
        self.log = log

    def last_lines(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-LAST_LINES:])


class Supervisor:
    """A context that owns processes: whatever way it is left, they are stopped.

    Each program leads a session of its own, so a Ctrl-C reaches only the supervisor, which then
    ends the programs in an orderly way. Must be used in the main thread.
    """

    def __init__(
        self,
        environment: dict[str, str],
        folder: Path,
        logs: Path,
        patience: float = 5.0,
        shared_lock: int = -1,
    ) -> None:
        self.environment = environment
        self.folder = folder
        self.logs = logs
        self.patience = patience
        self.shared_lock = shared_lock
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stop_signals = 0

    def __enter__(self) -> Supervisor:
        self.handlers = {number: signal.signal(number, self._note_signal) for number in SIGNALS}
        self.logs.mkdir(parents=True, exist_ok=True)
        self.watchdog = subprocess.Popen(  # noqa: S603 (our own file)
            [sys.executable, "-I", watchdog.__file__],
            stdin=subprocess.PIPE,
            start_new_session=True,
            pass_fds=(self.shared_lock,) if self.shared_lock >= 0 else (),
        )
        return self

    def __exit__(self, *_exc: object) -> None:
        self._stop_children()
        if self.watchdog.stdin:
            self.watchdog.stdin.close()
        self.watchdog.wait()
        for number, handler in self.handlers.items():
            signal.signal(number, handler)

    def _note_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop_signals += 1

    def _tell_watchdog(self, word: str) -> None:
        if self.watchdog.stdin:
            self.watchdog.stdin.write(f"{word}\n".encode())
            self.watchdog.stdin.flush()

    def log_of(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def start(self, program: Program) -> subprocess.Popen[bytes]:
        """Start it with a log of its own; the log of the time before is kept as `.log.1`."""
        log = self.log_of(program.name)
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        with log.open("wb") as sink:
            child = subprocess.Popen(  # noqa: S603 (our own commands)
                list(program.command),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=self.environment,
                pass_fds=program.descriptors,
                start_new_session=True,
            )
        self.children[program.name] = child
        self._tell_watchdog(f"+{child.pid}")
        return child

    def run_once(self, program: Program) -> None:
        """Run a program to its end; raise `ProgramFailed` unless it succeeded."""
        child = self.start(program)
        while child.poll() is None:
            self._pause()
        self._sign_off(program.name)
        if child.returncode:
            raise ProgramFailed(program.name, child.returncode, self.log_of(program.name))

    def wait_until(self, ready: Callable[[], bool], name: str, seconds: float = 60.0) -> None:
        """Watch until the named program is ready; raise `ProgramFailed` when it takes too long."""
        end = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > end:
                raise ProgramFailed(name, None, self.log_of(name))
            self._watch()

    def watch_forever(self) -> None:
        """Return never: raise `Stopped` on a signal, `ProgramFailed` when a program ends."""
        while True:
            self._watch()

    def _watch(self) -> None:
        for name, child in self.children.items():
            if child.poll() is not None:
                raise ProgramFailed(name, child.returncode, self.log_of(name))
        self._pause()

    def _pause(self) -> None:
        if self.stop_signals:
            raise Stopped
        time.sleep(PAUSE_SECONDS)

    def _stop_children(self) -> None:
        """Ask all at once, wait a little, and kill what is left; a second signal hurries."""
        for child in self.children.values():
            watchdog.signal_group(child.pid, signal.SIGTERM)
        end = time.monotonic() + self.patience
        before = self.stop_signals
        while time.monotonic() < end and self.stop_signals <= max(before, 1):
            if all(child.poll() is not None for child in self.children.values()):
                break
            time.sleep(PAUSE_SECONDS)
        for name in list(self.children):
            self._sign_off(name)

    def _sign_off(self, name: str) -> None:
        """Forget a program after making sure that nobody of its group is left."""
        child = self.children.pop(name)
        watchdog.signal_group(child.pid, signal.SIGKILL)
        child.wait()
        self._tell_watchdog(f"-{child.pid}")


def base_environment() -> dict[str, str]:
    """This process's environment, for programs whose words should reach their log at once."""
    return {**os.environ, "PYTHONUNBUFFERED": "1"}
