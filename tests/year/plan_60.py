"""Plan 60/KH-UBND, read from its document and put the way a reviewer would confirm it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tasks.importing.reading import read_document
from tasks.importing.results import Duty, Item, Reading, Words
from tasks.models import Recurrence
from tests.year.province import FOCAL, ISSUER, SCHOOLS, Province
from workflows.actions.issuing import ItemInput, NamedUnit, PlanInput, ReportInput

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"
FOUND = sorted(SEEDS.glob("002_*.txt"))


def read_plan() -> Reading:
    return read_document(FOUND[0].read_bytes(), FOUND[0].name)


def plan_input(reading: Reading, province: Province) -> PlanInput:
    header = reading.header
    assert header.number is not None
    assert header.title is not None
    assert header.period is not None
    assert header.signer is not None
    return PlanInput(
        number=header.number.text,
        title=header.title.text,
        kind=header.type or "",
        signer=header.signer.text,
        issuer=province.units[ISSUER],
        issued_on=header.issued_on,
        focal_unit=province.units[FOCAL],
        supervising_leader=province.people[ISSUER, "leader"],
        start_on=header.period[0],
        end_on=header.period[1],
        text=reading.text,
        sections=[
            (section.code, section.title.text)
            for section in reading.sections
            if section.code in {item.section for item in reading.items}
        ],
        items=[_item(item, province) for item in reading.items],
        reports=[_report(duty, province) for duty in reading.duties],
    )


def _item(item: Item, province: Province) -> ItemInput:
    return ItemInput(
        code=item.code or "",
        title=item.title.text,
        section_code=item.section,
        timeframe_text=item.timeframe.text,
        recurrence=Recurrence(item.timeframe.recurrence or Recurrence.DATED),
        start_on=item.timeframe.start,
        due_on=item.timeframe.due,
        leads=_named(item.leads, province),
        coordinating=_named(item.coordinators, province),
    )


def _named(names: Iterable[Words], province: Province) -> list[NamedUnit]:
    """The units behind the names: a group gives its members, an open group nobody."""
    return [
        NamedUnit(province.units[short], name.text)
        for name in names
        for short in _resolved(name.text, province)
    ]


def _resolved(name: str, province: Province) -> tuple[str, ...]:
    match = province.matcher.resolve(name)
    if match.kind == "open_group":
        return ()
    assert match.ref is not None, f"nobody is registered for {name!r}"
    return SCHOOLS if match.is_group else (match.ref,)


def _report(duty: Duty, province: Province) -> ReportInput:
    """A duty of one named unit, or of all that lead ("các đơn vị được giao chủ trì")."""
    assert duty.who is not None
    who = province.matcher.resolve(duty.who.text).ref
    return ReportInput(
        due_on=duty.timeframe.due,
        unit=province.units[who] if who else None,
        via=province.units[FOCAL] if duty.via else None,
        recipients=[recipient.text for recipient in duty.to],
        source_text=duty.text.text,
    )
