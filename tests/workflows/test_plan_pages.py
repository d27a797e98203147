"""The list of plans, the plan page in three views and as a table, and documents."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tasks import plan_queries
from tasks.models import (
    Citation,
    Deadline,
    Document,
    Event,
    Participation,
    Plan,
    PlanItem,
    Report,
    Role,
    Unit,
)
from tasks.plan_csv import harmless
from tasks.plan_queries import item_rows
from tasks.rules.calendar import WorkingCalendar, local_instant
from tasks.rules.timeliness import Timeliness
from tasks.timeline import Piece, Span, scale_for
from tests.factories import make_person, make_plan, make_unit
from tests.workflows.world import AT, World, lead_part, make_world
from workflows.actions.assignment import acknowledge
from workflows.actions.extensions import grant_extension, request_extension
from workflows.actions.work import accept_completion, claim_completion

pytestmark = pytest.mark.django_db
TODAY = dt.date(2023, 7, 4)
READERS = ("own lead", "other lead", "own coordinator", "focal", "supervisor", "read-only")
VIEWS = ("list", "timeline", "calendar")


@pytest.fixture(autouse=True)
def _july(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: local_instant(TODAY, 9))


@pytest.fixture
def world() -> World:
    return make_world()


def get(client: Client, name: str, *args: int, **query: Any) -> Any:
    return client.get(reverse(name, args=args), query)


def queries_of(client: Client, name: str, *args: int, **query: Any) -> int:
    get(client, name, *args, **query)
    with CaptureQueriesContext(connection) as queries:
        assert get(client, name, *args, **query).status_code == 200
    return len(queries)


def client_of(unit: Unit) -> Client:
    client = Client()
    client.force_login(make_person(unit))
    return client


def finish(world: World, unit: str, role: str) -> None:
    part = lead_part(world.plan, world.units[unit])
    acknowledge(participation=part, actor=world.actor(role), at=AT)
    claim_completion(participation=part, actor=world.actor(role), at=AT, words="Xong")
    accept_completion(participation=part, actor=world.actor("focal"), at=AT)


def found_by(client: Client, values: Iterable[str], by: str = "q") -> dict[str, int]:
    """How many plans the list shows for each value of `by`."""
    pages = {value: get(client, "plan_list", **{by: value}) for value in values}
    return {value: page.context["page"].paginator.count for value, page in pages.items()}


class TestList:
    def test_list_shows_the_plans_of_the_acting_unit(self, world: World) -> None:
        make_plan()
        pages = [get(world.client(role), "plan_list").context["page"] for role in READERS]
        assert [list(page) for page in pages] == [[world.plan]] * len(READERS)

    def test_list_of_a_stranger_is_empty(self, world: World) -> None:
        page = get(world.client("other unit"), "plan_list").context["page"]
        assert list(page) == []

    def test_list_asks_the_anonymous_to_sign_in(self, world: World) -> None:
        assert get(world.client("anonymous"), "plan_list").status_code == 302

    def test_list_counts_each_item_once(self, world: World) -> None:
        finish(world, "lead", "own lead")
        (plan,) = get(world.client("own lead"), "plan_list").context["page"]
        figures = (plan.item_count, plan.done_count, plan.overdue_count, plan.next_on)
        assert figures == (1, 0, 1, dt.date(2023, 12, 10))

    def test_list_counts_an_item_that_two_units_owe_once(self, world: World) -> None:
        (plan,) = get(world.client("own lead"), "plan_list").context["page"]
        assert (plan.overdue_count, plan.late_reports) == (1, 0)

    def test_search_ignores_accents_and_case(self, world: World) -> None:
        wanted = {"nhiem vu": 1, "NHIỆM VỤ 1": 1, "i.1": 1, "thu nghiem": 1, "tau thuy": 0}
        assert found_by(world.client("own lead"), wanted) == wanted

    def test_search_names_the_items_it_found(self, world: World) -> None:
        response = get(world.client("own lead"), "plan_list", q="nhiem vu 1")
        assert response.context["rows"] == [(world.plan, [PlanItem.objects.get()])]

    def test_search_among_very_many_items_leaves_the_database_to_look(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(plan_queries, "FOLDED_SEARCH_LIMIT", 0)
        wanted = {"Nhiệm 1": 1, "KH-UBND": 1, "tàu": 0}
        assert found_by(world.client("own lead"), wanted) == wanted

    def test_search_does_not_look_into_plans_of_others(self, world: World) -> None:
        assert found_by(world.client("other unit"), ["nhiem vu"]) == {"nhiem vu": 0}

    def test_list_follows_the_state(self, world: World) -> None:
        wanted = {"running": 1, "closed": 0, "nonsense": 1}
        assert found_by(world.client("own lead"), wanted, by="state") == wanted

    def test_list_leads_issuers_to_a_new_plan(self, world: World) -> None:
        pages = [get(world.client(r), "plan_list") for r in ("issuing officer", "own lead")]
        link = f'href="{reverse("draft_upload")}"'
        assert [page.content.decode().count(link) for page in pages] == [1, 0]

    @pytest.mark.parametrize("query", [{}, {"q": "nhiem vu"}])
    def test_list_costs_the_same_for_one_plan_and_for_thirty(self, query: dict[str, str]) -> None:
        def cost(plans: int) -> int:
            unit, focal = make_unit(), make_unit()
            for _n in range(plans):
                make_plan(leads=[unit], focal=focal, report_on=None, consolidated_on=None)
            return queries_of(client_of(unit), "plan_list", **query)

        assert cost(30) == cost(1)


class TestPage:
    @pytest.mark.parametrize("view", VIEWS)
    def test_page_opens_for_every_unit_of_the_plan(self, world: World, view: str) -> None:
        pages = [get(world.client(role), "plan", world.plan.pk, view=view) for role in READERS]
        assert [page.context["view"] for page in pages] == [view] * len(READERS)

    def test_page_stays_hidden_from_others(self, world: World) -> None:
        others = ("other unit", "administrator", "anonymous")
        pages = [get(world.client(role), "plan", world.plan.pk) for role in others]
        assert [page.status_code for page in pages] == [404, 404, 302]

    def test_page_writes_nothing_and_takes_no_post(self, world: World) -> None:
        before = Event.objects.count()
        answer = world.client("focal").post(reverse("plan", args=[world.plan.pk]))
        assert (answer.status_code, Event.objects.count()) == (405, before)

    def test_way_names_what_is_in_and_what_is_missing(self, world: World) -> None:
        report = Report.objects.get(unit=world.units["lead"])
        Report.objects.filter(pk=report.pk).update(
            state="submitted", approved_by=world.people["own lead's leader"], submitted_at=AT
        )
        stages = get(world.client("focal"), "plan", world.plan.pk).context["stages"]
        assert [(s.due_on, s.submitted, [r.unit for r in s.missing]) for s in stages] == [
            (dt.date(2023, 12, 10), [report], [world.units["other_lead"]]),
            (dt.date(2023, 12, 20), [], [world.units["focal"]]),
        ]

    def test_only_overseers_may_follow_up(self, world: World) -> None:
        roles = ("focal", "supervisor", "issuing officer", "own lead", "read-only")
        pages = [get(world.client(role), "plan", world.plan.pk) for role in roles]
        links = [re.findall(r"/deadlines/\d+/follow-up/", p.content.decode()) for p in pages]
        assert [len(found) for found in links] == [1, 1, 0, 0, 0]

    def test_plan_can_be_closed_when_nothing_is_open(self, world: World) -> None:
        finish(world, "lead", "own lead")
        finish(world, "other_lead", "other lead")
        world.plan.reports.update(
            state="accepted", approved_by=world.people["focal"], submitted_at=AT
        )
        pages = [get(world.client(role), "plan", world.plan.pk) for role in ("focal", "own lead")]
        link = reverse("plan_close", args=[world.plan.pk])
        assert [page.content.decode().count(link) for page in pages] == [1, 0]

    def test_plan_with_open_work_cannot_be_closed(self, world: World) -> None:
        text = get(world.client("focal"), "plan", world.plan.pk).content.decode()
        assert text.count(reverse("plan_close", args=[world.plan.pk])) == 0

    def test_calendar_puts_items_and_reports_on_their_days(self, world: World) -> None:
        response = get(world.client("focal"), "plan", world.plan.pk, view="calendar")
        due = [
            (day.day, day.is_rest_day, len(day.entries))
            for month in response.context["months"]
            for week in month.weeks
            for day in week
            if day.entries
        ]
        assert due == [
            (dt.date(2023, 6, 30), False, 1),
            (dt.date(2023, 12, 10), True, 1),
            (dt.date(2023, 12, 20), False, 1),
        ]

    def test_timeline_says_in_words_what_it_draws(self, world: World) -> None:
        text = get(world.client("focal"), "plan", world.plan.pk, view="timeline").content.decode()
        pictures = re.findall(r'<title id="bar-\d+">|<desc id="bar-\d+-words">', text)
        late = re.findall(r'class="fill-late" x="[\d.]+%" y="-7" width="[\d.]+%"', text)
        assert (len(pictures), len(late)) == (2, 1)

    def test_page_holds_no_inline_style(self, world: World) -> None:
        pages = [get(world.client("focal"), "plan", world.plan.pk, view=view) for view in VIEWS]
        text = "".join(page.content.decode() for page in pages)
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=", text) == []

    @pytest.mark.parametrize("view", VIEWS)
    def test_page_costs_the_same_for_one_item_and_for_thirty(self, view: str) -> None:
        def cost(items: int) -> int:
            leads = [make_unit(), make_unit()]
            plan = make_plan(leads=leads, coordinating=[make_unit()], items=items)
            return queries_of(client_of(plan.focal_unit), "plan", plan.pk, view=view)

        assert cost(30) == cost(1)


class TestFilter:
    @pytest.mark.parametrize("view", VIEWS)
    def test_filter_narrows_every_view(self, view: str) -> None:
        world = make_world(items=2)
        later = Participation.objects.filter(item__code="I.2")
        Deadline.objects.filter(participation__in=later).update(due_on=dt.date(2023, 9, 30))
        wanted = {
            "": 2,
            "timeliness=overdue": 1,
            "timeliness=done_on_time": 0,
            "state=issued": 2,
            "state=completed": 0,
            "role=coordinating": 2,
            "mine=1": 2,
            "mine=1&role=coordinating": 0,
            "unit=99999999999999999999": 0,
            "unit=²&state=?&timeliness=?&role=?": 2,
        }
        address = reverse("plan", args=[world.plan.pk])
        client = world.client("own lead")
        pages = {query: client.get(f"{address}?view={view}&{query}") for query in wanted}
        assert {query: len(p.context["shown"]) for query, p in pages.items()} == wanted

    def test_filter_survives_the_change_of_view(self, world: World) -> None:
        text = get(world.client("own lead"), "plan", world.plan.pk, state="issued").content.decode()
        assert re.findall(r'href="\?state=issued&amp;view=(\w+)#items"', text) == [
            "timeline",
            "calendar",
        ]


def table(response: Any) -> list[list[str]]:
    text = response.content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


class TestTable:
    def test_table_follows_the_filter(self, world: World) -> None:
        client, query = world.client("focal"), {"format": "csv"}
        everything = table(get(client, "plan", world.plan.pk, **query))
        nothing = table(get(client, "plan", world.plan.pk, state="completed", **query))
        assert (len(everything), len(nothing)) == (2, 1)

    def test_table_is_a_download(self, world: World) -> None:
        response = get(world.client("focal"), "plan", world.plan.pk, format="csv")
        assert response["Content-Disposition"].startswith("attachment;")
        assert response["Content-Type"] == "text/csv; charset=utf-8"

    def test_table_stays_hidden_from_others(self, world: World) -> None:
        response = get(world.client("other unit"), "plan", world.plan.pk, format="csv")
        assert response.status_code == 404

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
    def test_cell_never_becomes_a_formula(self, start: str) -> None:
        assert harmless(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"

    def test_cell_of_plain_words_stays_as_it_is(self) -> None:
        assert harmless("Tổ chức 1-2 lớp") == "Tổ chức 1-2 lớp"

    def test_table_disarms_the_title_of_an_item(self, world: World) -> None:
        PlanItem.objects.update(title="=cmd|' /C calc'!A0")
        (_headings, row) = table(get(world.client("focal"), "plan", world.plan.pk, format="csv"))
        assert row[2] == "'=cmd|' /C calc'!A0"


class TestRows:
    def test_item_stands_as_its_worst_lead(self, world: World) -> None:
        finish(world, "lead", "own lead")
        (row,) = item_rows(world.plan, today=TODAY, calendar=WorkingCalendar())
        assert (row.standing.timeliness, row.standing.days_late, row.percent) == (
            Timeliness.OVERDUE,
            4,
            50,
        )
        assert row.deciding is not None
        assert row.deciding.part.unit == world.units["other_lead"]

    def test_extended_item_keeps_its_original_date(self, world: World) -> None:
        part = lead_part(world.plan, world.units["lead"])
        acknowledge(participation=part, actor=world.actor("own lead"), at=AT)
        extension = request_extension(
            participation=part,
            actor=world.actor("own lead"),
            at=AT,
            due_on=dt.date(2023, 7, 31),
            reason="Chờ vốn",
        )
        grant_extension(extension=extension, actor=world.actor("supervisor"), at=AT)
        (row,) = item_rows(world.plan, today=TODAY, calendar=WorkingCalendar())
        deadlines = [held.deadline for held in row.leads if held.deadline]
        assert [(d.original_due_on, d.due_on) for d in deadlines] == [
            (dt.date(2023, 6, 30), dt.date(2023, 7, 31)),
            (dt.date(2023, 6, 30), dt.date(2023, 6, 30)),
        ]

    def test_item_without_a_date_has_no_standing(self) -> None:
        plan = make_plan(due_on=None)
        (row,) = item_rows(plan, today=TODAY, calendar=WorkingCalendar())
        assert (row.deadline, row.standing.timeliness) == (None, Timeliness.NO_DEADLINE)


class TestTimeline:
    def test_bar_has_a_planned_an_extended_and_a_late_piece(self) -> None:
        days = [dt.date(2023, 4, day) for day in (1, 15, 21, 30)]
        span = Span(days[0], days[1], days[2], late_until=days[3])
        scale = scale_for([span])
        assert scale is not None
        bar = scale.bar(span)
        assert (bar.planned, bar.extended, bar.late) == (
            Piece("0.00%", "50.00%"),
            Piece("50.00%", "20.00%"),
            Piece("70.00%", "30.00%"),
        )

    def test_scale_holds_whole_months(self) -> None:
        scale = scale_for([Span(dt.date(2023, 1, 31), dt.date(2024, 2, 1), dt.date(2024, 2, 1))])
        assert scale is not None
        assert (scale.first, scale.last) == (dt.date(2023, 1, 1), dt.date(2024, 2, 29))
        assert len(scale.ticks) == 14

    def test_today_outside_the_picture_has_no_line(self) -> None:
        scale = scale_for([Span(TODAY, TODAY, TODAY)])
        assert scale is not None
        assert scale.middle(dt.date(2025, 1, 1)) is None


class TestDocument:
    def cited(self, plan: Plan, number: str = "844/QĐ-TTg") -> Document:
        target = Document.objects.create(number=number)
        Citation.objects.create(source=plan.document, target=target)
        return target

    def test_page_of_the_plan_links_what_it_cites(self, world: World) -> None:
        target = self.cited(world.plan)
        text = get(world.client("focal"), "plan", world.plan.pk).content.decode()
        assert text.count(f'href="{reverse("document", args=[target.pk])}"') == 1

    def test_document_is_open_to_the_units_of_its_plan(self, world: World) -> None:
        keys = [world.plan.document_id, self.cited(world.plan).pk]
        mine, others = world.client("own lead"), world.client("other unit")
        assert [get(mine, "document", pk).status_code for pk in keys] == [200, 200]
        assert [get(others, "document", pk).status_code for pk in keys] == [404, 404]

    def test_cited_plan_of_others_is_named_but_stays_closed(self, world: World) -> None:
        other = make_plan()
        Citation.objects.create(source=world.plan.document, target=other.document)
        client = world.client("focal")
        chain = get(client, "plan", world.plan.pk).context["chain"]
        assert [link.document_id for link in chain["cites"]] == [None]
        assert get(client, "document", other.document_id).status_code == 404

    def test_plan_of_others_that_cites_mine_is_not_named(self, world: World) -> None:
        other = make_plan()
        Citation.objects.create(source=other.document, target=world.plan.document)
        chain = get(world.client("focal"), "plan", world.plan.pk).context["chain"]
        assert chain == {"cites": [], "cited_by": []}


def test_role_filter_knows_both_roles(world: World) -> None:
    choices = get(world.client("focal"), "plan", world.plan.pk).context["choices"]
    assert [value for value, _label in choices["roles"]] == list(Role)
