"""docs/reading.md says what the code does."""

import re
from pathlib import Path

import pytest

from tasks.importing import blocks, bounds, docx_package, ocr
from tasks.importing.docx_package import MEGABYTE
from tasks.importing.file_kinds import EXTENSIONS
from tasks.importing.isolation import Limits

PAGE = (Path(__file__).parents[3] / "docs" / "reading.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in row.strip("|").split("|")] for row in PAGE.splitlines()]
LIMITS = Limits()


def row(name: str) -> list[str]:
    return next(cells for cells in ROWS if cells[0] == name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Size of a file", f"{LIMITS.size // MEGABYTE} MB"),
        ("Text", f"{bounds.MAX_CHARACTERS} characters"),
        ("Paragraphs and cells", f"{bounds.MAX_LINES}"),
        ("One paragraph", f"{blocks.LONGEST_PARAGRAPH} characters"),
        ("Scanned pages", f"{ocr.MAX_SCANNED_PAGES}"),
        ("Time for one scanned page", f"{ocr.PAGE_SECONDS:.0f} seconds"),
        ("A package unpacked", f"{docx_package.MAX_UNPACKED // MEGABYTE} MB"),
        ("XML in a package", f"{docx_package.MAX_XML // MEGABYTE} MB"),
        ("Parts of a package", f"{docx_package.MAX_PARTS}"),
        ("Time of a reading", f"{LIMITS.seconds:.0f} seconds"),
        ("CPU time of a process", f"{LIMITS.cpu_seconds} seconds"),
        ("Memory of a process", f"{LIMITS.memory // MEGABYTE} MB"),
        ("A picture", f"{ocr.MOST_PIXELS} pixels"),
    ],
)
def test_limit_is_as_documented(name: str, value: str) -> None:
    assert row(name)[1] == value


def test_all_limits_of_a_reading_are_documented() -> None:
    begin = next(place for place, cells in enumerate(ROWS) if cells[0] == "Limit")
    rows = [cells for cells in ROWS[begin + 2 : begin + 40] if len(cells) == 3]
    assert len(rows) == 13


def test_extensions_are_as_documented() -> None:
    read = [cells for cells in ROWS if len(cells) == 4 and not cells[3].startswith("refused")]
    named = {name for cells in read for name in re.findall(r"`(\.\w+)`", cells[1])}
    assert named == set(EXTENSIONS)
