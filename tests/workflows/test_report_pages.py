"""The list of reports, one report, and writing it: who sees what, and two writers at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tasks.models import MembershipRole, Participation, Report, Role, SectionKind, Unit
from tasks.reporting.gathering import gather
from tasks.rules.calendar import local_instant
from tests.factories import make_person, make_plan, make_unit
from tests.workflows.world import World, make_world
from workflows.access import Actor
from workflows.actions.reports import (
    accept_report,
    present_report,
    save_report,
    submit_report,
    texts_by_kind,
)

pytestmark = pytest.mark.django_db
NOW = local_instant(dt.date(2023, 12, 4), 9)


@pytest.fixture(autouse=True)
def _december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def world() -> World:
    return make_world()


def report_of(world: World, unit: str = "lead", *, consolidated: bool = False) -> Report:
    return Report.objects.get(unit=world.units[unit], is_consolidated=consolidated)


def write(report: Report, actor: Actor, results: str = "Đã làm") -> None:
    texts = texts_by_kind(report, {SectionKind.RESULTS: results})
    save_report(report=report, actor=actor, at=NOW, texts=texts)


def hand_in(report: Report, world: World, officer: str, leader: str) -> None:
    write(report, world.actor(officer))
    present_report(report=report, actor=world.actor(officer), at=NOW)
    submit_report(report=report, actor=world.actor(leader), at=NOW)


def get(client: Client, name: str, *args: int, **query: Any) -> Any:
    return client.get(reverse(name, args=args), query)


class TestList:
    def test_list_shows_own_and_incoming_reports(self, world: World) -> None:
        response = get(world.client("focal"), "report_list")
        assert list(response.context["own"]) == [report_of(world, "focal", consolidated=True)]
        assert {report.unit for report in response.context["incoming"]} == {
            world.units["lead"],
            world.units["other_lead"],
        }

    def test_list_puts_what_waits_for_me_first(self, world: World) -> None:
        hand_in(report_of(world), world, "own lead", "own lead's leader")
        rows = get(world.client("focal"), "report_list").context["incoming_rows"]
        assert [(row.report.state, row.offer and row.offer.name) for row in rows] == [
            ("submitted", "report"),
            ("expected", None),
        ]

    @pytest.mark.parametrize(
        ("role", "offered"),
        [("own lead", "report_edit"), ("own lead's leader", "report_edit"), ("read-only", None)],
    )
    def test_list_offers_only_what_one_may_do(
        self, world: World, role: str, offered: str | None
    ) -> None:
        (row,) = get(world.client(role), "report_list").context["own_rows"]
        assert (row.offer and row.offer.name) == offered

    def test_list_of_a_stranger_is_empty(self, world: World) -> None:
        response = get(world.client("other unit"), "report_list")
        assert (response.status_code, list(response.context["own"])) == (200, [])

    def test_list_asks_the_anonymous_to_sign_in(self, world: World) -> None:
        assert get(world.client("anonymous"), "report_list").status_code == 302

    @pytest.mark.parametrize(("state", "number"), [("expected", 1), ("accepted", 0), ("x", 1)])
    def test_list_follows_the_state(self, world: World, state: str, number: int) -> None:
        response = get(world.client("own lead"), "report_list", state=state)
        assert response.context["own"].paginator.count == number

    def test_list_costs_the_same_for_one_report_and_for_thirty(self) -> None:
        def cost(reports: int) -> int:
            unit = make_unit()
            for _n in range(reports):
                make_plan(leads=[unit], focal=unit)
            client = signed_in(unit)
            get(client, "report_list")
            with CaptureQueriesContext(connection) as queries:
                response = get(client, "report_list")
            assert len(response.context["own_rows"]) == 2 * reports
            return len(queries)

        assert cost(20) == cost(1)


def signed_in(unit: Unit, role: MembershipRole = MembershipRole.OFFICER) -> Client:
    client = Client()
    client.force_login(make_person(unit, role))
    return client


class TestPage:
    @pytest.mark.parametrize(
        ("role", "status"),
        [
            ("own lead", 200),
            ("other lead", 200),
            ("own coordinator", 200),
            ("focal", 200),
            ("supervisor", 200),
            ("read-only", 200),
            ("other unit", 404),
            ("administrator", 404),
            ("anonymous", 302),
        ],
    )
    def test_page_is_for_the_plans_units(self, world: World, role: str, status: int) -> None:
        assert get(world.client(role), "report", report_of(world).pk).status_code == status

    @pytest.mark.parametrize(
        ("role", "names"),
        [
            ("own lead's leader", ["report_submit", "report_send_back"]),
            ("own lead", []),
            ("focal", []),
        ],
    )
    def test_page_offers_the_leader_to_submit(
        self, world: World, role: str, names: list[str]
    ) -> None:
        report = report_of(world)
        write(report, world.actor("own lead"))
        present_report(report=report, actor=world.actor("own lead"), at=NOW)
        response = get(world.client(role), "report", report.pk)
        assert [offer.name for offer in response.context["offers"]] == names

    def test_empty_report_is_not_offered_for_presenting(self, world: World) -> None:
        response = get(world.client("own lead"), "report", report_of(world).pk)
        assert [offer.name for offer in response.context["offers"]] == ["report_edit"]

    def test_page_warns_of_a_due_date_on_a_rest_day(self, world: World) -> None:
        response = get(world.client("own lead"), "report", report_of(world).pk)
        assert response.context["rest_day"] == dt.date(2023, 12, 8)

    def test_text_is_escaped_and_keeps_its_lines(self, world: World) -> None:
        report = report_of(world)
        write(report, world.actor("own lead"), "Một <b>\nHai")
        response = get(world.client("own lead"), "report", report.pk)
        assert "<p>Một &lt;b&gt;<br>Hai</p>" in response.content.decode()

    def test_consolidated_page_counts_what_is_ready(self, world: World) -> None:
        source = report_of(world)
        hand_in(source, world, "own lead", "own lead's leader")
        accept_report(report=source, actor=world.actor("focal"), at=NOW)
        final = report_of(world, "focal", consolidated=True)
        response = get(world.client("focal"), "report", final.pk)
        assert response.context["counts"] == {
            "all": 2, "ready": 1, "accepted": 1, "to_accept": 0, "late": 0, "to_come": 1,
        }  # fmt: skip
        assert [row.report.unit for row in response.context["sources"]] == [
            world.units["other_lead"],
            world.units["lead"],
        ]

    @pytest.mark.parametrize(
        ("role", "may"), [("focal", True), ("supervisor", True), ("own lead", False)]
    )
    def test_late_source_can_be_followed_up_by_overseers(
        self, world: World, role: str, may: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        late = local_instant(dt.date(2023, 12, 12), 9)
        monkeypatch.setattr(timezone, "now", lambda: late)
        final = report_of(world, "focal", consolidated=True)
        sources = get(world.client(role), "report", final.pk).context["sources"]
        assert [row.is_late for row in sources] == [True, True]
        assert [row.reminder is not None for row in sources] == [may, may]

    def test_consolidated_page_costs_the_same_for_one_source_and_for_thirty(self) -> None:
        def cost(sources: int) -> int:
            focal = make_unit()
            make_plan(leads=[make_unit() for _n in range(sources)], focal=focal)
            final = Report.objects.get(unit=focal)
            client = signed_in(focal)
            get(client, "report", final.pk)
            with CaptureQueriesContext(connection) as queries:
                response = get(client, "report", final.pk)
            assert len(response.context["sources"]) == sources
            return len(queries)

        assert cost(30) == cost(1)


def test_annex_of_the_consolidated_report_names_every_lead(world: World) -> None:
    report = report_of(world, "focal", consolidated=True)
    leads = Participation.objects.filter(item__plan=world.plan, role=Role.LEAD).count()
    assert len(gather(report, today=NOW.date()).annex) == leads
