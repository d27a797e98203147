"""Files of a report: made by a job, the same for ever once handed in, for whoever sees the plan."""

from __future__ import annotations

import datetime as dt
import hashlib
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from tasks.models import FileFormat, PlanItem, ReportFile, ReportFileState, ReportSection
from tests.workflows.acts import refused
from tests.workflows.consolidation_world import consolidation_world, hand_in, report_of, write
from tests.workflows.world import AT, ROLES, World
from workflows import jobs, making
from workflows.actions.leases import LEASE, MOST_ATTEMPTS, claim
from workflows.actions.report_files import MOST_WAITING, ask_file, retry_file
from workflows.errors import NotAllowed
from workflows.report_paper import FilePage

pytestmark = pytest.mark.django_db
WORD, EXCEL = FileFormat.WORD, FileFormat.EXCEL
INSIDE = set(ROLES) - {"other unit", "administrator", "anonymous"}


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    return consolidation_world()


def clock() -> dt.datetime:
    return AT


def ask(world: World, wanted: FileFormat = WORD, role: str = "own lead") -> ReportFile:
    report = report_of(world, "lead")
    return ask_file(report=report, wanted=wanted, actor=world.actor(role), at=AT)


def made(world: World, wanted: FileFormat = WORD) -> ReportFile:
    file = ask(world, wanted)
    making.make_file(file.pk, clock)
    return fresh(file)


def fresh(file: ReportFile) -> ReportFile:
    return ReportFile.objects.get(pk=file.pk)


def test_letter_and_annex_are_made_from_the_draft(world: World) -> None:
    write(world, "lead", "Đã làm 2.305 việc.")
    word, excel = made(world), made(world, EXCEL)
    assert "Đã làm 2.305 việc." in [one.text for one in Document(word.file.open()).paragraphs]
    assert load_workbook(excel.file.open()).worksheets[0]["B2"].value == "I.1"
    with word.file.open() as stored:
        assert word.digest == hashlib.sha256(stored.read()).hexdigest()


def test_making_twice_makes_once(world: World) -> None:
    file = ask(world)
    assert [making.make_file(file.pk, clock) for _ in range(2)] == [True, False]
    assert (fresh(file).state, fresh(file).attempts) == (ReportFileState.READY, 1)


def test_file_of_what_was_handed_in_is_made_once_and_from_the_record(world: World) -> None:
    write(world, "lead", "Đã làm.")
    hand_in(world, "lead")
    file = made(world)
    ReportSection.objects.update(text="Khác")
    PlanItem.objects.update(title="Khác")
    assert ask(world, role="focal").pk == file.pk
    digest = file.digest
    ReportFile.objects.all().delete()
    assert made(world).digest == digest


def test_draft_asked_for_again_is_made_anew_in_place_of_the_last(world: World) -> None:
    write(world, "lead", "Một.")
    first = made(world)
    path = first.file.path
    write(world, "lead", "Hai.")
    second = made(world)
    assert list(ReportFile.objects.values_list("pk", flat=True)) == [second.pk]
    assert (path, first.digest) != (second.file.path, second.digest)


def test_file_whose_workers_die_is_given_up_in_words_and_can_be_asked_again(world: World) -> None:
    file, at = ask(world), AT
    for _ in range(MOST_ATTEMPTS):
        assert claim(ReportFile, file.pk, at=at) is not None
        at += LEASE + dt.timedelta(seconds=1)
    assert not making.make_file(file.pk, lambda: at)
    page = FilePage(fresh(file), at)
    assert page.words.startswith("The file could not be made after 3 attempts.")
    retry_file(file=fresh(file), actor=world.actor("own lead"), at=at)
    assert making.make_file(file.pk, lambda: at)


def test_stumble_of_a_worker_is_swept_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(_content: object) -> bytes:
        raise MemoryError

    file = ask(world)
    with monkeypatch.context() as broken:
        broken.setitem(making._MAKERS, WORD, fall)
        with pytest.raises(MemoryError):
            making.make_file(file.pk, clock)
    woken: list[int] = []
    monkeypatch.setattr(timezone, "now", lambda: AT + dt.timedelta(seconds=1))
    monkeypatch.setattr(jobs.make_report_file, "delay", woken.append)
    jobs.wake_readers()
    assert woken == [file.pk]


def test_files_are_for_who_sees_the_plan(world: World) -> None:
    with refused(NotAllowed):
        ask(world, role="other unit")
    file = made(world)
    pages = ("report_file", "report_file_progress", "report_file_download")
    for name in pages:
        address = reverse(name, args=[file.pk])
        got = {role for role in ROLES if world.client(role).get(address).status_code == 200}
        assert got == INSIDE, name


def test_nobody_waits_for_too_many_files(world: World) -> None:
    for _ in range(MOST_WAITING):
        ask(world)
    with refused():
        ask(world)


def test_press_of_a_button_leads_to_the_file(world: World) -> None:
    client, report = world.client("focal"), report_of(world, "lead")
    answer = client.post(reverse("report_file_ask", args=[report.pk]), {"format": "docx"})
    file = ReportFile.objects.get()
    assert answer["Location"] == reverse("report_file", args=[file.pk])
    waiting = client.get(answer["Location"]).content.decode()
    assert reverse("report_file_progress", args=[file.pk]) in waiting
    assert client.get(reverse("report_file_download", args=[file.pk])).status_code == 404
    making.make_file(file.pk, timezone.now)
    done = client.get(reverse("report_file_progress", args=[file.pk]))
    assert done["HX-Redirect"] == answer["Location"]
    saved = client.get(reverse("report_file_download", args=[file.pk]))
    data = b"".join(saved.streaming_content)  # type: ignore[attr-defined]
    assert Document(BytesIO(data)).tables[0].rows[0].cells[1].text.startswith("CỘNG HÒA")
    assert saved["Content-Disposition"].endswith('.docx"')


def test_unknown_format_is_not_made(world: World) -> None:
    address = reverse("report_file_ask", args=[report_of(world, "lead").pk])
    assert world.client("focal").post(address, {"format": "pdf"}).status_code == 404
