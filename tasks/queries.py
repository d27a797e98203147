"""Look-ups that several rooms share."""

from __future__ import annotations

from tasks.models import CalendarException
from tasks.rules.calendar import WorkingCalendar


def working_calendar() -> WorkingCalendar:
    """Today's working calendar, with the administrator's exceptions. One query."""
    return WorkingCalendar(dict(CalendarException.objects.values_list("day", "is_working")))
