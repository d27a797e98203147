"""Kinds of documents: their names, their signs in a number, and the line that names one."""

import re
from collections import Counter
from collections.abc import Iterable

from tasks.importing.blocks import Block
from tasks.rules.names import fold

# Decree 30/2020/NĐ-CP, appendix III, the Law on legal acts, and the Party's own types.
TYPES = {
    "NQ": "Nghị quyết",
    "NĐ": "Nghị định",
    "TT": "Thông tư",
    "TTLT": "Thông tư liên tịch",
    "QĐ": "Quyết định",
    "CT": "Chỉ thị",
    "QC": "Quy chế",
    "QyĐ": "Quy định",
    "TC": "Thông cáo",
    "TB": "Thông báo",
    "HD": "Hướng dẫn",
    "CTr": "Chương trình",
    "KH": "Kế hoạch",
    "KHLT": "Kế hoạch",
    "KHPH": "Kế hoạch",
    "PA": "Phương án",
    "ĐA": "Đề án",
    "DA": "Dự án",
    "BC": "Báo cáo",
    "BB": "Biên bản",
    "TTr": "Tờ trình",
    "HĐ": "Hợp đồng",
    "CĐ": "Công điện",
    "KL": "Kết luận",
    "CTHĐ": "Chương trình hành động",
    "TBKL": "Thông báo kết luận",
}
LETTER = "Công văn"
NAMES = tuple(sorted({*TYPES.values()}, key=len, reverse=True))
_BY_FOLDED = {fold(name): name for name in NAMES}
_FOLDED = re.compile(rf"({'|'.join(sorted(_BY_FOLDED, key=len, reverse=True))})(?!\w)")
_SPACED = re.compile(r"(?:\w ){4,}\w")
_ISSUED = re.compile(
    rf"\b(?:ban hành|xây dựng|đề ra)\s+({'|'.join(NAMES)})\b[^.;]{{0,200}}"
    r"\b(?:như sau|sau đây|sau)\s*:",
    re.IGNORECASE,
)
# "thực hiện Nghị quyết." and "Kế hoạch này": the document speaks of itself.
_ITSELF = re.compile(
    rf"\b({'|'.join(NAMES)})(?: (này)\b|(?=[.,;]| (?:và|phù hợp|thành|trong|đến|đạt|theo)\b))"
)


def type_at(text: str) -> tuple[str, int] | None:
    """Return the type that *text* begins with in capitals, and where its words end.

    Accents do not count, for recognised pictures lose them, and so do blanks between letters.
    """
    spaced = _SPACED.match(text)
    if spaced and spaced[0].isupper():
        name = {fold(one).replace(" ", ""): one for one in NAMES}.get(
            fold(spaced[0]).replace(" ", "")
        )
        return (name, spaced.end()) if name else None
    found = _FOLDED.match(fold(text))
    if found is None or not text[: found.end()].isupper():
        return None
    return _BY_FOLDED[found[1]], found.end()


def type_of_words(text: str) -> tuple[str, int] | None:
    """Return the type that *text* begins with in any letters, and where its words end."""
    found = _FOLDED.match(fold(text))
    return (_BY_FOLDED[found[1]], found.end()) if found else None


def type_of_number(number: str) -> str | None:
    """Return the type that the sign in a number names; an official letter has none."""
    signs = [sign for sign in re.split(r"[/-]", number)[1:] if not sign.isdecimal()]
    return next((TYPES[sign] for sign in signs[:2] if sign in TYPES), LETTER)


def type_it_issues(blocks: Iterable[Block]) -> str | None:
    """Return the type in "X ban hành Kế hoạch …, cụ thể như sau"; None where no block says it."""
    said = (_ISSUED.search(block.text) for block in blocks)
    return next((found[1].capitalize() for found in said if found), None)


def type_of_itself(blocks: Iterable[Block]) -> str | None:
    """Return the type by which a document without a heading calls itself, if it does twice."""
    counted: Counter[str] = Counter()
    for block in blocks:
        for name, this in _ITSELF.findall(block.text):
            counted[name] += 2 if this else 1
    best = counted.most_common(1)
    return best[0][0] if best and best[0][1] >= 2 else None
