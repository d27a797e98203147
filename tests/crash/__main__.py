"""`make crash`: run the whole drill, on SQLite and on PostgreSQL, and print its figures.

`--short` runs a sample of each kind of trial, `--database sqlite` only one of the two, and
`--kind every_boundary` only one of the kinds.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tests.crash.drill import TRIALS, run_drill  # noqa: E402  (models need the line above)

DATABASES = {"sqlite": "", "postgres": "postgres://postgres@127.0.0.1/drill"}
SEED = 20231210


def main() -> None:
    options = _options()
    if options.child:
        folder = Path(os.environ["DRILL"])
        run_drill(folder, seed=options.seed, short=options.short, kind=options.kind)
        return
    names = [options.database] if options.database else list(DATABASES)
    started = time.monotonic()
    with ThreadPoolExecutor() as pool:
        lines = list(pool.map(lambda name: _run(name, options), names))
    figures = Counter[str]()
    for line in lines:
        figures.update(json.loads(line))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"{time.monotonic() - started:.0f} s in all, of them {used.ru_utime + used.ru_stime:.0f} s"
        " of processor time, without PostgreSQL's own"
    )
    print(json.dumps(figures))
    sys.exit(bool(figures["lost"] or figures["doubled"]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--database", choices=DATABASES)
    parser.add_argument("--kind", choices=[trial.__name__ for trial in TRIALS])
    parser.add_argument("--seed", type=int, default=SEED, help="of the random moments")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _run(name: str, options: argparse.Namespace) -> str:
    """Drill one database in a process with its own settings; return the last line."""
    command = [sys.executable, "-m", "tests.crash", "--child", "--database", name]
    command += ["--seed", str(options.seed)]
    command += ["--kind", options.kind] if options.kind else []
    command += ["--short"] if options.short else []
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        environment = {**os.environ, "DONDOC_DATABASE_URL": DATABASES[name], "DRILL": folder}
        environment["DONDOC_VAR_DIR"] = f"{folder}/var"
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        last = ""
        for line in process.stdout or ():
            print(f"{name:8} {line}", end="", flush=True)
            last = line
    if process.wait():
        raise SystemExit(f"The drill on {name} broke off.")
    return last


if __name__ == "__main__":
    main()
