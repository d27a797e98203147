"""The list of reports, one report, and writing it: who sees what, and two writers at once."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from tasks.models import Event, MembershipRole, Participation, Report, Role, Unit
from tasks.reporting.report_letter import annex_lines
from tasks.rules.calendar import local_instant
from tests.factories import make_person, make_plan, make_unit
from tests.workflows.world import World, make_world
from workflows.access import Actor
from workflows.actions.reports import (
    ReportTexts,
    accept_report,
    present_report,
    save_report,
    submit_report,
)

pytestmark = pytest.mark.django_db
NOW = local_instant(dt.date(2023, 12, 4), 9)
WORDS = {"results": "Của tôi", "difficulties": "", "suggestions": "", "next_steps": ""}


@pytest.fixture(autouse=True)
def _december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def world() -> World:
    return make_world()


def report_of(world: World, unit: str = "lead", *, consolidated: bool = False) -> Report:
    return Report.objects.get(unit=world.units[unit], is_consolidated=consolidated)


def write(report: Report, actor: Actor, results: str = "Đã làm") -> None:
    save_report(
        report=report,
        actor=actor,
        at=NOW,
        revision=Report.objects.get(pk=report.pk).revision,
        texts=ReportTexts(results=results),
    )


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


class TestWriting:
    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize(
        ("role", "status"),
        [
            ("own lead", 200),
            ("own lead's leader", 200),
            ("other lead", 403),
            ("own coordinator", 403),
            ("focal", 403),
            ("supervisor", 403),
            ("read-only", 403),
            ("other unit", 404),
            ("administrator", 404),
        ],
    )
    def test_only_the_units_writers_may_write(
        self, world: World, role: str, status: int, method: str
    ) -> None:
        address = reverse("report_edit", args=[report_of(world).pk])
        response = getattr(world.client(role), method)(address, {**WORDS, "revision": 0})
        done = 302 if status == 200 and method == "post" else status
        assert response.status_code == done
        assert Report.objects.get(pk=report_of(world).pk).revision == int(done == 302)

    def test_opening_the_form_writes_nothing(self, world: World) -> None:
        before = Event.objects.count()
        response = get(world.client("own lead"), "report_edit", report_of(world).pk)
        assert "Nhiệm vụ 1" in response.context["form"]["results"].value()
        assert (Event.objects.count(), report_of(world).results) == (before, "")

    def test_saved_text_comes_back_instead_of_the_prefilled_one(self, world: World) -> None:
        write(report_of(world), world.actor("own lead"), "Đã sửa")
        response = get(world.client("own lead"), "report_edit", report_of(world).pk)
        assert response.context["form"]["results"].value() == "Đã sửa"

    def test_save_and_present_does_both(self, world: World) -> None:
        pk = report_of(world).pk
        response = self.post(world, pk, revision=0, present="yes")
        assert response.url == reverse("report", args=[pk])
        assert (report_of(world).state, report_of(world).results) == ("presented", "Của tôi")

    def test_empty_report_is_saved_but_not_presented(self, world: World) -> None:
        pk = report_of(world).pk
        response = self.post(world, pk, revision=0, results=" ", present="yes")
        assert response.url == reverse("report_edit", args=[pk])
        assert (report_of(world).state, report_of(world).revision) == ("drafted", 1)

    def test_second_writer_sees_both_texts_and_loses_none(self, world: World) -> None:
        report = report_of(world)
        write(report, world.actor("own lead's leader"), "Của đồng nghiệp")
        response = self.post(world, report.pk, revision=0)
        form = response.context["form"]
        assert response.status_code == 409
        assert report_of(world).results == "Của đồng nghiệp"
        assert [text for _heading, text in response.context["saved"]] == ["Của đồng nghiệp"]
        assert (form["results"].value(), form["revision"].value()) == ("Của tôi", "1")

    def test_second_save_after_the_warning_is_deliberate(self, world: World) -> None:
        report = report_of(world)
        write(report, world.actor("own lead's leader"), "Của đồng nghiệp")
        again = self.post(world, report.pk, revision=0).context["form"]["revision"].value()
        assert self.post(world, report.pk, revision=again).status_code == 302
        assert (report_of(world).results, report_of(world).revision) == ("Của tôi", 2)

    def test_report_that_left_the_desk_keeps_the_late_text_in_the_form(self, world: World) -> None:
        report = report_of(world)
        write(report, world.actor("own lead"), "Bản trình")
        present_report(report=report, actor=world.actor("own lead"), at=NOW)
        response = self.post(world, report.pk, revision=1)
        assert response.status_code == 409
        assert response.context["form"]["results"].value() == "Của tôi"
        assert report_of(world).results == "Bản trình"

    def test_report_that_left_the_desk_cannot_be_opened_for_writing(self, world: World) -> None:
        report = report_of(world)
        hand_in(report, world, "own lead", "own lead's leader")
        response = get(world.client("own lead"), "report_edit", report.pk)
        assert response.url == reverse("report", args=[report.pk])

    def test_tampered_revision_is_refused(self, world: World) -> None:
        assert self.post(world, report_of(world).pk, revision="x").status_code == 409
        assert report_of(world).revision == 0

    def test_form_costs_the_same_for_one_item_and_for_thirty(self) -> None:
        def cost(items: int) -> int:
            unit = make_unit()
            plan = make_plan(leads=[unit], items=items)
            client = signed_in(unit)
            report = plan.reports.get(unit=unit)
            get(client, "report_edit", report.pk)
            with CaptureQueriesContext(connection) as queries:
                get(client, "report_edit", report.pk)
            return len(queries)

        assert cost(30) == cost(1)

    def post(self, world: World, pk: int, **fields: Any) -> Any:
        address = reverse("report_edit", args=[pk])
        return world.client("own lead").post(address, {**WORDS, **fields})


def test_report_is_saved_as_a_letter_to_sign(world: World) -> None:
    report = report_of(world)
    hand_in(report, world, "own lead", "own lead's leader")
    answer = world.client("focal").get(reverse("report_letter", args=[report.pk]))
    letter = Document(BytesIO(answer.content))
    said = [one.text for one in letter.paragraphs if one.text]
    assert "Đã làm" in said
    assert "04 tháng 12 năm 2023" in letter.tables[0].rows[1].cells[1].text
    assert [row.cells[0].text for row in letter.tables[-1].rows[1:]] == [
        item.code for item in world.plan.items.order_by("position")
    ]


def test_annex_counts_the_items_by_a_formula(world: World) -> None:
    report = report_of(world)
    answer = world.client("own lead").get(reverse("report_annex", args=[report.pk]))
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    count = world.plan.items.count()
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:F{count + 1}"
    assert sheet.cell(count + 2, 2).value == f"=SUBTOTAL(103,B2:B{count + 1})"
    assert isinstance(sheet.cell(2, 4).value, dt.datetime)
    assert isinstance(sheet.cell(2, 5).value, int | float)


def test_annex_of_the_consolidated_report_names_every_lead(world: World) -> None:
    report = report_of(world, "focal", consolidated=True)
    lines = annex_lines(report, today=NOW.date())
    leads = Participation.objects.filter(item__plan=world.plan, role=Role.LEAD).count()
    assert len(lines) == leads
