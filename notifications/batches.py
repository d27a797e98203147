"""Work in batches: each batch its own transaction, until one finds nothing to do."""

from __future__ import annotations

from collections.abc import Callable


def until_done(step: Callable[[], int]) -> int:
    """Repeat `step` until it answers 0; returns the sum of its answers.

    A step must take its rows out of its own sight, or this never ends.
    """
    total = 0
    while done := step():
        total += done
    return total
