"""Re-check: between being told and being mailed, people leave and work gets done."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from notifications.access import readers_of
from notifications.kinds import Audience, Channel, SkipReason
from notifications.models import Message, wishes_of_person
from tasks.models import (
    GONE,
    Deadline,
    Event,
    Extension,
    ExtensionState,
    Obstacle,
    ParticipationState,
    ProposalState,
    ReportState,
    Verb,
)

# What an event asks of somebody is still to be done while its thing is in one of these states.
_PART_ASKS: dict[str, Collection[str]] = {
    Verb.ASSIGNED: (ParticipationState.ASSIGNED,),
    Verb.INSISTED: (ParticipationState.ASSIGNED,),
    Verb.DECLINED: (ParticipationState.DECLINED,),
    Verb.CLAIMED: (ParticipationState.CLAIMED,),
    Verb.RETURNED: (ParticipationState.RETURNED,),
}
_REPORT_ASKS: dict[str, Collection[str]] = {
    Verb.REPORT_PRESENTED: (ReportState.PRESENTED,),
    Verb.REPORT_SENT_BACK: (ReportState.DRAFTED,),
    Verb.REPORT_SUBMITTED: (ReportState.SUBMITTED,),
    Verb.REPORT_RECEIVED: (ReportState.SUBMITTED,),
    Verb.REPORT_RETURNED: (ReportState.RETURNED, ReportState.DRAFTED),
}

_PROPOSAL_ASKS = (Verb.PROPOSAL_RAISED, Verb.PROPOSAL_PASSED_ON)


def unwanted(messages: Iterable[Message]) -> dict[int, SkipReason]:
    """The messages that must not be mailed any more, each with the reason. Three queries.

    Needs each message's recipient with the preference, deadline with its report, and event with
    its participation, report and proposal.
    """
    known = list(messages)
    access = readers_of(
        {_plan_id(message) for message in known}, {message.recipient_id for message in known}
    )
    waiting = _waiting(known)
    reasons = {message.pk: _reason(message, access, waiting) for message in known}
    return {pk: reason for pk, reason in reasons.items() if reason is not None}


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Deadlines with an undecided extension, participations with an unanswered obstacle."""

    deadlines: set[int]
    parts: set[int]


def _waiting(messages: list[Message]) -> _Waiting:
    events = [message.event for message in messages if message.event is not None]
    extensions = Extension.objects.filter(
        deadline__in={event.deadline_id for event in events}, state=ExtensionState.REQUESTED
    ).exclude(deadline__participation__state__in=GONE)
    obstacles = Obstacle.objects.filter(
        participation__in={event.participation_id for event in events},
        answered_at__isnull=True,
        proposal__isnull=True,
    ).exclude(participation__state__in=GONE)
    return _Waiting(
        set(extensions.values_list("deadline", flat=True)),
        set(obstacles.values_list("participation", flat=True)),
    )


def _reason(message: Message, access: set[tuple[int, int]], waiting: _Waiting) -> SkipReason | None:
    person = message.recipient
    if not person.is_active:
        return SkipReason.INACTIVE
    if not wishes_of_person(person).want(message.channel, urgent=message.urgent):
        return SkipReason.DECLINED
    if not person.email and message.channel == Channel.EMAIL:
        return SkipReason.NO_ADDRESS
    if not person.is_superuser and (person.pk, _plan_id(message)) not in access:
        return SkipReason.NO_ACCESS
    if message.event is not None:
        return None if _still_asks(message.event, waiting) else SkipReason.ANSWERED
    return _outdated(message)


def _still_asks(event: Event, waiting: _Waiting) -> bool:
    """Whether what the event asks for is still to be done; plain news asks for nothing."""
    if event.verb in _PART_ASKS and event.participation is not None:
        return event.participation.state in _PART_ASKS[event.verb]
    if event.verb in _REPORT_ASKS and event.report is not None:
        return event.report.state in _REPORT_ASKS[event.verb]
    if event.verb in _PROPOSAL_ASKS and event.proposal is not None:
        return bool(event.proposal.state == ProposalState.OPEN)
    if event.verb == Verb.EXTENSION_REQUESTED:
        return event.deadline_id in waiting.deadlines
    if event.verb in (Verb.OBSTACLE_RAISED, Verb.OBSTACLE_PASSED_ON):
        return event.participation_id in waiting.parts
    return True


def _outdated(message: Message) -> SkipReason | None:
    deadline = message.deadline
    if deadline is None:
        return None
    if deadline.closed_at is not None or deadline.paused_at is not None:
        return SkipReason.CLOSED
    if deadline.version != message.version:
        return SkipReason.NEW_DATE
    return SkipReason.PRESENTED if _passed_on(message, deadline) else None


def _passed_on(message: Message, deadline: Deadline) -> bool:
    """The officer was reminded of a report that has gone to the leader since."""
    report = deadline.report
    presented = report is not None and report.state == ReportState.PRESENTED
    return presented and message.audience == Audience.OFFICER


def _plan_id(message: Message) -> int:
    about = message.event or message.deadline
    assert about is not None  # a constraint of the table
    return about.plan_id
