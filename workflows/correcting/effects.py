"""What applying a correction would do: who is told, which dates move, which parts begin or end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tasks.models import (
    ItemState,
    Membership,
    MembershipRole,
    Participation,
    ParticipationState,
    Plan,
    Reporters,
    ReportingObligation,
    Role,
    Unit,
)
from workflows.correcting.dates import NewDate, new_dates
from workflows.correcting.differences import ROLE_OF, Change, Difference, Field

# A reader only looks: nobody tells them anything.
TOLD = (MembershipRole.OFFICER, MembershipRole.LEADER, MembershipRole.CLERK)


@dataclass(slots=True)
class Told:
    """What one unit learns: the items by what happens to its part in them.

    Who exactly is told there depends on who is in charge; without people nobody is.
    """

    unit: Unit
    has_people: bool = False
    assigned: list[Difference] = field(default_factory=list)
    corrected: list[Difference] = field(default_factory=list)
    withdrawn: list[Difference] = field(default_factory=list)
    cancelled: list[Difference] = field(default_factory=list)

    @property
    def key(self) -> tuple[tuple[str, ...], ...]:
        """Equal for units that learn the same."""
        news = (self.assigned, self.corrected, self.withdrawn, self.cancelled)
        return tuple(tuple(one.key for one in items) for items in news)


@dataclass(frozen=True, slots=True)
class ToldAlike:
    """Units that learn exactly the same, as one row."""

    units: list[Unit]
    nobody: list[Unit]
    news: Told


@dataclass(frozen=True, slots=True)
class MovedDate:
    difference: Difference
    date: NewDate


@dataclass(slots=True)
class Effects:
    """Everything that applying would do; `problems` name what keeps it from being applied."""

    told: list[Told] = field(default_factory=list)
    dates: list[MovedDate] = field(default_factory=list)
    ended: list[tuple[Difference, Participation]] = field(default_factory=list)
    begun: list[tuple[Difference, Change]] = field(default_factory=list)
    added: list[Difference] = field(default_factory=list)
    cancelled: list[Difference] = field(default_factory=list)
    new_reporters: list[Unit] = field(default_factory=list)
    freed_reporters: list[Unit] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def told_alike(self) -> list[ToldAlike]:
        """The units that are told, those with the same news together."""
        groups: dict[tuple[tuple[str, ...], ...], list[Told]] = {}
        for row in self.told:
            groups.setdefault(row.key, []).append(row)
        return [
            ToldAlike(
                [row.unit for row in rows],
                [row.unit for row in rows if not row.has_people],
                rows[0],
            )
            for rows in groups.values()
        ]


def applied(difference: Difference, chosen: Collection[str]) -> list[Change]:
    """The chosen changes of one item."""
    return [change for change in difference.changes if change.key in chosen]


def problems_of(differences: Iterable[Difference], chosen: Collection[str]) -> list[str]:
    """What keeps the choice from being applied, each naming its item."""
    return [
        problem % {"place": difference.place}
        for difference in differences
        if difference.running is not None and difference.wanted is not None
        for problem in _item_problems(difference, applied(difference, chosen))
    ]


def _item_problems(difference: Difference, changes: list[Change]) -> Iterator[str]:
    assert difference.running is not None
    if changes and not _leads_after(difference, changes):
        yield _("Item %(place)s would have no lead unit any more.")
    if _has_unit_twice(difference, changes):
        yield _("A unit would both lead item %(place)s and coordinate in it.")
    is_suspended = difference.running.item.state == ItemState.SUSPENDED
    if is_suspended and _ends_last_work(difference, changes):
        yield _("Item %(place)s is suspended: resume it before its last lead unit is taken away.")


def _ends_last_work(difference: Difference, changes: list[Change]) -> bool:
    """Whether only accepted parts would be left, so that the item would be complete."""
    assert difference.running is not None
    if not any(change.part for change in changes if change.field is Field.LEADS):
        return False
    leads = difference.running.parts[Role.LEAD]
    after = _leads_after(difference, changes)
    return all(pk in leads and leads[pk].state == ParticipationState.ACCEPTED for pk in after)


def _units_after(difference: Difference, changes: Iterable[Change], field: Field) -> set[int]:
    assert difference.running is not None
    units = set(difference.running.parts[ROLE_OF[field]])
    of_role = [change for change in changes if change.field == field]
    units -= {change.part.unit_id for change in of_role if change.part}
    return units | {change.named.unit.pk for change in of_role if change.named}


def _leads_after(difference: Difference, changes: Iterable[Change]) -> set[int]:
    return _units_after(difference, changes, Field.LEADS)


def _has_unit_twice(difference: Difference, changes: list[Change]) -> bool:
    if not any(change.named for change in changes):
        return False
    return bool(
        _leads_after(difference, changes) & _units_after(difference, changes, Field.COORDINATORS)
    )


def effects(
    plan: Plan, differences: Sequence[Difference], chosen: Collection[str], *, today: dt.date
) -> Effects:
    """What applying the `chosen` changes to `plan` would do. Reads, writes nothing."""
    found = Effects(problems=problems_of(differences, chosen))
    told: dict[int, Told] = {}
    for difference in differences:
        changes = applied(difference, chosen)
        if changes:
            _note(found, difference, changes)
            _tell(told, difference, changes)
    _look_for_people(told, today)
    found.told = sorted(told.values(), key=lambda row: row.unit.name)
    _note_reports(found, plan, differences, chosen)
    return found


def _note(found: Effects, difference: Difference, changes: list[Change]) -> None:
    for change in changes:
        if change.field is Field.ADDED:
            found.added.append(difference)
        elif change.field is Field.REMOVED:
            found.cancelled.append(difference)
        elif change.part is not None:
            found.ended.append((difference, change.part))
        elif change.named is not None:
            found.begun.append((difference, change))
        elif change.field is Field.DUE and difference.running and difference.wanted:
            ended = {one.part.pk for one in changes if one.part}
            found.dates += [
                MovedDate(difference, date)
                for date in new_dates(difference.running, difference.wanted.due_on)
                if date.part.pk not in ended
            ]


def _tell(told: dict[int, Told], difference: Difference, changes: list[Change]) -> None:
    for unit, what in _told_units(difference, changes):
        row = told.setdefault(unit.pk, Told(unit))
        items: list[Difference] = getattr(row, what)
        if difference not in items:
            items.append(difference)


def _told_units(difference: Difference, changes: list[Change]) -> Iterator[tuple[Unit, str]]:
    if difference.running is None:
        assert difference.wanted is not None
        for named in (*difference.wanted.leads, *difference.wanted.coordinating):
            yield named.unit, "assigned"
        return
    if difference.wanted is None:
        for part in difference.running.all_parts:
            yield part.unit, "cancelled"
        return
    ended = {change.part.pk: change.part for change in changes if change.part}
    yield from ((part.unit, "withdrawn") for part in ended.values())
    yield from ((change.named.unit, "assigned") for change in changes if change.named)
    for part in difference.running.all_parts:
        if part.pk not in ended:
            yield part.unit, "corrected"


def _look_for_people(told: dict[int, Told], today: dt.date) -> None:
    posts = Membership.objects.current(today).filter(unit__in=told, role__in=TOLD)
    for unit in posts.values_list("unit_id", flat=True).distinct():
        told[unit].has_people = True


def leading_after(differences: Iterable[Difference], chosen: Collection[str]) -> set[int]:
    """The keys of the units that would lead something."""
    leading: set[int] = set()
    for difference in differences:
        changes = applied(difference, chosen)
        if difference.running is None:
            if changes and difference.wanted:
                leading |= {named.unit.pk for named in difference.wanted.leads}
        elif difference.wanted is None and changes:
            continue
        else:
            leading |= _leads_after(difference, changes)
    return leading


def _note_reports(
    found: Effects, plan: Plan, differences: Sequence[Difference], chosen: Collection[str]
) -> None:
    """Lead units owe a report: new ones begin to, those that lead nothing more cease to."""
    owed = ReportingObligation.objects.filter(plan=plan, reporters=Reporters.LEADS)
    if not owed.exists():
        return
    before = {
        unit
        for difference in differences
        if difference.running
        for unit in difference.running.parts[Role.LEAD]
    }
    after = leading_after(differences, chosen)
    units = Unit.objects.in_bulk(before ^ after)
    found.new_reporters = [units[pk] for pk in sorted(after - before)]
    found.freed_reporters = [units[pk] for pk in sorted(before - after)]
