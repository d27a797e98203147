"""An edited letter comes back: compared first, sources kept, and refused with nothing lost."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from docx import Document
from docx.document import Document as Docx
from docx.oxml import OxmlElement

from tasks.models import ReportUpload, ReportUploadState, SectionKind
from tasks.reporting.gathering import GATHERED, gather
from tasks.reporting.official_letter import letter
from tests.workflows.acts import refused
from tests.workflows.consolidation_world import (
    NEXT_DAY,
    accepted,
    consolidated,
    consolidation_world,
    officer,
    write,
)
from tests.workflows.world import AT, DAY, ROLES, World
from workflows.actions.consolidation import assemble_report
from workflows.actions.report_uploads import discard_letter, hand_in_letter, letter_of, take_over
from workflows.errors import NotAllowed, Overtaken
from workflows.report_reading import letter_failure, read_letter

pytestmark = pytest.mark.django_db
Edit = Callable[[Docx], None]


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    world = consolidation_world()
    accepted(world, "lead", "Đã mở 3 lớp.\nCòn 2 lớp.", difficulties="Thiếu vốn.")
    report = consolidated(world)
    assemble_report(report=report, actor=officer(world, "focal"), at=NEXT_DAY)
    return world


def paper(world: World, unit: str = "focal") -> bytes:
    report = GATHERED.get(plan=world.plan, unit=world.units[unit])
    return letter(gather(report, today=DAY))


def edited(data: bytes, edit: Edit) -> bytes:
    document = Document(io.BytesIO(data))
    edit(document)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def line(document: Docx, words: str) -> Any:
    return next(one for one in document.paragraphs if one.text.startswith(words))


def handed_in(world: World, data: bytes, name: str = "sửa.docx") -> ReportUpload:
    upload = hand_in_letter(
        report=consolidated(world),
        file=ContentFile(data),
        file_name=name,
        actor=officer(world, "focal"),
        at=AT,
    )
    read_letter(upload.pk, lambda: AT)
    return ReportUpload.objects.get(pk=upload.pk)


def apply(world: World, upload: ReportUpload, role: str = "focal") -> None:
    revisions = dict(consolidated(world).sections.values_list("pk", "revision"))
    take_over(upload=upload, actor=world.actor(role), at=NEXT_DAY, revisions=revisions)


def results(world: World) -> list[str]:
    return consolidated(world).sections.get(kind=SectionKind.RESULTS).text.splitlines()


def test_untouched_letter_changes_nothing(world: World) -> None:
    upload = handed_in(world, paper(world))
    # Without figures there is no such section in the letter.
    sections = consolidated(world).sections.exclude(kind=SectionKind.FIGURES)
    assert upload.state == ReportUploadState.READ
    assert letter_of(upload).texts == {one.position: one.text for one in sections}


def test_edited_words_come_back_with_their_sources(world: World) -> None:
    def edit(document: Docx) -> None:
        line(document, "Đã mở").runs[0].text = "Đã mở ba lớp."
        line(document, "Còn 2").insert_paragraph_before("Một câu mới.", style="Body Text")

    upload = handed_in(world, edited(paper(world), edit))
    before = results(world)
    apply(world, upload)
    assert results(world) == [
        before[0],
        before[1],
        "Đã mở ba lớp. [1]",
        "Một câu mới.",
        "Còn 2 lớp. [2]",
    ]
    assert ReportUpload.objects.get().state == ReportUploadState.APPLIED


def test_lost_footnotes_come_back_where_the_words_stayed(world: World) -> None:
    def edit(document: Docx) -> None:
        for one in document.paragraphs:
            for run in one._p.xpath(".//w:r[w:footnoteReference]"):
                run.getparent().remove(run)
        line(document, "Còn 2").runs[0].text = "Còn hai lớp."

    upload = handed_in(world, edited(paper(world), edit))
    assert letter_of(upload).unsourced == ["Còn hai lớp."]
    apply(world, upload)
    assert results(world)[2:] == ["Đã mở 3 lớp. [1]", "Còn hai lớp."]


def drop_heading(document: Docx) -> None:
    heading = [one for one in document.paragraphs if one.style.name == "Heading 1"][1]
    heading._p.getparent().remove(heading._p)


def track(document: Docx) -> None:
    paragraph = line(document, "Đã mở")._p
    change = OxmlElement("w:ins")
    change.append(paragraph.r_lst[0])
    paragraph.append(change)


def with_macros(data: bytes) -> bytes:
    written = io.BytesIO(data)
    with zipfile.ZipFile(written, "a") as package:
        package.writestr("word/vbaProject.bin", b"x")
    return written.getvalue()


def foreign() -> bytes:
    written = io.BytesIO()
    document = Document()
    document.add_paragraph("Một văn bản khác")
    document.save(written)
    return written.getvalue()


BROKEN: dict[str, tuple[Callable[[World], bytes], str]] = {
    "structure": (lambda world: edited(paper(world), drop_heading), "letter_sections_lost"),
    "tracked": (lambda world: edited(paper(world), track), "document_tracked_changes"),
    "macros": (lambda world: with_macros(paper(world)), "document_macros"),
    "foreign": (lambda _world: foreign(), "letter_foreign"),
    "other report": (lambda world: paper(world, "lead"), "letter_of_another_report"),
    "cut off": (lambda world: paper(world)[:4000], "document_corrupt"),
    "no letter": (lambda _world: b"%PDF-1.7", "format_other"),
    "empty": (lambda _world: b" ", "document_empty"),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_what_cannot_be_read_is_refused_by_name_and_nothing_is_lost(
    world: World, name: str
) -> None:
    make, code = BROKEN[name]
    before, data = results(world), make(world)
    upload = handed_in(world, data)
    assert (upload.state, upload.failure["code"]) == (ReportUploadState.FAILED, code)
    assert "sửa.docx" in letter_failure(upload)
    with upload.file.open() as kept:
        assert kept.read() == data
    assert results(world) == before


def test_refusals_name_the_place(world: World) -> None:
    lost = handed_in(world, edited(paper(world), drop_heading))
    title = consolidated(world).sections.get(kind=SectionKind.DIFFICULTIES).title
    assert title in letter_failure(lost)
    tracked = handed_in(world, edited(paper(world), track))
    assert "“Đã mở 3 lớp.”" in letter_failure(tracked)


def test_colleague_who_saved_meanwhile_is_not_overwritten(world: World) -> None:
    upload = handed_in(world, paper(world))
    revisions = dict(consolidated(world).sections.values_list("pk", "revision"))
    write(world, "focal", "Đồng nghiệp viết.")
    with refused(Overtaken):
        take_over(upload=upload, actor=officer(world, "focal"), at=NEXT_DAY, revisions=revisions)
    assert results(world) == ["Đồng nghiệp viết."]


def test_letter_that_is_not_taken_over_stays_on_record(world: World) -> None:
    upload = handed_in(world, paper(world))
    discard_letter(upload=upload, actor=officer(world, "focal"))
    assert ReportUpload.objects.get().state == ReportUploadState.DISCARDED
    with refused(Overtaken):
        apply(world, upload)


@pytest.mark.parametrize("role", ["own lead", "supervisor", "other unit"])
def test_only_the_writers_hand_letters_in(world: World, role: str) -> None:
    with refused(NotAllowed):
        hand_in_letter(
            report=consolidated(world),
            file=ContentFile(b"x"),
            file_name="x.docx",
            actor=world.actor(role),
            at=AT,
        )


def test_pages_are_for_the_writers(world: World) -> None:
    upload = handed_in(world, paper(world))
    names = ("report_letter", "report_letter_file", "report_letter_progress")
    addresses = [reverse(name, args=[upload.pk]) for name in names]
    for address in [*addresses, reverse("report_upload", args=[consolidated(world).pk])]:
        got = {role for role in ROLES if world.client(role).get(address).status_code == 200}
        assert got == {"focal", "focal's leader"}, address


def test_whole_way_through_the_pages(world: World) -> None:
    def edit(document: Docx) -> None:
        line(document, "Đã mở").runs[0].text = "Đã mở ba lớp."

    client, report = world.client("focal"), consolidated(world)
    file = ContentFile(edited(paper(world), edit), name="sua.docx")
    answer = client.post(reverse("report_upload", args=[report.pk]), {"file": file})
    upload = ReportUpload.objects.get()
    assert answer["Location"] == reverse("report_letter", args=[upload.pk])
    read_letter(upload.pk, lambda: upload.uploaded_at)
    page = client.get(answer["Location"])
    assert [one.title for one in page.context["changes"]] == [
        consolidated(world).sections.get(kind=SectionKind.RESULTS).title
    ]
    data = {"revisions": page.context["revisions"]}
    client.post(reverse("report_letter_apply", args=[upload.pk]), data)
    assert results(world)[2] == "Đã mở ba lớp. [1]"
