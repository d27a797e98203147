"""Words of duties to report, for templates."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from tasks import duty_words
from tasks.duties import Cell, UnitRow
from tasks.models import Recurrence, ReportingObligation, ReportingPeriod

register = template.Library()
register.filter("duty_title", duty_words.duty_title)
register.filter("who_owes", duty_words.who_owes)
register.filter("receivers", duty_words.receivers)


@register.filter
def duty_days(duty: ReportingObligation) -> str:
    """How often, and on which days."""
    if duty.recurrence == Recurrence.DATED:
        return _("once")
    days = duty_words.rule_words(duty.rule)
    return f"{duty.get_recurrence_display()}: {days}" if days else duty.get_recurrence_display()


@register.filter
def by_period(
    row: UnitRow, periods: list[ReportingPeriod]
) -> list[tuple[ReportingPeriod, Cell | None]]:
    return list(zip(periods, row.cells, strict=True))
