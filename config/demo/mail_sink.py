"""A mail server for the demonstration: takes every mail and keeps it as a file, sends none on."""

from __future__ import annotations

import argparse
import asyncio
import signal
import socket
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class MailFolder:
    """Keeps each mail as one `.eml` file, named after the moment it came in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = count(1)
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(  # noqa: N802 (the name is aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Write the mail, then say that it was taken; never the other way round."""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{next(self.numbers):05d}.eml"
        recipients = ", ".join(envelope.rcpt_tos)
        content = envelope.original_content or b""
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipients}\r\n"
        (self.folder / name).write_bytes(head.encode() + content)
        return "250 Kept"


async def serve(listener: socket.socket, folder: Path) -> None:
    """Take mail on this socket until the process is asked to end."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    mails = MailFolder(folder)
    server = await loop.create_server(lambda: SMTP(mails, hostname="localhost"), sock=listener)
    await ended.wait()
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--descriptor", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    listener = socket.socket(fileno=options.descriptor)
    asyncio.run(serve(listener, options.folder))


if __name__ == "__main__":
    main()
