"""Spelling rules for Vietnamese names: pure functions shared by matching and by search."""

import re
import unicodedata

# U+00D0 and U+00F0 (Icelandic eth) look like Đ and đ, and OCR and old fonts confuse them.
LOOKALIKES = str.maketrans({"\u00d0": "Đ", "\u00f0": "đ", "\u0189": "Đ", "\u0256": "đ"})
_LATIN = [chr(code) for code in (*range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA))]
# For character classes: the accented letters of both cases lie mixed in Unicode.
CAPITAL = "A-Z" + "".join(letter for letter in _LATIN if letter.isupper())
SMALL = "a-z" + "".join(letter for letter in _LATIN if letter.islower())
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_BLANKS = re.compile(r"[^\S\n]+")
_DASHES = re.compile(r"\s*[-‐‑‒–—−]\s*")
_NOT_WORD = re.compile(r"[^\w&]+")

_TONES = {
    **{"o" + new: old + "a" for new, old in zip("àáảãạ", "òóỏõọ", strict=True)},
    **{"o" + new: old + "e" for new, old in zip("èéẻẽẹ", "òóỏõọ", strict=True)},
    **{"u" + new: old + "y" for new, old in zip("ỳýỷỹỵ", "ùúủũụ", strict=True)},
}
# "hoà" and "hòa" are two spellings of one syllable, but "hoàn" has only one; so has "quý".
_TONE = re.compile(rf"(?<!q)(?:{'|'.join(_TONES)})(?!\w)")


def tidy(text: str) -> str:
    """Return *text* in NFC with Đ for its look-alikes, single blanks and no invisible marks.

    Line breaks are kept; no word is respelt.
    """
    composed = unicodedata.normalize("NFC", text).translate(LOOKALIKES)
    return _BLANKS.sub(" ", _INVISIBLE.sub("", composed))


def place_tones(text: str) -> str:
    """Return lower-case *text* with the tone mark on the first vowel: "uỷ" becomes "ủy"."""
    return _TONE.sub(lambda found: _TONES[found[0]], text)


def fold(text: str) -> str:
    """Return *text* for searching: lower case, without accents, đ as d, single blanks."""
    letters = unicodedata.normalize("NFD", tidy(text).casefold())
    bare = "".join(mark for mark in letters if not unicodedata.combining(mark))
    return " ".join(bare.replace("đ", "d").split())


def match_key(name: str) -> str:
    """Return the form in which two spellings of one name are equal.

    Case, dashes, punctuation, blanks, tone placement and "&" for "và" do not count; accents do.
    """
    spaced = _DASHES.sub(" ", place_tones(tidy(name).casefold())).replace("&", " và ")
    return " ".join(_NOT_WORD.sub(" ", spaced).split())
