"""Reporting duties as they are reviewed: their days in words, and what real documents ask for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.urls import reverse

from tasks.models import Recurrence
from tests.workflows.draft_world import make_draft, make_office, registry
from workflows.drafting.convert import plan_input
from workflows.drafting.review import Review

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("end_on", "following"),
    [(None, "5 May 2023, 5 Aug 2023, 5 Nov 2023"), ("2023-08-31", "5 May 2023, 5 Aug 2023")],
)
def test_recurring_duty_shows_its_days_and_the_dates_that_follow(
    end_on: str | None, following: str
) -> None:
    office = make_office()
    draft = make_draft(office)
    review: Review = draft.review
    review["end_on"] = end_on
    duty = review["duties"][0]
    duty["recurrence"], duty["due_on"] = Recurrence.QUARTERLY, "2023-02-05"
    duty["rule"] = "day 05 of month 2, 5, 8, 11"
    draft.save()
    page = office.client().get(reverse("draft", args=[draft.pk])).content.decode()
    assert "day 5 of months 2, 5, 8, 11" in page
    assert f"then {following}</span>" in page


SHARED = Path(__file__).parents[3] / "shared"
# By document: when each report is due first, and on which days it recurs.
REAL: dict[str, list[tuple[dt.date, str]]] = {
    "seeds/002_191c3109073635f9.txt": [(dt.date(2023, 12, 10), ""), (dt.date(2023, 12, 20), "")],
    "seeds/003_d68f06b568102603.txt": [(dt.date(2023, 12, 1), "yearly 12-01")],
    "samples/12-chedobaocao-cchc-brvt-2012.txt": [
        (dt.date(2012, 11, 20), "yearly 11-20"),
        (dt.date(2012, 5, 15), "monthly day 15"),
        (dt.date(2012, 6, 5), "day 05 of month 3, 6, 9, 12"),
        (dt.date(2012, 6, 5), "yearly 06-05"),
        (dt.date(2012, 11, 25), "yearly 11-25"),
    ],
}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real documents are not here")
@pytest.mark.parametrize("name", REAL)
def test_real_document_asks_for_its_reports(name: str) -> None:
    draft = make_draft(make_office(), (SHARED / name).read_text(encoding="utf-8"))
    asked = plan_input(draft.review, draft, registry(draft)).reports
    assert [(one.due_on, one.rule) for one in asked] == REAL[name]
