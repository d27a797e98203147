"""`make bench-import`: how well and how fast real documents are read.

Each folder given holds documents (`*.txt`) with what a person read in them
(`*.expected.json`). One line for each document, the totals as one JSON object on the last line.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import django

from tests.bench.scoring import MEASURES, Score, score

EXPECTED = ".expected.json"
SHARED = Path(__file__).resolve().parents[2].parent / "shared"
FOLDERS = (SHARED / "seeds", SHARED / "samples")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    options = _options()
    total, seconds, documents = Score(), 0.0, 0
    print(_row("document", MEASURES, "seconds"))
    for case in _cases(options.folders or FOLDERS):
        measured, spent = _measure(case)
        shares = [_percent(share.value) for share in measured.shares.values()]
        print(_row(_name(case), shares, f"{spent:.3f}"))
        if options.verbose:
            print("".join(f"    {miss}\n" for miss in measured.misses), end="")
        total.join(measured)
        seconds, documents = seconds + spent, documents + 1
    growth = {} if options.no_speed else _speeds()
    figures = {measure: _rounded(share.value) for measure, share in total.shares.items()}
    print(
        json.dumps(
            {"documents": documents, **figures, "seconds": round(seconds, 3), "growth": growth}
        )
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="seeds and samples unless given")
    parser.add_argument("-v", "--verbose", action="store_true", help="show each miss")
    parser.add_argument("--no-speed", action="store_true", help="leave out how time grows")
    return parser.parse_args()


def _speeds() -> dict[str, float]:
    """Print how long plans in each form take; return how much longer ten times as many items do."""
    from tests.bench.speed import ITEMS, TIMES, speeds

    print(f"{'form':36}{f'{ITEMS} items, s':>15}{f'{TIMES} times':>15}")
    growth: dict[str, float] = {}
    for form, seconds, ratio in speeds():
        print(f"{form:36}{seconds:>15.2f}{ratio:>15.1f}")
        growth[form] = round(ratio, 1)
    return growth


def _cases(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if not folder.is_dir():
            print(f"There is no folder {folder}.", file=sys.stderr)
        yield from sorted(folder.glob(f"*{EXPECTED}"))


def _name(case: Path) -> str:
    return case.name.removesuffix(EXPECTED)


def _measure(case: Path) -> tuple[Score, float]:
    """Return the score of one document and the CPU seconds its reading took."""
    from tasks.importing.errors import DocumentError
    from tasks.importing.reading import read_document
    from tasks.importing.serialising import as_json

    data = source_removed(case.with_name(f"{_name(case)}.txt").read_bytes())
    started = time.process_time()
    try:
        reading: dict[str, Any] = as_json(read_document(data, "document.txt"))
    except DocumentError as refusal:
        print(f"{_name(case)}: {refusal}", file=sys.stderr)
        reading = {"items": []}
    spent = time.process_time() - started
    return score(json.loads(case.read_text("utf-8")), reading), spent


def source_removed(data: bytes) -> bytes:
    """Return the document without its first line "source: …", which is not part of it."""
    return data.partition(b"\n")[2] if data.startswith(b"source: ") else data


def _row(name: str, cells: Any, last: str) -> str:
    return f"{name[:36]:36}" + "".join(f"{cell:>15}" for cell in cells) + f"{last:>9}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


if __name__ == "__main__":
    main()
