"""What every page knows about the alerts of the person who looks at it."""

from __future__ import annotations

from django.http import HttpRequest

from notifications.kinds import Channel
from notifications.models import Message


def alerts(request: HttpRequest) -> dict[str, int]:
    """`unread_alerts` for the top bar; one query, none for somebody who has not signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_alerts": 0}
    unread = Message.objects.filter(
        recipient_id=user.pk, channel=Channel.IN_APP, read_at__isnull=True
    )
    return {"unread_alerts": unread.count()}
