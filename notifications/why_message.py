"""Why one message: its cause in sentences, and the ways it took."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from notifications.kinds import RungState
from notifications.ladder_words import sentence, units_of
from notifications.models import Message, ScheduledRung
from notifications.why import MESSAGES, event_words, ladder_words


def about_message(message: Message) -> list[str]:
    """Why this message, in sentences: the cause, the moment, the ways, and what can be changed.

    Needs the message as `MESSAGES` gives it.
    """
    words = [_cause(message)]
    if message.urgent:
        words.append(_("Overdue alerts and follow-ups come at once and cannot be switched off."))
    else:
        words.append(
            _("Reminders and news come in one digest each working morning; you choose the hour.")
        )
    return words


def _cause(message: Message) -> str:
    if message.event_id is not None:
        return _("The cause: %(event)s.") % {"event": event_words(message)}
    row = _row_of(message).first()
    if row is None or row.step is None:
        return _("The cause: the date of the work.")
    rung = row.step.as_rung()
    return _("The cause: %(ladder)s says: “%(rung)s”.") % {
        "ladder": ladder_words(row.step.ladder),
        "rung": sentence(rung, units_of([rung])),
    }


def _row_of(message: Message) -> QuerySet[ScheduledRung]:
    rows = ScheduledRung.objects.filter(
        deadline=message.deadline_id,
        version=message.version,
        rung=message.rung,
        occurrence=message.occurrence,
        state=RungState.FIRED,
    )
    return rows.select_related("step__ladder__saved_by")


def siblings(message: Message) -> QuerySet[Message]:
    """The same message by every way it took to the same person."""
    same = MESSAGES.filter(recipient=message.recipient_id, event=message.event_id)
    if message.event_id is None:
        same = same.filter(
            deadline=message.deadline_id,
            version=message.version,
            rung=message.rung,
            occurrence=message.occurrence,
        )
    return same.order_by("pk")
