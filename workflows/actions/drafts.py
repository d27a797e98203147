"""Plans under review: opening a draft, saving each correction, discarding, issuing."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tasks.importing.results import Reading
from tasks.importing.serialising import as_json
from tasks.models import UNREAD, DraftEdit, DraftState, DraftVerb, Plan, PlanDraft
from tasks.rules.calendar import local_date
from workflows.access import Actor, require
from workflows.actions.aliases import learn_aliases, names_before, unlearn_aliases
from workflows.actions.issuing import ItemInput, issue_plan
from workflows.drafting.checks import problems
from workflows.drafting.convert import plan_input
from workflows.drafting.doubts import find_doubts
from workflows.drafting.history import compare, is_touched, obstacles, parts_of, put_back
from workflows.drafting.registry import Registry
from workflows.drafting.review import Review, all_names, day_of, places
from workflows.drafting.start import start_review
from workflows.errors import ActionRefused, Clash, IncompletePlan, NotAllowed, Overtaken

_OVER = {
    DraftState.ISSUED: _("This plan was already issued."),
    DraftState.APPLIED: _("This correction was already applied."),
    DraftState.DISCARDED: _("This draft was discarded. Read the document in again to go on."),
}


def require_drafter(actor: Actor) -> None:
    """Refuse whoever may not issue plans for the unit they act for. Raises `NotAllowed`."""
    if not actor.may("issue_for_unit"):
        raise NotAllowed(_("Only units that issue plans can read them in. Ask your administrator."))


@transaction.atomic
def open_draft(*, reading: Reading, actor: Actor, at: dt.datetime) -> PlanDraft:
    """Keep what the caller has read, as a draft of the actor's unit, ready for its review.

    Nobody is told, no plan exists yet. A person's file is handed in instead (`reading.hand_in`).
    """
    require_drafter(actor)
    assert actor.unit is not None
    draft = PlanDraft(unit=actor.unit, uploaded_by=actor.person, uploaded_at=at)
    fill_review(draft, as_json(reading), today=local_date(at))
    draft.save()
    return draft


def fill_review(draft: PlanDraft, reading: dict[str, Any], *, today: dt.date) -> None:
    """Open the review of a draft with what was read, as `as_json` gives it; saves nothing."""
    draft.text = reading["text"]
    draft.reading = {name: value for name, value in reading.items() if name != "text"}
    draft.review = start_review(reading, unit=draft.unit, today=today)
    _count_doubts(draft, today)
    draft.open_review()


def _count_doubts(draft: PlanDraft, today: dt.date) -> None:
    """Note which doubts are left, and which there ever were."""
    registry = registry_of(draft, today=today)
    keys = [doubt.key for doubt in find_doubts(draft.review, registry, draft.unit)]
    draft.review["doubts"] = len(keys)
    draft.review["met"] = list(dict.fromkeys([*draft.review.get("met", ()), *keys]))


def registry_of(draft: PlanDraft, *, today: dt.date) -> Registry:
    """The units and groups that the review of the draft may name."""
    review: Review = draft.review
    day = day_of(review["issued_on"]) or today
    named = {name["unit"] for name in all_names(review)} | {review["focal"]}
    named |= {target["unit"] for target in review["targets"]}
    return Registry(day, today, home=draft.unit, also=[pk for pk in named if pk])


@dataclass(frozen=True, slots=True)
class Step:
    """One correction: what it is called, the card it was made on, what it does to the review.

    `card` is empty where a line is added: that is in nobody's way.
    """

    verb: DraftVerb
    card: str
    change: Callable[[Review], object]


@transaction.atomic
def save_review(
    *, draft: PlanDraft, actor: Actor, at: dt.datetime, revision: int, step: Step
) -> PlanDraft:
    """Take `step` on the review and save it, with what stood there before, as the next revision.

    A unit that a person chose for an unknown name is known by that name from now on.

    `revision` is the one the person looked at. What others did since on other cards stays as they
    left it; a step that changes nothing is not kept. Raises `NotAllowed`, `Clash` when somebody
    changed the same card since, or `Overtaken` when the draft is no longer under review; then
    nothing is saved.
    """
    fresh = locked_draft(draft, actor)
    _refuse_clash(fresh, revision, step.card)
    before = parts_of(copy.deepcopy(fresh.review))
    place, names = _place_of(fresh.review, step.card), names_before(fresh.review)
    step.change(fresh.review)
    learn_aliases(fresh, names, actor=actor, at=at)
    changes = compare(before, parts_of(fresh.review))
    if changes:
        edit = DraftEdit(verb=step.verb, card=step.card, place=place, changes=changes)
        _keep(fresh, edit, actor, at)
    return fresh


def _place_of(review: Review, card: str) -> str:
    """How messages call an item; a card of another kind has no name of its own."""
    return places(review).get(card, "")[:60]


def _refuse_clash(draft: PlanDraft, revision: int, card: str) -> None:
    """Refuse what was made on a card that somebody has changed since."""
    if revision == draft.revision:
        return
    later = draft.edits.filter(revision__gt=revision).select_related("person")
    for edit in later:
        if is_touched(card, edit.changes):
            message = _("%(name)s changed this while you were working. Nothing was overwritten.")
            raise Clash(message % {"name": edit.person.full_name}, by=edit.person)


def _keep(draft: PlanDraft, edit: DraftEdit, actor: Actor, at: dt.datetime) -> None:
    draft.review["saved_by"] = actor.person.full_name
    _count_doubts(draft, local_date(at))
    draft.revision += 1
    draft.save(update_fields=["review", "revision"])
    edit.draft, edit.revision, edit.person, edit.at = draft, draft.revision, actor.person, at
    edit.save()


@transaction.atomic
def undo_edit(*, draft: PlanDraft, actor: Actor, at: dt.datetime, edit: int) -> PlanDraft:
    """Put back what one step changed; putting back an undone step does it again.

    Raises `NotAllowed`, or `Overtaken` when the step was undone already or what it changed was
    changed again since; then nothing is saved.
    """
    fresh = locked_draft(draft, actor)
    done = fresh.edits.filter(pk=edit, undone_by__isnull=True).first()
    if done is None:
        raise Overtaken(_("This step was already undone."))
    if obstacles(fresh.review, done.changes):
        raise Overtaken(_("What this step changed was changed again since: undo that first."))
    before = parts_of(copy.deepcopy(fresh.review))
    names = names_before(fresh.review)
    put_back(fresh.review, done.changes)
    unlearn_aliases(learned_by=done.person, learned_at=done.at)
    learn_aliases(fresh, names, actor=actor, at=at)
    back = compare(before, parts_of(fresh.review))
    verb = DraftVerb.REDONE if done.verb == DraftVerb.UNDONE else DraftVerb.UNDONE
    undone = DraftEdit(verb=verb, card=done.card, place=done.place, changes=back, undoes=done)
    _keep(fresh, undone, actor, at)
    return fresh


@transaction.atomic
def discard_draft(*, draft: PlanDraft, actor: Actor) -> None:
    """Lay the draft aside for good; its text stays readable. Raises as `save_review` does."""
    fresh = locked_draft(draft, actor, (DraftState.REVIEWING, *UNREAD))
    if fresh.state == DraftState.READING:
        raise ActionRefused(_("The document is being read at this moment. Wait until it is."))
    fresh.discard()
    fresh.save(update_fields=["state"])


@transaction.atomic
def issue_draft(*, draft: PlanDraft, actor: Actor, at: dt.datetime, revision: int) -> Plan:
    """Issue the reviewed plan: `issue_plan` with what `revision` of the review says.

    Raises `NotAllowed`, `IncompletePlan`, or `Overtaken` when the draft was issued a moment ago or
    was changed after the preview.
    """
    fresh = locked_draft(draft, actor)
    refuse_stale(fresh, revision)
    if fresh.corrects_id is not None:
        raise ActionRefused(_("This document corrects a running plan: compare it with that plan."))
    registry = registry_of(fresh, today=local_date(at))
    given = plan_input(fresh.review, fresh, registry)
    doubts = find_doubts(fresh.review, registry, fresh.unit)
    if found := problems(fresh.review, given, doubts):
        raise IncompletePlan(_("The plan cannot be issued yet."), [one.message for one in found])
    keep_open_groups(given.items)
    return issue_plan(plan_input=given, draft=fresh, actor=actor, at=at)


def keep_open_groups(items: Iterable[ItemInput]) -> None:
    """An open group that the registry did not know yet is kept in it from now on."""
    for item in items:
        for group in item.open_groups:
            if group.pk is None:
                group.save()


def locked_draft(
    draft: PlanDraft, actor: Actor, states: Collection[str] = (DraftState.REVIEWING,)
) -> PlanDraft:
    """The draft, read afresh under its lock, in one of `states`. Raises as `save_review` does."""
    require(actor, "issue_for_unit", unit=draft.unit)
    fresh = (
        PlanDraft.objects.select_for_update(of=("self",)).select_related("unit").get(pk=draft.pk)
    )
    if fresh.state not in states:
        raise Overtaken(_OVER.get(fresh.state, _("This has changed since the page was opened.")))
    return fresh


def refuse_stale(draft: PlanDraft, revision: int) -> None:
    """Raise `Overtaken` unless `revision` is the saved one."""
    if draft.revision != revision:
        message = _("%(name)s changed this plan while you were working. Nothing was overwritten.")
        raise Overtaken(message % {"name": draft.review["saved_by"]})
