"""Documents named by their number, as Decree 30/2020/NĐ-CP and the Party's rules form it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tasks.importing.blocks import MARKER, Block
from tasks.importing.doc_types import LETTER, NAMES, type_of_number
from tasks.importing.outline import body_of
from tasks.importing.results import Citation, Relation, Words
from tasks.importing.unit_lists import split_units, starts_with_unit

_SIGN = r"[A-ZĐ][A-Za-zĐđƯưÔô&]*"
# 60/KH-UBND, 31/2008/QĐ-UBND, 52/SKHCN-QLCN; a blank may stand at any of the signs.
_STATE = rf"\d{{1,5}}[a-z]?\s?/\s?(?:(?:19|20)\d\d\s?/\s?)?{_SIGN}(?:\s?-\s?{_SIGN})+"
# 08-NQ/TU, 37-QĐ/ĐTN.
_PARTY = r"\d{1,5}[a-z]?\s?-\s?[A-ZĐ][A-Za-zĐđ]{1,3}\s?/\s?[A-ZĐ]{2,}[A-ZĐa-z]*"
_SHORT = r"\d{1,5}[a-z]?\s?/\s?(?:KH|HD|BC|CT|NQ|QĐ|TB|TTr|CV)\b"
# 24/2018/QH14: laws and resolutions of the National Assembly.
_LAW = r"\d{1,4}\s?/\s?(?:19|20)\d\d\s?/\s?(?:QH\d\d?|UBTVQH\d\d?)\b"
NUMBER = re.compile(rf"(?<![\d/.-])(?:{_LAW}|{_STATE}|{_PARTY}|{_SHORT})")
_DATE = re.compile(
    r"\s*,?\s*ngày\s*(\d\d?)\s*(?:[/.-]|tháng)\s*(\d\d?)\s*(?:[/.-]|năm)\s*((?:19|20)\d\d)", re.I
)
_LONGEST_NAME = 120  # characters
_KINDS = "|".join(("Văn bản", LETTER, "Luật", "Bộ luật", "Pháp lệnh", *NAMES))
_OF = re.compile(
    r"\s*,?\s*của\s+(?P<name>(?:(?!\s(?:về|V/v|v/v|ban hành|phê duyệt|quy định|sửa đổi|hướng dẫn"
    rf"|thực hiện|triển khai|đã|tại|như)\b|(?:,|\svà)\s+(?:{_KINDS})\b)[^;:.\n(]){{3,160}})"
)
_SAYS_NUMBER = re.compile(r"\s*\bsố\s*:?\s*$", re.IGNORECASE)
_KIND_BEFORE = re.compile(
    rf"(?P<kind>{_KINDS})(?:\s+(?:liên tịch|hành động|phối hợp|hỏa tốc))?\s*$"
    r"|(?P<act>Luật|Bộ luật|Pháp lệnh)\s+[^;:.\n]{3,90}$",
    re.I,
)
# A clause says what stands before a number, up to the document named before it.
_CLAUSE = re.compile(r"[;:](?:\s|$)|\.\s+(?=[A-ZĐ])")
_DEEDS = (
    (Relation.ATTACHED_TO, re.compile(r"(?:kèm theo|đính kèm)\s*$", re.I)),
    (Relation.AMENDS, re.compile(r"(?:sửa đổi|bổ sung)[^;,]*$", re.I)),
    (Relation.REPLACES, re.compile(r"(?:thay thế|bãi bỏ|hủy bỏ|thay cho)[^;,]*$", re.I)),
    (Relation.RESPONDS_TO, re.compile(r"(?:trả lời|phúc đáp|phúc trình)\s*$", re.I)),
    (
        Relation.BASED_ON,
        re.compile(
            r"(?:căn cứ|trên cơ sở|xét|tại|theo)(?:\s(?:các|nội dung|quy định tại))*\s*$", re.I
        ),
    ),
    (Relation.IMPLEMENTS, re.compile(r"(?:thực hiện|triển khai|thi hành)(?:\scác)?\s*$", re.I)),
)
_HEADING = re.compile(r"(?:các )?(?:căn cứ|cơ sở)(?: pháp lý| xây dựng| lập| ban hành|$)", re.I)
_OPENINGS = (
    (Relation.BASED_ON, re.compile(r"(?:Căn cứ|Trên cơ sở|Xét|Theo)\b", re.I)),
    (
        Relation.IMPLEMENTS,
        re.compile(r"(?:Thực hiện|Triển khai|Để (?:thực hiện|triển khai))\b", re.I),
    ),
)
_ABOUT = re.compile(r"\s(?:về|v/v|phê duyệt|ban hành|hướng dẫn|quy định)\s", re.I)
_LISTED = re.compile(r"(?:^|[,;]|\bvà)\s*(?:các\s)?$")
# A report, or a letter that reports, answers what asked for it.
_REQUESTS = (LETTER, "Văn bản", "Công điện", "Thông báo")
_ANSWERS = re.compile(
    r"(?<!đề nghị)\s(?:báo cáo|có ý kiến|trả lời|phúc đáp|giải trình)\b[^.;]{0,80}"
    r"\b(?:như sau|cụ thể)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Cited:
    """What a document does with those it names; `others` are named without being its ground."""

    based_on: tuple[Citation, ...]
    others: tuple[Citation, ...]
    responds_to: Citation | None = None
    about: Citation | None = None


def sort_citations(
    blocks: Sequence[Block],
    preamble: Sequence[Block],
    own: Words | None,
    type_name: str | None,
) -> Cited:
    """Return the documents that a text names, sorted by what it does with them.

    *preamble* are the blocks before the first section, *own* is the document's own number.
    """
    before = [one for one in find_citations(preamble) if not own or one.number.text != own.text]
    known = {own.text if own else "", *(one.number.text for one in before)}
    after = find_citations(body_of(blocks[len(preamble) :]))
    grounds = find_citations(_grounds(blocks), Relation.BASED_ON)
    before += [one for one in grounds if one.number.text not in known]
    known |= {one.number.text for one in grounds}
    later = tuple(one for one in after if one.number.text not in known)
    responds_to, about = _answered(before, preamble, type_name)
    answered = {one.number.text for one in (responds_to, about) if one}
    left = [one for one in before if one.number.text not in answered]
    based_on = tuple(one for one in left if one.relation in _GROUNDS)
    others = (one for one in left if one.relation not in _GROUNDS)
    return Cited(based_on, (*others, *later), responds_to, about)


def _grounds(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the lines below a heading "I. Căn cứ pháp lý", each of which names a ground."""
    level = ""
    for block in body_of(blocks):
        found = MARKER.match(block.text)
        kind = found.lastgroup if found and not block.cell else None
        if kind and kind != "bullet":
            heads = _HEADING.match(block.text, found.end()) if found else None
            if heads or kind == level:
                level = kind if heads else ""
        elif level:
            yield block


