"""Reviewing what was read: cards beside the text, each correction one small step.

Every page and every step works as a whole page. With htmx a step answers with the cards that
changed since the page was drawn, whoever changed them, and with the next place to look at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tasks.models import DraftState, DraftVerb, PlanDraft
from workflows.actions import drafts as actions
from workflows.actions.drafts import Step
from workflows.draft_history import history_of
from workflows.draft_pages import ReviewPage, card_at, next_doubt, place_url
from workflows.draft_swaps import swaps
from workflows.drafting import edits, lines
from workflows.drafting.doubts import Doubt
from workflows.drafting.history import WHOLE
from workflows.drafting.review import Review
from workflows.errors import ActionRefused, Clash
from workflows.forms.arrange import ADD, ArrangeForm, first_pieces, item_before
from workflows.forms.card_kinds import Card
from workflows.uploads import same_document
from workflows.views.base import ActingRequest
from workflows.views.draft_access import acting, own_draft
from workflows.views.uploads import reading_page

REVIEW, SWAPS = "workflows/draft_review.html", "workflows/partials/draft_swaps.html"


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
    return _whole_page(request, _page(request, found, request.GET.get("at", "")))


def _page(request: ActingRequest, found: PlanDraft, at: str = "") -> ReviewPage:
    return ReviewPage(found, today=request.today, at=at)


def _about(request: ActingRequest, page: ReviewPage) -> dict[str, Any]:
    history = history_of(page.draft, person=request.actor.person, at=request.at)
    return {"history": history}


def _whole_page(
    request: ActingRequest, page: ReviewPage, *, status: int = 200, **form: Any
) -> HttpResponse:
    """The review; `form` corrects or arranges the card `card` in place of what is shown there."""
    known = same_document(page.draft)
    context = {**page.context(), **_about(request, page), "known": known, **form}
    return render(request, REVIEW, context, status=status)


def _fragment(
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


def _form_page(
    request: ActingRequest, page: ReviewPage, card: str, *, status: int = 200, **form: Any
) -> HttpResponse:
    """The review with a form in place of one card; with htmx that card alone."""
    form = {"card": card, **form}
    if not request.htmx:
        return _whole_page(request, page, status=status, **form)
    response = _fragment(request, page, [card], status=status, **form)
    return _going_to(response, request.path, card)


def _going_to(response: HttpResponse, address: str, place: str) -> HttpResponse:
    """Tell the script where to go on; the address bar keeps the place for whoever leaves."""
    response["HX-Replace-Url"] = address
    response["HX-Trigger-After-Settle"] = json.dumps({"review-go": {"place": place}})
    return response


def _after(
    request: ActingRequest, before: ReviewPage, fresh: PlanDraft, place: str, at: str = ""
) -> HttpResponse:
    """On to a place of the review that was saved; `at` is the doubt that is looked at."""
    address = place_url(fresh, place, at) if place else reverse("draft", args=[fresh.pk])
    if not request.htmx:
        return redirect(address)
    page = _page(request, fresh, at or place)
    told = {doubt.key: doubt.card for doubt in before.doubts}
    tell = {doubt.key: doubt.card for doubt in page.doubts}
    also = {card for key, card in (told | tell).items() if (key in told) != (key in tell)}
    also |= {page.card, _looked_at(request, before), request.POST.get("card", "")}
    return _going_to(_fragment(request, page, also - {""}), address, place)


def _looked_at(request: ActingRequest, page: ReviewPage) -> str:
    """The card that the open page shows as the current one."""
    query = parse_qs(urlsplit(request.htmx.current_url or "").query)
    return _card_at(page, query.get("at", [""])[0])


def _card_at(page: ReviewPage, at: str) -> str:
    """The card on which a place or a doubt stands; empty where there is none."""
    return card_at(page.review, at.split(".")[0])


def _refused(
    request: ActingRequest, pk: int, refusal: ActionRefused, place: str = ""
) -> HttpResponse:
    """Nothing was saved: say why, and show the review as it stands now."""
    messages.error(request, str(refusal))
    fresh, place = own_draft(request, pk), place.split(".")[0]
    page = _page(request, fresh, place)
    if not request.htmx or not page.is_open:
        return _leave(request, place_url(fresh, place) if place else reverse("draft", args=[pk]))
    return _fragment(request, page, {page.card} - {""}, status=409)


def _leave(request: ActingRequest, address: str) -> HttpResponse:
    """To another page, as a whole also from a fragment."""
    if not request.htmx:
        return redirect(address)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response


def _save(
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


# ---- One card ----


def _gone(request: ActingRequest, pk: int) -> HttpResponse:
    """Back to the review from a card that is no more."""
    gone = ActionRefused(_("There is no such item any more: it was merged with another one."))
    return _refused(request, pk, gone)


def draft_card(request: HttpRequest, pk: int, card: str) -> HttpResponse:
    """The review with one card open for correction; a correction is saved at once."""
    request = acting(request)
    found = own_draft(request, pk)
    if found.state != DraftState.REVIEWING:
        return _leave(request, reverse("draft", args=[pk]))
    page = _page(request, found, card)
    opened = Card.of(found, card, page.registry)
    if opened is None:
        return _gone(request, pk)
    if request.method != "POST":
        return _form_page(request, page, card, form=opened.form())
    form = opened.form(request.POST)
    if not form.is_valid():
        return _form_page(request, page, card, form=form, status=422)
    try:
        step = Step(DraftVerb.CORRECTED, card, opened.change(form))
        fresh = _save(request, found, step)
    except Clash as clash:
        return _both(request, pk, card, clash)
    except ActionRefused as refusal:
        return _refused(request, pk, refusal, card)
    messages.success(request, _("Saved."))
    return _after(request, page, fresh, card)


def _both(request: ActingRequest, pk: int, card: str, clash: Clash) -> HttpResponse:
    """Somebody else saved the card first: what both wrote, for the person to choose."""
    fresh = own_draft(request, pk)
    page = _page(request, fresh, card)
    opened = Card.of(fresh, card, page.registry)
    if opened is None:
        return _gone(request, pk)
    form = opened.merged(request.POST, revision_of(request))
    about = {"differences": opened.differences, "other": clash.by}
    return _form_page(request, page, card, form=form, status=409, **about)


def draft_shown(request: HttpRequest, pk: int) -> HttpResponse:
    """One place of the review as it is read, instead of its form or of its brief form."""
    request = acting(request)
    found = own_draft(request, pk)
    at = request.GET.get("at", "")
    if not found.review:
        return _leave(request, reverse("draft", args=[pk]))
    page = _page(request, found, at)
    address = place_url(found, page.place, at)
    if not request.htmx:
        return redirect(address)
    also = {page.card, _looked_at(request, page)} - {""}
    return _going_to(_fragment(request, page, also), address, page.place)


# ---- Small steps ----


def _confirm_safe(review: Review, keys: list[str]) -> None:
    for key in keys:
        edits.confirm(review, key)


# A small correction by one press: what it is called, what it does with the place and the choice.
Press = Callable[[Review, str, str], object]
STEPS: dict[str, tuple[DraftVerb, Press]] = {
    "settle": (DraftVerb.SETTLED, edits.settle),
    "also": (DraftVerb.SETTLED, edits.settle_one_more),
    "open": (DraftVerb.SETTLED, lambda review, place, _: edits.settle(review, place, edits.OPEN)),
    "remove": (
        DraftVerb.SETTLED,
        lambda review, place, _: edits.settle(review, place, edits.REMOVE),
    ),
    "confirm": (DraftVerb.CONFIRMED, lambda review, place, _: edits.confirm(review, place)),
    "drop": (
        DraftVerb.DROPPED,
        lambda review, place, _: edits.set_dropped(review, place, dropped=True),
    ),
    "restore": (
        DraftVerb.RESTORED,
        lambda review, place, _: edits.set_dropped(review, place, dropped=False),
    ),
    "up": (DraftVerb.MOVED, lambda review, place, _: lines.move_item(review, place, -1)),
    "down": (DraftVerb.MOVED, lambda review, place, _: lines.move_item(review, place, 1)),
}
NEED_CHOICE = ("settle", "also")
STAYING = ("drop", "restore", "up", "down")


def draft_step(request: HttpRequest, pk: int) -> HttpResponse:
    """One press on a doubt or a card; then the next doubt."""
    request = acting(request)
    found = own_draft(request, pk)
    pressed, place = request.POST.get("step", ""), request.POST.get("place", "")
    if pressed not in STEPS or found.state != DraftState.REVIEWING:
        return _leave(request, reverse("draft", args=[pk]))
    page = _page(request, found)
    verb, press = STEPS[pressed]
    try:
        choice = _choice(page, request, place) if pressed in NEED_CHOICE else ""
        card = _card_at(page, place)
        fresh = _save(request, found, Step(verb, card, lambda review: press(review, place, choice)))
    except ActionRefused as refusal:
        return _refused(request, pk, refusal, place)
    return _after_step(request, page, fresh, pressed, place)


def _choice(page: ReviewPage, request: ActingRequest, place: str) -> str:
    """The unit or group that was chosen for a name. Raises `ActionRefused` when none was."""
    name = edits.find_name(page.review, place)
    form = page.choice_form(name, request.POST, leads=True) if name else None
    if form is None or not form.is_valid() or not form.cleaned_data["choice"]:
        raise ActionRefused(_("Choose a unit first, then press the button."))
    return str(form.cleaned_data["choice"])


def _after_step(
    request: ActingRequest, page: ReviewPage, fresh: PlanDraft, pressed: str, place: str
) -> HttpResponse:
    """On to the next doubt; a card that was left out, brought back or moved stays in view."""
    if pressed in STAYING:
        return _after(request, page, fresh, place)
    doubts = _page(request, fresh).doubts
    doubt = next_doubt(page.doubts, doubts, place)
    if pressed == "also":
        doubt = next((one for one in doubts if one.place == place), doubt)
    return _to_doubt(request, page, fresh, doubt)


def _to_doubt(
    request: ActingRequest, page: ReviewPage, fresh: PlanDraft, doubt: Doubt | None
) -> HttpResponse:
    if doubt is None:
        messages.success(
            request, _("Everything has been looked at. See what happens when it is issued.")
        )
        return _after(request, page, fresh, "")
    return _after(request, page, fresh, doubt.place, doubt.key)


@require_POST
def draft_confirm_safe(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm together the doubts that were shown as hardly being any."""
    request = acting(request)
    found = own_draft(request, pk)
    if found.state != DraftState.REVIEWING:
        return _leave(request, reverse("draft", args=[pk]))
    page = _page(request, found)
    shown = set(request.POST.getlist("doubt"))
    keys = [doubt.key for doubt in page.doubts if doubt.is_safe and doubt.key in shown]
    step = Step(DraftVerb.CONFIRMED, WHOLE, lambda review: _confirm_safe(review, keys))
    try:
        fresh = _save(request, found, step)
    except ActionRefused as refusal:
        return _refused(request, pk, refusal)
    left = _page(request, fresh).doubts
    return _to_doubt(request, page, fresh, left[0] if left else None)


