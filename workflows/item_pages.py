"""What the item page shows: who holds which part, what I can do now, and what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from guardian.core import ObjectPermissionChecker

from tasks.models import (
    GONE,
    Deadline,
    DeadlineKind,
    Evidence,
    Extension,
    ExtensionState,
    ItemState,
    Obstacle,
    Participation,
    ParticipationState,
    PlanItem,
    PlanState,
    Role,
    Unit,
)
from tasks.plan_queries import ItemRow, PartRow, standing_of
from tasks.queries import working_calendar
from tasks.rules.calendar import WorkingCalendar
from tasks.rules.timeliness import Standing, Timeliness, working_day_before
from workflows.access import Actor
from workflows.inbox import Offer, offers_by_seed

JUDGING = ("insist", "reassign", "accept", "return_work")
SUPERVISING: dict[str, tuple[Offer, ...]] = {
    ItemState.ISSUED: (
        Offer("suspend", _("Suspend…"), 0),
        Offer("cancel", _("Cancel the item…"), 0, is_dangerous=True),
    ),
    ItemState.SUSPENDED: (
        Offer("resume", _("Resume the item"), 0, is_primary=True),
        Offer("cancel", _("Cancel the item…"), 0, is_dangerous=True),
    ),
}
SUPERVISING[ItemState.IN_PROGRESS] = SUPERVISING[ItemState.ISSUED]


@dataclass(frozen=True, slots=True)
class Rights:
    """What the actor may do with the item beyond their own part, for the unit they act for."""

    supervises: bool
    consolidates: bool
    acts: bool

    @property
    def oversees(self) -> bool:
        return self.supervises or self.consolidates

    def answers(self, obstacle: Obstacle, unit: Unit | None) -> bool:
        """Whether the actor, acting for `unit`, owes the answer."""
        if obstacle.passed_to is None:
            return self.consolidates
        return self.acts and unit == obstacle.passed_to


def rights_on(item: PlanItem, actor: Actor) -> Rights:
    if item.plan.state == PlanState.CLOSED:
        return Rights(supervises=False, consolidates=False, acts=False)
    held = ObjectPermissionChecker(actor.person).get_perms(item)
    return Rights(
        supervises=actor.unit == item.plan.issuer and "supervise_planitem" in held,
        consolidates=actor.unit == item.plan.focal_unit and "consolidate_planitem" in held,
        acts=actor.may("act_for_unit"),
    )


@dataclass(frozen=True)
class Holder:
    """One unit's part: its own state, its own clock, and what the actor can do with it.

    `deadline` is the clock that runs for it now: to acknowledge, or to finish.
    """

    part: Participation
    deadline: Deadline | None
    standing: Standing
    offers: list[Offer] = field(default_factory=list)

    @property
    def follow_up(self) -> Deadline | None:
        """The deadline that an overseer may urge about."""
        return self.deadline if self.standing.timeliness == Timeliness.OVERDUE else None

    @property
    def is_replaced(self) -> bool:
        return bool(self.part.state == ParticipationState.REPLACED)

    @property
    def is_asked(self) -> bool:
        return bool(self.part.state == ParticipationState.ASSIGNED)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that waits for the actor: about whose part, and the choices, usual one first."""

    about: Unit | None
    offers: list[Offer]

    @property
    def primary(self) -> Offer:
        return self.offers[0]

    @property
    def others(self) -> list[Offer]:
        return self.offers[1:]


@dataclass(frozen=True, slots=True)
class Asked:
    """An obstacle, and what the actor can do about it."""

    obstacle: Obstacle
    offers: list[Offer]


