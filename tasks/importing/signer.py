"""The person who signed: the last name in the document, below a post."""

import re
from collections.abc import Sequence

from tasks.importing.blocks import Block
from tasks.importing.results import Words
from tasks.rules.names import CAPITAL, SMALL

_POST = re.compile(
    r"(?:TM|T/M|KT|TL|TUQ|Q)\s*\.|T/M\s|(?:PHÓ |Q\. ?|QUYỀN )?(?:CHỦ TỊCH|GIÁM ĐỐC|BÍ THƯ|CHỦ NHIỆM"
    r"|HIỆU TRƯỞNG|BỘ TRƯỞNG|THỨ TRƯỞNG|CHÁNH|CỤC TRƯỞNG|VỤ TRƯỞNG|TRƯỞNG|THỦ TƯỚNG|TỔNG|CHỈ HUY)"
)
_WORD = f"[{CAPITAL}][{SMALL}]*"
_TITLE = r"(?:(?:GS|PGS|TS|ThS|BS|KS|CN|Ths|Đại tá|Thượng tá|Trung tá|Thiếu tướng)[.\s]+)*"
_NAME = re.compile(rf"{_TITLE}(?P<name>{_WORD}(?: {_WORD}){{1,5}})")
_LAST_BLOCKS = 40


def find_signer(blocks: Sequence[Block]) -> Words | None:
    """Return the last block that is a person's name and has a signing post before it.

    The list of recipients may stand between the two, because the two columns of the signature
    block follow each other in the text.
    """
    tail = blocks[-_LAST_BLOCKS:]
    posts = [index for index, block in enumerate(tail) if _POST.match(block.text)]
    for block in reversed(tail[posts[0] + 1 :] if posts else ()):
        found = _NAME.fullmatch(block.text)
        if found and not block.text.isupper():
            place = block.start + found.start("name"), block.start + found.end("name")
            return Words(found["name"], *place)
    return None
