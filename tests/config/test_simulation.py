"""Playing a plan in advance tells what then happens, and changes nothing."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from config.simulation import obligations_of_input
from notifications.book import kind_of
from notifications.findings_of_play import points_of
from notifications.fire import fire_due
from notifications.models import Ladder, LadderRung, Message
from notifications.plan import plan_deadlines
from notifications.simulation import Course, Obligation, Telling
from notifications.simulation_files import as_csv, as_xlsx
from notifications.simulation_report import Play, simulate
from notifications.simulation_sources import obligations_of
from tasks.models import Deadline, Membership, Person, Plan
from tasks.rules.calendar import local_date, local_instant
from tests.factories import ISSUED_AT, make_actor, make_unit
from tests.notifications.scene import Scene, make_scene
from tests.workflows.draft_world import make_draft, make_office, settled
from tests.workflows.world import ROLES, make_world
from workflows.actions.issuing import ItemInput, NamedUnit, PlanInput, ReportInput, issue_plan

pytestmark = pytest.mark.django_db
TODAY = local_date(ISSUED_AT)


def played(plan: Plan, course: Course = Course.NEVER, **about: Any) -> Play:
    return simulate(obligations_of(plan), course=course, today=TODAY, plan_id=plan.pk, **about)


def said(telling: Telling) -> tuple[object, ...]:
    rung = telling.rung.key if telling.rung else ""
    one = telling.obligation
    who = telling.recipient.person_id
    return telling.day, who, one.ladder, one.circle.unit.pk, one.due_on, rung, telling.occurrence


def happened(last: dt.date) -> Counter[tuple[object, ...]]:
    """What the real machinery told, fired at the end of each day until `last`."""
    days = {ISSUED_AT.date() + dt.timedelta(days=n) for n in range((last - TODAY).days + 1)}
    for day in sorted(days):
        fire_due(at=local_instant(day, 8))
    messages = Message.objects.filter(channel="in_app", event=None).select_related(
        "deadline__participation"
    )
    return Counter(
        (
            local_date(one.created_at),
            one.recipient_id,
            kind_of(one.deadline),
            one.deadline.unit_id,
            one.deadline.due_on,
            one.rung,
            one.occurrence,
        )
        for one in messages
        if one.deadline is not None
    )


@pytest.mark.slow
def test_play_tells_what_then_happens_when_nobody_does_anything() -> None:
    Ladder.objects.update(saved_at=ISSUED_AT)
    scene = make_scene(due_on=dt.date(2023, 5, 3))
    Deadline.objects.filter(kind__in=("report", "consolidated")).delete()
    foretold = played(scene.plan)
    plan_deadlines(at=ISSUED_AT)
    last = max(telling.day for telling in foretold.tellings)
    assert Counter(said(telling) for telling in foretold.tellings) == happened(last)


def test_course_decides_which_rungs_speak() -> None:
    scene = make_scene()
    kinds = {
        course: {str(telling.kind) for telling in played(scene.plan, course).tellings}
        for course in Course
    }
    assert kinds[Course.ON_TIME] == {"reminder", "due_today"}
    assert kinds[Course.LATE] == kinds[Course.NEVER] == {"reminder", "due_today", "escalation"}
    numbers = [len(played(scene.plan, course).tellings) for course in Course]
    assert numbers == sorted(set(numbers))


def test_what_was_said_is_not_foretold() -> None:
    scene = make_scene()
    plan_deadlines(at=ISSUED_AT)
    before = played(scene.plan)
    moment = min(telling.at for telling in before.tellings)
    fire_due(at=moment)
    after = played(scene.plan)
    assert {telling.at for telling in before.tellings} - {telling.at for telling in after.tellings}
    assert not [telling for telling in after.tellings if telling.at == moment]
    assert played(scene.plan, since=moment + dt.timedelta(days=3)).tellings[0].at > moment


def test_play_reads_only() -> None:
    scene = make_scene()
    with CaptureQueriesContext(connection) as queries:
        play = played(scene.plan)
        assert as_xlsx(play)
        assert list(points_of(play)) == []
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}


def test_play_costs_the_same_for_one_item_and_ten() -> None:
    counted = []
    for items in (1, 10):
        plan = make_scene(items=items).plan
        with CaptureQueriesContext(connection) as queries:
            played(plan)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def points(scene: Scene, **about: Any) -> list[str]:
    return list(points_of(played(scene.plan, **about)))


def test_unit_without_people_is_pointed_out_once() -> None:
    scene = make_scene()
    Membership.objects.filter(unit=scene.unit).delete()
    assert points(scene) == ["Sở A has nobody who could do the work or answer for it."]
    told = played(scene.plan).tellings
    assert {str(one.recipient.nobody_at) for one in told} > {"Sở A"}


def test_escalation_to_an_empty_post_is_pointed_out() -> None:
    scene = make_scene()
    Membership.objects.filter(person=scene.leader).delete()
    (words,) = points(scene)
    assert words.startswith("Sở A has no leader: escalations reach only the others (")
    Membership.objects.filter(unit=scene.plan.issuer).delete()
    Person.objects.filter(pk=scene.supervisor.pk).update(is_active=False)
    assert any("has nobody who could" in words for words in points(scene))


def test_escalation_to_nobody_at_all_is_pointed_out() -> None:
    scene = make_scene()
    step = LadderRung.objects.get(ladder__kind="item", ladder__replaced_at=None, offset=3)
    LadderRung.objects.filter(pk=step.pk).update(audiences=["unit_above"])
    assert points(scene) == [
        "Sở A has no leader of the unit above: escalations lead nowhere there (plan item)."
    ]


def test_person_without_address_and_a_full_day_are_pointed_out() -> None:
    scene = make_scene(items=4)
    Person.objects.filter(pk=scene.officer.pk).update(email="")
    words = points(scene, course=Course.ON_TIME, limit=3)
    assert words[0] == "Chuyên viên has no e-mail address."
    assert words[1].startswith("Chuyên viên would get too much on ")
    assert points(scene, course=Course.ON_TIME, limit=30) == words[:1]


def test_draft_owes_what_the_issued_plan_then_owes() -> None:
    lead, other, helper, focal = (make_unit() for _each in range(4))
    actor = make_actor(make_unit(may_issue=True))
    assert actor.unit is not None
    given = PlanInput(
        number="9/KH-UBND",
        title="Kế hoạch",
        issuer=actor.unit,
        issued_on=TODAY,
        focal_unit=focal,
        items=[
            ItemInput(
                "I.1",
                "Một",
                due_on=dt.date(2023, 9, 30),
                leads=[NamedUnit(lead, ""), NamedUnit(other, "")],
                coordinating=[NamedUnit(helper, "")],
            ),
            ItemInput("I.2", "Hai", leads=[NamedUnit(lead, "")]),
        ],
        reports=[
            ReportInput(dt.date(2023, 12, 10), via=focal),
            ReportInput(dt.date(2023, 12, 20), unit=focal),
        ],
    )
    foreseen = Counter(map(owed, obligations_of_input(given, at=ISSUED_AT)))
    plan = issue_plan(plan_input=given, draft=None, actor=actor, at=ISSUED_AT)
    assert foreseen == Counter(map(owed, obligations_of(plan)))


def owed(one: Obligation) -> tuple[object, ...]:
    circle = one.circle
    reviewer = circle.reviewer.pk if circle.reviewer else None
    return one.ladder, circle.unit.pk, one.due_on, one.set_at, reviewer, circle.focal_unit.pk


def test_files_hold_every_message_and_no_formula() -> None:
    scene = make_scene()
    Person.objects.filter(pk=scene.officer.pk).update(full_name="=HYPERLINK(1)")
    play = played(scene.plan)
    rows = list(csv.reader(io.StringIO(as_csv(play).lstrip("\ufeff"))))
    assert len(rows) == len(play.tellings) + 1
    assert {row[2] for row in rows[1:]} > {"'=HYPERLINK(1)"}
    book = load_workbook(io.BytesIO(as_xlsx(play)))
    assert next(sheet.max_row for sheet in book.worksheets) == len(play.tellings) + 1
    assert not [cell for row in book.worksheets[0] for cell in row if cell.data_type == "f"]


def test_draft_is_played_by_the_unit_that_reviews_it(client: Client) -> None:
    office = make_office()
    draft = settled(office, make_draft(office))
    address = reverse("simulate_draft", args=[draft.pk])
    page = office.client().get(address, {"course": "late", "limit": "3"})
    assert page.context["play"].tellings
    assert (
        reverse("simulate_draft", args=[draft.pk])
        in office.client().get(reverse("draft_preview", args=[draft.pk])).content.decode()
    )
    stranger = office.client(make_actor(office.transport))
    assert stranger.get(address).status_code == 404
    assert client.get(address)["Location"].startswith(reverse("login"))


def test_draft_without_focal_unit_owes_nothing_yet(client: Client) -> None:
    office = make_office()
    draft = settled(office, make_draft(office))
    draft.refresh_from_db()
    draft.review = {**draft.review, "focal": None}
    draft.save()
    page = office.client().get(reverse("simulate_draft", args=[draft.pk]))
    assert page.context["play"].tellings == []
    assert "Nobody would be told anything" in page.content.decode()


def test_month_and_files_are_chosen_in_the_address() -> None:
    scene = make_scene()
    client = Client()
    client.force_login(scene.supervisor)
    Deadline.objects.update(due_on=dt.date(2050, 6, 30), original_due_on=dt.date(2050, 6, 30))
    address = reverse("simulate_plan", args=[scene.plan.pk])
    page = client.get(address, {"course": "never", "month": "2050-07", "limit": "x"})
    assert {entry.day.month for entry in page.context["days"]} == {7}
    for kind in ("csv", "xlsx"):
        answer = client.get(address, {"export": kind})
        assert answer["Content-Disposition"] == f'attachment; filename="mo-phong.{kind}"'


@pytest.mark.slow
def test_running_plan_is_played_by_those_who_keep_its_ladders() -> None:
    world = make_world()
    address = reverse("simulate_plan", args=[world.plan.pk])
    codes = {role: world.client(role).get(address).status_code for role in ROLES}
    keepers = {"focal", "focal's leader", "supervisor", "administrator"}
    assert {role for role, code in codes.items() if code == 200} == keepers
    assert codes["anonymous"] == 302
    assert codes["other unit"] == 404
    assert codes["own lead"] == 403
