"""Hold what should have been sent against the records, by hand or from a monitoring program."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from notifications.audit import run_audit
from notifications.kinds import FindingKind
from notifications.models import AuditRun
from notifications.repair import Repaired, repair_and_check


class Command(BaseCommand):
    help = (
        "Check that everybody was told who should be. Ends with 0 when the records agree, "
        "with 1 when they differ, with 2 when another check is under way."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="repair what is found, then check again"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        run = self._checked(run_audit(at=timezone.now()))
        if run.alarms and options["repair"]:
            done, after = repair_and_check(run, clock=timezone.now, by=None)
            self._tell_repair(done)
            run = self._checked(after)
        if run.alarms:
            raise CommandError(f"{run.alarms} differences remain", returncode=1)

    def _checked(self, run: AuditRun | None) -> AuditRun:
        if run is None:
            raise CommandError("another check is under way", returncode=2)
        self.stdout.write(f"checked: {run.deadlines} open dates, {run.expected} rungs")
        for kind in FindingKind:
            if number := run.counts.get(kind):
                self.stdout.write(f"  {kind.value}: {number}")
        return run

    def _tell_repair(self, done: Repaired) -> None:
        words = ", ".join(f"{name} {number}" for name, number in done.as_dict().items())
        self.stdout.write(f"repaired: {words}")
