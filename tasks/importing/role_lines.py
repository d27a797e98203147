"""Lines that give a task its units and its time: "Đơn vị phối hợp: …"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tasks.importing.results import Words
from tasks.importing.unit_lists import HEAD, split_units, trimmed
from tasks.rules.names import place_tones


class Role(StrEnum):
    """What a label announces; OTHER labels end the value before them and are not kept.

    ASSIGNED is a label that leaves open who leads ("Phân công"): its value says it.
    """

    LEAD = "lead"
    COORDINATING = "coordinating"
    ASSIGNED = "assigned"
    TIME = "time"
    PRODUCT = "product"
    BUDGET = "budget"
    DIRECTOR = "director"
    TITLE = "title"
    CODE = "code"
    OTHER = "other"


_UNIT = r"(?:các )?(?:đơn vị|cơ quan|bộ phận|phòng, ban|sở, ngành|tổ chức)"
_UNITS = rf"{_UNIT}(?:(?:,| và|/)\s?(?:{_UNIT}|cá nhân|người))*"
_DONE = r"(?:thực hiện|hoàn thành|tổ chức|triển khai|kết thúc|trình|báo cáo)"
_LABELS = {
    Role.OTHER: (
        r"địa điểm|đối tượng|thành phần|ghi chú|hình thức|số lượng|nội dung|mục tiêu|yêu cầu"
    ),
    Role.BUDGET: r"(?:nguồn |dự kiến |dự toán )?kinh phí(?: thực hiện| dự kiến)?",
    Role.PRODUCT: (
        r"(?:sản phẩm|kết quả)(?: đầu ra| dự kiến| hoàn thành| thực hiện| cần đạt| đạt được)?"
    ),
    Role.DIRECTOR: (
        r"(?:(?:lãnh đạo|đồng chí)(?: ubnd| bộ| sở| tỉnh)* |(?:người |cấp )?)"
        r"(?:chỉ đạo|theo dõi, chỉ đạo|phụ trách chỉ đạo)|lãnh đạo(?: \w+)? (?:phụ trách|theo dõi)"
    ),
    Role.COORDINATING: rf"(?:{_UNITS} )?(?:cùng )?phối hợp(?: thực hiện| chính)?",
    Role.LEAD: (
        rf"(?:(?:{_UNITS}|cá nhân) )?(?:chủ trì|thực hiện|phụ trách|đầu mối|chịu trách nhiệm)"
        r"(?:,? ?(?:chính|thực hiện|triển khai|tham mưu))*"
    ),
    Role.ASSIGNED: (
        rf"(?:phân công|trách nhiệm)(?: (?:thực hiện|nhiệm vụ|trách nhiệm))?|{_UNITS}"
        rf"|(?:{_UNITS} )?chủ trì(?:,| và|/) ?(?:đơn vị |cơ quan )?phối hợp(?: thực hiện)?"
    ),
    Role.TIME: (
        rf"(?:thời (?:gian|hạn|điểm)|tiến độ|lộ trình)(?:(?:,? |/)(?:tiến độ|{_DONE}))*"
        r"|(?:hạn |ngày )?hoàn thành"
    ),
}
_LABEL = "|".join(f"(?P<{role}>{words})" for role, words in _LABELS.items())
_ROLE = re.compile(rf"(?:(?:^|(?<=[;.(\n]))\s*[-–+•]?|(?<=\s[-–+]))\s*(?:{_LABEL})\s*:\s*")
_SENTENCE = re.compile(
    r",?\s*(?:(?:là )?(?:đơn vị |cơ quan )?chủ trì\b[,;.]?\s*(?:thực hiện[,;]?\s*)?)?"
    r"(?:và )?phối hợp(?: chặt chẽ)?(?: (?:với|cùng|gồm|có))*:?\s+|\s+(?:làm )?chủ trì\W*$",
    re.IGNORECASE,
)
_LAST_BRACKET = re.compile(r"\([^()]*\)[\s.;]*$")
_AFTER = re.compile(
    r"[(;]\s*(?P<units>[^();:]{3,160}?)\s+(?P<role>chủ trì|phối hợp|thực hiện)(?: thực hiện)?"
    r"(?=\s*[;)])"
)
_AFTER_ROLES = {
    "chủ trì": Role.LEAD,
    "thực hiện": Role.LEAD,
    "phối hợp": Role.COORDINATING,
}
_COMPLETION = re.compile(r"hoàn thành|kết thúc|trình|hạn")


@dataclass(frozen=True, slots=True)
class RoleValue:
    """The value of one label; `completion` marks a time that is only an end."""

    role: Role
    value: Words
    completion: bool = False


def read_roles(body: Words) -> tuple[Words, tuple[RoleValue, ...]]:
    """Return the words before the first label, and the labelled values of a line."""
    words = place_tones(body.text.lower())
    found = list(_ROLE.finditer(words)) if len(words) == len(body.text) else []
    if bracket := _said_after(body, words):
        return bracket
    if not found:
        return body, ()
    before = trimmed(_part(body, 0, found[0].start()), " .;,(-–\n")
    return before, tuple(_values(body, found))


def _said_after(body: Words, words: str) -> tuple[Words, tuple[RoleValue, ...]] | None:
    """Read "Truyền thông (Phòng A chủ trì; Phòng B phối hợp; thời gian: tháng 4)".

    There the role follows its units. Whatever else the bracket holds is read by its labels.
    """
    if len(words) != len(body.text):
        return None
    bracket = _LAST_BRACKET.search(words)
    parts = list(_AFTER.finditer(words, bracket.start())) if bracket else []
    units = [part for part in parts if HEAD.match(body.text, part.start("units"))]
    if bracket is None or not units:
        return None
    roles = [
        RoleValue(_AFTER_ROLES[part["role"]], trimmed(_part(body, *part.span("units"))))
        for part in units
    ]
    labelled = _ROLE.finditer(words, bracket.start())
    roles.extend(_values(body, list(labelled)))
    return trimmed(_part(body, 0, bracket.start())), tuple(roles)


def _values(body: Words, found: list[re.Match[str]]) -> Iterator[RoleValue]:
    ends = [after.start() for after in found[1:]] + [len(body.text)]
    for label, end in zip(found, ends, strict=True):
        value = trimmed(_part(body, label.end(), end))
        if value.text.count(")") > value.text.count("("):
            value = trimmed(Words(value.text.rstrip(")"), value.start, value.end))
        yield RoleValue(_role(label), value, asks_for_end(label[0]))


def read_assignment(value: Words) -> tuple[tuple[Words, ...], tuple[Words, ...]]:
    """Return the leads and the coordinating units of a value that names both kinds.

    "Chủ trì: Sở A; phối hợp: Sở B" and "Sở A chủ trì, phối hợp với Sở B" say which is which; in
    a bare list of units all of them lead.
    """
    before, roles = read_roles(value)
    units: dict[Role, list[Words]] = {Role.LEAD: [], Role.COORDINATING: []}
    if before.text:
        units[Role.LEAD].extend(_told_apart(before, units[Role.COORDINATING]))
    for role in roles:
        if role.role in units:
            units[role.role].extend(split_units(role.value))
    return tuple(units[Role.LEAD]), tuple(units[Role.COORDINATING])


def _told_apart(value: Words, coordinators: list[Words]) -> tuple[Words, ...]:
    """Return the units that lead; those that only coordinate go to `coordinators`."""
    found = _SENTENCE.search(value.text)
    if found is None:
        return split_units(value)
    coordinators.extend(split_units(trimmed(_part(value, found.end(), len(value.text)))))
    return split_units(trimmed(_part(value, 0, found.start())))


def asks_for_end(label: str) -> bool:
    """Tell whether a label in lower case asks only by when: "thời gian hoàn thành"."""
    return bool(_COMPLETION.search(label))


def _role(label: re.Match[str]) -> Role:
    return next(role for role in _LABELS if label[role])


def _part(body: Words, begin: int, end: int) -> Words:
    return Words(body.text[begin:end], body.start + begin, body.start + end)
