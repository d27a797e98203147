"""The working calendar for the administrator: a year, its exceptions, and what they would move."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from notifications.access import ActingRequest
from notifications.calendar_editing import (
    Decision,
    StaleCalendar,
    decide,
    moves,
    open_dates_by_year,
    progress,
    verify_year,
)
from notifications.forms.calendar import DecisionForm
from notifications.ladder import fingerprint
from notifications.plan import plan_deadlines, replan_calendar
from tasks.models import CalendarChange, CalendarException, CalendarYear
from tasks.queries import working_calendar
from tasks.words import WEEKDAYS
from tasks.year_grid import year_grid

FIRST_YEAR, LAST_YEAR = 2000, 2100
CHANGES_SHOWN = 8
# So many reminders are projected anew before the page comes back; more are left to the worker.
AT_ONCE = 2000

may_keep = permission_required("tasks.change_calendarexception", raise_exception=True)


@require_safe
@may_keep
def calendar(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """One year: every day that is not what its weekday says, with the reason."""
    request = cast(ActingRequest, request)
    return _page(request, _year(year, request.today.year))


def _year(asked: int | None, present: int) -> int:
    year = asked if asked is not None else present
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return year


def _page(
    request: ActingRequest, year: int, form: DecisionForm | None = None, *, status: int = 200
) -> HttpResponse:
    days = working_calendar()
    exceptions = {one.day: one for one in CalendarException.objects.filter(day__year=year)}
    grid = year_grid(
        year,
        calendar=days,
        notes={day: one.note for day, one in exceptions.items()},
        today=request.today,
        language=get_language() or "",
    )
    context = {
        "grid": grid,
        "weekdays": WEEKDAYS,
        "exceptions": exceptions,
        "verified": CalendarYear.objects.select_related("verified_by").filter(year=year).first(),
        "unverified": _unverified(),
        "form": form or DecisionForm(calendar=days),
        "progress": progress(),
        "changes": CalendarChange.objects.select_related("by")[:CHANGES_SHOWN],
    }
    return render(request, "notifications/calendar.html", context, status=status)


def _unverified() -> list[tuple[int, int]]:
    """The years in which dates fall due and that nobody has verified, with how many dates."""
    verified = set(CalendarYear.objects.values_list("year", flat=True))
    return sorted(entry for entry in open_dates_by_year().items() if entry[0] not in verified)


@require_POST
@may_keep
def calendar_decide(request: HttpRequest) -> HttpResponse:
    """First show what a decision would move; enter it when that was confirmed."""
    request = cast(ActingRequest, request)
    form = DecisionForm(request.POST, calendar=working_calendar())
    if not form.is_valid():
        return _page(request, request.today.year, form, status=422)
    desk = Desk(form.decision(), form.cleaned_data["note"], reverse("calendar_decide"))
    return _decide(request, desk, form)


@require_POST
@may_keep
def calendar_remove(request: HttpRequest, day: str) -> HttpResponse:
    """Take an exception back: the day follows the rule again. Also with a preview."""
    try:
        found = CalendarException.objects.get(day=dt.date.fromisoformat(day))
    except (ValueError, CalendarException.DoesNotExist) as error:
        raise Http404 from error
    desk = Desk({found.day: None}, found.note, reverse("calendar_remove", args=[day]))
    return _decide(cast(ActingRequest, request), desk)


@dataclass(frozen=True, slots=True)
class Desk:
    """A decision on its way: the days, the words of the record, where its form leads."""

    decision: Decision
    note: str
    url: str

    @property
    def year(self) -> int:
        return min(self.decision).year

    @property
    def is_removal(self) -> bool:
        return None in self.decision.values()


def _decide(request: ActingRequest, desk: Desk, form: DecisionForm | None = None) -> HttpResponse:
    seen = request.POST.get("seen", "")
    if not seen:
        return _preview(request, desk, form)
    try:
        change = decide(
            desk.decision, note=desk.note, seen=seen, by=request.actor.person, at=request.at
        )
    except StaleCalendar:
        messages.warning(request, _("The calendar was changed meanwhile. Look again first."))
        return _preview(request, desk, form, status=409)
    _project(request, change)
    return redirect("calendar_year", desk.year)


def _preview(
    request: ActingRequest, desk: Desk, form: DecisionForm | None, *, status: int = 200
) -> HttpResponse:
    context = {
        "desk": desk,
        "days": sorted(desk.decision.items()),
        "form": form,
        "seen": fingerprint(working_calendar()),
        "moves": moves(desk.decision, at=request.at),
    }
    return render(request, "notifications/calendar_preview.html", context, status=status)


def _project(request: ActingRequest, change: CalendarChange) -> None:
    """Few reminders move at once; many follow in the worker, and the page shows how far."""
    if change.waiting <= AT_ONCE:
        plan_deadlines(at=request.at)
        replan_calendar(at=request.at)
    words = ngettext(
        "Entered. %(number)s reminder moves; what was sent is not sent again.",
        "Entered. %(number)s reminders move; what was sent is not sent again.",
        change.moved,
    )
    messages.success(request, words % {"number": change.moved})


@require_safe
@may_keep
def calendar_progress(request: HttpRequest) -> HttpResponse:
    """The fragment that tells how far the reminders have followed the last change."""
    context: dict[str, Any] = {"progress": progress()}
    return render(request, "notifications/calendar_progress.html", context)


@require_POST
@may_keep
def calendar_verify(request: HttpRequest, year: int) -> HttpResponse:
    """Say that a year was compared with the decisions in force."""
    request = cast(ActingRequest, request)
    verify_year(_year(year, year), by=request.actor.person, at=request.at)
    messages.success(request, _("The calendar of %(year)s is marked as verified.") % {"year": year})
    return redirect("calendar_year", year)
