"""The other end of a message bridge, on the loopback: answers as scripted, checks signatures."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


@dataclass
class OtherEnd:
    """`answers` are used up one by one; 200 after that. `released` ends a `hang`."""

    answers: list[int] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    words: str = '{"taken": true}'
    hang: bool = False
    released: Event = field(default_factory=Event)
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?for=dondoc"

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies]

    def genuine(self, secret: str, place: int = -1) -> bool:
        """Check a call as the Standard Webhooks say, from what went over the wire alone."""
        headers = self.headers[place]
        signed = ".".join([headers["webhook-id"], headers["webhook-timestamp"], ""]).encode()
        key = b64decode(secret.removeprefix("whsec_"))
        mac = hmac.new(key, signed + self.bodies[place], hashlib.sha256).digest()
        return headers["webhook-signature"] == "v1," + b64encode(mac).decode()


@contextmanager
def other_end() -> Iterator[OtherEnd]:
    end = OtherEnd()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            end.headers.append({name.lower(): value for name, value in self.headers.items()})
            end.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            if end.hang:
                end.released.wait(5)
            status = end.answers.pop(0) if end.answers else 200
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"{end.address}&moved")
            self.end_headers()
            self.wfile.write(end.words.encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    end.port = server.server_port
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield end
    finally:
        end.released.set()
        server.shutdown()
        server.server_close()
