"""What is known about a matter at the moment somebody is told of it.

A message keeps these facts, so that an alert still says next month what it said when it was made.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from notifications.recipients import Circle, Recipient
from tasks.models import (
    ANSWERS,
    Deadline,
    DeadlineKind,
    Event,
    Participation,
    Plan,
    PlanItem,
    Proposal,
    Report,
)
from tasks.rules.calendar import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a message needs to be put into words. Dates are local."""

    thing: str  # a DeadlineKind, or "plan"
    plan: str
    plan_title: str
    target: str  # the name of the page where one acts
    target_id: int
    today: dt.date
    code: str = ""
    title: str = ""
    unit: str = ""
    role: str = ""
    due_on: dt.date | None = None
    original_due_on: dt.date | None = None
    working_days_left: int | None = None
    percent: int | None = None
    # The moments of earlier rungs this message makes up for: kind and local date.
    missed: tuple[tuple[str, dt.date], ...] = ()
    verb: str = ""
    actor: str = ""
    actor_unit: str = ""
    words: str = ""
    # A report that lies before its unit's leader.
    presented: bool = False
    new_due_on: dt.date | None = None
    passed_to: str = ""
    # What a correction changed in the item: keys of `tasks.story.CHANGES`.
    changed: tuple[str, ...] = ()
    audience_unit: str = ""
    audience_unit_id: int | None = None
    nobody_at: str = ""

    @property
    def days_late(self) -> int:
        """Calendar days past the date on the day of telling."""
        return max(0, (self.today - self.due_on).days) if self.due_on else 0

    def told_to(self, recipient: Recipient) -> dict[str, Any]:
        """The facts as the parameters of one person's message."""
        own = replace(
            self,
            audience_unit=recipient.unit.short_name,
            audience_unit_id=recipient.unit.pk,
            nobody_at=recipient.nobody_at.short_name if recipient.nobody_at else "",
        )
        told = {name: value for name, value in asdict(own).items() if value not in (None, "", ())}
        # Zero is worth telling, "no" is not.
        return {name: value for name, value in told.items() if value is not False}

    @classmethod
    def read(cls, params: dict[str, Any]) -> Facts:
        """The facts back from the parameters of a message; what a newer one dropped is ignored."""
        dates = ("today", "due_on", "original_due_on", "new_due_on")
        own: dict[str, Any] = {
            known.name: dt.date.fromisoformat(value) if known.name in dates else value
            for known in fields(cls)
            if (value := params.get(known.name)) is not None
        }
        own["missed"] = tuple(
            (kind, dt.date.fromisoformat(day)) for kind, day in params.get("missed", ())
        )
        return cls(**own)


def facts_of_event(
    event: Event, *, deadline: Deadline | None, today: dt.date, calendar: WorkingCalendar
) -> Facts:
    """The facts of an event. `deadline` is the date it is about, if there is one."""
    about = _about_plan(event.plan)
    if event.proposal is not None:
        about |= _about_proposal(event.proposal)
    elif event.report is not None:
        about |= _about_report(event.report)
    elif event.item is not None:
        about |= _about_item(event.item)
    if deadline is not None:
        about |= _about_dates(deadline, today, calendar)
        about["thing"] = deadline.kind
    if deadline is not None and deadline.kind in ANSWERS:
        about["unit"] = deadline.unit.short_name
    elif event.participation is not None and event.proposal is None:
        about["unit"] = event.participation.unit.short_name
        about["role"] = event.participation.role
    after = event.details.get("after")
    return Facts(
        **about,
        today=today,
        verb=event.verb,
        actor=str(event.actor or ""),
        actor_unit=event.unit.short_name if event.unit else "",
        words=event.words,
        new_due_on=dt.date.fromisoformat(after) if after else None,
        passed_to=event.details.get("to", ""),
        changed=tuple(event.details.get("changed", ())),
    )


def circle_of(
    plan: Plan, *, part: Participation | None = None, report: Report | None = None
) -> Circle:
    """The posts around a participation, a report, or a plan as a whole."""
    owner = part or report
    return Circle(
        unit=owner.unit if owner else plan.focal_unit,
        focal_unit=plan.focal_unit,
        issuer=plan.issuer,
        officer_id=part.officer_id if part else None,
        supervising_leader_id=plan.supervising_leader_id,
        reviewer=report.reviewer if report else None,
    )


def circle_of_deadline(deadline: Deadline) -> Circle:
    """The posts around a deadline. An answer is owed by another unit than the one that asks."""
    if deadline.kind in ANSWERS:
        circle = replace(circle_of(deadline.plan), unit=deadline.unit)
    else:
        circle = circle_of(deadline.plan, part=deadline.participation, report=deadline.report)
    return replace(circle, unit_above=deadline.unit.parent)


def _about_plan(plan: Plan) -> dict[str, Any]:
    return {
        "thing": "plan",
        "plan": plan.document.number or plan.title,
        "plan_title": plan.title,
        "target": "plan",
        "target_id": plan.pk,
    }


def _about_item(item: PlanItem) -> dict[str, Any]:
    return {
        "thing": DeadlineKind.ITEM.value,
        "code": item.code,
        "title": item.title,
        "target": "item",
        "target_id": item.pk,
    }


def _about_report(report: Report) -> dict[str, Any]:
    kind = DeadlineKind.CONSOLIDATED if report.is_consolidated else DeadlineKind.REPORT
    return {
        "thing": kind.value,
        "title": report.period.label,
        "unit": report.unit.short_name,
        "target": "report",
        "target_id": report.pk,
    }


def _about_proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "thing": DeadlineKind.PROPOSAL.value,
        "title": proposal.words,
        "unit": proposal.unit.short_name,
        "target": "proposal",
        "target_id": proposal.pk,
    }


def _about_dates(deadline: Deadline, today: dt.date, calendar: WorkingCalendar) -> dict[str, Any]:
    late = today > deadline.due_on
    return {
        "due_on": deadline.due_on,
        "original_due_on": deadline.original_due_on,
        "working_days_left": None if late else calendar.count(today, deadline.due_on),
    }
