"""From a reading to a review to a plan, without pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tasks.importing.reading import read_pasted
from tasks.importing.serialising import as_json
from tasks.models import PlanDraft, Recurrence, UnitGroup
from tests.factories import make_unit
from tests.workflows.draft_world import (
    ROADS,
    TODAY,
    UNDATED,
    UNKNOWN,
    Office,
    doubts,
    edited,
    item_of,
    make_draft,
    name_of,
    registry,
    settled,
)
from workflows.actions.issuing import PlanInput
from workflows.drafting import edits
from workflows.drafting.checks import cautions, problems
from workflows.drafting.convert import plan_input
from workflows.drafting.dates import first_due, says_before
from workflows.drafting.marks import sources, stretches
from workflows.drafting.start import start_review

pytestmark = pytest.mark.django_db
D = dt.date


def plan_of(draft: PlanDraft) -> PlanInput:
    return plan_input(draft.review, draft, registry(draft))


def test_start_matches_issuer_and_focal_unit(office: Office) -> None:
    review = make_draft(office).review
    assert (review["issuer"]["unit"], review["focal"]) == (
        office.committee.pk,
        office.transport.pk,
    )


def test_start_without_named_issuer_assumes_the_reading_unit(office: Office) -> None:
    draft = make_draft(office, UNDATED)
    assert draft.review["issuer"]["unit"] == office.committee.pk
    assert [one.blocks for one in doubts(draft) if one.code == "assumed"] == [False]


def test_start_keeps_what_was_read_in_plain_data(office: Office) -> None:
    item = item_of(make_draft(office), "II.1.a")
    shown = {field: item[field] for field in ("section", "start_on", "due_on", "recurrence")}
    assert shown == {
        "section": "II.1",
        "start_on": "2023-04-01",
        "due_on": "2023-06-30",
        "recurrence": "dated",
    }


def test_start_turns_a_yearly_rule_into_its_first_date(office: Office) -> None:
    item = item_of(make_draft(office), "II.2.a")
    assert (item["recurrence"], item["due_on"]) == ("yearly", "2023-12-31")


@pytest.mark.parametrize(("strict", "due"), [(False, "2023-06-30"), (True, "2023-06-29")])
def test_before_a_day_is_read_as_the_agency_decided(
    office: Office, settings: Any, strict: bool, due: str
) -> None:
    settings.DONDOC_STRICT_BEFORE = strict
    assert item_of(make_draft(office), "II.1.b")["due_on"] == due


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Trước ngày 10/12/2023", True),
        ("trước ngày 01/12 hàng năm", True),
        ("trước 5 tháng 6 năm 2023", True),
        ("trước ngày 15 của tháng", True),
        ("chậm nhất ngày 10/12/2023", False),
        ("trước 6/2023", False),
        ("trước 2030", False),
    ],
)
def test_strict_reading_concerns_days_only(words: str, expected: bool) -> None:
    assert says_before(words) is expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("yearly 12-01", D(2023, 12, 1)),
        ("yearly 01-31", D(2024, 1, 31)),
        ("yearly 06-30, 12-31", D(2023, 6, 30)),
        ("monthly day 22", D(2023, 2, 22)),
        ("monthly last day", D(2023, 2, 28)),
        ("day 05 of month 3, 6, 9, 12", D(2023, 3, 5)),
        ("last day of month 3, 6, 9, 12", D(2023, 3, 31)),
        ("day 05 of month 1, 4, 7, 10", D(2023, 4, 5)),
        ("weekly day 5", D(2023, 2, 10)),
        ("weekly day 1", D(2023, 2, 13)),
        (None, None),
    ],
)
def test_rule_gives_its_first_date(rule: str | None, expected: dt.date | None) -> None:
    assert first_due(rule, TODAY) == expected


def test_name_of_another_day_is_found_among_todays_units(office: Office) -> None:
    office.transport.valid_from = D(2023, 2, 7)
    office.transport.save()
    review = start_review(as_json(read_pasted(ROADS)), unit=office.committee, today=TODAY)
    assert review["focal"] == office.transport.pk


def test_only_the_unknown_name_is_doubtful(office: Office) -> None:
    draft = make_draft(office)
    expected = [(name_of(draft, UNKNOWN)["key"], "name", True)]
    assert [(one.place, one.code, one.blocks) for one in doubts(draft)] == expected


def test_open_group_of_coordinators_is_no_doubt_but_a_caution(office: Office) -> None:
    draft = settled(office, make_draft(office))
    assert doubts(draft) == []
    told = cautions(draft.review, plan_of(draft), registry(draft), today=TODAY)
    assert any("các đơn vị có liên quan" in one.message for one in told)


def test_problems_name_the_place_of_each_unknown_name(office: Office) -> None:
    draft = make_draft(office)
    found = problems(draft.review, plan_of(draft), doubts(draft))
    assert [(one.place, one.card) for one in found] == [
        (name_of(draft, UNKNOWN)["key"], item_of(draft, "II.1.b")["key"])
    ]


def test_group_becomes_its_members_on_the_day(office: Office) -> None:
    draft = settled(office, make_draft(office))
    item = plan_of(draft).items[1]
    assert {one.unit.name for one in item.coordinating} == {
        "Ủy ban nhân dân huyện Tây Khê",
        "Ủy ban nhân dân huyện Đông Khê",
    }


def test_member_named_itself_is_not_asked_twice(office: Office) -> None:
    draft = settled(office, make_draft(office))
    item = item_of(draft, "II.1.b")
    member = office.districts.members.all()[0]
    draft = edited(
        office,
        draft,
        lambda review: edits.add_name(
            review, edits.find_item(review, item["key"]), "coordinating", f"u{member.pk}"
        ),
    )
    units = [one.unit.pk for one in plan_of(draft).items[1].coordinating]
    assert sorted(units) == sorted(office.districts.members.values_list("pk", flat=True))


def test_one_answer_serves_all_names_in_the_same_words(office: Office) -> None:
    text = ROADS.replace("Đơn vị chủ trì: Sở Tài chính.", f"Đơn vị chủ trì: {UNKNOWN}.")
    draft = settled(office, make_draft(office, text))
    names = [name for item in draft.review["items"] for name in item["names"]]
    assert [name["unit"] for name in names if name["name"] == UNKNOWN] == [office.finance.pk] * 2


def test_name_of_an_organisation_outside_becomes_an_open_group_of_its_own(office: Office) -> None:
    UnitGroup.objects.create(name="các đơn vị liên quan", is_open=True)
    draft = make_draft(office)
    key = name_of(draft, UNKNOWN)["key"]
    draft = edited(office, draft, lambda review: edits.settle(review, key, edits.OPEN))
    items = plan_of(draft).items
    assert [[group.name for group in item.open_groups] for item in items] == [
        ["các đơn vị liên quan"],
        [UNKNOWN],
        [],
    ]


def test_several_units_can_stand_behind_one_name(office: Office) -> None:
    draft = make_draft(office)
    key, more = name_of(draft, UNKNOWN)["key"], make_unit()
    draft = edited(office, draft, lambda review: edits.settle_one_more(review, key, f"u{more.pk}"))
    draft = edited(office, draft, lambda review: edits.settle(review, key, f"u{office.finance.pk}"))
    units = [one.unit for one in plan_of(draft).items[1].leads]
    assert set(units) == {office.transport, office.finance, more}


def test_reports_are_those_of_the_leads_and_of_the_focal_unit(office: Office) -> None:
    reports = plan_of(make_draft(office)).reports
    assert [(one.unit, one.via, one.due_on) for one in reports] == [
        (None, office.transport, D(2023, 11, 15)),
        (office.transport, None, D(2023, 11, 30)),
    ]


def test_plan_input_keeps_words_sections_and_citations(office: Office) -> None:
    plan = plan_of(make_draft(office))
    assert (plan.number, plan.kind, plan.issued_on) == ("71/KH-UBND", "Kế hoạch", D(2023, 2, 6))
    assert plan.sections == [("II.1", "Khảo sát hiện trạng"), ("II.2", "Khắc phục")]
    assert [one.number for one in plan.citations] == ["402/QĐ-UBND"]
    assert plan.items[0].source_text.startswith("Lập danh mục cầu yếu")
    assert plan.items[2].recurrence == Recurrence.YEARLY


def test_dropped_lines_are_left_out(office: Office) -> None:
    draft = make_draft(office)
    gone = item_of(draft, "II.1.b")["key"]
    draft = edited(office, draft, lambda review: edits.set_dropped(review, gone, dropped=True))
    assert [item.code for item in plan_of(draft).items] == ["II.1.a", "II.2.a"]
    assert doubts(draft) == []


def test_item_without_lead_is_a_problem_with_its_place(office: Office) -> None:
    draft = settled(office, make_draft(office))
    item = item_of(draft, "II.2.a")
    key = item["names"][0]["key"]
    draft = edited(office, draft, lambda review: edits.settle(review, key, edits.REMOVE))
    found = problems(draft.review, plan_of(draft), doubts(draft))
    assert [(one.message, one.place) for one in found] == [
        ("Item II.2.a has no lead unit.", f"{item['key']}-lead")
    ]


def test_due_before_start_is_a_problem_with_its_place(office: Office) -> None:
    draft = settled(office, make_draft(office))
    item = item_of(draft, "II.1.a")

    def swap(review: Any) -> None:
        edits.find_item(review, item["key"])["due_on"] = "2023-03-01"

    draft = edited(office, draft, swap)
    found = problems(draft.review, plan_of(draft), doubts(draft))
    assert [(one.message, one.place) for one in found] == [
        ("Item II.1.a is due before it starts.", f"{item['key']}-time")
    ]


def test_cautions_tell_what_may_surprise(office: Office) -> None:
    draft = settled(office, make_draft(office))
    told = cautions(draft.review, plan_of(draft), registry(draft), today=TODAY)
    assert [one.message.split(":")[0].split(" in ")[0] for one in told] == [
        "Nobody is registered",
        "Sunday, 31 Dec 2023 is a day of rest",
        "One item names an open group (“các đơn vị có liên quan”)",
    ]


def test_unit_that_ended_is_a_caution(office: Office) -> None:
    office.finance.valid_until = D(2023, 2, 6)
    office.finance.save()
    draft = settled(office, make_draft(office))
    told = cautions(draft.review, plan_of(draft), registry(draft), today=D(2023, 3, 1))
    assert any(one.message.startswith("Sở Tài chính no longer exists") for one in told)


def test_unit_that_leads_and_coordinates_is_a_caution(office: Office) -> None:
    draft = make_draft(office)
    item = item_of(draft, "II.1.a")
    double = f"u{office.transport.pk}"
    draft = edited(
        office,
        draft,
        lambda review: edits.add_name(
            review, edits.find_item(review, item["key"]), "coordinating", double
        ),
    )
    told = cautions(draft.review, plan_of(draft), registry(draft), today=TODAY)
    assert "Sở Giao thông vận tải both leads and coordinates item II.1.a." in [
        one.message for one in told
    ]


def test_marks_give_back_the_whole_text_with_every_field(office: Office) -> None:
    draft = make_draft(office)
    spans = sources(draft.review)
    cut = list(stretches(draft.text, spans, []))
    assert "".join(one.text for one in cut) == draft.text
    assert {name for one in cut for name in one.begins} == set(spans)


def test_plan_without_dates_can_be_issued_but_is_doubted(office: Office) -> None:
    draft = make_draft(office, UNDATED)
    found = doubts(draft)
    assert sorted(one.code for one in found if not one.blocks) == [
        "assumed",
        "no_dates",
        "time_missing",
        "time_missing",
    ]
    assert [one.code for one in found if one.blocks] == ["focal"]
