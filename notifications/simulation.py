"""Playing the life of a plan in advance: every message, to whom, on which day. Pure.

Nothing is written, and no clock is asked: ladders, calendar and posts go in, messages come out.
It follows the same rules as planning and firing do (`lay_out`, the directory of posts).
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from notifications.kinds import Audience, Kind, LadderKind
from notifications.ladder import Rung, lay_out
from notifications.recipients import Circle, Recipient
from tasks.models import Unit
from tasks.rules.calendar import DAY, WorkingCalendar, local_date, local_instant

LATE_WORKING_DAYS = 5
# How long the last date is followed up when nobody ever does anything.
AFTERMATH = 60 * DAY
# These may have no part in the plan: they are told only of what they may open.
FROM_OUTSIDE = (Audience.UNIT_ABOVE, Audience.POST)


class Course(enum.StrEnum):
    """How the work is supposed to go."""

    ON_TIME = "on_time"
    LATE = "late"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something that would be owed: what, by whom (in `circle`), until when.

    `set_at` is when its date is set; `spoken` are the rungs, by key and occurrence, that have
    spoken already. An `is_assignment` is told at once to whoever has to acknowledge.
    """

    ladder: LadderKind
    what: str
    due_on: dt.date
    set_at: dt.datetime
    circle: Circle
    spoken: frozenset[tuple[str, int]] = frozenset()
    is_assignment: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """One message that somebody would get."""

    at: dt.datetime
    kind: Kind
    obligation: Obligation
    recipient: Recipient
    rung: Rung | None = None
    occurrence: int = 0

    @property
    def day(self) -> dt.date:
        return local_date(self.at)


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """An audience of a rung that reaches nobody; with `all_of_it`, neither does the rung."""

    ladder: LadderKind
    rung: Rung
    audience: Audience
    circle: Circle
    all_of_it: bool

    @property
    def unit(self) -> Unit:
        """Where the post is empty."""
        match self.audience:
            case Audience.FOCAL | Audience.FOCAL_LEADER:
                return self.circle.focal_unit
            case Audience.SUPERVISOR:
                return self.circle.issuer
            case Audience.REVIEWER | Audience.REVIEWER_LEADER:
                return self.circle.reviewer or self.circle.focal_unit
            case Audience.UNIT_ABOVE:
                return self.circle.unit_above or self.circle.unit
            case _:
                return self.circle.unit


class Posts(Protocol):
    """Who holds which post: `notifications.recipients.Directory`."""

    def reach(self, circle: Circle, audiences: Iterable[Audience]) -> list[Recipient]: ...


@dataclass(frozen=True, slots=True)
class Stage:
    """What the play needs. `readers` are the people of the units that take part in the plan."""

    ladders: Mapping[LadderKind, Sequence[Rung]]
    calendar: WorkingCalendar
    posts: Posts
    readers: frozenset[int]
    course: Course = Course.ON_TIME
    # Nothing before this moment is told again.
    since: dt.datetime | None = None


def play(obligations: Sequence[Obligation], stage: Stage) -> list[Telling]:
    """Every message in the order of time."""
    if not obligations:
        return []
    end = local_instant(max(one.due_on for one in obligations) + AFTERMATH)
    told = [telling for one in obligations for telling in _of_obligation(one, stage, end)]
    return sorted(told, key=lambda telling: telling.at)


def _of_obligation(one: Obligation, stage: Stage, end: dt.datetime) -> Iterator[Telling]:
    if one.is_assignment:
        audiences = (Audience.CLERK, Audience.OFFICER, Audience.LEADER)
        for recipient in stage.posts.reach(one.circle, audiences):
            yield Telling(one.set_at, Kind.NOTICE, one, recipient)
    over = min(_done_at(one, stage), end)
    for rung, occurrence, moment in _moments(one, stage, over):
        if stage.since is not None and moment < stage.since:
            continue
        if (rung.key, occurrence) in one.spoken:
            continue
        for recipient in _reached(one.circle, rung, stage):
            yield Telling(moment, rung.kind, one, recipient, rung, occurrence)


def _done_at(one: Obligation, stage: Stage) -> dt.datetime:
    """The end of the day on which the unit does its part."""
    match stage.course:
        case Course.NEVER:
            return dt.datetime.max.replace(tzinfo=dt.UTC)
        case Course.LATE:
            return local_instant(stage.calendar.shift(one.due_on, LATE_WORKING_DAYS) + DAY)
        case Course.ON_TIME:
            return local_instant(one.due_on + DAY)


def _moments(
    one: Obligation, stage: Stage, over: dt.datetime
) -> Iterator[tuple[Rung, int, dt.datetime]]:
    """When each rung speaks, with its repeats, before the thing is `over`."""
    steps = lay_out(
        stage.ladders[one.ladder], due_on=one.due_on, set_at=one.set_at, calendar=stage.calendar
    )
    for step in steps:
        if step.skip:
            continue
        occurrence, moment = 0, step.fire_at
        while moment < over:
            yield step.rung, occurrence, moment
            if not step.rung.repeat_every or occurrence >= step.rung.repeat_limit:
                break
            occurrence += 1
            moment = step.rung.fire_at(local_date(moment), stage.calendar, occurrence=occurrence)


def _reached(circle: Circle, rung: Rung, stage: Stage) -> list[Recipient]:
    if rung.post is not None:
        circle = replace(circle, posts=(rung.post,))
    return [
        recipient
        for recipient in stage.posts.reach(circle, rung.audience)
        if recipient.audience not in FROM_OUTSIDE or recipient.person_id in stage.readers
    ]


def dead_ends(obligations: Iterable[Obligation], stage: Stage) -> list[DeadEnd]:
    """Escalations that would lead nowhere, once for each ladder, rung, audience and unit."""
    found: dict[tuple[object, ...], DeadEnd] = {}
    for ladder, circle in {(one.ladder, one.circle): None for one in obligations}:
        for rung in stage.ladders[ladder]:
            if rung.kind is Kind.ESCALATION:
                for end in _ends_of(ladder, circle, rung, stage):
                    found.setdefault((ladder, rung.key, end.audience, end.unit.pk), end)
    return list(found.values())


def _ends_of(ladder: LadderKind, circle: Circle, rung: Rung, stage: Stage) -> Iterator[DeadEnd]:
    """Somebody who stands in for a post that nobody holds does not count: the post is empty."""
    empty = [
        audience
        for audience in rung.audience
        if not _holders(circle, replace(rung, audience=(audience,)), stage)
    ]
    for audience in empty:
        nobody = len(empty) == len(rung.audience)
        yield DeadEnd(ladder, rung, audience, circle, nobody)


def _holders(circle: Circle, rung: Rung, stage: Stage) -> list[Recipient]:
    return [one for one in _reached(circle, rung, stage) if one.nobody_at is None]
