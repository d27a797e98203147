"""Whose report is owed when a lead is replaced."""

from __future__ import annotations

import pytest

from tasks.models import Deadline, Report, ReportState
from tests.factories import lead_part, make_unit
from tests.workflows.world import AT, World, make_world
from workflows.actions import assignment
from workflows.inbox import open_steps

pytestmark = pytest.mark.django_db


def reassigned(world: World) -> Report:
    """The first lead declines, a new unit gets the part; its report."""
    part = lead_part(world.plan, world.units["lead"])
    assignment.decline(participation=part, actor=world.actor("own lead"), at=AT, reason="x")
    heir = make_unit()
    assignment.reassign(participation=part, unit=heir, actor=world.actor("focal"), at=AT, words="x")
    return world.plan.reports.get(unit=heir)


def test_heir_of_a_lead_owes_the_report() -> None:
    world = make_world()
    report = reassigned(world)
    final = world.plan.reports.get(is_consolidated=True)
    assert report.state == ReportState.EXPECTED
    assert report.deadlines.get().due_on == report.period.due_on
    assert set(final.sources.all()) == {
        report,
        world.plan.reports.get(unit=world.units["other_lead"]),
    }


def test_replaced_lead_owes_nothing_more() -> None:
    world = make_world()
    reassigned(world)
    old = world.plan.reports.get(unit=world.units["lead"])
    assert old.state == ReportState.CANCELLED
    assert not Deadline.objects.filter(report=old, closed_at__isnull=True).exists()
    assert not open_steps(world.actor("own lead")).exists()


def test_replaced_lead_that_leads_another_item_still_reports() -> None:
    world = make_world(items=2)
    reassigned(world)
    assert world.plan.reports.get(unit=world.units["lead"]).state == ReportState.EXPECTED


def test_heir_that_leads_elsewhere_owes_one_report() -> None:
    world = make_world(items=2)
    heir = make_unit()
    parts = world.units["lead"].participations.order_by("pk")
    for part in parts:
        assignment.decline(participation=part, actor=world.actor("own lead"), at=AT, reason="x")
        assignment.reassign(
            participation=part, unit=heir, actor=world.actor("focal"), at=AT, words="x"
        )
    assert world.plan.reports.filter(unit=heir).count() == 1
    old = world.plan.reports.get(unit=world.units["lead"])
    assert old.state == ReportState.CANCELLED
