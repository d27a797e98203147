"""Whose turn it is: viewflow's open steps, asked by unit.

viewflow's own queue costs two queries for every grant. This one reads the unit that `UnitStep`
stored with each step, through a partial index on open steps.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from guardian.core import ObjectPermissionChecker
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from tasks.models import (
    ANSWERS,
    Deadline,
    DeadlineKind,
    ItemState,
    Obstacle,
    Participation,
    ParticipationState,
    PlanItem,
    PlanState,
    Proposal,
    Report,
    ReportState,
    Unit,
)
from tasks.plan_queries import standing_of
from tasks.queries import working_calendar
from tasks.rules.calendar import WorkingCalendar
from tasks.rules.timeliness import Standing, Timeliness, standing
from workflows.access import UNIT_RIGHTS, Actor
from workflows.actions.base import process_of


@dataclass(frozen=True, slots=True)
class Offer:
    """Something the actor can do now. `name` is the address's name, `label` a verb."""

    name: str
    label: str | Promise
    pk: int
    is_primary: bool = False
    is_dangerous: bool = False

    @property
    def url(self) -> str:
        return reverse(self.name, args=[self.pk])


# What each open step lets the unit do, the usual choice first.
STEP_OFFERS: dict[str, tuple[tuple[str, str | Promise], ...]] = {
    "acknowledge": (("acknowledge", _("Acknowledge")), ("decline", _("Decline"))),
    "settle": (("reassign", _("Re-assign")), ("insist", _("Keep the assignment"))),
    "carry_out": (
        ("progress", _("Update progress")),
        ("claim", _("Report completion")),
        ("obstacle", _("Raise an obstacle")),
        ("extension_request", _("Ask for an extension")),
        ("proposal_raise", _("Make a proposal")),
    ),
    "judge": (("accept", _("Accept")), ("return_work", _("Return"))),
    "write": (("report_edit", _("Write the report")), ("report_present", _("Present"))),
    "approve": (("report_submit", _("Approve and submit")), ("report_send_back", _("Send back"))),
    "review": (("report_accept", _("Accept")), ("report_return", _("Return"))),
}
STEP_OFFERS["acknowledge_coordination"] = STEP_OFFERS["acknowledge"]
STEP_OFFERS["settle_coordination"] = STEP_OFFERS["settle"]
DANGEROUS = {"decline"}


def open_steps(actor: Actor) -> Any:
    """The steps that wait for the unit the actor acts for, and that the person may take."""
    if actor.unit is None:
        return Task.objects.none()
    held = set(ObjectPermissionChecker(actor.person).get_perms(actor.unit)) & set(UNIT_RIGHTS)
    return Task.objects.filter(
        status=STATUS.NEW,
        owner_permission_content_type=ContentType.objects.get_for_model(Unit),
        owner_permission_obj_pk=str(actor.unit.pk),
        owner_permission__in=[f"tasks.{right}" for right in held],
    )


def _offers(step: Task) -> list[Offer]:
    return [
        Offer(name, label, step.seed_object_id, not position, name in DANGEROUS)
        for position, (name, label) in enumerate(STEP_OFFERS[step.flow_task.name])
    ]


def offers_by_seed(actor: Actor, target: PlanItem | Report) -> dict[int, list[Offer]]:
    """What the actor can do now with each participation of an item, or with a report, by key."""
    if isinstance(target, PlanItem) and target.state == ItemState.SUSPENDED:
        return {}
    steps = open_steps(actor).filter(process=process_of(target))
    return {step.seed_object_id: _offers(step) for step in steps}


class Bucket(enum.StrEnum):
    """The tabs of "my work", most urgent first. Each row is in exactly one."""

    OVERDUE = "overdue"
    SOON = "soon"
    ACKNOWLEDGE = "acknowledge"
    DECIDE = "decide"
    ONGOING = "ongoing"
    WAITING = "waiting"


