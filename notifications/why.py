"""Why somebody was told, or nobody: each rung of a deadline with what became of it, in sentences.

Everything here speaks the active language and reads only what is on record, save for whom a rung
to come would reach: that is asked for the present day.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from notifications.book import rungs_by_step
from notifications.facts import Facts
from notifications.kinds import (
    Audience,
    Channel,
    LadderKind,
    MailState,
    MessageState,
    RungReason,
    RungState,
    SkipReason,
)
from notifications.ladder import Rung
from notifications.ladder_words import sentence, units_of
from notifications.matters import Matters
from notifications.models import Ladder, Message, ScheduledRung
from notifications.reach import Reach, people_of
from notifications.recipients import Recipient
from notifications.telling import Speech
from tasks.chips import Chip, Tone
from tasks.models import Deadline, Person, Unit, Verb
from tasks.rules.calendar import local_date

_TONES = {
    RungState.PLANNED: (Tone.WAITING, "clock"),
    RungState.FIRED: (Tone.DONE, "tick"),
    RungState.SKIPPED: (Tone.OFF, ""),
    RungState.SUPERSEDED: (Tone.OFF, ""),
}
# The mails and the calls are read along with each message.
MESSAGES = Message.objects.select_related(
    "recipient",
    "substitute_for",
    "scheduled",
    "mail",
    "call__bridge",
    "event__actor",
    "event__unit",
)


@dataclass(frozen=True, slots=True)
class Told:
    """One person: for which post, and by which way with what success."""

    person: Person
    post: str
    ways: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One rung, or one piece of news about the deadline. `words` says what became of it."""

    at: dt.datetime
    version: int
    what: str
    source: str
    chip: Chip
    words: str
    told: tuple[Told, ...] = ()
    expected: tuple[tuple[Person, str], ...] = ()


def lines_of(deadline: Deadline, matters: Matters, *, at: dt.datetime) -> list[Line]:
    """Everything that was, is or was to be said about the deadline, the earliest first.

    `matters` is of this deadline alone. Eight queries, however many rungs there are.
    """
    rows = list(
        ScheduledRung.objects.filter(deadline=deadline).select_related("step__ladder__saved_by")
    )
    rungs = rungs_by_step(row.step_id for row in rows)
    messages = list(MESSAGES.filter(deadline=deadline).order_by("pk"))
    spoken = _by_rung(messages)
    units = units_of(rungs.values())
    coming = {row.pk: rungs[row.step_id] for row in rows if row.step_id and _comes(row, deadline)}
    expected = _expected(matters, coming, on=local_date(at))
    lines = [
        _line(row, deadline, rungs.get(row.step_id or 0), units, spoken, expected) for row in rows
    ]
    lines += _news(messages)
    return sorted(lines, key=lambda line: line.at)


def _comes(row: ScheduledRung, deadline: Deadline) -> bool:
    return (
        row.state == RungState.PLANNED
        and row.version == deadline.version
        and deadline.closed_at is None
    )


def _by_rung(messages: Iterable[Message]) -> dict[tuple[int, str, int], list[Message]]:
    found: dict[tuple[int, str, int], list[Message]] = defaultdict(list)
    for message in messages:
        if message.event_id is None:
            found[message.version, message.rung, message.occurrence].append(message)
    return found


def _expected(
    matters: Matters, coming: Mapping[int, Rung], *, on: dt.date
) -> dict[int, tuple[tuple[Person, str], ...]]:
    """Whom each rung to come would tell if it fired today."""
    (matter,) = matters.rows
    speeches = {key: Speech.of((rung,)) for key, rung in coming.items()}
    wanted = {
        key: Reach(matter.plan, matters.circle(matter, speech.posts), speech.audiences_for(matter))
        for key, speech in speeches.items()
    }
    found = people_of(wanted, on=on)
    people = Person.objects.in_bulk(
        {pk for group in found.values() for one in group for pk in _named(one)}
    )
    return {
        key: tuple((people[one.person_id], _post_of(one, people)) for one in group)
        for key, group in found.items()
    }


def _named(one: Recipient) -> Iterator[int]:
    yield one.person_id
    if one.substitute_for_id is not None:
        yield one.substitute_for_id


def _post_of(one: Recipient, people: Mapping[int, Person]) -> str:
    away = people.get(one.substitute_for_id or 0)
    return post_words(Audience(one.audience), one.unit.short_name, away)


def post_words(audience: Audience, unit: str, away: Person | None) -> str:
    """For which post somebody is told, and in whose place."""
    words = _("%(post)s, %(unit)s") % {"post": audience.label, "unit": unit}
    if away is None:
        return words
    return _("%(post)s, in place of %(person)s, who is away") % {"post": words, "person": away}


def _line(
    row: ScheduledRung,
    deadline: Deadline,
    rung: Rung | None,
    units: Mapping[int, Unit],
    spoken: Mapping[tuple[int, str, int], list[Message]],
    expected: Mapping[int, tuple[tuple[Person, str], ...]],
) -> Line:
    key = (row.version, row.rung, row.occurrence)
    told = told_of(spoken.get(key, ())) if row.state == RungState.FIRED else ()
    tone, icon = _TONES[RungState(row.state)]
    state = RungState(row.state)
    return Line(
        at=row.fired_at or row.fire_at,
        version=row.version,
        what=sentence(rung, units) if rung else row.rung,
        source=_source(row),
        chip=Chip(tone, icon, _("to come") if row.pk in expected else str(state.label)),
        words=_fate(row, deadline, bool(told), bool(expected.get(row.pk))),
        told=told,
        expected=expected.get(row.pk, ()),
    )


