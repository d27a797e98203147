"""Names of agencies in the letterhead: capitals over several lines, the superior one first."""

import re
from collections.abc import Iterable, Sequence

from tasks.importing.blocks import Block
from tasks.importing.results import Words
from tasks.rules.names import place_tones

# With one of these a line begins a name of its own.
_HEADS = re.compile(
    r"ủy ban|ubnd|ub ?mttq|hđnd|hội đồng|hđ|đoàn đại biểu|bộ |sở |ban |cục |vụ |chi cục|tổng cục"
    r"|phòng (?!,|chống|cháy)|trung tâm|trường |viện |học viện|đại học|văn phòng|vp|thanh tra"
    r"|công an|tòa án|kho bạc|ngân hàng|bảo hiểm|thuế |hải quan|bệnh viện|trạm |đài |báo |quỹ "
    r"|hội (?!nghị|thi|thảo|diễn|chợ|đàm)|hiệp hội|liên hiệp|liên minh"
    r"|liên đoàn|tổng liên đoàn|đoàn |mặt trận|công ty"
    r"|tổng công ty|tập đoàn|hợp tác xã|câu lạc bộ|kiểm toán|quốc hội|chính phủ|thủ tướng"
    r"|chủ tịch nước|tỉnh (?:ủy|đoàn)|thành (?:ủy|đoàn)|huyện (?:ủy|đoàn)|thị (?:ủy|đoàn)"
    r"|quận (?:ủy|đoàn)|đảng (?:ủy|bộ)|chi bộ|thường trực|tổ (?:công tác|đề án|giúp)|bch|bcđ|bql"
    r"|đảng đoàn|bộ chỉ huy|bộ tư lệnh|quân khu|xí nghiệp|tạp chí|nhà xuất bản|cơ quan (?!ban hành)"
)
_LEVEL = re.compile(
    r"(?:tỉnh|thành phố|tp\.?|huyện|quận|thị xã|thị trấn|phường|xã(?! hội)|đặc khu)\s"
)
_OPEN_END = re.compile(r"(?:\bvà|\bcác|\bcủa|,|-|–)$|^(?:và|-|–)\s")
_STAMP = re.compile(
    r"dự thảo|bản sao|tối mật|tuyệt mật|mật$|khẩn|thượng khẩn|hỏa tốc|mẫu số|lần \d"
)
_LONGEST = 120  # characters

# After one of these words a name of a field or a place begins, in capitals.
_FIELD = re.compile(
    r"((?:^| )(?:sở|bộ|phòng|cục|vụ|chi cục|tổng cục|viện|trường|hội|trung tâm|báo|đài|quỹ|ban"
    r"|văn phòng|công ty|thanh tra) |(?: và|,| -| –) )(\w)"
)
_PLACE = re.compile(
    r"\b((?:tỉnh|thành|huyện|thị|quận|đảng) (?:ủy|đoàn)|tỉnh|thành phố|tp|huyện|quận|thị xã"
    r"|thị trấn|phường|xã|đặc khu) ([^,;()]+)$",
    re.IGNORECASE,
)
_SPELT = (
    "Ủy ban nhân dân", "Hội đồng nhân dân", "Mặt trận Tổ quốc", "Việt Nam", "Hồ Chí Minh",
    "Hà Nội", "Liên hiệp Phụ nữ", "Thường vụ", "Chấp hành", "Chỉ đạo", "Quản lý", "Tuyên giáo",
    "Tổ chức", "Dân vận", "Cán sự đảng", "Thanh niên", "Chính phủ", "Quốc hội", "Trung ương",
    "UBND", "HĐND", "UBMTTQ", "MTTQ", "THPT", "THCS", "TNHH", "MTV", "HTX", "BCH", "BCĐ", "TW",
)  # fmt: skip
_SPELLING = {words.lower(): words for words in _SPELT}
_KNOWN = re.compile(rf"\b(?:{'|'.join(_SPELLING)})\b", re.IGNORECASE)
_LONGEST_PLACE = 4  # words


def agencies(lines: Iterable[Words]) -> tuple[Words, ...]:
    """Return the agencies that the lines of a letterhead name, from the superior one down.

    "ỦY BAN NHÂN DÂN" and "TỈNH AN BÌNH" are one name, "UBND TỈNH AN BÌNH" and "SỞ NỘI VỤ" two.
    """
    names: list[Words] = []
    for line in lines:
        key = _key(line.text)
        if _STAMP.match(key):
            continue
        alike = names and line.text.isupper() == names[-1].text.isupper()
        if alike and _continues(_key(names[-1].text), key):
            before = names.pop()
            names.append(Words(f"{before.text} {line.text}", before.start, line.end))
        elif is_agency(line.text):
            names.append(line)
    return tuple(name for name in names if len(name.text) <= _LONGEST)


def is_agency(text: str) -> bool:
    """Tell whether *text*, in any letters, begins as the name of an agency does."""
    return bool(_HEADS.match(f"{_key(text)} "))


def _continues(before: str, line: str) -> bool:
    if before == "thủ tướng" or _OPEN_END.search(before) or _OPEN_END.match(line):
        return True
    if _HEADS.match(f"{line} "):
        return False
    return bool(_LEVEL.match(line)) or not _LEVEL.search(before)


def _key(text: str) -> str:
    return place_tones(" ".join(text.lower().split()))


def spelt(name: str, blocks: Sequence[Block]) -> str:
    """Return a name in capitals as the text spells it, else as such names are spelt."""
    if not name.isupper():
        return name
    key = place_tones(name.lower())
    for block in blocks:
        place = block.text.lower().find(key)
        found = block.text[place : place + len(name)] if place >= 0 else ""
        if found and not found.isupper() and found[0].isupper():
            return found
    return _with_place(_in_small_letters(key), blocks)


def _in_small_letters(key: str) -> str:
    """Return a lower-case name with the capitals of its kind, fields and place."""
    text = _FIELD.sub(lambda found: found[1] + found[2].upper(), key)
    text = _KNOWN.sub(lambda found: _SPELLING[found[0].lower()], text)
    text = _PLACE.sub(lambda found: f"{found[1].lower()} {_title(found[2])}", text)
    return text[:1].upper() + text[1:]


def _with_place(name: str, blocks: Sequence[Block]) -> str:
    """Return a name whose last words are a place of the text with the capitals of a place."""
    words = name.split(" ")
    for count in range(min(_LONGEST_PLACE, len(words) - 1), 1, -1):
        tail = _title(" ".join(words[-count:]))
        if words[-count].islower() and any(tail in block.text for block in blocks):
            return " ".join([*words[:-count], tail])
    return name


def _title(words: str) -> str:
    return " ".join(word.capitalize() for word in words.split(" "))
