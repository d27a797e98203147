"""Read a plan document: bytes or pasted text in, a complete reading out, no database."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tasks.importing.blocks import Text
from tasks.importing.checks import find_cautions
from tasks.importing.directives import read_directives
from tasks.importing.duties import read_duties
from tasks.importing.errors import NotAPlanError
from tasks.importing.header import read_header
from tasks.importing.items import read_items
from tasks.importing.milestones import read_milestones
from tasks.importing.outline import Entry, Kind, outline
from tasks.importing.readers import MAX_SIZE, read_bytes, read_pasted_lines
from tasks.importing.results import (
    Caution,
    Citation,
    Duty,
    Header,
    Item,
    Reading,
    Section,
    Words,
)
from tasks.importing.tables import read_tables

# They tell what was done or asked, under the names of units.
_WITHOUT_TASKS = ("Báo cáo", "Tờ trình")


def read_document(data: bytes, filename: str, max_size: int = MAX_SIZE) -> Reading:
    """Return the reading of a .txt, .md or .docx file of at most *max_size* bytes.

    Raises DocumentError, and nothing else, when the file cannot be read as a plan.
    """
    return read_text(read_bytes(data, filename, max_size), filename)


def read_pasted(pasted: str) -> Reading:
    """Return the reading of pasted text; raises DocumentError like `read_document`."""
    name = str(_("The pasted text"))
    return read_text(read_pasted_lines(pasted, name), name)


def read_text(text: Text, filename: str) -> Reading:
    """Return the reading of a normalised text; *filename* serves the refusal only.

    Raises NotAPlanError for a text that has no heading of a document, no sections and no tasks.
    """
    header = read_header(text)
    entries = outline(text.blocks)
    tables = read_tables(entries, header.year)
    items = (*read_items(entries, header.year), *tables.items)
    if not items and header.type not in _WITHOUT_TASKS:
        items = (
            *read_directives(entries, header.year),
            *read_milestones(entries, header.year),
        )
    items = tuple(sorted(items, key=lambda item: item.title.start))
    duties, obstacles = read_duties(entries, header.year)
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
        cautions=(*find_cautions(text, header, items, duties), *agendas),
    )


def _is_official(header: Header, entries: tuple[Entry, ...]) -> bool:
    headings = sum(entry.kind is Kind.ROMAN for entry in entries)
    return bool(header.number or header.number_blank or header.type or headings >= 2)


def _sections(entries: Iterable[Entry]) -> Iterable[Section]:
    return (Section(entry.code, entry.body) for entry in entries if entry.coded)


def as_json(reading: Reading) -> dict[str, Any]:
    """Return the reading as plain data for JSON; spans count characters of `text`."""
    header = reading.header
    return {
        **_header_json(header),
        "items": [_item_json(item) for item in reading.items],
        "reports": [_duty_json(duty) for duty in reading.duties],
        "obstacles": [_duty_json(duty) for duty in reading.obstacles],
        "targets": [],
        "sections": [
            {"code": section.code, "title": section.title.text, "source": section.title.span}
            for section in reading.sections
        ],
        "warnings": [_caution_json(caution) for caution in reading.cautions],
        "text": reading.text,
    }


def _header_json(header: Header) -> dict[str, Any]:
    source = {
        "number": _span(header.number),
        "date": _span(header.date_words),
        "issuer": _span(header.issuer),
        "title": _span(header.title),
        "signer": _span(header.signer),
    }
    return {
        "number": _words(header.number),
        "date": _iso(header.issued_on),
        "issuer": _words(header.issuer),
        "type": header.type,
        "title": _words(header.title),
        "based_on": [citation.number.text for citation in header.based_on],
        "cites": [_citation_json(citation) for citation in (*header.based_on, *header.cites)],
        "period": [_iso(day) for day in header.period] if header.period else None,
        "signer": _words(header.signer),
        "source": source,
    }


def _citation_json(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number.text,
        "date": _iso(citation.issued_on),
        "source": citation.number.span,
    }


def _item_json(item: Item) -> dict[str, Any]:
    return {
        "code": item.code,
        "section": item.section,
        "title": item.title.text,
        "details": [detail.text for detail in item.details],
        "lead": [lead.text for lead in item.leads],
        "coordinating": [unit.text for unit in item.coordinators],
        "timeframe_text": item.timeframe.text,
        "start": _iso(item.timeframe.start),
        "due": _iso(item.timeframe.due),
        "recurring": item.timeframe.recurrence,
        "rule": item.timeframe.rule,
        "soft": item.timeframe.soft,
        "confidence": item.confidence,
        "line": item.line,
        "source": {
            "title": item.title.span,
            "details": [detail.span for detail in item.details],
            "lead": [lead.span for lead in item.leads],
            "coordinating": [unit.span for unit in item.coordinators],
            "time": _span(item.time),
        },
    }


def _duty_json(duty: Duty) -> dict[str, Any]:
    return {
        "who": _words(duty.who),
        "to": [unit.text for unit in duty.to],
        "via": _words(duty.via),
        "text": duty.text.text,
        "due_text": duty.timeframe.text,
        "due": _iso(duty.timeframe.due),
        "rule": duty.timeframe.rule,
        "recurring": duty.timeframe.recurrence,
        "confidence": duty.confidence,
        "line": duty.line,
        "source": {
            "who": _span(duty.who),
            "to": [unit.span for unit in duty.to],
            "via": _span(duty.via),
            "text": duty.text.span,
            "time": _span(duty.time),
        },
    }


def _caution_json(caution: Caution) -> dict[str, Any]:
    return {
        "code": caution.code,
        "message": caution.message,
        "line": caution.line,
        "span": caution.span,
    }


def _words(words: Words | None) -> str | None:
    return words.text if words else None


def _span(words: Words | None) -> tuple[int, int] | None:
    return words.span if words else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
