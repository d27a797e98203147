"""A worker that is killed while it reads a document: the next one reads it to the end."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.tasks.importing.pdfs import pdf

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90  # seconds
HAND_IN = """
import sys
from django.core.files.base import ContentFile
from django.utils import timezone
from tests.crash.databases import lay_tables
from tests.factories import make_actor, make_unit
from workflows.actions.reading import hand_in
lay_tables()
data = open("{path}", "rb").read()
hand_in(file=ContentFile(data), file_name="dai.pdf", actor=make_actor(make_unit(may_issue=True)),
        at=timezone.now())
"""

pytestmark = pytest.mark.slow


@dataclass
class Service:
    """A database, a queue and readers of their own, in one folder."""

    folder: Path

    def environment(self) -> dict[str, str]:
        own = {"DONDOC_VAR_DIR": str(self.folder), "DONDOC_BROKER_URL": ""}
        return {**os.environ, **own, "DONDOC_DATABASE_URL": ""}

    def manage(self, *words: str) -> None:
        command = [sys.executable, "manage.py", *words]
        subprocess.run(
            command, cwd=ROOT, env=self.environment(), check=True, stdout=subprocess.DEVNULL
        )

    def call(self, job: str, *words: str) -> None:
        self._celery("call", job, *words).wait(PATIENCE)

    def reader(self) -> subprocess.Popen[bytes]:
        return self._celery("worker", "--pool", "solo", "--queues", "reading")

    def _celery(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "config", *words],
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def draft(self) -> tuple[str, int, str]:
        """State, attempts and progress of the one draft."""
        with sqlite3.connect(self.folder / "db.sqlite3", timeout=20) as database:
            rows = database.execute("select state, attempts, progress from tasks_plandraft")
            state, attempts, progress = rows.fetchone()
        return str(state), int(attempts), str(progress)

    def let_the_lease_run_out(self) -> None:
        with sqlite3.connect(self.folder / "db.sqlite3", timeout=20) as database:
            database.execute("update tasks_plandraft set leased_until = '2020-01-01 00:00:00'")


@pytest.fixture
def service(tmp_path: Path) -> Service:
    made = Service(tmp_path)
    lines = [(70, 40.0 + 14 * line, f"{line}. Sở Y tế báo cáo kết quả") for line in range(1, 50)]
    path = tmp_path / "dai.pdf"
    head = [(70, 40.0, "Số: 60/KH-UBND"), (70, 60.0, "KẾ HOẠCH")]
    path.write_bytes(pdf(head, *[lines] * 60))
    made.manage("shell", "-v", "0", "-c", HAND_IN.format(path=path))
    return made


def wait_until(reached: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while not reached():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


def test_killed_reader_is_succeeded(service: Service) -> None:
    service.call("workflows.read_draft", "--args", "[1]", "--queue", "reading")
    first = service.reader()
    assert wait_until(lambda: '"pages"' in service.draft()[2]), service.draft()
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert service.draft()[:2] == ("reading", 1)
    service.let_the_lease_run_out()
    second = service.reader()
    try:
        service.call("workflows.wake_readers", "--queue", "reading")
        assert wait_until(lambda: service.draft()[0] not in ("waiting", "reading"))
    finally:
        second.terminate()
        second.wait(PATIENCE)
    assert service.draft()[:2] == ("reviewing", 2)
