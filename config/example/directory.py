"""The units of Thuận Giang, a province that does not exist, as they stand from July 2025.

The names follow the two-tier administration: departments merged in March 2025, districts ended on
30/06/2025, communes and wards below the province. What came before is kept as history. Any
likeness to a real office or person is chance.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tasks.models import SuccessionKind, UnitKind

PROVINCE = "Thuận Giang"
DEPARTMENTS_MERGED = dt.date(2025, 3, 1)
DISTRICTS_ENDED = dt.date(2025, 7, 1)
DOMAIN = "thuangiang.example"


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit. `key` names it in code, user names and addresses; `head` is its leader's post.

    With `until` the unit is history and has no people; with no `officers` nobody is registered.
    """

    key: str
    name: str
    short_name: str
    kind: UnitKind
    head: str = "Giám đốc"
    aliases: tuple[str, ...] = ()
    officers: int = 2
    clerk: bool = False
    parent: str = "ubnd"
    may_issue: bool = False
    since: dt.date | None = None
    until: dt.date | None = None


def _department(key: str, field: str, short: str, *aliases: str, **more: object) -> UnitRow:
    return UnitRow(key, f"Sở {field}", f"Sở {short}", UnitKind.DEPARTMENT, aliases=aliases, **more)  # type: ignore[arg-type]


def _commune(key: str, level: str, place: str) -> UnitRow:
    return UnitRow(
        key,
        f"Ủy ban nhân dân {level} {place}",
        f"UBND {level} {place}",
        UnitKind.COMMITTEE,
        f"Chủ tịch UBND {level}",
        (f"{level.capitalize()} {place}",),
        officers=1,
        clerk=True,
        since=DISTRICTS_ENDED,
    )


_GONE = DEPARTMENTS_MERGED - dt.timedelta(days=1)
_DISTRICTS_GONE = DISTRICTS_ENDED - dt.timedelta(days=1)

GOVERNMENT = (
    UnitRow(
        "ubnd",
        f"Ủy ban nhân dân tỉnh {PROVINCE}",
        "UBND tỉnh",
        UnitKind.COMMITTEE,
        "Chủ tịch UBND tỉnh",
        ("Ủy ban nhân dân tỉnh",),
        clerk=True,
        parent="",
        may_issue=True,
    ),
    UnitRow(
        "hdnd",
        f"Hội đồng nhân dân tỉnh {PROVINCE}",
        "HĐND tỉnh",
        UnitKind.OTHER,
        "Chủ tịch HĐND tỉnh",
        ("Thường trực HĐND tỉnh",),
        officers=1,
        parent="",
    ),
    UnitRow(
        "vanphong",
        "Văn phòng Ủy ban nhân dân tỉnh",
        "Văn phòng UBND tỉnh",
        UnitKind.DEPARTMENT,
        "Chánh Văn phòng",
        ("VPUB", "VP UBND tỉnh"),
        clerk=True,
    ),
    _department(
        "khcn",
        "Khoa học và Công nghệ",
        "KH&CN",
        "SKHCN",
        officers=3,
        clerk=True,
        since=DEPARTMENTS_MERGED,
    ),
    _department("noivu", "Nội vụ", "Nội vụ", "SNV", clerk=True, since=DEPARTMENTS_MERGED),
    _department("taichinh", "Tài chính", "Tài chính", "STC", since=DEPARTMENTS_MERGED),
    _department(
        "nnmt",
        "Nông nghiệp và Môi trường",
        "NN&MT",
        "SNNMT",
        officers=3,
        clerk=True,
        since=DEPARTMENTS_MERGED,
    ),
    _department("xaydung", "Xây dựng", "Xây dựng", "SXD", since=DEPARTMENTS_MERGED),
    _department("congthuong", "Công Thương", "Công Thương", "SCT"),
    _department("yte", "Y tế", "Y tế", "SYT", officers=3, clerk=True),
    _department("gddt", "Giáo dục và Đào tạo", "GD&ĐT", "SGDĐT"),
    _department("vhttdl", "Văn hóa, Thể thao và Du lịch", "VH,TT&DL", "SVHTTDL"),
    _department("tuphap", "Tư pháp", "Tư pháp", "STP"),
    _department(
        "dttg", "Dân tộc và Tôn giáo", "DT&TG", "SDTTG", officers=1, since=DEPARTMENTS_MERGED
    ),
    UnitRow("thanhtra", "Thanh tra tỉnh", "Thanh tra tỉnh", UnitKind.DEPARTMENT, "Chánh Thanh tra"),
    UnitRow(
        "congan",
        f"Công an tỉnh {PROVINCE}",
        "Công an tỉnh",
        UnitKind.OTHER,
        clerk=True,
    ),
    UnitRow(
        "quansu",
        f"Bộ Chỉ huy Quân sự tỉnh {PROVINCE}",
        "Bộ CHQS tỉnh",
        UnitKind.OTHER,
        "Chỉ huy trưởng",
        ("Bộ Chỉ huy Quân sự tỉnh",),
        officers=1,
    ),
    UnitRow(
        "hcc",
        "Trung tâm Phục vụ hành chính công tỉnh",
        "TT PVHCC tỉnh",
        UnitKind.OTHER,
        aliases=("Trung tâm Phục vụ hành chính công",),
        officers=1,
        parent="vanphong",
    ),
    UnitRow(
        "bhxh",
        f"Bảo hiểm xã hội tỉnh {PROVINCE}",
        "BHXH tỉnh",
        UnitKind.OTHER,
        aliases=("Bảo hiểm xã hội tỉnh",),
        officers=1,
        parent="",
    ),
    UnitRow(
        "thue",
        f"Thuế tỉnh {PROVINCE}",
        "Thuế tỉnh",
        UnitKind.OTHER,
        "Trưởng Thuế tỉnh",
        officers=1,
        parent="",
    ),
)

