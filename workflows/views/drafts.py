"""Reading a plan in: hand it in, review it beside its text, see what happens, issue it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tasks.models import UNREAD, DraftState, PlanDraft
from workflows.actions import drafts as actions
from workflows.draft_pages import ReviewPage, next_doubt, place_url
from workflows.drafting import edits
from workflows.drafting.checks import cautions, problems
from workflows.drafting.convert import plan_input
from workflows.drafting.review import Review
from workflows.drafting.summary import consequences
from workflows.errors import ActionRefused, IncompletePlan, NotAllowed, Overtaken
from workflows.forms.draft_cards import CardForm, DutyForm, HeaderForm, ItemForm
from workflows.uploads import same_document
from workflows.views.base import ActingRequest, refuse
from workflows.views.draft_access import acting as _acting
from workflows.views.draft_access import own_draft as _own_draft
from workflows.views.uploads import reading_page

DRAFTS_PER_PAGE = 30


def draft_list(request: HttpRequest) -> HttpResponse:
    request = _acting(request)
    drafts = PlanDraft.objects.filter(unit=request.actor.unit).defer("text", "reading")
    drafts = drafts.select_related("uploaded_by", "plan__document")
    unread = drafts.filter(state__in=UNREAD)
    present = drafts.filter(state=DraftState.REVIEWING)
    past = drafts.exclude(state__in=(*UNREAD, DraftState.REVIEWING))
    page = Paginator(past, DRAFTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "workflows/draft_list.html", {"unread": unread, "present": present, "page": page}
    )


def draft(request: HttpRequest, pk: int) -> HttpResponse:
    request = _acting(request)
    found = _own_draft(request, pk)
    if not found.review:
        return reading_page(request, found)
    if found.plan:
        messages.info(request, _("This plan was already issued."))
        return redirect("plan", found.plan.pk)
    return _review_page(request, found)


def _review_page(
    request: ActingRequest,
    found: PlanDraft,
    *,
    form: CardForm | None = None,
    card: str = "",
    status: int = 200,
) -> HttpResponse:
    """The review; `form` corrects `card` in place of what is shown there."""
    page = ReviewPage(found, today=request.today, at=request.GET.get("at", ""))
    if card and form is None and page.is_open:
        form = _card_form(page, card)
    context = {**page.context(), "form": form, "card": card, "known": same_document(found)}
    return render(request, "workflows/draft_review.html", context, status=status)


def _card_form(page: ReviewPage, card: str, data: Any = None) -> CardForm:
    """The form of one card, filled from the review or with `data`; 404 where there is none."""
    review = page.review
    about: dict[str, Any] = {"review": review, "registry": page.registry}
    revision = {"revision": page.draft.revision}
    if card == "header":
        return HeaderForm(data, initial={**HeaderForm.initial_of(review), **revision}, **about)
    if item := edits.find_item(review, card):
        return ItemForm(data, key=card, initial={**ItemForm.initial_of(item), **revision}, **about)
    if duty := edits.find_duty(review, card):
        return DutyForm(data, key=card, initial={**DutyForm.initial_of(duty), **revision}, **about)
    raise Http404


def draft_card(request: HttpRequest, pk: int, card: str) -> HttpResponse:
    """The review with one card open for correction; a correction is saved at once."""
    request = _acting(request)
    found = _own_draft(request, pk)
    if found.plan or not found.review:
        return redirect("draft", pk)
    if request.method != "POST" or found.state != DraftState.REVIEWING:
        return _review_page(request, found, card=card)
    form = _card_form(ReviewPage(found, today=request.today), card, request.POST)
    if not form.is_valid():
        return _review_page(request, found, form=form, card=card, status=422)
    try:
        _save(request, found, form.cleaned_data["revision"], form.change)
    except Overtaken as overtaken:
        messages.error(request, str(overtaken))
        fresh = _own_draft(request, pk)
        form.rebase(fresh.revision)
        return _review_page(request, fresh, form=form, card=card, status=409)
    messages.success(request, _("Saved."))
    return redirect(place_url(found, card))


def _save(
    request: ActingRequest, found: PlanDraft, revision: int, change: Callable[[Review], object]
) -> PlanDraft:
    def changed(review: Review) -> None:
        change(review)

    return actions.save_review(
        draft=found, actor=request.actor, at=request.at, revision=revision, change=changed
    )


# A small correction by one press: what it does to the review, with the place and the choice.
STEPS: dict[str, Callable[[Review, str, str], object]] = {
    "settle": edits.settle,
    "also": edits.settle_one_more,
    "open": lambda review, place, _choice: edits.settle(review, place, edits.OPEN),
    "remove": lambda review, place, _choice: edits.settle(review, place, edits.REMOVE),
    "confirm": lambda review, place, _choice: edits.confirm(review, place),
    "drop": lambda review, place, _choice: edits.set_dropped(review, place, dropped=True),
    "restore": lambda review, place, _choice: edits.set_dropped(review, place, dropped=False),
}
NEED_CHOICE = ("settle", "also")


def draft_step(request: HttpRequest, pk: int) -> HttpResponse:
    """One press on a doubt or a card; then the next doubt."""
    request = _acting(request)
    found = _own_draft(request, pk)
    step, place = request.POST.get("step", ""), request.POST.get("place", "")
    if step not in STEPS or found.state != DraftState.REVIEWING:
        return redirect("draft", pk)
    page = ReviewPage(found, today=request.today)
    try:
        choice = _choice(page, request, place) if step in NEED_CHOICE else ""
        fresh = _save(
            request, found, _revision(request), lambda review: STEPS[step](review, place, choice)
        )
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(place_url(found, place.split(".")[0]))
    return _after_step(request, page, fresh, step, place)


def _revision(request: ActingRequest) -> int:
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() else 0


def _choice(page: ReviewPage, request: ActingRequest, place: str) -> str:
    """The unit or group that was chosen for a name. Raises `ActionRefused` when none was."""
    name = edits.find_name(page.review, place)
    form = page.choice_form(name, request.POST, leads=True) if name else None
    if form is None or not form.is_valid() or not form.cleaned_data["choice"]:
        raise ActionRefused(_("Choose a unit first, then press the button."))
    return str(form.cleaned_data["choice"])


def _after_step(
    request: ActingRequest, page: ReviewPage, fresh: PlanDraft, step: str, place: str
) -> HttpResponse:
    """On to the next doubt; a card that was dropped or brought back stays in view."""
    if step in ("drop", "restore"):
        return redirect(place_url(fresh, place))
    doubts = ReviewPage(fresh, today=request.today).doubts
    doubt = next_doubt(page.doubts, doubts, place)
    if step == "also":
        doubt = next((one for one in doubts if one.place == place), doubt)
    if doubt is None:
        messages.success(
            request, _("Everything has been looked at. See what happens when it is issued.")
        )
        return redirect("draft", fresh.pk)
    return redirect(place_url(fresh, doubt.place, doubt.key))


ADDED = {"item": edits.add_item, "duty": edits.add_duty}


@require_POST
def draft_add(request: HttpRequest, pk: int) -> HttpResponse:
    """An empty item or reporting duty, open for writing."""
    request = _acting(request)
    found = _own_draft(request, pk)
    add = ADDED.get(request.POST.get("what", ""))
    if add is None:
        raise Http404
    keys: list[str] = []
    try:
        _save(request, found, _revision(request), lambda review: keys.append(add(review)))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("draft", pk)
    return redirect(f"{reverse('draft_card', args=[pk, keys[0]])}#{keys[0]}")


def draft_preview(request: HttpRequest, pk: int) -> HttpResponse:
    request = _acting(request)
    found = _own_draft(request, pk)
    if found.state != DraftState.REVIEWING:
        return redirect("draft", pk)
    page = ReviewPage(found, today=request.today)
    plan = plan_input(page.review, found, page.registry)
    context = {
        "draft": found,
        "plan": plan,
        "problems": problems(page.review, plan, page.doubts),
        "open_doubts": [doubt for doubt in page.doubts if not doubt.blocks],
        "cautions": cautions(page.review, plan, page.registry, today=request.today),
        "asked": consequences(plan, today=request.today),
    }
    return render(request, "workflows/draft_preview.html", context)


def draft_issue(request: HttpRequest, pk: int) -> HttpResponse:
    request = _acting(request)
    found = _own_draft(request, pk)
    if request.method != "POST":
        return redirect("draft_preview", pk)
    try:
        plan = actions.issue_draft(
            draft=found, actor=request.actor, at=request.at, revision=_revision(request)
        )
    except NotAllowed as error:
        raise refuse(error) from error
    except IncompletePlan as refusal:
        messages.error(request, f"{refusal} {' '.join(refusal.problems)}")
        return redirect("draft_preview", pk)
    except Overtaken as overtaken:
        messages.error(request, str(overtaken))
        plan_pk = PlanDraft.objects.values_list("plan", flat=True).get(pk=pk)
        return redirect("plan", plan_pk) if plan_pk else redirect("draft_preview", pk)
    messages.success(request, _("Issued. Every unit is asked to acknowledge."))
    return redirect("plan", plan.pk)


def draft_discard(request: HttpRequest, pk: int) -> HttpResponse:
    request = _acting(request)
    found = _own_draft(request, pk)
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


urlpatterns: list[URLPattern] = [
    path("drafts/<int:pk>/cards/<slug:card>/", draft_card, name="draft_card"),
    path("drafts/<int:pk>/step/", draft_step, name="draft_step"),
    path("drafts/<int:pk>/add/", draft_add, name="draft_add"),
]
