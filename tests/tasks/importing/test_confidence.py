"""How sure each field of a reading is."""

from tasks.importing.reading import read_pasted
from tasks.importing.serialising import as_json

PLAN = """KẾ HOẠCH
Trồng cây năm 2024
II. NHIỆM VỤ
1. Chuẩn bị đất
- Đơn vị thực hiện: Phòng Kinh tế, các đơn vị có liên quan
- Thời gian: đầu quý I
- Sản phẩm: Bản đồ
III. BÁO CÁO
1. Phòng Kinh tế báo cáo UBND huyện trước ngày 10/12/2024.
"""


def test_each_field_that_is_given_says_how_sure_it_is() -> None:
    reading = as_json(read_pasted(PLAN))
    assert reading["items"][0]["field_confidence"] == {
        "title": 1.0,
        "code": 1.0,
        "lead": [1.0, 0.5],
        "time": 0.4,
        "product": 1.0,
    }


def test_duty_says_how_sure_each_of_its_fields_is() -> None:
    reading = as_json(read_pasted(PLAN))
    assert reading["reports"][0]["field_confidence"] == {"to": [1.0], "who": 1.0, "time": 1.0}
