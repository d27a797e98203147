"""From a reviewed plan to a running one, and what keeps it from running."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from tasks.models import (
    Deadline,
    DeadlineKind,
    Document,
    DraftState,
    Event,
    Participation,
    Plan,
    PlanDraft,
    PlanItem,
    Recurrence,
    Report,
    Reporters,
    Role,
    UnitGroup,
    Verb,
)
from tests.factories import ISSUED_AT, make_actor, make_unit
from tests.workflows.acts import open_nodes
from workflows.access import Actor
from workflows.actions.issuing import (
    CitationInput,
    ItemInput,
    NamedUnit,
    PlanInput,
    ReportInput,
    issue_plan,
    problems_of,
)
from workflows.errors import IncompletePlan, NotAllowed, Overtaken

pytestmark = pytest.mark.django_db

ISSUED_ON = dt.date(2023, 3, 15)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def named(name: str = "") -> NamedUnit:
    unit = make_unit(name)
    return NamedUnit(unit, unit.name)


def an_item(**changes: Any) -> ItemInput:
    given = {"code": "II.1", "title": "Nâng cấp cổng", "due_on": dt.date(2023, 6, 30)}
    return ItemInput(**{"leads": [named()], **given, **changes})


def a_plan(**changes: Any) -> PlanInput:
    given = {
        "number": "60/KH-UBND",
        "title": "Kế hoạch",
        "issued_on": ISSUED_ON,
        "issuer": make_unit(may_issue=True),
        "focal_unit": make_unit(),
        "items": [an_item()],
    }
    return PlanInput(**{**given, **changes})


def issue(given: PlanInput, draft: PlanDraft | None = None, actor: Actor | None = None) -> Plan:
    actor = actor or make_actor(given.issuer)
    return issue_plan(plan_input=given, draft=draft, actor=actor, at=ISSUED_AT)


def a_draft(given: PlanInput, actor: Actor) -> PlanDraft:
    return PlanDraft.objects.create(
        unit=given.issuer,
        uploaded_by=actor.person,
        uploaded_at=ISSUED_AT,
        text="",
        state=DraftState.REVIEWING,
    )


INCOMPLETE: list[tuple[dict[str, Any], list[str]]] = [
    ({"number": ""}, ["The plan has no number."]),
    ({"issued_on": None}, ["The plan has no date of issue."]),
    ({"focal_unit": None}, ["No focal unit is chosen: somebody has to consolidate."]),
    ({"items": []}, ["The plan has no items."]),
    ({"reports": [ReportInput(due_on=None)]}, ["A reporting duty has no date."]),
]


@pytest.mark.parametrize(("changes", "problems"), INCOMPLETE)
def test_problems_name_what_the_plan_lacks(changes: dict[str, Any], problems: list[str]) -> None:
    assert problems_of(a_plan(**changes)) == problems


def test_problems_name_the_item() -> None:
    lead, start = named(), dt.date(2023, 7, 1)
    items = [
        an_item(code="II.1", leads=[]),
        an_item(code="", title=" "),
        an_item(code="II.3", start_on=start),
        an_item(code="II.4", leads=[lead, lead]),
        an_item(code="II.5", coordinating=[lead, lead]),
    ]
    assert problems_of(a_plan(items=items)) == [
        "Item II.1 has no lead unit.",
        "Item #2 has no words.",
        "Item II.3 is due before it starts.",
        "Item II.4 names a unit twice.",
        "Item II.5 names a unit twice.",
    ]


def test_complete_plan_has_no_problems() -> None:
    assert problems_of(a_plan()) == []


def test_same_plan_twice_is_a_problem() -> None:
    given = a_plan()
    issue(given)
    assert problems_of(given) == ["Plan 60/KH-UBND of this issuer and day was already issued."]
    other_day = dataclasses.replace(given, issued_on=dt.date(2024, 3, 15))
    assert problems_of(other_day) == []


def test_incomplete_plan_leaves_nothing_behind() -> None:
    given = a_plan(items=[an_item(leads=[])])
    with pytest.raises(IncompletePlan) as refused:
        issue(given)
    assert refused.value.problems == ["Item II.1 has no lead unit."]
    assert [Plan.objects.count(), Document.objects.count(), Event.objects.count()] == [0, 0, 0]


def test_only_the_issuers_staff_may_issue() -> None:
    given = a_plan()
    with pytest.raises(NotAllowed):
        issue(given, actor=make_actor(make_unit(may_issue=True)))
    assert Plan.objects.count() == 0


def test_unit_that_may_not_issue_is_refused() -> None:
    given = a_plan(issuer=make_unit())
    with pytest.raises(NotAllowed):
        issue(given)


def test_issuing_starts_every_item_and_report() -> None:
    given = a_plan(
        items=[an_item(coordinating=[named()]), an_item(code="II.2")],
        reports=[ReportInput(due_on=dt.date(2023, 12, 10))],
    )
    plan = issue(given)
    steps = [open_nodes(item) for item in plan.items.all()]
    assert steps == [["acknowledge", "acknowledge_coordination"], ["acknowledge"]]
    assert [open_nodes(report) for report in plan.reports.all()] == [["write"]] * 2
    assert list(plan.items.values_list("state", "position")) == [("issued", 1), ("issued", 2)]


def test_issuing_opens_the_dates() -> None:
    given = a_plan(
        items=[an_item(coordinating=[named()])],
        reports=[ReportInput(due_on=dt.date(2023, 12, 10))],
    )
    plan = issue(given)
    dates = Deadline.objects.filter(plan=plan).order_by("pk").values_list("kind", "due_on")
    answer = (DeadlineKind.ACKNOWLEDGEMENT, dt.date(2023, 3, 22))
    assert list(dates) == [
        answer,
        answer,
        (DeadlineKind.ITEM, dt.date(2023, 6, 30)),
        (DeadlineKind.REPORT, dt.date(2023, 12, 10)),
    ]
    assert set(Deadline.objects.values_list("versions__version", flat=True)) == {1}


def test_item_without_a_date_opens_no_clock_but_the_answer() -> None:
    item = an_item(due_on=None, recurrence=Recurrence.CONTINUOUS)
    plan = issue(a_plan(items=[item]))
    kinds = Deadline.objects.filter(plan=plan).values_list("kind", flat=True)
    assert list(kinds) == [DeadlineKind.ACKNOWLEDGEMENT]


def test_issuing_records_itself_and_every_assignment() -> None:
    given = a_plan(items=[an_item(coordinating=[named(), named()])])
    plan = issue(given)
    verbs = Event.objects.filter(plan=plan).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [Verb.PLAN_ISSUED, *[Verb.ASSIGNED] * 3]


def test_one_unit_may_lead_and_coordinate() -> None:
    unit = named()
    plan = issue(a_plan(items=[an_item(leads=[unit], coordinating=[unit])]))
    roles = Participation.objects.filter(item__plan=plan).values_list("role", flat=True)
    assert sorted(roles) == [Role.COORDINATING, Role.LEAD]


def test_open_group_names_nobody() -> None:
    group = UnitGroup.objects.create(name="các đơn vị liên quan", is_open=True)
    plan = issue(a_plan(items=[an_item(open_groups=[group])]))
    assert list(plan.items.get().open_groups.all()) == [group]
    assert Participation.objects.filter(item__plan=plan).count() == 1


def test_name_of_the_day_stays_with_the_participation() -> None:
    unit = make_unit("Sở Khoa học và Công nghệ")
    plan = issue(a_plan(items=[an_item(leads=[NamedUnit(unit, "Sở KHCN")])]))
    assert Participation.objects.get(item__plan=plan).name_in_plan == "Sở KHCN"


def test_reports_of_all_leads_feed_the_one_of_the_focal_unit() -> None:
    focal = make_unit()
    reports = [
        ReportInput(due_on=dt.date(2023, 12, 10), via=focal),
        ReportInput(due_on=dt.date(2023, 12, 20), unit=focal),
    ]
    plan = issue(a_plan(focal_unit=focal, items=[an_item(), an_item()], reports=reports))
    final = Report.objects.get(plan=plan, is_consolidated=True)
    assert final.unit == focal
    assert set(final.sources.all()) == set(plan.reports.exclude(pk=final.pk))
    leads, own = plan.obligations.order_by("pk")
    assert (leads.reporters, own.reporters, leads.feeds) == (Reporters.LEADS, Reporters.UNIT, own)


def test_unit_leading_two_items_owes_one_report() -> None:
    unit = named()
    items = [an_item(code="1", leads=[unit]), an_item(code="2", leads=[unit])]
    plan = issue(a_plan(items=items, reports=[ReportInput(due_on=dt.date(2023, 12, 10))]))
    assert [report.unit for report in plan.reports.all()] == [unit.unit]


def test_sections_and_citations_are_kept() -> None:
    cited = [CitationInput("827/QĐ-UBND"), CitationInput("827/QĐ-UBND")]
    item = an_item(section_code="II.1")
    plan = issue(a_plan(sections=[("II.1", "Nhận thức")], items=[item], citations=cited))
    section = PlanItem.objects.get(plan=plan).section
    assert section is not None
    assert (section.code, section.title) == ("II.1", "Nhận thức")
    assert [one.target.number for one in plan.document.citations.all()] == ["827/QĐ-UBND"]


def test_draft_is_issued_once() -> None:
    given = a_plan()
    actor = make_actor(given.issuer)
    draft = a_draft(given, actor)
    plan = issue(given, draft, actor)
    draft.refresh_from_db()
    assert (draft.state, draft.plan) == (DraftState.ISSUED, plan)
    with pytest.raises(Overtaken):
        issue(dataclasses.replace(given, number="61/KH-UBND"), draft, actor)
    assert Plan.objects.count() == 1
