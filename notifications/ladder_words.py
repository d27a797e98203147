"""A ladder in words, for people who never think of it as a table. Speaks the active language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.utils.formats import time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.kinds import Audience, Channel
from notifications.ladder import DEFAULT_TIME, DayKind, Rung
from tasks.models import MembershipRole, Unit

_KEY = re.compile(r"(before|after)-(\d+)(c?)")


def units_of(rungs: Iterable[Rung]) -> dict[int, Unit]:
    """The units whose posts the rungs name; no query when there are none."""
    wanted = {rung.post[0] for rung in rungs if rung.post is not None}
    return Unit.objects.in_bulk(wanted) if wanted else {}


def sentence(rung: Rung, units: Mapping[int, Unit]) -> str:
    """The whole rung: "1 working day after: officer, leader". E-mail goes without saying."""
    words = _("%(when)s: %(who)s") % {"when": capfirst(when(rung)), "who": who(rung, units)}
    return words if rung.channels == (Channel.EMAIL,) else f"{words} ({channels(rung)})"


def when(rung: Rung) -> str:
    words = _days(rung)
    if rung.at_time != DEFAULT_TIME:
        words = _("%(when)s at %(time)s") % {"when": words, "time": time_format(rung.at_time)}
    if not rung.repeat_every:
        return words
    again = ngettext(
        "%(when)s, then every %(every)s working days, at most %(limit)s time more",
        "%(when)s, then every %(every)s working days, at most %(limit)s times more",
        rung.repeat_limit,
    )
    return again % {"when": words, "every": rung.repeat_every, "limit": rung.repeat_limit}


def _days(rung: Rung) -> str:
    days = abs(rung.offset)
    if not days:
        return _("on the day")
    if rung.day_kind is DayKind.CALENDAR:
        if rung.offset < 0:
            words = ngettext("%(days)s calendar day before", "%(days)s calendar days before", days)
        else:
            words = ngettext("%(days)s calendar day after", "%(days)s calendar days after", days)
    elif rung.offset < 0:
        words = ngettext("%(days)s working day before", "%(days)s working days before", days)
    else:
        words = ngettext("%(days)s working day after", "%(days)s working days after", days)
    return words % {"days": days}


def who(rung: Rung, units: Mapping[int, Unit]) -> str:
    words = [str(one.label) for one in rung.audience if one is not Audience.POST]
    if rung.post is not None:
        unit, role = rung.post
        name = units[unit].short_name if unit in units else "–"
        words.append(f"{MembershipRole(role).label} {name}")
    return ", ".join(words)


def channels(rung: Rung) -> str:
    if not rung.channels:
        return _("in the application only")
    return ", ".join(str(channel.label) for channel in rung.channels)


def when_of(key: str, occurrence: int = 0) -> str:
    """The words of a rung's key; empty for none."""
    found = _KEY.fullmatch(key)
    if key and found is None:
        return _("on the day")
    if found is None:
        return ""
    side, days, kind = found.groups()
    offset = -int(days) if side == "before" else int(days)
    words = when(Rung(offset, (), DayKind.CALENDAR if kind else DayKind.WORKING))
    if not occurrence:
        return words
    return _("%(when)s, repeat %(number)s") % {"when": words, "number": occurrence}
