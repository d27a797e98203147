"""Writing what is told: two statements for a whole batch, whatever the number of deadlines.

Python has decided for groups and hands them over as small tables:

    spoken   (rung, circle, saying)           each rung that fires: whom it reaches, what it says
    reader   (place, circle, person, …)       the people of a circle, and how they want to be told
    saying   (number, facts)                  what is known on the day of telling
    way      (place, saying, wishes, …)       by which ways it goes to somebody with these wishes

`place` is the order in which they are told. The database joins them: the facts with the deadline,
the messages with readers and ways.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from notifications.bulk import (
    MOMENT,
    NUMBER,
    OBJECT,
    TEXT,
    TRUTH,
    Given,
    insert_joined,
    merged,
    stored,
    with_given,
)
from notifications.kinds import RungState
from notifications.matters import FACTS
from notifications.models import Message, ScheduledRung
from tasks.models import Deadline

_SPOKEN = {"rung": NUMBER, "circle": NUMBER, "saying": NUMBER}
_SAYING = {"number": NUMBER, "facts": OBJECT}
_READER = {
    "place": NUMBER,
    "circle": NUMBER,
    "person": NUMBER,
    "audience": TEXT,
    "substitute_for": NUMBER,
    "own": OBJECT,
    "wishes": NUMBER,
}
_WAY = {
    "place": NUMBER,
    "saying": NUMBER,
    "wishes": NUMBER,
    "channel": TEXT,
    "kind": TEXT,
    "urgent": TRUTH,
    "state": TEXT,
    "leaves_at": MOMENT,
}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to be written, by the columns of the tables above."""

    deadlines: set[int]
    spoken: Sequence[tuple[Any, ...]]
    readers: Sequence[tuple[Any, ...]]
    sayings: Sequence[tuple[Any, ...]]
    ways: Sequence[tuple[Any, ...]]


def write(out: Outgoing, *, at: dt.datetime) -> None:
    """Mark the rungs as fired with their facts, and insert the messages that are not there yet."""
    _mark_fired(out, at)
    _insert_messages(out, at)


def _mark_fired(out: Outgoing, at: dt.datetime) -> None:
    given = [Given("spoken", _SPOKEN, out.spoken), Given("saying", _SAYING, out.sayings)]
    known, keys = _known(out.deadlines)
    statement = f"""
        {with_given(given)}, known (deadline, facts) AS MATERIALIZED ({known})
        UPDATE {_SCHEDULE} AS fired
        SET state = %s, fired_at = %s, facts = {merged("known.facts", "saying.facts")}
        FROM spoken JOIN saying ON saying.number = spoken.saying, known
        WHERE fired.id = spoken.rung AND known.deadline = fired.deadline_id
    """  # noqa: S608
    tables = [table.parameter for table in given]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*tables, *keys, RungState.FIRED, stored(at)])


_SCHEDULE = ScheduledRung._meta.db_table


def _known(deadlines: set[int]) -> tuple[str, tuple[Any, ...]]:
    """The facts of these deadlines, as a statement and its parameters."""
    rows = Deadline.objects.filter(pk__among=deadlines).values_list("pk", FACTS)
    return rows.query.sql_with_params()


def _insert_messages(out: Outgoing, at: dt.datetime) -> None:
    insert_joined(
        Message,
        {
            "recipient_id": "reader.person",
            "channel": "way.channel",
            "kind": "way.kind",
            "audience": "reader.audience",
            "substitute_for_id": "reader.substitute_for",
            "deadline_id": "fired.deadline_id",
            "version": "fired.version",
            "rung": "fired.rung",
            "occurrence": "fired.occurrence",
            "scheduled_id": "fired.id",
            "urgent": "way.urgent",
            "params": "reader.own",
            "deliver_after": "way.leaves_at",
            "state": "way.state",
        },
        f"""spoken
        JOIN {_SCHEDULE} AS fired ON fired.id = spoken.rung
        JOIN reader ON reader.circle = spoken.circle
        JOIN way ON way.saying = spoken.saying AND way.wishes = reader.wishes
        WHERE true ORDER BY fired.deadline_id, reader.place, way.place""",
        [
            Given("spoken", _SPOKEN, out.spoken),
            Given("reader", _READER, out.readers),
            Given("way", _WAY, out.ways),
        ],
        {"created_at": at},
    )
