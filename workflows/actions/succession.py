"""A unit is renamed, merged, split, or gives functions away; its running work goes along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from tasks.models import (
    DraftState,
    Membership,
    Participation,
    Plan,
    PlanDraft,
    PlanItem,
    PlanState,
    RegistryChange,
    RegistryVerb,
    Report,
    Role,
    SuccessionKind,
    Unit,
    UnitAlias,
    UnitGroupMember,
    UnitSuccession,
)
from tasks.rules.calendar import local_date
from tasks.rules.names import fold
from workflows.access import Actor, refresh_unit_rights, require_registrar, sync_memberships
from workflows.actions.obligations import pass_duties
from workflows.actions.owed_reports import owe_reports, release_reports
from workflows.actions.passing_on import (
    first_to_pass,
    pass_part,
    pass_plan,
    pass_proposal,
    pass_report,
)
from workflows.actions.targets import move_target
from workflows.drafting.registry import SUCCESSOR
from workflows.drafting.review import all_names
from workflows.errors import ActionRefused, Overtaken
from workflows.succeeding.moves import (
    STAY,
    Move,
    Sort,
    Succession,
    Target,
    fingerprint,
    moves_of,
)

_FEWEST = {SuccessionKind.SPLIT: 2}


@transaction.atomic
def succeed(
    *,
    succession: Succession,
    choices: Mapping[str, str],
    expected: str,
    actor: Actor,
    at: dt.datetime,
) -> list[Unit]:
    """Carry the succession out: enter new units, end old ones, and move all that runs.

    `choices` says for each `Move.key` which target it passes to, or `STAY`; what it leaves out
    goes the default way. `expected` is the fingerprint of the moves the person looked at. Whoever
    is concerned is told through the events. Returns the successors. Raises `NotAllowed`,
    `Overtaken` when something else would now move, and `ActionRefused`; then nothing is changed.
    """
    require_registrar(actor)
    _lock_units(succession)
    refuse_unfit(succession, today=local_date(at))
    moves = moves_of(succession)
    if fingerprint(moves) != expected:
        raise Overtaken(
            _("Something has changed since you looked. Look again at what would pass on.")
        )
    _lock_processes(moves)
    heirs = {target.key: _enter(target, succession, actor, at) for target in succession.into}
    leading = _leading(succession.leaving)
    for old in succession.leaving:
        _end(old, succession, list(heirs.values()), actor, at)
    _Passing(succession, heirs, choices, actor, at).run(moves)
    _settle_reports(leading, succession, heirs.values(), actor, at)
    if succession.ends:
        pass_duties(succession.leaving, list(heirs.values()))
    if len(heirs) == 1 and succession.ends:
        _retarget(succession.leaving, next(iter(heirs.values())))
    sync_memberships(today=local_date(at))
    return list(heirs.values())


def refuse_unfit(succession: Succession, *, today: dt.date) -> None:
    """Refuse a succession that makes no sense. Raises `ActionRefused` with the reason."""
    into = {target.unit.pk for target in succession.into if target.unit}
    if succession.effective_on > today:
        raise ActionRefused(_("Record it on the day it takes effect: from then on, work moves."))
    if into & {unit.pk for unit in succession.leaving}:
        raise ActionRefused(_("A unit cannot succeed itself."))
    if len(succession.into) < _FEWEST.get(succession.kind, 1):
        raise ActionRefused(_("A split needs at least two successors."))
    for unit in succession.leaving:
        if succession.ends and unit.valid_from and unit.valid_from > succession.last_day:
            message = _("%(unit)s did not exist yet on the day before.")
            raise ActionRefused(message % {"unit": unit.short_name})
    for target in succession.into:
        if target.unit and target.unit.valid_until and target.unit.valid_until < today:
            message = _("%(unit)s no longer exists: choose who carries on today.")
            raise ActionRefused(message % {"unit": target.short_name})
    if into & _line_before(succession.leaving):
        raise ActionRefused(_("The work would come back to a unit that it once came from."))


def _line_before(units: Iterable[Unit]) -> set[int]:
    """Every unit whose work has come to one of these."""
    found: set[int] = set()
    waiting = {unit.pk for unit in units}
    while waiting:
        rows = UnitSuccession.objects.filter(successor__in=waiting)
        waiting = set(rows.values_list("predecessor_id", flat=True)) - found
        found |= waiting
    return found


def _lock_units(succession: Succession) -> None:
    """One succession at a time for a unit; always in the same order."""
    keys = [unit.pk for unit in succession.leaving]
    keys += [target.unit.pk for target in succession.into if target.unit]
    list(Unit.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _lock_processes(moves: Iterable[Move]) -> None:
    """Nobody acts meanwhile in an item or report that passes on."""
    moves = list(moves)
    plans = [move.thing.pk for move in moves if move.sort is Sort.PLAN]
    items = {move.thing.item_id for move in moves if move.sort is Sort.PART}
    items |= set(PlanItem.objects.filter(plan__in=plans).values_list("pk", flat=True))
    reports = {move.thing.pk for move in moves if move.sort is Sort.REPORT}
    reports |= set(Report.objects.filter(plan__in=plans).values_list("pk", flat=True))
    keys: list[int] = []
    for model, wanted in ((PlanItem, items), (Report, reports)):
        kind = ContentType.objects.get_for_model(model)
        rows = Process.objects.filter(artifact_content_type=kind, artifact_object_id__in=wanted)
        keys += rows.values_list("pk", flat=True)
    list(Process.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def _enter(target: Target, succession: Succession, actor: Actor, at: dt.datetime) -> Unit:
    """The unit of the target; a new one stands where the first of its predecessors stood."""
    first = succession.leaving[0]
    issues = succession.ends and any(unit.may_issue for unit in succession.leaving)
    if target.unit is not None:
        unit = Unit.objects.get(pk=target.unit.pk)
        if succession.kind != SuccessionKind.SPLIT:
            unit.may_issue = unit.may_issue or issues
        if succession.ends and unit.parent_id in {one.pk for one in succession.leaving}:
            unit.parent = first.parent
        unit.save()
        refresh_unit_rights(unit)
        return unit
    unit = Unit.objects.create(
        code=_free_code(target.name),
        name=target.name,
        short_name=target.short_name,
        kind=first.kind,
        parent=first.parent,
        email=first.email if succession.kind == SuccessionKind.RENAME else "",
        may_issue=issues,
        valid_from=succession.effective_on,
    )
    refresh_unit_rights(unit)
    _note(RegistryVerb.ADDED, unit, succession, actor, at)
    return unit


def _free_code(name: str) -> str:
    base = slugify(fold(name))[:34].strip("-") or "don-vi"
    taken = set(Unit.objects.filter(code__startswith=base).values_list("code", flat=True))
    numbers = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(code for code in numbers if code not in taken)


def _end(
    old: Unit, succession: Succession, heirs: list[Unit], actor: Actor, at: dt.datetime
) -> None:
    for heir in heirs:
        UnitSuccession.objects.update_or_create(
            predecessor=old,
            successor=heir,
            defaults={
                "kind": succession.kind,
                "effective_on": succession.effective_on,
                "note": succession.note,
            },
        )
    if succession.ends:
        last = min(filter(None, (old.valid_until, succession.last_day)))
        Unit.objects.filter(pk=old.pk).update(valid_until=last)
    names = ", ".join(heir.short_name for heir in heirs)
    _note(RegistryVerb.SUCCEEDED, old, succession, actor, at, to=names)


def _note(
    verb: RegistryVerb,
    unit: Unit,
    succession: Succession,
    actor: Actor,
    at: dt.datetime,
    to: str = "",
) -> None:
    RegistryChange.objects.create(
        unit=unit,
        actor=actor.person,
        at=at,
        verb=verb,
        words=" – ".join(filter(None, (to, succession.note))),
        details={"kind": succession.kind, "effective_on": succession.effective_on.isoformat()},
    )


class _Passing:
    """Passes each thing on to the successor that was chosen for it."""

    def __init__(
        self,
        succession: Succession,
        heirs: Mapping[str, Unit],
        choices: Mapping[str, str],
        actor: Actor,
        at: dt.datetime,
    ) -> None:
        self.succession, self.heirs, self.choices = succession, heirs, choices
        self.actor, self.at = actor, at

    def run(self, moves: Iterable[Move]) -> None:
        """People go first: who is in charge stays so where they go along."""
        by_sort: dict[Sort, list[Move]] = {sort: [] for sort in Sort}
        for move in moves:
            by_sort[move.sort].append(move)
        by_sort[Sort.PART].sort(key=lambda move: first_to_pass(move.thing))
        for sort in (Sort.POST, *(sort for sort in Sort if sort is not Sort.POST)):
            for move in by_sort[sort]:
                heir = self._heir(move)
                if heir is not None:
                    self._pass(move, heir)

    def _heir(self, move: Move) -> Unit | None:
        chosen = self.choices.get(move.key) or self.succession.default
        if chosen == STAY and not self.succession.ends:
            return None
        heir = self.heirs.get(chosen)
        if heir is None:
            raise ActionRefused(
                _("“%(thing)s” has no successor: choose one.") % {"thing": move.label}
            )
        return heir

    def _pass(self, move: Move, heir: Unit) -> None:
        who: dict[str, Any] = {"actor": self.actor, "at": self.at}
        match move.sort:
            case Sort.PLAN:
                pass_plan(move.thing, move.old, heir, **who)
            case Sort.PART:
                pass_part(move.thing, heir, **who)
            case Sort.REPORT:
                pass_report(move.thing, heir, **who)
            case Sort.PROPOSAL:
                pass_proposal(move.thing, move.old, heir, **who)
            case Sort.TARGET:
                move_target(move.thing, heir)
            case Sort.DRAFT:
                PlanDraft.objects.filter(pk=move.thing.pk).update(unit=heir)
            case Sort.POST:
                self._pass_post(move.thing, heir)
            case Sort.CHILD:
                Unit.objects.filter(pk=move.thing.pk).update(parent=heir)
            case Sort.GROUP:
                self._pass_member(move.thing)

    def _pass_post(self, post: Membership, heir: Unit) -> None:
        self._close(post)
        held, is_new = Membership.objects.get_or_create(
            person=post.person,
            unit=heir,
            role=post.role,
            defaults={"valid_from": self.succession.effective_on, "valid_until": post.valid_until},
        )
        if not is_new and held.valid_until and held.valid_until < self.succession.effective_on:
            held.valid_from, held.valid_until = self.succession.effective_on, post.valid_until
            held.save()

    def _pass_member(self, member: UnitGroupMember) -> None:
        """Every successor belongs to the groups of the unit that is no more."""
        for heir in self.heirs.values():
            current = UnitGroupMember.objects.filter(group=member.group, unit=heir)
            if not current.filter(valid_until__isnull=True).exists():
                UnitGroupMember.objects.create(
                    group=member.group,
                    unit=heir,
                    valid_from=self.succession.effective_on,
                    valid_until=member.valid_until,
                )
        self._close(member)

    def _close(self, row: Membership | UnitGroupMember) -> None:
        """End a post or a membership with the unit; one that had not begun never was."""
        if row.valid_from and row.valid_from > self.succession.last_day:
            type(row).objects.filter(pk=row.pk).delete()
            return
        type(row).objects.filter(pk=row.pk).update(valid_until=self.succession.last_day)


def _leading(units: Iterable[Unit]) -> list[tuple[Plan, Unit]]:
    """The running plans in which the units lead something."""
    parts = Participation.objects.filter(
        unit__in=list(units), role=Role.LEAD, item__plan__state=PlanState.RUNNING
    ).select_related("item__plan__issuer", "item__plan__focal_unit", "unit")
    return list(
        {(part.item.plan_id, part.unit_id): (part.item.plan, part.unit) for part in parts}.values()
    )


def _settle_reports(
    leading: list[tuple[Plan, Unit]],
    succession: Succession,
    heirs: Iterable[Unit],
    actor: Actor,
    at: dt.datetime,
) -> None:
    """Whoever leads now owes the report of a lead unit; whoever leads nothing more owes none."""
    heirs = list(heirs)
    for plan in {plan.pk: plan for plan, _unit in leading}.values():
        fresh = Plan.objects.select_related("issuer", "focal_unit").get(pk=plan.pk)
        for heir in heirs:
            parts = Participation.objects.filter(item__plan=plan, unit=heir, role=Role.LEAD)
            if parts.exclude(state__in=("replaced", "cancelled")).exists():
                owe_reports(fresh, heir, actor=actor, at=at)
    if not succession.ends:
        for plan, unit in leading:
            release_reports(plan, unit, at=at)


def _retarget(leaving: Iterable[Unit], heir: Unit) -> None:
    """What named the old units for the future names their one successor.

    Drafts under review show it as a doubt; whoever has one open is told that it changed.
    """
    old = {unit.pk for unit in leaving}
    for alias in UnitAlias.objects.filter(issuer__in=old):
        same = UnitAlias.objects.filter(unit=alias.unit, folded=alias.folded, issuer=heir)
        if not same.exists():
            UnitAlias.objects.filter(pk=alias.pk).update(issuer=heir)
    drafts = PlanDraft.objects.filter(state=DraftState.REVIEWING).select_for_update(of=("self",))
    for draft in drafts.defer("text", "reading"):
        if _retarget_review(draft.review, old, heir):
            PlanDraft.objects.filter(pk=draft.pk).update(
                review=draft.review, revision=F("revision") + 1
            )


def _retarget_review(review: Any, old: set[int], heir: Unit) -> bool:
    changed = False
    for name in all_names(review):
        if name["unit"] in old:
            name["unit"], name["kind"], name["confidence"] = heir.pk, SUCCESSOR, 0.75
            changed = True
    if review["focal"] in old:
        review["focal"] = heir.pk
        changed = True
    return changed
