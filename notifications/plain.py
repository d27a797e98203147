"""The text part of a mail: what its HTML says, as plain lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from notifications.words import Entry


def plain_text(sheet: Mapping[str, Any]) -> str:
    """`sheet` is what the template of the HTML part is given. Speaks the active language."""
    return "".join(f"{line}\n" for line in _lines(sheet))


def _lines(sheet: Mapping[str, Any]) -> Iterator[str]:
    yield sheet["lead"]
    yield f"{sheet['button']}: {sheet['url']}"
    yield ""
    why = _("Why?")
    if (one := sheet.get("single")) is not None:
        yield capfirst(one.chip.words)
        yield one.headline
        yield from _facts(one)
        yield ""
        yield one.why
        yield f"{why} {one.why_url}"
    else:
        yield from _groups(sheet["groups"], why)
    yield ""
    yield "-- "
    yield _("Đôn Đốc sent this mail by itself; answers to it are not read.")
    yield f"{_('Choose when and how it reaches you')}: {sheet['preferences_url']}"
    if sheet["stop_url"]:
        yield f"{_('Stop reminders by e-mail')}: {sheet['stop_url']}"


def _groups(groups: list[tuple[str, list[Entry]]], why: str) -> Iterator[str]:
    for heading, entries in groups:
        yield f"== {heading} ({len(entries)}) =="
        yield ""
        for one in entries:
            yield f"* {one.headline} · {one.unit}" if one.unit else f"* {one.headline}"
            yield f"{capfirst(one.chip.words)}. {one.todo}"
            yield one.url
            yield from _facts(one)
            yield one.why
            yield f"{why} {one.why_url}"
            yield ""


def _facts(one: Entry) -> Iterator[str]:
    for label, value in one.rows:
        yield f"{label}: {value}"
    if one.quote:
        yield f"“{one.quote}”"
