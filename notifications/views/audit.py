"""For the administrator: is everybody told who should be, and is the machinery alive?"""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError

from notifications.access import ActingRequest, may_see_audits
from notifications.audit import run_audit
from notifications.findings import groups_of
from notifications.jobs import audit as audit_job
from notifications.models import AuditRun
from notifications.repair import Repaired, repair
from notifications.watch import Check, keep_watch
from tasks.models import Deadline

RUNS_SHOWN = 12
# So many open dates are checked before the page comes back; more are left to the worker.
CHECKED_AT_ONCE = 10_000

may_see = permission_required("notifications.view_auditrun", raise_exception=True)
may_repair = permission_required("notifications.change_auditrun", raise_exception=True)


@require_safe
@may_see
def audit(request: HttpRequest) -> HttpResponse:
    """Signs of life, what the last check found, and the checks before it."""
    request = cast(ActingRequest, request)
    watch = keep_watch(at=request.at)
    groups = groups_of(watch.run) if watch.run else []
    context = {
        "watch": watch,
        "run": watch.run,
        "alarms": [group for group in groups if not group.is_note],
        "notes": [group for group in groups if group.is_note],
        "may_repair": any(group.repairable for group in groups),
        "runs": AuditRun.objects.finished().select_related("repaired_by")[:RUNS_SHOWN],
    }
    return render(request, "notifications/audit.html", context)


@require_POST
@may_repair
def audit_now(request: HttpRequest) -> HttpResponse:
    """Check the records now: few at once, many in the worker."""
    if _are_many():
        return _hand_to_worker(request)
    run = run_audit(at=timezone.now())
    if run is None:
        messages.info(request, _("A check is already under way; look again in a moment."))
    elif not run.alarms:
        messages.success(request, _("Checked: the records agree with what should have been."))
    return redirect("audit")


def _are_many() -> bool:
    open_dates = Deadline.objects.filter(closed_at__isnull=True)
    return open_dates[CHECKED_AT_ONCE : CHECKED_AT_ONCE + 1].exists()


def _hand_to_worker(request: HttpRequest) -> HttpResponse:
    try:
        audit_job.delay()
    except OperationalError:
        messages.error(request, _("The worker cannot be reached. Run “manage.py audit” instead."))
    else:
        messages.info(request, _("The worker checks now. Look again in a few minutes."))
    return redirect("audit")


@may_repair
def audit_repair(request: HttpRequest, pk: int) -> HttpResponse:
    """First say what a repair would do; do it when that page was confirmed."""
    run = get_object_or_404(AuditRun.objects.finished(), pk=pk)
    groups = [group for group in groups_of(run, samples=5) if not group.is_note]
    if request.method != "POST":
        context = {
            "run": run,
            "repairs": [group for group in groups if group.repairable],
            "left": [group for group in groups if not group.repairable],
        }
        return render(request, "notifications/audit_repair.html", context)
    actor = cast(ActingRequest, request).actor
    done = repair(run, clock=timezone.now, by=actor.person, mail=False)
    if _are_many():
        return _hand_to_worker(request)
    run_audit(at=timezone.now())
    messages.success(request, _repaired_words(done))
    return redirect("audit")


def _repaired_words(done: Repaired) -> str:
    laid_out = ngettext(
        "%(number)s date was laid out anew.", "%(number)s dates were laid out anew.", done.planned
    ) % {"number": done.planned}
    fired = ngettext(
        "%(number)s of them had a reminder due, and it was sent.",
        "%(number)s dates had reminders due, and they were sent.",
        done.fired,
    ) % {"number": done.fired}
    return " ".join((laid_out, fired, _("Mails leave at the worker's next wake-up.")))


@never_cache
@require_safe
@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """200 when everything is watched and agrees, 503 when not: for a monitoring program.

    Anybody learns which part is in trouble and nothing else; who may see the checks of the
    records also learns since when and how many.
    """
    try:
        watch = keep_watch(at=timezone.now())
        detailed = may_see_audits(request.user)
    except DatabaseError:
        checks = {"database": "unavailable"}
        return JsonResponse({"status": "alarm", "checks": checks}, status=503)
    told = {check.name: _told(check, detailed=detailed) for check in watch.checks}
    return JsonResponse(
        {"status": "ok" if watch.ok else "alarm", "checks": {"database": "ok", **told}},
        status=200 if watch.ok else 503,
    )


def _told(check: Check, *, detailed: bool) -> object:
    if not detailed:
        return check.verdict.value
    return {"verdict": check.verdict.value, "last_at": check.last_at, "number": check.number}
