"""A corrected document applied to a running plan: all of what was chosen, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from tasks.models import (
    GONE,
    Citation,
    CitationRelation,
    DeadlineKind,
    Document,
    Participation,
    Plan,
    PlanDraft,
    PlanItem,
    Role,
    Section,
    Unit,
    Verb,
)
from tasks.rules.calendar import local_date
from workflows.access import Actor, revoke_participation
from workflows.actions.base import locked_item, needed, process_of, record
from workflows.actions.deadlines import abandon, move, open_deadline
from workflows.actions.drafts import keep_open_groups, locked_draft, refuse_stale
from workflows.actions.issuing import ItemInput, PlanInput, assign, create_item
from workflows.actions.owed_reports import owe_reports, release_reports
from workflows.actions.reading import require_corrector
from workflows.actions.supervision import call_off
from workflows.actions.work import complete_if_done
from workflows.correcting.comparison import Comparison, comparison_of
from workflows.correcting.dates import new_dates
from workflows.correcting.differences import ROLE_OF, Change, Difference, Field
from workflows.correcting.effects import applied, problems_of
from workflows.errors import ActionRefused, IncompletePlan, Overtaken
from workflows.flows import PlanItemFlow
from workflows.nodes import end_branch, open_branch

SPLITS = {Role.LEAD: PlanItemFlow.each_lead, Role.COORDINATING: PlanItemFlow.each_coordinator}
# Positions are unique: while they are given anew, the old ones are out of the way.
_ASIDE = 1_000_000


@transaction.atomic
def save_comparison(
    *,
    draft: PlanDraft,
    actor: Actor,
    revision: int,
    pairs: dict[str, int],
    yes: Collection[str],
    no: Collection[str],
) -> PlanDraft:
    """Keep which items belong together and what is to be applied; the plan stays as it is.

    Raises `NotAllowed`, or `Overtaken` when somebody else has saved meanwhile.
    """
    fresh = locked_draft(draft, actor)
    refuse_stale(fresh, revision)
    fresh.comparison = {"pairs": pairs, "yes": sorted(yes), "no": sorted(no)}
    fresh.review["saved_by"] = actor.person.full_name
    fresh.revision += 1
    fresh.save(update_fields=["comparison", "review", "revision"])
    return fresh


@transaction.atomic
def correct_instead(*, draft: PlanDraft, plan: Plan, actor: Actor) -> PlanDraft:
    """Take a draft under review for a correction of `plan`. Raises as `save_comparison` does."""
    require_corrector(actor, plan)
    fresh = locked_draft(draft, actor)
    fresh.corrects = plan
    fresh.revision += 1
    fresh.save(update_fields=["corrects", "revision"])
    return fresh


@transaction.atomic
def apply_correction(
    *,
    draft: PlanDraft,
    actor: Actor,
    at: dt.datetime,
    revision: int,
    fingerprint: str,
    words: str,
) -> Plan:
    """Apply what was chosen; states, progress and history stay, and those concerned are told.

    `fingerprint` is that of the plan as it was shown. Raises `NotAllowed`; `Overtaken` when the
    plan or the choice changed meanwhile; `IncompletePlan` when an item would be left without a
    lead unit; `ActionRefused` when nothing was chosen. Then nothing is changed.
    """
    words = needed(words)
    fresh = locked_draft(draft, actor)
    refuse_stale(fresh, revision)
    plan = _locked_plan(fresh, actor)
    found = comparison_of(fresh, plan, today=local_date(at))
    _refuse_unfit(found, fingerprint)
    before = _leading(plan)
    application = _Application(found, actor, at, words)
    application.run()
    _settle_reports(plan, before, actor, at)
    _keep_document(fresh, found.given, plan)
    sums = {"items": application.sums}
    record(Verb.PLAN_CORRECTED, actor=actor, at=at, plan=plan, words=words, details=sums)
    fresh.mark_applied()
    fresh.applied_at = at
    fresh.save(update_fields=["state", "applied_at"])
    return plan


def _locked_plan(draft: PlanDraft, actor: Actor) -> Plan:
    """The plan to correct, with every item's process locked: nobody acts in it meanwhile."""
    plan = (
        Plan.objects.select_for_update(of=("self",))
        .select_related("issuer", "focal_unit", "document")
        .get(corrections=draft)
    )
    require_corrector(actor, plan)
    processes = Process.objects.select_for_update().filter(
        artifact_content_type=ContentType.objects.get_for_model(PlanItem),
        artifact_object_id__in=plan.items.values("pk"),
    )
    list(processes.order_by("pk").values_list("pk", flat=True))
    return plan


