"""Tables whose text came without rules: parted by tabs, or a cell on each line."""

import pytest

from tasks.importing.readers import read_pasted_lines
from tasks.importing.reading import read_text

HEAD = "KẾ HOẠCH\nSố hóa tài liệu năm 2024\nI. NHIỆM VỤ\n"
TAIL = "\nII. TỔ CHỨC THỰC HIỆN\n1. Văn phòng theo dõi việc thực hiện.\nNơi nhận:\n- Lưu: VT."
LABELS = ["TT", "Nhiệm vụ", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời gian hoàn thành", "Sản phẩm"]
ROWS = [
    [
        "1",
        "Khảo sát kho lưu trữ",
        "Văn phòng Sở",
        "Phòng Nội vụ",
        "Tháng 6/2024",
        "Báo cáo khảo sát",
    ],
    ["2", "Quét tài liệu", "Phòng Văn thư", "Văn phòng Sở", "Quý III/2024", "Bản quét"],
    ["3", "Nghiệm thu", "Văn phòng Sở", "Các phòng thuộc Sở", "Trước 30/11/2024", "Biên bản"],
]
Row = tuple[str | None, str, list[str], list[str], str, str]


def tasks(text: str) -> list[Row]:
    return [
        (
            item.code,
            item.title.text,
            [unit.text for unit in item.leads],
            [unit.text for unit in item.coordinators],
            str(item.timeframe.due or ""),
            item.product.text if item.product else "",
        )
        for item in read_text(read_pasted_lines(HEAD + text + TAIL, "text"), "text").items
    ]


WHOLE: list[Row] = [
    ("1", ROWS[0][1], ["Văn phòng Sở"], ["Phòng Nội vụ"], "2024-06-30", "Báo cáo khảo sát"),
    ("2", ROWS[1][1], ["Phòng Văn thư"], ["Văn phòng Sở"], "2024-09-30", "Bản quét"),
    ("3", ROWS[2][1], ["Văn phòng Sở"], ["Các phòng thuộc Sở"], "2024-11-30", "Biên bản"),
]


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_cells_on_lines_of_their_own_are_a_table(between: str) -> None:
    cells = between.join(cell for row in [LABELS, *ROWS] for cell in row)
    assert [(code and code.rpartition(".")[2], *rest) for code, *rest in tasks(cells)] == WHOLE


def test_cells_between_tabs_are_a_table() -> None:
    rows = "\n".join("\t".join(row) for row in [LABELS, *ROWS])
    assert [(code and code.rpartition(".")[2], *rest) for code, *rest in tasks(rows)] == WHOLE


def test_cells_that_end_with_a_bar_are_a_table() -> None:
    broken = [[*LABELS[:2], "Đơn vị\nchủ trì", *LABELS[3:]], *ROWS]
    cells = "\n|\n".join(cell for row in broken for cell in row) + "\n|"
    assert [(code and code.rpartition(".")[2], *rest) for code, *rest in tasks(cells)] == WHOLE


def test_missing_cell_leaves_the_others_in_their_columns() -> None:
    short = [cell for cell in ROWS[1] if cell not in ("Văn phòng Sở", "Bản quét")]
    cells = "\n".join([*LABELS, *ROWS[0], *short, *ROWS[2]])
    assert tasks(cells)[1][1:] == ("Quét tài liệu", ["Phòng Văn thư"], [], "2024-09-30", "")


def test_cell_of_two_lines_stays_one_cell() -> None:
    longer = [*ROWS[1][:3], "Văn phòng Sở", "Phòng Nội vụ", *ROWS[1][4:]]
    cells = "\n".join([*LABELS, *ROWS[0], *longer, *ROWS[2]])
    assert tasks(cells)[1][3] == ["Văn phòng Sở", "Phòng Nội vụ"]


def test_numbered_lines_without_labelled_columns_stay_text() -> None:
    assert tasks("1\nKhảo sát\n2\nQuét\n") == []
