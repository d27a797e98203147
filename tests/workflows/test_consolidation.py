"""The draft of a consolidated report: made from accepted reports, with nothing lost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from tasks.models import (
    LeftOut,
    Recurrence,
    Report,
    ReportingObligation,
    ReportingPeriod,
    SectionKind,
)
from tasks.reporting.consolidating import account_of
from tests.workflows.acts import refused
from tests.workflows.consolidation_world import (
    NEXT_DAY,
    accepted,
    consolidated,
    consolidation_world,
    officer,
    report_of,
    write,
)
from tests.workflows.world import AT, World
from workflows.actions import consolidation, reports
from workflows.errors import NotAllowed, Overtaken

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = consolidation_world()
    accepted(world, "lead", "I.1. Nhiệm vụ 1\nĐã mở 3 lớp. Còn 2 lớp.", difficulties="Thiếu vốn.")
    return world


def assemble(world: World, role: str = "focal") -> Report:
    report = consolidated(world)
    consolidation.assemble_report(report=report, actor=world.actor(role), at=NEXT_DAY)
    return consolidated(world)


def text_of(world: World, kind: SectionKind = SectionKind.RESULTS) -> list[str]:
    return consolidated(world).sections.get(kind=kind).text.splitlines()


def missing(world: World) -> list[str]:
    return [one.words for one in account_of(consolidated(world)).missing]


def chosen(world: World) -> list[tuple[int, str]]:
    return [(one.section.pk, one.words) for one in account_of(consolidated(world)).missing]


def rewrite(world: World, text: str) -> None:
    write(world, "focal", text)


def test_draft_stands_by_section_and_unit_with_a_note_at_each_statement(world: World) -> None:
    unit = world.units["lead"].name
    assemble(world)
    assert text_of(world) == [
        "A. Mục 1",
        unit,
        "I.1. Nhiệm vụ 1 [1]",
        "Đã mở 3 lớp. Còn 2 lớp. [2]",
    ]
    assert text_of(world, SectionKind.DIFFICULTIES) == [unit, "Thiếu vốn. [3]"]
    notes = consolidated(world).notes.all()
    assert [(one.number, one.words, one.item and one.item.code) for one in notes] == [
        (1, "I.1. Nhiệm vụ 1", "I.1"),
        (2, "Đã mở 3 lớp. Còn 2 lớp.", "I.1"),
        (3, "Thiếu vốn.", None),
    ]
    assert missing(world) == []


def test_draft_is_made_once_and_keeps_what_was_written(world: World) -> None:
    rewrite(world, "Viết tay.")
    assemble(world)
    assert text_of(world)[-1] == "Viết tay."
    with refused():
        assemble(world)


def test_nothing_is_assembled_from_reports_that_nobody_accepted() -> None:
    world = consolidation_world()
    write(world, "lead", "Mới viết.")
    with refused():
        assemble(world)
    assert text_of(world) == []


@pytest.mark.parametrize("role", ["own lead", "supervisor", "read-only", "other unit"])
def test_only_the_focal_unit_makes_and_changes_the_draft(world: World, role: str) -> None:
    with refused(NotAllowed):
        assemble(world, role)
    about = {"report": consolidated(world), "actor": world.actor(role), "at": AT, "chosen": []}
    with refused(NotAllowed):
        consolidation.put_in(**about)
    with refused(NotAllowed):
        consolidation.leave_out(**about, reason="x")


def test_sentence_deleted_from_the_draft_is_listed_and_can_be_put_in(world: World) -> None:
    unit = world.units["lead"].name
    assemble(world)
    rewrite(world, f"A. Mục 1\n{unit}\nI.1. Nhiệm vụ 1 [1]\nĐã mở 3 lớp. [2]\n\nKết luận.")
    assert missing(world) == ["Còn 2 lớp."]
    about = {"report": consolidated(world), "actor": officer(world, "focal"), "at": NEXT_DAY}
    assert consolidation.put_in(**about, chosen=chosen(world)) == 1
    assert text_of(world)[2:] == [
        "I.1. Nhiệm vụ 1 [1]",
        "Đã mở 3 lớp. [2]",
        "Còn 2 lớp. [4]",
        "",
        "Kết luận.",
    ]
    assert missing(world) == []
    assert consolidation.put_in(**about, chosen=[(1, "Còn 2 lớp.")]) == 0


def test_sentence_is_left_out_with_a_reason_on_record(world: World) -> None:
    assemble(world)
    rewrite(world, "Rút gọn.")
    about = {"report": consolidated(world), "actor": officer(world, "focal"), "at": NEXT_DAY}
    with refused():
        consolidation.leave_out(**about, chosen=chosen(world), reason=" ")
    assert consolidation.leave_out(**about, chosen=chosen(world), reason="Trùng ý") == 3
    assert missing(world) == []
    left = LeftOut.objects.get(words="Còn 2 lớp.")
    assert (left.reason, left.decided_by) == ("Trùng ý", world.people["focal"])
    consolidation.take_back(**about, left_out=left.pk)
    assert missing(world) == ["Còn 2 lớp."]


def test_report_accepted_since_the_draft_is_pointed_out(world: World) -> None:
    assemble(world)
    accepted(world, "other_lead", "Đến sau.")
    account = account_of(consolidated(world))
    assert account.new == [report_of(world, "other_lead")]
    about = {"report": consolidated(world), "actor": officer(world, "focal"), "at": NEXT_DAY}
    consolidation.put_in(**about, chosen=chosen(world))
    assert text_of(world)[-2:] == [world.units["other_lead"].name, "Đến sau. [4]"]
    assert account_of(consolidated(world)).new == []


def test_presented_draft_is_not_changed_any_more(world: World) -> None:
    report = assemble(world)
    reports.present_report(report=report, actor=officer(world, "focal"), at=NEXT_DAY)
    about = {"report": report, "actor": officer(world, "focal"), "at": NEXT_DAY, "chosen": []}
    with refused(Overtaken):
        consolidation.put_in(**about)


class TestPages:
    def test_press_of_a_button_makes_the_draft(self, world: World) -> None:
        report = consolidated(world)
        client = world.client("focal")
        page = client.get(reverse("report_edit", args=[report.pk])).content.decode()
        assert reverse("report_assemble", args=[report.pk]) in page
        client.post(reverse("report_assemble", args=[report.pk]))
        assert len(text_of(world)) == 4

    @pytest.mark.parametrize(
        ("role", "status"),
        [("own lead", 403), ("supervisor", 403), ("other unit", 404), ("anonymous", 302)],
    )
    def test_assembling_is_refused_to_others(self, world: World, role: str, status: int) -> None:
        address = reverse("report_assemble", args=[consolidated(world).pk])
        assert world.client(role).post(address).status_code == status
        assert text_of(world) == []

    def test_typed_text_is_saved_with_the_press_that_adds_a_sentence(self, world: World) -> None:
        report = assemble(world)
        address = reverse("report_edit", args=[report.pk])
        form = world.client("focal").get(address).context["sections"][0].form
        data = {form.add_prefix(name): form.initial[name] for name in ("revision", "began_with")}
        data[form.add_prefix("text")] = "Gõ dở."
        world.client("focal").post(address, data)
        data[form.add_prefix("revision")] = str(int(data[form.add_prefix("revision")]) + 1)
        data[form.add_prefix("text")] = "Gõ tiếp."
        section = report_of(world, "lead").sections.get(kind=SectionKind.RESULTS)
        data |= {"put_in": "yes", "sentence": [f"{section.pk}:Còn 2 lớp.", "x:y", "7"]}
        answer = world.client("focal").post(address, data)
        assert answer["Location"].endswith("#not-taken-over")
        assert text_of(world) == ["Gõ tiếp.", "", world.units["lead"].name, "Còn 2 lớp. [4]"]

    def test_each_note_leads_to_the_section_of_its_source(self, world: World) -> None:
        report = assemble(world)
        source = report_of(world, "lead")
        place = source.sections.get(kind=SectionKind.RESULTS).position
        page = world.client("supervisor").get(reverse("report_paper", args=[report.pk]))
        assert f'href="{reverse("report", args=[source.pk])}#section-{place}"' in str(page.content)

    def test_paragraph_without_a_source_is_marked(self, world: World) -> None:
        assemble(world)
        rewrite(world, "Tự viết.")
        page = world.client("focal").get(reverse("report_paper", args=[consolidated(world).pk]))
        shown = [
            (one.paragraph.text, one.is_unsourced)
            for section in page.context["shown"]
            for one in section.paragraphs
            if one.paragraph.text != page.context["paper"].words.nothing
        ]
        assert shown == [
            ("Tự viết.", True),
            (world.units["lead"].name, False),
            ("Thiếu vốn.", False),
        ]

    def test_page_of_the_report_links_its_sources_too(self, world: World) -> None:
        report = assemble(world)
        source = reverse("report", args=[report_of(world, "lead").pk])
        page = world.client("supervisor").get(reverse("report", args=[report.pk]))
        assert page.content.decode().count(f'href="{source}#section-') == 3

    def test_periods_that_cover_the_same_days_are_pointed_out(self, world: World) -> None:
        report = report_of(world, "lead")
        period = report.period
        period.data_from, period.data_to = dt.date(2023, 1, 1), dt.date(2023, 6, 30)
        period.save()
        other = {"data_from": dt.date(2023, 6, 30), "data_to": dt.date(2023, 9, 30)}
        about = {"obligation": period.obligation, "due_on": dt.date(2023, 10, 5)}
        ReportingPeriod.objects.create(label="Quý III", **about, **other)
        page = world.client("own lead").get(reverse("report", args=[report.pk]))
        assert [one.label for one in page.context["overlaps"]] == ["Quý III"]
        # A half-yearly duty reports on six months, then on the year that holds them.
        ReportingObligation.objects.update(recurrence=Recurrence.HALF_YEARLY)
        page = world.client("own lead").get(reverse("report", args=[report.pk]))
        assert page.context["overlaps"] == []
