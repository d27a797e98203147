"""What an action is about, in a few facts, so that nobody acts on the wrong thing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tasks.duty_words import duty_title, who_owes
from tasks.models import (
    Deadline,
    DeadlineKind,
    Extension,
    Obstacle,
    Participation,
    Plan,
    PlanItem,
    Proposal,
    Report,
    ReportComment,
    ReportingObligation,
    ReportSection,
)
from tasks.queries import working_calendar
from tasks.rules.timeliness import standing
from tasks.words import due_words, long_date

Facts = list[tuple[str, str]]
Subject = PlanItem | Report | Plan | Proposal | ReportingObligation
_PAGES: dict[type, str] = {
    PlanItem: "item",
    Report: "report",
    Plan: "plan",
    Proposal: "proposal",
    ReportingObligation: "duty",
}


def subject_of(target: Any) -> Subject:
    """The item, report, plan, proposal or duty whose page shows the target."""
    if isinstance(target, Obstacle):
        return target.participation.item
    if isinstance(target, Extension):
        return subject_of(target.deadline)
    if isinstance(target, Deadline):
        return subject_of(target.participation or target.report or target.proposal)
    if isinstance(target, Participation):
        return target.item
    if isinstance(target, ReportComment):
        return target.section.report
    if isinstance(target, ReportSection):
        return target.report
    assert isinstance(target, Subject)
    return target


def subject_url(target: Any) -> str:
    subject = subject_of(target)
    return reverse(_PAGES[type(subject)], args=[subject.pk])


def facts(target: Any, *, today: dt.date) -> Facts:
    """Label and value, in reading order: the thing, the unit, the date, then what was said."""
    subject = subject_of(target)
    plan = subject if isinstance(subject, Plan) else subject.plan
    found: Facts = [(_("Plan"), f"{plan} – {plan.title}")]
    if isinstance(subject, PlanItem):
        found.append((_("Item"), str(subject)))
    elif isinstance(subject, Report):
        found.append((_("Report"), str(subject)))
    elif isinstance(subject, Proposal):
        found += [(_("Proposal"), subject.words), (_("Addressed to"), subject.addressed_to)]
    elif isinstance(subject, ReportingObligation):
        found += [(_("Reporting duty"), duty_title(subject)), (_("Who reports"), who_owes(subject))]
    unit = _unit(target)
    if unit:
        found.append((_("Unit"), unit.name))
    return found + _date(target, today) + _said(target)


def _unit(target: Any) -> Any:
    if isinstance(target, Obstacle):
        return target.participation.unit
    if isinstance(target, Extension):
        return target.deadline.unit
    if isinstance(target, ReportSection):
        return target.report.unit
    return getattr(target, "unit", None)


def _date(target: Any, today: dt.date) -> Facts:
    deadline = target if isinstance(target, Deadline) else None
    if isinstance(target, Proposal):
        deadline = target.answer_deadlines.order_by("-pk").first()
    if isinstance(target, Participation):
        deadlines = target.deadlines.filter(kind=DeadlineKind.ITEM)
        deadline = deadlines.order_by("-pk").first()
    elif isinstance(target, Report):
        deadline = target.deadlines.order_by("-pk").first()
    if deadline is None:
        return []
    how = standing(
        due_on=deadline.due_on,
        fulfilled_on=deadline.fulfilled_on,
        paused=deadline.paused_at is not None,
        today=today,
        calendar=working_calendar(),
    )
    return [(_("Due"), due_words(how, today))]


def _said(target: Any) -> Facts:
    if isinstance(target, Obstacle):
        return [(_("Difficulty"), target.words)]
    if isinstance(target, Extension):
        return [
            (_("Present date"), long_date(target.due_on_before)),
            (_("Asks for"), long_date(target.requested_due_on)),
            (_("Asked by"), str(target.requested_by)),
            (_("Reason"), target.reason),
            (_("Requests so far"), str(target.deadline.extensions.count())),
        ]
    if isinstance(target, ReportSection):
        return [(_("Section"), target.title)]
    if isinstance(target, ReportComment):
        return [*_said(target.section), (_("Comment"), target.words)]
    return []
