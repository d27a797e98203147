"""Every message of the year as one readable line: when, to whom, what, about what, by which way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from notifications.kinds import Channel, Kind, MessageState
from notifications.models import Message
from tasks.models import Deadline, DeadlineKind, Event, Participation, Report
from tasks.rules.calendar import LOCAL


def lines() -> list[str]:
    """The messages in the order they were written; the two channels of one share a line."""
    told = Message.objects.select_related(
        "recipient",
        "substitute_for",
        "mail",
        "event__participation__item",
        "event__participation__unit",
        "event__report__unit",
        "deadline__participation__item",
        "deadline__participation__unit",
        "deadline__report__unit",
    ).order_by("created_at", "recipient__full_name", "event", "deadline", "rung", "channel")
    same = groupby(told, lambda one: (one.created_at, one.recipient, one.event, *_rung_key(one)))
    return sorted(_line(list(group)) for _key, group in same)


def _rung_key(one: Message) -> tuple[object, ...]:
    return one.deadline_id, one.version, one.rung, one.occurrence


def _line(ways: list[Message]) -> str:
    first = ways[0]
    columns = (
        first.created_at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M"),
        _recipient(first),
        _kind(first),
        _about(first),
        "; ".join(_ways(ways)),
    )
    return " | ".join(columns)


def _recipient(one: Message) -> str:
    absent = one.substitute_for
    return f"{one.recipient} for {absent}" if absent else str(one.recipient)


def _kind(one: Message) -> str:
    if one.event is not None:
        return "follow-up" if one.kind == Kind.FOLLOW_UP else f"news {one.event.verb}"
    again = f" again {one.occurrence}" if one.occurrence else ""
    return f"{one.kind} {one.rung}{again}"


def _about(one: Message) -> str:
    matter = one.event or one.deadline
    assert matter is not None
    kind = one.deadline.kind if one.deadline is not None else ""
    return f"{_ASKS.get(kind, '')}{about(matter)}"


_ASKS = {
    DeadlineKind.ACKNOWLEDGEMENT.value: "answer about ",
    DeadlineKind.OBSTACLE.value: "obstacle in ",
    DeadlineKind.EXTENSION.value: "extension of ",
}


def about(matter: Event | Deadline) -> str:
    """What an event or a deadline is about: "II.1.a, Sở KH&CN leads"."""
    if matter.report is not None:
        return _report(matter.report)
    assert matter.participation is not None
    return _part(matter.participation)


def _part(part: Participation) -> str:
    return f"{part.item.code}, {part.unit} {'leads' if part.role == 'lead' else 'coordinates'}"


def _report(report: Report) -> str:
    return f"{'consolidated report' if report.is_consolidated else 'report'}, {report.unit}"


def _ways(ways: Iterable[Message]) -> Iterator[str]:
    for one in sorted(ways, key=lambda way: way.channel, reverse=True):
        if one.channel == Channel.IN_APP:
            yield "app"
        elif one.state == MessageState.SENT and one.mail and one.mail.sent_at:
            yield one.mail.sent_at.astimezone(LOCAL).strftime("mail %d/%m %H:%M")
        else:
            yield f"no mail: {one.reason or one.state}"
