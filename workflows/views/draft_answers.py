"""What the pages of a review answer: a whole page, or with htmx only the cards that changed.

With htmx a step answers with the cards that changed since the page was drawn, whoever changed
them, and with the next place to look at.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tasks.models import PlanDraft
from workflows.actions import drafts as actions
from workflows.actions.drafts import Step
from workflows.draft_history import history_of
from workflows.draft_pages import ReviewPage, card_at, place_url
from workflows.draft_swaps import swaps
from workflows.errors import ActionRefused
from workflows.uploads import same_document
from workflows.views.base import ActingRequest
from workflows.views.draft_access import own_draft

REVIEW, SWAPS = "workflows/draft_review.html", "workflows/partials/draft_swaps.html"


def page_of(request: ActingRequest, found: PlanDraft, at: str = "") -> ReviewPage:
    return ReviewPage(found, today=request.today, at=at)


def _about(request: ActingRequest, page: ReviewPage) -> dict[str, Any]:
    history = history_of(page.draft, person=request.actor.person, at=request.at)
    return {"history": history}


def whole_page(
    request: ActingRequest, page: ReviewPage, *, status: int = 200, **form: Any
) -> HttpResponse:
    """The review; `form` corrects or arranges the card `card` in place of what is shown there."""
    known = same_document(page.draft)
    context = {**page.context(), **_about(request, page), "known": known, **form}
    return render(request, REVIEW, context, status=status)


def fragment(
    request: ActingRequest, page: ReviewPage, also: Iterable[str], *, status: int = 200, **form: Any
) -> HttpResponse:
    """The cards that changed since the page was drawn, those `also`, and the bar above them."""
    given = request.POST.get("seen") or request.GET.get("seen") or ""
    since = int(given) if given.isdecimal() else page.draft.revision
    context = {
        "page": page,
        "draft": page.draft,
        "review": page.review,
        "header": page.header(),
        "swaps": swaps(page, since, also),
        **page.bar(),
        **_about(request, page),
        **form,
    }
    return render(request, SWAPS, context, status=status)


def form_page(
    request: ActingRequest, page: ReviewPage, card: str, *, status: int = 200, **form: Any
) -> HttpResponse:
    """The review with a form in place of one card; with htmx that card alone."""
    form = {"card": card, **form}
    if not request.htmx:
        return whole_page(request, page, status=status, **form)
    response = fragment(request, page, [card], status=status, **form)
    return going_to(response, request.path, card)


def going_to(response: HttpResponse, address: str, place: str) -> HttpResponse:
    """Tell the script where to go on; the address bar keeps the place for whoever leaves."""
    response["HX-Replace-Url"] = address
    response["HX-Trigger-After-Settle"] = json.dumps({"review-go": {"place": place}})
    return response


def after(
    request: ActingRequest, before: ReviewPage, fresh: PlanDraft, place: str, at: str = ""
) -> HttpResponse:
    """On to a place of the review that was saved; `at` is the doubt that is looked at."""
    address = place_url(fresh, place, at) if place else reverse("draft", args=[fresh.pk])
    if not request.htmx:
        return redirect(address)
    page = page_of(request, fresh, at or place)
    told = {doubt.key: doubt.card for doubt in before.doubts}
    tell = {doubt.key: doubt.card for doubt in page.doubts}
    also = {card for key, card in (told | tell).items() if (key in told) != (key in tell)}
    also |= {page.card, looked_at(request, before), request.POST.get("card", "")}
    return going_to(fragment(request, page, also - {""}), address, place)


def looked_at(request: ActingRequest, page: ReviewPage) -> str:
    """The card that the open page shows as the current one."""
    query = parse_qs(urlsplit(request.htmx.current_url or "").query)
    return card_in(page, query.get("at", [""])[0])


def card_in(page: ReviewPage, at: str) -> str:
    """The card on which a place or a doubt stands; empty where there is none."""
    return card_at(page.review, at.split(".")[0])


def refused(
    request: ActingRequest, pk: int, refusal: ActionRefused, place: str = ""
) -> HttpResponse:
    """Nothing was saved: say why, and show the review as it stands now."""
    messages.error(request, str(refusal))
    fresh, place = own_draft(request, pk), place.split(".")[0]
    page = page_of(request, fresh, place)
    if not request.htmx or not page.is_open:
        return leave(request, place_url(fresh, place) if place else reverse("draft", args=[pk]))
    return fragment(request, page, {page.card} - {""}, status=409)


def leave(request: ActingRequest, address: str) -> HttpResponse:
    """To another page, as a whole also from a fragment."""
    if not request.htmx:
        return redirect(address)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response


def save(
    request: ActingRequest,
    found: PlanDraft,
    step: Step,
) -> PlanDraft:
    return actions.save_review(
        draft=found,
        actor=request.actor,
        at=request.at,
        revision=revision_of(request),
        step=step,
    )


def revision_of(request: HttpRequest) -> int:
    """The revision on which the person saw what they sent; 0 where the form does not say."""
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() else 0


def gone(request: ActingRequest, pk: int) -> HttpResponse:
    """Back to the review from a card that is no more."""
    told = ActionRefused(_("There is no such item any more: it was merged with another one."))
    return refused(request, pk, told)
