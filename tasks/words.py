"""How dates and standings are put into words: one wording for page, mail and document."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from tasks.rules.calendar import local_date
from tasks.rules.numbers import show_number
from tasks.rules.timeliness import Standing, Timeliness

# Named here so that our catalogue gives the written form, "Thứ Sáu", and not "Thứ 6".
WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


def long_date(day: dt.date | None) -> str:
    """A date with its weekday: "Thứ Sáu, 8/12/2023". An instant is read as the local date."""
    if day is None:
        return ""
    local = local_date(day) if isinstance(day, dt.datetime) else day
    return _with_weekday(local, pgettext("date format", "j M Y"), get_language())


def short_date(day: dt.date | None) -> str:
    """A date with its weekday, without the year: "Thứ Sáu, 8/12"."""
    if day is None:
        return ""
    return _with_weekday(day, pgettext("date format", "j M"), get_language())


@lru_cache(maxsize=1000)
def _with_weekday(day: dt.date, form: str, language: str | None) -> str:
    """Kept, because the mails of a morning name the same few days again and again."""
    return _("%(weekday)s, %(date)s") % {
        "weekday": WEEKDAYS[day.weekday()],
        "date": date_format(day, form),
    }


def standing_words(standing: Standing, today: dt.date | None = None) -> str:
    """How something stands, as a few words: "còn 3 ngày làm việc", "quá hạn 2 ngày".

    `today` (local date) only sharpens the last days: without it the words name the due date,
    because no working day may be left although the date itself, a Sunday, is still to come.
    """
    match standing.timeliness:
        case Timeliness.IN_TERM:
            return _("on schedule")
        case Timeliness.DUE_SOON:
            return _time_left(standing, today)
        case Timeliness.OVERDUE:
            return _days_overdue(standing.days_late)
        case Timeliness.DONE_ON_TIME:
            return _("done on time")
        case Timeliness.DONE_LATE:
            return _days_done_late(standing.days_late)
        case Timeliness.PAUSED:
            return _("suspended")
        case Timeliness.NO_DEADLINE:
            return _("no date")


def due_words(standing: Standing, today: dt.date | None = None) -> str:
    """The due date with what remains: "Thứ Sáu, 8/12/2023 (còn 2 ngày làm việc)"."""
    if standing.due_on is None:
        return _("no date")
    due = long_date(standing.due_on)
    rest = _remainder(standing, today)
    return _("%(date)s (%(remainder)s)") % {"date": due, "remainder": rest} if rest else due


def _remainder(standing: Standing, today: dt.date | None) -> str:
    """What follows a date in brackets; nothing where the date alone says it all."""
    left = standing.working_days_left
    if left:
        return _working_days_left(left)
    if left == 0:
        return _("today") if today == standing.due_on else ""
    return standing_words(standing, today)


def _time_left(standing: Standing, today: dt.date | None) -> str:
    if standing.working_days_left:
        return _working_days_left(standing.working_days_left)
    if standing.due_on == today:
        return _("due today")
    return _("due %(date)s") % {"date": short_date(standing.due_on)}


def _working_days_left(days: int) -> str:
    return ngettext(
        "%(days)s working day left", "%(days)s working days left", days
    ) % {"days": days}  # fmt: skip


def _days_overdue(days: int) -> str:
    return ngettext("%(days)s day overdue", "%(days)s days overdue", days) % {"days": days}


def _days_done_late(days: int) -> str:
    return ngettext(
        "done, %(days)s day late", "done, %(days)s days late", days
    ) % {"days": days}  # fmt: skip


def bounds_words(low: Decimal | None, high: Decimal | None) -> str:
    """How much is wanted: "100–120", "15", "at least 95", "at most 3"."""
    if low is not None and high is not None:
        return show_number(low) if low == high else f"{show_number(low)}–{show_number(high)}"
    if low is not None:
        return _("at least %(number)s") % {"number": show_number(low)}
    return _("at most %(number)s") % {"number": show_number(high)} if high is not None else ""


def phase_words(start: dt.date, end: dt.date) -> str:
    """A span of days, in years where it is whole ones: "2022–2025", "1/4/2023–30/6/2023"."""
    if (start.month, start.day) == (1, 1) and (end.month, end.day) == (12, 31):
        return f"{start.year}" if start.year == end.year else f"{start.year}–{end.year}"
    return f"{start.day}/{start.month}/{start.year}–{end.day}/{end.month}/{end.year}"


def sentence(words: str) -> str:
    """The words as one line that ends like a sentence."""
    line = " ".join(words.split())
    return line if not line or line[-1] in ".!?…" else f"{line}."
