"""Lines that give a task its units and its time: "Đơn vị phối hợp: …"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tasks.importing.results import Words
from tasks.importing.unit_lists import trimmed
from tasks.rules.names import place_tones


class Role(StrEnum):
    """What a label announces; OTHER labels end the value before them and are not kept."""

    LEAD = "lead"
    COORDINATING = "coordinating"
    TIME = "time"
    TITLE = "title"
    CODE = "code"
    OTHER = "other"


_UNIT = r"(?:các )?(?:đơn vị|cơ quan|bộ phận|phòng, ban|sở, ngành|tổ chức)"
_UNITS = rf"{_UNIT}(?:(?:,| và|/)\s?(?:{_UNIT}|cá nhân|người))*"
_DONE = r"(?:thực hiện|hoàn thành|tổ chức|triển khai|kết thúc|trình|báo cáo)"
_LABELS = {
    Role.OTHER: (
        r"(?:nguồn )?kinh phí(?: thực hiện)?|địa điểm|đối tượng|thành phần|ghi chú|hình thức"
        r"|(?:sản phẩm|kết quả)(?: đầu ra| dự kiến| hoàn thành| thực hiện)?|số lượng"
        r"|(?:lãnh đạo|đồng chí)(?: ubnd)? (?:phụ trách|chỉ đạo|theo dõi)"
    ),
    Role.COORDINATING: rf"(?:{_UNITS} )?(?:cùng )?phối hợp(?: thực hiện| chính)?",
    Role.LEAD: (
        rf"(?:(?:{_UNITS}|cá nhân) )?(?:chủ trì|thực hiện|phụ trách|đầu mối|chịu trách nhiệm)"
        r"(?:,? ?(?:chính|thực hiện|triển khai|tham mưu))*|phân công(?: thực hiện)?"
    ),
    Role.TIME: (
        rf"(?:thời (?:gian|hạn|điểm)|tiến độ|lộ trình)(?:(?:,? |/)(?:tiến độ|{_DONE}))*"
        r"|(?:hạn |ngày )?hoàn thành"
    ),
}
_LABEL = "|".join(f"(?P<{role}>{words})" for role, words in _LABELS.items())
_ROLE = re.compile(rf"(?:^|(?<=[;.(])|(?<=\s[-–+]))\s*(?:{_LABEL})\s*:\s*")
_COMPLETION = re.compile(r"hoàn thành|kết thúc")


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
    if not found:
        return body, ()
    before = trimmed(_part(body, 0, found[0].start()), " .;,(-–\n")
    return before, tuple(_values(body, found))


def _values(body: Words, found: list[re.Match[str]]) -> Iterator[RoleValue]:
    ends = [after.start() for after in found[1:]] + [len(body.text)]
    for label, end in zip(found, ends, strict=True):
        value = trimmed(_part(body, label.end(), end))
        if value.text.count(")") > value.text.count("("):
            value = trimmed(Words(value.text.rstrip(")"), value.start, value.end))
        yield RoleValue(_role(label), value, asks_for_end(label[0]))


def asks_for_end(label: str) -> bool:
    """Tell whether a label in lower case asks only by when: "thời gian hoàn thành"."""
    return bool(_COMPLETION.search(label))


def _role(label: re.Match[str]) -> Role:
    return next(role for role in _LABELS if label[role])


def _part(body: Words, begin: int, end: int) -> Words:
    return Words(body.text[begin:end], body.start + begin, body.start + end)
