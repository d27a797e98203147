"""Roman numbers, as headings carry them."""

from __future__ import annotations

_DIGITS = (
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


def roman(number: int) -> str:
    """Return a number from 1 on in capitals: 14 is "XIV"."""
    digits = ""
    for value, letters in _DIGITS:
        digits += letters * (number // value)
        number %= value
    return digits
