"""Beside the draft of a consolidated report: what its sources say and it does not."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tasks.models import Report
from tasks.reporting.consolidating import account_of
from workflows.actions.consolidation import assemble_report, leave_out, put_in, take_back
from workflows.errors import ActionRefused, NotAllowed
from workflows.views.base import ActingRequest, refuse, visible_or_404
from workflows.views.reports import REPORTS

_BUTTONS = ("put_in", "leave_out", "take_back")
_MOST_DIGITS = 12


def sources_context(report: Report) -> dict[str, Any]:
    """For the page on which a report is written; nothing for a unit's own report."""
    if not report.is_consolidated:
        return {}
    account = account_of(report)
    return {
        "account": account,
        "new_units": {source.pk for source in account.new},
    }


@require_POST
def report_assemble(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the first draft from the accepted unit reports."""
    request = cast(ActingRequest, request)
    target = visible_or_404(request, REPORTS, pk=pk)
    try:
        assemble_report(report=target, actor=request.actor, at=request.at)
    except NotAllowed as error:
        raise refuse(error) from error
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The draft is made. Each statement names its source."))
    return redirect("report_edit", pk)


def is_about_sources(request: HttpRequest) -> bool:
    """Whether a button of the list beside the draft was pressed."""
    return any(name in request.POST for name in _BUTTONS)


def answer_about_sources(request: ActingRequest, report: Report) -> HttpResponse:
    """Do what the button says, once the texts of the form are saved."""
    about: dict[str, Any] = {"report": report, "actor": request.actor, "at": request.at}
    try:
        messages.success(request, _done(request, about))
    except ActionRefused as refusal:
        messages.error(request, _("Saved. %(why)s") % {"why": refusal})
    answer = redirect("report_edit", report.pk)
    answer["Location"] += "#not-taken-over"
    return answer


def _done(request: ActingRequest, about: dict[str, Any]) -> str:
    if given := request.POST.get("take_back", ""):
        if given.isdecimal() and len(given) <= _MOST_DIGITS:
            take_back(**about, left_out=int(given))
        return _("Saved. The sentence is on the list again.")
    chosen = _chosen(request)
    if not chosen:
        raise ActionRefused(_("Tick the sentences that you mean first."))
    if "put_in" in request.POST:
        number = put_in(**about, chosen=chosen)
        return ngettext(
            "Saved. %(number)s sentence was added to the draft.",
            "Saved. %(number)s sentences were added to the draft.",
            number,
        ) % {"number": number}
    number = leave_out(**about, chosen=chosen, reason=request.POST.get("reason", ""))
    return ngettext(
        "Saved. %(number)s sentence is left out, with your reason on record.",
        "Saved. %(number)s sentences are left out, with your reason on record.",
        number,
    ) % {"number": number}


def _chosen(request: HttpRequest) -> list[tuple[int, str]]:
    """The ticked sentences: the key of their section and their words."""
    pairs = (value.partition(":") for value in request.POST.getlist("sentence"))
    return [
        (int(section), words)
        for section, _colon, words in pairs
        if section.isdecimal() and len(section) <= _MOST_DIGITS
    ]
