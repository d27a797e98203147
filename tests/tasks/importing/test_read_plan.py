"""The command that shows a reading."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.tasks.importing.samples import PLAN, read


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("read_plan", *arguments, stdout=output)
    return output.getvalue()


def test_json_is_the_reading() -> None:
    expected = json.loads(json.dumps(read(PLAN.read_text(encoding="utf-8"), PLAN.name)))
    assert json.loads(run(str(PLAN), "--json")) == expected


def test_table_has_one_line_for_each_item_duty_and_doubt() -> None:
    reading = read(PLAN.read_text(encoding="utf-8"))
    lines = run(str(PLAN)).splitlines()
    assert len(lines) == 1 + sum(len(reading[key]) for key in ("items", "reports", "warnings"))


def test_refusal_is_an_error_with_its_code(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_bytes(b"")
    with pytest.raises(CommandError, match=r"\[document_empty\]$"):
        run(str(path))


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be opened"):
        run(str(tmp_path / "none.txt"))
