"""`manage.py load_example`: an invented province at work, to look around in."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.example.load import LoadRefused, load
from tasks.rules.calendar import local_date, local_instant


def day(text: str) -> dt.date:
    """A date as typed."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date: write 2026-11-21") from None


def instant_of(on: dt.date | None, now: dt.datetime) -> dt.datetime:
    """The moment the example shows: now, or eight o'clock of another day."""
    return now if on in (None, local_date(now)) else local_instant(on or local_date(now), 8)


class Command(BaseCommand):
    help = "Load the example: units, people and plans of a province that does not exist."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--on", type=day, help="the day it shows (YYYY-MM-DD); today if left out"
        )
        parser.add_argument(
            "--force", action="store_true", help="load it even beside plans of other origin"
        )

    def handle(self, *args: Any, on: dt.date | None, force: bool, **options: Any) -> None:
        at = instant_of(on, timezone.now())
        try:
            loaded = load(at=at, say=self.stdout.write, force=force)
        except LoadRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            "The example is loaded. Its province, people and figures are invented."
            if loaded
            else "The example is here already: its data are kept as they are."
        )
