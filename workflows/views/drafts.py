"""Reading a plan in: hand it in, review it beside its text, see what happens, issue it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tasks.models import UNREAD, DraftState, PlanDraft
from workflows.actions import drafts as actions
from workflows.draft_pages import ReviewPage
from workflows.drafting.checks import cautions, problems
from workflows.drafting.convert import plan_input
from workflows.drafting.summary import consequences, wanted_rows
from workflows.errors import ActionRefused, IncompletePlan, NotAllowed
from workflows.views.base import refuse
from workflows.views.draft_access import acting, own_draft
from workflows.views.draft_answers import revision_of

DRAFTS_PER_PAGE = 30


def draft_list(request: HttpRequest) -> HttpResponse:
    request = acting(request)
    drafts = PlanDraft.objects.filter(unit=request.actor.unit).defer("text", "reading")
    drafts = drafts.select_related("uploaded_by", "plan__document")
    unread = drafts.filter(state__in=UNREAD)
    present = drafts.filter(state=DraftState.REVIEWING)
    past = drafts.exclude(state__in=(*UNREAD, DraftState.REVIEWING))
    page = Paginator(past, DRAFTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "workflows/draft_list.html", {"unread": unread, "present": present, "page": page}
    )


def draft_preview(request: HttpRequest, pk: int) -> HttpResponse:
    request = acting(request)
    found = own_draft(request, pk)
    if found.state != DraftState.REVIEWING:
        return redirect("draft", pk)
    if found.corrects:
        return redirect("correction", pk)
    page = ReviewPage(found, today=request.today)
    plan = plan_input(page.review, found, page.registry)
    context = {
        "draft": found,
        "plan": plan,
        "problems": problems(page.review, plan, page.doubts),
        "open_doubts": [doubt for doubt in page.doubts if not doubt.blocks],
        "cautions": cautions(page.review, plan, page.registry, today=request.today),
        "wanted": wanted_rows(plan),
        "asked": consequences(plan, today=request.today),
    }
    return render(request, "workflows/draft_preview.html", context)


def draft_issue(request: HttpRequest, pk: int) -> HttpResponse:
    request = acting(request)
    found = own_draft(request, pk)
    if request.method != "POST":
        return redirect("draft_preview", pk)
    try:
        plan = actions.issue_draft(
            draft=found, actor=request.actor, at=request.at, revision=revision_of(request)
        )
    except NotAllowed as error:
        raise refuse(error) from error
    except IncompletePlan as refusal:
        messages.error(request, f"{refusal} {' '.join(refusal.problems)}")
        return redirect("draft_preview", pk)
    except ActionRefused as refused:
        messages.error(request, str(refused))
        plan_pk = PlanDraft.objects.values_list("plan", flat=True).get(pk=pk)
        return redirect("plan", plan_pk) if plan_pk else redirect("draft_preview", pk)
    if not plan.items.exists():
        messages.success(request, _("Recorded. Its targets are followed from now on."))
        return redirect("plan_targets", plan.pk)
    messages.success(request, _("Issued. Every unit is asked to acknowledge."))
    return redirect("plan", plan.pk)


def draft_discard(request: HttpRequest, pk: int) -> HttpResponse:
    request = acting(request)
    found = own_draft(request, pk)
    if request.method != "POST":
        if found.state not in (DraftState.REVIEWING, *UNREAD):
            return redirect("draft", pk)
        return render(request, "workflows/draft_discard.html", {"draft": found})
    try:
        actions.discard_draft(draft=found, actor=request.actor)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("draft", pk)
    messages.success(request, _("Discarded. Its text stays readable in the list."))
    return redirect("draft_list")
