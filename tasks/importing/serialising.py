"""A reading as plain data: it is stored, compared, and shown by `read_plan --json`."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

from tasks.importing.confidence import duty_fields, item_fields
from tasks.importing.fact_serialising import facts_json
from tasks.importing.results import Caution, Citation, Duty, Header, Item, Reading, Words


def as_json(reading: Reading) -> dict[str, Any]:
    """Return the reading as plain data for JSON; spans count characters of `text`."""
    header = reading.header
    return {
        **_header_json(header),
        "items": [_item_json(item) for item in reading.items],
        "reports": [_duty_json(duty) for duty in reading.duties],
        "obstacles": [_duty_json(duty) for duty in reading.obstacles],
        **facts_json(reading),
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
        "cites": [_citation_json(citation) for citation in _all_cited(header)],
        "responds_to": _number(header.responds_to),
        "about": _number(header.about),
        "period": [_iso(day) for day in header.period] if header.period else None,
        "signer": _words(header.signer),
        "confidence": dict(header.confidence),
        "source": source,
    }


def _all_cited(header: Header) -> Iterator[Citation]:
    answered = (one for one in (header.responds_to, header.about) if one)
    return chain(answered, header.based_on, header.cites)


def _number(citation: Citation | None) -> str | None:
    return citation.number.text if citation else None


def _citation_json(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number.text,
        "date": _iso(citation.issued_on),
        "type": citation.type,
        "issuer": _words(citation.issuer),
        "relation": citation.relation,
        "confidence": citation.confidence,
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
        "product": _words(item.product),
        "budget": _words(item.budget),
        "director": _words(item.director),
        "timeframe_text": item.timeframe.text,
        "start": _iso(item.timeframe.start),
        "due": _iso(item.timeframe.due),
        "recurring": item.timeframe.recurrence,
        "rule": item.timeframe.rule,
        "soft": item.timeframe.soft,
        "confidence": item.confidence,
        "field_confidence": item_fields(item),
        "line": item.line,
        "source": {
            "title": item.title.span,
            "details": [detail.span for detail in item.details],
            "lead": [lead.span for lead in item.leads],
            "coordinating": [unit.span for unit in item.coordinators],
            "time": _span(item.time),
            "product": _span(item.product),
            "budget": _span(item.budget),
            "director": _span(item.director),
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
        "field_confidence": duty_fields(duty),
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
        "params": dict(caution.params),
        "line": caution.line,
        "span": caution.span,
    }


def _words(words: Words | None) -> str | None:
    return words.text if words else None


def _span(words: Words | None) -> tuple[int, int] | None:
    return words.span if words else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
