"""`make bench-deadlines`: how fast reminders are laid out, fired and mailed, and against what.

On each database, with medians of several runs: planning and firing against bare SQL that writes
the same rows, firing against viewflow's own timers, the sweep that finds nothing to do in a small
and in a large world, and mails through a mail server on the loopback. The last line is JSON with
the worst figure of the databases; `--size small` is for a quick look, `tiny` for a test.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

DATABASES = {"sqlite": "", "postgres": "postgres://postgres@127.0.0.1/bench"}
# For each figure, which of two databases fared worse.
WORST: dict[str, Callable[[list[float]], float]] = {
    "fire_vs_raw": max,
    "fire_vs_viewflow": min,
    "empty_1m_vs_10k": max,
    "mails_per_s": min,
}


def main() -> None:
    options = _options()
    if options.child:
        _measure(options)
        return
    names = [options.database] if options.database else list(DATABASES)
    found = [json.loads(_run(name, options)) for name in names]
    print(json.dumps({key: worst([one[key] for one in found]) for key, worst in WORST.items()}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("tiny", "small", "full"), default="full")
    parser.add_argument("--database", choices=DATABASES)
    parser.add_argument("--only", choices=("fire", "sweep", "mail"), help="one part")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _run(name: str, options: argparse.Namespace) -> str:
    """Measure on one database in a process with its own settings; return the last line."""
    command = [sys.executable, "-m", "tests.bench.deadlines", "--child", "--database", name]
    command += ["--size", options.size, "--runs", str(options.runs)]
    command += ["--only", options.only] if options.only else []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        environment = {**os.environ, "DONDOC_DATABASE_URL": DATABASES[name], "BENCH": folder}
        environment["DONDOC_VAR_DIR"] = f"{folder}/var"
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        last = ""
        for line in process.stdout or ():
            print(f"{name:8} {line}", end="", flush=True)
            last = line
    if process.wait():
        raise SystemExit(f"The bench on {name} broke off.")
    return last


def _measure(options: argparse.Namespace) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.conf import settings

    # viewflow looks for a flow in an installed application.
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "tests.bench"]
    django.setup()
    from tests.bench.measuring import measure

    folder = Path(os.environ["BENCH"])
    print(json.dumps(measure(folder, options.size, options.runs, options.only)), flush=True)


if __name__ == "__main__":
    main()
