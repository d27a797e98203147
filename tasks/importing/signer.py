"""The person who signed: the name below a post, beside the recipients or after them."""

import re
from collections.abc import Sequence

from tasks.importing.blocks import Block
from tasks.importing.outline import is_end
from tasks.importing.results import Words
from tasks.importing.unit_lists import starts_with_unit
from tasks.rules.names import CAPITAL, SMALL

_POST = re.compile(
    r"(?:TM|T/M|KT|K/T|TL|T/L|TUQ|Q)\s*\.|(?:T/M|K/T|T/L)\s|(?:PHÓ |Q\. ?|QUYỀN )?(?:CHỦ TỊCH"
    r"|GIÁM ĐỐC|BÍ THƯ|CHỦ NHIỆM|HIỆU TRƯỞNG|BỘ TRƯỞNG|THỨ TRƯỞNG|CHÁNH|CỤC TRƯỞNG|VỤ TRƯỞNG"
    r"|TRƯỞNG|THỦ TƯỚNG|TỔNG|CHỈ HUY|VIỆN TRƯỞNG|TƯ LỆNH|THỐNG ĐỐC|ỦY VIÊN|THƯỜNG TRỰC)\b"
)
_POST_INSIDE = re.compile(rf"(?<=[;.,:] ){_POST.pattern}")
_WORD = f"[{CAPITAL}][{SMALL}']*"
_TITLE = (
    r"(?:(?:GS|PGS|TS|ThS|Ths|BS|BSCKI+|BS\.?CK[I\d]+|KS|CN|CVCC|NGƯT|NGND|Đại tá|Thượng tá"
    r"|Trung tá|Thiếu tá|Đại tướng|Thượng tướng|Trung tướng|Thiếu tướng)(?:\s*[.,]\s*|\s+))*"
)
_SIGNED = r"(?:\(?(?:[Đđ]ã ký|ĐÃ KÝ)\)?\s*:?\s*)?"
_NAME = re.compile(rf"{_SIGNED}{_TITLE}(?P<name>{_WORD}(?: {_WORD}){{1,5}})")
_CAPITALS = re.compile(rf"{_SIGNED}{_TITLE}(?P<name>[{CAPITAL}]+(?: [{CAPITAL}]+){{1,4}})")
_BESIDE = re.compile(rf"(?:^|[;.,:)]\s+){_TITLE}(?P<name>{_WORD}(?: {_WORD}){{1,4}})$")
_SURNAME = re.compile(
    r"(?:nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|dương|lý|đinh|đoàn|trịnh"
    r"|mai|tô|trương|hà|cao|châu|tạ|lâm|thái|vương|triệu|nông|hứa|giàng|vàng|sùng|thào|lò|lường"
    r"|lương|đào|đồng|đàm|tống|tăng|từ|phùng|quách|chu|kiều|la|lưu|mạc|nghiêm|ninh|ông|thạch|sơn"
    r"|kim|danh|điểu|siu|rơ|rmah|ksor|y|a|hầu|hoa|khổng|doãn|diệp|giáp|văn|vi|viên|bạch|biện|cù"
    r"|thân|trà|ma|bế|ân|âu|lại|lục|lương|mã|nhữ|phí|tôn|ung|uông|vừ|xa)\b",
    re.IGNORECASE,
)
_ANNEX = re.compile(
    r"(?:PHỤ LỤC|Phụ lục|BIỂU|DANH MỤC|KẾ HOẠCH|CHƯƠNG TRÌNH|ĐỀ ÁN|PHƯƠNG ÁN|QUY CHẾ|QUY ĐỊNH)\b"
)
_LAST_BLOCKS, _BEFORE_RECIPIENTS, _SIGNATURE_BLOCKS = 40, 8, 60


def find_signer(blocks: Sequence[Block]) -> Words | None:
    """Return the person's name that stands below a signing post.

    The list of recipients may stand between the two, and the two columns of the signature block
    may run together on one line. An annex after the signature is not looked at.
    """
    region = _signature(blocks)
    posts = [index for index, block in enumerate(region) if _is_post(block)]
    if not posts:
        return None
    below = region[posts[0] :]
    return _last(below, _NAME) or _last(below, _CAPITALS) or _last(region, _BESIDE)


def _is_post(block: Block) -> bool:
    return bool(_POST.match(block.text) or _POST_INSIDE.search(block.text))


def _signature(blocks: Sequence[Block]) -> Sequence[Block]:
    """Return the blocks about the recipients up to the next annex, else the last ones."""
    ends = [index for index, block in enumerate(blocks) if is_end(block)]
    if not ends:
        return blocks[-_LAST_BLOCKS:]
    begin = max(0, ends[0] - _BEFORE_RECIPIENTS)
    after = blocks[ends[0] : ends[0] + _SIGNATURE_BLOCKS]
    length = next((at for at, block in enumerate(after) if _ANNEX.match(block.text)), len(after))
    return blocks[begin : ends[0] + length]


def _last(blocks: Sequence[Block], pattern: re.Pattern[str]) -> Words | None:
    for block in reversed(blocks):
        found = pattern.search(block.text) if pattern is _BESIDE else pattern.fullmatch(block.text)
        if found is None or not _is_person(found["name"], strict=pattern is not _NAME):
            continue
        place = block.start + found.start("name"), block.start + found.end("name")
        return Words(_spelt(found["name"]), *place)
    return None


def _spelt(name: str) -> str:
    return " ".join(word.capitalize() for word in name.split()) if name.isupper() else name


def _is_person(name: str, *, strict: bool) -> bool:
    """Tell a person's name; *strict* asks for a surname, where a post or a place could stand."""
    if strict:
        return bool(_SURNAME.match(name)) and not _POST.match(name)
    return not name.isupper() and not starts_with_unit(name)
