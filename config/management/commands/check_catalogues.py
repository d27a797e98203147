"""`manage.py check_catalogues`: is every string translated, in every language?"""

from __future__ import annotations

import sys
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand

from config.checks.catalogues import (
    PACKAGES,
    catalogue_path,
    missing_translations,
    source_faults,
)
from config.checks.messages import in_file, source_files
from config.settings.environment import BASE_DIR


class Command(BaseCommand):
    help = "Fail when a string of the source lacks a translation or loses a value in it."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = [item for path in source_files(BASE_DIR, PACKAGES) for item in in_file(path)]
        messages = {item.message for item in found if item.message}
        faults = list(source_faults(found))
        for language, _name in settings.LANGUAGES:
            path = catalogue_path(BASE_DIR, language)
            catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile()
            faults += missing_translations(catalogue, messages, language)
        for fault in faults:
            self.stdout.write(fault.replace(f"{BASE_DIR}/", ""))
        if faults:
            self.stderr.write(f"{len(faults)} strings to look at.")
            sys.exit(1)
        self.stdout.write(f"{len(messages)} strings, all translated.")