@dataclass(frozen=True)
class ItemPage:
    """The page's parts, ready to be written down."""

    item: PlanItem
    holders: list[Holder]
    obstacles: list[Obstacle]
    rights: Rights
    own_unit: Unit | None
    today: dt.date
    calendar: WorkingCalendar

    @cached_property
    def row(self) -> ItemRow:
        """The item as the plan page shows it."""
        parts = [holder.part for holder in self.holders if not self._is_gone(holder)]
        return ItemRow(self.item, [self._work_row(part) for part in parts])

    def _is_gone(self, holder: Holder) -> bool:
        """Whether the part was handed on, or taken out of the item by a correction."""
        is_called_off = self.item.state == ItemState.CANCELLED
        is_cancelled = holder.part.state == ParticipationState.CANCELLED
        return holder.is_replaced or (is_cancelled and not is_called_off)

    def _work_row(self, part: Participation) -> PartRow:
        deadline = latest(part, DeadlineKind.ITEM)
        how = standing_of(deadline, today=self.today, calendar=self.calendar)
        return PartRow(part, deadline, how)

    @cached_property
    def clock(self) -> PartRow | None:
        """The date to show first: that of the actor's own lead part, else the deciding one."""
        own = [row for row in self.row.leads if self.own_unit == row.part.unit and row.deadline]
        return own[0] if own else self.row.deciding

    @property
    def rest_day(self) -> dt.date | None:
        """The last working day before the date shown, when that is a day of rest."""
        return working_day_before(self.clock.standing, self.calendar) if self.clock else None

    @property
    def has_several_dates(self) -> bool:
        return len({row.standing.due_on for row in self.row.leads if row.deadline}) > 1

    @cached_property
    def leads(self) -> list[Holder]:
        return [holder for holder in self.holders if holder.part.role == Role.LEAD]

    @cached_property
    def coordinating(self) -> list[Holder]:
        return [holder for holder in self.holders if holder.part.role == Role.COORDINATING]

    @cached_property
    def extensions(self) -> list[Extension]:
        """Every request for more time, newest first."""
        asked = [
            extension
            for holder in self.holders
            for deadline in holder.part.dates
            for extension in deadline.extensions.all()
        ]
        return sorted(asked, key=lambda extension: extension.requested_at, reverse=True)

    @cached_property
    def undecided(self) -> list[Extension]:
        """The requests that still wait; what is over, item or part, needs no decision."""
        running = {one.part.pk for one in self.holders if one.part.state not in GONE}
        return [
            extension
            for extension in self.extensions
            if extension.state == ExtensionState.REQUESTED
            and extension.deadline.participation_id in running
            and not self.is_over
        ]

    @cached_property
    def unanswered(self) -> list[Obstacle]:
        """The obstacles that still wait; what is over, or is a proposal now, needs no answer."""
        return [
            obstacle
            for obstacle in self.obstacles
            if obstacle.answered_at is None
            and not hasattr(obstacle, "proposal")
            and obstacle.participation.state not in GONE
            and not self.is_over
        ]

    @cached_property
    def moved(self) -> list[Deadline]:
        """The dates that an extension or a correction has moved, with their versions at hand."""
        dates = [row.deadline for row in self.row.leads if row.deadline]
        return [date for date in dates if date.due_on != date.original_due_on]

    @cached_property
    def steps(self) -> list[Step]:
        """What waits for the actor; decisions that others wait for come first."""
        return [*self._judgements(), *self._decisions(), *self._answers(), *self._own()]

    @property
    def next_step(self) -> Step | None:
        return self.steps[0] if self.steps else None

    def _judgements(self) -> list[Step]:
        asked = [h for h in self.holders if h.offers and h.offers[0].name in JUDGING]
        return [Step(holder.part.unit, holder.offers) for holder in asked]

    def _decisions(self) -> list[Step]:
        if not self.rights.supervises:
            return []
        return [
            Step(
                extension.deadline.unit,
                [Offer("extension_decide", _("Decide on the extension"), extension.pk, True)],
            )
            for extension in self.undecided
        ]

    def _answers(self) -> list[Step]:
        return [
            Step(asked.obstacle.participation.unit, asked.offers)
            for asked in self.asked
            if asked.offers and asked.offers[0].name == "obstacle_answer"
        ]

    @cached_property
    def asked(self) -> list[Asked]:
        """Every obstacle, and what the actor can do about it."""
        return [Asked(obstacle, self._about(obstacle)) for obstacle in self.obstacles]

    def _about(self, obstacle: Obstacle) -> list[Offer]:
        if obstacle not in self.unanswered:
            return []
        offers = []
        if self.rights.answers(obstacle, self.own_unit):
            offers.append(Offer("obstacle_answer", _("Answer the obstacle"), obstacle.pk, True))
            if obstacle.passed_to is None and self.item.plan.issuer != self.own_unit:
                label = _("Pass it on to the issuing unit")
                offers.append(Offer("obstacle_pass_on", label, obstacle.pk))
        if self.rights.acts and self.own_unit == obstacle.participation.unit:
            offers.append(Offer("obstacle_propose", _("Make it a proposal"), obstacle.pk))
        return offers

    def _own(self) -> list[Step]:
        own = [h for h in self.holders if h.offers and h.offers[0].name not in JUDGING]
        return [Step(None, self._sensible(holder)) for holder in own]

    def _sensible(self, holder: Holder) -> list[Offer]:
        """The offers without asking for more time where no date runs, or a request waits."""
        asked = {e.deadline_id for e in self.extensions if e.state == ExtensionState.REQUESTED}
        may_ask = holder.deadline is not None and holder.deadline.pk not in asked
        return [offer for offer in holder.offers if may_ask or offer.name != "extension_request"]

    @property
    def is_over(self) -> bool:
        return self.item.state in (ItemState.COMPLETED, ItemState.CANCELLED)

    @property
    def is_suspended(self) -> bool:
        return bool(self.item.state == ItemState.SUSPENDED)

    @property
    def supervision(self) -> list[Offer]:
        """Suspend, resume, cancel: what the supervising leader may do in the present state."""
        if not self.rights.supervises:
            return []
        return [
            Offer(offer.name, offer.label, self.item.pk, offer.is_primary, offer.is_dangerous)
            for offer in SUPERVISING.get(self.item.state, ())
        ]

    @property
    def awaited(self) -> list[tuple[str, list[Unit]]]:
        """Whom the item waits for, when it does not wait for the actor: what, and which units."""
        live = [h for h in self.holders if not h.is_replaced]
        focal = [self.item.plan.focal_unit]
        states = {holder.part.state for holder in live}
        groups: list[tuple[Any, list[Unit]]] = [
            (_("to acknowledge"), _units(live, ParticipationState.ASSIGNED)),
            (_("to carry out"), _units(self.leads, *WORKING)),
            (_("to accept or return"), focal if ParticipationState.CLAIMED in states else []),
            (_("to answer the refusal"), focal if ParticipationState.DECLINED in states else []),
        ]
        return [(str(what), units) for what, units in groups if units]


