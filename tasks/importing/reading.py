"""Read a plan document: bytes or pasted text in, a complete reading out, no database."""

import re
from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from tasks.importing.blocks import Text
from tasks.importing.checks import find_cautions
from tasks.importing.directives import read_directives
from tasks.importing.duties import read_duties
from tasks.importing.errors import NotAPlanError
from tasks.importing.fact_checks import find_fact_cautions
from tasks.importing.facts import read_facts, without_targets
from tasks.importing.header import read_header
from tasks.importing.items import read_items
from tasks.importing.milestones import read_milestones
from tasks.importing.outline import Entry, Kind, outline
from tasks.importing.progress import Progress, nobody_waits
from tasks.importing.readers import MAX_SIZE, read_file, read_pasted_lines
from tasks.importing.results import Caution, Header, Item, Reading, Section
from tasks.importing.tables import read_tables
from tasks.rules.names import fold
from tasks.rules.timeframe import Context

# They tell what was done or asked, under the names of units.
_WITHOUT_TASKS = ("Báo cáo", "Tờ trình")
# Their last section calls on every body of the Party and the State by its office.
_CALLS_ON_ALL = ("Nghị quyết", "Chương trình hành động", "Chương trình", "Kết luận", None)
_ORGANISING = re.compile(r"(?:to chuc )?(?:thuc hien|trien khai)|to chuc|che do|kinh phi|muc dich")


def read_document(
    data: bytes, filename: str, max_size: int = MAX_SIZE, progress: Progress = nobody_waits
) -> Reading:
    """Return the reading of a file of at most *max_size* bytes, of any kind that `readers` knows.

    Raises DocumentError, and nothing else, when the file cannot be read as a plan. A file of
    unknown origin is read by `isolation.read_isolated` instead.
    """
    source = read_file(data, filename, max_size, progress)
    reading = read_text(source.text, filename)
    return replace(reading, cautions=(*source.cautions, *reading.cautions))


def read_pasted(pasted: str) -> Reading:
    """Return the reading of pasted text; raises DocumentError like `read_document`."""
    name = str(_("The pasted text"))
    return read_text(read_pasted_lines(pasted, name), name)


def read_text(text: Text, filename: str) -> Reading:
    """Return the reading of a normalised text; *filename* serves the refusal only.

    Raises NotAPlanError for a text that has no heading of a document, no sections and no tasks.
    """
    header = read_header(text)
    context = Context(header.year, issued_on=header.issued_on)
    entries = outline(text.blocks)
    tables = read_tables(entries, context)
    listed = (*read_items(entries, context), *tables.items)
    told = _told(entries, context, header, listed) if header.type not in _WITHOUT_TASKS else ()
    facts = read_facts(entries, header)
    found = sorted((*listed, *told), key=lambda item: item.title.start)
    items = without_targets(found, facts.targets)
    duties, obstacles = read_duties(entries, context, header.issuer, text.text)
    if not (items or duties or _is_official(header, entries)):
        raise NotAPlanError(filename=filename)
    agendas = tuple(Caution("agenda_table", block.line) for block in tables.agendas)
    return Reading(
        text=text.text,
        header=header,
        sections=tuple(_sections(entries)),
        items=items,
        duties=duties,
        obstacles=obstacles,
        targets=facts.targets,
        figures=facts.figures,
        proposals=facts.proposals,
        cautions=(
            *find_cautions(text, header, items, duties),
            *agendas,
            *find_fact_cautions(header, facts),
        ),
    )


def _told(
    entries: tuple[Entry, ...], context: Context, header: Header, listed: tuple[Item, ...]
) -> tuple[Item, ...]:
    """Return the tasks in prose. Beside listed ones only those that say by when are tasks:

    how the listed ones are organised, and who reports on them, is no work of its own.
    """
    if not listed:
        explicit = header.type in _CALLS_ON_ALL
        told = read_directives(entries, context, explicit=explicit)
        return (*told, *read_milestones(entries, context))
    taken = {item.code for item in listed}
    organising = {entry.path for entry in entries if entry.coded and _is_organising(entry)}
    return tuple(
        item
        for item in read_directives(entries, context, explicit=True)
        if item.timeframe.due
        and item.code not in taken
        and not any(_is_under(item, path) for path in organising)
    )


def _is_organising(entry: Entry) -> bool:
    return bool(_ORGANISING.match(fold(entry.body.text)))


def _is_under(item: Item, path: tuple[str, ...]) -> bool:
    return f"{item.code or item.section}.".startswith(".".join(path) + ".")


def _is_official(header: Header, entries: tuple[Entry, ...]) -> bool:
    headings = sum(entry.kind is Kind.ROMAN for entry in entries)
    return bool(header.number or header.number_blank or header.type or headings >= 2)


def _sections(entries: Iterable[Entry]) -> Iterable[Section]:
    return (Section(entry.code, entry.body) for entry in entries if entry.coded)
