"""The same plan reads the same in every form."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tasks.importing.reading import read_document
from tasks.importing.serialising import as_json
from tests.bench.speed import invented
from tests.tasks.importing.variants import FONTS, LISTS, TABLES, Plan, as_text, plans
from tests.tasks.importing.word_variants import WORD

ITEM = (
    "code",
    "section",
    "title",
    "lead",
    "coordinating",
    "timeframe_text",
    "start",
    "due",
    "recurring",
)
DUTY = ("who", "to", "via", "due", "recurring")
HEADER = ("number", "date", "type", "title", "issuer", "period", "based_on")
FORMS = {**LISTS, **TABLES, **WORD}

pytestmark = pytest.mark.skipif(not FONTS.exists(), reason="fonts-dejavu-core is not installed")


def facts(data: bytes, filename: str) -> dict[str, Any]:
    """Return what a reading says, but for what the form itself decides."""
    reading = as_json(read_document(data, filename))
    return {
        "items": [tuple(_bare(item[key]) for key in ITEM) for item in reading["items"]],
        "reports": [tuple(duty[key] for key in DUTY) for duty in reading["reports"]],
        **{key: reading[key] for key in HEADER},
    }


def _bare(value: Any) -> Any:
    """Return a title or time without the full stop that ends a line but no cell."""
    return value.rstrip(".") if isinstance(value, str) else value


def assert_same(plan: Plan, form: str) -> None:
    assert facts(FORMS[form](plan), form) == facts(as_text(plan), "plan.txt")


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=1, deadline=None, derandomize=True)
@given(plans(least=3, most=6))
def test_small_plan_reads_the_same_in_every_form(form: str, plan: Plan) -> None:
    assert_same(plan, form)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(plans(most=40))
def test_plan_reads_the_same_in_every_form(form: str, plan: Plan) -> None:
    assert_same(plan, form)


def converted(data: bytes, form: str, folder: Path) -> bytes:
    """Return a Word file or workbook as the PDF that LibreOffice makes of it."""
    source = folder / form
    source.write_bytes(data)
    options = [
        "--headless",
        f"-env:UserInstallation=file://{folder}/profile",
        "--convert-to",
        "pdf",
    ]
    subprocess.run(
        ["soffice", *options, "--outdir", str(folder), str(source)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return source.with_suffix(".pdf").read_bytes()


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("form", ["list.docx", "numbered.docx", "table.docx", "office.docx"])
def test_plan_that_libreoffice_made_a_pdf_of_reads_the_same(form: str, tmp_path: Path) -> None:
    plan = invented(25)
    made = converted(FORMS[form](plan), form, tmp_path)
    assert facts(made, "plan.pdf") == facts(as_text(plan), "plan.txt")
