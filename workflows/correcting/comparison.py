"""A correction draft beside its plan: what a person chose so far, and what follows from it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tasks.models import Plan, PlanDraft
from workflows.actions.drafts import registry_of
from workflows.actions.issuing import PlanInput
from workflows.correcting.differences import Difference, chosen_changes, compare
from workflows.correcting.matching import Pairs, propose, settle
from workflows.correcting.running import RunningItem, fingerprint, running_items
from workflows.drafting.convert import plan_input
from workflows.drafting.review import is_settled, kept_items


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole comparison; `fingerprint` stands for the plan as it was looked at.

    `unknown` are the keys of items with names that nobody has settled.
    """

    plan: Plan
    given: PlanInput
    running: list[RunningItem]
    pairs: Pairs
    differences: list[Difference]
    chosen: set[str]
    fingerprint: str
    unknown: set[str]


def comparison_of(draft: PlanDraft, plan: Plan, *, today: dt.date) -> Comparison:
    """Compare the review of `draft` with `plan` as it is now. Writes nothing."""
    given = plan_input(draft.review, draft, registry_of(draft, today=today))
    kept = kept_items(draft.review)
    keyed = [(item["key"], wanted) for item, wanted in zip(kept, given.items, strict=True)]
    running = running_items(plan)
    saved = draft.comparison
    pairs = settle(propose(keyed, running), saved.get("pairs", {}), running)
    unknown = {item["key"] for item in kept if not all(is_settled(name) for name in item["names"])}
    differences = compare(keyed, running, pairs, unknown)
    return Comparison(
        plan=plan,
        given=given,
        running=running,
        pairs=pairs,
        differences=differences,
        chosen=chosen_changes(differences, saved.get("yes", ()), saved.get("no", ())),
        fingerprint=fingerprint(running),
        unknown=unknown,
    )
