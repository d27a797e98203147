"""The file of a plan's document is handed to whoever may see the plan, and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from tests.workflows.draft_world import parse
from tests.workflows.world import ROLES, World, make_world

pytestmark = pytest.mark.django_db
SEES = {
    "own lead",
    "own lead's leader",
    "other lead",
    "own coordinator",
    "focal",
    "focal's leader",
    "issuing officer",
    "supervisor",
    "read-only",
}


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    made = make_world()
    made.plan.document.file.save("KH 60.pdf", ContentFile(b"%PDF-1.7 <script>"))
    return made


def file_of(world: World) -> str:
    return reverse("document_file", args=[world.plan.document_id])


@pytest.mark.parametrize("role", ROLES)
def test_document_is_handed_to_whoever_sees_the_plan(world: World, role: str) -> None:
    answer = world.client(role).get(file_of(world))
    hidden = 302 if role == "anonymous" else 404
    assert answer.status_code == (200 if role in SEES else hidden)


def test_document_is_saved_and_never_shown(world: World) -> None:
    answer = world.client("own lead").get(file_of(world))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 <script>"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="KH_60.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Cache-Control"] == "private, no-store"


def test_pasted_document_is_handed_out_as_text(world: World) -> None:
    document = world.plan.document
    document.file, document.number, document.text = "", "60/KH-UBND", "Kế hoạch"
    document.save()
    answer = world.client("own lead").get(file_of(world))
    assert b"".join(answer.streaming_content).decode() == "Kế hoạch"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="60kh-ubnd.txt"'


def test_document_that_is_only_cited_has_no_file(world: World) -> None:
    document = world.plan.document
    document.file, document.text = "", ""
    document.save()
    assert world.client("own lead").get(file_of(world)).status_code == 404
    page = world.client("own lead").get(reverse("document", args=[document.pk]))
    assert parse(page).find("a", href=file_of(world)) is None


def test_lost_file_is_said_to_be_lost(world: World) -> None:
    world.plan.document.file.storage.delete(world.plan.document.file.name)
    answer = world.client("own lead").get(file_of(world))
    assert answer.status_code == 404


@pytest.mark.parametrize("name", ["document", "plan"])
def test_pages_link_the_file(world: World, name: str) -> None:
    pk = world.plan.document_id if name == "document" else world.plan.pk
    page = world.client("own coordinator").get(reverse(name, args=[pk]))
    assert parse(page).find("a", href=file_of(world)) is not None
    assert Client().get(file_of(world)).status_code == 302
