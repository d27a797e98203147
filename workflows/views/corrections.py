"""A corrected document for a running plan: hand it in, compare, see what follows, apply."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tasks.models import DraftState, Plan, PlanDraft
from workflows.actions import corrections as actions
from workflows.actions.reading import require_corrector
from workflows.correcting.effects import effects
from workflows.correction_pages import choice_of, comparison_page, proposed_words
from workflows.errors import ActionRefused, IncompletePlan, NotAllowed
from workflows.forms.corrections import ApplyForm
from workflows.views.base import ActingRequest, refuse, visible_or_404
from workflows.views.draft_access import acting, own_draft
from workflows.views.uploads import upload


def plan_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the corrected document of a plan."""
    request = cast(ActingRequest, request)
    plans = Plan.objects.select_related("document", "issuer")
    plan = visible_or_404(request, plans, plan="pk", pk=pk)
    try:
        require_corrector(request.actor, plan)
    except NotAllowed as error:
        raise refuse(error) from error
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("plan", pk)
    return upload(request, plan)


def _own_correction(request: ActingRequest, pk: int) -> PlanDraft:
    draft = own_draft(request, pk)
    if draft.corrects is None:
        raise Http404(_("There is no such draft, or it is another unit's."))
    return draft


def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """The document beside the plan, item by item; the choice is saved on the way on."""
    request = acting(request)
    draft = _own_correction(request, pk)
    if draft.state != DraftState.REVIEWING:
        return redirect("draft", pk)
    if request.method != "POST":
        return _comparison(request, draft)
    found = comparison_page(draft, today=request.today).found
    chosen = choice_of(found, request.POST, request.POST.getlist("apply"))
    try:
        actions.save_comparison(
            draft=draft, actor=request.actor, revision=_revision(request), **chosen
        )
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        fresh = _own_correction(request, pk)
        fresh.comparison = chosen
        return _comparison(request, fresh, status=409)
    if chosen["pairs"] != found.pairs:
        messages.success(request, _("The items were matched anew. Look at what differs now."))
        return redirect("correction", pk)
    return redirect("correction_preview", pk)


def _comparison(request: ActingRequest, draft: PlanDraft, status: int = 200) -> HttpResponse:
    page = comparison_page(draft, today=request.today)
    context = {"page": page, "draft": draft, "plan": draft.corrects}
    return render(request, "workflows/correction.html", context, status=status)


def _revision(request: ActingRequest) -> int:
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() else 0


def correction_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the choice does, and the button that does it."""
    request = acting(request)
    draft = _own_correction(request, pk)
    if draft.state != DraftState.REVIEWING:
        return redirect("draft", pk)
    if request.method != "POST":
        return _preview(request, draft)
    form = ApplyForm(request.POST)
    if not form.is_valid():
        return _preview(request, draft, form, status=422)
    try:
        actions.apply_correction(
            draft=draft, actor=request.actor, at=request.at, **form.cleaned_data
        )
    except NotAllowed as error:
        raise refuse(error) from error
    except ActionRefused as refusal:
        problems = refusal.problems if isinstance(refusal, IncompletePlan) else ()
        messages.error(request, " ".join([str(refusal), *problems]))
        return _preview(request, own_draft(request, pk), form, status=409)
    messages.success(request, _("Applied. Those concerned are told."))
    assert draft.corrects is not None
    return redirect("plan", draft.corrects.pk)


def _preview(
    request: ActingRequest, draft: PlanDraft, form: ApplyForm | None = None, *, status: int = 200
) -> HttpResponse:
    if draft.state != DraftState.REVIEWING:
        return redirect("draft", draft.pk)
    page = comparison_page(draft, today=request.today)
    found = page.found
    words = form.data.get("words", "") if form else proposed_words(found)
    seen: dict[str, Any] = {
        "words": words,
        "revision": draft.revision,
        "fingerprint": found.fingerprint,
    }
    shown = ApplyForm(seen) if form and form.errors else ApplyForm(initial=seen)
    context = {
        "page": page,
        "draft": draft,
        "plan": draft.corrects,
        "form": shown,
        "effects": effects(found.plan, found.differences, found.chosen, today=request.today),
    }
    return render(request, "workflows/correction_preview.html", context, status=status)


@require_POST
def draft_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a document that was read as a new plan for a correction of a plan that runs."""
    request = acting(request)
    draft = own_draft(request, pk)
    plans = Plan.objects.select_related("document", "issuer")
    plan = visible_or_404(request, plans, plan="pk", pk=_plan_key(request))
    try:
        actions.correct_instead(draft=draft, plan=plan, actor=request.actor)
    except NotAllowed as error:
        raise refuse(error) from error
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("draft", pk)
    return redirect("correction", pk)


def _plan_key(request: ActingRequest) -> int:
    given = request.POST.get("plan", "")
    return int(given) if given.isdecimal() and len(given) < 12 else 0


urlpatterns: list[URLPattern] = [
    path("plans/<int:pk>/correct/", plan_correct, name="plan_correct"),
    path("drafts/<int:pk>/compare/", correction, name="correction"),
    path("drafts/<int:pk>/compare/preview/", correction_preview, name="correction_preview"),
    path("drafts/<int:pk>/correct/", draft_correct, name="draft_correct"),
]
