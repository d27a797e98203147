"""A plan of two sections whose lead units report, up to what the focal unit consolidates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tasks.models import MembershipRole, Report, Section, SectionKind
from tests.factories import make_actor
from tests.workflows.world import AT, World, make_world
from workflows.access import Actor
from workflows.actions import reports

NEXT_DAY = AT + dt.timedelta(days=1)
OFFICERS = {"lead": "own lead", "other_lead": "other lead", "focal": "focal"}


def consolidation_world() -> World:
    """Items I.1 and I.2 of `make_world` stand in the sections A and B."""
    world = make_world(items=2)
    for number, item in enumerate(world.plan.items.order_by("position")):
        item.section = Section.objects.create(
            plan=world.plan, code="AB"[number], title=f"Mục {number + 1}", position=number
        )
        item.save(update_fields=["section"])
    world.actors = {unit: make_actor(world.units[unit], MembershipRole.LEADER) for unit in OFFICERS}
    return world


def report_of(world: World, unit: str) -> Report:
    return Report.objects.get(plan=world.plan, unit=world.units[unit])


def officer(world: World, unit: str) -> Actor:
    return world.actor(OFFICERS[unit])


def write(world: World, unit: str, results: str, **others: str) -> Report:
    report = report_of(world, unit)
    texts = {SectionKind.RESULTS: results} | {
        SectionKind(kind): text for kind, text in others.items()
    }
    listed = reports.texts_by_kind(report, texts)
    reports.save_report(report=report, actor=officer(world, unit), at=AT, texts=listed)
    return report


def hand_in(world: World, unit: str) -> Report:
    about: dict[str, Any] = {"report": report_of(world, unit), "at": AT}
    reports.present_report(**about, actor=officer(world, unit))
    reports.submit_report(**about, actor=world.actors[unit])
    return report_of(world, unit)


def accepted(world: World, unit: str, results: str, **others: str) -> Report:
    write(world, unit, results, **others)
    report = hand_in(world, unit)
    reports.accept_report(report=report, actor=world.actor("focal"), at=NEXT_DAY)
    return report_of(world, unit)


def consolidated(world: World) -> Report:
    return report_of(world, "focal")
