"""Telling: what deadlines have to say becomes the rows of the outbox, one for each person and way.

What many deadlines have in common is worked out once and numbered: the readers around a matter,
and what is said (the rungs that speak together, when they were meant to, for which date). The
rows themselves are written by `notifications.writing`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from notifications.bulk import stored
from notifications.kinds import Audience, Channel, Kind, MessageState
from notifications.ladder import Rung
from notifications.matters import Matter, Matters
from notifications.models import wishes_of
from notifications.reach import FROM_OUTSIDE, Reach, people_of
from notifications.recipients import Recipient
from notifications.wishes import AS_SHIPPED, Wishes
from notifications.writing import Outgoing, write
from tasks.rules.calendar import WorkingCalendar, local_date


class DueRung(NamedTuple):
    """A row of the schedule whose moment has come."""

    pk: int
    deadline: int
    step: int
    occurrence: int
    fire_at: dt.datetime


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """What some rungs say together, in the order of time: the last of them, and what was missed.

    One object for all deadlines that say it, so that it is compared by identity.
    """

    rungs: tuple[Rung, ...]
    kind: Kind
    channels: tuple[Channel, ...]
    posts: tuple[tuple[int, str], ...]
    audiences: frozenset[Audience]
    repeats: bool

    @classmethod
    def of(cls, rungs: tuple[Rung, ...]) -> Speech:
        """Everybody is reached whom the last rung or a missed one would have told."""
        named = {channel for rung in rungs for channel in rung.channels}
        return cls(
            rungs,
            rungs[-1].kind,
            (Channel.IN_APP, *sorted(named)),
            tuple(rung.post for rung in rungs if rung.post is not None),
            frozenset(audience for rung in rungs for audience in rung.audience),
            any(rung.repeat_every for rung in rungs),
        )

    @property
    def urgent(self) -> bool:
        return self.kind == Kind.ESCALATION

    def audiences_for(self, matter: Matter) -> frozenset[Audience]:
        """A report that lies before the unit's leader waits for the leader, not the officer."""
        if matter.presented and Audience.OFFICER in self.audiences:
            return self.audiences - {Audience.OFFICER} | {Audience.LEADER}
        return self.audiences


class Firing(NamedTuple):
    """What one deadline has to say now: its due rungs in the order of time. The last one speaks."""

    matter: Matter
    due: list[DueRung]
    speech: Speech

    @property
    def row(self) -> DueRung:
        return self.due[-1]

    def spoken(self) -> Iterator[tuple[DueRung, Rung]]:
        """The due rungs, earliest first."""
        return zip(self.due, self.speech.rungs, strict=True)

    @property
    def missed(self) -> list[tuple[str, str]]:
        """What it makes up for: kind and local date of each earlier rung."""
        return [
            (rung.kind.value, local_date(row.fire_at).isoformat())
            for row, rung in self.spoken()
            if row is not self.row
        ]


class _Kinds:
    """Firings by what they have in common: a number for each kind, and the first one of it."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self.firsts: list[Firing] = []

    def number(self, common: Hashable, firing: Firing) -> int:
        if common not in self._numbers:
            self._numbers[common] = len(self.firsts)
            self.firsts.append(firing)
        return self._numbers[common]


def tell(
    firings: list[Firing], matters: Matters, *, at: dt.datetime, calendar: WorkingCalendar
) -> set[int]:
    """Mark the rungs as fired and write their messages; the unique keys drop what was said.

    Returns the rows of the schedule that have nobody to tell.
    """
    circles, sayings = _Kinds(), _Kinds()
    spoken = [
        (
            one.row.pk,
            circles.number(_whom(one, matters), one),
            sayings.number(_what(one), one),
        )
        for one in firings
    ]
    reached = _reached(circles.firsts, matters, on=local_date(at))
    chosen = wishes_of(one.person_id for readers in reached for one in readers)
    wishes = {one: number for number, one in enumerate({AS_SHIPPED, *chosen.values()})}
    out = Outgoing(
        deadlines={one.matter.pk for one in firings},
        spoken=spoken,
        readers=[
            (place, circle, *_reader(one), wishes[chosen.get(one.person_id, AS_SHIPPED)])
            for circle, readers in enumerate(reached)
            for place, one in enumerate(readers)
        ],
        sayings=[
            (number, _facts(one, calendar, today=local_date(at)))
            for number, one in enumerate(sayings.firsts)
        ],
        ways=[
            (place, saying, number, *way)
            for saying, one in enumerate(sayings.firsts)
            for theirs, number in wishes.items()
            for place, way in enumerate(_ways(one, theirs, calendar, at))
        ],
    )
    write(out, at=at)
    return {row for row, circle, _saying in spoken if not reached[circle]}


def _whom(firing: Firing, matters: Matters) -> Hashable:
    """Equal for those that reach the same people."""
    speech, matter = firing.speech, firing.matter
    audiences = speech.audiences_for(matter)
    # Who comes from outside must be allowed to see this very plan.
    plan = None if audiences.isdisjoint(FROM_OUTSIDE) else matter.plan
    return (matters.around(matter), audiences, speech.posts, plan)


def _what(firing: Firing) -> Hashable:
    """Equal for those that say the same about matters due on the same date."""
    moments = tuple(row.fire_at for row in firing.due)
    return (firing.speech, firing.matter.due_on, firing.matter.presented, moments)


def _reached(firings: list[Firing], matters: Matters, *, on: dt.date) -> list[list[Recipient]]:
    wanted = {
        number: Reach(
            one.matter.plan,
            matters.circle(one.matter, one.speech.posts),
            one.speech.audiences_for(one.matter),
        )
        for number, one in enumerate(firings)
    }
    return list(people_of(wanted, on=on).values())


def _reader(one: Recipient) -> tuple[Any, ...]:
    own = {"audience_unit": one.unit.short_name, "audience_unit_id": one.unit.pk}
    if one.nobody_at is not None:
        own["nobody_at"] = one.nobody_at.short_name
    return (one.person_id, one.audience, one.substitute_for_id, own)


def _facts(firing: Firing, calendar: WorkingCalendar, *, today: dt.date) -> dict[str, Any]:
    """What `FACTS` does not know, because it depends on the day of telling."""
    due_on = firing.matter.due_on
    facts: dict[str, Any] = {"today": today.isoformat()}
    if today <= due_on:
        facts["working_days_left"] = calendar.count(today, due_on)
    if firing.matter.presented:
        facts["presented"] = True
    if missed := firing.missed:
        facts["missed"] = missed
    return facts


def _ways(
    firing: Firing, wishes: Wishes, calendar: WorkingCalendar, at: dt.datetime
) -> Iterator[tuple[Any, ...]]:
    """By which ways it goes to somebody with these wishes, and when it leaves."""
    speech = firing.speech
    leaves_at = _leaves_at(firing, wishes, calendar, at)
    for channel in speech.channels:
        in_app = channel == Channel.IN_APP
        state = MessageState.SENT if in_app else MessageState.PENDING
        moment = stored(at if in_app else leaves_at)
        yield channel, speech.kind, speech.urgent, state, moment


def _leaves_at(
    firing: Firing, wishes: Wishes, calendar: WorkingCalendar, at: dt.datetime
) -> dt.datetime:
    """An alert leaves at once, a reminder with the next digest; neither in quiet hours."""
    if firing.speech.urgent:
        return wishes.after_quiet(at)
    return wishes.digest_after(
        firing.row.fire_at, at=at, calendar=calendar, due_on=firing.matter.due_on
    )
