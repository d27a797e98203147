"""Entering figures and correcting them: who may, what stays, what is refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db.models import ProtectedError

from tasks.models import Aggregation, Event, Measurement, ReportState, Target, Verb
from tests.tasks.indicator_world import make_target
from tests.workflows.acts import report_of, small_world, submitted
from tests.workflows.world import AT, World
from workflows.actions.measurements import (
    Correction,
    FigureInput,
    correct_figure,
    enter_figures,
    enter_report_figures,
)
from workflows.actions.supervision import close_plan
from workflows.errors import ActionRefused, NotAllowed, Overtaken

pytestmark = pytest.mark.django_db
YEAR = dt.date(2022, 1, 1), dt.date(2022, 12, 31)


@pytest.fixture
def world() -> World:
    return small_world(reports=True)


@pytest.fixture
def target(world: World) -> Target:
    return make_target(world.plan, world.units["issuer"])


def figure(world: World, target: Target, unit: str = "lead", value: int = 7) -> FigureInput:
    return FigureInput(
        indicator=target.indicator,
        unit=world.units[unit],
        covers_from=YEAR[0],
        covers_to=YEAR[1],
        value=Decimal(value),
        source="Sổ theo dõi",
    )


def entered(world: World, target: Target, role: str = "own lead") -> Measurement:
    (kept,) = enter_figures(
        plan=world.plan, figures=[figure(world, target)], actor=world.actor(role), at=AT
    )
    return kept


def test_figure_says_who_entered_it_from_where(world: World, target: Target) -> None:
    kept = entered(world, target)
    assert (kept.entered_by, kept.source) == (world.people["own lead"], "Sổ theo dõi")
    event = Event.objects.get(verb=Verb.FIGURES_ENTERED)
    assert (event.plan, event.details) == (world.plan, {"figures": [kept.pk]})


@pytest.mark.parametrize(
    ("role", "unit", "may"),
    [
        ("own lead", "lead", True),
        ("own lead's leader", "lead", True),
        ("read-only", "lead", False),
        ("other lead", "lead", False),
        ("focal", "lead", False),
        ("focal", "issuer", True),
        ("issuing officer", "issuer", True),
        ("supervisor", "lead", False),
        ("other unit", "lead", False),
    ],
)
def test_figures_are_the_unit_s_own(
    world: World, target: Target, role: str, unit: str, may: bool
) -> None:
    given = [figure(world, target, unit)]
    if may:
        enter_figures(plan=world.plan, figures=given, actor=world.actor(role), at=AT)
    else:
        with pytest.raises(NotAllowed):
            enter_figures(plan=world.plan, figures=given, actor=world.actor(role), at=AT)
    assert Measurement.objects.exists() is may


def test_second_figure_of_the_same_days_is_refused(world: World, target: Target) -> None:
    entered(world, target)
    with pytest.raises(Overtaken, match="has a figure for these days already: 7"):
        entered(world, target)


def test_one_wrong_figure_keeps_all_from_being_taken(world: World, target: Target) -> None:
    good = figure(world, target)
    bad = replace(good, covers_from=YEAR[1], covers_to=YEAR[0])
    with pytest.raises(ActionRefused, match="before its first day"):
        enter_figures(plan=world.plan, figures=[good, bad], actor=world.actor("own lead"), at=AT)
    assert not Measurement.objects.exists()


def test_weighted_average_needs_its_weight(world: World) -> None:
    target = make_target(
        world.plan, world.units["issuer"], "Tỷ lệ", aggregation=Aggregation.WEIGHTED
    )
    with pytest.raises(ActionRefused, match="needs its weight"):
        entered(world, target)


def test_indicator_that_the_plan_does_not_ask_for_is_refused(world: World) -> None:
    target = make_target(small_world().plan, world.units["issuer"])
    with pytest.raises(ActionRefused, match="no target for"):
        entered(world, target)


def test_correction_keeps_what_stood_there(world: World, target: Target) -> None:
    old = entered(world, target)
    new = correct_figure(
        measurement=old,
        plan=world.plan,
        to=Correction(Decimal("7.5"), "Đếm sót một dự án", "Biên bản 12"),
        actor=world.actor("own lead"),
        at=AT,
    )
    old = Measurement.objects.get(pk=old.pk)
    assert (old.value, old.replaced_at, new.replaces) == (Decimal(7), AT, old)
    event = Event.objects.get(verb=Verb.FIGURE_CORRECTED)
    assert event.words == "Dự án được hỗ trợ: 7 → 7,5. Đếm sót một dự án"


def test_correction_needs_a_reason_and_is_made_once(world: World, target: Target) -> None:
    old = entered(world, target)
    about = {"measurement": old, "plan": world.plan, "actor": world.actor("own lead"), "at": AT}
    with pytest.raises(ActionRefused, match="Write the reason"):
        correct_figure(to=Correction(Decimal(8), "  "), **about)
    correct_figure(to=Correction(Decimal(8), "Nhầm"), **about)
    with pytest.raises(Overtaken, match="corrected a moment ago"):
        correct_figure(to=Correction(Decimal(9), "Nhầm"), **about)


def test_other_unit_corrects_nothing(world: World, target: Target) -> None:
    with pytest.raises(NotAllowed):
        correct_figure(
            measurement=entered(world, target),
            plan=world.plan,
            to=Correction(Decimal(8), "Nhầm"),
            actor=world.actor("focal"),
            at=AT,
        )


def test_corrected_figure_cannot_be_deleted(world: World, target: Target) -> None:
    old = entered(world, target)
    correct_figure(
        measurement=old,
        plan=world.plan,
        to=Correction(Decimal(8), "Nhầm"),
        actor=world.actor("own lead"),
        at=AT,
    )
    with pytest.raises(ProtectedError):
        old.delete()


def test_figures_of_a_report_carry_it(world: World, target: Target) -> None:
    (kept,) = enter_report_figures(
        report=report_of(world),
        figures=[figure(world, target)],
        actor=world.actor("own lead"),
        at=AT,
    )
    assert kept.report == report_of(world)


def test_figures_of_a_submitted_report_are_no_longer_entered(world: World, target: Target) -> None:
    report = submitted(world)
    assert report.state == ReportState.SUBMITTED
    with pytest.raises(Overtaken):
        enter_report_figures(
            report=report,
            figures=[figure(world, target)],
            actor=world.actor("own lead"),
            at=AT,
        )


def test_closed_plan_takes_no_figures(world: World, target: Target) -> None:
    world.plan.items.all().delete()
    world.plan.reports.all().delete()
    close_plan(plan=world.plan, actor=world.actor("supervisor"), at=AT)
    world.plan = type(world.plan).objects.get(pk=world.plan.pk)
    with pytest.raises(ActionRefused, match="plan is closed"):
        entered(world, target)
