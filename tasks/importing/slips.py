"""What recognition of pictures, or a hurried hand, makes of the words that plans are made of.

Only what is no Vietnamese is corrected, or what makes no sense where it stands: "trung ương tạo
điều kiện" and "phần đầu của tuyến đường" stay as they are.
"""

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Slip:
    """A correction: the source line, the words found there, and what was read instead."""

    line: int
    found: str
    word: str


_AIM = r"(?=\s+(?:đến|đạt|có|tăng|giảm|hoàn thành|từ|trong|chỉ tiêu|năm|hằng năm|hàng năm|\d))"
# A pattern of lower-case words, and the words meant. "chủ tri", "đơn vi" and "báo cao" are none:
# "làm chủ tri thức", "hóa đơn vi phạm", "dự báo cao".
_WORDS = (
    (r"phân đấu|phấn đâu|phân đâu|phẩn đấu|phấn đầu", "phấn đấu"),
    (rf"(?<!\w )phần đầu{_AIM}", "phấn đấu"),
    (r"(?<!trung )ương tạo", "ươm tạo"),
    (r"k[êểẽ] hoạch|kế hoach", "kế hoạch"),
    (r"ch[úùu] trì|chủ trỉ", "chủ trì"),
    (r"ph[ôổồộ]i hợp(?! tử)|phối họp", "phối hợp"),
    (r"th[òơớ]i gian", "thời gian"),
    (r"đon vị", "đơn vị"),
    (r"th[ưữ]c hiện|thực hiên", "thực hiện"),
    (r"hoàn th[ảá]nh", "hoàn thành"),
    (r"báo c[ảạ]o", "báo cáo"),
    (r"nhiêm vụ", "nhiệm vụ"),
    (r"nơi nh[âấ]n(?=\s*:)", "nơi nhận"),
    (r"ưbn[dđ]|ubnđ", "UBND"),
)
# "H" and "l" are drawn like "II" and "I"; a quarter has no other digits.
_QUARTER = re.compile(r"(?<=quý )(?=[IV]*[lH|!T])[IVlH|!T]{1,4}(?=\s*(?:/|năm|[,;.]|$))", re.I)
_STROKES = str.maketrans({"l": "I", "|": "I", "!": "I", "T": "I", "H": "II", "h": "II", "t": "I"})
_ROMAN = ("I", "II", "III", "IV")
# Digits among which recognition saw letters: "l5/O6/2024".
_PART = r"(?:\d[\dOolI]?|[OolI]\d)"
_DATE = re.compile(rf"(?<![\w/])(?:{_PART}/)?{_PART}/[12l][\dO][\dOolI]{{2}}(?![\w/])")
_DIGITS = str.maketrans("OolI", "0011")


def corrected(text: str, line: int) -> tuple[str, list[Slip]]:
    """Return *text* in NFC with its slips corrected, and what was corrected."""
    slips: list[Slip] = []

    def note(found: re.Match[str], word: str) -> str:
        if word != found[0]:
            slips.append(Slip(line, found[0], word))
        return word

    text = _pattern().sub(lambda found: note(found, _meant(found)), text)
    text = _QUARTER.sub(lambda found: note(found, _quarter(found[0])), text)
    return _DATE.sub(lambda found: note(found, _date(found[0])), text), slips


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(
        "|".join(rf"\b(?P<w{index}>{wrong})\b" for index, (wrong, _word) in enumerate(_WORDS)),
        re.IGNORECASE,
    )


def _meant(found: re.Match[str]) -> str:
    """Return the words meant, in capitals where those found are."""
    word = _WORDS[int(str(found.lastgroup)[1:])][1]
    if found[0].isupper():
        return word.upper()
    return word[0].upper() + word[1:] if found[0][0].isupper() else word


def _quarter(text: str) -> str:
    meant = text.translate(_STROKES).upper()
    return meant if meant in _ROMAN else text


def _date(text: str) -> str:
    meant = text.translate(_DIGITS)
    letters = sum(one != other for one, other in zip(text, meant, strict=True))
    return meant if letters * 2 < len(text) else text
