"""What passes to the successors of a unit: collected for a look beforehand and for doing it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks.models import (
    UNREAD,
    DraftState,
    Membership,
    Participation,
    Plan,
    PlanDraft,
    PlanState,
    SuccessionKind,
    Unit,
    UnitGroupMember,
)
from tasks.models import Target as SetTarget
from tasks.running import open_parts, open_proposals, open_reports
from tasks.words import phase_words

STAY = "stay"


class Sort(StrEnum):
    """What can pass on, in the order in which it is shown and done."""

    PLAN = "plan"
    PART = "part"
    REPORT = "report"
    PROPOSAL = "proposal"
    TARGET = "target"
    DRAFT = "draft"
    POST = "post"
    CHILD = "child"
    GROUP = "group"


SORTS: dict[Sort, str | Promise] = {
    Sort.PLAN: gettext_lazy("Plans it issued or consolidates"),
    Sort.PART: gettext_lazy("Running work"),
    Sort.REPORT: gettext_lazy("Reports it still owes"),
    Sort.PROPOSAL: gettext_lazy("Proposals it has to answer"),
    Sort.TARGET: gettext_lazy("Targets that are set for it"),
    Sort.DRAFT: gettext_lazy("Plans under review"),
    Sort.POST: gettext_lazy("People and their posts"),
    Sort.CHILD: gettext_lazy("Units under it"),
    Sort.GROUP: gettext_lazy("Groups it belongs to"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """Who carries on: a unit that exists, or the names of one that is to be entered."""

    key: str
    name: str
    short_name: str
    unit: Unit | None = None

    @classmethod
    def existing(cls, unit: Unit) -> Target:
        return cls(f"u{unit.pk}", unit.name, unit.short_name, unit)


@dataclass(frozen=True, slots=True)
class Succession:
    """What an administrator decided. `leaving` units end, unless functions are only given away."""

    kind: SuccessionKind
    leaving: tuple[Unit, ...]
    into: tuple[Target, ...]
    effective_on: dt.date
    note: str = ""

    @property
    def ends(self) -> bool:
        """Whether the units that pass their work on are no more."""
        return self.kind != SuccessionKind.TRANSFER

    @property
    def has_choice(self) -> bool:
        """Whether each thing may pass to another unit, or stay."""
        return len(self.into) > 1 or not self.ends

    @property
    def default(self) -> str:
        return self.into[0].key if self.ends else STAY

    @property
    def last_day(self) -> dt.date:
        return self.effective_on - dt.timedelta(days=1)

    def choices(self) -> list[tuple[str, str]]:
        named = [(target.key, target.name) for target in self.into]
        return named if self.ends else [(STAY, _("stays where it is")), *named]


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that passes on: what it is, in words, and whose it was."""

    sort: Sort
    thing: Any
    old: Unit
    label: str
    facts: str = ""

    @property
    def key(self) -> str:
        return f"{self.sort}-{self.thing.pk}-{self.old.pk}"


def moves_of(succession: Succession) -> list[Move]:
    """Everything that would pass on, in the order of `Sort`; a constant number of queries."""
    old = {unit.pk: unit for unit in succession.leaving}
    finders = (_plans, _parts, _reports, _proposals, _targets, _drafts, _posts, _children, _groups)
    found = [move for finder in finders for move in finder(old, succession)]
    return found if succession.ends else [one for one in found if one.sort not in _STAYING]


# A unit that goes on keeps what stands under it and the groups it is in.
_STAYING = (Sort.CHILD, Sort.GROUP)


def fingerprint(moves: Iterable[Move]) -> str:
    """A short text that differs when anything else would pass on."""
    told = [(move.key, getattr(move.thing, "state", "")) for move in moves]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _plans(old: dict[int, Unit], _succession: Succession) -> Iterator[Move]:
    plans = Plan.objects.filter(
        Q(issuer__in=old) | Q(focal_unit__in=old), state=PlanState.RUNNING
    ).select_related("document", "issuer", "focal_unit")
    for plan in plans.order_by("pk"):
        for pk in dict.fromkeys((plan.issuer_id, plan.focal_unit_id)):
            if pk in old:
                roles = [
                    str(label)
                    for label, unit in (
                        (_("issuer"), plan.issuer_id),
                        (_("focal unit"), plan.focal_unit_id),
                    )
                    if unit == pk
                ]
                yield Move(Sort.PLAN, plan, old[pk], f"{plan} {plan.title}", ", ".join(roles))


