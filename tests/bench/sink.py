"""A mail server that takes everything and counts it, in a process of its own.

Run as `python -m tests.bench.sink PORT FILE`: the Message-ID of every mail is added to FILE. It
does as little as a server can, so that the senders are measured and not it.
"""

from __future__ import annotations

import re
import socketserver
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

from tests.crash.mailserver import free_port, wait_for_port

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_END = b".\r\n"
_ANSWERS = {b"EHLO": b"250-sink\r\n250 8BITMIME\r\n", b"QUIT": b"221 Bye\r\n"}


class Sink(socketserver.StreamRequestHandler):
    """One connection: takes every mail."""

    disable_nagle_algorithm = True
    inbox: Path

    def handle(self) -> None:
        with self.inbox.open("ab", buffering=0) as inbox:
            self.wfile.write(b"220 sink\r\n")
            for line in self.rfile:
                if line[:4].upper() == b"DATA":
                    self.wfile.write(b"354 Go on\r\n")
                    mail = b"".join(takewhile(_END.__ne__, self.rfile))
                    if found := _MESSAGE_ID.search(mail):
                        inbox.write(found[1] + b"\n")
                self.wfile.write(_ANSWERS.get(line[:4].upper(), b"250 OK\r\n"))


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


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
    Sink.inbox = Path(sys.argv[2])
    with Server(("127.0.0.1", int(sys.argv[1])), Sink) as server:
        server.serve_forever()
