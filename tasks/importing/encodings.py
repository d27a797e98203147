"""Bytes to text: Unicode is read, the old Vietnamese encodings are recognised."""

import codecs
import re

from tasks.importing.errors import NotTextError, UnknownEncodingError

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
_SAMPLE = 4_000  # bytes that show a UTF-16 without its mark
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes, filename: str) -> str:
    """Return the text of *data*: UTF-8, or UTF-16/32 with a byte order mark.

    The bytes of TCVN3 and VNI come as the code points of the same number, which
    `legacy_fonts.from_legacy` converts. Raises NotTextError for binary data, else
    UnknownEncodingError.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, filename)
    for encoding in ("utf-16-le", "utf-16-be"):
        if _looks_like_utf16(data, encoding):
            return _strict(data, encoding, filename)
    binary = _BINARY.search(data)
    if binary:
        raise NotTextError(filename=filename, offset=binary.start())
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = data.decode("latin-1")
        if legacy_encoding(text):
            return text
        line = data.count(b"\n", 0, error.start) + 1
        raise UnknownEncodingError(filename=filename, line=line) from error


def _looks_like_utf16(data: bytes, encoding: str) -> bool:
    """Tell whether *data* has the blanks and line ends of UTF-16 at the places of letters."""
    sample = data[: _SAMPLE - _SAMPLE % 2]
    blanks = sample.count(" ".encode(encoding))
    zeros = sample[1 if encoding == "utf-16-le" else 0 :: 2].count(0)
    return len(sample) >= 16 and blanks > 0 and zeros * 3 > len(sample) // 2


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
