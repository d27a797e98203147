"""Duties to report that begin, change or end while the plan runs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tasks.models import (
    Document,
    Event,
    Recurrence,
    Reporters,
    ReportingObligation,
    ReportState,
    UnitGroup,
    UnitGroupMember,
    Verb,
    Window,
)
from tasks.rules.calendar import local_instant
from tests.factories import make_plan
from tests.workflows.duty_world import hand_in, leads_duty, request
from tests.workflows.world import AT, World, make_world
from workflows.access import visible_plans, visible_reports
from workflows.actions import obligations
from workflows.actions.obligations import DutyChange, feed_duty, withdraw_request
from workflows.actions.periods import keep_periods
from workflows.errors import ActionRefused, NotAllowed, Overtaken

pytestmark = pytest.mark.django_db
MAY = local_instant(dt.date(2023, 5, 3), 9)


@pytest.fixture
def world() -> World:
    return make_world()


def test_request_asks_each_unit_and_joins_the_documents(world: World) -> None:
    duty = request(world, "stranger", "lead")
    reports = duty.periods.get().reports.all()
    asked = {report.unit: (report.state, report.reviewer) for report in reports}
    focal = world.units["focal"]
    assert asked == {
        world.units["stranger"]: (ReportState.EXPECTED, focal),
        world.units["lead"]: (ReportState.EXPECTED, focal),
    }
    assert world.plan.document.cited_in.get().source == duty.request
    assert visible_plans(world.actor("other unit")).get() == world.plan
    told = Event.objects.filter(verb=Verb.REPORT_ASKED, report__in=reports)
    assert told.count() == 2


def test_request_asks_the_members_of_that_day(world: World) -> None:
    group = UnitGroup.objects.create(name="UBND các xã")
    for name, last in (("stranger", None), ("lead", dt.date(2023, 4, 30))):
        UnitGroupMember.objects.create(group=group, unit=world.units[name], valid_until=last)
    duty = request(world, reporters=Reporters.GROUP, group=group)
    assert [report.unit for report in duty.periods.get().reports.all()] == [world.units["stranger"]]


def test_request_to_nobody_and_a_known_letter_are_refused(world: World) -> None:
    group = UnitGroup.objects.create(name="Không có ai")
    with pytest.raises(ActionRefused, match="Nobody would be asked"):
        request(world, reporters=Reporters.GROUP, group=group)
    request(world, "lead")
    with pytest.raises(ActionRefused, match="152/SKHCN-QLCN of this day was already entered"):
        request(world, "lead")
    assert Document.objects.filter(number="152/SKHCN-QLCN").count() == 1


def test_withdrawn_request_waits_for_nobody(world: World) -> None:
    duty = request(world, "lead", "stranger")
    about: dict[str, Any] = {"actor": world.actor("supervisor"), "at": MAY}
    withdraw_request(obligation=duty, reason="Đã có số liệu", **about)
    reports = duty.periods.get().reports.all()
    assert {report.state for report in reports} == {ReportState.CANCELLED}
    assert Event.objects.filter(verb=Verb.REPORT_CALLED_OFF).count() == 2
    assert duty.events.first().words == "Kết quả thực hiện Quyết định 827/QĐ-UBND"
    assert duty.events.last().words == "Đã có số liệu"


def test_request_that_somebody_answered_is_not_withdrawn(world: World) -> None:
    duty = request(world, "lead", "stranger")
    hand_in(duty.periods.get().reports.get(unit=world.units["lead"]), MAY)
    about: dict[str, Any] = {"actor": world.actor("focal"), "at": MAY, "reason": "x"}
    with pytest.raises(Overtaken, match="already handed its report in"):
        withdraw_request(obligation=duty, **about)
    states = set(duty.periods.get().reports.values_list("state", flat=True))
    assert states == {ReportState.SUBMITTED, ReportState.EXPECTED}


def quarterly(world: World) -> ReportingObligation:
    """The duty of the leads, from 10 December 2023 on every quarter; more dates lie ahead."""
    duty = leads_duty(world.plan)
    duty.recurrence, duty.rule = Recurrence.QUARTERLY, "day 10 of month 3, 6, 9, 12"
    duty.save()
    keep_periods(at=local_instant(dt.date(2023, 12, 1), 9))
    return duty


def change(world: World, duty: ReportingObligation, day: dt.date, **given: Any) -> None:
    about = {"recurrence": Recurrence.QUARTERLY, "window": Window.CALENDAR, "recipients": ["UBND"]}
    obligations.change_duty(
        obligation=duty,
        change=DutyChange(**{**about, **given}),
        reason="Theo chỉ đạo mới",
        actor=world.actor("focal"),
        at=local_instant(day, 9),
    )


def dates(duty: ReportingObligation) -> list[str]:
    return [f"{period.due_on:%d/%m/%Y}" for period in duty.periods.all()]


def test_changed_day_moves_what_was_not_asked_for(world: World) -> None:
    duty = quarterly(world)
    assert dates(duty)[:3] == ["10/12/2023", "10/03/2024", "10/06/2024"]
    change(world, duty, dt.date(2023, 12, 1), next_on=dt.date(2024, 3, 5))
    assert dates(duty)[:3] == ["10/12/2023", "05/03/2024", "05/06/2024"]
    duty.refresh_from_db()
    assert (duty.recipient_names, duty.window) == (["UBND"], "calendar")
    assert duty.events.get().words == "Theo chỉ đạo mới"


def test_ended_duty_keeps_what_was_asked_for(world: World) -> None:
    duty = quarterly(world)
    change(world, duty, dt.date(2023, 12, 1), ends_on=dt.date(2023, 12, 1))
    assert dates(duty) == ["10/12/2023"]
    assert duty.periods.get().reports.count() == 2
    keep_periods(at=local_instant(dt.date(2024, 6, 1), 9))
    assert dates(duty) == ["10/12/2023"]


def test_next_date_before_one_already_asked_for_is_refused(world: World) -> None:
    duty = quarterly(world)
    with pytest.raises(ActionRefused, match="must lie after"):
        change(world, duty, dt.date(2023, 12, 1), next_on=dt.date(2023, 12, 9))
    assert dates(duty)[1] == "10/03/2024"


def district(world: World) -> ReportingObligation:
    """The consolidated report, due 1 December, of a plan below whose document cites the plan's."""
    lower = make_plan(
        focal=world.units["lead"],
        report_on=None,
        consolidated_on=dt.date(2023, 12, 1),
    )
    lower.document.citations.create(target=world.plan.document)
    return lower.obligations.get()


