"""The last steps of a review, for whoever wants to take one back or see who else is at it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tasks.models import DraftEdit, DraftVerb, Person, PlanDraft
from workflows.drafting.history import HEADER

SHOWN = 12  # steps
LATELY = dt.timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step in words; one that was undone, or itself only undid another, offers nothing."""

    edit: DraftEdit
    where: str
    is_undone: bool

    @property
    def can_be_undone(self) -> bool:
        return not self.is_undone and self.edit.verb != DraftVerb.UNDONE


@dataclass(frozen=True, slots=True)
class History:
    """`undo` and `redo` are the next steps that `person` can take back or do again."""

    steps: list[StepRow]
    undo: StepRow | None
    redo: StepRow | None
    others: list[StepRow]


def history_of(draft: PlanDraft, *, person: Person, at: dt.datetime) -> History:
    """The last steps, newest first, as `person` sees them at `at`. One query."""
    edits = draft.edits.select_related("person", "undone_by")
    edits = edits.defer("changes", "undone_by__changes")[:SHOWN]
    steps = [StepRow(edit, where(edit), hasattr(edit, "undone_by")) for edit in edits]
    own = [step for step in steps if step.edit.person_id == person.pk]
    redo = own[0] if own and own[0].edit.verb == DraftVerb.UNDONE and not own[0].is_undone else None
    return History(
        steps=steps,
        undo=next((step for step in own if step.can_be_undone), None),
        redo=redo,
        others=_others(steps, person, at - LATELY),
    )


def where(edit: DraftEdit) -> str:
    """The card on which a step was made, in words."""
    if edit.card == HEADER:
        return _("the document")
    if edit.place:
        return _("item %(place)s") % {"place": edit.place}
    if edit.card.startswith("t"):
        return _("a target")
    return _("a report") if edit.card.startswith("r") else _("the plan")


def _others(steps: list[StepRow], person: Person, since: dt.datetime) -> list[StepRow]:
    """The last step of everybody else who did something since."""
    latest: dict[int, StepRow] = {}
    for step in steps:
        if step.edit.person_id != person.pk and step.edit.at >= since:
            latest.setdefault(step.edit.person_id, step)
    return list(latest.values())
