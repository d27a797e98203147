"""`manage.py compile_catalogues`: what GNU msgfmt does, in Python."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.checks.catalogues import compile_catalogues
from config.settings.environment import BASE_DIR


class Command(BaseCommand):
    help = "Compile the translations that changed."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            written = compile_catalogues(BASE_DIR)
        except OSError as error:
            raise CommandError(f"A catalogue could not be compiled: {error}") from error
        for path in written:
            self.stdout.write(f"Compiled {path.relative_to(BASE_DIR)}")