WORKING = (ParticipationState.ACKNOWLEDGED, ParticipationState.RETURNED)


def _units(holders: Iterable[Holder], *states: ParticipationState) -> list[Unit]:
    return [holder.part.unit for holder in holders if holder.part.state in states]


def latest(part: Participation, kind: DeadlineKind) -> Deadline | None:
    """The last deadline of that kind, unless it was called off without being met."""
    dates: list[Deadline] = part.dates
    fitting = [date for date in dates if date.kind == kind]
    if not fitting or (fitting[-1].closed_at and not fitting[-1].fulfilled_on):
        return None
    return fitting[-1]


def item_page(item: PlanItem, actor: Actor, *, today: dt.date) -> ItemPage:
    """Read everything about the item; the number of queries does not grow with its parts."""
    calendar = working_calendar()
    offers = offers_by_seed(actor, item)
    holders = [_holder(part, offers.get(part.pk, []), today, calendar) for part in _parts_of(item)]
    obstacles = Obstacle.objects.filter(participation__item=item).select_related(
        "participation__unit", "passed_to", "proposal", "raised_by", "answered_by"
    )
    rights = rights_on(item, actor)
    return ItemPage(item, holders, list(obstacles), rights, actor.unit, today, calendar)


def _parts_of(item: PlanItem) -> list[Participation]:
    dates = (
        Deadline.objects.order_by("pk")
        .select_related("unit")
        .prefetch_related(
            "versions__set_by",
            Prefetch(
                "extensions",
                Extension.objects.select_related("deadline__unit", "requested_by", "decided_by"),
            ),
        )
    )
    parts = item.participations.select_related("unit", "officer", "replaced_by__unit")
    return list(
        parts.order_by("pk").prefetch_related(Prefetch("deadlines", dates, to_attr="dates"))
    )


def _holder(
    part: Participation, offers: list[Offer], today: dt.date, calendar: WorkingCalendar
) -> Holder:
    """Until the part is acknowledged that clock counts; afterwards the one of the work."""
    asked = part.state == ParticipationState.ASSIGNED
    deadline = latest(part, DeadlineKind.ACKNOWLEDGEMENT if asked else DeadlineKind.ITEM)
    return Holder(part, deadline, standing_of(deadline, today=today, calendar=calendar), offers)


def evidence_of(item: PlanItem) -> list[Evidence]:
    """The files of the item, newest first. One query."""
    files = Evidence.objects.filter(update__participation__item=item)
    return list(files.select_related("update__participation__unit").order_by("-pk"))


STAGES: tuple[tuple[Any, frozenset[str]], ...] = (
    (_("Acknowledge"), frozenset({ParticipationState.ASSIGNED, ParticipationState.DECLINED})),
    (
        _("Carry out"),
        frozenset({ParticipationState.ACKNOWLEDGED, ParticipationState.RETURNED}),
    ),
    (_("Accept"), frozenset({ParticipationState.CLAIMED})),
    (_("Completed"), frozenset()),
)


@dataclass(frozen=True, slots=True)
class Milestone:
    """A stage of the work, the lead units that are there now, and whether all are past it."""

    words: Any
    units: list[Unit]
    is_past: bool
    is_here: bool


def milestones(page: ItemPage) -> list[Milestone]:
    """Where the lead units are, from acknowledging to done."""
    live = [holder for holder in page.leads if not holder.is_replaced]
    found: list[Milestone] = []
    is_behind = True
    for words, states in STAGES:
        here = [holder.part.unit for holder in live if holder.part.state in states]
        is_past = is_behind and not here and page.item.state != ItemState.CANCELLED
        is_behind = is_past
        found.append(Milestone(words, here, is_past, bool(here)))
    return found
