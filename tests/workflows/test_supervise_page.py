"""Oversight: for whom it is, what it shows, and directing many at once."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tasks.models import Deadline, FollowUp, MembershipRole, OverdueNotice
from tasks.reporting.overdue import safe_cell
from tasks.rules.calendar import local_instant
from tests.factories import lead_part, make_person, make_plan, make_unit
from tests.workflows.world import World, make_world
from workflows.actions.assignment import acknowledge
from workflows.actions.extensions import request_extension
from workflows.actions.work import claim_completion, raise_obstacle

pytestmark = pytest.mark.django_db
NOW = local_instant(dt.date(2023, 7, 5), 9)
PAGE = "/supervise/"


@pytest.fixture(autouse=True)
def _july(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def world() -> World:
    return make_world()


def item_dates() -> list[Deadline]:
    return list(Deadline.objects.filter(kind="item").order_by("pk"))


def post(client: Client, deadlines: list[Deadline], act: str = "follow_up", **more: Any) -> Any:
    keys = [deadline.pk for deadline in deadlines]
    return client.post(PAGE, {"act": act, "deadline": keys, **more})


def told(response: Any) -> list[tuple[str, str]]:
    return [(one.level_tag, str(one)) for one in get_messages(response.wsgi_request)]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("supervisor", 200),
        ("focal", 200),
        ("focal's leader", 200),
        ("issuing officer", 403),
        ("own lead", 403),
        ("own lead's leader", 403),
        ("own coordinator", 403),
        ("read-only", 403),
        ("other unit", 403),
        ("administrator", 403),
        ("anonymous", 302),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_page_is_for_overseers_only(world: World, role: str, status: int, method: str) -> None:
    response = getattr(world.client(role), method)(PAGE)
    expected = 302 if status == 200 and method == "post" else status
    assert response.status_code == expected


def test_page_shows_only_overseen_plans(world: World) -> None:
    foreign = make_plan(leads=[world.units["lead"]])
    response = world.client("supervisor").get(PAGE)
    plans = {row.deadline.plan for row in response.context["rows"]}
    assert plans == {world.plan}
    chosen = world.client("supervisor").get(PAGE, {"plan": foreign.pk}).context["plan"]
    assert chosen == world.plan


def test_figures_count_the_lead_parts(world: World) -> None:
    totals = world.client("supervisor").get(PAGE).context["totals"]
    assert totals == {
        "overdue": 2, "in_term": 0, "done_on_time": 0, "done_late": 0,
        "no_deadline": 0, "paused": 0, "due_soon": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "kinds"),
    [("item", {"item"}), ("acknowledgement", {"acknowledgement"}), ("report", set())],
)
def test_list_follows_the_kind(world: World, kind: str, kinds: set[str]) -> None:
    rows = world.client("focal").get(PAGE, {"kind": kind}).context["rows"]
    assert {row.deadline.kind for row in rows} == kinds


def test_list_follows_the_unit(world: World) -> None:
    lead = world.units["lead"]
    rows = world.client("focal").get(PAGE, {"unit": lead.pk}).context["rows"]
    assert {row.deadline.unit for row in rows} == {lead}


def test_figure_leads_to_the_items_behind_it(world: World) -> None:
    part = lead_part(world.plan, world.units["lead"])
    officer = world.actor("own lead")
    acknowledge(participation=part, actor=officer, at=NOW)
    claim_completion(participation=part, actor=officer, at=NOW, words="Xong")
    shown = world.client("supervisor").get(PAGE, {"show": "done_late"}).context["shown"]
    assert [(row.part, row.standing.days_late) for row in shown["rows"]] == [(part, 5)]


@pytest.mark.parametrize(("role", "decides", "answers"), [("supervisor", 1, 0), ("focal", 0, 1)])
def test_waiting_questions_go_to_whoever_may_answer(
    world: World, role: str, decides: int, answers: int
) -> None:
    part, officer = lead_part(world.plan, world.units["lead"]), world.actor("own lead")
    about: dict[str, Any] = {"participation": part, "actor": officer, "at": NOW}
    acknowledge(**about)
    asked = request_extension(**about, due_on=dt.date(2023, 9, 1), reason="Chờ vốn")
    raised = raise_obstacle(**about, words="Thiếu người")
    page = world.client(role).get(PAGE).content.decode()
    assert page.count(reverse("extension_decide", args=[asked.pk])) == decides
    assert page.count(reverse("obstacle_answer", args=[raised.pk])) == answers


def test_first_step_shows_who_is_told_and_sends_nothing(world: World) -> None:
    response = post(world.client("focal"), item_dates())
    group = next(one for one in response.context["groups"] if one.unit == world.units["lead"])
    officer, leader = world.people["own lead"], world.people["own lead's leader"]
    assert response.status_code == 200
    assert group.people == [officer, leader]
    assert FollowUp.objects.count() == 0


def test_second_step_follows_up_each(world: World) -> None:
    response = post(world.client("focal"), item_dates(), confirmed="yes", words="Khẩn trương")
    sent = FollowUp.objects.values_list("deadline", "words", "sent_by")
    people = world.people["focal"].pk
    assert sorted(sent) == [(one.pk, "Khẩn trương", people) for one in item_dates()]
    assert (response.status_code, response.url) == (302, PAGE)


def test_one_refusal_does_not_undo_the_others(world: World) -> None:
    part, officer = lead_part(world.plan, world.units["lead"]), world.actor("own lead")
    chosen = item_dates()
    acknowledge(participation=part, actor=officer, at=NOW)
    claim_completion(participation=part, actor=officer, at=NOW, words="Xong")
    response = post(world.client("focal"), chosen, confirmed="yes")
    other = world.units["other_lead"]
    assert [sent.deadline.unit for sent in FollowUp.objects.all()] == [other]
    assert sorted(level for level, _text in told(response)) == ["error", "success"]


def test_notice_is_taken_for_each_and_only_once(world: World) -> None:
    client = world.client("supervisor")
    for _again in range(2):
        post(client, item_dates(), act="take_notice", confirmed="yes")
    taken = OverdueNotice.objects.values_list("deadline", "taken_by")
    assert sorted(taken) == [(one.pk, world.people["supervisor"].pk) for one in item_dates()]


@pytest.mark.parametrize("keys", [[], ["x"], ["999999"]])
def test_nothing_chosen_is_said(world: World, keys: list[str]) -> None:
    response = world.client("focal").post(PAGE, {"act": "follow_up", "deadline": keys})
    assert [level for level, _text in told(response)] == ["warning"]


def test_deadline_of_a_foreign_plan_is_not_touched(world: World) -> None:
    foreign = make_plan(leads=[make_unit()])
    date = Deadline.objects.get(plan=foreign, kind="item")
    post(world.client("focal"), [date], confirmed="yes")
    assert FollowUp.objects.count() == 0


def test_unknown_act_does_nothing(world: World) -> None:
    response = post(world.client("focal"), item_dates(), act="delete", confirmed="yes")
    assert (response.status_code, FollowUp.objects.count()) == (422, 0)


def test_way_back_stays_on_this_site(world: World) -> None:
    client = world.client("focal")
    about: dict[str, Any] = {"act": "take_notice", "confirmed": "yes"}
    inside = post(client, item_dates(), **about, next=f"{PAGE}?kind=item")
    outside = post(client, item_dates(), **about, next="https://example.com/")
    assert (inside.url, outside.url) == (f"{PAGE}?kind=item", PAGE)


def test_csv_lists_everything_overdue(world: World) -> None:
    response = world.client("focal").get(PAGE, {"export": "csv", "kind": "item"})
    text = response.content.decode()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert text.startswith("\ufeff")
    assert [row[2:7] for row in rows[1:]] == [
        ["I.1", "Nhiệm vụ 1", unit.name, rows[1][5], "5"]
        for unit in sorted((world.units["lead"], world.units["other_lead"]), key=lambda u: u.name)
    ]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "  ="])
def test_cell_is_never_a_formula(begin: str) -> None:
    assert safe_cell(f"{begin}1+1") == f"'{begin}1+1"


@pytest.mark.parametrize("value", ["Sở A", 5, "", "a=b"])
def test_plain_cell_stays_as_it_is(value: str | int) -> None:
    assert safe_cell(value) == value


def test_page_costs_the_same_for_one_unit_and_for_thirty() -> None:
    def cost(units: int) -> int:
        issuer = make_unit(may_issue=True)
        make_plan(leads=[make_unit() for _n in range(units)], issuer=issuer, items=1)
        client = Client()
        client.force_login(make_person(issuer, MembershipRole.LEADER))
        client.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(PAGE, {"show": "overdue"})
        assert len(response.context["units"]) == units
        return len(queries)

    assert cost(20) == cost(1)
