"""Two rates of what was kept: by the original date, and by the date as extended."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tasks.models import Deadline, DeadlineKind, Extension, Plan
from tasks.overview import Scope
from tasks.punctuality import Punctuality, Rate, punctuality
from tasks.rules.calendar import DAY, WorkingCalendar, local_instant
from tests.factories import ISSUED_AT, make_person, make_plan, make_unit

pytestmark = pytest.mark.django_db
TODAY = dt.date(2023, 6, 14)


def rates(*plans: Plan) -> Punctuality:
    return punctuality(Scope([plan.pk for plan in plans], TODAY, WorkingCalendar()))


def item_dates(number: int) -> list[Deadline]:
    plan = make_plan(leads=[make_unit()], items=number)
    Deadline.objects.filter(plan=plan).exclude(kind=DeadlineKind.ITEM).delete()
    return list(Deadline.objects.filter(plan=plan).order_by("pk"))


def put(deadline: Deadline, original: int, due: int, done: int | None = None) -> None:
    """Days from today; `done` when the unit did its part."""
    deadline.original_due_on, deadline.due_on = TODAY + DAY * original, TODAY + DAY * due
    if done is not None:
        deadline.fulfilled_on = TODAY + DAY * done
        deadline.closed_at = local_instant(deadline.fulfilled_on)
    deadline.save()


def test_extension_keeps_the_present_date_and_misses_the_original_one() -> None:
    kept, extended, late, coming, overdue = dates = item_dates(5)
    put(kept, -5, -5, -6)
    put(extended, -5, -2, -3)
    put(late, -5, -5, -1)
    put(coming, -5, 5)
    put(overdue, -5, -5)
    found = rates(dates[0].plan)
    assert found == Punctuality(Rate(1, 5), Rate(2, 4), extended=2, often=0)
    assert (found.original.percent, found.present.percent) == (20, 50)


def test_suspended_and_cancelled_work_is_not_judged() -> None:
    suspended, cancelled = dates = item_dates(2)
    put(suspended, -5, -5)
    put(cancelled, -5, -5)
    Deadline.objects.filter(pk=suspended.pk).update(paused_at=ISSUED_AT)
    Deadline.objects.filter(pk=cancelled.pk).update(closed_at=ISSUED_AT)
    found = rates(dates[0].plan)
    assert found.original == found.present == Rate(0, 0)
    assert found.original.percent is None


@pytest.mark.parametrize(("granted", "often"), [(2, 0), (3, 1)])
def test_third_extension_is_counted(granted: int, often: int) -> None:
    (deadline,) = item_dates(1)
    person = make_person()
    for number in range(granted):
        Extension.objects.create(
            deadline=deadline,
            due_on_before=TODAY + DAY * number,
            requested_due_on=TODAY + DAY * (number + 1),
            reason="Chờ vốn",
            requested_by=person,
            requested_at=ISSUED_AT,
            state="granted",
        )
    assert rates(deadline.plan).often == often


def test_rates_cost_two_queries(django_assert_num_queries: Any) -> None:
    plan = make_plan(items=3)
    with django_assert_num_queries(2):
        rates(plan)
