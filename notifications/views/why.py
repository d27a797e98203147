"""Why did I get this, and why did nobody get that: for whoever may see the subject itself."""

from __future__ import annotations

from typing import cast

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from notifications.access import ActingRequest, visible_plans
from notifications.facts import Facts
from notifications.matters import Matters, facts_of
from notifications.models import Message
from notifications.why import MESSAGES, lines_of, told_of
from notifications.why_message import about_message, siblings
from notifications.words import entry, subject_of
from tasks.models import Deadline


@require_safe
def deadline_why(request: HttpRequest, pk: int) -> HttpResponse:
    """Every rung of a deadline and what became of it; the other dates of the same matter."""
    request = cast(ActingRequest, request)
    visible = Deadline.objects.filter(plan__in=visible_plans(request.actor))
    visible = visible.select_related("unit", "plan__document", "participation")
    deadline = get_object_or_404(visible, pk=pk)
    matters = Matters.read({pk})
    same = Q(report=deadline.report_id) if deadline.report_id else Q(participation__item__in=[0])
    if deadline.participation is not None:
        same = Q(participation__item=deadline.participation.item_id)
    others = visible.filter(same).exclude(pk=pk).order_by("unit__name", "due_on", "pk")
    context = {
        "deadline": deadline,
        "subject": subject_of(Facts.read(facts_of(pk, today=request.today))),
        "lines": lines_of(deadline, matters, at=request.at),
        "others": others,
    }
    return render(request, "notifications/deadline_why.html", context)


@require_safe
def report_why(request: HttpRequest, pk: int) -> HttpResponse:
    """The date of a report: its last, when it was set anew after a return."""
    request = cast(ActingRequest, request)
    visible = Deadline.objects.filter(plan__in=visible_plans(request.actor), report=pk)
    deadline = visible.order_by("-pk").first()
    if deadline is None:
        raise Http404
    return redirect("deadline_why", deadline.pk)


@require_safe
def message_why(request: HttpRequest, pk: int) -> HttpResponse:
    """One message: its cause, its reader, and the ways it took."""
    request = cast(ActingRequest, request)
    message = get_object_or_404(MESSAGES.select_related("deadline"), pk=pk)
    if not _may_see(request, message):
        raise Http404
    mine = message.recipient_id == request.actor.person.pk
    context = {
        "message": message,
        "entry": entry(message),
        "sentences": about_message(message),
        "told": told_of(siblings(message))[0],
        "is_mine": mine,
        "shows_deadline": message.deadline is not None
        and visible_plans(request.actor).filter(pk=message.deadline.plan_id).exists(),
    }
    return render(request, "notifications/message_why.html", context)


def _may_see(request: ActingRequest, message: Message) -> bool:
    """One's own always; those of others with the plan it is about."""
    if message.recipient_id == request.actor.person.pk:
        return True
    about = message.event or message.deadline
    plan = about.plan_id if about is not None else 0
    return visible_plans(request.actor).filter(pk=plan).exists()
