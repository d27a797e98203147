"""Whatever way the demonstration ends, no process of it is left."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from config.demo.supervisor import Program, ProgramFailed, Supervisor, base_environment

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


def start_fake_demo(folder: Path, *names: str) -> tuple[subprocess.Popen[str], list[int]]:
    """Start it; return the supervisor and the numbers of the processes it started."""
    demo = subprocess.Popen(
        [sys.executable, "-m", "tests.config.fake_demo", str(folder), *names],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert demo.stdout
    return demo, [int(word) for word in demo.stdout.readline().split()]


def still_running(pids: list[int], seconds: float = 4.0) -> list[int]:
    """Which of them are alive after at most this time; the dead but unreaped do not count."""
    end = time.monotonic() + seconds
    while True:
        alive = [pid for pid in pids if _is_alive(pid)]
        if not alive or time.monotonic() > end:
            return alive
        time.sleep(0.05)


def _is_alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_supervisor_stops_everything_on_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    demo, pids = start_fake_demo(tmp_path, "sleep")
    demo.send_signal(number)
    _, words = demo.communicate(timeout=10)
    assert (demo.returncode, words, still_running(pids)) == (0, "", [])


def test_supervisor_kills_what_refuses_to_end(tmp_path: Path) -> None:
    demo, pids = start_fake_demo(tmp_path, "stubborn", "sleep")
    demo.send_signal(signal.SIGINT)
    demo.communicate(timeout=10)
    assert len(pids) == 4
    assert (demo.returncode, still_running(pids)) == (0, [])


def test_supervisor_stops_the_others_when_one_ends(tmp_path: Path) -> None:
    demo, pids = start_fake_demo(tmp_path, "sleep", "die")
    _, words = demo.communicate(timeout=10)
    log = tmp_path / "log" / "die.log"
    assert words == f"die ended with status 3. The end of {log}:\n  out of paper\n"
    assert (demo.returncode, still_running(pids)) == (1, [])


def test_watchdog_stops_everything_after_the_supervisor_was_killed(tmp_path: Path) -> None:
    demo, pids = start_fake_demo(tmp_path, "sleep")
    demo.kill()
    demo.communicate(timeout=10)
    assert still_running(pids) == []


@pytest.mark.slow
def test_watchdog_kills_what_refuses_to_end(tmp_path: Path) -> None:
    demo, pids = start_fake_demo(tmp_path, "stubborn")
    demo.kill()
    demo.communicate(timeout=10)
    assert still_running(pids, seconds=8) == []


def test_failed_preparation_shows_its_log(tmp_path: Path) -> None:
    words = "print('no such table'); raise SystemExit(4)"
    supervisor = Supervisor(base_environment(), tmp_path, tmp_path / "log")
    with pytest.raises(ProgramFailed) as failure, supervisor:
        supervisor.run_once(Program("migrate", [sys.executable, "-c", words]))
    assert failure.value.last_lines() == "  no such table"


def wait_in_vain(supervisor: Supervisor) -> None:
    with supervisor:
        supervisor.start(Program("web", [sys.executable, "-c", "import time; time.sleep(60)"]))
        supervisor.wait_until(lambda: False, "web", seconds=0.2)


def test_program_that_never_answers_is_reported(tmp_path: Path) -> None:
    supervisor = Supervisor(base_environment(), tmp_path, tmp_path / "log")
    with pytest.raises(ProgramFailed) as failure:
        wait_in_vain(supervisor)
    log = tmp_path / "log" / "web.log"
    assert str(failure.value) == f"web did not answer in time. The end of {log}:"


def test_handlers_of_the_caller_are_given_back(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    with Supervisor(base_environment(), tmp_path, tmp_path / "log"):
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before


def test_log_of_the_run_before_is_kept(tmp_path: Path) -> None:
    with Supervisor(base_environment(), tmp_path, tmp_path / "log") as supervisor:
        for word in ("first", "second"):
            supervisor.run_once(Program("example", [sys.executable, "-c", f"print('{word}')"]))
    logs = [tmp_path / "log" / name for name in ("example.log", "example.log.1")]
    assert [log.read_text() for log in logs] == ["second\n", "first\n"]
