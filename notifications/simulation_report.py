"""What a played plan shows: by day, by person, and what to look at before issuing."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from notifications.book import Book
from notifications.kinds import Audience, LadderKind
from notifications.recipients import Circle, Directory
from notifications.simulation import (
    Course,
    DeadEnd,
    Obligation,
    Stage,
    Telling,
    dead_ends,
    play,
)
from tasks.models import Membership, MembershipRole, Person, Unit
from tasks.queries import working_calendar
from tasks.rules.calendar import WorkingCalendar

# More messages than this on one day is more than a person reads.
OVERLOAD = 10
_WORKING_POSTS = (MembershipRole.OFFICER, MembershipRole.LEADER)


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """What one person would get. `busiest` is their fullest day."""

    person: Person
    units: tuple[str, ...]
    total: int
    busiest: dt.date
    most: int


@dataclass(frozen=True, slots=True)
class Overload:
    """Somebody who gets more than the limit on `days`; `number` on the fullest of them."""

    person: Person
    days: int
    day: dt.date
    number: int


@dataclass(frozen=True, slots=True)
class EmptyPost:
    """A post that escalations climb to and nobody holds; `nobody`: some of them tell no one."""

    unit: Unit
    audience: Audience
    ladders: tuple[LadderKind, ...]
    nobody: bool


@dataclass(frozen=True, slots=True)
class Play:
    """A played plan, with everything a page or a file shows of it."""

    tellings: list[Telling]
    people: Mapping[int, Person]
    calendar: WorkingCalendar
    limit: int
    units_without_people: list[Unit]
    dead_ends: list[DeadEnd]

    @property
    def by_day(self) -> Counter[dt.date]:
        return Counter(telling.day for telling in self.tellings)

    @property
    def loads(self) -> list[PersonLoad]:
        """Everybody who would be told something, the most told first."""
        days: dict[int, Counter[dt.date]] = defaultdict(Counter)
        units: dict[int, dict[str, None]] = defaultdict(dict)
        for telling in self.tellings:
            who = telling.recipient.person_id
            days[who][telling.day] += 1
            units[who][telling.recipient.unit.short_name] = None
        found = []
        for who, counted in days.items():
            busiest, most = max(
                counted.items(), key=lambda entry: (entry[1], -entry[0].toordinal())
            )
            found.append(
                PersonLoad(self.people[who], tuple(units[who]), counted.total(), busiest, most)
            )
        return sorted(found, key=lambda load: (-load.total, load.person.full_name))

    @property
    def overloads(self) -> list[Overload]:
        """Everybody who gets more than the limit on some day, the fullest day first."""
        counted = Counter((telling.recipient.person_id, telling.day) for telling in self.tellings)
        over: dict[int, list[tuple[dt.date, int]]] = defaultdict(list)
        for (who, day), number in sorted(counted.items()):
            if number > self.limit:
                over[who].append((day, number))
        found = [
            Overload(self.people[who], len(days), *max(days, key=lambda entry: entry[1]))
            for who, days in over.items()
        ]
        return sorted(found, key=lambda one: (-one.number, one.person.full_name))

    @property
    def without_address(self) -> list[Person]:
        """People who would be told, but can be sent no mail."""
        return sorted(
            (person for person in self.people.values() if not person.email),
            key=lambda person: person.full_name,
        )

    @property
    def empty_posts(self) -> list[EmptyPost]:
        """Dead ends by post; a unit without anybody is pointed out by itself."""
        found: dict[tuple[int, Audience], list[DeadEnd]] = defaultdict(list)
        without = {unit.pk for unit in self.units_without_people}
        for end in self.dead_ends:
            if end.unit.pk not in without:
                found[end.unit.pk, end.audience].append(end)
        return [
            EmptyPost(
                ends[0].unit,
                ends[0].audience,
                tuple(dict.fromkeys(end.ladder for end in ends)),
                any(end.all_of_it for end in ends),
            )
            for ends in found.values()
        ]

    def on_day(self, day: dt.date) -> list[tuple[Person, list[Telling]]]:
        found: dict[int, list[Telling]] = defaultdict(list)
        for telling in self.tellings:
            if telling.day == day:
                found[telling.recipient.person_id].append(telling)
        return sorted(
            ((self.people[who], told) for who, told in found.items()),
            key=lambda entry: (-len(entry[1]), entry[0].full_name),
        )


def simulate(
    obligations: Sequence[Obligation],
    *,
    course: Course,
    today: dt.date,
    plan_id: int | None = None,
    since: dt.datetime | None = None,
    limit: int = OVERLOAD,
) -> Play:
    """Play the obligations with the ladders, the calendar and the posts of today. Reads only.

    With `plan_id` the plan's own ladders count. Nine queries, however long the plan.
    """
    book = Book([plan_id] if plan_id else [])
    ladders = {kind: book.page(kind, plan_id).rungs for kind in LadderKind}
    calendar = working_calendar()
    posts = {rung.post for rungs in ladders.values() for rung in rungs if rung.post is not None}
    circles = [one.circle for one in obligations]
    units = {unit.pk: unit for circle in circles for unit in circle.units}
    stage = Stage(
        ladders=ladders,
        calendar=calendar,
        posts=Directory(_with_posts(circles, posts), on=today),
        readers=_people_of(units, today),
        course=course,
        since=since,
    )
    tellings = play(obligations, stage)
    return Play(
        tellings=tellings,
        people=Person.objects.in_bulk({one.recipient.person_id for one in tellings}),
        calendar=calendar,
        limit=limit,
        units_without_people=_empty(units, today),
        dead_ends=dead_ends(obligations, stage),
    )


def _with_posts(circles: list[Circle], posts: Iterable[tuple[int, str]]) -> list[Circle]:
    """The directory has to know the units of the named posts as well."""
    named = tuple(posts)
    return [replace(circle, posts=named) for circle in circles] if named else circles


def _people_of(units: Iterable[int], today: dt.date) -> frozenset[int]:
    members = Membership.objects.current(today).filter(unit__in=units)
    return frozenset(members.values_list("person", flat=True))


def _empty(units: Mapping[int, Unit], today: dt.date) -> list[Unit]:
    """Units in which nobody could do the work or answer for it."""
    working = Membership.objects.current(today).filter(unit__in=units, role__in=_WORKING_POSTS)
    staffed = set(working.values_list("unit", flat=True))
    return sorted(
        (unit for pk, unit in units.items() if pk not in staffed), key=lambda unit: unit.name
    )
