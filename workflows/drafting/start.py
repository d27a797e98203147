"""The first review of a document: what the reader said, with names matched to units."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from tasks.importing.unit_lists import group_members
from tasks.models import CitationRelation, Recurrence, Role, Unit
from tasks.rules.names import fold
from workflows.drafting.dates import first_due, strictly
from workflows.drafting.registry import Found, Registry
from workflows.drafting.review import (
    ASSUMED,
    LEADS,
    UNIT,
    Cited,
    Duty,
    Item,
    Name,
    Review,
    Span,
    day_of,
    text_of,
)
from workflows.drafting.targets import Known, target_lines

# "Các đơn vị được giao chủ trì …": the plan means whoever leads one of its items.
_ALL_LEADS = re.compile(r"chu tri|duoc giao|duoc phan cong|don vi thuc hien|thuc hien nhiem vu")
_OF_TIME = ("time_", "year_", "date_impossible")
# Doubts about the document as a whole that no field of the review shows.
_OF_DOCUMENT = ("agenda_table", "no_dates")
_NEAR = 40  # characters


def start_review(reading: dict[str, Any], *, unit: Unit, today: dt.date) -> Review:
    """Return the review with which a person begins, for a draft of `unit`.

    `reading` is `tasks.importing.serialising.as_json(...)`. A yearly rule becomes its first date
    after the issue of the plan or the beginning of its period. A focal unit is proposed: the one
    that reports go through, else the one that alone has to report. Writes nothing.
    """
    issued_on = day_of(reading["date"])
    registry = Registry(issued_on or today, today, home=unit)
    return _Start(reading, unit, registry, registry.match(_raw_names(reading))).review()


def _raw_names(reading: dict[str, Any]) -> Iterator[str]:
    for item in reading["items"]:
        for given in (*item["lead"], *item["coordinating"]):
            yield from group_members(given) or [given]
    for duty in (*reading["reports"], *reading["obstacles"]):
        yield from filter(None, (duty["who"], duty["via"]))
    if reading["issuer"]:
        yield reading["issuer"]


class _Start:
    """One reading on its way to a review; hands out the keys."""

    def __init__(
        self, reading: dict[str, Any], unit: Unit, registry: Registry, found: dict[str, Found]
    ) -> None:
        self.reading, self.unit, self.registry, self.found = reading, unit, registry, found
        self.last_key = 0
        period = reading["period"] or (None, None)
        self.start_on, self.end_on = day_of(period[0]), day_of(period[1])
        self.since = max(filter(None, (registry.day, self.start_on)))

    def review(self) -> Review:
        reading = self.reading
        items = [self._item(item) for item in reading["items"]]
        duties = [self._duty(duty) for duty in reading["reports"]]
        issuer = self._issuer()
        citations = [self._cited(cited) for cited in reading["cites"]]
        known = Known.of(cited["number"] for cited in citations)
        targets = target_lines(reading, unit=issuer["unit"], known=known, new_key=self._key)
        return Review(
            number=(reading["number"] or "")[:60],
            kind=(reading["type"] or "")[:60],
            title=_capital((reading["title"] or "")[:500]),
            issued_on=reading["date"],
            signer=(reading["signer"] or "")[:120],
            issuer=issuer,
            focal=self._focal(duties),
            leader=None,
            start_on=text_of(self.start_on),
            end_on=text_of(self.end_on),
            sections=[
                {"code": section["code"][:30], "title": section["title"][:500]}
                for section in reading["sections"]
            ],
            items=items,
            duties=duties,
            targets=targets,
            citations=citations,
            warnings=[
                one["code"]
                for one in reading["warnings"]
                if one["code"] in _OF_DOCUMENT and (items or not targets)
            ],
            confirmed=[],
            source=_spans(reading["source"]),
            last_key=self.last_key,
            saved_by="",
            doubts=0,
            met=[],
        )

    def _key(self, letter: str) -> str:
        self.last_key += 1
        return f"{letter}{self.last_key}"

    def _name(self, text: str | None, role: str = "", source: Span | None = None) -> Name:
        found = self.found.get(text or "", Found())
        return Name(
            key=self._key("n"),
            name=(text or "")[:300],
            role=role,
            unit=found.unit,
            group=found.group,
            open=found.is_open,
            kind=found.kind,
            confidence=found.confidence,
            candidates=list(found.candidates),
            source=source,
        )

    def _issuer(self) -> Name:
        """The issuer; where the document names none, the unit that reads it in is assumed."""
        span = _span(self.reading["source"]["issuer"])
        issuer = self._name(self.reading["issuer"], source=span)
        if not issuer["name"]:
            issuer["unit"], issuer["kind"] = self.unit.pk, ASSUMED
        return issuer

    def _item(self, item: dict[str, Any]) -> Item:
        source = item["source"]
        named = [(Role.LEAD, "lead"), (Role.COORDINATING, "coordinating")]
        return Item(
            key=self._key("i"),
            code=(item["code"] or "")[:30],
            section=item["section"][:30],
            title=item["title"],
            product=(item["product"] or "")[:500],
            timeframe_text=item["timeframe_text"][:300],
            recurrence=_recurrence(item),
            start_on=item["start"],
            due_on=self._due(item, item["timeframe_text"]),
            soft=item["soft"],
            names=[
                self._name(name, role.value, _span(span))
                for role, field in named
                for given, span in zip(item[field], source[field], strict=True)
                for name in group_members(given) or [given]
            ],
            warnings=self._warnings(item),
            dropped=False,
            source=_spans({"title": source["title"], "time": source["time"]}),
        )

    def _duty(self, duty: dict[str, Any]) -> Duty:
        source = duty["source"]
        reporter = self._name(duty["who"], source=_span(source["who"]))
        via = self._name(duty["via"], source=_span(source["via"]))
        return Duty(
            key=self._key("r"),
            who=_who(reporter),
            reporter=reporter,
            via=via,
            to=list(duty["to"]),
            text=duty["text"],
            due_text=duty["due_text"][:300],
            due_on=self._due(duty, duty["due_text"]),
            recurrence=_recurrence(duty),
            rule=duty["rule"] or "",
            warnings=self._warnings(duty),
            dropped=False,
            source=_spans({"text": source["text"], "time": source["time"]}),
        )

    def _due(self, line: dict[str, Any], words: str) -> str | None:
        strict = settings.DONDOC_STRICT_BEFORE
        due = day_of(line["due"]) or first_due(line["rule"], self.since)
        return text_of(strictly(due, words, strict=strict))

    def _warnings(self, line: dict[str, Any]) -> list[str]:
        """The codes of the reader's doubts about the time of one line."""
        spans = [_span(line["source"]["time"]), _span(line["source"].get("title")), None]
        return [
            one["code"]
            for one in self.reading["warnings"]
            if one["code"].startswith(_OF_TIME)
            and one["line"] == line["line"]
            and _span(one["span"]) in spans
        ]

    def _cited(self, cited: dict[str, Any]) -> Cited:
        source = _span(cited["source"])
        is_basis = cited["number"] in self.reading["based_on"] or source is None
        relation = CitationRelation.BASED_ON
        if not is_basis and source is not None and self._carries_out(source[0]):
            relation = CitationRelation.IMPLEMENTS
        return Cited(
            key=self._key("c"), number=cited["number"][:60], relation=relation.value, source=source
        )

    def _carries_out(self, place: int) -> bool:
        """Whether a number stands right after "thực hiện", as in "thực hiện Kế hoạch số"."""
        before = str(self.reading["text"])[max(0, place - _NEAR) : place]
        return "thuc hien" in fold(before)

    def _focal(self, duties: list[Duty]) -> int | None:
        through = [duty["via"] for duty in (*self.reading["reports"], *self.reading["obstacles"])]
        ways = Counter(unit for way in through if way and (unit := self.found[way].unit))
        alone = Counter(unit for duty in duties if (unit := duty["reporter"]["unit"]))
        for votes in (ways, alone):
            if votes:
                return votes.most_common(1)[0][0]
        return None


def _capital(title: str) -> str:
    """ "Về việc xây dựng …" leaves a title that begins with a small letter."""
    return title[:1].upper() + title[1:]


def _who(reporter: Name) -> str:
    if _ALL_LEADS.search(fold(reporter["name"])):
        return LEADS
    return UNIT if reporter["unit"] or reporter["group"] else ""


def _recurrence(line: dict[str, Any]) -> str:
    if line["recurring"]:
        return str(line["recurring"])
    dated = line.get("due") or line.get("start")
    return Recurrence.DATED.value if dated else Recurrence.NONE.value


def _span(span: Any) -> Span | None:
    return [int(span[0]), int(span[1])] if span else None


def _spans(source: dict[str, Any]) -> dict[str, Span]:
    return {field: found for field, span in source.items() if (found := _span(span))}
