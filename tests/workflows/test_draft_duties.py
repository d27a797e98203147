"""A recurring duty on the page of review: its days in words, and the dates that follow."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tasks.models import Recurrence
from tests.workflows.draft_world import make_draft, make_office
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