_GROUNDS = (Relation.BASED_ON, Relation.IMPLEMENTS)


def find_citations(
    blocks: Iterable[Block], opening: Relation | None = None
) -> tuple[Citation, ...]:
    """Return the documents named in *blocks*, each once, in the order of their first mention.

    *opening* is what a line does with the document with which it begins.
    """
    cited: dict[str, Citation] = {}
    for block in blocks:
        for citation in _citations(block, opening):
            cited.setdefault(citation.number.text, citation)
    return tuple(cited.values())


def _citations(block: Block, opening: Relation | None) -> Iterator[Citation]:
    said = next((one for one, words in _OPENINGS if words.match(block.text)), None)
    marker = MARKER.match(block.text)
    place, last = (marker.end() if marker else 0), said or opening
    first = place
    for found in NUMBER.finditer(block.text):
        before = _SAYS_NUMBER.sub("", block.text[place : found.start()])
        kind = _KIND_BEFORE.search(before)
        last = _relation(before[: kind.start()] if kind else before, last, place > first)
        issued_on, end = date_after(block.text, found.end())
        number = Words(
            plain_number(found[0]), block.start + found.start(), block.start + found.end()
        )
        name = _type(kind, number.text)
        yield Citation(number, issued_on, name, _issuer(block, end), last, 0.9 if kind else 0.7)
        place = found.end()