ADDED = {"item": lines.add_item, "duty": lines.add_duty}


@require_POST
def draft_add(request: HttpRequest, pk: int) -> HttpResponse:
    """An empty item or reporting duty, open for writing."""
    request = acting(request)
    found = own_draft(request, pk)
    add = ADDED.get(request.POST.get("what", ""))
    if add is None:
        raise Http404
    if found.state != DraftState.REVIEWING:
        return _leave(request, reverse("draft", args=[pk]))
    return _added(request, found, Step(DraftVerb.ADDED, "", add))


def _added(request: ActingRequest, found: PlanDraft, step: Step) -> HttpResponse:
    keys: list[Any] = []
    kept = Step(step.verb, step.card, lambda review: keys.append(step.change(review)))
    try:
        fresh = _save(request, found, kept)
    except ActionRefused as refusal:
        return _refused(request, found.pk, refusal)
    address = reverse("draft_card", args=[found.pk, keys[0]])
    if not request.htmx:
        return redirect(f"{address}#{keys[0]}")
    page = _page(request, fresh, keys[0])
    opened = Card.of(fresh, keys[0], page.registry)
    assert opened is not None
    response = _fragment(request, page, [keys[0]], card=keys[0], form=opened.form())
    return _going_to(response, address, keys[0])


# ---- Splitting, merging, moving ----


