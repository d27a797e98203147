"""Lists of unit names to single names, without cutting a name in two.

A name may hold commas and "và" itself ("Sở Văn hóa, Thể thao và Du lịch"). So a list is cut
only where the words after the sign begin a new name.
"""

import re
from collections.abc import Iterator

from tasks.importing.results import Words
from tasks.rules.names import CAPITAL, SMALL

# Words that begin a name, and may be the whole of it ("Huyện đoàn", "Văn phòng").
_WHOLE_HEADS = (
    "Ủy ban|Uỷ ban|Uy ban|Ùy ban|Tỉnh Đoàn|Công An"
    "|UBND|UBMTTQ|HĐND|Hội đồng|Thường trực|Văn phòng|Trung tâm|Chi cục|Tổng cục"
    "|Học viện|Đại học|Công an|Quân khu|Bộ Chỉ huy|Bộ Tư lệnh|Bộ phận"
    "|Tòa án|Toà án|Kho bạc|Ngân hàng|Bảo hiểm|Hải quan|Kiểm lâm|Tạp chí|Thông tấn xã|Tỉnh ủy"
    "|Tỉnh uỷ|Thành ủy|Thành uỷ|Huyện ủy|Huyện uỷ|Thị ủy|Thị uỷ|Quận ủy|Đảng ủy|Đảng uỷ|Đảng bộ"
    "|Chi bộ|Tỉnh đoàn|Thành đoàn|Huyện đoàn|Thị đoàn|Quận đoàn|Mặt trận|Hiệp hội|Liên hiệp"
    "|Liên minh|Liên đoàn|Tổng Liên đoàn|Câu lạc bộ|Công ty|Tổng công ty|Tập đoàn|Doanh nghiệp"
    "|Hợp tác xã|Bệnh viện|Chính phủ|Thủ tướng|Quốc hội|Chủ tịch|Giám đốc|Hiệu trưởng|Thủ trưởng"
    "|Bí thư|Giáo viên|Đại diện|Chính quyền|Cơ quan|Đơn vị|Địa phương|Nhà trường"
    "|Đảng đoàn|Ban cán sự|Ban Cán sự"
    "|Bộ trưởng|Thứ trưởng|Vụ trưởng|Cục trưởng|Viện trưởng|Trưởng phòng|Trưởng ban|Chỉ huy trưởng"
    "|Xí nghiệp|Nhà máy|Nhà xuất bản|Nhà văn hóa|Bưu điện|Điện lực|Bảo tàng|Thư viện|Công đoàn"
    "|Hạt Kiểm lâm|Cảng vụ|Ban quản lý|Ban chỉ đạo|Vườn quốc gia|Tổng Giám đốc"
    "|Hội đồng nhân dân|Bộ Chính trị|Ban Bí thư"
)
# Words that begin a name when another word follows.
_HEADS = (
    rf"{_WHOLE_HEADS}|Sở|Cục|Vụ|Viện|Hội(?! (?:nghị|thảo|thi|diễn|trại|chợ|họp)\b)|Đồn|Chánh|UB|VP"
)
# Words that begin other things too ("Ban hành", "Phòng chống", "Xã hội"): a capital must follow.
_SHORT_HEADS = (
    "Sơ|Bộ|Ban|Phòng|Trường|Báo|Đài|Đoàn|Quỹ|Tổ|Trạm|Thuế|Thanh tra|Xã|Phường|Thị trấn|Huyện"
    "|Quận|Phó|Trưởng|Trung ương|Viện kiểm sát"
    "|Lãnh đạo"
)
_LOWER = (
    r"Ban (?:chỉ đạo|giám hiệu|quản lý|chấp hành|thường vụ|tổ chức|tuyên giáo|dân vận|các)\b"
    r"|Bộ chỉ huy\b|Ban chỉ huy\b|Thanh tra (?:tỉnh|thành phố|huyện|sở)\b"
    r"|Tổ (?:tư vấn|công tác|chuyên môn|giúp việc)\b|Đoàn (?:thanh niên|trường)\b|Phòng ban\b"
    r"|Đài (?:phát thanh|truyền)|Trường (?:đại học|cao đẳng|trung học|tiểu học|mầm non)\b"
)
_GROUP = (
    r"(?:[Cc]ác|[Mm]ột số|[Tt]oàn thể|[Tt]ất cả(?: các)?)\s+"
    rf"(?:(?:{_HEADS}|{_SHORT_HEADS})\b|[{SMALL}])"
)
_ACRONYM = r"[A-ZĐ]{2}[A-ZĐ&]*\b"
HEAD = re.compile(
    rf"(?:{_WHOLE_HEADS})(?=\s*[,;.(])|(?:{_HEADS})(?=\s+[^\W_]|\s*$)|(?:{_SHORT_HEADS})\s+(?=[{CAPITAL}\d])|{_LOWER}|{_GROUP}|{_ACRONYM}"
)
_CUT = re.compile(r"\s*;\s*(?:và\s+)?|\s*,\s*(?:và\s+)?|\s+và\s+|\s*\n\s*")
_PREFIXED = re.compile(
    rf"^(?:[Cc]ác\s+)?(?P<head>(?:{_HEADS}|{_SHORT_HEADS})|[{SMALL}][^:,;]*?)\s*:\s*"
)
_GROUP_WITH_MEMBERS = re.compile(r"^(?P<group>[Cc]ác\s[^(]+?)\s*\((?P<members>[^()]+)\)$")
# "các tổ chức hội: Hội Nông dân, Hội Phụ nữ": a group, and whole names that say who is in it.
_NAMED_GROUP = re.compile(
    rf"^(?:[Cc]ác\s+)(?!{_HEADS}|{_SHORT_HEADS})[{SMALL}][^:,;]*?\s*:\s*(?={HEAD.pattern})"
)
# "các trường Tiểu học, THCS": the abbreviation is a kind of school, not a unit.
_SCHOOLS = re.compile(r"[Cc]ác (?:trường|cấp học|khối)\b")
_ACRONYM_ONLY = re.compile(rf"(?!{_WHOLE_HEADS}){_ACRONYM}")
_GROUPS_IN_ONE_PLACE = re.compile(
    r"(?:[Cc]ác [^,;:()]+(?:, \w+)*,\s*(?:và )?)+[Cc]ác [^,;:()]+"
    r" ở (?:[Tt]rung ương|địa phương)[^;:()]*"
)
# The portfolios whose names hold "và" or a comma: after a prefix no head marks their beginning.
_PORTFOLIOS = re.compile(
    r"Khoa học và Công nghệ|Giáo dục và Đào tạo|Kế hoạch và Đầu tư|Thông tin và Truyền thông"
    r"|Lao động\s*[-–,]\s*Thương binh và Xã hội|Nông nghiệp và Phát triển nông thôn"
    r"|Nông nghiệp và Môi trường|Tài nguyên và Môi trường|Dân tộc và Tôn giáo"
    r"|Văn hóa,\s*Thể thao và Du lịch|Văn hóa và Thể thao|Văn hóa và Thông tin"
    r"|Kinh tế và Hạ tầng|Phát thanh và Truyền hình",
    re.IGNORECASE,
)
# The same portfolios as acronyms: after a prefix ("các Sở: KH&CN, GD&ĐT") each is a name.
_SHORT_PORTFOLIOS = re.compile(
    r"(?:KH\W?CN|KH\W?ĐT|GD\W?ĐT|TT\W?TT|TN\W?MT|NN\W?MT|NN\W{0,3}PTNT|GTVT|VH\W?TT\W?DL|VH\W?TT"
    r"|LĐ\W{0,3}TB\W{0,3}XH|TC\W{0,3}KH|KT\W?HT|DT\W?TG|XD|CT|TC|NV|YT|TP|NgV)(?![\w&])"
)
# What "và" or a comma leaves of a short name ("Sở VH, TT và DL", "UBND các huyện, TX, TP").
_TAIL = re.compile(r"(?:CN|ĐT|PTNT|XH|TB|DL|TH|TT|MT|HT|TG|TX|TP|TBXH|TB&XH|TT&DL|TTDL)(?![\w&.])")
_SHORTENED = re.compile(
    rf"(?:(?:Sở|Bộ|Phòng|Ban|Đài|UBND)\b.*?[A-ZĐ]{{2}}"
    rf"|.*(?:Nông nghiệp|[Cc]ác [{SMALL} ,]+))[A-ZĐ&,\s]*$"
)
# "Văn phòng HĐND và UBND huyện" serves both.
_OFFICE_OF = re.compile(
    r"(?:Văn phòng|VP)(?: \S+)* (?:Quốc hội|ĐBQH|HĐND|Hội đồng nhân dân)(?: tỉnh| huyện)?$"
)
_SECOND_OF = re.compile(r"HĐND|Hội đồng nhân dân|UBND|[ỦU][yỷ] ban nhân dân")
# "các Cục, Vụ, đơn vị": kinds of units in one group, not a unit called "Vụ".
_KINDS = re.compile(r"(?:[Cc]ác|[Mm]ọi|[Tt]ất cả các)\s")
_BARE = re.compile(rf"(?:{_HEADS}|{_SHORT_HEADS})(?=\s*(?:[,;.]|và\b|$))")
_LONGEST_LIST = 5_000  # characters; what is longer is no list of units
_EDGES = " .;,:\n\t-–"


