"""Outlives the supervisor by a moment: when its pipe closes, it stops what is left.

Run by path as a process of its own, in its own session. On standard input come lines `+123` and
`-123`: a process group was started, or is gone. The end of the input means that the supervisor
ended, even by a signal that it could not catch.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress

PATIENCE_SECONDS = 3.0


def groups_left(lines: Iterable[str]) -> set[int]:
    """Process groups that were announced and not yet signed off when the lines end."""
    groups: set[int] = set()
    for line in lines:
        group = int(line[1:])
        if line.startswith("+"):
            groups.add(group)
        else:
            groups.discard(group)
    return groups


def signal_group(group: int, number: int) -> bool:
    """Send a signal to a whole group; whether anybody was there to get it."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def stop_groups(groups: set[int], patience: float = PATIENCE_SECONDS) -> None:
    """Ask every group to end, then make it."""
    for group in groups:
        signal_group(group, signal.SIGTERM)
    end = time.monotonic() + patience
    while any(signal_group(group, 0) for group in groups) and time.monotonic() < end:
        time.sleep(0.05)
    for group in groups:
        signal_group(group, signal.SIGKILL)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with suppress(KeyboardInterrupt):
        stop_groups(groups_left(sys.stdin))


if __name__ == "__main__":
    main()
