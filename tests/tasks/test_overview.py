"""The supervisor's queries agree with the rules, and cost the same for one unit and for many."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.models import Deadline, DeadlineKind, MembershipRole, OverdueNotice, Participation, Plan
from tasks.overview import (
    Scope,
    class_totals,
    late_rows,
    lateness_by_week,
    lead_parts,
    overdue_deadlines,
    part_rows,
    parts_in_class,
    units_by_lateness,
)
from tasks.rules.calendar import DAY, WorkingCalendar, local_instant
from tasks.rules.timeliness import Timeliness, standing
from tests.factories import make_actor, make_plan, make_unit
from workflows.actions.deadlines import move
from workflows.actions.supervision import cancel_item

pytestmark = pytest.mark.django_db
TODAY = dt.date(2023, 6, 14)
CALENDAR = WorkingCalendar({dt.date(2023, 6, 17): True, dt.date(2023, 6, 19): False})


def scope_of(*plans: Plan, **more: object) -> Scope:
    return Scope([plan.pk for plan in plans], TODAY, CALENDAR, **more)


def scatter(plan: Plan, seed: int) -> None:
    """Give every item date of the plan a random standing around `TODAY`."""
    chance = random.Random(seed)
    for deadline in Deadline.objects.filter(plan=plan, kind=DeadlineKind.ITEM):
        due = TODAY + DAY * chance.randint(-20, 20)
        deadline.due_on = deadline.original_due_on = due
        if chance.random() < 0.4:
            deadline.fulfilled_on = due + DAY * chance.randint(-3, 3)
            deadline.closed_at = local_instant(deadline.fulfilled_on)
        elif chance.random() < 0.2:
            deadline.paused_at = local_instant(TODAY)
        deadline.save()


@pytest.mark.parametrize("seed", range(6))
def test_timeliness_in_sql_agrees_with_the_rule(seed: int) -> None:
    plan = make_plan(leads=[make_unit(), make_unit()], items=20)
    scatter(plan, seed)
    Deadline.objects.filter(participation=Participation.objects.filter(role="lead")[0]).delete()
    counted = Counter(lead_parts(scope_of(plan)).values_list("timeliness", flat=True))
    expected: Counter[str] = Counter()
    for part in Participation.objects.filter(role="lead"):
        date = part.deadlines.filter(kind=DeadlineKind.ITEM).first()
        how = standing(
            due_on=date.due_on if date else None,
            fulfilled_on=date.fulfilled_on if date else None,
            paused=bool(date and date.paused_at),
            today=TODAY,
            calendar=CALENDAR,
        )
        expected[how.timeliness] += 1
    assert counted == expected


@pytest.mark.parametrize("days", range(6, 15))
def test_due_soon_ends_where_the_rule_ends_it(days: int) -> None:
    plan = make_plan()
    due = TODAY + DAY * days
    Deadline.objects.filter(plan=plan, kind=DeadlineKind.ITEM).update(due_on=due)
    how = standing(due_on=due, fulfilled_on=None, paused=False, today=TODAY, calendar=CALENDAR)
    assert [part.timeliness for part in lead_parts(scope_of(plan))] == [how.timeliness]


def test_totals_of_classes_count_every_lead_part_once() -> None:
    plan = make_plan(leads=[make_unit(), make_unit()], items=15)
    scatter(plan, 7)
    totals = class_totals(units_by_lateness(scope_of(plan)))
    soon = totals.pop("due_soon")
    assert sum(totals.values()) == 30
    assert soon <= totals["in_term"]


def test_drilled_parts_are_those_behind_the_figure() -> None:
    plan = make_plan(leads=[make_unit()], items=30)
    scatter(plan, 3)
    scope = scope_of(plan)
    totals = class_totals(units_by_lateness(scope))
    rows = part_rows(parts_in_class(scope, "done_late"), scope)
    assert [row.standing.timeliness for row in rows] == [Timeliness.DONE_LATE] * totals["done_late"]


def test_units_come_worst_first() -> None:
    good, bad, worse = (make_unit(name) for name in ("Sở A", "Sở B", "Sở C"))
    plans = [
        make_plan(leads=[good], due_on=TODAY),
        make_plan(leads=[bad], due_on=TODAY - DAY),
        make_plan(leads=[worse], items=2, due_on=TODAY - DAY),
    ]
    units = units_by_lateness(scope_of(*plans))
    assert [(row.unit, row.overdue) for row in units] == [(worse, 2), (bad, 1), (good, 0)]


def test_cancelled_parts_are_not_counted() -> None:
    issuer = make_unit(may_issue=True)
    plan = make_plan(issuer=issuer, due_on=TODAY - DAY)
    leader = make_actor(issuer, MembershipRole.LEADER)
    cancel_item(item=plan.items.get(), actor=leader, at=local_instant(TODAY), reason="Thôi")
    assert units_by_lateness(scope_of(plan)) == []


def test_overdue_list_holds_all_kinds_the_longest_first() -> None:
    plan = make_plan(
        due_on=TODAY - DAY,
        report_on=TODAY - DAY * 3,
        consolidated_on=TODAY,
        at=local_instant(TODAY - DAY * 40),
    )
    rows = late_rows(overdue_deadlines(scope_of(plan)), scope_of(plan))
    found = [(row.deadline.kind, row.standing.days_late) for row in rows]
    assert found[1:] == [("report", 3), ("item", 1)]
    assert found[0][0] == "acknowledgement"


def test_overdue_list_follows_the_kind_and_the_unit() -> None:
    one, two = make_unit(), make_unit()
    plan = make_plan(leads=[one, two], due_on=TODAY - DAY)
    found = overdue_deadlines(scope_of(plan, unit=two.pk, kind="item"))
    assert [(row.unit, row.kind) for row in found] == [(two, "item")]


def test_notice_of_an_earlier_version_no_longer_counts() -> None:
    plan = make_plan(due_on=TODAY - DAY)
    deadline = Deadline.objects.get(kind=DeadlineKind.ITEM)
    leader = make_actor(plan.issuer, MembershipRole.LEADER).person
    OverdueNotice.objects.create(
        deadline=deadline, version=1, taken_by=leader, taken_at=local_instant(TODAY)
    )
    scope = scope_of(plan, kind="item")
    assert [len(row.notices) for row in late_rows(overdue_deadlines(scope), scope)] == [1]
    Deadline.objects.update(version=2)
    assert [len(row.notices) for row in late_rows(overdue_deadlines(scope), scope)] == [0]


def test_trend_ends_with_what_is_overdue_today() -> None:
    plan = make_plan(leads=[make_unit()], items=25, report_on=None, consolidated_on=None)
    scatter(plan, 11)
    Deadline.objects.filter(kind="acknowledgement").delete()
    scope = scope_of(plan)
    for deadline in Deadline.objects.all():
        deadline.versions.update(due_on=deadline.due_on)
    weeks = lateness_by_week(scope)
    assert len(weeks) == 12
    assert weeks[-1].overdue == overdue_deadlines(scope).count()


def test_trend_counts_each_date_with_the_version_of_its_day() -> None:
    plan = make_plan(due_on=dt.date(2023, 5, 26))
    deadline = Deadline.objects.get(kind=DeadlineKind.ITEM)
    by = make_actor(plan.issuer).person
    extended = local_instant(dt.date(2023, 6, 6))
    move(deadline, due_on=dt.date(2023, 6, 30), reason="Thêm", by=by, at=extended)
    weeks = lateness_by_week(scope_of(plan, kind="item"))[-4:]
    assert [(week.day, week.overdue) for week in weeks] == [
        (dt.date(2023, 5, 28), 1),
        (dt.date(2023, 6, 4), 1),
        (dt.date(2023, 6, 11), 0),
        (TODAY, 0),
    ]


def test_queries_do_not_grow_with_the_units() -> None:
    def cost(plan: Plan) -> int:
        scope = scope_of(plan)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            units_by_lateness(scope)
            late_rows(overdue_deadlines(scope), scope)
            lateness_by_week(scope)
        return len(queries)

    few = make_plan(leads=[make_unit()], due_on=TODAY - DAY)
    many = make_plan(leads=[make_unit() for _ in range(30)], due_on=TODAY - DAY)
    assert cost(many) == cost(few)