def _parts(old: dict[int, Unit], _succession: Succession) -> Iterator[Move]:
    parts = (
        open_parts().filter(unit__in=old).select_related("item__plan__document", "officer", "unit")
    )
    for part in parts.order_by("item__plan", "item__position", "role", "pk"):
        facts = [str(part.item.plan), part.get_role_display(), part.get_state_display()]
        if part.officer:
            facts.append(part.officer.full_name)
        yield Move(
            Sort.PART,
            part,
            old[part.unit_id],
            f"{part.item.code} {part.item.title}",
            " · ".join(facts),
        )


def _reports(old: dict[int, Unit], _succession: Succession) -> Iterator[Move]:
    """The reports of the units; the consolidated one of a focal unit passes with its plan."""
    reports = open_reports().filter(unit__in=old).exclude(is_consolidated=True)
    for report in reports.select_related("plan__document", "period").order_by("pk"):
        yield Move(
            Sort.REPORT,
            report,
            old[report.unit_id],
            f"{report.plan} · {report.period}",
            report.get_state_display(),
        )


def _proposals(old: dict[int, Unit], _succession: Succession) -> Iterator[Move]:
    """What the units are asked; what they proposed goes with their report or part."""
    proposals = open_proposals().filter(addressee__in=old)
    for proposal in proposals.select_related("plan__document", "unit").order_by("pk"):
        facts = " · ".join((str(proposal.plan), proposal.unit.short_name))
        yield Move(Sort.PROPOSAL, proposal, old[proposal.addressee_id or 0], str(proposal), facts)


def _targets(old: dict[int, Unit], _succession: Succession) -> Iterator[Move]:
    """Targets of running plans; what was measured stays with whoever measured it."""
    targets = SetTarget.objects.filter(unit__in=old, plan__state=PlanState.RUNNING)
    for target in targets.select_related("indicator", "plan__document").order_by("pk"):
        facts = f"{target.plan} · {phase_words(target.start_on, target.end_on)}"
        yield Move(Sort.TARGET, target, old[target.unit_id], target.indicator.name, facts)


def _drafts(old: dict[int, Unit], _succession: Succession) -> Iterator[Move]:
    open_states = (*UNREAD, DraftState.REVIEWING)
    drafts = PlanDraft.objects.filter(unit__in=old, state__in=open_states).defer("text", "reading")
    for draft in drafts.order_by("pk"):
        yield Move(Sort.DRAFT, draft, old[draft.unit_id], draft.file_name or f"#{draft.pk}")


def _posts(old: dict[int, Unit], succession: Succession) -> Iterator[Move]:
    posts = Membership.objects.filter(unit__in=old).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=succession.effective_on)
    )
    for post in posts.select_related("person").order_by("unit", "person__full_name", "role"):
        facts = [post.get_role_display(), post.person.position]
        yield Move(
            Sort.POST,
            post,
            old[post.unit_id],
            post.person.full_name,
            " · ".join(filter(None, facts)),
        )


def _children(old: dict[int, Unit], succession: Succession) -> Iterator[Move]:
    leaving = [unit.pk for unit in succession.leaving]
    into = [target.unit.pk for target in succession.into if target.unit]
    units = Unit.objects.valid_on(succession.effective_on).filter(parent__in=old)
    for unit in units.exclude(pk__in=leaving + into).order_by("name"):
        yield Move(Sort.CHILD, unit, old[unit.parent_id or 0], unit.name)


def _groups(old: dict[int, Unit], succession: Succession) -> Iterator[Move]:
    members = UnitGroupMember.objects.filter(unit__in=old).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=succession.effective_on)
    )
    for member in members.select_related("group").order_by("group__name", "pk"):
        yield Move(Sort.GROUP, member, old[member.unit_id], member.group.name)


def folds(succession: Succession, moves: Iterable[Move]) -> list[str]:
    """The items in which one unit would have two parts, where everything goes to one successor.

    They are joined: see `workflows.actions.succession`.
    """
    if succession.has_choice:
        return []
    keys = {unit.pk for unit in succession.leaving}
    keys |= {target.unit.pk for target in succession.into if target.unit}
    items = {move.thing.item_id for move in moves if move.sort is Sort.PART}
    seen: dict[int, list[Participation]] = {}
    parts = (
        open_parts().filter(item__in=items, unit__in=keys).select_related("item__plan__document")
    )
    for part in parts.order_by("pk"):
        seen.setdefault(part.item_id, []).append(part)
    return [
        f"{same[0].item.plan} · {same[0].item.code} {same[0].item.title}"
        for same in seen.values()
        if len(same) > 1
    ]
