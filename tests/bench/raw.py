"""What the product is measured against: bare SQL that writes the same rows in one set.

It knows beforehand what the product works out (dates, ladders, words) and skips all that the
product checks; `written` shows that both leave the same rows.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from notifications.book import Book
from notifications.kinds import LadderKind
from notifications.ladder import fingerprint, lay_out
from notifications.models import Message, ScheduledRung
from tasks.models import Deadline
from tasks.queries import working_calendar
from tasks.rules.calendar import local_date
from tests.bench.country import DUE_ON, ISSUED_AT, MORNING
from tests.bench.filling import execute, insert, instant, is_postgres, table

_UNPLANNED = "closed_at IS NULL AND planned_version <> version"
_MARK_PLANNED = f"UPDATE tasks_deadline SET planned_version = version WHERE {_UNPLANNED}"


def prepare() -> None:
    """Tables of what the product works out: the steps of each date, the readers of each rung."""
    moment = "timestamp with time zone" if is_postgres() else "datetime"
    execute(f"CREATE TABLE bench_step (due_on date, days int, rung text, step int, at {moment})")
    execute("CREATE TABLE bench_reader (rung text, kind text, role text)")
    rungs, calendar = Book([]).page(LadderKind.ITEM).rungs, working_calendar()
    for rung in rungs:
        for audience in rung.audience:
            execute(f"INSERT INTO bench_reader VALUES ('{rung.key}', '{rung.kind}', '{audience}')")
    for due_on in DUE_ON:
        days = calendar.count(local_date(MORNING), due_on)
        for step in lay_out(rungs, due_on=due_on, set_at=ISSUED_AT, calendar=calendar):
            execute(
                f"INSERT INTO bench_step VALUES ('{due_on}', {days}, '{step.rung.key}',"
                f" {step.rung.step_id}, {instant(step.fire_at)})"
            )


@transaction.atomic
def plan() -> None:
    """Lay out all that waits to be."""
    late = "s.at < v.set_at"
    deadlines = "tasks_deadline"
    first = ""
    if is_postgres():
        first = f"WITH marked AS ({_MARK_PLANNED} RETURNING id, version, due_on) "
        deadlines = "marked"
    insert(
        ScheduledRung,
        f"{deadlines} AS d JOIN bench_step AS s ON s.due_on = d.due_on"
        " JOIN tasks_deadlineversion AS v ON v.deadline_id = d.id AND v.version = d.version"
        + (f" WHERE {_UNPLANNED}".replace(" version", " d.version") if not is_postgres() else ""),
        first=first, deadline_id="d.id", version="d.version", step_id="s.step", rung="s.rung",
        counts_from="d.due_on", fire_at="s.at",
        calendar=f"'{fingerprint(working_calendar())}'",
        state=f"CASE WHEN {late} THEN 'skipped' ELSE 'planned' END",
        reason=f"CASE WHEN {late} THEN 'past' ELSE '' END",
    )  # fmt: skip
    if not is_postgres():
        execute(_MARK_PLANNED)


@transaction.atomic
def fire() -> None:
    """Turn all that is due into messages: the rows to the outbox, the facts to the rungs."""
    due = f"r.state = 'planned' AND r.fire_at <= {instant(MORNING)}"
    insert(
        Message,
        f"{table(ScheduledRung)} AS r {_READERS} WHERE {due} AND {_SPEAKS}",
        recipient_id="m.person_id", channel="c.channel", kind="a.kind", audience="a.role",
        deadline_id="d.id", version="r.version", rung="r.rung", scheduled_id="r.id",
        params=_object(_OWN), created_at=instant(MORNING), deliver_after=instant(MORNING),
        state="CASE c.channel WHEN 'in_app' THEN 'sent' ELSE 'pending' END",
    )  # fmt: skip
    execute(
        f"UPDATE {table(ScheduledRung)} AS fired SET state = 'fired',"
        f" fired_at = {instant(MORNING)}, facts = known.facts"
        f" FROM (SELECT r.id, {_object(_FACTS)} AS facts FROM {table(ScheduledRung)} AS r {_ABOUT}"
        f" WHERE {due} AND {_SPEAKS}) AS known WHERE known.id = fired.id"
    )


_SPEAKS = "d.version = r.version AND d.closed_at IS NULL AND d.paused_at IS NULL"
_ABOUT = """
    JOIN tasks_deadline AS d ON d.id = r.deadline_id
    JOIN bench_step AS s ON s.due_on = d.due_on AND s.rung = r.rung
    JOIN tasks_unit AS u ON u.id = d.unit_id
    JOIN tasks_participation AS p ON p.id = d.participation_id
    JOIN tasks_planitem AS i ON i.id = p.item_id
    JOIN tasks_plan AS n ON n.id = d.plan_id
    JOIN tasks_document AS o ON o.id = n.document_id"""
# The plus keeps SQLite from beginning with the units.
_READERS = """
    JOIN tasks_deadline AS d ON d.id = r.deadline_id
    JOIN bench_reader AS a ON a.rung = r.rung
    JOIN tasks_unit AS u ON u.id = +d.unit_id
    JOIN tasks_membership AS m ON m.unit_id = +d.unit_id AND m.role = a.role
    CROSS JOIN (SELECT 'in_app' AS channel UNION ALL SELECT 'email') AS c"""

_FACTS: dict[str, str] = {
    "thing": "d.kind",
    "plan": "o.number",
    "plan_title": "n.title",
    "target": "'item'",
    "target_id": "i.id",
    "today": f"'{local_date(MORNING)}'",
    "code": "i.code",
    "title": "i.title",
    "unit": "u.short_name",
    "role": "p.role",
    "due_on": "d.due_on",
    "original_due_on": "d.original_due_on",
    "working_days_left": "s.days",
    "percent": "p.percent",
    # What no reminder of a plan item has.
    "actor": "NULL",
    "actor_unit": "NULL",
    "words": "NULL",
    "new_due_on": "NULL",
}
_OWN = {"audience_unit": "u.short_name", "audience_unit_id": "u.id"}


def _object(pairs: dict[str, str]) -> str:
    function = "jsonb_build_object" if is_postgres() else "json_object"
    cells = ", ".join(f"'{name}', {value}" for name, value in pairs.items())
    return f"{function}({cells})"


def written() -> tuple[Any, ...]:
    """How many rows there are of each kind, and every column of a few hundred of them."""
    own = ("id", "scheduled_id")
    rows: list[Any] = [
        Deadline.objects.exclude(planned_version=0).count(),
        ScheduledRung.objects.count(),
        Message.objects.count(),
    ]
    for model in (ScheduledRung, Message):
        columns = [f.attname for f in model._meta.concrete_fields if f.attname not in own]
        some = model.objects.filter(deadline__lt=200)
        rows.append(sorted(map(_readable, some.values_list(*columns))))
    return tuple(rows)


def _readable(row: tuple[Any, ...]) -> str:
    """Objects by their names: the databases keep these in different orders."""
    return repr([sorted(cell.items()) if isinstance(cell, dict) else cell for cell in row])