def _type(kind: re.Match[str] | None, number: str) -> str | None:
    if kind:
        return str(kind["kind"] or kind["act"]).capitalize()
    return "Luật" if re.search(r"/QH\d", number) else type_of_number(number)


def _relation(before: str, last: Relation | None, named: bool) -> Relation:
    """Return what the words before a number say; a list goes on with what its first was for.

    *named* says that another number stands before them: a document in the subject of that one
    ("về việc ban hành Kế hoạch thực hiện …") is only mentioned.
    """
    clause = _CLAUSE.split(before)[-1]
    opened = len(clause) < len(before)
    deed = next((one for one, pattern in _DEEDS if pattern.search(clause)), None)
    if deed is Relation.BASED_ON:
        return deed
    if deed is not None:
        nested = named and not opened and bool(_ABOUT.search(f" {clause}"))
        return Relation.MENTIONS if nested else deed
    if last is not None and _LISTED.search(clause):
        return last
    return Relation.MENTIONS


def _issuer(block: Block, place: int) -> Words | None:
    found = _OF.match(block.text, place)
    if found is None or not starts_with_unit(found["name"]):
        return None
    begin, end = (block.start + place for place in found.span("name"))
    names = split_units(Words(found["name"], begin, end))
    return names[0] if names and len(names[0].text) <= _LONGEST_NAME else None


def _answered(
    before: Sequence[Citation],
    preamble: Sequence[Block],
    type_name: str | None,
) -> tuple[Citation | None, Citation | None]:
    """Return the request that this document answers, and the document the request is about."""
    said = next((one for one in before if one.relation is Relation.RESPONDS_TO), None)
    asked = said or next((one for one in before if _may_ask(one)), None)
    if asked is None or not (said or _reports(preamble, type_name)):
        return None, None
    about = next((one for one in before if _within_subject(asked, one, preamble)), None)
    return (
        replace(asked, relation=Relation.RESPONDS_TO),
        replace(about, relation=Relation.ABOUT) if about else None,
    )


def _may_ask(citation: Citation) -> bool:
    return citation.type in _REQUESTS and citation.relation in _GROUNDS


def _reports(preamble: Sequence[Block], type_name: str | None) -> bool:
    """Tell a report, and an official letter whose opening says that it reports ("… như sau")."""
    if type_name == "Báo cáo":
        return True
    return type_name == LETTER and any(_ANSWERS.search(block.text) for block in preamble)


def _within_subject(asked: Citation, other: Citation, preamble: Sequence[Block]) -> bool:
    """Tell whether *other* is named in the same sentence after the request."""
    for block in preamble:
        if block.start <= asked.number.start < block.end:
            return (
                asked.number.end < other.number.start < block.end
                and other.relation is Relation.MENTIONS
                and not _CLAUSE.search(
                    block.text[asked.number.end - block.start : other.number.start - block.start]
                )
            )
    return False


def date_after(text: str, place: int) -> tuple[date | None, int]:
    """Return the date that follows a number in *text* at *place*, and where its words end."""
    found = _DATE.match(text, place)
    if found is None:
        return None, place
    return read_date(found[1], found[2], found[3]), found.end()


def read_date(day: str, month: str, year: str) -> date | None:
    """Return the date, or None where there is no such day."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def plain_number(text: str) -> str:
    """Return a document number without the blanks that typing left in it."""
    return "".join(text.split()).replace("–", "-")
