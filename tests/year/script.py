"""Who does what on which day of 2023. Whoever is not named here does nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from tests.year.stage import Stage

KHCN, LDTBXH, PHUNU, DOAN = "Sở KH&CN", "Sở LĐ-TB&XH", "Hội Phụ nữ", "Tỉnh đoàn"
GDDT, DAIHOC, CAODANG = "Sở GD&ĐT", "ĐH Phạm Văn Đồng", "CĐ Cơ giới"
TAICHINH, NONGDAN, DNTRE = "Sở Tài chính", "Hội Nông dân", "Hội DN trẻ"
VHTTDL = "Sở VH,TT&DL"
QUY, CONGTHUONG = "Quỹ Khởi nghiệp", "Sở Công Thương"

# Due on Wednesday 22/3. Hội DN trẻ never answers about II.3.b.
LATE = {
    ("II.1.d", LDTBXH),
    ("II.2.b", NONGDAN),
    ("II.3.a", TAICHINH),
    ("II.3.b", DNTRE),
    ("II.2.b", QUY),
}
# On leave while reports are written; the clerk stands in, both days included.
LEAVE = (GDDT, dt.date(2023, 11, 20), dt.date(2023, 12, 1))

Act = Callable[[Stage], None]


def day(number: int, month: int) -> dt.date:
    return dt.date(2023, month, number)


# Each act happens at 10:00, between the two looks at the clock.
ASSIGNING: list[tuple[dt.date, Act]] = [
    # An hour after the plan was issued, before the first mail goes out.
    (day(15, 3), lambda stage: stage.acknowledge("II.2.b", VHTTDL)),
    (day(16, 3), lambda stage: stage.acknowledge_all_but(LATE)),
    (day(17, 3), lambda stage: stage.decline("II.2.b", QUY)),
    (day(20, 3), lambda stage: stage.reassign("II.2.b", QUY, CONGTHUONG)),
    (day(21, 3), lambda stage: stage.acknowledge("II.2.b", CONGTHUONG)),
    # Each one step of the ladder later; coordinating units stop at the focal unit.
    (day(23, 3), lambda stage: stage.acknowledge("II.1.d", LDTBXH)),
    (day(27, 3), lambda stage: stage.acknowledge("II.2.b", NONGDAN)),
    (day(29, 3), lambda stage: stage.acknowledge("II.3.a", TAICHINH)),
    (day(6, 4), lambda stage: stage.follow_up("II.3.b", DNTRE)),
    (day(12, 4), lambda stage: stage.take_notice("II.3.b", DNTRE)),
]
WORKING: list[tuple[dt.date, Act]] = [
    (day(12, 6), lambda stage: stage.ask_for_time("II.2.b", KHCN, day(31, 7))),
    (day(12, 6), lambda stage: stage.raise_obstacle("II.1.d", GDDT)),
    (day(14, 6), lambda stage: stage.grant_time("II.2.b", KHCN)),
    (day(14, 6), lambda stage: stage.answer_obstacle("II.1.d", GDDT)),
    (day(20, 6), lambda stage: stage.claim("II.1.a", KHCN)),
    (day(21, 6), lambda stage: stage.accept("II.1.a", KHCN)),
    # Due on Friday 30/6, and late until the supervisor has heard of it.
    (day(10, 7), lambda stage: stage.claim("II.2.c", KHCN)),
    (day(11, 7), lambda stage: stage.accept("II.2.c", KHCN)),
    (day(28, 7), lambda stage: stage.claim("II.2.b", KHCN)),
    (day(31, 7), lambda stage: stage.accept("II.2.b", KHCN)),
    (day(1, 12), lambda stage: stage.claim("II.2.a", KHCN)),
    (day(4, 12), lambda stage: stage.accept("II.2.a", KHCN)),
    *(
        (day(4, 12), lambda stage, unit=unit: stage.claim("II.1.d", unit))
        for unit in (DOAN, DAIHOC)
    ),
    *(
        (day(6, 12), lambda stage, unit=unit: stage.accept("II.1.d", unit))
        for unit in (DOAN, DAIHOC)
    ),
    *(
        (day(20, 12), lambda stage, code=code: stage.claim(code, KHCN))
        for code in ("II.1.b", "II.1.c", "II.3.a")
    ),
    *(
        (day(21, 12), lambda stage, code=code: stage.accept(code, KHCN))
        for code in ("II.1.b", "II.1.c", "II.3.a")
    ),
    (day(25, 12), lambda stage: stage.claim("II.1.d", GDDT)),
    (day(26, 12), lambda stage: stage.return_work("II.1.d", GDDT)),
    (day(27, 12), lambda stage: stage.claim("II.1.d", PHUNU)),
    (day(27, 12), lambda stage: stage.claim("II.1.d", LDTBXH)),
    (day(28, 12), lambda stage: stage.accept("II.1.d", PHUNU)),
    (day(28, 12), lambda stage: stage.accept("II.1.d", LDTBXH)),
    (day(28, 12), lambda stage: stage.claim("II.3.b", KHCN)),
    (day(29, 12), lambda stage: stage.accept("II.3.b", KHCN)),
    (day(29, 12), lambda stage: stage.claim("II.1.d", GDDT)),
    (day(29, 12), lambda stage: stage.accept("II.1.d", GDDT)),
    (day(29, 12), lambda stage: stage.claim("II.1.d", CAODANG)),
    (day(29, 12), lambda stage: stage.accept("II.1.d", CAODANG)),
    (day(29, 12), lambda stage: stage.close()),
]
REPORTING: list[tuple[dt.date, Act]] = [
    (day(23, 11), lambda stage: stage.write(DOAN)),
    (day(24, 11), lambda stage: stage.submit(DOAN)),
    (day(27, 11), lambda stage: stage.accept_report(DOAN)),
    (day(1, 12), lambda stage: stage.write(GDDT, "clerk")),
    (day(1, 12), lambda stage: stage.submit(GDDT)),
    (day(4, 12), lambda stage: stage.accept_report(GDDT)),
    (day(4, 12), lambda stage: stage.write(PHUNU)),
    (day(5, 12), lambda stage: stage.send_back(PHUNU)),
    (day(6, 12), lambda stage: stage.write(PHUNU)),
    (day(6, 12), lambda stage: stage.submit(PHUNU)),
    (day(6, 12), lambda stage: stage.write(DAIHOC)),
    (day(7, 12), lambda stage: stage.submit(DAIHOC)),
    (day(7, 12), lambda stage: stage.accept_report(PHUNU)),
    (day(8, 12), lambda stage: stage.write(LDTBXH)),
    (day(8, 12), lambda stage: stage.submit(LDTBXH)),
    (day(8, 12), lambda stage: stage.write(KHCN)),
    (day(8, 12), lambda stage: stage.submit(KHCN)),
    *(
        (day(11, 12), lambda stage, unit=unit: stage.accept_report(unit))
        for unit in (DAIHOC, LDTBXH)
    ),
    # Due on Sunday 10/12, and late until the supervisor has heard of it.
    (day(13, 12), lambda stage: stage.write(CAODANG)),
    (day(14, 12), lambda stage: stage.submit(CAODANG)),
    (day(15, 12), lambda stage: stage.accept_report(CAODANG)),
    (day(18, 12), lambda stage: stage.write(KHCN, consolidated=True)),
    (day(19, 12), lambda stage: stage.submit(KHCN, consolidated=True)),
    (day(20, 12), lambda stage: stage.accept_report(KHCN, consolidated=True)),
]


def acts_by_day() -> dict[dt.date, list[Act]]:
    """The acts of each day in the order they are told above."""
    found: dict[dt.date, list[Act]] = {}
    for when, act in (*ASSIGNING, *WORKING, *REPORTING):
        found.setdefault(when, []).append(act)
    return found