def _source(row: ScheduledRung) -> str:
    """Which ladder it was laid out by."""
    if row.step is None:
        return ""
    words = ladder_words(row.step.ladder)
    if not row.occurrence:
        return words
    return _("%(ladder)s; repeated for the %(number)s. time") % {
        "ladder": words,
        "number": row.occurrence,
    }


def ladder_words(ladder: Ladder) -> str:
    kind = LadderKind(ladder.kind).label
    if ladder.saved_by is None:
        return _("ladder “%(kind)s” as the product came") % {"kind": kind}
    words = _("ladder “%(kind)s”, version %(number)s, saved by %(who)s")
    if ladder.plan_id is not None:
        words = _("the plan's own ladder “%(kind)s”, version %(number)s, saved by %(who)s")
    return words % {"kind": kind, "number": ladder.version, "who": ladder.saved_by}


def _fate(row: ScheduledRung, deadline: Deadline, told: bool, expected: bool) -> str:
    """One sentence: what became of the rung and why."""
    if row.state == RungState.PLANNED:
        return _to_come(row, deadline, expected)
    reason = str(RungReason(row.reason).label) if row.reason else ""
    if row.state == RungState.FIRED:
        if reason:
            return _("It fired, but reached nobody: %(reason)s.") % {"reason": reason}
        return "" if told else _("It fired; nobody is on record as told.")
    if row.state == RungState.SKIPPED:
        return _("Left out: %(reason)s.") % {"reason": reason}
    return _("No longer valid: %(reason)s.") % {"reason": reason}


def _to_come(row: ScheduledRung, deadline: Deadline, expected: bool) -> str:
    if deadline.closed_at is not None:
        return _("It will not be sent: the work was handed in or called off.")
    if row.version != deadline.version:
        return _("It will not be sent: the date was set anew.")
    if deadline.paused_at is not None:
        return _("It waits: the work is suspended.")
    if not expected:
        return _("Nobody is registered who could be told. Register somebody before then.")
    return _("It is to come. As things stand today, it tells:")


def told_of(messages: Iterable[Message]) -> tuple[Told, ...]:
    """The people of some messages, each once, with every way they were told by."""
    by_person: dict[int, list[Message]] = defaultdict(list)
    for message in messages:
        by_person[message.recipient_id].append(message)
    return tuple(_told(group) for group in by_person.values())


def _told(group: list[Message]) -> Told:
    first = group[0]
    facts = Facts.read(first.facts)
    post = post_words(Audience(first.audience), facts.audience_unit, first.substitute_for)
    if facts.nobody_at:
        words = _("%(post)s, because %(unit)s has nobody registered")
        post = words % {"post": post, "unit": facts.nobody_at}
    ways = tuple((str(Channel(one.channel).label), way_words(one)) for one in group)
    return Told(first.recipient, post, ways)


def way_words(message: Message) -> str:
    """What became of a message on its way."""
    if message.channel == Channel.IN_APP:
        if message.read_at is None:
            return _("there since %(moment)s, not read yet") % _moment(message.created_at)
        return _("there since %(told)s, read %(moment)s") % {
            "told": _moment(message.created_at)["moment"],
            **_moment(message.read_at),
        }
    parcel = message.mail or message.call
    match message.state:
        case MessageState.SENT:
            words = _("sent %(moment)s") % _moment(parcel.sent_at if parcel else None)
            doubt = parcel is not None and parcel.doubtful
            return _("%(sent)s, perhaps twice") % {"sent": words} if doubt else words
        case MessageState.SKIPPED:
            reason = SkipReason(message.reason).label if message.reason else "–"
            return _("not sent: %(reason)s") % {"reason": reason}
        case MessageState.FAILED:
            return _("refused by the other side: %(error)s") % {
                "error": parcel.error if parcel else "–"
            }
    if parcel is not None and parcel.attempts and parcel.state != MailState.WITHDRAWN:
        return _("tried in vain %(number)s times, next %(moment)s") % {
            "number": parcel.attempts,
            **_moment(parcel.next_attempt_at),
        }
    return _("leaves %(moment)s") % _moment(message.deliver_after)


def _moment(moment: dt.datetime | None) -> dict[str, str]:
    return {"moment": date_format(localtime(moment), "DATETIME_FORMAT") if moment else "–"}


def _news(messages: Iterable[Message]) -> list[Line]:
    """What was told about the deadline besides its rungs, such as a follow-up."""
    by_event: dict[int, list[Message]] = defaultdict(list)
    for message in messages:
        if message.event_id is not None:
            by_event[message.event_id].append(message)
    return [_event_line(group) for group in by_event.values()]


def _event_line(group: list[Message]) -> Line:
    return Line(
        at=group[0].created_at,
        version=group[0].version,
        what=event_words(group[0]),
        source="",
        chip=Chip(Tone.NEUTRAL, "", str(group[0].get_kind_display())),
        words="",
        told=told_of(group),
    )


def event_words(message: Message) -> str:
    """Who did what, as the cause of a message."""
    event = message.event
    assert event is not None
    by = ", ".join(str(one) for one in (event.actor, event.unit) if one is not None)
    return capfirst(_("%(who)s %(did)s") % {"who": by or "–", "did": Verb(event.verb).label})
