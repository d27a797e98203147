"""Telling: what deadlines have to say becomes the rows of the outbox, one for each person and way.

What many deadlines have in common (the rungs that speak, the people around a plan and unit, their
wishes) is worked out once.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from notifications.bulk import insert_new
from notifications.kinds import Audience, Channel, Kind, MessageState
from notifications.ladder import Rung
from notifications.matters import Matter, Matters
from notifications.models import Message, wishes_of
from notifications.reach import Reach, people_of
from notifications.recipients import Recipient
from notifications.wishes import AS_SHIPPED, Wishes
from tasks.rules.calendar import local_date


class DueRung(NamedTuple):
    """A row of the schedule whose moment has come."""

    pk: int
    deadline: int
    version: int
    step: int
    rung: str
    occurrence: int
    fire_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Speech:
    """What some rungs say together: the latest of them first, then those that were missed."""

    rungs: tuple[Rung, ...]
    kind: Kind
    channels: tuple[Channel, ...]
    posts: tuple[tuple[int, str], ...]
    audiences: frozenset[Audience]

    @classmethod
    def of(cls, rungs: tuple[Rung, ...]) -> Speech:
        """Everybody is reached whom the latest rung or a missed one would have told."""
        named = {channel for rung in rungs for channel in rung.channels}
        return cls(
            rungs,
            rungs[0].kind,
            (Channel.IN_APP, *sorted(named)),
            tuple(rung.post for rung in rungs if rung.post is not None),
            frozenset(audience for rung in rungs for audience in rung.audience),
        )

    @property
    def urgent(self) -> bool:
        return self.kind == Kind.ESCALATION

    def audiences_for(self, matter: Matter) -> frozenset[Audience]:
        """A report that lies before the unit's leader waits for the leader, not the officer."""
        if matter.presented and Audience.OFFICER in self.audiences:
            return self.audiences - {Audience.OFFICER} | {Audience.LEADER}
        return self.audiences


@dataclass(frozen=True, slots=True)
class Firing:
    """What one deadline has to say now: its latest due rung, and those that were missed."""

    matter: Matter
    row: DueRung
    missed: tuple[DueRung, ...]
    speech: Speech
    # Equal for those that reach the same people.
    group: tuple[Any, ...]

    @classmethod
    def of(cls, matter: Matter, due: list[DueRung], speech: Speech) -> Firing:
        """`due` is in the order of time."""
        group = (matter.circle_key, speech.posts, speech.audiences_for(matter))
        return cls(matter, due[-1], tuple(due[:-1]), speech, group)

    @property
    def rung(self) -> Rung:
        return self.speech.rungs[0]


# One line of the outbox, less what comes from the deadline itself.
_COLUMNS = (
    "recipient_id",
    "channel",
    "kind",
    "audience",
    "substitute_for_id",
    "urgent",
    "deliver_after",
    "state",
    "params",
    "deadline_id",
    "version",
    "rung",
    "occurrence",
)


def tell(firings: list[Firing], matters: Matters, at: dt.datetime) -> set[int]:
    """Insert the messages; the unique keys drop what was already said.

    Returns the rows of the schedule that had somebody to tell.
    """
    reached = _reach(firings, matters, at)
    told = {firing.row.pk for firing in firings if reached[firing.group]}
    lines = _Lines(at, matters, reached)
    rows = (row for firing in firings for row in lines.rows(firing))
    insert_new(Message, _COLUMNS, rows, {"created_at": at})
    return told


def _reach(
    firings: list[Firing], matters: Matters, at: dt.datetime
) -> dict[tuple[Any, ...], list[Recipient]]:
    """Whom each group reaches."""
    groups = {firing.group: firing for firing in firings}
    wanted = {
        group: Reach(
            firing.matter.plan,
            matters.circle(firing.matter, firing.speech.posts),
            firing.speech.audiences_for(firing.matter),
        )
        for group, firing in groups.items()
    }
    return people_of(wanted, on=local_date(at))


class _Lines:
    """Makes the lines of the outbox; lines that differ only by their deadline are made once."""

    def __init__(
        self, at: dt.datetime, matters: Matters, reached: dict[tuple[Any, ...], list[Recipient]]
    ) -> None:
        self._at, self._matters, self._reached = at, matters, reached
        self._wishes = wishes_of(one.person_id for group in reached.values() for one in group)
        self._known: dict[tuple[Any, ...], list[tuple[tuple[Any, ...], str]]] = {}

    def rows(self, firing: Firing) -> Iterator[tuple[Any, ...]]:
        row, matter = firing.row, firing.matter
        key = (firing.group, row.step, row.fire_at, matter.due_on)
        if key not in self._known:
            self._known[key] = list(self._lines(firing))
        facts = self._facts(firing)
        about = (row.deadline, row.version, row.rung, row.occurrence)
        for line, who in self._known[key]:
            yield (*line, facts + who, *about)

    def _lines(self, firing: Firing) -> Iterator[tuple[tuple[Any, ...], str]]:
        speech = firing.speech
        for one in self._reached[firing.group]:
            leaves_at = self._leaves_at(firing, self._wishes.get(one.person_id, AS_SHIPPED))
            for channel in speech.channels:
                in_app = channel == Channel.IN_APP
                line = (
                    one.person_id,
                    channel.value,
                    speech.kind.value,
                    one.audience.value,
                    one.substitute_for_id,
                    speech.urgent,
                    self._at if in_app else leaves_at,
                    (MessageState.SENT if in_app else MessageState.PENDING).value,
                )
                yield line, _told_to(one)

    def _leaves_at(self, firing: Firing, wishes: Wishes) -> dt.datetime:
        """An alert leaves at once, a reminder with the next digest; neither in quiet hours."""
        if firing.speech.urgent:
            return wishes.after_quiet(self._at)
        return wishes.digest_after(
            firing.row.fire_at,
            at=self._at,
            calendar=self._matters.calendar,
            due_on=firing.matter.due_on,
        )

    def _facts(self, firing: Firing) -> str:
        """The facts as the beginning of a JSON object, which `_told_to` ends."""
        facts = self._matters.facts(firing.matter)
        if firing.missed:
            facts["missed"] = list(_missed(firing))
        return json.dumps(facts)[:-1]


def _told_to(recipient: Recipient) -> str:
    own = {"audience_unit": recipient.unit.short_name, "audience_unit_id": recipient.unit.pk}
    if recipient.nobody_at is not None:
        own |= {"nobody_at": recipient.nobody_at.short_name}
    return ", " + json.dumps(own)[1:]


def _missed(firing: Firing) -> Iterable[tuple[str, str]]:
    for row, rung in zip(firing.missed, firing.speech.rungs[1:], strict=True):
        yield rung.kind.value, local_date(row.fire_at).isoformat()
