"""`make demo` as a newcomer types it: it answers, people sign in, mail leaves, Ctrl-C ends it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path

import psutil
import pytest

from config.demo.ports import reserve
from config.demo.session import Login, answers
from config.example import logins

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class RunningDemo:
    make: subprocess.Popen[str]
    port: int
    var_dir: Path

    def processes(self) -> list[int]:
        """Everything alive that was started for this data folder, make excepted."""
        return [
            process.pid
            for process in psutil.process_iter(["environ"])
            if (process.info["environ"] or {}).get("DONDOC_VAR_DIR") == str(self.var_dir)
            and process.pid != self.make.pid
        ]


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    with reserve(0) as listener:
        port = listener.getsockname()[1]
    var_dir = tmp_path_factory.mktemp("demo")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "PYTEST"))
    }
    make = subprocess.Popen(
        ["make", "demo", f"PORT={port}"],
        cwd=ROOT,
        env={**environment, "DONDOC_VAR_DIR": str(var_dir)},
        start_new_session=True,
        text=True,
    )
    running = RunningDemo(make, port, var_dir)
    assert wait_until(lambda: answers(port) or make.poll() is not None, 300)
    yield running
    if make.poll() is None:
        os.killpg(make.pid, signal.SIGTERM)
        make.wait(timeout=20)


def sign_in(port: int, login: Login) -> str:
    """Sign in as a browser does; the address where one ends up."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    address = f"http://localhost:{port}/login/"
    page = opener.open(address, timeout=20).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = {"username": login.username, "password": login.password, "csrfmiddlewaretoken": token[1]}
    data = urllib.parse.urlencode(form).encode()
    return str(opener.open(address, data, timeout=20).geturl())


def test_every_role_can_sign_in(demo: RunningDemo) -> None:
    example = logins(demo.var_dir)
    assert len({login.role for login in example}) > 2
    places = {sign_in(demo.port, login) for login in example}
    assert not {place for place in places if "/login/" in place}


def test_mail_leaves_through_the_demo_server(demo: RunningDemo) -> None:
    assert wait_until(lambda: any((demo.var_dir / "mail").glob("*.eml")), 90)


def test_second_demo_in_the_same_folder_is_refused(demo: RunningDemo) -> None:
    second = subprocess.run(
        ["make", "--silent", "demo", "PORT=0"],
        cwd=ROOT,
        env={**os.environ, "DONDOC_VAR_DIR": str(demo.var_dir)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 2
    assert second.stderr.startswith("The demo is already running here (http://localhost:")


def test_ctrl_c_leaves_no_process(demo: RunningDemo) -> None:
    assert len(demo.processes()) >= 6
    os.killpg(demo.make.pid, signal.SIGINT)
    demo.make.wait(timeout=20)
    assert wait_until(lambda: not demo.processes(), 5)