def split_units(words: Words) -> tuple[Words, ...]:
    """Return the names in a list, in order, as they are written.

    "Các Sở: Nội vụ, Tài chính" gives "Sở Nội vụ" and "Sở Tài chính"; a group that lists its
    members in brackets gives the group and the members. "Các tổ chức hội: Hội A, Hội B" stays one
    name (`group_members` takes it apart), and so do groups that share one place at their end.
    """
    if len(words.text) > _LONGEST_LIST:
        return (words,)
    if _GROUPS_IN_ONE_PLACE.fullmatch(words.text.strip(_EDGES)):
        return (trimmed(words),)
    names: list[Words] = []
    for part in _parts(words, _CUT):
        names.extend(_members(part))
    return tuple(name for name in names if name.text)


def group_members(name: str) -> tuple[str, ...]:
    """Return the units that a group names after its colon; empty for any other name."""
    found = _NAMED_GROUP.match(name)
    rest = Words(name[found.end() :], 0, 0) if found else None
    return tuple(member.text for member in split_units(rest)) if rest else ()


def starts_with_unit(text: str) -> bool:
    """Tell whether *text* begins like the name of a unit, a post or a group of units."""
    return bool(HEAD.match(text))


def trimmed(words: Words, edges: str = _EDGES) -> Words:
    """Return *words* without blanks and stray signs at both ends."""
    text = words.text
    left = len(text) - len(text.lstrip(edges))
    right = len(text.rstrip(edges))
    kept = text[left:right]
    return Words(kept, words.start + left, words.start + left + len(kept))


