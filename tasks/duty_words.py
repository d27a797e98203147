"""Duties to report in words: what they are called, who owes, to whom, on which days."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tasks.models import Reporters, ReportingObligation
from tasks.rules.schedules import LAST_DAY, Schedule
from tasks.words import WEEKDAYS

_EVERY_MONTH = tuple(range(1, 13))


def duty_title(duty: ReportingObligation) -> str:
    """Return what the duty is called: what it is about, else whose reports it asks for."""
    if duty.title:
        return duty.title
    if duty.unit_id is not None and duty.unit_id == duty.plan.focal_unit_id:
        return _("Consolidated report")
    return _("Report of %(who)s") % {"who": who_owes(duty)}


def who_owes(duty: ReportingObligation) -> str:
    """Return who owes the reports, in words. Of `with_words` it asks nothing more."""
    match Reporters(duty.reporters):
        case Reporters.UNIT:
            assert duty.unit is not None  # a constraint of the table
            return duty.unit.short_name
        case Reporters.GROUP:
            assert duty.group is not None  # a constraint of the table
            return duty.group.name
        case Reporters.CHOSEN:
            return ", ".join(unit.short_name for unit in duty.units.all())
        case Reporters.LEADS:
            return _("every lead unit")


def receivers(duty: ReportingObligation) -> list[str]:
    """Return to whom the reports go, as the plan names them, else who accepts them."""
    if duty.recipient_names:
        return list(duty.recipient_names)
    is_final = duty.unit_id == duty.plan.focal_unit_id
    return [duty.plan.issuer.name if is_final else duty.plan.focal_unit.name]


def rule_words(rule: str) -> str:
    """Return in words on which days a rule recurs: "day 5 of months 3, 6, 9, 12"; empty without."""
    if not rule:
        return ""
    schedule = Schedule.parse(rule)
    if schedule.weekday is not None:
        return _("%(weekday)s every week") % {"weekday": WEEKDAYS[schedule.weekday - 1]}
    days = {day for _month, day in schedule.days}
    if len(days) > 1 or len(schedule.days) == 1:
        dates = ", ".join(f"{day}/{month}" for month, day in schedule.days)
        return _("%(dates)s every year") % {"dates": dates}
    (day,) = days
    months = tuple(month for month, _day in schedule.days)
    is_last = day == LAST_DAY
    named = {"day": day, "months": ", ".join(map(str, months))}
    if months == _EVERY_MONTH:
        words = _("last day of every month") if is_last else _("day %(day)s of every month")
    else:
        words = (
            _("last day of months %(months)s") if is_last else _("day %(day)s of months %(months)s")
        )
    return words % named
