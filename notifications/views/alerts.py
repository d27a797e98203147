"""My alerts: what I was told, and to where I act on it."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from notifications.facts import Facts
from notifications.kinds import Audience, Channel, Kind
from notifications.models import Message
from notifications.words import entry
from tasks.models import OverdueNotice, Person, Unit

ROWS_PER_PAGE = 30
# Those who may take note of a delay; the action itself asks guardian.
_OVERSEERS = (Audience.FOCAL, Audience.FOCAL_LEADER, Audience.SUPERVISOR)


def _mine(request: HttpRequest) -> QuerySet[Message]:
    person = cast(Person, request.user)
    return Message.objects.filter(recipient=person, channel=Channel.IN_APP)


@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """My alerts, unread first."""
    mine = _mine(request)
    chosen = request.GET.get("kind", "")
    if chosen in Kind:
        mine = mine.filter(kind=chosen)
    noted = OverdueNotice.objects.filter(deadline=OuterRef("deadline"), version=OuterRef("version"))
    shown = (
        mine.select_related("substitute_for", "deadline", "scheduled")
        .annotate(unread=Q(read_at__isnull=True), noted=Exists(noted))
        .order_by("-unread", "-created_at", "-pk")
    )
    page = Paginator(shown, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    rows = [(message, entry(message), _may_take_notice(message)) for message in page]
    context = {"page": page, "rows": rows, "kinds": Kind.choices, "chosen": chosen}
    return render(request, "notifications/alerts.html", context)


def _may_take_notice(message: Message) -> bool:
    """Whether the alert is about a delay that is still there and that nobody took note of."""
    deadline = message.deadline
    return (
        message.kind == Kind.ESCALATION
        and message.audience in _OVERSEERS
        and deadline is not None
        and deadline.closed_at is None
        and deadline.version == message.version
        and not message.noted  # type: ignore[attr-defined]
    )


@require_POST
def alert_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one of my alerts as read; go to where one acts, acting for the unit it is about."""
    alert = get_object_or_404(_mine(request).select_related("substitute_for", "scheduled"), pk=pk)
    _mine(request).filter(pk=pk, read_at__isnull=True).update(read_at=timezone.now())
    _act_for(request, Facts.read(alert.facts))
    return redirect(entry(alert).path)


def _act_for(request: HttpRequest, facts: Facts) -> None:
    """Somebody with several units, or a substitute, would not find the page for another unit.

    Only a unit in which the person has a post now, or stands in for somebody, is ever chosen.
    """
    acting = request.actor.unit  # type: ignore[attr-defined]
    if acting is None or facts.audience_unit_id in (None, acting.pk):
        return
    groups = cast(Person, request.user).groups.all()
    theirs = Unit.objects.filter(role_groups__group__in=groups)
    unit = theirs.filter(pk=facts.audience_unit_id).first()
    if unit is not None:
        request.session["acting_unit"] = unit.pk
        messages.info(request, _("You are now acting for %(unit)s.") % {"unit": unit.short_name})


@require_safe
def message_go(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the link of a mail leads: to the place to act, acting for the unit it is about.

    For somebody else, to whom it was perhaps forwarded, nothing is switched: the page itself says
    whether they may see it.
    """
    message = get_object_or_404(
        Message.objects.select_related("substitute_for", "scheduled"), pk=pk
    )
    if message.recipient_id == request.user.pk:
        _act_for(request, Facts.read(message.facts))
    return redirect(entry(message).path)


@require_POST
def alert_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one of my alerts as read, and stay where I was."""
    alert = get_object_or_404(_mine(request), pk=pk)
    _mine(request).filter(pk=alert.pk, read_at__isnull=True).update(read_at=timezone.now())
    kind = request.POST.get("kind", "")
    return redirect(reverse("alerts") + (f"?kind={kind}" if kind in Kind else ""))


@require_POST
def alerts_read(request: HttpRequest) -> HttpResponse:
    """Mark all my alerts as read."""
    _mine(request).filter(read_at__isnull=True).update(read_at=timezone.now())
    return redirect("alerts")