def _parts(words: Words, cut: re.Pattern[str]) -> Iterator[Words]:
    begin = 0
    for found in cut.finditer(words.text):
        if _in_brackets(words.text, found.start()):
            continue
        if _is_cut(words.text, begin, found):
            yield trimmed(_slice(words, begin, found.start()))
            begin = found.end()
    yield trimmed(_slice(words, begin, len(words.text)))


def _is_cut(text: str, begin: int, sign: re.Match[str]) -> bool:
    """Tell whether a sign ends a name: always ";", else only before the head of a new one."""
    after = text[sign.end() :]
    if _SCHOOLS.match(text, begin) and not _SCHOOLS.match(after) and _ACRONYM_ONLY.match(after):
        return False
    if _NAMED_GROUP.match(text[begin:]) and ";" not in sign[0]:
        return False
    if _PREFIXED.match(text[begin:]) and (not HEAD.match(after) or _SHORT_PORTFOLIOS.match(after)):
        return False
    if ";" not in sign[0] and _carries_on(text[begin : sign.start()], after):
        return False
    if _KINDS.match(text, begin) and _BARE.match(after):
        return False
    return ";" in sign[0] or "\n" in sign[0] or bool(HEAD.match(after))


def _carries_on(before: str, after: str) -> bool:
    """Tell whether what follows a comma or "và" is the rest of the short name before it."""
    if _TAIL.match(after) and _SHORTENED.match(before):
        return True
    return bool(_OFFICE_OF.match(before) and _SECOND_OF.match(after))


def _in_brackets(text: str, place: int) -> bool:
    return text.count("(", 0, place) > text.count(")", 0, place)


def _slice(words: Words, begin: int, end: int) -> Words:
    return Words(words.text[begin:end], words.start + begin, words.start + end)


def _members(name: Words) -> Iterator[Words]:
    prefixed, group = _PREFIXED.match(name.text), _GROUP_WITH_MEMBERS.match(name.text)
    if _NAMED_GROUP.match(name.text):
        yield name
    elif prefixed:
        yield from _prefixed_members(name, prefixed)
    elif group and HEAD.match(group["members"]):
        yield trimmed(_slice(name, *group.span("group")))
        yield from split_units(_slice(name, *group.span("members")))
    else:
        yield name


def _prefixed_members(name: Words, prefix: re.Match[str]) -> Iterator[Words]:
    rest = _slice(name, prefix.end(), len(name.text))
    if HEAD.match(rest.text) and not _SHORT_PORTFOLIOS.match(rest.text):
        yield from split_units(rest)
        return
    kept = [
        found.span()
        for portfolios in (_PORTFOLIOS, _SHORT_PORTFOLIOS)
        for found in portfolios.finditer(rest.text)
    ]
    begin = 0
    for sign in _CUT.finditer(rest.text):
        if not any(first <= sign.start() < last for first, last in kept):
            yield _with_prefix(prefix["head"], trimmed(_slice(rest, begin, sign.start())))
            begin = sign.end()
    yield _with_prefix(prefix["head"], trimmed(_slice(rest, begin, len(rest.text))))


def _with_prefix(head: str, name: Words) -> Words:
    return Words(f"{head} {name.text}" if name.text else "", name.start, name.end)
