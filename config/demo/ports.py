"""Sockets that are taken before anything starts, so that nobody can take them in between."""

from __future__ import annotations

import socket


class PortRefused(Exception):
    """The port cannot be had; the message is one line that says what to do."""


def _somebody_answers(family: socket.AddressFamily, host: str, port: int) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect((host, port))
        except OSError:
            return False
        return True


def reserve(port: int) -> socket.socket:
    """A socket bound to this port of the loopback address; 0 lets the system choose one.

    Raises `PortRefused` when another program listens there, over IPv6 too: a browser that asks
    for `localhost` would meet that program instead of ours.
    """
    taken = f"Port {port} is in use: choose another with PORT={port % 65535 + 1} make demo"
    if port and any(
        _somebody_answers(family, host, port)
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
    ):
        raise PortRefused(taken)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # A port that a demo has just left is free, though old connections still linger on it.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except PermissionError:
        listener.close()
        raise PortRefused(
            f"Port {port} is not allowed to this user: choose another with PORT=8000 make demo"
        ) from None
    except OSError:
        listener.close()
        raise PortRefused(taken) from None
    return listener
