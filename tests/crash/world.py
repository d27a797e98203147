"""What a drill plays with: one issued plan with people in every post, and what it left behind."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from notifications.kinds import Channel, MailState, MessageState, RungState
from notifications.models import Mail, Message, ScheduledRung
from notifications.sweep import sweep
from tasks.models import Event, MembershipRole, Person
from tasks.rules.calendar import local_instant
from tests.crash.mailserver import REFUSED
from tests.factories import make_person, make_plan, make_unit

ISSUED_AT = local_instant(dt.date(2023, 3, 15), 9)
DUE_ON = dt.date(2023, 6, 30)
# The morning of the first alert: events, plans, missed rungs and mails are all waiting.
MORNING = local_instant(dt.date(2023, 7, 3), 7, 30)
# More than the lease of a mail, and more than its longest back-off.
ROUND = dt.timedelta(minutes=61)
ROUNDS = 2
# News that came too late for one morning waits for the next, at the latest after a weekend.
LATER = dt.timedelta(days=3)


def build(issued_at: dt.datetime = ISSUED_AT, due_on: dt.date = DUE_ON) -> None:
    """A lead and a coordinating unit with their officers and leaders; one mailbox is not known.

    As small as it can be with something to do for every step: each statement more is one more
    place to die at.
    """
    lead, helper, focal, issuer = make_unit(), make_unit(), make_unit(), make_unit(may_issue=True)
    for unit in (lead, helper, focal, issuer):
        for role in (MembershipRole.OFFICER, MembershipRole.LEADER):
            make_person(unit, role)
    make_plan(
        leads=[lead], coordinating=[helper], focal=focal, issuer=issuer,
        due_on=due_on, at=issued_at, report_on=due_on, consolidated_on=due_on + dt.timedelta(10),
    )  # fmt: skip
    someone = Person.objects.filter(memberships__unit=lead).earliest("pk")
    Person.objects.filter(pk=someone.pk).update(email=f"{REFUSED}@example.vn")


def run(at: dt.datetime) -> None:
    """One sweep, as beat's job runs it, at a fixed moment."""
    sweep(lambda: at)


def recover(at: dt.datetime) -> None:
    """What the following hours do by themselves: beat wakes the sweep again and again."""
    for morning in (at, at + LATER):
        for round_ in range(ROUNDS):
            run(morning + ROUND * round_)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Who was told what. `alerts` counts, for each topic, the lines of the outbox by reader."""

    alerts: dict[str, dict[str, int]]
    letters: dict[str, list[str]]
    mails: dict[str, list[Any]]
    left: int


def record(at: dt.datetime) -> dict[str, Any]:
    """Return the `Ledger` of the database as plain data; `at` is the end of the drill.

    `letters` holds state, Message-ID and address of each e-mail line, `mails` state and doubt by
    Message-ID; `left` counts what should have been done by now and was not.
    """
    alerts: dict[str, Counter[str]] = {}
    letters = {}
    for message in Message.objects.select_related("mail", "recipient").order_by("pk"):
        topic = (
            f"event {message.event_id}" if message.event_id else f"deadline {message.deadline_id}"
        )
        line = f"{message.version}/{message.rung}/{message.occurrence}/{message.recipient_id}"
        alerts.setdefault(topic, Counter())[f"{line}/{message.channel}"] += 1
        if message.channel == Channel.EMAIL:
            sent_as = message.mail.message_id if message.mail else ""
            letters[str(message.pk)] = [message.state, sent_as, message.recipient.email]
    mails = Mail.objects.values_list("message_id", "state", "doubtful")
    return {
        "alerts": alerts,
        "letters": letters,
        "mails": {message_id: [state, doubtful] for message_id, state, doubtful in mails},
        "left": _left(at),
    }


def _left(at: dt.datetime) -> int:
    due = ScheduledRung.objects.filter(
        state=RungState.PLANNED,
        fire_at__lte=at,
        deadline__closed_at__isnull=True,
        deadline__paused_at__isnull=True,
    )
    waiting = Message.objects.filter(state=MessageState.PENDING, deliver_after__lte=at)
    unsent = Mail.objects.filter(state__in=(MailState.PENDING, MailState.SENDING))
    unheard = Event.objects.filter(announced_at__isnull=True)
    return due.count() + waiting.count() + unsent.count() + unheard.count()


@dataclass(slots=True)
class Verdict:
    """What one drill did to the promise; all but `unknown` should stay 0.

    `lost` alerts and mails never reached anybody, `doubled` ones did twice without a mark,
    `unknown` mails are marked as perhaps sent twice.
    """

    trials: int = 0
    lost: int = 0
    doubled: int = 0
    unknown: int = 0

    def __iadd__(self, other: Verdict) -> Verdict:
        self.trials += other.trials
        self.lost += other.lost
        self.doubled += other.doubled
        self.unknown += other.unknown
        return self


def judge(found: Ledger, references: list[Ledger], taken: Counter[str]) -> Verdict:
    """Compare a ledger with those of undisturbed runs; `taken` is the mail server's inbox.

    Each topic must look as it does in one of the references: a death may make two alerts into
    one that lists both, as a standstill does.
    """
    verdict = Verdict(trials=1, lost=found.left)
    topics = {topic for reference in references for topic in reference.alerts} | set(found.alerts)
    for topic in topics:
        lines = Counter(found.alerts.get(topic, {}))
        choices = [Counter(reference.alerts.get(topic, {})) for reference in references]
        nearest = min(choices, key=lambda choice: ((choice - lines) + (lines - choice)).total())
        verdict.lost += (nearest - lines).total()
        verdict.doubled += (lines - nearest).total()
    verdict.lost += sum(not _arrived(letter, taken) for letter in found.letters.values())
    verdict.doubled += sum(
        times > 1 or message_id not in found.mails or found.mails[message_id][0] == "withdrawn"
        for message_id, times in taken.items()
        if not found.mails.get(message_id, ("", False))[1]
    )
    verdict.unknown += sum(bool(doubtful) for _state, doubtful in found.mails.values())
    return verdict


def _arrived(letter: list[str], taken: Counter[str]) -> bool:
    """Whether a line of the outbox reached the server, or stands refused for everybody to see."""
    state, message_id, address = letter
    if state == MessageState.FAILED:
        return address.startswith(REFUSED)
    return state == MessageState.SKIPPED or (state == MessageState.SENT and taken[message_id] > 0)
