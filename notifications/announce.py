"""Announce: events that somebody must hear of become messages. The rest is read in the history."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Q

from notifications.batches import until_done
from notifications.facts import circle_of, circle_of_deadline, facts_of_event
from notifications.kinds import Audience, Channel, Kind, MessageState
from notifications.models import Bridge, Message, wishes_of
from notifications.recipients import Circle, Directory, Recipient
from notifications.wishes import AS_SHIPPED, Wishes
from tasks.models import (
    ANSWERS,
    Deadline,
    DeadlineKind,
    Event,
    Obstacle,
    Participation,
    ParticipationState,
    Proposal,
    Verb,
)
from tasks.queries import working_calendar
from tasks.rules.calendar import WorkingCalendar, local_date

_OFFICER, _LEADER, _CLERK = Audience.OFFICER, Audience.LEADER, Audience.CLERK

AUDIENCES: dict[str, tuple[Audience, ...]] = {
    Verb.ASSIGNED: (_CLERK, _OFFICER, _LEADER),
    Verb.DECLINED: (Audience.FOCAL, Audience.FOCAL_LEADER),
    Verb.INSISTED: (_CLERK, _OFFICER, _LEADER),
    Verb.REASSIGNED: (_CLERK, _OFFICER, _LEADER),
    Verb.OBSTACLE_RAISED: (Audience.FOCAL,),
    Verb.OBSTACLE_PASSED_ON: (Audience.SUPERVISOR,),
    Verb.OBSTACLE_ANSWERED: (Audience.RAISER, _OFFICER),
    Verb.PROPOSAL_RAISED: (_OFFICER, _LEADER),
    Verb.PROPOSAL_PASSED_ON: (_OFFICER, _LEADER),
    Verb.PROPOSAL_ANSWERED: (Audience.RAISER, _OFFICER),
    Verb.PROPOSAL_REFUSED: (Audience.RAISER, _OFFICER),
    Verb.PROPOSAL_WITHDRAWN: (_OFFICER,),
    Verb.EXTENSION_REQUESTED: (Audience.SUPERVISOR,),
    Verb.EXTENSION_GRANTED: (_OFFICER, _LEADER),
    Verb.EXTENSION_REFUSED: (_OFFICER, _LEADER),
    Verb.CLAIMED: (Audience.FOCAL,),
    Verb.ACCEPTED: (_OFFICER,),
    Verb.RETURNED: (_OFFICER,),
    Verb.SUSPENDED: (_OFFICER,),
    Verb.RESUMED: (_OFFICER,),
    Verb.CANCELLED: (_OFFICER,),
    Verb.REPORT_ASKED: (_CLERK, _OFFICER, _LEADER),
    Verb.REPORT_CALLED_OFF: (_CLERK, _OFFICER, _LEADER),
    Verb.REPORT_PRESENTED: (_LEADER,),
    Verb.REPORT_SENT_BACK: (_OFFICER,),
    # To those who wrote it, as a receipt.
    Verb.REPORT_SUBMITTED: (Audience.REVIEWER, _OFFICER),
    Verb.REPORT_RECEIVED: (Audience.REVIEWER, _OFFICER),
    Verb.REPORT_RETURNED: (_OFFICER, _LEADER),
    Verb.REPORT_ACCEPTED: (_OFFICER,),
    Verb.FOLLOWED_UP: (_OFFICER, _LEADER),
    Verb.ITEM_CORRECTED: (_OFFICER, _LEADER),
    Verb.WITHDRAWN: (_CLERK, _OFFICER, _LEADER),
    Verb.UNIT_SUCCEEDED: (_CLERK, _OFFICER, _LEADER, Audience.FOCAL),
    Verb.PART_FOLDED: (_OFFICER, _LEADER, Audience.FOCAL),
    Verb.PLAN_CORRECTED: (Audience.FOCAL, Audience.FOCAL_LEADER, Audience.SUPERVISOR),
}
# These concern every unit that takes part in the item.
WHOLE_ITEM = frozenset({Verb.SUSPENDED, Verb.RESUMED, Verb.CANCELLED, Verb.ITEM_CORRECTED})
# Of a proposal: what concerns the unit that is asked, and what the one that asks.
_TO_ANSWERER = (
    Verb.PROPOSAL_RAISED,
    Verb.PROPOSAL_PASSED_ON,
    Verb.PROPOSAL_WITHDRAWN,
    Verb.UNIT_SUCCEEDED,
)
_TO_PROPOSER = (Verb.PROPOSAL_PASSED_ON, Verb.PROPOSAL_ANSWERED, Verb.PROPOSAL_REFUSED)
# The date that counts after the event, where the event does not name it itself.
_DATES = {
    Verb.ASSIGNED: DeadlineKind.ACKNOWLEDGEMENT,
    Verb.INSISTED: DeadlineKind.ACKNOWLEDGEMENT,
    Verb.RETURNED: DeadlineKind.ITEM,
}


def announce_events(*, at: dt.datetime, batch: int = 200) -> int:
    """Write the messages of every event not yet announced, then mark it. Returns how many events.

    The person who acted is never told of their own act. Safe to repeat and to run twice at once.
    """
    return until_done(lambda: _announce_batch(at, batch))


@transaction.atomic
def _announce_batch(at: dt.datetime, batch: int) -> int:
    events = list(
        Event.objects.filter(announced_at__isnull=True)
        .order_by("pk")
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .select_related(
            "actor",
            "unit",
            "plan__document",
            "plan__focal_unit",
            "plan__issuer",
            "item",
            "participation__unit",
            "report__unit",
            "report__reviewer",
            "report__period",
            "deadline__unit",
            "deadline__obstacle__raised_by",
            "deadline__extension__requested_by",
            "proposal__unit",
            "proposal__addressee",
            "proposal__plan__focal_unit",
        )[:batch]
    )
    telling = [event for event in events if event.verb in AUDIENCES]
    if telling:
        messages = _Announcement(telling, at, working_calendar(), _channels()).messages()
        Message.objects.bulk_create(messages, ignore_conflicts=True)
    Event.objects.filter(pk__in=[event.pk for event in events]).update(announced_at=at)
    return len(events)


def _channels() -> tuple[Channel, ...]:
    """News goes by the message bridges too, once there is one."""
    bridged = Bridge.objects.working().exists()
    return (Channel.IN_APP, Channel.EMAIL, *((Channel.WEBHOOK,) if bridged else ()))


def _audiences(event: Event) -> tuple[Audience, ...]:
    consolidated = event.report is not None and event.report.is_consolidated
    if event.verb == Verb.REPORT_SUBMITTED and consolidated:
        return (Audience.REVIEWER_LEADER, _OFFICER)
    return AUDIENCES[event.verb]


@dataclass(frozen=True, slots=True)
class _Announcement:
    """One batch of events on its way to messages; every look-up is made once for all of them."""

    events: list[Event]
    at: dt.datetime
    calendar: WorkingCalendar
    channels: tuple[Channel, ...]

    def messages(self) -> list[Message]:
        circles = self._circles()
        deadlines = _deadlines(self.events)
        directory = Directory(
            (circle for group in circles.values() for circle in group), on=local_date(self.at)
        )
        reached = {event.pk: _reached(event, circles[event.pk], directory) for event in self.events}
        wishes = wishes_of(one.person_id for group in reached.values() for one in group)
        return [
            message
            for event in self.events
            for message in self._of_event(event, reached[event.pk], deadlines.get(event.pk), wishes)
        ]

    def _leaves_at(self, channel: Channel, at_once: bool, wishes: Wishes) -> dt.datetime:
        """In the application it is there at once."""
        if channel == Channel.IN_APP:
            return self.at
        if at_once:
            return wishes.after_quiet(self.at)
        return wishes.digest_after(self.at, at=self.at, calendar=self.calendar)

    def _circles(self) -> dict[int, list[Circle]]:
        raisers = _raisers(self.events)
        parts = _parts_of_items(self.events)
        circles = {}
        for event in self.events:
            if event.verb in WHOLE_ITEM and event.item_id is not None:
                told = event.details.get("told")
                circles[event.pk] = [
                    circle_of(event.plan, part=part)
                    for part in parts[event.item_id]
                    if told is None or part.pk in told
                ]
                continue
            if event.verb == Verb.FOLLOWED_UP and event.deadline is not None:
                circles[event.pk] = [circle_of_deadline(event.deadline)]
                continue
            if event.proposal is not None:
                circles[event.pk] = list(_around_proposal(event, event.proposal))
                continue
            circle = circle_of(event.plan, part=event.participation, report=event.report)
            circles[event.pk] = [replace(circle, raiser_id=raisers.get(event.pk))]
        return circles

    def _of_event(
        self,
        event: Event,
        recipients: Iterable[Recipient],
        deadline: Deadline | None,
        wishes: Mapping[int, Wishes],
    ) -> Iterable[Message]:
        facts = facts_of_event(
            event, deadline=deadline, today=local_date(self.at), calendar=self.calendar
        )
        at_once = event.verb == Verb.FOLLOWED_UP
        for recipient in recipients:
            theirs = wishes.get(recipient.person_id, AS_SHIPPED)
            for channel in self.channels:
                yield Message(
                    recipient_id=recipient.person_id,
                    channel=channel,
                    kind=Kind.FOLLOW_UP if at_once else Kind.NOTICE,
                    audience=recipient.audience,
                    substitute_for_id=recipient.substitute_for_id,
                    deadline=deadline,
                    version=deadline.version if deadline else 0,
                    event=event,
                    urgent=at_once,
                    params=facts.told_to(recipient),
                    created_at=self.at,
                    deliver_after=self._leaves_at(channel, at_once, theirs),
                    state=MessageState.SENT if channel == Channel.IN_APP else MessageState.PENDING,
                )


def _reached(event: Event, circles: list[Circle], directory: Directory) -> list[Recipient]:
    people: dict[int, Recipient] = {}
    for circle in circles:
        for recipient in directory.reach(circle, _audiences(event)):
            people.setdefault(recipient.person_id, recipient)
    return [recipient for who, recipient in people.items() if who != event.actor_id]


def _around_proposal(event: Event, proposal: Proposal) -> Iterable[Circle]:
    around = circle_of(event.plan)
    if event.verb in _TO_ANSWERER:
        yield replace(around, unit=proposal.answering_unit)
    if event.verb in _TO_PROPOSER:
        yield replace(around, unit=proposal.unit, raiser_id=proposal.raised_by_id)


def _parts_of_items(events: list[Event]) -> dict[int, list[Participation]]:
    items = {event.item_id for event in events if event.verb in WHOLE_ITEM}
    parts: dict[int, list[Participation]] = defaultdict(list)
    found = Participation.objects.filter(item__in=items).exclude(state=ParticipationState.REPLACED)
    for part in found.select_related("unit").order_by("pk"):
        parts[part.item_id].append(part)
    return parts


def _raisers(events: list[Event]) -> dict[int, int]:
    """Who had raised the obstacle that an event answers."""
    answers = {
        (event.participation_id, event.at): event.pk
        for event in events
        if event.verb == Verb.OBSTACLE_ANSWERED
    }
    obstacles = Obstacle.objects.filter(
        participation__in={part for part, _at in answers}, answered_at__in={at for _, at in answers}
    )
    return {
        answers[part, at]: raiser
        for part, at, raiser in obstacles.values_list(
            "participation_id", "answered_at", "raised_by_id"
        )
        if at is not None and (part, at) in answers
    }


def _deadlines(events: list[Event]) -> dict[int, Deadline]:
    """The open date each event is about."""
    parts = {event.participation_id for event in events if event.verb in _DATES}
    reports = {event.report_id for event in events if event.report_id is not None}
    open_ones = Deadline.objects.filter(
        Q(participation__in=parts) | Q(report__in=reports), closed_at__isnull=True
    )
    by_owner = {
        (one.participation_id, one.report_id, one.kind): one
        for one in open_ones.exclude(kind__in=ANSWERS)
    }
    found = {event.pk: event.deadline or by_owner.get(_date_key(event)) for event in events}
    return {pk: deadline for pk, deadline in found.items() if deadline is not None}


def _date_key(event: Event) -> tuple[int | None, int | None, str]:
    if event.report is not None:
        consolidated = event.report.is_consolidated
        return (
            None,
            event.report_id,
            DeadlineKind.CONSOLIDATED if consolidated else DeadlineKind.REPORT,
        )
    return event.participation_id, None, _DATES.get(Verb(event.verb), "")
