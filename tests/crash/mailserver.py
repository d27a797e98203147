"""A mail server in a process of its own, whose faults can be switched while it runs.

Run as `python -m tests.crash.mailserver PORT FOLDER`. It appends one line to FOLDER/inbox for
each mail it took and answers as the word in FOLDER/fault says.
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from collections import Counter
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

# What the server does wrong, by name; "" is a good day.
FAULTS = ("421", "451", "550", "hang", "close")
REFUSED = "refused"  # the mailbox that a server of the fault "550" does not know
PATIENCE = 0.5  # seconds a client waits in a drill


class Postmaster:
    def __init__(self, folder: Path) -> None:
        self.inbox, self.switch = folder / "inbox", folder / "fault"

    @property
    def fault(self) -> str:
        return self.switch.read_text() if self.switch.exists() else ""

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.fault == "421":
            return "421 Shutting down"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.fault == "451":
            return "451 Try again later"
        if self.fault == "550" and address.startswith(REFUSED):
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.fault == "hang":
            await asyncio.sleep(2 * PATIENCE)
            return "451 Too slow"
        assert isinstance(envelope.content, bytes)
        message_id = message_from_bytes(envelope.content)["Message-ID"].strip()
        with self.inbox.open("a") as inbox:
            inbox.write(f"{message_id}\n")
        if self.fault == "close" and server.transport is not None:
            server.transport.close()
        return "250 OK"


class MailServer:
    """The handle on that process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.port = folder, free_port()
        command = [sys.executable, "-m", "tests.crash.mailserver", str(self.port), str(folder)]
        self.process = subprocess.Popen(command)
        wait_for_port(self.port)

    def begin(self, fault: str = "") -> None:
        """An empty inbox, and this fault from now on."""
        (self.folder / "inbox").write_text("")
        self.behave(fault)

    def behave(self, fault: str = "") -> None:
        (self.folder / "fault").write_text(fault)

    def taken(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter((self.folder / "inbox").read_text().split())

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int, seconds: float = 20) -> None:
    """Return when somebody listens; raises `TimeoutError`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nobody answers on port {port}")


if __name__ == "__main__":
    controller = Controller(
        Postmaster(Path(sys.argv[2])), hostname="127.0.0.1", port=int(sys.argv[1])
    )
    controller.start()
    while True:
        time.sleep(60)