PARTY_AND_UNIONS = (
    UnitRow(
        "tuyengiao",
        "Ban Tuyên giáo và Dân vận Tỉnh ủy",
        "Ban TG&DV Tỉnh ủy",
        UnitKind.PARTY,
        "Trưởng Ban",
        ("Ban Tuyên giáo Tỉnh ủy",),
        parent="",
    ),
    UnitRow(
        "mttq",
        f"Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh {PROVINCE}",
        "UBMTTQVN tỉnh",
        UnitKind.UNION,
        "Chủ tịch UBMTTQVN tỉnh",
        ("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "UBMTTQ Việt Nam tỉnh"),
        clerk=True,
        parent="",
    ),
    UnitRow(
        "tinhdoan", f"Tỉnh đoàn {PROVINCE}", "Tỉnh đoàn", UnitKind.UNION, "Bí thư", parent="mttq"
    ),
    UnitRow(
        "phunu",
        "Hội Liên hiệp Phụ nữ tỉnh",
        "Hội LHPN tỉnh",
        UnitKind.UNION,
        "Chủ tịch Hội",
        parent="mttq",
    ),
    UnitRow(
        "nongdan",
        "Hội Nông dân tỉnh",
        "Hội Nông dân tỉnh",
        UnitKind.UNION,
        "Chủ tịch Hội",
        officers=1,
        clerk=True,
        parent="mttq",
    ),
    UnitRow(
        "liendoan",
        "Liên đoàn Lao động tỉnh",
        "LĐLĐ tỉnh",
        UnitKind.UNION,
        "Chủ tịch",
        officers=1,
        parent="mttq",
    ),
    UnitRow(
        "hiephoi",
        "Hiệp hội Doanh nghiệp tỉnh",
        "Hiệp hội DN tỉnh",
        UnitKind.OTHER,
        "Chủ tịch Hiệp hội",
        ("HHDN tỉnh",),
        officers=1,
        parent="",
    ),
    # Nobody is registered here, on purpose: "why did nobody get this?" has something to say.
    UnitRow(
        "doanhnhantre",
        "Hội Doanh nhân trẻ tỉnh",
        "Hội DNT tỉnh",
        UnitKind.OTHER,
        officers=0,
        parent="",
    ),
)

SCHOOLS_AND_OTHERS = (
    UnitRow(
        "daihoc",
        f"Trường Đại học {PROVINCE}",
        "Trường ĐH Thuận Giang",
        UnitKind.SCHOOL,
        "Hiệu trưởng",
        clerk=True,
    ),
    UnitRow(
        "cdktcn",
        f"Trường Cao đẳng Kỹ thuật - Công nghệ {PROVINCE}",
        "Trường CĐ KT-CN",
        UnitKind.SCHOOL,
        "Hiệu trưởng",
        ("Trường Cao đẳng Kỹ thuật - Công nghệ",),
        officers=1,
    ),
    UnitRow(
        "cdyte",
        f"Trường Cao đẳng Y tế {PROVINCE}",
        "Trường CĐ Y tế",
        UnitKind.SCHOOL,
        "Hiệu trưởng",
        officers=1,
    ),
    UnitRow(
        "baodai",
        f"Báo và Phát thanh, Truyền hình {PROVINCE}",
        "Báo và PTTH tỉnh",
        UnitKind.OTHER,
        "Giám đốc - Tổng Biên tập",
        ("Báo và Phát thanh, Truyền hình tỉnh",),
        parent="",
        since=DISTRICTS_ENDED,
    ),
    UnitRow(
        "quy",
        "Quỹ Đầu tư phát triển tỉnh",
        "Quỹ ĐTPT tỉnh",
        UnitKind.OTHER,
        officers=1,
    ),
)

COMMUNES = (
    _commune("bensen", "phường", "Bến Sen"),
    _commune("caumay", "phường", "Cầu Mây"),
    _commune("congao", "phường", "Cồn Gạo"),
    _commune("suoilanh", "xã", "Suối Lành"),
    _commune("tramxanh", "xã", "Tràm Xanh"),
    _commune("golua", "xã", "Gò Lúa"),
    _commune("nuivoi", "xã", "Núi Voi"),
)


def _former(key: str, name: str, short: str, until: dt.date) -> UnitRow:
    kind = UnitKind.COMMITTEE if short.startswith("UBND") else UnitKind.DEPARTMENT
    return UnitRow(key, name, short, kind, officers=0, until=until)


FORMER = (
    _former("tttt-cu", "Sở Thông tin và Truyền thông", "Sở TT&TT", _GONE),
    _former("tnmt-cu", "Sở Tài nguyên và Môi trường", "Sở TN&MT", _GONE),
    _former("bao-cu", f"Báo {PROVINCE}", f"Báo {PROVINCE}", _DISTRICTS_GONE),
    _former(
        "dai-cu",
        f"Đài Phát thanh và Truyền hình {PROVINCE}",
        "Đài PT&TH tỉnh",
        _DISTRICTS_GONE,
    ),
    _former(
        "tp-cu", "Ủy ban nhân dân thành phố Bến Sen", "UBND thành phố Bến Sen", _DISTRICTS_GONE
    ),
    _former("tx-cu", "Ủy ban nhân dân thị xã Cồn Gạo", "UBND thị xã Cồn Gạo", _DISTRICTS_GONE),
    _former("huyen-cu", "Ủy ban nhân dân huyện Suối Lành", "UBND huyện Suối Lành", _DISTRICTS_GONE),
)

UNITS = (*GOVERNMENT, *PARTY_AND_UNIONS, *SCHOOLS_AND_OTHERS, *COMMUNES, *FORMER)

# Predecessor, successor, how, since when.
SUCCESSIONS = (
    ("tttt-cu", "khcn", SuccessionKind.MERGE, DEPARTMENTS_MERGED),
    ("tnmt-cu", "nnmt", SuccessionKind.MERGE, DEPARTMENTS_MERGED),
    ("bao-cu", "baodai", SuccessionKind.MERGE, DISTRICTS_ENDED),
    ("dai-cu", "baodai", SuccessionKind.MERGE, DISTRICTS_ENDED),
    ("tp-cu", "bensen", SuccessionKind.SPLIT, DISTRICTS_ENDED),
    ("tp-cu", "caumay", SuccessionKind.SPLIT, DISTRICTS_ENDED),
    ("tx-cu", "congao", SuccessionKind.RENAME, DISTRICTS_ENDED),
    ("huyen-cu", "suoilanh", SuccessionKind.SPLIT, DISTRICTS_ENDED),
    ("huyen-cu", "tramxanh", SuccessionKind.SPLIT, DISTRICTS_ENDED),
    ("huyen-cu", "golua", SuccessionKind.SPLIT, DISTRICTS_ENDED),
    ("huyen-cu", "nuivoi", SuccessionKind.SPLIT, DISTRICTS_ENDED),
)


@dataclass(frozen=True, slots=True)
class GroupRow:
    name: str
    members: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    is_open: bool = False
    since: dt.date | None = None
    until: dt.date | None = None


GROUPS = (
    GroupRow(
        "UBND các xã, phường",
        tuple(row.key for row in COMMUNES),
        ("Ủy ban nhân dân các xã, phường", "UBND cấp xã", "các xã, phường"),
        since=DISTRICTS_ENDED,
    ),
    GroupRow(
        "UBND các huyện, thị xã, thành phố",
        ("tp-cu", "tx-cu", "huyen-cu"),
        ("Ủy ban nhân dân các huyện, thị xã, thành phố",),
        until=_DISTRICTS_GONE,
    ),
    GroupRow(
        "các trường đại học, cao đẳng trên địa bàn tỉnh",
        ("daihoc", "cdktcn", "cdyte"),
        ("các trường đại học và cao đẳng trên địa bàn tỉnh", "các trường đại học, cao đẳng"),
    ),
    GroupRow(
        "các đơn vị có liên quan",
        aliases=("các đơn vị liên quan", "các cơ quan, đơn vị có liên quan"),
        is_open=True,
    ),
)

# The swap decided for the New Year of 2026: day, whether it is worked, why.
CALENDAR_EXCEPTIONS = (
    (dt.date(2026, 1, 2), False, "Hoán đổi ngày làm việc dịp Tết Dương lịch 2026"),
    (dt.date(2026, 1, 10), True, "Làm bù cho ngày 02/01/2026"),
)
