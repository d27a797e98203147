"""The bench of the deadlines runs, and what it compares does the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_tiny_bench_measures_everything() -> None:
    command = [sys.executable, "-m", "tests.bench.deadlines", "--size", "tiny", "--runs", "1"]
    bench = subprocess.run(
        [*command, "--database", "sqlite"], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert bench.returncode == 0, bench.stdout + bench.stderr
    figures = json.loads(bench.stdout.splitlines()[-1])
    assert set(figures) == {"fire_vs_raw", "fire_vs_viewflow", "empty_1m_vs_10k", "mails_per_s"}
    assert min(figures.values()) > 0
