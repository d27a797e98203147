"""A plan of any size in which everything that a report counts occurs, made row by row."""

from __future__ import annotations

import datetime as dt
import random

from tasks.models import (
    Deadline,
    DeadlineKind,
    Participation,
    Plan,
    PlanItem,
    Report,
    Role,
    Section,
    Unit,
)
from tasks.rules.calendar import local_instant
from tests.factories import make_plan, make_unit

ISSUED_AT = local_instant(dt.date(2023, 1, 10), 9)
DAY = dt.timedelta(days=1)
STATES = ("assigned", "acknowledged", "claimed", "returned", "accepted", "replaced", "cancelled")


def filled_plan(items: int, *, today: dt.date, seed: int = 0) -> Report:
    """Return the consolidated report of a plan with so many items, always the same ones.

    A part is in any state, on time around the local date `today`, late, without a date or
    suspended; one in five items has no section, and an item has up to three leads.
    """
    chance = random.Random(seed * 10_000 + items)
    focal = make_unit()
    plan = make_plan(leads=[focal], focal=focal, items=1)
    PlanItem.objects.filter(plan=plan).delete()
    units = [make_unit() for _number in range(min(40, items // 5 + 2))]
    sections = Section.objects.bulk_create(
        Section(plan=plan, code=f"{number}", title=f"Mục * {number}", position=number)
        for number in range(1, min(12, items // 4 + 2))
    )
    rows = PlanItem.objects.bulk_create(
        PlanItem(
            plan=plan,
            section=chance.choice([*sections, None]) if chance.random() < 0.9 else None,
            code=f"{number}",
            title=f"Nhiệm vụ số {number} của kế hoạch, về một việc phải làm trong năm",
            position=number,
            state="issued",
        )
        for number in range(items)
    )
    _fill(plan, rows, units, chance, today)
    return Report.objects.get(plan=plan, is_consolidated=True)


def _fill(
    plan: Plan, rows: list[PlanItem], units: list[Unit], chance: random.Random, today: dt.date
) -> None:
    parts = Participation.objects.bulk_create(
        Participation(
            item=row,
            unit=unit,
            role=chance.choice([Role.LEAD] * 4 + [Role.COORDINATING]),
            state=chance.choice(STATES),
            percent=chance.choice([0, 0, 40, 100]),
        )
        for row in rows
        for unit in chance.sample(units, chance.randint(1, min(3, len(units))))
    )
    Deadline.objects.bulk_create(
        _date(plan, part, chance, today) for part in parts if chance.random() < 0.85
    )


def _date(plan: Plan, part: Participation, chance: random.Random, today: dt.date) -> Deadline:
    due_on = today + DAY * chance.randint(-200, 120)
    kind = chance.choice(["open", "open", "done", "paused"])
    fulfilled_on = due_on + DAY * chance.randint(-20, 20) if kind == "done" else None
    return Deadline(
        kind=DeadlineKind.ITEM,
        plan=plan,
        unit_id=part.unit_id,
        participation=part,
        due_on=due_on,
        original_due_on=due_on - DAY * chance.choice([0, 0, 30]),
        opened_at=ISSUED_AT,
        fulfilled_on=fulfilled_on,
        closed_at=local_instant(fulfilled_on) if fulfilled_on else None,
        paused_at=ISSUED_AT if kind == "paused" else None,
    )
