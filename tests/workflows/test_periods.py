"""Recurring reports: dates laid out ahead, reports asked for on their day, once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from tasks.models import (
    Event,
    Plan,
    Recurrence,
    Report,
    ReportingObligation,
    ReportingPeriod,
    Unit,
    UnitGroup,
    UnitGroupMember,
    Verb,
)
from tasks.rules.calendar import local_instant
from tests.factories import ISSUED_AT, make_actor, make_person, make_unit
from workflows.access import Actor
from workflows.actions import periods
from workflows.actions.issuing import ItemInput, NamedUnit, PlanInput, ReportInput, issue_plan
from workflows.actions.owed_reports import expect_report, owe_reports
from workflows.actions.periods import Kept, keep_periods

pytestmark = pytest.mark.django_db


def on(day: int, month: int, year: int = 2023) -> dt.date:
    return dt.date(year, month, day)


def yearly(**more: Any) -> ReportInput:
    given: dict[str, Any] = {
        "recurrence": Recurrence.YEARLY,
        "rule": "yearly 12-10",
        "due_on": on(10, 12),
    }
    return ReportInput(**{**given, **more})


def issue(*reports: ReportInput, focal: Unit, leads: list[Unit], **more: Any) -> Plan:
    issuer = make_unit(may_issue=True)
    named = [NamedUnit(unit, unit.name) for unit in leads]
    given = PlanInput(
        number="7/KH-UBND",
        title="Kế hoạch nhiều năm",
        issuer=issuer,
        issued_on=on(15, 3),
        focal_unit=focal,
        items=[ItemInput(code="I.1", title="Việc", leads=named)],
        reports=reports,
        **more,
    )
    return issue_plan(
        plan_input=given, draft=None, actor=Actor(make_person(issuer), issuer), at=ISSUED_AT
    )


def keep(day: int, month: int, year: int = 2023) -> Kept:
    return keep_periods(at=local_instant(on(day, month, year), 0, 10))


def dates(plan: Plan, **of: object) -> list[tuple[dt.date, bool]]:
    found = ReportingPeriod.objects.filter(obligation__plan=plan, **of).order_by("due_on")
    return [(one.due_on, one.opened_on is not None) for one in found]


def owing(plan: Plan, year: int) -> set[Unit]:
    return {one.unit for one in plan.reports.filter(period__due_on__year=year)}


@pytest.fixture
def focal() -> Unit:
    return make_unit()


@pytest.fixture
def lead() -> Unit:
    return make_unit()


def test_first_report_is_asked_for_at_issue_and_the_next_lies_in_the_calendar(
    focal: Unit, lead: Unit
) -> None:
    plan = issue(yearly(), focal=focal, leads=[lead])
    assert dates(plan) == [(on(10, 12), True)]
    assert keep(1, 1, 2024) == Kept(laid_out=1)
    assert dates(plan) == [(on(10, 12), True), (on(10, 12, 2024), False)]
    period = ReportingPeriod.objects.get(due_on=on(10, 12, 2024))
    assert period.label == "Năm 2024"
    assert (period.data_from, period.data_to) == (on(15, 12), on(14, 12, 2024))


def test_report_is_asked_for_a_month_ahead_and_once(focal: Unit, lead: Unit) -> None:
    plan = issue(yearly(), focal=focal, leads=[lead])
    keep(1, 1, 2024)
    assert keep(9, 11, 2024) == Kept(laid_out=1)
    assert keep(10, 11, 2024) == Kept(opened=1, asked=1)
    assert keep(10, 11, 2024) == Kept()
    report = Report.objects.get(period__due_on=on(10, 12, 2024))
    assert report.deadlines.get().due_on == on(10, 12, 2024)
    told = Event.objects.get(verb=Verb.REPORT_ASKED)
    assert (told.report, told.actor) == (report, None)
    assert plan.reports.count() == 2


def test_monthly_report_is_asked_for_when_the_last_one_was_due(focal: Unit, lead: Unit) -> None:
    monthly = ReportInput(due_on=on(22, 3), recurrence=Recurrence.MONTHLY, rule="monthly day 22")
    plan = issue(monthly, focal=focal, leads=[lead])
    assert len(dates(plan)) == 13
    assert dates(plan, opened_on__isnull=False) == [(on(22, 3), True)]
    assert keep(22, 3).opened == 0
    assert keep(23, 3).opened == 1
    assert dates(plan, opened_on__isnull=False) == [(on(22, 3), True), (on(22, 4), True)]


def test_consolidated_report_of_each_year_draws_on_the_reports_of_that_year(
    focal: Unit, lead: Unit
) -> None:
    final = yearly(unit=focal, due_on=on(20, 12), rule="yearly 12-20")
    plan = issue(yearly(), final, focal=focal, leads=[lead])
    keep(1, 1, 2024)
    assert keep(10, 11, 2024).asked == 2
    for year in (2023, 2024):
        consolidated = plan.reports.get(is_consolidated=True, period__due_on__year=year)
        (source,) = consolidated.sources.all()
        assert (source.unit, source.period.due_on) == (lead, on(10, 12, year))


def test_quarterly_reports_feed_the_report_of_the_year(focal: Unit, lead: Unit) -> None:
    rule = "day 05 of month 3, 6, 9, 12"
    quarterly = ReportInput(due_on=on(5, 6), recurrence=Recurrence.QUARTERLY, rule=rule)
    final = yearly(unit=focal, due_on=on(20, 12), rule="yearly 12-20")
    plan = issue(quarterly, final, focal=focal, leads=[lead])
    for month in (8, 11):
        keep(20, month)
    consolidated = plan.reports.get(is_consolidated=True)
    drawn = consolidated.sources.order_by("period__due_on")
    assert [one.period.label for one in drawn] == ["Quý II/2023", "Quý III/2023", "Quý IV/2023"]


def test_group_is_asked_by_who_belongs_to_it_on_the_day(focal: Unit, lead: Unit) -> None:
    group = UnitGroup.objects.create(name="UBND các huyện")
    stays, goes, comes = make_unit(), make_unit(), make_unit()
    for unit, until, since in (
        (stays, None, None),
        (goes, on(30, 6, 2024), None),
        (comes, None, on(1, 7, 2024)),
    ):
        UnitGroupMember.objects.create(group=group, unit=unit, valid_until=until, valid_from=since)
    plan = issue(yearly(group=group, members=[stays, goes]), focal=focal, leads=[lead])
    keep(1, 1, 2024)
    keep(10, 11, 2024)
    assert owing(plan, 2023) == {stays, goes}
    assert owing(plan, 2024) == {stays, comes}


def test_lead_that_was_replaced_is_not_asked_again(focal: Unit, lead: Unit) -> None:
    plan = issue(yearly(), focal=focal, leads=[lead])
    plan.items.get().participations.update(state="replaced")
    keep(1, 1, 2024)
    assert keep(10, 11, 2024).asked == 0


def test_nothing_recurs_after_the_plan_or_the_duty_has_ended(focal: Unit, lead: Unit) -> None:
    plan = issue(yearly(), focal=focal, leads=[lead], end_on=on(31, 12, 2024))
    keep(1, 1, 2024)
    keep(1, 6, 2025)
    assert [day.year for day, _opened in dates(plan)] == [2023, 2024]


def test_closed_plan_asks_for_nothing(focal: Unit, lead: Unit) -> None:
    plan = issue(yearly(), focal=focal, leads=[lead])
    keep(1, 1, 2024)
    plan.close()
    plan.closed_at = ISSUED_AT
    plan.save()
    assert keep(10, 11, 2024) == Kept()


def test_single_report_does_not_recur(focal: Unit, lead: Unit) -> None:
    plan = issue(ReportInput(due_on=on(10, 12)), focal=focal, leads=[lead])
    keep(1, 1, 2024)
    assert dates(plan) == [(on(10, 12), True)]


def test_death_while_asking_asks_nobody_and_the_next_run_asks_all(
    focal: Unit, lead: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = issue(yearly(), focal=focal, leads=[lead, make_unit()])
    keep(1, 1, 2024)
    asked: list[Unit] = []

    def dies_at_the_second(period: ReportingPeriod, unit: Unit, **how: Any) -> Report:
        asked.append(unit)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return expect_report(period, unit, **how)

    monkeypatch.setattr(periods, "expect_report", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        keep(10, 11, 2024)
    monkeypatch.undo()
    assert owing(plan, 2024) == set()
    assert keep(10, 11, 2024).asked == 2


def test_who_leads_later_owes_no_report_that_was_not_asked_for(focal: Unit, lead: Unit) -> None:
    plan = issue(yearly(), focal=focal, leads=[lead])
    keep(1, 1, 2024)
    later = make_unit()
    owe_reports(plan, later, actor=make_actor(focal), at=ISSUED_AT)
    assert owing(plan, 2023) == {lead, later}
    assert owing(plan, 2024) == set()
    assert ReportingObligation.objects.get().reporters == "leads"
