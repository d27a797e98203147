"""What the demonstration checks before it starts, and what it tells the person in front of it."""

from __future__ import annotations

import socket
import subprocess
import sys
from argparse import ArgumentTypeError
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.demo.lock import AlreadyRunning, DemoLock
from config.demo.ports import reserve
from config.demo.programs import environment
from config.demo.reset import remove_demo_data
from config.demo.session import REFUSED, Demo, login_table
from config.management.commands.demo import port_number


@dataclass(frozen=True)
class FakeLogin:
    role: str
    username: str
    password: str


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def make_demo(folder: Path, port: int) -> Demo:
    return Demo(folder, folder, port, list)


def test_demo_names_another_port_when_its_own_is_in_use(
    tmp_path: Path, busy_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    status = make_demo(tmp_path, busy_port).run()
    words = (
        f"Port {busy_port} is in use: choose another with PORT={busy_port % 65535 + 1} make demo\n"
    )
    assert (status, capsys.readouterr().err) == (REFUSED, words)
    assert not (tmp_path / "log").exists()


def test_demo_refuses_a_folder_where_it_already_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = DemoLock(tmp_path / "demo.lock")
    first.acquire("http://localhost:8000")
    status = make_demo(tmp_path, 0).run()
    said = capsys.readouterr().err.split(", process")[0]
    assert (status, said) == (REFUSED, "The demo is already running here (http://localhost:8000")
    first.release()


def test_lock_is_free_again_after_its_holder_was_killed(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, signal; from config.demo.lock import DemoLock;"
        f"DemoLock(pathlib.Path({str(tmp_path / 'lock')!r})).acquire('here');"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script], check=False)
    lock = DemoLock(tmp_path / "lock")
    lock.acquire("now here")
    with pytest.raises(AlreadyRunning):
        DemoLock(tmp_path / "lock").acquire("too late")
    lock.release()


def test_reserved_port_is_free_again_at_once() -> None:
    with reserve(0) as first:
        first.listen()
        port = first.getsockname()[1]
    with reserve(port) as second:
        assert second.getsockname() == ("127.0.0.1", port)


@pytest.mark.parametrize("text", ["", "http", "-1", "80.5", "65536"])
def test_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError):
        port_number(text)


def test_reset_removes_what_the_demo_made_and_nothing_else(tmp_path: Path) -> None:
    for name in ("db.sqlite3", "db.sqlite3-wal", "celerybeat-schedule.dat", "secret_key", "notes"):
        (tmp_path / name).touch()
    for name in ("queue", "mail", "backups"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()
    removed = ["celerybeat-schedule.dat", "db.sqlite3", "db.sqlite3-wal", "mail", "queue"]
    assert remove_demo_data(tmp_path) == removed
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backups", "notes", "secret_key"]


def test_demo_never_uses_the_servers_of_a_service(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_URL", "postgres://db/service")
    monkeypatch.setenv("DONDOC_BROKER_URL", "redis://broker")
    told = environment(tmp_path, 8001, 2525)
    assert (told["DONDOC_DATABASE_URL"], told["DONDOC_BROKER_URL"]) == ("", "")
    assert told["DONDOC_SMTP_URL"] == "smtp://127.0.0.1:2525"
    assert told["DONDOC_BASE_URL"] == "http://localhost:8001"


def test_login_table_lines_up() -> None:
    logins = [FakeLogin("Lãnh đạo", "an", "p1"), FakeLogin("Quản trị viên", "binh", "p2")]
    assert login_table(logins) == "  Lãnh đạo       an    p1\n  Quản trị viên  binh  p2"