def _refuse_unfit(found: Comparison, fingerprint: str) -> None:
    if found.fingerprint != fingerprint:
        raise Overtaken(
            _(
                "The plan changed while you were looking. Nothing was applied; your choice is "
                "kept. Look at the consequences again."
            )
        )
    if not found.chosen:
        raise ActionRefused(_("Nothing is chosen: there is nothing to apply."))
    if problems := problems_of(found.differences, found.chosen):
        raise IncompletePlan(_("The correction cannot be applied yet."), problems)


def _leading(plan: Plan) -> dict[int, Unit]:
    parts = Participation.objects.filter(item__plan=plan, role=Role.LEAD).exclude(state__in=GONE)
    return {unit.pk: unit for unit in Unit.objects.filter(pk__in=parts.values("unit"))}


def _settle_reports(plan: Plan, before: dict[int, Unit], actor: Actor, at: dt.datetime) -> None:
    after = _leading(plan)
    for pk in sorted(after.keys() - before.keys()):
        owe_reports(plan, after[pk], actor=actor, at=at)
    for pk in sorted(before.keys() - after.keys()):
        release_reports(plan, before[pk], at=at)


def _keep_document(draft: PlanDraft, given: PlanInput, plan: Plan) -> None:
    """A correction with a number of its own joins the chain of documents."""
    known = Document.objects.filter(number=given.number, issuer=plan.issuer)
    if not given.number or given.number == plan.document.number or known.exists():
        return
    document = Document.objects.create(
        number=given.number,
        kind=given.kind,
        title=given.title,
        issuer=plan.issuer,
        issuer_name=given.issuer_name or plan.issuer.name,
        issued_on=given.issued_on,
        signer=given.signer,
        text=given.text,
        file=draft.file.name,
    )
    Citation.objects.create(source=document, target=plan.document, relation=CitationRelation.AMENDS)


