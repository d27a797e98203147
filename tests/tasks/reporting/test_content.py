"""What a report says, as data: kept as JSON and found again, counted one way only."""

from __future__ import annotations

import json

from tasks.reporting.content import COUNTED, ReportContent
from tests.tasks.reporting.papers import content, row


def test_content_comes_back_from_json_as_it_was() -> None:
    kept = json.loads(json.dumps(content().as_json()))
    assert ReportContent.from_json(kept) == content()


def test_totals_keep_the_order_of_the_plan_and_of_names() -> None:
    said = content(annex=(row(1, "B", "Sở B"), row(2, "A", "Sở A"), row(3, "B", "Sở A", "paused")))
    assert [(one.name, one.total) for one in said.by_section] == [("B", 2), ("A", 1)]
    assert [(one.name, one.total) for one in said.by_unit] == [("Sở A", 2), ("Sở B", 1)]
    assert dict(zip(COUNTED, said.overall.counts, strict=True)) == {
        **dict.fromkeys(COUNTED, 0),
        "in_term": 2,
        "paused": 1,
    }


def test_content_without_items_counts_nothing() -> None:
    assert content(annex=()).overall.total == 0
