"""The HTML part of a mail.

Its frame is a template. What each matter says is put together here: it is written three times for
every reader on a morning, and the template engine needs ten times as long for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from notifications.words import Entry


def rich_text(sheet: Mapping[str, Any]) -> str:
    """`sheet` is what `plain_text` is given too. Speaks the active language."""
    return render_to_string(
        "notifications/mail/mail.html", {**sheet, "matters": "\n".join(_matters(sheet))}
    )


def _matters(sheet: Mapping[str, Any]) -> Iterable[str]:
    why = _("Why?")
    if (one := sheet.get("single")) is not None:
        yield _matter(one, f"<h2>{escape(one.headline)}</h2>", why)
        return
    for heading, entries in sheet["groups"]:
        yield f"<h1>{escape(heading)} ({len(entries)})</h1>"
        for one in entries:
            about = f"{one.headline} · {one.unit}" if one.unit else one.headline
            link = f'<h2><a href="{escape(one.url)}">{escape(about)}</a></h2>'
            yield _matter(one, f"{link}\n<p>{escape(one.todo)}</p>", why)


def _matter(one: Entry, head: str, why: str) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td>{escape(value)}</td></tr>'
        for label, value in one.rows
    )
    quote = f"<blockquote>{escape(one.quote)}</blockquote>\n" if one.quote else ""
    return (
        '<div class="one">\n'
        f'<p class="chip {one.chip.tone}">{one.chip.mark} {escape(capfirst(one.chip.words))}</p>\n'
        f"{head}\n"
        f"<table>{rows}</table>\n"
        f"{quote}"
        f'<p class="why">{escape(one.why)} <a href="{escape(one.why_url)}">{escape(why)}</a></p>\n'
        "</div>"
    )
