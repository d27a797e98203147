"""Numbers in Vietnamese writing: a dot groups thousands, a comma is the decimal sign."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from tasks.rules.names import tidy

WHOLE_DIGITS, PLACES = 16, 4
GROUPED = r"\d{1,3}(?:\.\d{3})+"
_GROUPED = re.compile(rf"{GROUPED}(?:,\d+)?")
_PLAIN = re.compile(rf"[+-]?(?:\d+|(?!0\d*\.){GROUPED})(?:,\d+)?")
_MINUS = str.maketrans("−–", "--")
_LETTER = re.compile(r"[^\W\d_]")


class NotANumber(ValueError):
    """What was written cannot be taken for one number; the message says what to write instead."""


def parse_number(text: str) -> Decimal:
    """Return the number that a person wrote: "2.305" is 2305, "0,7" a decimal, "12 %" is 12.

    Nothing is guessed: "1.5" and "1,234.5" mean something else in other countries. Raises
    `NotANumber`.
    """
    words = tidy(text).strip()
    digits = words.translate(_MINUS).removesuffix("%").strip()
    if not _PLAIN.fullmatch(digits):
        raise NotANumber(_refusal(words, digits))
    number = Decimal(plain(digits))
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    if number.adjusted() >= WHOLE_DIGITS:
        raise NotANumber(_("“%(text)s” is too large a number.") % {"text": words})
    if -exponent > PLACES:
        message = _("“%(text)s” has too many decimals: four at most.")
        raise NotANumber(message % {"text": words})
    return number


def _refusal(words: str, digits: str) -> str:
    if not digits:
        return _("Write a number, such as 2.305 or 0,7.")
    if not re.search(r"\d", words):
        message = _("“%(text)s” is written in words. Write the number in digits, such as 23.")
    elif _LETTER.search(words):
        message = _("“%(text)s” has words beside the number. Write the number alone.")
    elif re.fullmatch(r"[+-]?\d+\.\d+", digits):
        message = _(
            "“%(text)s” can be read in two ways. A dot groups thousands (2.305), a comma is the"
            " decimal sign: write %(decimal)s if you mean the decimal."
        )
    else:
        message = _("“%(text)s” is not a number. Write it as 2.305 or 1.234,5.")
    return message % {"text": words, "decimal": digits.replace(".", ",")}


def plain(text: str) -> str:
    """Return a number of a document as Python writes it; a lone dot that groups nothing stays."""
    grouped = _GROUPED.fullmatch(text.lstrip("+-"))
    ungrouped = text.replace(".", "") if grouped or "," in text else text
    return ungrouped.replace(",", ".")


def show_number(number: Decimal | None, places: int = PLACES) -> str:
    """Return a number as officials write it, without idle zeros: "2.305", "0,7"; "" for None.

    It is rounded to *places* decimals.
    """
    if number is None:
        return ""
    whole, _dot, decimals = f"{number:,.{places}f}".partition(".")
    decimals = decimals.rstrip("0")
    shown = whole.replace(",", ".") + (f",{decimals}" if decimals else "")
    return "0" if shown == "-0" else shown


def number_text(number: Decimal) -> str:
    """Return a number as data carries it: "2305", "0.7", without idle zeros or an exponent."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
