"""Vietnamese typed in fonts older than Unicode: TCVN3 (ABC, ".VnTime") and VNI ("VNI-Times")."""

import re
import unicodedata

# TCVN 5712:1993: one byte for each accented letter; capitals with tones are drawn by the font.
_TCVN3_FROM = (
    "\u00a1\u00a2\u00a3\u00a4\u00a5\u00a6\u00a7\u00a8\u00a9\u00aa\u00ab\u00ac\u00ad\u00ae"
    "\u00b5\u00b6\u00b7\u00b8\u00b9\u00bb\u00bc\u00bd\u00be\u00c6\u00c7\u00c8\u00c9\u00ca\u00cb"
    "\u00cc\u00ce\u00cf\u00d0\u00d1\u00d2\u00d3\u00d4\u00d5\u00d6\u00d7\u00d8\u00dc\u00dd\u00de"
    "\u00df\u00e1\u00e2\u00e3\u00e4\u00e5\u00e6\u00e7\u00e8\u00e9\u00ea\u00eb\u00ec\u00ed\u00ee"
    "\u00ef\u00f1\u00f2\u00f3\u00f4\u00f5\u00f6\u00f7\u00f8\u00f9\u00fa\u00fb\u00fc\u00fd\u00fe"
)
_TCVN3_TO = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
_TCVN3 = str.maketrans(_TCVN3_FROM, _TCVN3_TO)

# VNI Windows: a plain letter, then a letter that stands for its accents.
_ACCENTS = {
    **dict(zip("ùøûõï", ("\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True)),
    **dict(zip("âáàåãä", ("\u0302", "\u0302\u0301", "\u0302\u0300", "\u0302\u0309",
                          "\u0302\u0303", "\u0302\u0323"), strict=True)),
    **dict(zip("êéèúüë", ("\u0306", "\u0306\u0301", "\u0306\u0300", "\u0306\u0309",
                          "\u0306\u0303", "\u0306\u0323"), strict=True)),
}  # fmt: skip
_VNI_LETTER = re.compile(
    r"([aeouyôöAEOUYÔÖ])([ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË])|[ñíìæóòîôöÑÍÌÆÓÒÎÔÖ]"
)
_VNI_SINGLE = str.maketrans("ñíìæóòîôöÑÍÌÆÓÒÎÔÖ", "đíìỉĩịỵơưĐÍÌỈĨỊỴƠƯ")
_TCVN3_FONT = re.compile(r"\.Vn", re.IGNORECASE)
_VNI_FONT = re.compile(r"VNI[- ]", re.IGNORECASE)


def from_font(text: str, font: str) -> str:
    """Return *text* in Unicode, where *font* is one that gives letters another meaning."""
    if _TCVN3_FONT.match(font):
        plain = from_tcvn3(text)
        return plain.upper() if font.endswith("H") else plain
    return from_vni(text) if _VNI_FONT.match(font) else text


def from_legacy(text: str, encoding: str) -> str:
    """Return *text*, whose letters are the bytes of *encoding* ("TCVN3" or "VNI"), in Unicode."""
    return from_vni(text) if encoding == "VNI" else from_tcvn3(text)


def from_tcvn3(text: str) -> str:
    return text.translate(_TCVN3)


def from_vni(text: str) -> str:
    return _VNI_LETTER.sub(_vni_letter, text)


def _vni_letter(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[0].translate(_VNI_SINGLE)
    base = found[1].translate(_VNI_SINGLE)
    return unicodedata.normalize("NFC", base + _ACCENTS[found[2].lower()])