def draft_arrange(request: HttpRequest, pk: int, card: str) -> HttpResponse:
    """The review with one item open for splitting, merging and moving."""
    request = acting(request)
    found = own_draft(request, pk)
    if found.state != DraftState.REVIEWING:
        return _leave(request, reverse("draft", args=[pk]))
    page = _page(request, found, card)
    review = page.review
    if edits.find_item(review, card) is None:
        return _gone(request, pk)
    if request.method != "POST":
        initial = {
            "revision": found.revision,
            "pieces": first_pieces(review, card),
            "into": item_before(review, card),
        }
        form = ArrangeForm(review=review, key=card, initial=initial)
        return _form_page(request, page, card, arrange=form)
    form = ArrangeForm(request.POST, review=review, key=card)
    if not form.is_valid():
        return _form_page(request, page, card, arrange=form, status=422)
    return _arranged(request, page, form)


def _arranged(request: ActingRequest, page: ReviewPage, form: ArrangeForm) -> HttpResponse:
    found, change = page.draft, form.change(page.draft.text)
    if form.cleaned_data["step"] == ADD:
        return _added(request, found, Step(form.verb, "", change))
    going_on: list[str] = []
    step = Step(form.verb, form.key, lambda review: going_on.append(change(review)))
    try:
        fresh = _save(request, found, step)
    except ActionRefused as refusal:
        return _refused(request, found.pk, refusal, form.key)
    messages.success(request, _("Saved."))
    return _after(request, page, fresh, going_on[0])


