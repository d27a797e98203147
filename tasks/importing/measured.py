"""Sentences with quantities: which words name what a quantity measures, and for which period."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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


_SENTENCE = re.compile(
    r";\s*|[.!?]\s+(?=[^\W\d_a-zđ])|\.{3}\s*|\.\s*$"
    r"|:\s+(?!(?:[≥≤<>]|từ |trên |dưới |đạt |khoảng |ít nhất |tối thiểu |còn )*\d)(?=\S)"
)
_COMMA = re.compile(r",\s+(?:và\s+)?|\s+và\s+")
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
    r"|phấn đấu)(?!\w))+$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:[\s,;:.\-–(]+|(?<!\w)(?:và|với|trong đó|cho|của|gồm|bao gồm|cụ thể|như sau)(?!\w))+$",
    re.IGNORECASE,
)
# "…, đạt 104% dự toán": the clause goes on about what the one before it named.
_GOES_ON = re.compile(r"^[\s,]*(?:và )?(?:bằng|đạt|tăng|giảm|vượt|chiếm|tương đương)\b", re.I)
_CHANGES = re.compile(r"\s+(?:tăng|giảm|vượt)(?: thêm)?$", re.IGNORECASE)
_OPEN_END = re.compile(r"^\s*trở (?:lên|xuống)\b", re.IGNORECASE)
_LONGEST_NAME = 250  # characters


def measure(
    line: Words, above: Sequence[str] = (), year: int | None = None
) -> tuple[Measured, ...]:
    """Return the quantities of a line that say how much is wanted or was reached.

    The period is that of the clause, else the last one named before it in the line, else that of
    the nearest of the headings *above*.
    """
    inherited = next((found[-1] for one in above if (found := find_periods(one, year))), None)
    known = find_periods(line.text, year)
    read: list[Measured] = []
    subject, last = "", 0
    for quantity, begin, end in _clauses(line.text):
        goes_on = begin and not _SENTENCE.search(line.text, last, begin + 1)
        before = _before(line.text[begin : quantity.start], subject if goes_on else "")
        subject, last = before, quantity.end
        if not is_structural(quantity.unit):
            period = _period(known, begin, end, inherited)
            read.append(_measured(line, quantity, (begin, end), before, period))
    return tuple(read)


def _clauses(text: str) -> Iterator[tuple[Quantity, int, int]]:
    """Yield each quantity with the bounds of its clause: a sign, or a comma before the next."""
    quantities = find_quantities(text)
    signs = [found.span() for found in _SENTENCE.finditer(text)]
    begins = [_begin(text, signs, quantities, at) for at in range(len(quantities))]
    for at, quantity in enumerate(quantities):
        after = [start for start, _end in signs if start >= quantity.end]
        end = min([*after, *begins[at + 1 : at + 2], len(text)])
        yield quantity, begins[at], max(end, quantity.end)


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


def _period(
    known: Sequence[Period], begin: int, end: int, inherited: Period | None
) -> Period | None:
    inside = [one for one in known if begin <= one.start < end]
    dated = [one for one in inside if one.by]
    before = [one for one in known if one.end <= begin]
    return next(iter((*dated[-1:], *inside[:1], *before[-1:])), inherited)


def _before(text: str, subject: str) -> str:
    """Return the words before a quantity that name it; *subject* are those of the one before."""
    goes_on = subject and _GOES_ON.match(text)
    before = _TAIL.sub("", text)
    found = _LEAD_IN.match(before)
    before = before[found.end() :] if found else before
    return f"{_CHANGES.sub('', subject)} {before.strip(' ,')}".strip() if goes_on else before


def _measured(
    line: Words,
    quantity: Quantity,
    bounds: tuple[int, int],
    before: str,
    period: Period | None,
) -> Measured:
    text, (begin, end) = line.text, bounds
    after = _AFTER.sub("", _OPEN_END.sub("", text[quantity.rest : end]))
    name = " ".join(f"{before} {after}".split()).strip(" ,;:.-–)")[:_LONGEST_NAME]
    value = Words(
        text[quantity.start : quantity.end], line.start + quantity.start, line.start + quantity.end
    )
    clause = Words(text[begin:end].strip(), line.start + begin, line.start + end)
    return Measured(quantity, value, Words(name, clause.start, clause.end), clause, period)