def test_report_of_a_plan_below_feeds_the_one_above(world: World) -> None:
    below, above = district(world), world.plan.obligations.get(unit=world.units["focal"])
    feed_duty(obligation=below, into=above, actor=world.actor("own lead"), at=AT)
    report, final = below.periods.get().reports.get(), above.periods.get().reports.get()
    assert below.periods.get().feeds == above.periods.get()
    assert report in final.sources.all()
    focal, stranger = world.actor("focal"), world.actor("other unit")
    assert not visible_reports(focal).filter(pk=report.pk).exists()
    hand_in(report, AT)
    assert visible_reports(focal).filter(pk=report.pk).exists()
    assert not visible_reports(stranger).filter(pk=report.pk).exists()


def test_report_feeds_only_a_plan_that_is_cited(world: World) -> None:
    other = make_plan(focal=world.units["lead"], report_on=None)
    above = world.plan.obligations.get(unit=world.units["focal"])
    with pytest.raises(NotAllowed):
        feed_duty(
            obligation=other.obligations.get(), into=above, actor=world.actor("own lead"), at=AT
        )


def test_report_that_an_own_consolidated_one_draws_on_is_not_linked_elsewhere(
    world: World,
) -> None:
    below = make_plan(focal=world.units["lead"])
    below.document.citations.create(target=world.plan.document)
    leads = leads_duty(below)
    assert not obligations.feedable(leads, world.actor("own lead")).exists()
