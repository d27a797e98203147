"""A reading in its own process says the same, and its death is a refusal."""

import json
import os
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.utils import translation

from tasks.importing.docx_package import MEGABYTE
from tasks.importing.errors import DocumentError
from tasks.importing.isolation import Limits, read_isolated
from tests.tasks.importing.samples import PLAN, read

LIMITS = Limits(seconds=20, cpu_seconds=20)


def script(text: str) -> list[str]:
    """Return the arguments of a child that runs *text* within the usual limits."""
    return ["-c", f"import sys, json, os, time\nfrom tasks.importing.child import _bound\n{text}"]


def death(path: Path, text: str, limits: Limits = LIMITS) -> DocumentError:
    """Return the refusal for a child that runs *text* instead of reading."""
    popen = subprocess.Popen
    bound = "_bound(json.loads(sys.argv[1])['limits'])\n"

    def start(arguments: list[str], **options: Any) -> Any:
        return popen([arguments[0], *script(bound + text), arguments[-1]], **options)

    with (
        mock.patch("subprocess.Popen", start),
        pytest.raises(DocumentError) as caught,
    ):
        read_isolated(path, "plan.txt", limits=limits)
    assert "plan.txt" in caught.value.message
    return caught.value


def test_isolated_reading_is_the_reading() -> None:
    expected = json.loads(json.dumps(read(PLAN.read_text(encoding="utf-8"), "plan.txt")))
    seen: list[tuple[int, int, str]] = []
    found = read_isolated(PLAN, "plan.txt", limits=LIMITS, progress=lambda *at: seen.append(at))
    assert found == expected
    assert seen == [(0, 1, "opening")]


@pytest.mark.slow
def test_messages_are_in_the_language_of_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "1"
    path.write_text("KẾ HOẠCH\nTrồng cây\n")
    with translation.override("vi"):
        warnings = read_isolated(path, "plan.txt", limits=LIMITS)["warnings"]
        expected = read(path.read_text())["warnings"]
    assert [one["message"] for one in warnings] == [one["message"] for one in expected]


@pytest.mark.slow
def test_refusal_comes_back_as_itself(tmp_path: Path) -> None:
    path = tmp_path / "1"
    path.write_bytes(b"text\x00")
    with pytest.raises(DocumentError) as caught:
        read_isolated(path, "plan.txt", limits=LIMITS)
    assert (caught.value.code, caught.value.params["offset"]) == ("not_text", 4)


@pytest.mark.slow
def test_missing_file_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        read_isolated(tmp_path / "none", "plan.txt", limits=LIMITS)
    assert caught.value.code == "file_unreadable"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "code", "limits"),
    [
        ("x = bytearray(1 << 30)", "reading_memory", replace(LIMITS, memory=400 * MEGABYTE)),
        ("while True: pass", "reading_time", replace(LIMITS, cpu_seconds=1)),
        ("time.sleep(30)", "reading_time", replace(LIMITS, seconds=0.5)),
        ("os.abort()", "reading_failed", LIMITS),
        ("os.kill(os.getpid(), 9)", "reading_memory", LIMITS),
        ("sys.exit(0)", "reading_failed", LIMITS),
        ("print('[1]\\nnull\\n{}\\nreading')", "reading_failed", LIMITS),
        ("1 / 0", "reading_failed", LIMITS),
        ("while True: print('x' * 9999)", "reading_too_long", replace(LIMITS, answer=MEGABYTE)),
        ("while True: print('x' * 9999, file=sys.stderr)", "reading_time", Limits(0.5)),
        ("open('big', 'wb').write(bytes(9 << 20))", "reading_failed", Limits(files=MEGABYTE)),
    ],
)
def test_death_of_the_child_is_a_refusal(
    tmp_path: Path, text: str, code: str, limits: Limits
) -> None:
    assert death(tmp_path / "1", f"os.chdir({str(tmp_path)!r})\n{text}", limits).code == code


@pytest.mark.slow
def test_programs_of_the_child_end_with_it(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    text = (
        "import subprocess\np = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(mark)!r}, 'w').write(str(p.pid))\ntime.sleep(60)"
    )
    death(tmp_path / "1", text, replace(LIMITS, seconds=2))
    time.sleep(0.2)
    state = Path(f"/proc/{mark.read_text()}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"


@pytest.mark.slow
def test_secrets_stay_outside(tmp_path: Path) -> None:
    mark = tmp_path / "names"
    with mock.patch.dict(os.environ, {"DONDOC_SECRET_KEY": "secret"}):
        death(tmp_path / "1", f"open({str(mark)!r}, 'w').write(' '.join(os.environ))")
    assert "DONDOC" not in mark.read_text()
