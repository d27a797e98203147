"""One demonstration at a time in one data folder."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class AlreadyRunning(Exception):
    """Another demonstration holds the folder; the message says which."""


class DemoLock:
    """A lock that the kernel lets go with its last holder, so that none is ever stale.

    The file's words only tell people who holds it. The watchdog shares the descriptor: after the
    supervisor was killed, the folder is free again only when its children are gone.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fileno = -1

    def acquire(self, address: str) -> None:
        """Take the lock; raise `AlreadyRunning` when somebody has it."""
        fileno = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fileno, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(fileno, 200, 0).decode(errors="replace").strip()
            os.close(fileno)
            raise AlreadyRunning(
                f"The demo is already running here ({holder}): stop it first with Ctrl-C."
            ) from None
        os.truncate(fileno, 0)
        os.pwrite(fileno, f"{address}, process {os.getpid()}".encode(), 0)
        self.fileno = fileno

    def release(self) -> None:
        """Let go; other holders of the same descriptor keep theirs."""
        if self.fileno >= 0:
            os.close(self.fileno)
            self.fileno = -1
