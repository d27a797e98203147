"""The pages of duties to report: what they show, offer and cost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tasks.models import Report, ReportingObligation
from tests.factories import make_plan, make_unit
from tests.workflows.duty_world import hand_in, leads_duty, request
from tests.workflows.world import AT, World, make_world
from workflows.actions.obligations import feed_duty

pytestmark = pytest.mark.django_db
DECEMBER = dt.date(2023, 12, 1)


@pytest.fixture
def world() -> World:
    return make_world()


def offered(world: World, role: str, duty: ReportingObligation) -> set[str]:
    page = world.client(role).get(reverse("duty", args=[duty.pk]))
    return {offer.name for offer in page.context["offers"]}


def test_each_role_is_offered_its_own_verbs(world: World) -> None:
    duty = request(world, "stranger")
    assert offered(world, "focal", duty) == {"request_withdraw"}
    assert offered(world, "supervisor", duty) == {"request_withdraw"}
    assert offered(world, "own lead", duty) == set()
    hand_in(duty.periods.get().reports.get(), AT)
    assert offered(world, "focal", duty) == set()


def test_missing_units_are_named_and_filtered(world: World) -> None:
    address = reverse("duty", args=[leads_duty(world.plan).pk])
    hand_in(world.plan.reports.get(unit=world.units["lead"]), AT)
    page = world.client("focal").get(address + "?outcome=missing")
    assert [row.unit for row in page.context["table"].rows] == [world.units["other_lead"]]
    ((_period, [(words, cells)]),) = page.context["named"]
    assert (str(words), [cell.report.unit for cell in cells]) == (
        "missing",
        [world.units["other_lead"]],
    )
    nobody = world.client("focal").get(address + "?outcome=late")
    assert nobody.context["table"].rows == []


def test_period_for_which_nobody_was_to_be_asked_says_so(world: World) -> None:
    duty = world.plan.obligations.create(reporters="chosen")
    duty.periods.create(label="Quý I/2023", due_on=DECEMBER, opened_on=dt.date(2023, 11, 1))
    page = world.client("focal").get(reverse("duty", args=[duty.pk])).content.decode()
    assert "no unit owed this report, so nobody was asked" in page


def test_letter_of_a_request_stands_in_the_document_chain(world: World) -> None:
    duty = request(world, "stranger")
    page = world.client("other unit").get(reverse("document", args=[duty.request_id]))
    assert page.status_code == 200
    assert world.plan.document.number in page.content.decode()


def test_request_form_says_whom_each_choice_asks_and_keeps_what_was_typed(world: World) -> None:
    address = reverse("reports_request", args=[world.plan.pk])
    page = world.client("focal").post(address, {"number": "9/X", "reporters": "group"})
    text = page.content.decode()
    leads = sorted(world.units[name].short_name for name in ("lead", "other_lead"))
    assert page.status_code == 422
    assert f"every lead unit: {', '.join(leads)}" in text
    assert 'value="9/X"' in text
    assert "Choose the group that is to report." in text


def cost(world: World, name: str, pk: int) -> int:
    client, address = world.client("focal"), reverse(name, args=[pk])
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_pages_cost_the_same_for_many_units_and_duties() -> None:
    small = make_world()
    large = make_world()
    large.plan = make_plan(
        leads=[make_unit() for _n in range(12)],
        focal=large.units["focal"],
        issuer=large.units["issuer"],
    )
    for number in range(5):
        request(large, number=f"{number}/SKHCN")
    request(small)
    costs = [
        (
            cost(world, "duty_list", world.plan.pk),
            cost(world, "duty", leads_duty(world.plan).pk),
            cost(world, "reports_request", world.plan.pk),
        )
        for world in (small, large)
    ]
    assert costs[0] == costs[1]


def test_source_of_a_plan_below_opens_once_it_is_handed_in(world: World) -> None:
    below = make_plan(
        focal=world.units["lead"], report_on=None, consolidated_on=dt.date(2023, 12, 1)
    )
    below.document.citations.create(target=world.plan.document)
    into = world.plan.obligations.get(unit=world.units["focal"])
    feed_duty(obligation=below.obligations.get(), into=into, actor=world.actor("own lead"), at=AT)
    report, final = below.reports.get(), world.plan.reports.get(is_consolidated=True)
    assert seen(world, "focal", report) == 404
    assert may_open(world, final, report) is False
    hand_in(report, AT)
    assert (seen(world, "focal", report), seen(world, "own coordinator", report)) == (200, 404)
    assert may_open(world, final, report) is True


def seen(world: World, role: str, report: Report) -> int:
    return world.client(role).get(reverse("report", args=[report.pk])).status_code


def may_open(world: World, final: Report, source: Report) -> bool:
    page = world.client("focal").get(reverse("report", args=[final.pk]))
    (row,) = [row for row in page.context["sources"] if row.report == source]
    return bool(row.may_open)


def test_dates_ahead_stand_in_the_calendars_before_they_are_asked_for(world: World) -> None:
    duty = leads_duty(world.plan)
    due_on = dt.date(2099, 3, 10)
    period = duty.periods.create(label="Quý I/2099", due_on=due_on)
    plan = world.client("focal").get(reverse("plan", args=[world.plan.pk]) + "?view=calendar")
    entries = [
        entry
        for month in plan.context["months"]
        for week in month.weeks
        for day in week
        for entry in day.entries
        if day.day == due_on and not day.is_outside
    ]
    assert [entry.period for entry in entries] == [period]
    assert plan.context["ahead"] == [period]
    own = {role: calendar_of(world, role) for role in ("own lead", "own coordinator")}
    assert own == {
        "own lead": [world.plan.reports.get(unit=world.units["lead"]), period],
        "own coordinator": [],
    }


def calendar_of(world: World, role: str) -> list[object]:
    page = world.client(role).get(reverse("report_calendar"))
    return [date for _month, dates in page.context["months"] for date in dates]
