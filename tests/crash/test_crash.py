"""The judge of the drill, and a short drill with every kind of trial."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from tests.crash.world import Ledger, Verdict, judge

ROOT = Path(__file__).parents[2]
TOLD = Ledger(
    alerts={"deadline 1": {"1/day/0/7/email": 1}},
    letters={"5": ["sent", "<a>", "person@example.vn"]},
    mails={"<a>": ["sent", False]},
    left=0,
)
TAKEN = Counter(["<a>"])


def test_undisturbed_run_keeps_the_promise() -> None:
    assert judge(TOLD, [TOLD], TAKEN) == Verdict(trials=1)


@pytest.mark.parametrize(
    ("found", "taken", "expected"),
    [
        (replace(TOLD, alerts={}), TAKEN, {"lost": 1}),
        (replace(TOLD, alerts={"deadline 1": {"1/day/0/7/email": 2}}), TAKEN, {"doubled": 1}),
        (replace(TOLD, alerts={**TOLD.alerts, "event 2": {"x": 1}}), TAKEN, {"doubled": 1}),
        (replace(TOLD, left=1), TAKEN, {"lost": 1}),
        (TOLD, Counter(), {"lost": 1}),
        (TOLD, TAKEN + TAKEN, {"doubled": 1}),
        (TOLD, Counter(["<a>", "<b>"]), {"doubled": 1}),
        (replace(TOLD, letters={"5": ["pending", "", "a@b.vn"]}), TAKEN, {"lost": 1}),
        (replace(TOLD, letters={"5": ["failed", "<a>", "a@b.vn"]}), TAKEN, {"lost": 1}),
        (replace(TOLD, mails={"<a>": ["withdrawn", False]}), TAKEN, {"doubled": 1}),
        (replace(TOLD, mails={"<a>": ["sent", True]}), TAKEN + TAKEN, {"unknown": 1}),
    ],
)
def test_judge_counts_what_broke_the_promise(
    found: Ledger, taken: Counter[str], expected: dict[str, int]
) -> None:
    assert asdict(judge(found, [TOLD], taken)) == {**asdict(Verdict(trials=1)), **expected}


def test_refused_mail_that_everybody_can_see_is_not_lost() -> None:
    refused = replace(TOLD, letters={"5": ["failed", "<a>", "refused@example.vn"]})
    assert judge(refused, [TOLD], TAKEN) == Verdict(trials=1)


def test_any_of_the_references_will_do() -> None:
    late = replace(TOLD, alerts={"deadline 1": {"1/after-1/0/7/email": 1}})
    assert judge(late, [TOLD, late], TAKEN) == Verdict(trials=1)


def test_unknown_kind_of_trial_is_refused_by_naming_the_kinds() -> None:
    command = [sys.executable, "-m", "tests.crash", "--kind", "every"]
    drill = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert drill.returncode == 2
    assert "invalid choice: 'every' (choose from" in drill.stderr
    assert "every_boundary" in drill.stderr


@pytest.mark.slow
def test_short_drill_loses_and_doubles_nothing() -> None:
    command = [sys.executable, "-m", "tests.crash", "--short", "--database", "sqlite"]
    drill = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert drill.returncode == 0, drill.stdout + drill.stderr
    figures = json.loads(drill.stdout.splitlines()[-1])
    assert {**figures, "unknown": 0} == {"trials": 34, "lost": 0, "doubled": 0, "unknown": 0}
    assert figures["unknown"] > 0
