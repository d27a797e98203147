"""My alerts; and, for the administrator, the mails that went out or did not."""

from __future__ import annotations

from typing import cast

from csp.constants import NONE, SELF
from csp.decorators import csp, csp_update
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from notifications.deliver import send_again
from notifications.facts import Facts
from notifications.kinds import Audience, Channel, Kind, MailState
from notifications.models import Mail, Message
from notifications.words import entry
from tasks.models import OverdueNotice, Person, Unit

ROWS_PER_PAGE = 30
# Those who may take note of a delay; the action itself asks guardian.
_OVERSEERS = (Audience.FOCAL, Audience.FOCAL_LEADER, Audience.SUPERVISOR)

may_see_mail = permission_required("notifications.view_mail", raise_exception=True)


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
        mine.select_related("substitute_for", "deadline")
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
    alert = get_object_or_404(_mine(request).select_related("substitute_for"), pk=pk)
    _mine(request).filter(pk=pk, read_at__isnull=True).update(read_at=timezone.now())
    _act_for(request, Facts.read(alert.params))
    return redirect(entry(alert).path)


def _act_for(request: HttpRequest, facts: Facts) -> None:
    """Somebody with several units, or a substitute, would not find the page for another unit."""
    acting = request.actor.unit  # type: ignore[attr-defined]
    if acting is None or facts.audience_unit_id in (None, acting.pk):
        return
    unit = Unit.objects.filter(pk=facts.audience_unit_id).first()
    if unit and cast(Person, request.user).has_perm("tasks.acknowledge_for_unit", unit):
        request.session["acting_unit"] = unit.pk
        messages.info(request, _("You are now acting for %(unit)s.") % {"unit": unit.short_name})


@require_POST
def alerts_read(request: HttpRequest) -> HttpResponse:
    """Mark all my alerts as read."""
    _mine(request).filter(read_at__isnull=True).update(read_at=timezone.now())
    return redirect("alerts")


@require_safe
@may_see_mail
def mail_list(request: HttpRequest) -> HttpResponse:
    """Every mail, the newest first, by state and by words of recipient or subject."""
    chosen, words = request.GET.get("state", ""), request.GET.get("q", "").strip()
    mails = Mail.objects.select_related("recipient")
    if chosen in MailState:
        mails = mails.filter(state=chosen)
    if words:
        mails = mails.filter(
            Q(subject__icontains=words)
            | Q(address__icontains=words)
            | Q(recipient__full_name__icontains=words)
        )
    page = Paginator(mails.defer("text", "html"), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "states": MailState.choices, "chosen": chosen, "words": words}
    return render(request, "notifications/mail_list.html", context)


@require_safe
@may_see_mail
@csp_update({"frame-src": [SELF]})
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail: how it was sent, its text, and its HTML part in a frame that can do nothing."""
    found = get_object_or_404(Mail.objects.select_related("recipient"), pk=pk)
    context = {"mail": found, "may_send_again": found.state in (MailState.FAILED, MailState.KEPT)}
    return render(request, "notifications/mail.html", context)


@require_safe
@may_see_mail
@xframe_options_sameorigin
@csp(
    {
        "default-src": [NONE],
        "style-src": ["'unsafe-inline'"],
        "frame-ancestors": [SELF],
        "sandbox": [""],
    }
)
def mail_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML part of a mail as it was sent; no script, no form, no picture can do anything."""
    return HttpResponse(get_object_or_404(Mail, pk=pk).html)


@require_POST
@may_see_mail
def mail_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a refused mail back in the line, to the address its recipient has now."""
    found = get_object_or_404(Mail.objects.select_related("recipient"), pk=pk)
    if send_again(found, at=timezone.now()):
        messages.success(request, _("The mail will be sent again within a minute."))
    else:
        messages.warning(request, _("This mail is already on its way; nothing was changed."))
    return redirect("mail", pk=pk)
