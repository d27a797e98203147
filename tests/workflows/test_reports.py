"""Writing, presenting, approving, returning and accepting a report."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from tasks.models import Event, Report, ReportSection, ReportState, SectionKind, Verb
from tests.workflows.acts import (
    LATER,
    last_event,
    open_nodes,
    presented,
    refused,
    report_of,
    small_world,
    snapshot,
    submitted,
    versions,
    written,
)
from tests.workflows.world import AT, DAY, World
from workflows.actions import reports
from workflows.actions.reports import SectionText, fingerprint, texts_by_kind
from workflows.errors import NotAllowed, Overtaken

pytestmark = pytest.mark.django_db

TENTH = dt.date(2023, 12, 10)


TEXTS = {
    SectionKind.RESULTS: "Kết quả",
    SectionKind.DIFFICULTIES: "Khó khăn",
    SectionKind.PROPOSALS: "Kiến nghị",
    SectionKind.NEXT_STEPS: "Việc tới",
}


def save(world: World, revision: int, role: str = "own lead") -> Report:
    """Save all sections but the figures, as from a form made on this revision of each."""
    report = report_of(world)
    texts = [replace(text, revision=revision) for text in texts_by_kind(report, TEXTS)]
    return reports.save_report(report=report, actor=world.actor(role), at=AT, texts=texts)


def section_of(world: World, kind: SectionKind = SectionKind.RESULTS) -> ReportSection:
    return report_of(world).sections.get(kind=kind)


def save_one(world: World, kind: SectionKind, text: str, role: str, revision: int = 0) -> None:
    given = SectionText(section_of(world, kind).pk, text, revision)
    reports.save_report(report=report_of(world), actor=world.actor(role), at=AT, texts=[given])


def send_back(world: World, role: str = "own lead's leader", reason: str = "Viết lại") -> None:
    reports.send_back_report(report=report_of(world), actor=world.actor(role), at=AT, reason=reason)


def submit(world: World, role: str = "own lead's leader") -> None:
    reports.submit_report(report=report_of(world), actor=world.actor(role), at=AT)


def give_back(world: World, role: str = "focal", reason: str = "Thiếu số liệu") -> None:
    reports.return_report(report=report_of(world), actor=world.actor(role), at=LATER, reason=reason)


def accept(world: World, role: str = "focal") -> None:
    reports.accept_report(report=report_of(world), actor=world.actor(role), at=LATER)


def test_every_lead_owes_a_report_and_the_focal_unit_the_consolidated_one() -> None:
    world = small_world(reports=True)
    owed = {
        (report.unit, report.reviewer, report.is_consolidated) for report in Report.objects.all()
    }
    units = world.units
    assert owed == {
        (units["lead"], units["focal"], False),
        (units["other_lead"], units["focal"], False),
        (units["focal"], units["issuer"], True),
    }
    assert Report.objects.get(is_consolidated=True).sources.count() == 2


def test_report_begins_with_the_default_outline() -> None:
    world = small_world(reports=True)
    kinds = ["results", "figures", "difficulties", "proposals", "next_steps"]
    assert [section.kind for section in report_of(world).sections.all()] == kinds


def test_saving_keeps_the_texts_and_who_wrote_them() -> None:
    world = small_world(reports=True)
    assert save(world, 0).state == ReportState.DRAFTED
    assert {
        section.kind: (section.text, section.revision, section.written_by, section.written_at)
        for section in report_of(world).sections.exclude(kind="figures")
    } == {kind: (text, 1, world.people["own lead"], AT) for kind, text in TEXTS.items()}
    assert last_event() == (Verb.REPORT_WRITTEN, str(world.units["lead"]), "")


def test_saving_what_is_already_there_changes_nothing() -> None:
    world = small_world(reports=True)
    save(world, 0)
    before = snapshot()
    save(world, 0)
    assert snapshot() == before


def test_two_writers_in_different_sections_never_meet() -> None:
    world = small_world(reports=True)
    save_one(world, SectionKind.RESULTS, "Một", "own lead")
    save_one(world, SectionKind.NEXT_STEPS, "Hai", "own lead's leader")
    texts = dict(report_of(world).sections.exclude(text="").values_list("kind", "text"))
    assert texts == {"results": "Một", "next_steps": "Hai"}


def test_saving_over_a_newer_text_of_the_section_is_overtaken() -> None:
    world = small_world(reports=True)
    save_one(world, SectionKind.RESULTS, "Một", "own lead")
    with refused(Overtaken):
        save(world, 0, "own lead's leader")
    save_one(world, SectionKind.RESULTS, "Kết quả", "own lead's leader", revision=1)
    assert (section_of(world).text, section_of(world).revision) == ("Kết quả", 2)


def test_section_left_alone_gives_way_to_a_colleagues_text() -> None:
    world = small_world(reports=True)
    save_one(world, SectionKind.RESULTS, "Một", "own lead")
    section, actor = section_of(world), world.actor("own lead's leader")
    given = SectionText(section.pk, "Đề xuất", 0, began_with=fingerprint("Đề xuất"))
    reports.save_report(report=report_of(world), actor=actor, at=AT, texts=[given])
    assert section_of(world).text == "Một"


def test_section_emptied_on_purpose_counts_as_written() -> None:
    world = small_world(reports=True)
    save_one(world, SectionKind.NEXT_STEPS, "", "own lead")
    section = section_of(world, SectionKind.NEXT_STEPS)
    assert (section.text, section.revision) == ("", 1)


def test_section_of_another_report_is_not_touched() -> None:
    world = small_world(reports=True)
    other = report_of(world, "other_lead").sections.get(kind="results")
    given = SectionText(other.pk, "Của người khác", 0)
    about: dict[str, Any] = {"report": report_of(world), "actor": world.actor("own lead")}
    reports.save_report(**about, at=AT, texts=[given])
    other.refresh_from_db()
    assert other.text == ""


@pytest.mark.parametrize("role", ["other lead", "own coordinator", "focal", "supervisor"])
def test_saving_for_another_unit_is_not_allowed(role: str) -> None:
    world = small_world(reports=True)
    with refused(NotAllowed):
        save(world, 0, role)


def test_presenting_puts_the_report_before_the_leader() -> None:
    world = small_world(reports=True)
    report = presented(world)
    assert report.state == ReportState.PRESENTED
    assert open_nodes(report) == ["approve"]
    assert last_event()[0] == Verb.REPORT_PRESENTED
    assert report.deadlines.get().closed_at is None


@pytest.mark.parametrize("results", ["", " \n"])
def test_presenting_an_empty_report_is_refused(results: str) -> None:
    world = small_world(reports=True)
    report = written(world, results)
    with refused():
        reports.present_report(report=report, actor=world.actor("own lead"), at=AT)


def test_presenting_twice_is_overtaken_and_leaves_one_event() -> None:
    world = small_world(reports=True)
    report = presented(world)
    with refused(Overtaken):
        reports.present_report(report=report, actor=world.actor("own lead"), at=AT)
    assert Event.objects.filter(verb=Verb.REPORT_PRESENTED).count() == 1


def test_presented_report_cannot_be_edited() -> None:
    world = small_world(reports=True)
    presented(world)
    with refused(Overtaken):
        save(world, 1)


def test_sending_back_lets_the_officer_write_again() -> None:
    world = small_world(reports=True)
    presented(world)
    send_back(world)
    assert report_of(world).state == ReportState.DRAFTED
    assert open_nodes(report_of(world)) == ["write"]
    assert last_event() == (Verb.REPORT_SENT_BACK, str(world.units["lead"]), "Viết lại")
    assert presented(world).state == ReportState.PRESENTED


def test_sending_back_needs_a_reason_and_the_leader() -> None:
    world = small_world(reports=True)
    presented(world)
    with refused():
        send_back(world, reason="")
    with refused(NotAllowed):
        send_back(world, "own lead")


def test_submitting_stops_the_clock_and_names_who_approved() -> None:
    world = small_world(reports=True)
    report = submitted(world)
    deadline = report.deadlines.get()
    assert (report.state, report.submitted_at) == (ReportState.SUBMITTED, AT)
    assert report.approved_by == world.people["own lead's leader"]
    assert (deadline.closed_at, deadline.fulfilled_on) == (AT, DAY)
    assert open_nodes(report) == ["review"]


@pytest.mark.parametrize("role", ["own lead", "focal's leader", "supervisor"])
def test_only_the_units_leader_submits(role: str) -> None:
    world = small_world(reports=True)
    presented(world)
    with refused(NotAllowed):
        submit(world, role)


def test_submitting_what_was_not_presented_is_overtaken() -> None:
    world = small_world(reports=True)
    written(world)
    with refused(Overtaken):
        submit(world)


def test_submitting_twice_is_overtaken_and_leaves_one_event() -> None:
    world = small_world(reports=True)
    submitted(world)
    with refused(Overtaken):
        submit(world)
    assert Event.objects.filter(verb=Verb.REPORT_SUBMITTED).count() == 1


def test_returning_opens_the_same_date_again() -> None:
    world = small_world(reports=True)
    submitted(world)
    give_back(world)
    deadline = report_of(world).deadlines.get()
    assert report_of(world).state == ReportState.RETURNED
    assert (deadline.due_on, deadline.original_due_on, deadline.version) == (TENTH, TENTH, 2)
    assert (deadline.closed_at, deadline.fulfilled_on) == (None, None)
    assert versions(deadline) == [(1, TENTH, ""), (2, TENTH, "Thiếu số liệu")]
    assert open_nodes(report_of(world)) == ["write"]


def test_returned_report_can_be_submitted_again() -> None:
    world = small_world(reports=True)
    submitted(world)
    give_back(world)
    assert submitted(world).state == ReportState.SUBMITTED
    assert report_of(world).deadlines.get().version == 2


def test_returning_needs_a_reason_and_the_receiving_unit() -> None:
    world = small_world(reports=True)
    submitted(world)
    with refused():
        give_back(world, reason="  ")
    for role in ("own lead", "own lead's leader", "other lead", "supervisor"):
        with refused(NotAllowed):
            give_back(world, role)


def test_accepting_ends_the_report() -> None:
    world = small_world(reports=True)
    submitted(world)
    accept(world)
    report = report_of(world)
    assert (report.state, open_nodes(report)) == (ReportState.ACCEPTED, [])
    assert report.deadlines.get().fulfilled_on == DAY
    assert last_event() == (Verb.REPORT_ACCEPTED, str(world.units["focal"]), "")


def test_accepting_twice_or_returning_afterwards_is_overtaken() -> None:
    world = small_world(reports=True)
    submitted(world)
    accept(world)
    with refused(Overtaken):
        accept(world)
    with refused(Overtaken):
        give_back(world)


def test_accepting_what_was_not_submitted_is_overtaken() -> None:
    world = small_world(reports=True)
    presented(world)
    with refused(Overtaken):
        accept(world)


def test_consolidated_report_goes_to_the_issuer() -> None:
    world = small_world(reports=True)
    report = report_of(world, "focal")
    officer, leader = world.actor("focal"), world.actor("focal's leader")
    texts = texts_by_kind(report, {SectionKind.RESULTS: "Tổng hợp"})
    reports.save_report(report=report, actor=officer, at=AT, texts=texts)
    reports.present_report(report=report, actor=officer, at=AT)
    reports.submit_report(report=report, actor=leader, at=AT)
    with refused(NotAllowed):
        reports.accept_report(report=report, actor=leader, at=AT)
    reports.accept_report(report=report, actor=world.actor("supervisor"), at=LATER)
    assert report_of(world, "focal").state == ReportState.ACCEPTED
