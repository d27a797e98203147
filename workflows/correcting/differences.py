"""The differences between a corrected document and the running plan, item by item."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks.models import Participation, ParticipationState, Role
from tasks.words import long_date
from workflows.actions.issuing import ItemInput, NamedUnit
from workflows.correcting.matching import Pairs
from workflows.correcting.running import RunningItem


class Field(StrEnum):
    """What may differ. The values are part of stored choices and of the history."""

    CODE = "code"
    TITLE = "title"
    PRODUCT = "product"
    DUE = "due"
    LEADS = "leads"
    COORDINATORS = "coordinators"
    ADDED = "added"
    REMOVED = "removed"

    @property
    def label(self) -> str | Promise:
        return _LABELS[self]


_LABELS: dict[Field, str | Promise] = {
    Field.CODE: gettext_lazy("Code"),
    Field.TITLE: gettext_lazy("What"),
    Field.PRODUCT: gettext_lazy("Product"),
    Field.DUE: gettext_lazy("Time"),
    Field.LEADS: gettext_lazy("Lead"),
    Field.COORDINATORS: gettext_lazy("Coordinates"),
    Field.ADDED: gettext_lazy("New item"),
    Field.REMOVED: gettext_lazy("No longer in the document"),
}
ROLE_OF = {Field.LEADS: Role.LEAD, Field.COORDINATORS: Role.COORDINATING}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that may be applied or left; `key` is stable while the pairs stay.

    `blocked` says why it cannot be applied. For a unit, `part` is the one that would end, `named`
    the one that would begin.
    """

    key: str
    field: Field
    before: str = ""
    after: str = ""
    part: Participation | None = None
    named: NamedUnit | None = None
    blocked: str = ""
    is_default: bool = True

    @property
    def label(self) -> str | Promise:
        return self.field.label


@dataclass(frozen=True, slots=True)
class Difference:
    """One item of the document, of the plan, or of both, and what differs in it."""

    key: str
    wanted: ItemInput | None
    running: RunningItem | None
    changes: list[Change] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """ "added", "removed", "changed" or "same"."""
        if self.running is None:
            return "added"
        if self.wanted is None:
            return "removed"
        return "changed" if self.changes else "same"

    @property
    def code(self) -> str:
        return self.running.item.code if self.running else self.wanted.code if self.wanted else ""

    @property
    def title(self) -> str:
        return self.running.item.title if self.running else self.wanted.title if self.wanted else ""

    @property
    def place(self) -> str:
        """How messages call the item."""
        return self.code or self.title[:60]


def compare(
    given: Sequence[tuple[str, ItemInput]],
    running: Sequence[RunningItem],
    pairs: Pairs,
    doubtful: Collection[str] = (),
) -> list[Difference]:
    """Every item of both sides once: in the order of the document, then what it no longer has.

    In `doubtful` items somebody is named who was not recognised: no part ends there by default.
    """
    by_pk = {one.pk: one for one in running}
    found = [
        _doubt(_difference(key, wanted, by_pk.get(pairs.get(key, 0))), key in doubtful)
        for key, wanted in given
    ]
    paired = set(pairs.values())
    missing = [one for one in running if one.pk not in paired]
    return found + [_removed(one) for one in missing]


def _difference(key: str, wanted: ItemInput, one: RunningItem | None) -> Difference:
    if one is None:
        return Difference(key, wanted, None, [_added(key, wanted)])
    changes = list(_changes(key, wanted, one))
    if one.is_over:
        blocked = _("The item is %(state)s: it stays as it is.") % {
            "state": one.item.get_state_display()
        }
        changes = [_block(change, blocked) for change in changes]
    return Difference(key, wanted, one, changes)


def _doubt(difference: Difference, is_doubtful: bool) -> Difference:
    if not is_doubtful:
        return difference
    changes = [replace(one, is_default=False) if one.part else one for one in difference.changes]
    return replace(difference, changes=changes)


def _block(change: Change, reason: str) -> Change:
    return replace(change, blocked=reason)


