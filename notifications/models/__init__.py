"""Ladders, the schedule they are laid out to, the outbox and the mails."""

from notifications.models.ladders import Ladder, LadderRung, columns_of
from notifications.models.outbox import (
    MAIL_LINE,
    Breaker,
    Mail,
    Message,
    Parcel,
    new_message_id,
)
from notifications.models.schedule import ScheduledRung

__all__ = [
    "MAIL_LINE",
    "Breaker",
    "Ladder",
    "LadderRung",
    "Mail",
    "Message",
    "Parcel",
    "ScheduledRung",
    "columns_of",
    "new_message_id",
]
