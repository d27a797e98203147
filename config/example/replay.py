"""Ten weeks in a few seconds: acts at the instants they happened, and a sweep every morning.

Nothing is written past the product: actions act, sweeps plan and fire. Mail is the one thing that
must not leave: the days are over, and no server of those days can be asked. So the mornings of the
past deliver into the kept mails, as an installation without a mail server does, and the last
working day's mail waits for the real worker.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from django.db.models import F
from django.test.utils import override_settings

from config.example.days import Days
from config.example.stage import Act, instants
from notifications.announce import announce_events
from notifications.fire import fire_due
from notifications.kinds import Channel
from notifications.ladder import FIRE_HOUR, FIRE_MINUTE
from notifications.models import Message
from notifications.plan import plan_deadlines
from notifications.sweep import sweep
from tasks.rules.calendar import DAY, local_instant

NO_MAIL_SERVER = "django.core.mail.backends.dummy.EmailBackend"
# People have read what they were told before the last days.
UNREAD_DAYS = 4


def replay(
    days: Days,
    acts: dict[dt.date, list[Act]],
    *,
    at: dt.datetime,
    say: Callable[[dt.date], None],
) -> None:
    """Live through every working day after the issue until `at`; `say` hears of each Monday."""
    last = days.ago(1)
    for day in _working_days(days):
        if day.weekday() == 0:
            say(day)
        _morning(local_instant(day, FIRE_HOUR, FIRE_MINUTE), mails=day < last)
        todays = acts.get(day, [])
        for act, moment in zip(todays, instants(day, len(todays)), strict=True):
            act(moment)
            announce_events(at=moment)
    _morning(at, mails=False)
    _read(before=days.today - UNREAD_DAYS * DAY)


def _working_days(days: Days) -> Iterator[dt.date]:
    day = days.after(days.issued, 1)
    while day < days.today:
        yield day
        day = days.after(day, 1)


def _morning(at: dt.datetime, *, mails: bool) -> None:
    if mails:
        with override_settings(EMAIL_BACKEND=NO_MAIL_SERVER):
            sweep(lambda: at)
        return
    announce_events(at=at)
    plan_deadlines(at=at)
    fire_due(at=at)


def _read(*, before: dt.date) -> None:
    Message.objects.filter(
        channel=Channel.IN_APP, read_at__isnull=True, created_at__lt=local_instant(before)
    ).update(read_at=F("created_at") + dt.timedelta(hours=2))
