"""The offices named in plan 60/KH-UBND of 2023, and made-up people in them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tasks.importing.matching import Matcher
from tasks.models import (
    Membership,
    MembershipRole,
    Person,
    Substitution,
    Unit,
    UnitGroup,
    UnitGroupMember,
)
from workflows.access import Actor, sync_memberships

PLACE = "Quảng Ngãi"
ISSUER, FOCAL = "UBND tỉnh", "Sở KH&CN"
# Short name → the names that documents use, the official one first.
UNITS = {
    ISSUER: ("UBND tỉnh Quảng Ngãi", "Ủy ban nhân dân tỉnh Quảng Ngãi"),
    FOCAL: ("Sở Khoa học và Công nghệ",),
    "Sở TT&TT": ("Sở Thông tin và Truyền thông",),
    "Sở GD&ĐT": ("Sở Giáo dục và Đào tạo",),
    "Sở LĐ-TB&XH": ("Sở Lao động - Thương binh và Xã hội",),
    "Sở NN&PTNT": ("Sở Nông nghiệp và Phát triển nông thôn",),
    "Sở VH,TT&DL": ("Sở Văn hóa, Thể thao và Du lịch",),
    "Sở Tài chính": ("Sở Tài chính",),
    "Sở KH&ĐT": ("Sở Kế hoạch và Đầu tư",),
    "Sở Công Thương": ("Sở Công Thương",),
    "Đài PT-TH": ("Đài Phát thanh và Truyền hình Quảng Ngãi",),
    "Báo Quảng Ngãi": ("Báo Quảng Ngãi",),
    "Ban Tuyên giáo": ("Ban Tuyên giáo Tỉnh ủy",),
    "Tỉnh đoàn": ("Tỉnh đoàn Quảng Ngãi",),
    "Hội Phụ nữ": ("Hội Liên hiệp Phụ nữ tỉnh",),
    "Hội Nông dân": ("Hội Nông dân tỉnh",),
    "Hội DN trẻ": ("Hội Doanh nhân trẻ tỉnh",),
    "Hiệp hội DN": ("Hiệp hội Doanh nghiệp tỉnh",),
    "Liên hiệp hội": ("Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh",),
    "Quỹ Khởi nghiệp": ("Quỹ Khởi nghiệp Doanh nghiệp Khoa học và Công nghệ Việt Nam",),
    "ĐH Phạm Văn Đồng": ("Trường Đại học Phạm Văn Đồng",),
    "CĐ Cơ giới": ("Trường Cao đẳng Cơ giới",),
}
SCHOOLS = ("ĐH Phạm Văn Đồng", "CĐ Cơ giới")
SCHOOLS_NAMES = (
    "các trường đại học và cao đẳng trên địa bàn tỉnh",
    "các trường đại học, cao đẳng trên địa bàn tỉnh",
)
CLERK_AT = "Sở GD&ĐT"


@dataclass(frozen=True, slots=True)
class Province:
    units: dict[str, Unit]
    people: dict[tuple[str, str], Person]
    schools: UnitGroup
    matcher: Matcher[str]

    def actor(self, unit: str, role: str = "officer") -> Actor:
        return Actor(self.people[unit, role], self.units[unit])


def make_province(*, today: dt.date) -> Province:
    """One leader and one officer in each unit, and a clerk in one."""
    units = {
        short: Unit.objects.create(
            code=f"u{number}", name=names[0], short_name=short, may_issue=short == ISSUER
        )
        for number, (short, names) in enumerate(UNITS.items(), 1)
    }
    posts = [(short, role) for short in UNITS for role in ("officer", "leader")]
    people = {
        (short, role): _person(units[short], role) for short, role in [*posts, (CLERK_AT, "clerk")]
    }
    schools = UnitGroup.objects.create(name=SCHOOLS_NAMES[0], aliases=[SCHOOLS_NAMES[1]])
    for short in SCHOOLS:
        UnitGroupMember.objects.create(group=schools, unit=units[short])
    sync_memberships(today=today)
    matcher = Matcher(UNITS.items(), [("schools", SCHOOLS_NAMES)], PLACE)
    return Province(units, people, schools, matcher)


def _person(unit: Unit, role: str) -> Person:
    person = Person.objects.create_user(
        username=f"{unit.code}.{role}",
        email=f"{unit.code}.{role}@example.vn",
        full_name=f"{unit.short_name} {role}",
    )
    Membership.objects.create(person=person, unit=unit, role=MembershipRole(role))
    return person


def make_absence(province: Province, unit: str, first: dt.date, last: dt.date) -> None:
    """The unit's officer is away; its clerk stands in."""
    Substitution.objects.create(
        absent=province.people[unit, "officer"],
        substitute=province.people[unit, "clerk"],
        starts_on=first,
        ends_on=last,
    )
