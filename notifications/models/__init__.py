"""Ladders, their schedule, the outbox, the mails, and what watches over them."""

from notifications.models.bridges import BRIDGE_LINE, Bridge, Call
from notifications.models.ladders import Ladder, LadderRung, columns_of
from notifications.models.outbox import MAIL_LINE, Breaker, Mail, Message, new_message_id
from notifications.models.parcel import Parcel
from notifications.models.preferences import Preference, wishes_of, wishes_of_person
from notifications.models.schedule import ScheduledRung
from notifications.models.watch import AuditFinding, AuditRun, Heartbeat

__all__ = [
    "BRIDGE_LINE",
    "MAIL_LINE",
    "AuditFinding",
    "AuditRun",
    "Breaker",
    "Bridge",
    "Call",
    "Heartbeat",
    "Ladder",
    "LadderRung",
    "Mail",
    "Message",
    "Parcel",
    "Preference",
    "ScheduledRung",
    "columns_of",
    "new_message_id",
    "wishes_of",
    "wishes_of_person",
]
