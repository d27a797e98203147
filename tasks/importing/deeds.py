"""What a unit has to do, and with whom: "chủ trì, phối hợp với Sở A, Sở B xây dựng …"."""

import re

from tasks.importing.headings import cut
from tasks.importing.results import Words
from tasks.importing.unit_lists import HEAD, split_units, trimmed
from tasks.importing.verbs import VERB_AFTER_UNITS

WITH = re.compile(
    r"(?:^|\b)(?:(?:[Cc]hủ trì|[Cc]hủ động),?\s+)?[Pp]hối hợp(?: chặt chẽ)?(?: với| cùng)?"
    r"(?: với)?\s+"
)
_LEADS = re.compile(r"^[Cc]hủ trì,?\s+")


def deed_and_helpers(body: Words) -> tuple[Words, tuple[Words, ...]]:
    """Return what is to be done, and the units that "phối hợp với" names before it."""
    found = WITH.search(body.text)
    begin = found.end() if found else 0
    if found is None or not HEAD.match(body.text, begin):
        leads = _LEADS.match(body.text)
        return trimmed(cut(body, leads.end() if leads else 0, len(body.text))), ()
    group = re.compile(r"[Cc]ác \w+").match(body.text, begin)
    verb = VERB_AFTER_UNITS.search(body.text, group.end() if group else begin)
    end = verb.start() if verb else len(body.text)
    units = split_units(trimmed(cut(body, begin, end)))
    if found.start() > 0 or verb is None:
        return trimmed(body), units
    return trimmed(cut(body, end, len(body.text)), " ,.;"), units
