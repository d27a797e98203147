"""Laying out: once for each version of a date, on the calendar of the day."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.ladder import fingerprint
from notifications.models import ScheduledRung
from notifications.plan import plan_deadlines, replan_calendar
from tasks.models import CalendarException, Deadline, DeadlineKind
from tasks.queries import working_calendar
from tasks.rules.calendar import local_date
from tests.factories import ISSUED_AT
from tests.notifications.scene import Scene, at, make_scene, rungs
from workflows.actions.deadlines import move, reopen

pytestmark = pytest.mark.django_db
ITEM = DeadlineKind.ITEM
LADDER = ["before-10", "before-3", "day", "after-1", "after-3", "after-5"]


def extend(scene: Scene, due_on: dt.date) -> None:
    deadline = scene.deadline(ITEM)
    move(deadline, due_on=due_on, reason="x", by=scene.supervisor, at=at(2023, 6, 20, 9))


def test_plan_lays_out_every_open_deadline_once() -> None:
    make_scene()
    assert plan_deadlines(at=ISSUED_AT) == 4
    assert plan_deadlines(at=ISSUED_AT) == 0
    assert ScheduledRung.objects.count() == 5 + 6 + 6 + 5
    assert not Deadline.objects.exclude(planned_version=1).exists()


def test_plan_works_in_batches() -> None:
    make_scene()
    assert plan_deadlines(at=ISSUED_AT, batch=1) == 4


def test_plan_leaves_closed_deadlines_alone() -> None:
    make_scene()
    Deadline.objects.update(closed_at=ISSUED_AT)
    assert plan_deadlines(at=ISSUED_AT) == 0
    assert not ScheduledRung.objects.exists()


def test_new_version_supersedes_what_has_not_fired() -> None:
    scene = make_scene()
    deadline = scene.only(ITEM)
    ScheduledRung.objects.filter(rung="before-10").update(state="fired", fired_at=ISSUED_AT)
    extend(scene, dt.date(2023, 9, 29))
    assert plan_deadlines(at=at(2023, 6, 20, 9)) == 1
    assert rungs(deadline) == [
        (1, "before-10", "fired", ""),
        *((1, key, "superseded", "new_date") for key in LADDER[1:]),
        *((2, key, "planned", "") for key in LADDER),
    ]


def test_reopened_deadline_gets_its_alerts_from_the_day_it_came_back() -> None:
    scene = make_scene()
    deadline = scene.only(ITEM)
    Deadline.objects.update(closed_at=at(2023, 6, 29))
    returned = at(2023, 7, 10, 9)
    reopen(scene.part.deadlines.filter(kind=ITEM), reason="x", by=scene.focal, at=returned)
    plan_deadlines(at=returned)
    moments = ScheduledRung.objects.filter(deadline=deadline, version=2, state="planned")
    assert [local_date(rung.fire_at) for rung in moments] == [
        dt.date(2023, 7, 11),
        dt.date(2023, 7, 13),
        dt.date(2023, 7, 17),
    ]


def test_changed_calendar_moves_planned_rungs_only() -> None:
    deadline = make_scene().only(ITEM)
    ScheduledRung.objects.filter(rung="before-10").update(state="fired", fired_at=ISSUED_AT)
    before = {rung.rung: rung.fire_at for rung in ScheduledRung.objects.filter(deadline=deadline)}
    CalendarException.objects.create(day=dt.date(2023, 6, 30), is_working=False)
    assert replan_calendar(at=ISSUED_AT) == 5
    after = {rung.rung: rung.fire_at for rung in ScheduledRung.objects.filter(deadline=deadline)}
    moved = {key: local_date(after[key]) for key in LADDER if after[key] != before[key]}
    assert moved == {"before-3": dt.date(2023, 6, 26), "day": dt.date(2023, 6, 29)}


def test_unchanged_calendar_costs_three_queries() -> None:
    make_scene().only(ITEM)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert replan_calendar(at=ISSUED_AT) == 0
    assert len([query for query in queries if query["sql"].startswith("SELECT")]) == 3


def test_changed_calendar_projects_repeats_from_the_day_they_last_came() -> None:
    deadline = make_scene().only(ITEM)
    ScheduledRung.objects.create(
        deadline=deadline,
        version=1,
        step_id=ScheduledRung.objects.get(rung="after-5").step_id,
        rung="after-5",
        occurrence=1,
        counts_from=dt.date(2023, 7, 7),
        fire_at=at(2023, 7, 14),
        calendar=fingerprint(working_calendar()),
    )
    CalendarException.objects.create(day=dt.date(2023, 7, 12), is_working=False)
    replan_calendar(at=ISSUED_AT, batch=2)
    repeat = ScheduledRung.objects.get(occurrence=1)
    assert repeat.fire_at == at(2023, 7, 17)


def queries_of_planning(items: int) -> int:
    make_scene(items=items)
    with CaptureQueriesContext(connection) as queries:
        plan_deadlines(at=ISSUED_AT)
    # SQLite takes few values in one statement: inserts grow with the rows.
    return len([query for query in queries if not query["sql"].startswith("INSERT")])


def test_plan_needs_as_many_queries_for_one_item_as_for_thirty() -> None:
    assert queries_of_planning(1) == queries_of_planning(30)
