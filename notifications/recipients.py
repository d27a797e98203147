"""Who is reached: the posts around a matter, resolved to people for a whole batch at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from notifications.kinds import Audience
from tasks.carrying_on import carriers
from tasks.models import Membership, MembershipRole, Person, Substitution, Unit


@dataclass(frozen=True, slots=True)
class Circle:
    """The units and named people around one matter, such as a participation or a report."""

    unit: Unit
    focal_unit: Unit
    issuer: Unit
    officer_id: int | None = None
    supervising_leader_id: int | None = None
    reviewer: Unit | None = None
    raiser_id: int | None = None
    unit_above: Unit | None = None
    # Posts that a ladder names: the unit's key and the role.
    posts: tuple[tuple[int, str], ...] = ()

    @property
    def units(self) -> Iterator[Unit]:
        yield from (self.unit, self.focal_unit, self.issuer)
        yield from (unit for unit in (self.reviewer, self.unit_above) if unit is not None)

    @property
    def unit_ids(self) -> set[int]:
        return {unit.pk for unit in self.units} | {unit for unit, _role in self.posts}

    @property
    def named_ids(self) -> set[int]:
        named = (self.officer_id, self.supervising_leader_id, self.raiser_id)
        return {person_id for person_id in named if person_id is not None}


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person, and why: for which unit in which post, in whose place, for whom nobody is there."""

    person_id: int
    audience: Audience
    unit: Unit
    substitute_for_id: int | None = None
    nobody_at: Unit | None = None


_POSTS = {
    Audience.OFFICER: MembershipRole.OFFICER,
    Audience.LEADER: MembershipRole.LEADER,
    Audience.CLERK: MembershipRole.CLERK,
    Audience.REVIEWER: MembershipRole.OFFICER,
    Audience.REVIEWER_LEADER: MembershipRole.LEADER,
    Audience.FOCAL: MembershipRole.OFFICER,
    Audience.FOCAL_LEADER: MembershipRole.LEADER,
    Audience.SUPERVISOR: MembershipRole.LEADER,
    Audience.UNIT_ABOVE: MembershipRole.LEADER,
}
_SPECIFIC_FIRST = {audience: place for place, audience in enumerate(Audience)}


class Directory:
    """The people of the units of some circles on one local date. Few queries, however many."""

    def __init__(self, circles: Iterable[Circle], *, on: dt.date) -> None:
        known = list(circles)
        self._named_units = _units_of_posts(known, on)
        units = {pk for circle in known for pk in circle.unit_ids}
        units |= {unit.pk for heirs in self._named_units.values() for unit in heirs}
        named = {person_id for circle in known for person_id in circle.named_ids}
        self._posts: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._members: set[tuple[int, int]] = set()
        posts = Membership.objects.current(on).filter(unit__in=units).order_by("person_id")
        for person_id, unit_id, role in posts.values_list("person_id", "unit_id", "role"):
            self._posts[unit_id, role].append(person_id)
            self._members.add((person_id, unit_id))
        self._active = set(
            Person.objects.filter(pk__in=named, is_active=True).values_list("pk", flat=True)
        )
        self._substitutes = self._standing_in(on)

    def _standing_in(self, on: dt.date) -> dict[int, list[int]]:
        absences = Substitution.objects.in_force(on).filter(
            absent__in={person_id for person_id, _unit in self._members} | self._active
        )
        found: dict[int, list[int]] = defaultdict(list)
        for absent, substitute in absences.order_by("pk").values_list("absent", "substitute"):
            found[absent].append(substitute)
        return found

    def reach(self, circle: Circle, audiences: Iterable[Audience]) -> list[Recipient]:
        """Whom to tell, each person once and for the most specific reason.

        When a unit has nobody in these posts, the officers of the focal unit are told so in its
        place, and after them the supervising leader. Where the unit is the focal unit itself,
        its leader takes the place of its officers: nobody is told to urge or judge themselves.
        """
        wanted = sorted(
            {_next_up(circle, audience) for audience in audiences},
            key=lambda audience: _SPECIFIC_FIRST[audience],
        )
        found = self._holders(circle, wanted)
        if not found and wanted:
            missing = _unit_of(circle, wanted[0])
            found = self._holders(circle, [Audience.FOCAL]) or self._holders(
                circle, [Audience.SUPERVISOR]
            )
            found = [replace(recipient, nobody_at=missing) for recipient in found]
        return self._with_substitutes(found)

    def _holders(self, circle: Circle, audiences: Iterable[Audience]) -> list[Recipient]:
        people: dict[int, Recipient] = {}
        for audience in audiences:
            if audience is Audience.POST:
                for recipient in self._named(circle):
                    people.setdefault(recipient.person_id, recipient)
                continue
            unit = _unit_of(circle, audience)
            for person_id in self._people(circle, audience, unit):
                people.setdefault(person_id, Recipient(person_id, audience, unit))
        return list(people.values())

    def _named(self, circle: Circle) -> Iterator[Recipient]:
        """Holders of the posts a ladder names, in the unit that carries on where one is no more."""
        for named, role in circle.posts:
            for unit in self._named_units[named]:
                for person_id in self._posts.get((unit.pk, role), []):
                    yield Recipient(person_id, Audience.POST, unit)

    def _people(self, circle: Circle, audience: Audience, unit: Unit) -> list[int]:
        """The person the matter names, while still there; otherwise whoever holds the post."""
        if audience is Audience.RAISER:
            return [circle.raiser_id] if circle.raiser_id in self._active else []
        if (
            audience is Audience.OFFICER
            and circle.officer_id is not None
            and (circle.officer_id, unit.pk) in self._members
        ):
            return [circle.officer_id]
        if audience is Audience.SUPERVISOR and circle.supervising_leader_id in self._active:
            return [circle.supervising_leader_id]
        if audience is Audience.UNIT_ABOVE and circle.unit_above is None:
            return []
        return self._posts.get((unit.pk, _POSTS[audience]), [])

    def _with_substitutes(self, found: list[Recipient]) -> list[Recipient]:
        people = {recipient.person_id: recipient for recipient in found}
        for recipient in found:
            for substitute in self._substitutes.get(recipient.person_id, ()):
                stand_in = replace(
                    recipient, person_id=substitute, substitute_for_id=recipient.person_id
                )
                people.setdefault(substitute, stand_in)
        return list(people.values())


def _units_of_posts(circles: Iterable[Circle], on: dt.date) -> dict[int, list[Unit]]:
    return carriers((unit for circle in circles for unit, _role in circle.posts), on)


def _next_up(circle: Circle, audience: Audience) -> Audience:
    if audience is Audience.FOCAL and circle.unit == circle.focal_unit:
        return Audience.FOCAL_LEADER
    return audience


def _unit_of(circle: Circle, audience: Audience) -> Unit:
    match audience:
        case Audience.FOCAL | Audience.FOCAL_LEADER:
            return circle.focal_unit
        case Audience.SUPERVISOR:
            return circle.issuer
        case Audience.UNIT_ABOVE:
            return circle.unit_above or circle.issuer
        case Audience.REVIEWER | Audience.REVIEWER_LEADER:
            return circle.reviewer or circle.focal_unit
        case _:
            return circle.unit
