"""The reading job: leased to one worker, taken over when it dies, given up in the end."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.base import ContentFile

from tasks.importing.errors import OutOfTimeError
from tasks.models import DraftState, PlanDraft
from tests.workflows.draft_world import AT, ROADS, Office, fresh
from workflows import jobs, reading
from workflows.actions.drafts import discard_draft
from workflows.actions.leases import (
    LEASE,
    MOST_ATTEMPTS,
    WAKE_AGAIN,
    LeaseLost,
    claim,
    keep_failure,
    keep_lease,
    to_wake,
)
from workflows.actions.reading import hand_in, keep_reading, retry
from workflows.errors import ActionRefused, Overtaken

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def draft(office: Office) -> PlanDraft:
    file = ContentFile(ROADS.encode())
    return hand_in(file=file, file_name="kế hoạch.txt", actor=office.officer, at=AT)


def leased(draft: PlanDraft, at: dt.datetime = AT) -> PlanDraft:
    held = claim(PlanDraft, draft.pk, at=at)
    assert held is not None
    return held


def clock() -> dt.datetime:
    return AT


def test_reading_twice_reads_once(draft: PlanDraft) -> None:
    assert [reading.read_draft(draft.pk, clock) for _ in range(2)] == [True, False]
    read = fresh(draft)
    assert (read.state, read.attempts, read.lease) == (DraftState.REVIEWING, 1, None)
    assert [item["code"] for item in read.review["items"]] == ["II.1.a", "II.1.b", "II.2.a"]
    assert "text" not in read.reading


def test_leased_document_is_nobody_elses(draft: PlanDraft) -> None:
    leased(draft)
    assert claim(PlanDraft, draft.pk, at=AT + LEASE - SECOND) is None


def test_silent_worker_loses_the_document(draft: PlanDraft) -> None:
    dead = leased(draft)
    heir = leased(draft, AT + LEASE + SECOND)
    with pytest.raises(LeaseLost):
        keep_lease(dead, at=AT + LEASE + SECOND)
    with pytest.raises(LeaseLost):
        keep_reading(dead, {}, at=AT)
    with pytest.raises(LeaseLost):
        keep_failure(dead, OutOfTimeError(filename="", seconds=1))
    assert (fresh(draft).lease, fresh(draft).attempts) == (heir.lease, 2)


def test_working_worker_keeps_the_document(draft: PlanDraft) -> None:
    held = leased(draft)
    keep_lease(held, at=AT + LEASE, progress=(12, 40, "pages"))
    assert claim(PlanDraft, draft.pk, at=AT + LEASE + SECOND) is None
    assert fresh(draft).progress == {"done": 12, "total": 40, "stage": "pages"}


def test_document_that_ends_its_readers_is_given_up(draft: PlanDraft) -> None:
    at = AT
    for _ in range(MOST_ATTEMPTS):
        leased(draft, at)
        at += LEASE + SECOND
    assert claim(PlanDraft, draft.pk, at=at) is None
    lost = fresh(draft)
    assert lost.state == DraftState.FAILED
    assert reading.failure_message(lost) == (
        "Reading kế hoạch.txt was broken off 3 times and is not tried again by itself."
    )


def test_refusal_is_kept_with_its_reason(draft: PlanDraft, settings: Any) -> None:
    settings.DONDOC_UPLOAD_LIMIT = 1
    reading.read_draft(draft.pk, clock)
    assert fresh(draft).state == DraftState.FAILED
    assert "kế hoạch.txt has 0.0 MB; at most" in reading.failure_message(fresh(draft))


def test_file_that_vanished_is_a_refusal(draft: PlanDraft) -> None:
    draft.file.storage.delete(draft.file.name)
    reading.read_draft(draft.pk, clock)
    assert "no longer in the store" in reading.failure_message(fresh(draft))


def test_failed_document_can_be_tried_again(draft: PlanDraft, office: Office) -> None:
    keep_failure(leased(draft), OutOfTimeError(filename="", seconds=1))
    retry(draft=draft, actor=office.officer, at=AT)
    assert (leased(draft).attempts, fresh(draft).state) == (1, DraftState.READING)
    with pytest.raises(Overtaken):
        retry(draft=draft, actor=office.officer, at=AT)


def test_document_being_read_is_not_discarded(draft: PlanDraft, office: Office) -> None:
    leased(draft)
    with pytest.raises(ActionRefused, match="being read at this moment"):
        discard_draft(draft=draft, actor=office.officer)


def test_discarded_document_is_not_read(draft: PlanDraft, office: Office) -> None:
    discard_draft(draft=draft, actor=office.officer)
    assert claim(PlanDraft, draft.pk, at=AT) is None
    assert to_wake(PlanDraft, at=AT + dt.timedelta(days=1)) == []


def test_sweep_wakes_for_what_nobody_reads(draft: PlanDraft) -> None:
    later = AT + WAKE_AGAIN + SECOND
    assert to_wake(PlanDraft, at=AT) == []
    assert to_wake(PlanDraft, at=later) == [draft.pk]
    assert to_wake(PlanDraft, at=later) == []
    leased(draft, later)
    assert to_wake(PlanDraft, at=later + LEASE) == []
    assert to_wake(PlanDraft, at=later + LEASE + SECOND) == [draft.pk]


def test_sweep_sends_one_wake_up_each(draft: PlanDraft, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(jobs.read_draft, "delay", woken.append)
    jobs.wake_readers()
    jobs.wake_readers()
    assert woken == [draft.pk]
