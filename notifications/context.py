"""What every page knows about the alerts of the person who looks at it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from notifications.access import may_see_audits
from notifications.kinds import Channel
from notifications.models import Message
from notifications.watch import keep_watch


def alerts(request: HttpRequest) -> dict[str, Any]:
    """`unread_alerts` for the top bar; one query, none for somebody who has not signed in.

    For an administrator also `watch_troubles`: silence, and records that differ.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_alerts": 0}
    unread = Message.objects.filter(
        recipient_id=user.pk, channel=Channel.IN_APP, read_at__isnull=True
    )
    found: dict[str, Any] = {"unread_alerts": unread.count()}
    if may_see_audits(user):
        found["watch_troubles"] = keep_watch(at=timezone.now()).troubles
    return found