# ---- Taking back; what others did ----


@require_POST
def draft_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one step back, or do it again."""
    request = acting(request)
    found = own_draft(request, pk)
    edit = request.POST.get("edit", "")
    if not edit.isdecimal():
        raise Http404
    page = _page(request, found)
    try:
        fresh = actions.undo_edit(draft=found, actor=request.actor, at=request.at, edit=int(edit))
    except ActionRefused as refusal:
        return _refused(request, pk, refusal)
    card = fresh.edits.values_list("card", flat=True)[0]
    return _after(request, page, fresh, _card_at(_page(request, fresh), card))


def draft_news(request: HttpRequest, pk: int) -> HttpResponse:
    """What others changed since the page was drawn; no content when nobody did."""
    request = acting(request)
    found = own_draft(request, pk)
    given = request.GET.get("seen", "")
    if not request.htmx:
        return redirect("draft", pk)
    if found.state != DraftState.REVIEWING:
        return _leave(request, reverse("draft", args=[pk]))
    if not given.isdecimal() or int(given) >= found.revision:
        return HttpResponse(status=204)
    return _fragment(request, _page(request, found, request.GET.get("at", "")), ())


urlpatterns: list[URLPattern] = [
    path("drafts/<int:pk>/", draft, name="draft"),
    path("drafts/<int:pk>/cards/<slug:card>/", draft_card, name="draft_card"),
    path("drafts/<int:pk>/shown/", draft_shown, name="draft_shown"),
    path("drafts/<int:pk>/cards/<slug:card>/arrange/", draft_arrange, name="draft_arrange"),
    path("drafts/<int:pk>/step/", draft_step, name="draft_step"),
    path("drafts/<int:pk>/safe/", draft_confirm_safe, name="draft_confirm_safe"),
    path("drafts/<int:pk>/add/", draft_add, name="draft_add"),
    path("drafts/<int:pk>/undo/", draft_undo, name="draft_undo"),
    path("drafts/<int:pk>/news/", draft_news, name="draft_news"),
]
