"""Handing a plan document in, and waiting until it is read."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from tasks.models import UNREAD, DraftState, Plan, PlanDraft
from workflows.actions.drafts import require_drafter
from workflows.actions.reading import digest_of, hand_in, retry
from workflows.errors import ActionRefused
from workflows.forms.drafts import UploadForm
from workflows.jobs import read_soon
from workflows.uploads import KnownBefore, ReadingPage, same_file
from workflows.views.base import ActingRequest
from workflows.views.draft_access import acting, own_draft

MOST_INSTEAD = 12  # digits of a key


def draft_upload(request: HttpRequest) -> HttpResponse:
    """Hand in the document of a new plan."""
    return upload(acting(request))


def upload(request: ActingRequest, corrects: Plan | None = None) -> HttpResponse:
    """The upload page; a document is kept at once and read by a job."""
    require_drafter(request.actor)
    failed = _failed(request)
    if request.method != "POST":
        return _upload_page(request, UploadForm(), corrects, failed)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, form, corrects, failed, status=422)
    known = _known(request, form, corrects)
    if known and not form.cleaned_data["again"]:
        return _upload_page(request, form, corrects, failed, status=409, known=known)
    try:
        draft = hand_in(
            file=form.document,
            file_name=form.file_name,
            actor=request.actor,
            at=request.at,
            corrects=corrects,
            instead_of=failed,
        )
    except ActionRefused as refusal:
        form.add_error(None, str(refusal))
        return _upload_page(request, form, corrects, failed, status=409)
    read_soon(draft.pk)
    return redirect("draft", draft.pk)


def _failed(request: ActingRequest) -> PlanDraft | None:
    """The draft that could not be read and whose text is now pasted."""
    given = request.GET.get("instead", "") or request.POST.get("instead", "")
    if not given.isdecimal() or len(given) > MOST_INSTEAD:
        return None
    return PlanDraft.objects.filter(
        pk=given, unit=request.actor.unit, state=DraftState.FAILED
    ).first()


def _known(request: ActingRequest, form: UploadForm, corrects: Plan | None) -> KnownBefore | None:
    assert request.actor.unit is not None
    return same_file(digest_of(form.document), request.actor.unit, corrects)


def _upload_page(
    request: ActingRequest,
    form: UploadForm,
    corrects: Plan | None,
    failed: PlanDraft | None,
    *,
    status: int = 200,
    known: KnownBefore | None = None,
) -> HttpResponse:
    context = {"form": form, "known": known, "plan": corrects, "failed": failed}
    return render(request, "workflows/draft_upload.html", context, status=status)


def reading_page(request: ActingRequest, draft: PlanDraft) -> HttpResponse:
    """How far the reading is; asked by htmx, only the part that changes."""
    context = {"draft": draft, "page": ReadingPage(draft, request.at)}
    return render(request, "workflows/draft_reading.html", context)


def draft_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes; once the reading has ended, on to its end."""
    request = acting(request)
    draft = own_draft(request, pk)
    if draft.state not in UNREAD or draft.state == DraftState.FAILED:
        is_correction = draft.corrects and draft.state == DraftState.REVIEWING
        page = "correction" if is_correction else "draft"
        answer: HttpResponse = HttpResponseClientRedirect(reverse(page, args=[pk]))
        return answer
    context = {"draft": draft, "page": ReadingPage(draft, request.at)}
    return render(request, "workflows/partials/draft_reading_state.html", context)


@require_POST
def draft_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the document read once more."""
    request = acting(request)
    try:
        retry(draft=own_draft(request, pk), actor=request.actor, at=request.at)
        read_soon(pk)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("draft", pk)
