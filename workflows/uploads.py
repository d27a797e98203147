"""What the pages say about a document that was handed in: how far it is, whether it is known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks.importing.progress import OPENING, PAGES, SCANNED_PAGES, SHEETS
from tasks.models import DraftState, PaperReport, Plan, PlanDraft, Unit
from workflows.reading import Handed, failure_message, shown_name

# After this somebody who waits should hear why.
READABLE: frozenset[str] = frozenset({DraftState.WAITING, DraftState.READING})
SLOW = dt.timedelta(minutes=1)

_STAGES: dict[str, str | Promise] = {
    OPENING: gettext_lazy("The file is being opened."),
    PAGES: gettext_lazy("%(done)s of %(total)s pages have been read."),
    SCANNED_PAGES: gettext_lazy(
        "%(done)s of %(total)s scanned pages have been recognised. This takes some seconds a page."
    ),
    SHEETS: gettext_lazy("%(done)s of %(total)s sheets have been read."),
}


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """How far the reading of a draft or a paper report is, at the instant `at`."""

    draft: Handed
    at: dt.datetime

    def _url(self, what: str) -> str:
        thing = "paper" if isinstance(self.draft, PaperReport) else "draft"
        return reverse(f"{thing}_{what}", args=[self.draft.pk])

    @property
    def progress_url(self) -> str:
        return self._url("progress")

    @property
    def file_url(self) -> str:
        return self._url("file")

    @property
    def retry_url(self) -> str:
        return self._url("retry")

    @property
    def discard_url(self) -> str:
        return self._url("discard")

    @property
    def name(self) -> str:
        return shown_name(self.draft)

    @property
    def title(self) -> str:
        """What the page is called."""
        if self.has_failed:
            return _("The document could not be read")
        return _("Reading the document") if self.is_going_on else _("Discarded document")

    @property
    def is_going_on(self) -> bool:
        return self.draft.state in READABLE

    @property
    def upload_url(self) -> str:
        """Where its text can be pasted in its place."""
        if isinstance(self.draft, PaperReport):
            return reverse("paper_upload", args=[self.draft.report_id])
        plan = self.draft.corrects_id
        page = reverse("plan_correct", args=[plan]) if plan else reverse("draft_upload")
        return f"{page}?instead={self.draft.pk}"

    @property
    def has_failed(self) -> bool:
        return bool(self.draft.state == DraftState.FAILED)

    @property
    def words(self) -> str:
        """How far it is, in one sentence."""
        if self.has_failed:
            return failure_message(self.draft)
        if self.draft.state == DraftState.DISCARDED:
            return _("This document was laid aside before it was read.")
        if self.draft.state == DraftState.WAITING:
            return _("The document is kept safely and waits for its turn.")
        progress = self.draft.progress
        words = _STAGES.get(progress.get("stage", ""), gettext_lazy("The document is being read."))
        return str(words) % progress if progress else str(words)

    @property
    def percent(self) -> int | None:
        """How much is done; None where nobody can say."""
        done, total = self.draft.progress.get("done", 0), self.draft.progress.get("total", 0)
        is_counted = self.draft.progress.get("stage") != OPENING
        return min(100, round(100 * done / total)) if total and is_counted else None

    @property
    def is_slow(self) -> bool:
        """Whether the document waits for longer than people expect."""
        waits = self.draft.state == DraftState.WAITING
        return waits and self.at - self.draft.uploaded_at > SLOW

    @property
    def attempt(self) -> int:
        """The number of the present attempt, where it is not the first one."""
        return self.draft.attempts if self.draft.attempts > 1 else 0


@dataclass(frozen=True, slots=True)
class KnownBefore:
    """The same document, handed in or issued earlier: one of the two is set."""

    draft: PlanDraft | None = None
    plan: Plan | None = None


def same_file(digest: str, unit: Unit, corrects: Plan | None = None) -> KnownBefore | None:
    """The draft or plan that `unit` made of exactly this file."""
    return _known(unit, Q(digest=digest, corrects=corrects))


def same_document(draft: PlanDraft) -> KnownBefore | None:
    """The plan or another draft of the unit with the same text, or the same number and date.

    A correction is meant to resemble its plan: nothing is said about it.
    """
    if draft.corrects_id is not None or draft.state != DraftState.REVIEWING:
        return None
    number, day = draft.review["number"], draft.review["issued_on"]
    same = Q(text=draft.text)
    if number and day:
        issued = Plan.objects.filter(
            issuer=draft.unit, document__number=number, document__issued_on=day
        )
        if plan := issued.select_related("document").first():
            return KnownBefore(plan=plan)
        same |= Q(review__number=number, review__issued_on=day)
    return _known(draft.unit, same & Q(corrects=None) & ~Q(pk=draft.pk))


def _known(unit: Unit, same: Q) -> KnownBefore | None:
    drafts = PlanDraft.objects.filter(same, unit=unit).exclude(state=DraftState.DISCARDED)
    found = drafts.select_related("plan__document", "uploaded_by").order_by("-pk").first()
    if found is None:
        return None
    return KnownBefore(plan=found.plan) if found.plan else KnownBefore(draft=found)
