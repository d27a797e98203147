"""Processes of a drill: a child that reports, and the fuse that kills one at a boundary."""

from __future__ import annotations

import json
import os
import signal
import smtplib
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

T = TypeVar("T")


class Killed(Exception):
    """The child did not live to report."""


def start(body: Callable[[], object]) -> int:
    """Run `body` in a child of its own with fresh connections; returns its process id."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        _run(body)
    return pid


def _run(body: Callable[[], object]) -> NoReturn:
    status = 1
    try:
        body()
        status = 0
    finally:
        os._exit(status)


def finish(pid: int) -> bool:
    """Wait for a child; returns whether it ended by itself and well."""
    return os.waitpid(pid, 0)[1] == 0


def kill(pid: int) -> None:
    """SIGKILL; a child that has ended already is left in peace."""
    os.kill(pid, signal.SIGKILL)


def ask(body: Callable[[], Any]) -> Any:
    """Return what `body` returns in a child of its own (as JSON). Raises `Killed`."""
    reading, writing = os.pipe()

    def answer() -> None:
        os.close(reading)
        with os.fdopen(writing, "w") as pipe:
            json.dump(body(), pipe)

    pid = start(answer)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    if not finish(pid):
        raise Killed(text)
    return json.loads(text)


class Fuse:
    """Counts the boundaries that a process passes, and kills it at one of them.

    A boundary lies before each statement, each commit, and each word exchanged with the mail
    server, and after the last of them: between two of them nothing outside the process changes.
    """

    def __init__(self, kill_at: int | None = None) -> None:
        self.passed = 0
        self.kill_at = kill_at

    def step(self) -> None:
        self.passed += 1
        if self.passed == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(self, action: Callable[..., T]) -> Callable[..., T]:
        def guarded(*arguments: Any, **named: Any) -> T:
            self.step()
            return action(*arguments, **named)

        return guarded

    def install(self) -> Fuse:
        """Arm this process; there is no way back but its end."""
        connections["default"].execute_wrappers.append(
            lambda execute, *arguments: self.before(execute)(*arguments)
        )
        for owner, name in ((BaseDatabaseWrapper, "_commit"), (smtplib.SMTP, "send")):
            setattr(owner, name, self.before(getattr(owner, name)))
        smtplib.SMTP.getreply = self.before(smtplib.SMTP.getreply)  # type: ignore[method-assign]
        return self
