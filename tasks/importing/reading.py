"""Read a plan document: bytes or pasted text in, a complete reading out, no database."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from tasks.importing.blocks import Text
from tasks.importing.checks import find_cautions
from tasks.importing.directives import read_directives
from tasks.importing.duties import read_duties
from tasks.importing.errors import NotAPlanError
from tasks.importing.facts import read_facts, without_targets
from tasks.importing.header import read_header
from tasks.importing.items import read_items
from tasks.importing.milestones import read_milestones
from tasks.importing.outline import Entry, Kind, outline
from tasks.importing.progress import Progress, nobody_waits
from tasks.importing.readers import MAX_SIZE, read_file, read_pasted_lines
from tasks.importing.results import Caution, Header, Reading, Section
from tasks.importing.tables import read_tables
from tasks.rules.timeframe import Context

# They tell what was done or asked, under the names of units.
_WITHOUT_TASKS = ("Báo cáo", "Tờ trình")
# Their last section calls on every body of the Party and the State by its office.
_CALLS_ON_ALL = ("Nghị quyết", "Chương trình hành động", "Chương trình", "Kết luận", None)


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
    items = (*read_items(entries, context), *tables.items)
    if not items and header.type not in _WITHOUT_TASKS:
        items = (
            *read_directives(entries, context, explicit=header.type in _CALLS_ON_ALL),
            *read_milestones(entries, context),
        )
    facts = read_facts(entries, header)
    items = without_targets(sorted(items, key=lambda item: item.title.start), facts.targets)
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
        cautions=(*find_cautions(text, header, items, duties), *agendas),
    )


def _is_official(header: Header, entries: tuple[Entry, ...]) -> bool:
    headings = sum(entry.kind is Kind.ROMAN for entry in entries)
    return bool(header.number or header.number_blank or header.type or headings >= 2)


def _sections(entries: Iterable[Entry]) -> Iterable[Section]:
    return (Section(entry.code, entry.body) for entry in entries if entry.coded)
