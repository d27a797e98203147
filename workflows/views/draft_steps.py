"""Small steps of a review: one press on a doubt or a line, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tasks.models import DraftState, DraftVerb, PlanDraft
from workflows.actions import drafts as actions
from workflows.actions.drafts import Step
from workflows.draft_pages import ReviewPage, next_doubt
from workflows.drafting import edits, lines
from workflows.drafting.doubts import Doubt
from workflows.drafting.history import WHOLE
from workflows.drafting.review import Review
from workflows.errors import ActionRefused
from workflows.forms.arrange import ADD, ArrangeForm, first_pieces, item_before
from workflows.forms.card_kinds import Card
from workflows.views.base import ActingRequest
from workflows.views.draft_access import acting, own_draft
from workflows.views.draft_answers import (
    after,
    card_in,
    form_page,
    fragment,
    going_to,
    gone,
    leave,
    page_of,
    refused,
    save,
)


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
        return leave(request, reverse("draft", args=[pk]))
    page = page_of(request, found)
    verb, press = STEPS[pressed]
    try:
        choice = _choice(page, request, place) if pressed in NEED_CHOICE else ""
        card = card_in(page, place)
        fresh = save(request, found, Step(verb, card, lambda review: press(review, place, choice)))
    except ActionRefused as refusal:
        return refused(request, pk, refusal, place)
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
        return after(request, page, fresh, place)
    doubts = page_of(request, fresh).doubts
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
        return after(request, page, fresh, "")
    return after(request, page, fresh, doubt.place, doubt.key)


@require_POST
def draft_confirm_safe(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm together the doubts that were shown as hardly being any."""
    request = acting(request)
    found = own_draft(request, pk)
    if found.state != DraftState.REVIEWING:
        return leave(request, reverse("draft", args=[pk]))
    page = page_of(request, found)
    shown = set(request.POST.getlist("doubt"))
    keys = [doubt.key for doubt in page.doubts if doubt.is_safe and doubt.key in shown]
    step = Step(DraftVerb.CONFIRMED, WHOLE, lambda review: _confirm_safe(review, keys))
    try:
        fresh = save(request, found, step)
    except ActionRefused as refusal:
        return refused(request, pk, refusal)
    left = page_of(request, fresh).doubts
    return _to_doubt(request, page, fresh, left[0] if left else None)


def _add_words(text: str, begin: int, end: int) -> Callable[[Review], str]:
    return lambda review: lines.add_item_of_words(review, text, begin, end)


def _addition(request: ActingRequest, text: str) -> Callable[[Review], str]:
    """What is to be added: an empty line, or an item of words chosen in the document."""
    what = request.POST.get("what", "")
    if what == "words":
        begin, end = (request.POST.get(name, "") for name in ("begin", "end"))
        if begin.isdecimal() and end.isdecimal() and text[int(begin) : int(end)].strip():
            return _add_words(text, int(begin), int(end))
    if what not in ADDED:
        raise Http404
    return ADDED[what]


ADDED: dict[str, Callable[[Review], str]] = {
    "item": lines.add_item,
    "duty": lines.add_duty,
    "target": lines.add_target,
}


@require_POST
def draft_add(request: HttpRequest, pk: int) -> HttpResponse:
    """An empty item or reporting duty, open for writing."""
    request = acting(request)
    found = own_draft(request, pk)
    add = _addition(request, found.text)
    if found.state != DraftState.REVIEWING:
        return leave(request, reverse("draft", args=[pk]))
    return _added(request, found, Step(DraftVerb.ADDED, "", add))


def _added(request: ActingRequest, found: PlanDraft, step: Step) -> HttpResponse:
    keys: list[Any] = []
    kept = Step(step.verb, step.card, lambda review: keys.append(step.change(review)))
    try:
        fresh = save(request, found, kept)
    except ActionRefused as refusal:
        return refused(request, found.pk, refusal)
    address = reverse("draft_card", args=[found.pk, keys[0]])
    if not request.htmx:
        return redirect(f"{address}#{keys[0]}")
    page = page_of(request, fresh, keys[0])
    opened = Card.of(fresh, keys[0], page.registry)
    assert opened is not None
    response = fragment(request, page, [keys[0]], card=keys[0], form=opened.form())
    return going_to(response, address, keys[0])


# ---- Splitting, merging, moving ----


def draft_arrange(request: HttpRequest, pk: int, card: str) -> HttpResponse:
    """The review with one item open for splitting, merging and moving."""
    request = acting(request)
    found = own_draft(request, pk)
    if found.state != DraftState.REVIEWING:
        return leave(request, reverse("draft", args=[pk]))
    page = page_of(request, found, card)
    review = page.review
    if edits.find_item(review, card) is None:
        return gone(request, pk)
    if request.method != "POST":
        initial = {
            "revision": found.revision,
            "pieces": first_pieces(review, card),
            "into": item_before(review, card),
        }
        form = ArrangeForm(review=review, key=card, initial=initial)
        return form_page(request, page, card, arrange=form)
    form = ArrangeForm(request.POST, review=review, key=card)
    if not form.is_valid():
        return form_page(request, page, card, arrange=form, status=422)
    return _arranged(request, page, form)


def _arranged(request: ActingRequest, page: ReviewPage, form: ArrangeForm) -> HttpResponse:
    found, change = page.draft, form.change(page.draft.text)
    if form.cleaned_data["step"] == ADD:
        return _added(request, found, Step(form.verb, "", change))
    going_on: list[str] = []
    step = Step(form.verb, form.key, lambda review: going_on.append(change(review)))
    try:
        fresh = save(request, found, step)
    except ActionRefused as refusal:
        return refused(request, found.pk, refusal, form.key)
    messages.success(request, _("Saved."))
    return after(request, page, fresh, going_on[0])


# ---- Taking back; what others did ----


@require_POST
def draft_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one step back, or do it again."""
    request = acting(request)
    found = own_draft(request, pk)
    edit = request.POST.get("edit", "")
    if not edit.isdecimal():
        raise Http404
    page = page_of(request, found)
    try:
        fresh = actions.undo_edit(draft=found, actor=request.actor, at=request.at, edit=int(edit))
    except ActionRefused as refusal:
        return refused(request, pk, refusal)
    messages.success(request, _("Undone."))
    card = fresh.edits.values_list("card", flat=True)[0]
    return after(request, page, fresh, card_in(page_of(request, fresh), card))


urlpatterns: list[URLPattern] = [
    path("drafts/<int:pk>/cards/<slug:card>/arrange/", draft_arrange, name="draft_arrange"),
    path("drafts/<int:pk>/step/", draft_step, name="draft_step"),
    path("drafts/<int:pk>/safe/", draft_confirm_safe, name="draft_confirm_safe"),
    path("drafts/<int:pk>/add/", draft_add, name="draft_add"),
    path("drafts/<int:pk>/undo/", draft_undo, name="draft_undo"),
]
