"""Sentences with quantities: which words name what a quantity measures, and for which period."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tasks.importing.periods import Period, find_periods
from tasks.importing.results import Words
from tasks.rules.quantities import Quantity, find_quantities
from tasks.rules.units_of_measure import is_structural


@dataclass(frozen=True, slots=True)
class Measured:
    """A quantity of a line, the words of its clause that name it, and its period if said.

    `value` are the words of the quantity; `clause` is the part of the sentence that it governs.
    """

    quantity: Quantity
    value: Words
    name: Words
    clause: Words
    period: Period | None


_SENTENCE = re.compile(r";\s*|[.!?]\s+(?=[^\W_a-zđ])|\.{3}\s*|\.\s*$|:\s+(?=\S)")
_COMMA = re.compile(r",\s+(?:và\s+)?|\s+và\s+|\s\((?!\d+/)")
_LEAD_IN = re.compile(
    r"^(?:[\s,;:.\-–+]+|(?:và|trong đó|đồng thời|ngoài ra|bên cạnh đó|cụ thể|theo đó|phấn đấu"
    r"|phân đấu|phần đầu|chỉ tiêu|mục tiêu|đến nay|đã có|có|nhằm|ngoài|đến hết|đến cuối|đến|trong"
    r"|trong năm(?: qua)?|từ nay|vào|cả|giai đoạn|tính đến|với|bảo đảm|đảm bảo"
    r"|hoàn thành mục tiêu|là|đạt)(?!\w)"
    r"|(?:cuối |hết )?năm (?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)\d\d)?"
    r"|(?:19|20)\d\d\s*[-–]\s*(?:19|20)\d\d"
    r"|(?:hằng|hàng|mỗi) năm|quý [IV1-4]+/\d{4})+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:[\s,;:.\-–(]+|(?<!\w)(?:đạt|là|còn|bằng|từ|có|được|khoảng|và|với|lên|xuống|ít nhất|đến"
    r"|trên|tối thiểu|trong đó|cho|của|ở mức|tổng số|đã|gồm|cụ thể|hiện|như sau|chiếm"
    r"|phấn đấu|dự kiến|ước)(?!\w))+$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:[\s,;:.\-–(]+|(?<!\w)(?:và|với|trong đó|cho|của|gồm|bao gồm|cụ thể|như sau)(?!\w))+$",
    re.IGNORECASE,
)
# "…, đạt 104% dự toán": the clause goes on about what the one before it named.
_GOES_ON = re.compile(
    r"[\s,(]*(?:và )?(?:bằng|đạt|tăng|giảm|vượt|chiếm|tương đương)"
    r"(?:\s(?:thêm|khoảng|bình quân|trên|từ|tăng|giảm))*\s*",
    re.IGNORECASE,
)
_CHANGES = re.compile(r"\s+(?:tăng|giảm|vượt)(?: thêm)?$", re.IGNORECASE)
_FRACTION = re.compile(r"^\s*\(\d+/\d+\)")
_OPEN_END = re.compile(r"^\s*trở (?:lên|xuống)\b", re.IGNORECASE)
_LONGEST_NAME, _LONGEST_ANNOUNCED = 250, 120  # characters


@dataclass(frozen=True, slots=True)
class _Clause:
    """A quantity with the bounds of its clause.

    `subject` are the words before it that name it, `object` those after its number.
    """

    quantity: Quantity
    begin: int
    end: int
    subject: str = ""
    object: str = ""

    @property
    def name(self) -> str:
        unit, rest = self.quantity.unit, self.object.strip()
        if self.subject.lower().endswith(unit) and rest.lower().startswith(unit):
            rest = rest[len(unit) :]
        words = " ".join(f"{self.subject} {rest}".split()).strip(" ,;:.-–")
        closed = words if words.count("(") == words.count(")") else words.rstrip(")")
        return closed.rstrip()


def measure(
    line: Words, above: Sequence[str] = (), year: int | None = None
) -> tuple[Measured, ...]:
    """Return the quantities of a line that say how much is wanted or was reached.

    The period is that of the clause, else the last one named before it in the line, else the
    first one of the nearest of the headings *above*.
    """
    inherited = next((found[0] for one in above if (found := find_periods(one, year))), None)
    known = find_periods(line.text, year)
    read: list[Measured] = []
    last: _Clause | None = None
    for clause in _clauses(line.text):
        last = replace(clause, subject=_subject(line.text, clause, last))
        read.append(_measured(line, last, _period(known, clause, inherited)))
    return tuple(read)


def _subject(text: str, clause: _Clause, last: _Clause | None) -> str:
    """Return the words before a quantity that name it, be they those of the clause before."""
    words = text[clause.begin : clause.quantity.start]
    before = _stripped(words)
    same = last is not None and not _SENTENCE.search(text, last.quantity.end, clause.begin + 1)
    if same and last and _GOES_ON.fullmatch(words):
        return f"{_CHANGES.sub('', last.subject or last.name).strip()} {before}".strip()
    if before:
        return before
    announced = _announced(text, clause.begin)
    follows = clause.quantity.rest < clause.quantity.end
    return announced or (last.subject if same and last and not follows else "")


def _announced(text: str, begin: int) -> str:
    """Return what stands before the colon after which a clause begins ("Tỷ lệ A: trên 5%")."""
    head = text[:begin].rstrip()
    if not head.endswith(":"):
        return ""
    found = _stripped(re.split(r"[;.:]\s", head[:-1])[-1])
    return found if len(found) <= _LONGEST_ANNOUNCED else ""


def _stripped(words: str) -> str:
    text = _TAIL.sub("", words)
    found = _LEAD_IN.match(text)
    return (text[found.end() :] if found else text).strip(" ,")


def _clauses(text: str) -> Iterator[_Clause]:
    """Yield each quantity with the bounds of its clause: a sign, or a comma before the next."""
    quantities = _wanted(text)
    signs = [found.span() for found in _SENTENCE.finditer(text)]
    begins = [_begin(text, signs, quantities, at) for at in range(len(quantities))]
    for at, quantity in enumerate(quantities):
        after = [start for start, _end in signs if start >= quantity.end]
        end = min([*after, *begins[at + 1 : at + 2], len(text)])
        after_number = _OPEN_END.sub("", text[quantity.rest : max(end, quantity.end)])
        rest = _AFTER.sub("", _FRACTION.sub("", after_number))
        yield _Clause(quantity, begins[at], max(end, quantity.end), object=rest)


def _wanted(text: str) -> list[Quantity]:
    """Return the quantities but those that describe: "3 trụ cột", "72 xã đạt 19 tiêu chí"."""
    wanted: list[Quantity] = []
    for quantity in find_quantities(text):
        beside = wanted and not re.search("[,;:.]", text[wanted[-1].end : quantity.start])
        if not (is_structural(quantity.unit) or (beside and quantity.unit == "tiêu chí")):
            wanted.append(quantity)
    return wanted


def _begin(
    text: str, signs: Sequence[tuple[int, int]], quantities: Sequence[Quantity], at: int
) -> int:
    quantity = quantities[at]
    begin = max((end for _start, end in signs if end <= quantity.start), default=0)
    last = quantities[at - 1].end if at else 0
    if last <= begin:
        return begin
    commas = [found.end() for found in _COMMA.finditer(text, last, quantity.start)]
    return commas[-1] if commas else last


def _period(known: Sequence[Period], clause: _Clause, inherited: Period | None) -> Period | None:
    inside = [one for one in known if clause.begin <= one.start < clause.end]
    dated = [one for one in inside if one.by]
    before = [one for one in known if one.end <= clause.begin]
    return next(iter((*dated[-1:], *inside[:1], *before[-1:])), inherited)


def _measured(line: Words, clause: _Clause, period: Period | None) -> Measured:
    text, quantity = line.text, clause.quantity
    value = Words(
        text[quantity.start : quantity.end], line.start + quantity.start, line.start + quantity.end
    )
    words = Words(
        text[clause.begin : clause.end].strip(), line.start + clause.begin, line.start + clause.end
    )
    return Measured(
        quantity, value, Words(clause.name[:_LONGEST_NAME], words.start, words.end), words, period
    )
