"""Do by hand what the worker does every few seconds."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from notifications.kinds import MailState
from notifications.models import Mail
from notifications.sweep import Sweep, sweep
from tasks.rules.calendar import LOCAL


def moment(text: str) -> dt.datetime:
    """An ISO date and time; local when it names no zone."""
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not an ISO date and time: {text}") from error
    return at if at.tzinfo else at.replace(tzinfo=LOCAL)


class Command(BaseCommand):
    help = (
        "Announce events, lay out reminders, fire what is due and send the mail. Ends with 0 when "
        "nothing is left to be sent, with 1 when a step failed, with 2 when mails wait for "
        "another attempt or were refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at", type=moment, default=None, help="the moment to take for now, in ISO form"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        at: dt.datetime | None = options["at"]
        refused, done = _number(MailState.FAILED), Sweep()
        try:
            sweep(timezone.now if at is None else lambda: at, done)
        finally:
            self._tell(done)
        refused = _number(MailState.FAILED) - refused
        waiting = _number(MailState.PENDING, MailState.SENDING)
        if waiting or refused:
            raise CommandError(
                f"not everything was sent: {waiting} mails wait for another attempt, "
                f"{refused} were refused for good; see the list of mails",
                returncode=2,
            )

    def _tell(self, done: Sweep) -> None:
        self.stdout.write(
            f"events announced: {done.announced}\n"
            f"deadlines laid out: {done.planned}\n"
            f"reminders projected anew: {done.replanned}\n"
            f"deadlines that spoke: {done.fired}\n"
            f"mails composed: {done.delivery.composed}\n"
            f"mails sent: {done.delivery.sent}\n"
            f"calls to message bridges: {done.delivery.called}"
        )


def _number(*states: MailState) -> int:
    return Mail.objects.filter(state__in=states).count()
