"""A played plan as pages want it: months with their load, and the days of one month in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.kinds import Audience
from notifications.ladder_words import when
from notifications.simulation import Course, Telling
from notifications.simulation_report import Play
from tasks.models import Person
from tasks.month_grid import Month, month_grids

COURSES: tuple[tuple[str, str | Promise], ...] = (
    (Course.ON_TIME.value, _("everything is done on its last day")),
    (Course.LATE.value, _("everything is five working days late")),
    (Course.NEVER.value, _("nobody does anything")),
)
_SHADES = 4


@dataclass(frozen=True, slots=True)
class Heat:
    """The load of one day: how many messages, and the shade from 1 to 4."""

    number: int
    shade: int


@dataclass(frozen=True, slots=True)
class Line:
    """One message in words."""

    telling: Telling
    why: str
    audience: str


@dataclass(frozen=True, slots=True)
class DayLines:
    day: dt.date
    number: int
    people: list[tuple[Person, list[Line]]]


def calendar_of(play: Play, *, today: dt.date) -> list[Month[Heat]]:
    """A grid for each month with messages; each day carries at most one `Heat`."""
    counted = play.by_day
    most = max(counted.values(), default=1)
    entries = {day: [Heat(number, -(-number * _SHADES // most))] for day, number in counted.items()}
    return month_grids(entries, today=today, calendar=play.calendar)


def chosen_month(play: Play, asked: str) -> dt.date | None:
    """The month named like `2026-12`, or the first one with messages."""
    months = sorted({day.replace(day=1) for day in play.by_day})
    return next((one for one in months if f"{one:%Y-%m}" == asked), months[0] if months else None)


def days_of_month(play: Play, month: dt.date) -> list[DayLines]:
    days = sorted(day for day in play.by_day if day.replace(day=1) == month)
    return [
        DayLines(
            day,
            play.by_day[day],
            [(person, list(lines_of(told))) for person, told in play.on_day(day)],
        )
        for day in days
    ]


def lines_of(tellings: Iterable[Telling]) -> Iterable[Line]:
    for telling in tellings:
        yield Line(telling, why_of(telling), str(Audience(telling.recipient.audience).label))


def why_of(telling: Telling) -> str:
    """The rung in words, or that the work is assigned."""
    if telling.rung is None:
        return str(_("the assignment"))
    words = when(telling.rung)
    if telling.occurrence:
        repeat = _("repeat %(number)s") % {"number": telling.occurrence}
        return f"{words} ({repeat})"
    return words
