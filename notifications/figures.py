"""How the outgoing mail is doing, in figures for an administrator."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from notifications.kinds import MailState
from notifications.models import MAIL_LINE, Breaker, Mail

RECENT = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MailFigures:
    """`waiting_since` is when the oldest that waits was written; `breaker` is there while the
    mail server is left alone."""

    waiting: int
    waiting_since: dt.datetime | None
    sent_lately: int
    failed: int
    doubtful: int
    breaker: Breaker | None


def mail_figures(*, at: dt.datetime) -> MailFigures:
    """Two queries."""
    waits = Q(state__in=(MailState.PENDING, MailState.SENDING))
    found = Mail.objects.aggregate(
        waiting=Count("pk", filter=waits),
        waiting_since=Min("created_at", filter=waits),
        sent_lately=Count("pk", filter=Q(state=MailState.SENT, sent_at__gt=at - RECENT)),
        failed=Count("pk", filter=Q(state=MailState.FAILED)),
        doubtful=Count("pk", filter=Q(doubtful=True)),
    )
    return MailFigures(**found, breaker=Breaker.objects.filter(line=MAIL_LINE).first())
