"""For the administrator: the message bridges, their secrets, and the calls made to them."""

from __future__ import annotations

import json
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications.calls import call_again, try_bridge
from notifications.forms.bridges import BridgeForm
from notifications.kinds import MailState
from notifications.models import BRIDGE_LINE, Breaker, Bridge, Call
from notifications.models.bridges import new_salt
from tasks.models import Person

ROWS_PER_PAGE = 30
_REPEATABLE = (MailState.SENT, MailState.FAILED)

may_see = permission_required("notifications.view_bridge", raise_exception=True)
may_keep = permission_required("notifications.change_bridge", raise_exception=True)


@require_safe
@may_see
def bridge_list(request: HttpRequest) -> HttpResponse:
    """Every bridge and how it does; below them the calls, the newest first."""
    waits = Q(calls__state__in=(MailState.PENDING, MailState.SENDING))
    bridges = Bridge.objects.select_related("unit").annotate(
        waiting=Count("calls", filter=waits),
        failed=Count("calls", filter=Q(calls__state=MailState.FAILED)),
        last_sent=Max("calls__sent_at"),
    )
    down = Breaker.objects.filter(line__startswith=BRIDGE_LINE, open_until__gt=timezone.now())
    breakers = {one.line: one for one in down}
    calls = Call.objects.select_related("bridge", "recipient").defer("body", "answer")
    chosen = request.GET.get("state", "")
    if chosen in MailState:
        calls = calls.filter(state=chosen)
    context = {
        "bridges": [(one, breakers.get(one.line)) for one in bridges],
        "page": Paginator(calls, ROWS_PER_PAGE).get_page(request.GET.get("page")),
        "states": [(one.value, one.label) for one in MailState if one is not MailState.KEPT],
        "chosen": chosen,
    }
    return render(request, "notifications/bridge_list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may_keep
def bridge_new(request: HttpRequest) -> HttpResponse:
    now, person = timezone.now(), cast(Person, request.user)
    fresh = Bridge(made_by=person, made_at=now, secret_made_at=now)
    form = BridgeForm(request.POST or None, instance=fresh)
    if request.method == "POST" and form.is_valid():
        return _secret_page(request, form.save())
    return _form_page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@may_keep
def bridge(request: HttpRequest, pk: int) -> HttpResponse:
    """Change where it is and for whom. Its secret is never shown here."""
    found = get_object_or_404(Bridge, pk=pk)
    form = BridgeForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved. The next call goes there."))
        return redirect("bridge_list")
    return _form_page(request, form, found)


def _form_page(request: HttpRequest, form: BridgeForm, found: Bridge | None) -> HttpResponse:
    context = {"form": form, "bridge": found}
    status = 422 if form.errors else 200
    return render(request, "notifications/bridge_edit.html", context, status=status)


def _secret_page(request: HttpRequest, found: Bridge) -> HttpResponse:
    return render(request, "notifications/bridge_secret.html", {"bridge": found})


@never_cache
@require_POST
@may_keep
def bridge_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new secret and show it this once; the old one is void from now on."""
    with transaction.atomic():
        found = get_object_or_404(Bridge.objects.select_for_update(), pk=pk)
        found.salt, found.secret_made_at = new_salt(), timezone.now()
        found.save(update_fields=["salt", "secret_made_at"])
    return _secret_page(request, found)


@require_POST
@may_keep
def bridge_try(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a call that only says that the bridge works."""
    found = get_object_or_404(Bridge.objects.working(), pk=pk)
    made = try_bridge(found, by=cast(Person, request.user), at=timezone.now())
    messages.success(request, _("A test is on its way; its answer will stand here."))
    return redirect("call", made.pk)


@require_safe
@may_see
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """One call: what was sent, what was answered."""
    calls = Call.objects.select_related("bridge", "recipient", "replay_of")
    found = get_object_or_404(calls, pk=pk)
    context = {
        "call": found,
        "mail": found,
        "body": json.dumps(json.loads(found.body), ensure_ascii=False, indent=2),
        "may_repeat": found.state in _REPEATABLE,
        "replays": found.replays.all(),
    }
    return render(request, "notifications/call.html", context)


@require_POST
@may_keep
def call_repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a call again."""
    again = call_again(get_object_or_404(Call, pk=pk), at=timezone.now())
    if again is None:
        messages.warning(request, _("This call is already on its way; nothing was changed."))
        return redirect("call", pk)
    messages.success(request, _("The call will be made again within a minute."))
    return redirect("call", again.pk)
