"""The units and groups that the names of one document may stand for."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from tasks.importing.matching import Match, Matcher, MatchKind, is_open_group
from tasks.models import Unit, UnitAlias, UnitGroup, UnitGroupMember
from tasks.rules.names import match_key

Ref = tuple[str, int]
_RELATED_UNITS = "các đơn vị có liên quan"
_PLACE = re.compile(r"\b(?:tỉnh|thành phố) \S.*$")


@dataclass(frozen=True, slots=True)
class Found:
    """What a raw name stands for; nothing is set where no unit is certain."""

    unit: int | None = None
    group: int | None = None
    is_open: bool = False
    kind: str = MatchKind.UNKNOWN.value
    confidence: float = 0.0
    candidates: tuple[int, ...] = ()


class Registry:
    """Units and groups as they are on `day`, the date of a document, or on `today`.

    Both are local dates. A name is looked for among the units of `day` first: an old plan names
    units that have since been merged. Four queries, however many units.
    """

    def __init__(
        self, day: dt.date, today: dt.date, *, home: Unit | None = None, also: Iterable[int] = ()
    ) -> None:
        self.day, self.today = day, today
        found = Unit.objects.valid_on(day) | Unit.objects.valid_on(today)
        found |= Unit.objects.filter(pk__in=list(also))
        self.units = {unit.pk: unit for unit in found}
        self.groups = {group.pk: group for group in UnitGroup.objects.all()}
        self.members = self._members()
        self._place = _place_of(home)
        self._new_groups: dict[str, UnitGroup] = {}

    def match(self, names: Iterable[str]) -> dict[str, Found]:
        """What each of the names stands for."""
        aliases: dict[int, list[str]] = defaultdict(list)
        for unit, text in UnitAlias.objects.values_list("unit_id", "text"):
            aliases[unit].append(text)
        then = self._matcher(
            [unit for unit in self.units.values() if _exists(unit, self.day)], aliases
        )
        now = self._matcher(
            [unit for unit in self.units.values() if _exists(unit, self.today)], aliases
        )
        return {name: self._find(name, then, now) for name in set(names)}

    def exists_today(self, pk: int) -> bool:
        return _exists(self.units[pk], self.today)

    def members_of(self, group: int) -> list[Unit]:
        """The units that belong to the group on the day of the document."""
        return [self.units[pk] for pk in self.members.get(group, ()) if pk in self.units]

    def open_group(self, name: str) -> UnitGroup:
        """The open group that a name which asks nobody stands for, perhaps not saved yet.

        All wordings of "các đơn vị có liên quan" are one group; an organisation that is not
        registered here has one of its own name.
        """
        key = match_key(name)
        for group in self.groups.values():
            if key in map(match_key, (group.name, *group.aliases)):
                return group
        if is_open_group(name):
            key, name = "", _RELATED_UNITS
            kept = (group for group in self.groups.values() if group.is_open)
            if found := next((group for group in kept if is_open_group(group.name)), None):
                return found
        group = UnitGroup(name=name[:200], is_open=True, aliases=[])
        return self._new_groups.setdefault(key, group)

    def _members(self) -> dict[int, list[int]]:
        rows = UnitGroupMember.objects.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=self.day),
            Q(valid_until__isnull=True) | Q(valid_until__gte=self.day),
        ).order_by("unit__name")
        members: dict[int, list[int]] = defaultdict(list)
        for group, unit in rows.values_list("group_id", "unit_id"):
            members[group].append(unit)
        return members

    def _matcher(self, units: Iterable[Unit], aliases: dict[int, list[str]]) -> Matcher[Ref]:
        known: list[tuple[Ref, Iterable[str]]] = [
            (("unit", unit.pk), (unit.name, unit.short_name, *aliases[unit.pk])) for unit in units
        ]
        groups: list[tuple[Ref, Iterable[str]]] = [
            (("group", group.pk), (group.name, *group.aliases)) for group in self.groups.values()
        ]
        return Matcher(known, groups, self._place)

    def _find(self, name: str, then: Matcher[Ref], now: Matcher[Ref]) -> Found:
        found = then.resolve(name)
        if found.kind is MatchKind.UNKNOWN and not found.candidates:
            found = now.resolve(name)
        return self._found(found)

    def _found(self, match: Match[Ref]) -> Found:
        candidates = tuple(pk for kind, pk in match.candidates if kind == "unit")
        if match.kind is MatchKind.OPEN_GROUP:
            return Found(is_open=True, kind=match.kind.value, confidence=1.0)
        if match.ref is None:
            return Found(candidates=candidates)
        kind, pk = match.ref
        if kind == "unit":
            return Found(unit=pk, kind=match.kind.value, confidence=match.confidence)
        if self.groups[pk].is_open:
            return Found(is_open=True, kind=MatchKind.OPEN_GROUP.value, confidence=1.0)
        return Found(group=pk, kind=match.kind.value, confidence=match.confidence)


def _exists(unit: Unit, day: dt.date) -> bool:
    started = unit.valid_from is None or unit.valid_from <= day
    return started and (unit.valid_until is None or unit.valid_until >= day)


def _place_of(home: Unit | None) -> str | None:
    """The province or city in the name of the unit that reads the plan."""
    found = _PLACE.search(home.name) if home else None
    return found[0] if found else None
