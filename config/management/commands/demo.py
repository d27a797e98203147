"""`manage.py demo`: everything on this machine, in the foreground, until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.demo.session import Demo, Login
from config.settings.environment import BASE_DIR, DATABASE_URL, VAR_DIR


def port_number(text: str) -> int:
    """A TCP port as typed; 0 lets the system choose."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number up to 65535")
    return int(text)


def example_logins() -> Sequence[Login]:
    """One login for each role, as the example has them; none while there is no example."""
    from config.example import logins

    return logins()


class Command(BaseCommand):
    help = "Prepare the example and run web, worker, clock and mail until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=port_number, default=os.environ.get("PORT", "8000"))
        parser.add_argument(
            "--reset", action="store_true", help="first remove the data of earlier runs"
        )

    def handle(self, *args: Any, port: int, reset: bool, **options: Any) -> None:
        if reset and DATABASE_URL:
            self.stderr.write(
                "DONDOC_DATABASE_URL is set, so this folder belongs to a service: nothing removed."
            )
            sys.exit(2)
        demo = Demo(BASE_DIR, VAR_DIR.absolute(), port, example_logins, reset)
        sys.exit(demo.run())