@dataclass(slots=True)
class _Application:
    """One correction on its way into the plan, whose rows are all locked."""

    found: Comparison
    actor: Actor
    at: dt.datetime
    words: str
    sums: dict[str, int] = field(default_factory=lambda: {"added": 0, "changed": 0, "cancelled": 0})

    def run(self) -> None:
        keep_open_groups(self._added())
        order: list[int | None] = []
        for difference in self.found.differences:
            changes = applied(difference, self.found.chosen)
            item = difference.running.item if difference.running else None
            if changes and difference.running is None:
                item = self._add(difference)
            elif changes and difference.wanted is None:
                self._call_off(difference)
            elif changes:
                self._correct(difference, changes)
            if difference.wanted is not None and item is not None:
                order.append(item.pk)
        if self.sums["added"]:
            _reorder(self.found.plan, [pk for pk in order if pk])

    def _added(self) -> list[ItemInput]:
        return [
            difference.wanted
            for difference in self.found.differences
            if difference.running is None
            and difference.wanted is not None
            and applied(difference, self.found.chosen)
        ]

    def _add(self, difference: Difference) -> PlanItem:
        wanted, plan = difference.wanted, self.found.plan
        assert wanted is not None
        last = plan.items.order_by("-position").values_list("position", flat=True).first() or 0
        self.sums["added"] += 1
        return create_item(
            plan,
            wanted,
            section=self._section(wanted.section_code),
            position=last + 1,
            actor=self.actor,
            at=self.at,
        )

    def _section(self, code: str) -> Section | None:
        title = dict(self.found.given.sections).get(code)
        if title is None:
            return None
        position = self.found.plan.sections.count() + 1
        section, _made = Section.objects.get_or_create(
            plan=self.found.plan, code=code, defaults={"title": title, "position": position}
        )
        return section

    def _call_off(self, difference: Difference) -> None:
        assert difference.running is not None
        with locked_item(difference.running.item, suspended=True) as item:
            call_off(item, at=self.at)
            self._record(Verb.CANCELLED, item)
        self.sums["cancelled"] += 1

    def _correct(self, difference: Difference, changes: Sequence[Change]) -> None:
        running, wanted = difference.running, difference.wanted
        assert running is not None
        assert wanted is not None
        ended = {change.part.pk: change.part for change in changes if change.part}
        told = [part.pk for part in running.all_parts if part.pk not in ended]
        details = _details(running.item, wanted, changes) | {"told": told}
        with locked_item(running.item, suspended=True) as item:
            _edit(item, wanted, {change.field for change in changes})
            self._record(Verb.ITEM_CORRECTED, item, details=details)
            for change in changes:
                if change.named is not None:
                    self._begin(item, change)
            for part in ended.values():
                self._end(item, part)
            if any(change.field is Field.DUE for change in changes):
                self._move_dates(difference, item, ended)
            complete_if_done(item, actor=self.actor, at=self.at)
        self.sums["changed"] += 1

    def _begin(self, item: PlanItem, change: Change) -> None:
        assert change.named is not None
        role = ROLE_OF[change.field]
        (part,) = assign(item, [(role, change.named)], actor=self.actor, at=self.at)
        if item.state == "suspended":
            part.deadlines.update(paused_at=self.at)
        open_branch(SPLITS[role], process_of(item), part)

    def _end(self, item: PlanItem, part: Participation) -> None:
        fresh = Participation.objects.select_related("unit").get(pk=part.pk)
        fresh.item = item
        fresh.cancel()
        fresh.save()
        revoke_participation(fresh)
        abandon(fresh.deadlines.all(), at=self.at)
        end_branch(PlanItemFlow.all_leads_done, process_of(item), fresh)
        self._record(Verb.WITHDRAWN, item, participation=fresh)

    def _move_dates(self, difference: Difference, item: PlanItem, ended: Iterable[int]) -> None:
        assert difference.running is not None
        for date in new_dates(difference.running, item.due_on):
            if not date.stays and date.part.pk not in ended:
                self._move(date.part, item, date.after)

    def _move(self, part: Participation, item: PlanItem, due_on: dt.date | None) -> None:
        """A part has one date for life, moved by versions."""
        dates = part.deadlines.filter(kind=DeadlineKind.ITEM)
        deadline = dates.order_by("-pk").first()
        if due_on is None:
            abandon(dates, at=self.at)
        elif deadline is None:
            deadline = open_deadline(
                DeadlineKind.ITEM,
                due_on=due_on,
                plan=item.plan,
                by=self.actor.person,
                at=self.at,
                participation=part,
            )
        else:
            move(deadline, due_on=due_on, reason=self.words[:300], by=self.actor.person, at=self.at)
        if item.state == "suspended":
            dates.filter(closed_at__isnull=True, paused_at__isnull=True).update(paused_at=self.at)

    def _record(self, verb: Verb, item: PlanItem, **about: Any) -> None:
        plan = self.found.plan
        record(verb, actor=self.actor, at=self.at, plan=plan, item=item, words=self.words, **about)


def _edit(item: PlanItem, wanted: ItemInput, fields: Collection[Field]) -> None:
    if Field.CODE in fields:
        item.code = wanted.code
    if Field.TITLE in fields:
        item.title = wanted.title
        item.source_text = wanted.source_text or item.source_text
    if Field.PRODUCT in fields:
        item.product = wanted.product
    if Field.DUE in fields:
        item.start_on, item.due_on = wanted.start_on, wanted.due_on
        item.timeframe_text, item.recurrence = wanted.timeframe_text, wanted.recurrence
    item.save()


def _details(item: PlanItem, wanted: ItemInput, changes: Sequence[Change]) -> dict[str, Any]:
    """What the record keeps: which fields changed, the old words, the dates before and after."""
    fields = {change.field for change in changes}
    details: dict[str, Any] = {"changed": [one.value for one in Field if one in fields]}
    old = {one.field.value: one.before for one in changes if one.part is None and not one.named}
    if old:
        details["old"] = old
    if Field.DUE in fields and wanted.due_on is not None:
        details["after"] = wanted.due_on.isoformat()
    if Field.DUE in fields and item.due_on is not None:
        details["before"] = item.due_on.isoformat()
    return details


def _reorder(plan: Plan, wanted: Sequence[int]) -> None:
    """Put the items into the order of the document; others stay behind the one they followed."""
    present = list(plan.items.order_by("position").values_list("pk", flat=True))
    order = list(wanted)
    for place, pk in enumerate(present):
        if pk not in order:
            order.insert(order.index(present[place - 1]) + 1 if place else 0, pk)
    plan.items.update(position=F("position") + _ASIDE)
    for position, pk in enumerate(order, 1):
        plan.items.filter(pk=pk).update(position=position)
