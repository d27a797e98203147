"""What the first text of a report says, word for word (in the source language)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tasks.models import MembershipRole, Participation, Plan, Report, SectionKind, Unit
from tasks.reporting.prefill import prefill
from tasks.rules.calendar import local_instant
from tests.factories import make_actor, make_plan, make_unit
from workflows.access import Actor
from workflows.actions import assignment, extensions, reports, work

pytestmark = pytest.mark.django_db
AT = local_instant(dt.date(2023, 3, 16), 9)
TODAY = dt.date(2023, 7, 3)


def begin(plan: Plan, unit: Unit) -> tuple[list[Participation], Actor]:
    """Every part of the unit in the plan, acknowledged."""
    actor = make_actor(unit)
    parts = list(Participation.objects.filter(item__plan=plan, unit=unit).order_by("pk"))
    for part in parts:
        assignment.acknowledge(participation=part, actor=actor, at=AT)
    return parts, actor


def text_of(unit: Unit, *, consolidated: bool = False) -> dict[str, str]:
    """What is proposed, by the kind of the section; the empty ones left out."""
    report = Report.objects.get(unit=unit, is_consolidated=consolidated)
    texts = prefill(report, today=TODAY, language="en")
    return {one.kind: texts[one.pk] for one in report.sections.all() if texts[one.pk]}


def hand_in(unit: Unit, results: str) -> None:
    report = Report.objects.get(unit=unit, is_consolidated=False)
    about: dict[str, Any] = {"report": report, "at": AT}
    officer, leader = make_actor(unit), make_actor(unit, MembershipRole.LEADER)
    said = {SectionKind.RESULTS: results, SectionKind.PROPOSALS: f"Đề nghị của {unit.name}"}
    texts = reports.texts_by_kind(report, said)
    reports.save_report(**about, actor=officer, texts=texts)
    reports.present_report(**about, actor=officer)
    reports.submit_report(**about, actor=leader)


def test_untouched_item_is_named_with_its_term() -> None:
    lead = make_unit()
    make_plan(leads=[lead], due_on=dt.date(2023, 12, 31))
    assert text_of(lead) == {
        "results": "I.1. Nhiệm vụ 1\n- Progress: 0 %, within the term until 31 Dec 2023",
        "next_steps": "- Item I.1: to be finished by 31 Dec 2023 (100 % left).",
    }


def test_results_carry_the_last_words_and_all_evidence() -> None:
    lead = make_unit()
    plan = make_plan(leads=[lead], due_on=dt.date(2023, 12, 31))
    (part,), actor = begin(plan, lead)
    for percent, words, name in ((40, "Đã mở thầu", "thau.pdf"), (60, "Đã ký\nhợp đồng", "hd.pdf")):
        files = [SimpleUploadedFile(name, b"x")]
        work.update_progress(
            participation=part, actor=actor, at=AT, percent=percent, words=words, files=files
        )
    assert text_of(lead)["results"] == (
        "I.1. Nhiệm vụ 1\n"
        "- Progress: 60 %, within the term until 31 Dec 2023\n"
        "- Results: Đã ký hợp đồng.\n"
        "- Attached: thau.pdf; hd.pdf"
    )


def test_late_item_says_so_and_is_a_next_step() -> None:
    lead = make_unit()
    make_plan(leads=[lead], due_on=dt.date(2023, 6, 30))
    assert text_of(lead) == {
        "results": "I.1. Nhiệm vụ 1\n- Progress: 0 %, 3 days overdue (term: 30 Jun 2023)",
        "next_steps": "- Item I.1: to be finished as soon as possible (term: 30 Jun 2023).",
    }


def test_done_item_is_no_next_step() -> None:
    lead = make_unit()
    plan = make_plan(leads=[lead], due_on=dt.date(2023, 6, 30))
    (part,), actor = begin(plan, lead)
    work.claim_completion(participation=part, actor=actor, at=AT, words="Xong.")
    assert text_of(lead) == {
        "results": "I.1. Nhiệm vụ 1\n- Progress: 100 %, done on time (term: 30 Jun 2023)"
        "\n- Results: Xong."
    }


def test_undated_item_goes_on() -> None:
    lead = make_unit()
    make_plan(leads=[lead], due_on=None)
    assert text_of(lead) == {
        "results": "I.1. Nhiệm vụ 1\n- Progress: 0 %",
        "next_steps": "- Item I.1: to go on.",
    }


def test_obstacles_come_with_their_answers_and_the_open_one_is_asked_again() -> None:
    lead, focal = make_unit(), make_unit()
    plan = make_plan(leads=[lead], focal=focal)
    (part,), actor = begin(plan, lead)
    about: dict[str, Any] = {"participation": part, "actor": actor, "at": AT}
    answered = work.raise_obstacle(**about, words="Thiếu kinh phí")
    work.answer_obstacle(obstacle=answered, actor=make_actor(focal), at=AT, words="Đã bố trí")
    work.raise_obstacle(**about, words="Thiếu người")
    texts = text_of(lead)
    assert texts["difficulties"] == (
        "- Item I.1: Thiếu kinh phí. Answered on 16 Mar 2023: Đã bố trí.\n"
        "- Item I.1: Thiếu người. Not answered yet."
    )
    assert texts["proposals"] == "- Item I.1: please consider and answer: Thiếu người."


def test_extension_names_the_date_that_was_granted_and_why() -> None:
    lead, issuer = make_unit(), make_unit(may_issue=True)
    plan = make_plan(leads=[lead], issuer=issuer, due_on=dt.date(2023, 6, 30))
    (part,), actor = begin(plan, lead)
    asked = extensions.request_extension(
        participation=part, actor=actor, at=AT, due_on=dt.date(2023, 9, 30), reason="Chờ vốn"
    )
    leader = make_actor(issuer, MembershipRole.LEADER)
    granted = dt.date(2023, 8, 31)
    extensions.grant_extension(extension=asked, actor=leader, at=AT, due_on=granted)
    texts = text_of(lead)
    assert texts["difficulties"] == (
        "- Item I.1: extended from 30 Jun 2023 to 31 Aug 2023. Reason: Chờ vốn."
    )
    assert texts["next_steps"] == "- Item I.1: to be finished by 31 Aug 2023 (100 % left)."


def test_report_speaks_only_of_the_unit_itself() -> None:
    lead, other = make_unit(), make_unit()
    plan = make_plan(leads=[lead, other], due_on=None)
    (part,), actor = begin(plan, other)
    work.update_progress(participation=part, actor=actor, at=AT, percent=9, words="Của bên kia")
    assert text_of(lead)["results"] == "I.1. Nhiệm vụ 1\n- Progress: 0 %"


def test_prefill_speaks_the_language_of_the_plan_and_leaves_the_readers_alone() -> None:
    lead = make_unit()
    make_plan(leads=[lead], due_on=dt.date(2023, 12, 31))
    report = Report.objects.get(unit=lead)
    with translation.override("en"):
        for_an_english_reader = prefill(report, today=TODAY)
        assert translation.get_language() == "en"
    with translation.override("vi"):
        assert prefill(report, today=TODAY) == for_an_english_reader
    results = report.sections.get(kind="results")
    assert "31/12/2023" in for_an_english_reader[results.pk]


def test_queries_do_not_grow_with_the_items() -> None:
    def cost(items: int) -> int:
        lead = make_unit()
        plan = make_plan(leads=[lead], items=items)
        parts, actor = begin(plan, lead)
        for part in parts:
            work.raise_obstacle(participation=part, actor=actor, at=AT, words="Khó")
        with CaptureQueriesContext(connection) as queries:
            text_of(lead)
        return len(queries)

    assert cost(30) == cost(1)