BUCKET_LABELS: dict[Bucket, str | Promise] = {
    Bucket.OVERDUE: _("Overdue"),
    Bucket.SOON: _("Due within 7 working days"),
    Bucket.ACKNOWLEDGE: _("To acknowledge"),
    Bucket.DECIDE: _("To decide"),
    Bucket.ONGOING: _("Under way"),
    Bucket.WAITING: _("Waiting for others"),
}
DECIDING = {"settle", "settle_coordination", "judge", "approve", "review"}


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line of "my work"."""

    bucket: Bucket
    subject: Participation | Report | Proposal | Obstacle
    standing: Standing
    offers: list[Offer] = field(default_factory=list)

    @property
    def report(self) -> Report | None:
        return self.subject if isinstance(self.subject, Report) else None

    @property
    def part(self) -> Participation | None:
        return self.subject if isinstance(self.subject, Participation) else None

    @property
    def question(self) -> Proposal | Obstacle | None:
        """What another unit asks and this one has to answer."""
        return self.subject if isinstance(self.subject, Proposal | Obstacle) else None

    @property
    def url(self) -> str:
        if self.report is not None:
            return reverse("report", args=[self.report.pk])
        question = self.question
        part = question.participation if isinstance(question, Obstacle) else self.part
        if part is not None:
            return reverse("item", args=[part.item_id])
        return reverse("proposal", args=[self.subject.pk])

    @property
    def order(self) -> tuple[int, dt.date]:
        return list(Bucket).index(self.bucket), self.standing.due_on or dt.date.max


def inbox(actor: Actor, *, today: dt.date) -> list[InboxRow]:
    """Everything the unit has to do or waits for, most urgent first; a constant query count."""
    steps = list(open_steps(actor))
    parts_type = ContentType.objects.get_for_model(Participation)
    part_steps = {s.seed_object_id: s for s in steps if s.seed_content_type_id == parts_type.pk}
    report_steps = {s.seed_object_id: s for s in steps if s.seed_content_type_id != parts_type.pk}
    waiting_part = Q(
        unit=actor.unit,
        state__in=(ParticipationState.CLAIMED, ParticipationState.DECLINED),
        item__state__in=(ItemState.ISSUED, ItemState.IN_PROGRESS),
    )
    parts = (
        Participation.objects.filter(Q(pk__in=part_steps) | waiting_part)
        .exclude(item__state=ItemState.SUSPENDED)
        .filter(item__plan__state=PlanState.RUNNING)
        .select_related("unit", "officer", "item__plan__document")
    )
    waiting_report = Q(unit=actor.unit, state=ReportState.SUBMITTED)
    reports = (
        Report.objects.filter(Q(pk__in=report_steps) | waiting_report)
        .filter(plan__state=PlanState.RUNNING)
        .select_related("unit", "period", "plan__document")
    )
    rows = _rows(list(parts), part_steps, today) + _rows(list(reports), report_steps, today)
    return sorted(rows + _questions(actor, today), key=lambda row: row.order)


ANSWERING = {
    DeadlineKind.PROPOSAL: (
        ("proposal_answer", _("Answer")),
        ("proposal_refuse", _("Refuse")),
    ),
    DeadlineKind.OBSTACLE: (("obstacle_answer", _("Answer")),),
}


def _questions(actor: Actor, today: dt.date) -> list[InboxRow]:
    """The proposals and obstacles whose answer the unit owes; no step of a flow waits for it."""
    if not actor.may("act_for_unit"):
        return []
    owed = (
        Deadline.objects.open()
        .filter(unit=actor.unit, kind__in=ANSWERING, plan__state=PlanState.RUNNING)
        .select_related(
            "proposal__unit",
            "proposal__plan__document",
            "obstacle__participation__unit",
            "obstacle__participation__item__plan__document",
        )
    )
    calendar = working_calendar()
    return [_question(deadline, today, calendar) for deadline in owed.order_by("pk")]


def _question(deadline: Deadline, today: dt.date, calendar: WorkingCalendar) -> InboxRow:
    subject = deadline.proposal or deadline.obstacle
    assert subject is not None  # a constraint of the table
    how = standing_of(deadline, today=today, calendar=calendar)
    late = how.timeliness == Timeliness.OVERDUE
    offers = [
        Offer(name, label, subject.pk, not position)
        for position, (name, label) in enumerate(ANSWERING[DeadlineKind(deadline.kind)])
    ]
    return InboxRow(Bucket.OVERDUE if late else Bucket.DECIDE, subject, how, offers)


def _rows(subjects: list[Any], steps: dict[int, Task], today: dt.date) -> list[InboxRow]:
    standings = standings_of(subjects, steps, today)
    rows = []
    for subject in subjects:
        step = steps.get(subject.pk)
        how = standings[subject.pk]
        offers = [offer for offer in _offers(step) if makes_sense(offer, subject)] if step else []
        rows.append(InboxRow(_bucket(step, how), subject, how, offers))
    return rows


def makes_sense(offer: Offer, subject: Any) -> bool:
    """A report that nobody has begun is not put before a leader."""
    return offer.name != "report_present" or subject.state != ReportState.EXPECTED


def standings_of(
    subjects: Iterable[Any], steps: dict[int, Task], today: dt.date
) -> dict[int, Standing]:
    """How each participation or report stands against the clock that runs for it now."""
    calendar = working_calendar()
    subjects = list(subjects)
    about = "report" if subjects and isinstance(subjects[0], Report) else "participation"
    deadlines: dict[int, list[Deadline]] = {}
    owed = Deadline.objects.filter(**{f"{about}__in": subjects}).exclude(kind__in=ANSWERS)
    for deadline in owed.order_by("pk"):
        deadlines.setdefault(getattr(deadline, f"{about}_id"), []).append(deadline)
    result = {}
    for subject in subjects:
        step = steps.get(subject.pk)
        asked = step is not None and step.flow_task.name.startswith("acknowledge")
        kinds = [
            d
            for d in deadlines.get(subject.pk, [])
            if (d.kind == DeadlineKind.ACKNOWLEDGEMENT) == asked
        ]
        current = kinds[-1] if kinds else None
        result[subject.pk] = standing(
            due_on=current.due_on if current else None,
            fulfilled_on=current.fulfilled_on if current else None,
            paused=bool(current and current.paused_at),
            today=today,
            calendar=calendar,
        )
    return result


def _bucket(step: Task | None, how: Standing) -> Bucket:
    if step is None:
        return Bucket.WAITING
    if step.flow_task.name in DECIDING:
        return Bucket.DECIDE
    if how.timeliness == Timeliness.OVERDUE:
        return Bucket.OVERDUE
    if step.flow_task.name.startswith("acknowledge"):
        return Bucket.ACKNOWLEDGE
    return Bucket.SOON if how.timeliness == Timeliness.DUE_SOON else Bucket.ONGOING
