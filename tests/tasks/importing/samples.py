"""Documents for the tests of the reader, written for them."""

from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from docx.document import Document

from tasks.importing.reading import read_document
from tasks.importing.serialising import as_json

DATA = Path(__file__).parents[2] / "data"
PLAN = DATA / "ke-hoach-doc-sach.txt"

HEADING = "Số: 7/KH-UBND\nAn Bình, ngày 5 tháng 01 năm 2024\nKẾ HOẠCH\nTrồng cây năm 2024\n"


def read(text: str, filename: str = "plan.txt") -> dict[str, Any]:
    """Return the reading of *text* as JSON data."""
    return as_json(read_document(text.encode(), filename))


def read_docx(document: Document) -> dict[str, Any]:
    """Return the reading of a Word document as JSON data."""
    return as_json(read_document(docx_bytes(document), "plan.docx"))


def docx_bytes(document: Document) -> bytes:
    """Return the file that Word would save."""
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def plan_as_docx() -> Document:
    """Return the example plan with one paragraph for each line."""
    document = docx.Document()
    for line in PLAN.read_text(encoding="utf-8").splitlines():
        document.add_paragraph(line)
    return document


def without_places(reading: dict[str, Any]) -> dict[str, Any]:
    """Return a reading without lines and spans, which differ between formats."""
    return {
        key: [_bare(one) for one in value] if isinstance(value, list) else value
        for key, value in reading.items()
        if key not in {"source", "text", "warnings", "sections", "cites"}
    }


def _bare(one: Any) -> Any:
    if not isinstance(one, dict):
        return one
    return {key: value for key, value in one.items() if key not in {"source", "line"}}


def codes(reading: dict[str, Any]) -> list[str]:
    """Return the codes of the warnings, in order."""
    return [warning["code"] for warning in reading["warnings"]]