def _added(key: str, wanted: ItemInput) -> Change:
    blocked = ""
    if not wanted.leads:
        blocked = _("It names no lead unit that is known. Correct that in what was read.")
    elif wanted.start_on and wanted.due_on and wanted.due_on < wanted.start_on:
        blocked = _("It is due before it starts. Correct that in what was read.")
    return Change(f"{key}.added", Field.ADDED, after=wanted.title, blocked=blocked)


def _removed(one: RunningItem) -> Difference:
    """An item is never called off by default: the reader may have missed it."""
    key = f"p{one.pk}"
    blocked = _("The item is completed: it stays as it is.") if one.is_over else ""
    change = Change(
        f"{key}.removed", Field.REMOVED, before=one.item.title, blocked=blocked, is_default=False
    )
    return Difference(key, None, one, [change])


def _changes(key: str, wanted: ItemInput, one: RunningItem) -> Iterator[Change]:
    item = one.item
    if wanted.code and wanted.code != item.code:
        yield Change(f"{key}.code", Field.CODE, item.code, wanted.code)
    if _words(wanted.title) and _words(wanted.title) != _words(item.title):
        yield Change(f"{key}.title", Field.TITLE, item.title, wanted.title)
    if _words(wanted.product) != _words(item.product):
        yield Change(f"{key}.product", Field.PRODUCT, item.product, wanted.product)
    if (wanted.due_on, wanted.start_on) != (item.due_on, item.start_on):
        yield _due(key, wanted, one)
    yield from _units(key, Field.LEADS, wanted.leads, one)
    yield from _units(key, Field.COORDINATORS, wanted.coordinating, one)


def _words(text: str) -> str:
    return " ".join(text.split())


def _due(key: str, wanted: ItemInput, one: RunningItem) -> Change:
    blocked = ""
    if wanted.start_on and wanted.due_on and wanted.due_on < wanted.start_on:
        blocked = _("It is due before it starts. Correct that in what was read.")
    return Change(
        f"{key}.due",
        Field.DUE,
        _time(one.item.timeframe_text, one.item.start_on, one.item.due_on),
        _time(wanted.timeframe_text, wanted.start_on, wanted.due_on),
        blocked=blocked,
        # A time that was not understood does not take a date away by itself.
        is_default=wanted.due_on is not None,
    )


def _time(words: str, start_on: dt.date | None, due_on: dt.date | None) -> str:
    dates = [long_date(day) for day in (start_on, due_on) if day]
    said = " – ".join(dates) or _("no date")
    return f"{said} (“{words}”)" if words else said


def _units(
    key: str, field: Field, named: Iterable[NamedUnit], one: RunningItem
) -> Iterator[Change]:
    """A part that was handed on stays with its heir as long as the document names its unit."""
    role = ROLE_OF[field]
    heirs, parts = one.heirs[role], one.parts[role]
    wanted = {heirs.get(name.unit.pk, name.unit.pk): name for name in named}
    for unit, name in wanted.items():
        if unit not in parts:
            yield Change(f"{key}.{field}+{unit}", field, after=name.unit.short_name, named=name)
    # Where nobody was recognised, nobody is taken away by default.
    for unit, part in parts.items():
        if unit not in wanted:
            yield _withdrawal(f"{key}.{field}-{unit}", field, part, is_default=bool(wanted))


def _withdrawal(key: str, field: Field, part: Participation, *, is_default: bool) -> Change:
    blocked = ""
    if part.state == ParticipationState.ACCEPTED:
        blocked = _("Its work was accepted already: the part stays.")
    return Change(
        key,
        field,
        before=part.unit.short_name,
        part=part,
        blocked=blocked,
        is_default=is_default,
    )


def chosen_changes(
    differences: Iterable[Difference], yes: Iterable[str], no: Iterable[str]
) -> set[str]:
    """The keys of the changes to apply: what a person chose, else the default."""
    wanted, unwanted = set(yes), set(no)
    return {
        change.key
        for difference in differences
        for change in difference.changes
        if not change.blocked
        and (change.key in wanted or (change.is_default and change.key not in unwanted))
    }
