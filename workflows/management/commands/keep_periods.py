"""Lay out the dates of recurring reports and ask for those that are near, as the job does."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from workflows.actions.periods import keep_periods


class Command(BaseCommand):
    help = "Lay out the dates of recurring reports, ask for those whose day has come, and say so."

    def handle(self, *args: Any, **options: Any) -> None:
        kept = keep_periods(at=timezone.now())
        self.stdout.write(
            f"{kept.laid_out} dates laid out, {kept.opened} periods opened,"
            f" {kept.asked} reports asked for"
        )
