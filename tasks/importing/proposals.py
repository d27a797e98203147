"""What a report proposes and to whom: the section "Đề xuất, kiến nghị", or single sentences."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tasks.importing.headings import asked_sentence, cut
from tasks.importing.outline import Entry, Kind
from tasks.importing.results import Header, Proposal, Words
from tasks.importing.topics import Placed, Topic, names_obstacles_too, place_lines, topic_of
from tasks.importing.unit_lists import split_units, starts_with_unit

_TYPES = ("Báo cáo", "Tờ trình")
_ASKS = re.compile(
    r"^(?:[^;.]{3,140}?(?<!đã)\s+)?(?:kính |trân trọng )?"
    r"(?:đề nghị|kiến nghị|đề xuất|xin ý kiến)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(r"^.{0,160}?(?:đề nghị|kiến nghị|đề xuất)(?: với| đến| tới)?\s+", re.IGNORECASE)
_TOWARDS = re.compile(
    r"^(?:Đối với|Với|Kiến nghị (?:với|đối với)|Đề nghị|Về phía)\s+", re.IGNORECASE
)
_CLOSING = re.compile(
    r"^(?:Trên đây là|.{3,80}\b(?:kính|xin|trân trọng)\s+(?:báo cáo|trình|cảm ơn))", re.IGNORECASE
)
_ANNOUNCES = re.compile(r"(?:sau|sau đây|nội dung|cụ thể|kiến nghị|đề xuất)\s*:$", re.IGNORECASE)
_LONGEST_ADDRESS = 120  # characters
_CENTRAL = re.compile(r"(?:cấp )?trung ương|cấp trên|tỉnh|trung ương và tỉnh", re.IGNORECASE)
_COLON = re.compile(r":")
_NONE = re.compile(r"^(?:không(?: có)?|chưa có)\b.{0,40}$", re.IGNORECASE)
_VERB = re.compile(
    r"\s(?:xem xét|quan tâm|tiếp tục|sớm|nghiên cứu|hỗ trợ|chỉ đạo|bố trí|cho phép|cấp|ban hành"
    r"|tăng cường|hướng dẫn|tạo điều kiện|phê duyệt|tham mưu|có|bổ sung|kịp thời|thường xuyên"
    r"|chấp thuận|trình|giao|điều chỉnh|sửa đổi|tổ chức|phối hợp|đầu tư|ưu tiên|cho ý kiến)\b"
)


def read_proposals(entries: Iterable[Entry], header: Header) -> tuple[Proposal, ...]:
    """Return the proposals of a report, a submission, or a letter that answers a request.

    Below a heading of proposals each line of the highest kind is one, and lines below it are its
    details; a line that ends with a colon only names the addressee of those after it. Elsewhere
    only a sentence that asks ("Kiến nghị UBND tỉnh …") is one.
    """
    if header.type not in _TYPES and header.responds_to is None:
        return ()
    lines = [line for line in place_lines(entries) if not line.entry.block.cell]
    section = [line for line in lines if line.topic is Topic.PROPOSALS and not _closes(line)]
    if section:
        return tuple(_in_section(section))
    return tuple(found for line in lines if (found := _sentence(line)))


def _closes(line: Placed) -> bool:
    text = line.entry.body.text
    return bool(_CLOSING.match(text) or _NONE.match(text))


def _in_section(lines: Sequence[Placed]) -> Iterator[Proposal]:
    to: tuple[Words, ...] = ()
    group: list[Placed] = []
    for line, after in zip(lines, [*lines[1:], None], strict=True):
        if _announces(line, after):
            yield from _group(group, to)
            to, group = _addressees(line.entry.body) or to, []
        elif not _is_mixed(line) or _ASKS.match(line.entry.body.text):
            group.append(line)
    yield from _group(group, to)


def _is_mixed(line: Placed) -> bool:
    """Tell a line right below "Khó khăn, vướng mắc và kiến nghị", where it may be either."""
    named = (one.body.text for one in line.headings if topic_of(one.body.text))
    return names_obstacles_too(next(named, ""))


def _group(lines: Sequence[Placed], to: tuple[Words, ...]) -> Iterator[Proposal]:
    """Yield the proposals of lines with one addressee; deeper lines are details of the last."""
    level = min((_depth(line.entry) for line in lines), default=0)
    current: Proposal | None = None
    for line in lines:
        if current and _depth(line.entry) > level:
            current = replace(current, details=(*current.details, line.entry.body))
            continue
        if current:
            yield current
        current = _proposal(line, to)
    if current:
        yield current


def _depth(entry: Entry) -> int:
    """Return how deep a line stands; a "+" stands below a "-", plain text below nothing."""
    if entry.kind is Kind.BULLET:
        return list(Kind).index(Kind.BULLET) + (entry.block.text[0] in "+*•○▪")
    return list(Kind).index(entry.kind)


def _announces(line: Placed, after: Placed | None) -> bool:
    """Tell a line that only names the addressee of the lines after it."""
    entry = line.entry
    if after is None:
        return False
    if _ANNOUNCES.search(entry.body.text):
        return True
    text, above = entry.body.text, any(one is entry for one in after.headings)
    if above and (topic_of(text) or _TOWARDS.match(text)):
        return True
    short = len(text) < _LONGEST_ADDRESS
    return short and (above or text.endswith(":")) and bool(_addressees(entry.body))


def _addressees(body: Words) -> tuple[Words, ...]:
    """Return the units that a line asks or is directed to; none where it names nobody."""
    found = _TOWARDS.match(body.text) or _ASKED.match(body.text)
    begin = found.end() if found else 0
    ends = (_VERB.search(body.text, begin), _COLON.search(body.text, begin))
    end = min((one.start() for one in ends if one), default=len(body.text.rstrip(" .:;")))
    name = cut(body, begin, end)
    if starts_with_unit(name.text):
        return split_units(name)
    return (name,) if _CENTRAL.fullmatch(name.text) else ()


def _proposal(line: Placed, to: tuple[Words, ...]) -> Proposal:
    body = line.entry.body
    asked = asked_sentence(line.entry)
    own = split_units(asked[0]) if asked else ()
    if not own and (_ASKS.match(body.text) or _TOWARDS.match(body.text)):
        own = _addressees(body)
    return Proposal(
        text=body,
        to=own or to,
        section=line.entry.code,
        line=line.entry.block.line,
        confidence=0.9 if own or to else 0.7,
    )


def _sentence(line: Placed) -> Proposal | None:
    """Return the proposal that a sentence outside such a section makes to a named unit."""
    text = line.entry.body.text
    if not _ASKS.match(text) or _closes(line) or line.topic is Topic.WORK:
        return None
    found = _proposal(line, ())
    return replace(found, confidence=0.6) if found.to else None
