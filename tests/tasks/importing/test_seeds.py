"""Real documents, which are not part of the repository: skipped where they are absent."""

import json
from pathlib import Path
from typing import Any

import pytest

from tasks.rules.names import fold, match_key
from tests.tasks.importing.samples import read

SHARED = Path(__file__).parents[3].parent / "shared"
CASES = sorted(SHARED.glob("seeds/*.expected.json"))
EXACT = ("number", "date", "type", "period", "signer", "based_on", "issuer", "responds_to", "about")
ITEM = ("code", "section", "timeframe_text", "start", "due", "recurring")
DUTY = ("who", "to", "via", "due", "recurring")

pytestmark = pytest.mark.skipif(not CASES, reason="the real documents are not here")


def load(case: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    text = case.with_name(case.name.replace(".expected.json", ".txt")).read_text(encoding="utf-8")
    if text.startswith("source: "):
        text = text.partition("\n")[2]
    return json.loads(case.read_text(encoding="utf-8")), read(text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name[:3])
def test_seed_heading_is_read(case: Path) -> None:
    expected, reading = load(case)
    facts = [fact for fact in EXACT if fact in expected]
    assert {fact: reading[fact] for fact in facts} == {fact: expected[fact] for fact in facts}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name[:3])
def test_seed_items_are_read(case: Path) -> None:
    expected, reading = load(case)
    found = [tuple(item[key] for key in ITEM) for item in reading["items"]]
    assert found == [tuple(item[key] for key in ITEM) for item in expected["items"]]
    for item, known in zip(reading["items"], expected["items"], strict=True):
        assert item["title"].startswith(known["title"])
        assert item["coordinating"] == known["coordinating"]
        # The expectation levels the capitals of one unit, which the document does not.
        assert [match_key(lead) for lead in item["lead"]] == [
            match_key(lead) for lead in known["lead"]
        ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name[:3])
def test_seed_duties_are_read(case: Path) -> None:
    expected, reading = load(case)
    found = [tuple(duty[key] for key in DUTY) for duty in reading["reports"]]
    assert found == [tuple(duty[key] for key in DUTY) for duty in expected["reports"]]


def sample(prefix: str) -> tuple[dict[str, Any], dict[str, Any]]:
    (case,) = SHARED.glob(f"samples/{prefix}*.expected.json")
    return load(case)


def test_sample_with_a_table_gives_its_items() -> None:
    expected, reading = sample("08")
    keys = ("code", "lead", "due", "start", "timeframe_text")
    found = [tuple(item[key] for key in keys) for item in reading["items"]]
    assert found == [tuple(item[key] for key in keys) for item in expected["items"]]


def test_sample_with_listed_report_dates_gives_its_duties() -> None:
    expected, reading = sample("12")
    keys = ("who", "via", "rule", "recurring")
    found = [tuple(duty[key] for key in keys) for duty in reading["reports"]]
    assert found == [tuple(duty[key] for key in keys) for duty in expected["reports"]]


def test_sample_of_prose_gives_its_items() -> None:
    expected, reading = sample("03")
    found = [
        (item["code"], item["due"], *map(match_key, item["lead"])) for item in reading["items"]
    ]
    assert found == [
        (item["code"], item["due"], *map(match_key, item["lead"])) for item in expected["items"]
    ]


@pytest.mark.parametrize("prefix", ["03", "06", "08", "12"])
def test_sample_type_is_read(prefix: str) -> None:
    expected, reading = sample(prefix)
    assert fold(reading["type"]) == fold(expected["type"])
