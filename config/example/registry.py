"""Puts units, groups, people and calendar decisions into the database, a table at a time."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.hashers import make_password

from config.example.directory import (
    CALENDAR_EXCEPTIONS,
    DOMAIN,
    GROUPS,
    SUCCESSIONS,
    UNITS,
    UnitRow,
)
from config.example.people import ABSENT, STAND_IN, people
from tasks.models import (
    CalendarException,
    Membership,
    Person,
    Substitution,
    Unit,
    UnitAlias,
    UnitGroup,
    UnitGroupMember,
    UnitSuccession,
)
from tasks.rules.calendar import DAY
from tasks.rules.names import fold
from workflows.access import sync_memberships

# Units of the example are told from others by their code.
CODE_PREFIX = "thuan-giang-"


def code_of(key: str) -> str:
    return f"{CODE_PREFIX}{key}"


def create_registry(*, today: dt.date, password: str) -> None:
    """Everything that an administrator would keep. Everybody gets the same pass phrase."""
    units = _create_units()
    _create_groups(units)
    _create_people(units, password)
    _create_absence(today)
    sync_memberships(today=today)


def set_password(password: str) -> None:
    """Give everybody of the example this pass phrase; one hash serves them all."""
    usernames = [row.username for row in people()]
    Person.objects.filter(username__in=usernames).update(password=make_password(password))


def _create_units() -> dict[str, Unit]:
    units = {row.key: _unit(row) for row in UNITS}
    Unit.objects.bulk_create(units.values())
    for row in UNITS:
        if row.parent and row.until is None:
            units[row.key].parent = units[row.parent]
    Unit.objects.bulk_update(units.values(), ["parent"])
    UnitAlias.objects.bulk_create(
        UnitAlias(unit=units[row.key], text=text, folded=fold(text))
        for row in UNITS
        for text in row.aliases
    )
    UnitSuccession.objects.bulk_create(
        UnitSuccession(
            predecessor=units[old], successor=units[new], kind=kind, effective_on=effective_on
        )
        for old, new, kind, effective_on in SUCCESSIONS
    )
    return units


def _unit(row: UnitRow) -> Unit:
    return Unit(
        code=code_of(row.key),
        name=row.name,
        short_name=row.short_name,
        kind=row.kind,
        email="" if row.until else f"{row.key}@{DOMAIN}",
        may_issue=row.may_issue,
        valid_from=row.since,
        valid_until=row.until,
        folded_name=fold(f"{row.name} {row.short_name}"),
    )


def _create_groups(units: dict[str, Unit]) -> None:
    members = []
    for row in GROUPS:
        group, _made = UnitGroup.objects.get_or_create(
            name=row.name, defaults={"is_open": row.is_open, "aliases": list(row.aliases)}
        )
        members += [
            UnitGroupMember(
                group=group, unit=units[key], valid_from=row.since, valid_until=row.until
            )
            for key in row.members
        ]
    UnitGroupMember.objects.bulk_create(members)
    CalendarException.objects.bulk_create(
        [
            CalendarException(day=day, is_working=worked, note=note)
            for day, worked, note in CALENDAR_EXCEPTIONS
        ],
        # A day that was already decided here keeps its decision.
        ignore_conflicts=True,
    )


def _create_people(units: dict[str, Unit], password: str) -> None:
    hashed = make_password(password)
    rows = people()
    persons = {
        row.username: Person(
            username=row.username,
            password=hashed,
            email=row.email,
            full_name=row.full_name,
            position=row.position,
            language=row.language,
            is_staff=row.is_staff,
        )
        for row in rows
    }
    Person.objects.bulk_create(persons.values())
    Membership.objects.bulk_create(
        Membership(person=persons[row.username], unit=units[post.unit], role=post.role)
        for row in rows
        for post in row.posts
    )


def _create_absence(today: dt.date) -> None:
    """Somebody is away on the day of the example, and a colleague stands in."""
    names = {
        person.username: person for person in Person.objects.filter(username__in=(ABSENT, STAND_IN))
    }
    Substitution.objects.create(
        absent=names[ABSENT],
        substitute=names[STAND_IN],
        starts_on=today - 4 * DAY,
        ends_on=today + 24 * DAY,
        reason="Đi học lớp bồi dưỡng nghiệp vụ",
    )
