"""Reviewing what was read: the page, and each of its cards corrected in place."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from tasks.models import DraftState, DraftVerb
from workflows.actions.drafts import Step
from workflows.draft_pages import place_url
from workflows.errors import ActionRefused, Clash
from workflows.forms.card_kinds import Card
from workflows.views import draft_steps
from workflows.views.base import ActingRequest
from workflows.views.draft_access import acting, own_draft
from workflows.views.draft_answers import (
    after,
    form_page,
    fragment,
    going_to,
    gone,
    leave,
    looked_at,
    page_of,
    refused,
    revision_of,
    save,
    whole_page,
)
from workflows.views.uploads import reading_page


def draft(request: HttpRequest, pk: int) -> HttpResponse:
    request = acting(request)
    found = own_draft(request, pk)
    if not found.review:
        return reading_page(request, found)
    if found.plan:
        messages.info(request, _("This plan was already issued."))
        return redirect("plan", found.plan.pk)
    if found.corrects and found.state == DraftState.APPLIED:
        messages.info(request, _("This correction was already applied."))
        return redirect("plan", found.corrects.pk)
    return whole_page(request, page_of(request, found, request.GET.get("at", "")))


def draft_card(request: HttpRequest, pk: int, card: str) -> HttpResponse:
    """The review with one card open for correction; a correction is saved at once."""
    request = acting(request)
    found = own_draft(request, pk)
    if found.state != DraftState.REVIEWING:
        return leave(request, reverse("draft", args=[pk]))
    page = page_of(request, found, card)
    opened = Card.of(found, card, page.registry)
    if opened is None:
        return gone(request, pk)
    if request.method != "POST":
        return form_page(request, page, card, form=opened.form())
    form = opened.form(request.POST)
    if not form.is_valid():
        return form_page(request, page, card, form=form, status=422)
    try:
        step = Step(DraftVerb.CORRECTED, card, opened.change(form))
        fresh = save(request, found, step)
    except Clash as clash:
        return _both(request, pk, card, clash)
    except ActionRefused as refusal:
        return refused(request, pk, refusal, card)
    messages.success(request, _("Saved."))
    return after(request, page, fresh, card)


def _both(request: ActingRequest, pk: int, card: str, clash: Clash) -> HttpResponse:
    """Somebody else saved the card first: what both wrote, for the person to choose."""
    fresh = own_draft(request, pk)
    page = page_of(request, fresh, card)
    opened = Card.of(fresh, card, page.registry)
    if opened is None:
        return gone(request, pk)
    form = opened.merged(request.POST, revision_of(request))
    about = {"differences": opened.differences, "other": clash.by}
    return form_page(request, page, card, form=form, status=409, **about)


def draft_shown(request: HttpRequest, pk: int) -> HttpResponse:
    """One place of the review as it is read, instead of its form or of its brief form."""
    request = acting(request)
    found = own_draft(request, pk)
    at = request.GET.get("at", "")
    if not found.review:
        return leave(request, reverse("draft", args=[pk]))
    page = page_of(request, found, at)
    address = place_url(found, page.place, at)
    if not request.htmx:
        return redirect(address)
    also = {page.card, looked_at(request, page)} - {""}
    return going_to(fragment(request, page, also), address, page.place)


def draft_news(request: HttpRequest, pk: int) -> HttpResponse:
    """What others changed since the page was drawn; no content when nobody did."""
    request = acting(request)
    found = own_draft(request, pk)
    given = request.GET.get("seen", "")
    if not request.htmx:
        return redirect("draft", pk)
    if found.state != DraftState.REVIEWING:
        return leave(request, reverse("draft", args=[pk]))
    if not given.isdecimal() or int(given) >= found.revision:
        return HttpResponse(status=204)
    return fragment(request, page_of(request, found, request.GET.get("at", "")), ())


urlpatterns: list[URLPattern] = [
    path("drafts/<int:pk>/", draft, name="draft"),
    path("drafts/<int:pk>/cards/<slug:card>/", draft_card, name="draft_card"),
    path("drafts/<int:pk>/shown/", draft_shown, name="draft_shown"),
    path("drafts/<int:pk>/news/", draft_news, name="draft_news"),
    *draft_steps.urlpatterns,
]
