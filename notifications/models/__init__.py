"""Ladders, the schedule they are laid out to, the outbox and the mails."""

from notifications.models.ladders import Ladder, LadderRung, columns_of
from notifications.models.outbox import Mail, Message, new_message_id
from notifications.models.schedule import ScheduledRung

__all__ = [
    "Ladder",
    "LadderRung",
    "Mail",
    "Message",
    "ScheduledRung",
    "columns_of",
    "new_message_id",
]
