"""Say whether clock, worker and mail are alive and the records agree, for a monitoring program."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from notifications.watch import Check, keep_watch


class Command(BaseCommand):
    help = "Tell how the reminders are watched. Ends with 0 when all is well, otherwise with 1."

    def handle(self, *args: Any, **options: Any) -> None:
        watch = keep_watch(at=timezone.now())
        for check in watch.checks:
            self.stdout.write(_line(check))
        if not watch.ok:
            troubles = ", ".join(check.name for check in watch.troubles)
            raise CommandError(f"in trouble: {troubles}", returncode=1)


def _line(check: Check) -> str:
    since = f"last at {check.last_at:%Y-%m-%d %H:%M:%S} UTC" if check.last_at else "never yet"
    number = f", {check.number}" if check.number else ""
    return f"{check.name}: {check.verdict.value}{number} ({since})"
