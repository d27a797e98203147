"""For the administrator: the mails that went out or did not."""

from __future__ import annotations

from csp.constants import NONE, SELF
from csp.decorators import csp, csp_update
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from notifications.deliver import send_again
from notifications.figures import mail_figures
from notifications.kinds import MailState
from notifications.models import Mail

ROWS_PER_PAGE = 30
DOUBTFUL = "doubtful"

may_see_mail = permission_required("notifications.view_mail", raise_exception=True)


@require_safe
@may_see_mail
def mail_list(request: HttpRequest) -> HttpResponse:
    """Every mail, the newest first, by state and by words of recipient or subject."""
    chosen, words = request.GET.get("state", ""), request.GET.get("q", "").strip()
    mails = Mail.objects.select_related("recipient")
    if chosen in MailState:
        mails = mails.filter(state=chosen)
    elif chosen == DOUBTFUL:
        mails = mails.filter(doubtful=True)
    if words:
        mails = mails.filter(
            Q(subject__icontains=words)
            | Q(address__icontains=words)
            | Q(recipient__full_name__icontains=words)
        )
    page = Paginator(mails.defer("text", "html"), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "states": [*MailState.choices, (DOUBTFUL, _("may have arrived twice"))],
        "chosen": chosen,
        "words": words,
        "figures": mail_figures(at=timezone.now()),
    }
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
