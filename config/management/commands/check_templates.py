"""`manage.py check_templates`: does any page rely on what its own policy forbids?"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from config.checks.catalogues import PACKAGES
from config.checks.messages import source_files
from config.checks.templates import MAIL_FOLDER, inline_code
from config.settings.environment import BASE_DIR


class Command(BaseCommand):
    help = "Fail when a template holds inline styles, scripts or handlers."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        paths = [
            path
            for path in source_files(BASE_DIR, PACKAGES)
            if path.suffix != ".py" and path.parent.name != MAIL_FOLDER
        ]
        faults = [
            f"{path.relative_to(BASE_DIR)}:{line}: {words}"
            for path in paths
            for line, words in inline_code(path.read_text(encoding="utf-8"))
        ]
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            sys.exit(1)
        self.stdout.write(f"{len(paths)} templates, no inline code.")
