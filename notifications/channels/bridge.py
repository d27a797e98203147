"""The channel to message bridges: signed calls, as the Standard Webhooks describe them.

The signature is HMAC-SHA256 over identity, timestamp and body. Redirects are not followed, only
the first bytes of an answer are kept, and no call takes longer than `TIME_LIMIT` in all.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Sequence
from threading import Timer
from types import TracebackType
from typing import Any
from urllib.parse import SplitResult

from notifications.channels.addresses import Forbidden, checked_address, parts_of, port_of
from notifications.channels.outcome import Fate, Outcome
from notifications.models import Call

CONNECT_LIMIT, TIME_LIMIT = 5, 15  # seconds
ANSWER_KEPT = 2_000  # bytes
# About a day of ever rarer attempts.
MOST_ATTEMPTS = 30
_COME_AGAIN = {408, 425, 429}
_LINE_AT_FAULT = {429, 502, 503, 504}


def signature(key: bytes, identity: str, timestamp: int, body: bytes) -> str:
    """What the header `webhook-signature` carries."""
    signed = b".".join((identity.encode(), str(timestamp).encode(), body))
    return f"v1,{b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


class Caller:
    """Makes one call after the other, each on a connection of its own."""

    def __init__(self) -> None:
        self._offered = 0

    def __enter__(self) -> Caller:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def has_room(self) -> bool:
        return not self._offered

    def offer(self, call: Call) -> Outcome | None:
        self._offered += 1
        return None

    def hand_over(self, calls: Sequence[Call]) -> list[Outcome]:
        self._offered = 0
        return [self.send(call) for call in calls]

    def send(self, call: Call) -> Outcome:
        """Never raises for what the network or the other end may do."""
        try:
            parts = parts_of(call.bridge.address)
            connection = _connect(parts, checked_address(parts))
        except Forbidden as refusal:
            return Outcome(Fate.REFUSED, str(refusal))
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            return _again(call, Outcome(Fate.RETRY, _words(error), broken=True))
        alarm = Timer(TIME_LIMIT, _hang_up, [connection.sock])
        alarm.start()
        try:
            return _again(call, _exchange(call, parts, connection))
        except (OSError, http.client.HTTPException) as error:
            # It was on its way; nobody knows whether it was taken.
            lost = Outcome(Fate.RETRY, _words(error), doubtful=True, broken=True)
            return _again(call, lost)
        finally:
            alarm.cancel()
            connection.close()


def _connect(parts: SplitResult, number: str) -> http.client.HTTPConnection:
    """A connection to the number that was checked, under the name that was asked for."""
    host, port = parts.hostname or "", port_of(parts)
    line: socket.socket = socket.create_connection((number, port), CONNECT_LIMIT)
    if parts.scheme == "https":
        line = ssl.create_default_context().wrap_socket(line, server_hostname=host)
    line.settimeout(TIME_LIMIT)
    connection = http.client.HTTPConnection(parts.netloc)
    connection.sock = line
    return connection


def _hang_up(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it had ended by itself


def _exchange(call: Call, parts: SplitResult, connection: http.client.HTTPConnection) -> Outcome:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    body = call.body.encode()
    connection.request("POST", path, body, _headers(call, body))
    response = connection.getresponse()
    answer = response.read(ANSWER_KEPT).decode("utf-8", "replace").replace("\x00", "")
    return _judge(response.status, {"status": response.status, "answer": answer})


def _headers(call: Call, body: bytes) -> dict[str, str]:
    timestamp = int(time.time())
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "DonDoc",
        "webhook-id": str(call.key),
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(call.bridge.key, str(call.key), timestamp, body),
    }


def _judge(status: int, reply: dict[str, Any]) -> Outcome:
    if 200 <= status < 300:
        return Outcome(Fate.SENT, details=reply)
    words = f"HTTP {status}"
    if status in _COME_AGAIN or status >= 500:
        return Outcome(Fate.RETRY, words, broken=status in _LINE_AT_FAULT, details=reply)
    return Outcome(Fate.REFUSED, words, details=reply)


def _again(call: Call, outcome: Outcome) -> Outcome:
    """A call that failed too often is given up and shown."""
    if outcome.fate is Fate.RETRY and call.attempts >= MOST_ATTEMPTS:
        return Outcome(Fate.REFUSED, outcome.error, broken=outcome.broken, details=outcome.details)
    return outcome


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:1000]
