"""`manage.py update_catalogues`: what the source says now, ready for the translator."""

from __future__ import annotations

from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand

from config.checks.catalogues import PACKAGES, catalogue_path, updated
from config.checks.messages import in_file, source_files
from config.settings.environment import BASE_DIR


class Command(BaseCommand):
    help = "Bring the catalogues up to date with the source, translations kept."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        files = source_files(BASE_DIR, PACKAGES)
        messages = {found.message for path in files for found in in_file(path) if found.message}
        for language, _name in settings.LANGUAGES:
            path = catalogue_path(BASE_DIR, language)
            path.parent.mkdir(parents=True, exist_ok=True)
            old = polib.pofile(str(path)) if path.exists() else polib.POFile()
            catalogue = updated(old, messages, language)
            catalogue.save(str(path))
            waiting = len(catalogue.untranslated_entries())
            self.stdout.write(f"{path.relative_to(BASE_DIR)}: {waiting} to translate.")
