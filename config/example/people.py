"""Who works where. Names are put together from common syllables; no real person is meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from config.example.directory import DOMAIN, UNITS, UnitRow
from tasks.models import MembershipRole, UnitKind

_FAMILIES = (  # noqa: SIM905 (names read better as names)
    "Nguyễn|Trần|Lê|Phạm|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đoàn|Trịnh|Mai|Cao|Tạ|Lương"
).split("|")
_MEN = (  # noqa: SIM905 (names read better as names)
    "Văn Thành|Quốc Hưng|Minh Khôi|Đức Thịnh|Hữu Phước|Xuân Trường|Công Lập|Thanh Tùng|Quang Vinh"
    "|Ngọc Sơn|Trung Kiên|Hoàng Nam|Tấn Lộc|Bá Duy|Gia Bảo|Anh Dũng|Chí Cường|Việt Hải|Phúc Lâm"
).split("|")
_WOMEN = (  # noqa: SIM905 (names read better as names)
    "Thị Thu Hà|Ngọc Lan|Thị Minh Tâm|Thanh Thủy|Thị Bích Ngọc|Mỹ Linh|Thị Hồng Nhung|Phương Thảo"
    "|Thị Kim Oanh|Diệu Hiền|Thị Hải Yến|Khánh Vy|Thị Tuyết Mai|Thu Trang|Thị Ánh Nguyệt|Bảo Châu"
    "|Thị Quỳnh Như"
).split("|")
_OFFICER_POSTS = ("Phó Trưởng phòng", "Chuyên viên chính", "Chuyên viên")
DEPUTY_CHAIR = "ubnd.phochutich"
READER = "hdnd.giamsat"
ADMINISTRATOR = "quantri"
# Deputy head of the office, who also prepares the committee's own papers: one person, two units.
TWO_UNITS = "vanphong.phochanh"
ENGLISH_READER = "daihoc.chuyenvien2"
# Away on the day of the example, and who stands in.
ABSENT, STAND_IN = "gddt.chuyenvien1", "gddt.chuyenvien2"


@dataclass(frozen=True, slots=True)
class Post:
    """A post in a unit, by the unit's key."""

    unit: str
    role: MembershipRole


@dataclass(frozen=True, slots=True)
class PersonRow:
    username: str
    full_name: str
    position: str
    posts: tuple[Post, ...]
    language: str = "vi"
    is_staff: bool = False

    @property
    def email(self) -> str:
        return f"{self.username}@{DOMAIN}"


def _names() -> Iterator[str]:
    """Different names without end for this example: the counts share no divisor."""
    for number in count():
        given = (_MEN, _WOMEN)[number % 2]
        yield f"{_FAMILIES[number * 4 % len(_FAMILIES)]} {given[number // 2 % len(given)]}"


def _of_unit(row: UnitRow, names: Iterator[str]) -> Iterator[PersonRow]:
    def person(name: str, position: str, role: MembershipRole) -> PersonRow:
        username = f"{row.key}.{name}"
        language = "en" if username == ENGLISH_READER else "vi"
        return PersonRow(username, next(names), position, (Post(row.key, role),), language)

    yield person("lanhdao", row.head, MembershipRole.LEADER)
    for number in range(1, row.officers + 1):
        post = _officer_post(row, number)
        yield person(f"chuyenvien{number}", post, MembershipRole.OFFICER)
    if row.clerk:
        yield person("vanthu", "Văn thư", MembershipRole.CLERK)


def _officer_post(row: UnitRow, number: int) -> str:
    if row.kind is UnitKind.UNION and number == 1:
        return "Trưởng ban"
    if row.kind is UnitKind.COMMITTEE and row.parent:
        return "Chuyên viên Phòng Văn hóa - Xã hội"
    # The last officer of a unit is its most junior one.
    return _OFFICER_POSTS[number - row.officers - 1]


def _special(names: Iterator[str]) -> Iterator[PersonRow]:
    leader, officer, reader = MembershipRole.LEADER, MembershipRole.OFFICER, MembershipRole.READER
    yield PersonRow(DEPUTY_CHAIR, next(names), "Phó Chủ tịch UBND tỉnh", (Post("ubnd", leader),))
    yield PersonRow(
        TWO_UNITS,
        next(names),
        "Phó Chánh Văn phòng",
        (Post("vanphong", officer), Post("ubnd", officer)),
    )
    yield PersonRow(READER, next(names), "Phó Trưởng Ban HĐND tỉnh", (Post("ubnd", reader),))
    yield PersonRow(ADMINISTRATOR, next(names), "Quản trị hệ thống", (), is_staff=True)


def people() -> list[PersonRow]:
    """Everybody of the example, always the same; each user name and full name once."""
    names = _names()
    rows = [person for row in UNITS if row.officers for person in _of_unit(row, names)]
    return [*rows, *_special(names)]
