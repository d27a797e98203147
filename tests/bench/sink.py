"""A mail server that takes everything and counts it, in a process of its own.

Run as `python -m tests.bench.sink PORT FILE`: the Message-ID of every mail is added to FILE.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.crash.mailserver import free_port, wait_for_port

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class Sink:
    """Takes every mail."""

    def __init__(self, inbox: Path) -> None:
        self._inbox = inbox.open("ab", buffering=0)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        found = _MESSAGE_ID.search(envelope.content)
        assert found is not None
        self._inbox.write(found[1] + b"\n")
        return "250 OK"


class SinkServer:
    """The handle on that process."""

    def __init__(self, folder: Path) -> None:
        self._inbox, self.port = folder / "taken", free_port()
        self.empty()
        command = [sys.executable, "-m", "tests.bench.sink", str(self.port), str(self._inbox)]
        self._process = subprocess.Popen(command)
        wait_for_port(self.port)

    def empty(self) -> None:
        self._inbox.write_bytes(b"")

    def taken(self) -> list[str]:
        """The Message-ID of each mail, as often as it came."""
        return self._inbox.read_text().split()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


if __name__ == "__main__":
    controller = Controller(Sink(Path(sys.argv[2])), hostname="127.0.0.1", port=int(sys.argv[1]))
    controller.start()
    while True:
        time.sleep(60)
