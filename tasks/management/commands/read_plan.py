"""Show what the reader makes of a plan document; nothing is stored."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext_lazy as _

from tasks.importing.errors import DocumentError
from tasks.importing.reading import read_document
from tasks.importing.results import Reading
from tasks.importing.serialising import as_json


class Command(BaseCommand):
    help = "Read a plan document and print its tasks, reports and doubts, without a database."
    # Checks may look at the database, which this command does not need.
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            help="A .docx, .pdf, .xlsx, .csv, .txt, .md, .png, .jpg or .tif file.",
        )
        parser.add_argument("--json", action="store_true", help="Print the whole reading as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            reading = read_document(path.read_bytes(), path.name)
        except OSError as error:
            message = _("The file %(filename)s cannot be opened: %(reason)s")
            params = {"filename": path, "reason": error.strerror}
            raise CommandError(str(message) % params) from error
        except DocumentError as error:
            raise CommandError(f"{error.message} [{error.code}]") from error
        if options["json"]:
            self.stdout.write(json.dumps(as_json(reading), ensure_ascii=False, indent=1))
        else:
            self._print_table(reading)

    def _print_table(self, reading: Reading) -> None:
        header = reading.header
        facts = (header.type, header.number, header.issuer, header.issued_on)
        self.stdout.write(" · ".join(str(getattr(fact, "text", fact)) for fact in facts if fact))
        for item in reading.items:
            leads = ", ".join(lead.text for lead in item.leads)
            title = f"{item.title.text[:50]:50}"
            self.stdout.write(
                f"{item.code or '–':10} {title} {leads[:40]:40} {item.timeframe.text}"
            )
        for duty in reading.duties:
            who, to = (duty.who.text if duty.who else "?"), ", ".join(unit.text for unit in duty.to)
            self.stdout.write(f"→ {who[:50]:50} → {to[:40]:40} {duty.timeframe.text}")
        for caution in reading.cautions:
            self.stdout.write(f"! {caution.line or '':>5} {caution.code}: {caution.message}")
