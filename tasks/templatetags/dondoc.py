"""What every page draws in the same way: chips, dates, units, icons, progress."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tasks import words
from tasks.bars import Share, share_segments
from tasks.chips import Chip, HasState, standing_chip
from tasks.chips import state_chip as chip_of_state
from tasks.chips import target_chip as chip_of_target
from tasks.models import Unit
from tasks.rules.numbers import show_number
from tasks.rules.progress import Standing as TargetStanding
from tasks.rules.timeliness import Standing

register = template.Library()
register.filter("long_date", words.long_date)
register.filter("short_date", words.short_date)
register.filter("number", show_number)


def _today(context: Context) -> dt.date | None:
    today = context.get("today")
    return today if isinstance(today, dt.date) else None


@register.filter
def at(found: Mapping[Any, Any] | None, key: Any) -> Any:
    """What a mapping of the page has under a key; nothing where there is neither."""
    return (found or {}).get(key)


@register.inclusion_tag("tasks/chip.html", takes_context=True)
def chip(context: Context, standing: Standing) -> dict[str, Chip]:
    """How something stands against its date."""
    return {"chip": standing_chip(standing, _today(context))}


@register.inclusion_tag("tasks/chip.html")
def state_chip(thing: HasState) -> dict[str, Chip]:
    """Where an item, a participation, a report, a plan, an extension or a draft is."""
    return {"chip": chip_of_state(thing)}


@register.inclusion_tag("tasks/chip.html")
def target_chip(standing: TargetStanding) -> dict[str, Chip]:
    """How a target stands by its figures."""
    return {"chip": chip_of_target(standing)}


@register.simple_tag(takes_context=True)
def due(context: Context, standing: Standing) -> str:
    """The due date in words, with what remains of it."""
    return words.due_words(standing, _today(context))


@register.simple_tag
def unit(unit: Unit) -> SafeString:
    """A unit by its short name; the full name on hover and in print."""
    if unit.name == unit.short_name:
        return format_html('<span class="unit">{}</span>', unit.name)
    return format_html('<abbr class="unit" title="{}">{}</abbr>', unit.name, unit.short_name)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A picture of the sprite; silent for screen readers unless it has a label of its own."""
    href = f"{static('config/icons.svg')}#{name}"
    if label:
        picture = '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>'
        return format_html(picture, label, href)
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', href
    )


@register.inclusion_tag("tasks/progress.html")
def progress(percent: int) -> dict[str, int]:
    """A bar with its figure in words."""
    return {"percent": percent}


@register.inclusion_tag("tasks/stacked_bar.html")
def stacked_bar(label: str, shares: Iterable[Share]) -> dict[str, Any]:
    """One bar of several shares, in reading order, with a text alternative."""
    listed = list(shares)
    return {"label": label, "shares": listed, "segments": share_segments(listed)}
