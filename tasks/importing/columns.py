"""What the columns of a table of tasks are called, in the wordings that plans use."""

import re

from tasks.importing.role_lines import Role
from tasks.rules.names import place_tones

LONGEST_LABEL = 60  # characters
WORK = frozenset({Role.LEAD, Role.ASSIGNED, Role.TIME})
# The first that matches decides: "thời gian thực hiện" is a time, "đơn vị phối hợp" coordinates.
_COLUMNS = (
    (Role.CODE, re.compile(r"(?:stt|tt|số tt|số thứ tự|mã(?: số)?)\b")),
    (Role.DIRECTOR, re.compile(r"(?:lãnh đạo|đồng chí|thành viên)")),
    (
        Role.PRODUCT,
        re.compile(
            r"(?:sản phẩm|kết quả|đầu ra|mục tiêu|yêu cầu|(?:hình thức|loại) (?:văn bản|ban hành))"
        ),
    ),
    (Role.BUDGET, re.compile(r"(?:nguồn |dự kiến |dự toán )?(?:kinh phí|vốn)")),
    (Role.OTHER, re.compile(r"(?:ghi chú|số lượng|đơn vị tính|đvt|địa điểm|căn cứ)")),
    (
        Role.TIME,
        re.compile(r"(?:thời (?:gian|hạn|điểm)|tiến độ|hạn|.*hoàn thành|lộ trình|năm thực hiện)"),
    ),
    (Role.COORDINATING, re.compile(r".*phối hợp(?!.*chủ trì)")),
    (Role.LEAD, re.compile(r".*(?:chủ trì(?!.*phối hợp)|phụ trách|đầu mối)")),
    (
        Role.TITLE,
        re.compile(
            r"(?:các )?(?:nội dung|nhiệm vụ|công việc|hoạt động|tên|đầu việc|hạng mục|giải pháp"
            r"|nhóm nhiệm vụ|việc|văn bản|đề án)"
        ),
    ),
    (
        Role.ASSIGNED,
        re.compile(r".*(?:phân công|thực hiện|trách nhiệm)|cơ quan|đơn vị|tổ chức|bộ phận"),
    ),
)


def column_role(label: str) -> Role | None:
    """Return what a column with this label holds, or None for a text that is no label."""
    words = " ".join(place_tones(label.lower()).split())
    if len(words) > LONGEST_LABEL or ":" in words:
        return None
    return next((role for role, pattern in _COLUMNS if pattern.match(words)), None)
