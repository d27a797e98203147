"""The units and groups that the names of one document may stand for."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from tasks.carrying_on import carried_on_by, heirs_on
from tasks.importing.matching import Match, Matcher, MatchKind, is_open_group
from tasks.models import Unit, UnitAlias, UnitGroup, UnitGroupMember
from tasks.rules.names import match_key

Ref = tuple[str, int]
# The `kind` of a name whose unit is no more: it stands for whoever carries on the work today.
SUCCESSOR = "successor"
# Below `doubts.SURE`: nobody is asked in another's place before a person has looked at it.
_OF_A_SUCCESSOR = 0.75
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
    units that have since been merged; whoever carries on their work is found then. What people of
    the unit `home` said that a name means goes before all else. Five queries, however many units.
    """

    def __init__(
        self, day: dt.date, today: dt.date, *, home: Unit | None = None, also: Iterable[int] = ()
    ) -> None:
        self.day, self.today = day, today
        self._all = {unit.pk: unit for unit in Unit.objects.all()}
        named = set(also)
        self.units = {
            pk: unit
            for pk, unit in self._all.items()
            if pk in named or _exists(unit, day) or _exists(unit, today)
        }
        self._home = home.pk if home else None
        self._heirs = heirs_on(today)
        self.groups = {group.pk: group for group in UnitGroup.objects.all()}
        self.members = self._members()
        self._place = _place_of(home)
        self._new_groups: dict[str, UnitGroup] = {}

    def match(self, names: Iterable[str]) -> dict[str, Found]:
        """What each of the names stands for."""
        names = set(names)
        found: dict[str, Match[Ref]] = {name: Match(MatchKind.UNKNOWN) for name in names}
        aliases, said = self._aliases()
        for units in self._eras():
            open_names = [name for name, match in found.items() if _is_open(match)]
            if not open_names:
                break
            matcher = self._matcher(units, aliases, said)
            found |= {name: matcher.resolve(name) for name in open_names}
        return {name: self._found(match) for name, match in found.items()}

    def _eras(self) -> Iterator[list[Unit]]:
        """The units of the day of the document; those of today; those that came before."""
        then = [unit for unit in self.units.values() if _exists(unit, self.day)]
        yield then
        now = [unit for unit in self.units.values() if _exists(unit, self.today)]
        if now != then:
            yield now
        yield [unit for pk, unit in self._all.items() if pk in self._heirs]

    def _aliases(self) -> tuple[dict[int, list[str]], list[tuple[int, str]]]:
        """The aliases that hold for everybody by unit, and what the home means by a name."""
        aliases: dict[int, list[str]] = defaultdict(list)
        said: list[tuple[int, str]] = []
        for unit, text, issuer in UnitAlias.objects.values_list("unit_id", "text", "issuer_id"):
            if issuer is None:
                aliases[unit].append(text)
            elif issuer == self._home:
                said.append((unit, text))
        return aliases, said

    def of_today(self, pk: int) -> list[Unit]:
        """Whoever carries on the work of a unit today: itself, its successors, or nobody."""

        def exists(one: int) -> bool:
            return one in self._all and _exists(self._all[one], self.today)

        return [self._all[one] for one in carried_on_by(pk, self._heirs, exists)]

    def exists_today(self, pk: int) -> bool:
        return _exists(self.units[pk], self.today)

    def members_of(self, group: int) -> list[Unit]:
        """The units that are asked when a group is: see `asked_in`."""
        return [unit for unit, _name in self.asked_in(group)]

    def asked_in(self, group: int) -> list[tuple[Unit, str]]:
        """The members of the group on the day of the document, each with its name of that day.

        In place of a unit that is no more stand those that carry on its work today; without any,
        the unit itself stays, so that a person sees it.
        """
        asked: dict[int, Unit] = {}
        names: dict[int, list[str]] = defaultdict(list)
        for pk in self.members.get(group, ()):
            for unit in self.of_today(pk) or [self._all[pk]]:
                asked[unit.pk] = unit
                names[unit.pk].append(self._all[pk].name)
        return [(unit, "; ".join(names[pk])) for pk, unit in asked.items()]

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

    def _matcher(
        self,
        units: Iterable[Unit],
        aliases: dict[int, list[str]],
        said: Iterable[tuple[int, str]],
    ) -> Matcher[Ref]:
        units = list(units)
        present = {unit.pk for unit in units}
        known: list[tuple[Ref, Iterable[str]]] = [
            (("unit", unit.pk), (unit.name, unit.short_name, *aliases[unit.pk])) for unit in units
        ]
        groups: list[tuple[Ref, Iterable[str]]] = [
            (("group", group.pk), (group.name, *group.aliases)) for group in self.groups.values()
        ]
        preferred: list[tuple[Ref, str]] = [
            (("unit", pk), text) for pk, text in said if pk in present
        ]
        return Matcher(known, groups, self._place, preferred)

    def _found(self, match: Match[Ref]) -> Found:
        candidates = [pk for kind, pk in match.candidates if kind == "unit"]
        if match.kind is MatchKind.OPEN_GROUP:
            return Found(is_open=True, kind=match.kind.value, confidence=1.0)
        if match.ref is None:
            heirs = (unit.pk for pk in candidates for unit in self.of_today(pk) or [self._all[pk]])
            return Found(candidates=tuple(dict.fromkeys(heirs)))
        kind, pk = match.ref
        if kind == "unit":
            return self._unit(pk, match)
        if self.groups[pk].is_open:
            return Found(is_open=True, kind=MatchKind.OPEN_GROUP.value, confidence=1.0)
        return Found(group=pk, kind=match.kind.value, confidence=match.confidence)

    def _unit(self, pk: int, match: Match[Ref]) -> Found:
        """The unit of the name, or whoever carries on its work where it is no more."""
        heirs = self.of_today(pk)
        if not heirs or heirs[0].pk == pk:
            return Found(unit=pk, kind=match.kind.value, confidence=match.confidence)
        if len(heirs) > 1:
            return Found(kind=SUCCESSOR, candidates=tuple(unit.pk for unit in heirs))
        confidence = min(match.confidence, _OF_A_SUCCESSOR)
        return Found(unit=heirs[0].pk, kind=SUCCESSOR, confidence=confidence)


def _is_open(match: Match[Ref]) -> bool:
    return match.kind is MatchKind.UNKNOWN and not match.candidates


def _exists(unit: Unit, day: dt.date) -> bool:
    started = unit.valid_from is None or unit.valid_from <= day
    return started and (unit.valid_until is None or unit.valid_until >= day)


def _place_of(home: Unit | None) -> str | None:
    """The province or city in the name of the unit that reads the plan."""
    found = _PLACE.search(home.name) if home else None
    return found[0] if found else None
