"""A worker takes its jobs from the brokers that a service may use."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
JOB = "workflows.sync_memberships"
BROKERS = ["DONDOC_TEST_REDIS_URL", "DONDOC_TEST_RABBITMQ_URL"]

pytestmark = pytest.mark.slow


def celery(*words: str) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "config", *words]


@contextmanager
def running_worker(queue: str, log: Path, environment: dict[str, str]) -> Iterator[None]:
    with log.open("wb") as sink:
        worker = subprocess.Popen(
            celery("worker", "--pool", "solo", "--queues", queue, "--loglevel", "INFO"),
            cwd=ROOT,
            env=environment,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(timeout=30)


def wait_for_words(log: Path, words: str) -> bool:
    end = time.monotonic() + 60
    while words not in log.read_text(errors="replace"):
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


@pytest.mark.parametrize("variable", BROKERS)
def test_worker_takes_a_job_from_the_broker(variable: str, tmp_path: Path) -> None:
    url = os.environ.get(variable)
    if not url:
        pytest.skip(f"{variable} names no broker")
    own = {"DONDOC_VAR_DIR": str(tmp_path), "DONDOC_BROKER_URL": url, "DONDOC_DATABASE_URL": ""}
    environment = {**os.environ, **own}
    queue, log = f"test-{tmp_path.name}-{os.getpid()}", tmp_path / "worker.log"
    manage = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(manage, cwd=ROOT, env=environment, check=True)
    with running_worker(queue, log, environment):
        call = celery("call", JOB, "--queue", queue)
        subprocess.run(call, cwd=ROOT, env=environment, check=True, capture_output=True)
        assert wait_for_words(log, f"Task {JOB}["), log.read_text()
        assert wait_for_words(log, "succeeded in"), log.read_text()
