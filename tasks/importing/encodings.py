"""Bytes to text: Unicode is read, old Vietnamese encodings are recognised and refused by name."""

import codecs
import re

from tasks.importing.errors import LegacyEncodingError, NotTextError, UnknownEncodingError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Letters that Vietnamese text meets in every sentence, as the bytes of the two old encodings.
# TCVN 5712:1993 (ABC fonts): one byte for each accented letter.
_TCVN3 = frozenset("µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô­õøö÷ùúýûüþ")
# VNI Windows: a plain letter followed by a byte that carries its accents.
_VNI = re.compile(r"[aeouyAEOUY][øùûõïâêáàåãäéèúüëöôóòÂÊÁÀÅÃÄÉÈÚÜËÖÔØÙÛÕÏ]|ñ[aeiouyöô]|Ñ[AEIOUYÖÔ]")
# Signs of an old font that no Unicode text has: a capital or a sign inside a word, and vowels
# of other languages.
_ODD_TCVN3 = re.compile("[a-z][\u00a8-\u00be\u00c0-\u00de\u00d7]")
_ODD_VNI = re.compile("[øûïåäëöæÿÅÄËÖÏØÛ]")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes, filename: str) -> str:
    """Return the text of *data*: UTF-8, or UTF-16/32 with a byte order mark.

    Raises NotTextError for binary data, LegacyEncodingError for TCVN3 and VNI, else
    UnknownEncodingError.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, filename)
    binary = _BINARY.search(data)
    if binary:
        raise NotTextError(filename=filename, offset=binary.start())
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse(data, filename, data.count(b"\n", 0, error.start) + 1)
    _refuse_legacy(text, filename)
    return text


def _strict(data: bytes, encoding: str, filename: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnknownEncodingError(filename=filename, line=line) from error
    binary = _BINARY.search(text.encode("utf-8", "replace"))
    if binary:
        raise NotTextError(filename=filename, offset=binary.start())
    return text


def _refuse(data: bytes, filename: str, line: int) -> None:
    _refuse_legacy(data.decode("latin-1"), filename)
    raise UnknownEncodingError(filename=filename, line=line)


def _refuse_legacy(text: str, filename: str) -> None:
    """Raise LegacyEncodingError when *text*, read as Latin-1, is Vietnamese in an old font."""
    encoding = legacy_encoding(text)
    if encoding:
        raise LegacyEncodingError(filename=filename, encoding=encoding)


def legacy_encoding(text: str) -> str | None:
    """Return "VNI" or "TCVN3" when *text* is full of that encoding's letters, else None.

    A docx typed in an old font holds the same letters as code points.
    """
    high = [letter for letter in text if "\x80" <= letter <= "\xff"]
    letters = sum(letter.isalpha() for letter in text)
    if any("\u0100" <= letter <= "\u1eff" for letter in text):  # accents of Unicode alone
        return None
    if len(high) < 4 or len(high) < letters / 20:
        return None
    if _ODD_VNI.search(text) and len(_VNI.findall(text)) * 2 > len(high):
        return "VNI"
    known = sum(letter in _TCVN3 for letter in high) > len(high) * 0.8
    return "TCVN3" if known and len(_ODD_TCVN3.findall(text)) * 5 >= len(high) else None
