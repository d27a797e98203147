"""Leave: entering who stands in for whom, and seeing it from both sides."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tasks.models import Membership, Substitution
from workflows.actions.leave import arrange_leave, end_leave
from workflows.errors import ActionRefused
from workflows.forms.leave import LeaveForm
from workflows.views.base import ActingRequest

SHOWN = 60


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """The leaves I am part of, and for a leader those of the unit; below them a new one."""
    request = cast(ActingRequest, request)
    form = LeaveForm(request.POST or None, actor=request.actor, today=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            made = arrange_leave(actor=request.actor, at=request.at, **form.cleaned_data)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = _("Entered: %(substitute)s stands in for %(absent)s.")
            names = {"substitute": made.substitute, "absent": made.absent}
            messages.success(request, words % names)
            return redirect("leave")
    return _page(request, form)


def _page(request: ActingRequest, form: LeaveForm) -> HttpResponse:
    me = request.actor.person
    mine = Q(absent=me) | Q(substitute=me)
    leads = request.actor.may("approve_for_unit")
    if leads:
        posts = Membership.objects.current(request.today).filter(unit=request.actor.unit)
        theirs = set(posts.values_list("person", flat=True))
        mine |= Q(absent__in=theirs)
    else:
        theirs = set()
    shown = Substitution.objects.filter(mine, ends_on__gte=request.today)
    rows = [
        (one, one.absent_id == me.pk or one.absent_id in theirs)
        for one in shown.standing()
        .select_related("absent", "substitute", "entered_by")
        .order_by("starts_on", "pk")[:SHOWN]
    ]
    context = {"form": form, "rows": rows, "me": me}
    status = 422 if form.errors else 200
    return render(request, "workflows/leave.html", context, status=status)


@require_POST
def leave_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a leave early, or call off one to come."""
    request = cast(ActingRequest, request)
    found = get_object_or_404(Substitution.objects.select_related("absent"), pk=pk)
    try:
        end_leave(substitution=found, actor=request.actor, at=request.at)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Ended: what comes now goes to %(person)s again.") % {"person": found.absent}
        )
    return redirect("leave")
