"""From rows to what a report says; what was handed in says it for ever."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tasks.models import Participation, PlanItem, ReportSection, SourceNote
from tasks.reporting.gathering import GATHERED, gather, paper_of
from tasks.reporting.official_letter import letter
from tasks.reporting.report_workbook import workbook
from tests.factories import make_plan, make_unit
from tests.workflows.consolidation_world import (
    accepted,
    consolidated,
    consolidation_world,
    hand_in,
    report_of,
    write,
)
from workflows.actions.reports import return_report

pytestmark = pytest.mark.django_db
TODAY = dt.date(2023, 12, 12)


@pytest.fixture(autouse=True)
def _source_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.reporting.gathering.PLAN_LANGUAGE", "en")


def test_preface_counts_the_items_and_names_every_unit() -> None:
    world = consolidation_world()
    accepted(world, "lead", "Đã làm.")
    late, said = world.units["other_lead"].name, gather(consolidated(world), today=TODAY)
    assert said.overview == (
        "Assigned to lead units: 4; done on time: 0; done late: 0; in progress within the term: 0;"
        " in progress overdue: 4; without a date: 0; suspended: 0.",
        "Among these: not started: 4; returned for completion: 0; extended: 0.",
        "Consolidated from 1 of 2 reports.",
        f"No report yet from: {late}.",
        f"Reports still owed after their date: {late} (2 days).",
    )


def test_sections_of_the_plan_and_units_are_headings_and_statements_cite() -> None:
    world = consolidation_world()
    source = accepted(world, "lead", "Đã làm.").sections.all()[0]
    unit = world.units["lead"]
    SourceNote.objects.create(report=consolidated(world), number=1, source=source, words="Đã làm.")
    write(world, "focal", f"B. Mục 2\n{unit.name}\nĐã làm. [1]\nTự viết.")
    said = gather(consolidated(world), today=TODAY)
    assert [(one.text, one.level, one.notes) for one in said.sections[0].paragraphs] == [
        ("B. Mục 2", 2, ()),
        (unit.name, 3, ()),
        ("Đã làm.", 0, (1,)),
        ("Tự viết.", 0, ()),
    ]
    assert said.notes[0].label == (
        f"[1] Report of {unit.name} handed in on 16/03/2023, “{source.title}”."
    )


def test_what_was_handed_in_is_the_same_file_whatever_changes_later() -> None:
    world = consolidation_world()
    accepted(world, "lead", "Đã làm.")
    write(world, "focal", "Tổng hợp.")
    report = hand_in(world, "focal")
    before = digests(report.pk)
    ReportSection.objects.update(text="Khác")
    PlanItem.objects.update(title="Khác")
    Participation.objects.update(percent=99)
    world.units["lead"].name = "Khác"
    world.units["lead"].save()
    assert digests(report.pk) == before == digests(report.pk)
    with translation.override("vi"):
        assert digests(report.pk) == before


def digests(pk: int) -> list[str]:
    said = paper_of(GATHERED.get(pk=pk), today=dt.date.max)
    return [hashlib.sha256(make(said)).hexdigest() for make in (letter, workbook)]


def test_returned_report_is_a_draft_again() -> None:
    world = consolidation_world()
    write(world, "lead", "Đã làm.")
    report = hand_in(world, "lead")
    assert paper_of(report, today=TODAY).head.issued_on == dt.date(2023, 3, 16)
    return_report(report=report, actor=world.actor("focal"), at=report.submitted_at, reason="x")
    write(world, "lead", "Đã sửa.")
    said = paper_of(report_of(world, "lead"), today=TODAY)
    assert (said.as_of, said.head.issued_on) == (TODAY, None)
    assert said.sections[0].paragraphs[0].text == "Đã sửa."


def test_gathering_costs_the_same_for_one_item_and_for_thirty() -> None:
    def cost(number: int) -> int:
        focal = make_unit()
        make_plan(leads=[make_unit(), make_unit()], focal=focal, items=number)
        report = GATHERED.get(unit=focal)
        with CaptureQueriesContext(connection) as queries:
            assert len(gather(report, today=TODAY).annex) == 2 * number
        return len(queries)

    assert cost(1) == cost(30)
